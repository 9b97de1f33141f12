"""Neurons on Values: every weight is a node that can be seen, as in micrograd."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import Node, Op, ShapeError, Value, relu, step

from ..module import Module
from .activations import Activation
from .containers import Sequential
from .linear import Linear


class Perceptron(Module):
    """The oldest neuron: it fires, 1, if its weighted sum is strictly greater than a threshold.

    Parameters
    ----------
    weights : sequence of float
        One for each input.
    bias : float
        Added to the weighted sum, which is then compared with 0.
    threshold : float
        The other way to say it: ``bias = -threshold``.

    Notes
    -----
    Its output jumps, so no gradient passes through it. `Neuron` with a smooth activation learns.

    References
    ----------
    Rosenblatt 1958, The perceptron; Nielsen 2015, Neural Networks and Deep Learning, ch. 1.

    Examples
    --------
    >>> picnic = Perceptron([6, 2, 3], threshold=7)
    >>> picnic([1, 0, 1]).data, picnic([0, 1, 1]).data
    (1.0, 0.0)
    """

    def __init__(
        self, weights: Sequence[float], bias: float | None = None, threshold: float | None = None
    ) -> None:
        if bias is not None and threshold is not None:
            raise ValueError(
                f"Perceptron: got bias={bias} and threshold={threshold}. Give one: "
                "bias is -threshold."
            )
        offset = -threshold if threshold is not None else bias or 0.0
        self.w = [Value(weight) for weight in weights]
        self.b = Value(offset)

    def forward(self, x: Sequence[Any]) -> Value:
        """Give 1 or 0 for one sample of ``len(weights)`` numbers."""
        return step(_weighted_sum(self, self.w, self.b, x))  # type: ignore[no-any-return]

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return (len(self.w),)

    def extra_repr(self) -> str:
        return f"{[w.data for w in self.w]}, bias={self.b.data}"


class Neuron(Module):
    """``activation(w . x + b)``, one number from several.

    Parameters
    ----------
    inputs : int
        How many numbers it takes.
    activation : Op or None
        Any op of one operand; None leaves the sum as it is.
    rng : numpy.random.Generator, optional
        Where the weights come from; a fresh, unseeded one if not given.

    Attributes
    ----------
    w : list of Value
        Weights, drawn uniformly from (-1, 1).
    b : Value
        Bias, 0 at the start.

    Examples
    --------
    >>> from autograd import tanh
    >>> neuron = Neuron(2, tanh, np.random.default_rng(0))
    >>> neuron
    Neuron(2, tanh)
    >>> -1 < neuron([0.5, -0.5]).data < 1
    True
    """

    def __init__(
        self, inputs: int, activation: Op | None = relu, rng: np.random.Generator | None = None
    ) -> None:
        rng = np.random.default_rng(rng)
        self.w = [Value(weight) for weight in rng.uniform(-1, 1, inputs)]
        self.b = Value(0.0)
        self.activation = activation

    def forward(self, x: Sequence[Any]) -> Value:
        """Give one Value for one sample of ``inputs`` numbers or Values."""
        total = _weighted_sum(self, self.w, self.b, x)
        return self.activation(total) if self.activation else total

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return (len(self.w),)

    def extra_repr(self) -> str:
        return f"{len(self.w)}, {_name(self.activation)}"


class Layer(Module):
    """Several neurons that look at the same inputs.

    Parameters
    ----------
    inputs, outputs : int
        How many numbers it takes and gives.
    activation : Op or None
        Of every neuron.
    rng : numpy.random.Generator, optional
        Where the weights come from.

    Examples
    --------
    >>> layer = Layer(3, 2, rng=np.random.default_rng(0))
    >>> layer, len(layer([1, 2, 3])), len(layer.parameters())
    (Layer(3, 2, relu), 2, 8)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        activation: Op | None = relu,
        rng: np.random.Generator | None = None,
    ) -> None:
        rng = np.random.default_rng(rng)
        self.neurons = [Neuron(inputs, activation, rng) for _ in range(outputs)]

    def forward(self, x: Sequence[Any]) -> Any:
        """Give a list of Values, or a single Value where there is one neuron."""
        x = _nodes([x] if isinstance(x, Node) else x)
        y = [neuron(x) for neuron in self.neurons]
        return y[0] if len(y) == 1 else y

    def extra_repr(self) -> str:
        first = self.neurons[0]
        return f"{len(first.w)}, {len(self.neurons)}, {_name(first.activation)}"


class MLP(Module):
    """A multilayer perceptron of Values: layers in a row, the last one linear.

    Parameters
    ----------
    inputs : int
        How many numbers a sample has.
    outputs : sequence of int
        How many neurons each layer has.
    activation : Op or None
        Of all layers but the last.
    rng : numpy.random.Generator, optional
        Where the weights come from.

    Examples
    --------
    >>> model = MLP(2, [16, 16, 1], rng=np.random.default_rng(0))
    >>> model
    MLP(
      (layers.0): Layer(2, 16, relu)
      (layers.1): Layer(16, 16, relu)
      (layers.2): Layer(16, 1, linear)
    )
    >>> len(model.parameters())
    337
    >>> type(model([0.1, 0.2])).__name__
    'Value'
    """

    def __init__(
        self,
        inputs: int,
        outputs: Sequence[int],
        activation: Op | None = relu,
        rng: np.random.Generator | None = None,
    ) -> None:
        rng = np.random.default_rng(rng)
        sizes = [inputs, *outputs]
        activations = [activation] * (len(outputs) - 1) + [None]
        self.layers = [
            Layer(*shape, rng=rng) for shape in zip(sizes, outputs, activations, strict=False)
        ]

    def forward(self, x: Any) -> Any:
        """Give the last layer's output for one sample of ``inputs`` numbers or Values."""
        for layer in self.layers:
            x = layer(x)
        return x

    def to_tensors(self) -> Sequential:
        """Give the same network on Tensors, with the same numbers, for whole batches at once.

        Returns
        -------
        Sequential
            Of `Linear` layers and activations. `unroll` of its output goes the other way.

        Examples
        --------
        >>> model = MLP(2, [3, 1], rng=np.random.default_rng(0))
        >>> (score,) = model.to_tensors()([[0.5, -1.0]])
        >>> abs(score.item() - model([0.5, -1.0]).data) < 1e-15
        True
        """
        layers: list[Module] = []
        for layer in self.layers:
            neurons = layer.neurons
            linear = Linear(len(neurons[0].w), len(neurons))
            weight = [[w.data for w in neuron.w] for neuron in neurons]
            linear.load_state_dict({"weight": weight, "bias": [n.b.data for n in neurons]})
            if not layer.parameters():
                linear.freeze()
            layers.append(linear)
            if neurons[0].activation is not None:
                layers.append(Activation(neurons[0].activation))
        return Sequential(*layers)


def _nodes(x: Sequence[Any]) -> list[Node]:
    """Make constants of plain numbers, once for all neurons that read them."""
    return [xi if isinstance(xi, Node) else Value(xi, constant=True) for xi in x]


def _weighted_sum(module: Module, w: list[Value], b: Value, x: Sequence[Any]) -> Value:
    if len(x) != len(w):
        raise ShapeError(
            f"{module!r}: got {len(x)} inputs for {len(w)} weights. "
            f"Give a list of {len(w)} numbers, one sample at a time; to_tensors() makes a network "
            "for batches."
        )
    return sum((wi * xi for wi, xi in zip(w, x, strict=True)), b)


def _name(activation: Any) -> str:
    if activation is None:
        return "linear"
    return str(getattr(activation, "name", None) or getattr(activation, "__name__", activation))
