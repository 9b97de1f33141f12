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
from .conv import AvgPool2d, Conv2d, MaxPool2d, MinPool2d
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
from .module import Module
from .neurons import MLP, Layer, Neuron, Perceptron
from .norm import BatchNorm1d, BatchNorm2d, LayerNorm
from .penalties import l1_penalty, l2_penalty

__all__ = [
    "ELU",
    "MLP",
    "Activation",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv2d",
    "Dropout",
    "Flatten",
    "Identity",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "MinPool2d",
    "Module",
    "Neuron",
    "Perceptron",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "bce",
    "bce_with_logits",
    "binary_cross_entropy",
    "cross_entropy",
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
