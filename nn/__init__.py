"""Neural networks made of graph nodes."""

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
from .module import Module
from .neurons import MLP, Layer, Neuron, Perceptron

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
]
