"""Neural networks made of graph nodes."""

from .module import Module
from .neurons import MLP, Layer, Neuron, Perceptron

__all__ = ["MLP", "Layer", "Module", "Neuron", "Perceptron"]
