"""Layers on Tensors under PyTorch's names, and neurons on Values."""

from autograd.pickles import publish as _publish

from .activations import (
    ACTIVATIONS,
    ELU,
    Activation,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
    activation_layer,
)
from .containers import Sequential
from .convolution import Conv2d
from .dropout import Dropout
from .flatten import Flatten, Identity
from .linear import Linear
from .neurons import MLP, Layer, Neuron, Perceptron
from .normalization import BatchNorm1d, BatchNorm2d, LayerNorm
from .pooling import AvgPool2d, MaxPool2d, MinPool2d

__all__ = [
    "ACTIVATIONS",
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
    "Neuron",
    "Perceptron",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "activation_layer",
]

_publish(__name__, globals(), __all__)
