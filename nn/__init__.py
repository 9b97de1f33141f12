"""Neural networks made of graph nodes."""

from . import init as init
from .activations import (
    ELU,
    Activation,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
)
from .adam import Adam, AdamW
from .adaptive import Adagrad, RMSProp, RMSprop
from .clipping import clip_grad_norm_, clip_grad_value_
from .conv import AvgPool2d, Conv2d, MaxPool2d, MinPool2d
from .descent import Descent, gradient_descent
from .layers import (
    Dropout,
    Flatten,
    Identity,
    Linear,
    Sequential,
)
from .log_losses import (
    bce,
    bce_with_logits,
    binary_cross_entropy,
    cross_entropy,
    multilabel_log_loss,
    nll_loss,
)
from .losses import half_squared_error, hinge_loss, huber_loss, l1_loss, mse_loss
from .models import AlexNet, Autoencoder, LeNet5
from .module import Module
from .neurons import MLP, Layer, Neuron, Perceptron
from .norm import BatchNorm1d, BatchNorm2d, LayerNorm
from .one_cycle import OneCycleLR
from .optim import SGD, Rprop
from .optimizer import Optimizer
from .penalties import l1_penalty, l2_penalty
from .schedules import CosineAnnealingLR, ExponentialLR, LambdaLR, LinearLR, Schedule, StepLR

__all__ = [
    "ELU",
    "MLP",
    "SGD",
    "Activation",
    "Adagrad",
    "Adam",
    "AdamW",
    "AlexNet",
    "Autoencoder",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv2d",
    "CosineAnnealingLR",
    "Descent",
    "Dropout",
    "ExponentialLR",
    "Flatten",
    "Identity",
    "LambdaLR",
    "Layer",
    "LayerNorm",
    "LeNet5",
    "LeakyReLU",
    "Linear",
    "LinearLR",
    "MaxPool2d",
    "MinPool2d",
    "Module",
    "Neuron",
    "OneCycleLR",
    "Optimizer",
    "Perceptron",
    "RMSProp",
    "RMSprop",
    "ReLU",
    "Rprop",
    "Schedule",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "StepLR",
    "Tanh",
    "bce",
    "bce_with_logits",
    "binary_cross_entropy",
    "clip_grad_norm_",
    "clip_grad_value_",
    "cross_entropy",
    "gradient_descent",
    "half_squared_error",
    "hinge_loss",
    "huber_loss",
    "l1_loss",
    "l1_penalty",
    "l2_penalty",
    "mse_loss",
    "multilabel_log_loss",
    "nll_loss",
]
