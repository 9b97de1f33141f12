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
from .penalties import l1_penalty, l2_penalty

__all__ = [
    "ELU",
    "MLP",
    "Activation",
    "Dropout",
    "Flatten",
    "Identity",
    "Layer",
    "LeakyReLU",
    "Linear",
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
