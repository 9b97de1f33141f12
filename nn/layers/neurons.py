"""Neurons on Values: every weight is a node that can be seen, as in micrograd."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from numpy.typing import NDArray

from autograd import Node, Op, ShapeError, Value, relu, step
from autograd.ops import real_numbers

from ..module import Module
from ..randomness import Rng, generator
from .activations import activation_function, activation_layer
from .containers import Sequential
from .linear import Linear

Form = str | Op | Module | type[Module] | None  # of an activation


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

    def to_tensors(self) -> Sequential:
        """Give the same neuron on Tensors, for whole batches at once."""
        return Sequential(*_on_tensors([self], step))

    def extra_repr(self) -> str:
        return f"{[w.data for w in self.w]}, bias={self.b.data}"


class Neuron(Module):
    """``activation(w . x + b)``, one number from several.

    Parameters
    ----------
    inputs : int
        How many numbers it takes.
    activation : str, Op, Module or None
        A word, such as ``"tanh"``, an op of one number, or a module or its class, such as
        ``nn.Tanh``; None leaves the sum as it is.
    rng : numpy.random.Generator or int, optional
        Where the weights come from.
    bias : bool or float
        Whether there is one, or what it is at the start.
    weights : sequence of float, optional
        What they are at the start, if they are not drawn.

    Attributes
    ----------
    w : list of Value
        Weights, drawn uniformly from (-1, 1).
    b : Value or None
        Bias, 0 at the start.

    Raises
    ------
    ValueError
        If there is no such activation.
    ShapeError
        If there is not one weight for each input.

    Examples
    --------
    >>> neuron = Neuron(2, "tanh", 0)
    >>> neuron
    Neuron(2, tanh)
    >>> -1 < neuron([0.5, -0.5]).data < 1
    True
    >>> Neuron(2, None, weights=[3, 4], bias=0.5)([1, 1]).data
    7.5
    """

    def __init__(
        self,
        inputs: int,
        activation: Form = relu,
        rng: Rng = None,
        *,
        bias: bool | float = True,
        weights: Sequence[float] | None = None,
    ) -> None:
        self.activation = _function("Neuron: got activation", activation)
        if _joins(self.activation):
            raise ValueError(
                f"Neuron: got activation={activation!r}, which compares numbers, and a neuron "
                "gives one. Give it to a Layer."
            )
        if weights is None:
            numbers: Any = generator(rng).uniform(-1, 1, inputs)
        else:
            numbers = _numbers("Neuron", "weights", weights, (inputs,))
        self.w = [Value(weight) for weight in numbers]
        self.b = None if bias is False else Value(0.0 if bias is True else bias)

    def forward(self, x: Sequence[Any]) -> Value:
        """Give one Value for one sample of ``inputs`` numbers or Values."""
        total = _weighted_sum(self, self.w, self.b, x)
        return total if self.activation is None else self.activation(total)

    def to_tensors(self) -> Sequential:
        """Give the same neuron on Tensors, for whole batches at once."""
        return Sequential(*_on_tensors([self], self.activation))

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return (len(self.w),)

    def extra_repr(self) -> str:
        return f"{len(self.w)}, {_name(self.activation)}{_lack(self)}"


class Layer(Module):
    """Several neurons that look at the same inputs.

    Parameters
    ----------
    inputs, outputs : int
        How many numbers it takes and gives.
    activation : str, Op, Module or None
        Of every neuron; softmax of all of them together.
    rng : numpy.random.Generator or int, optional
        Where the weights come from.
    bias : bool or sequence of float
        Whether neurons have one, or what they are at the start, one for each neuron.
    weights : array_like, shape (outputs, inputs), optional
        What they are at the start, if they are not drawn: a row for each neuron.

    Raises
    ------
    ValueError
        If there is no such activation.
    ShapeError
        If weights or biases have another shape.

    Examples
    --------
    >>> layer = Layer(3, 2, rng=0)
    >>> layer, len(layer([1, 2, 3])), len(layer.parameters())
    (Layer(3, 2, relu), 2, 8)
    >>> layer = Layer(2, 2, None, weights=[[1, 2], [3, 4]], bias=[0.5, 0.25])
    >>> [y.data for y in layer([1, 1])]
    [3.5, 7.25]
    """

    activation: Any = None  # of all neurons together

    def __init__(
        self,
        inputs: int,
        outputs: int,
        activation: Form = relu,
        rng: Rng = None,
        *,
        bias: bool | Sequence[float] = True,
        weights: Any = None,
    ) -> None:
        rng, function = generator(rng), _function("Layer: got activation", activation)
        if _joins(function):
            if isinstance(function, Module):
                raise ValueError(f"Layer: got {function!r}. A sample has one axis: nn.Softmax().")
            self.activation, function = function, None
        rows: Any = [None] * outputs
        if weights is not None:
            rows = _numbers("Layer", "weights", weights, (outputs, inputs))
        biases: Any = [bias] * outputs
        if not isinstance(bias, bool):
            biases = _numbers("Layer", "bias", bias, (outputs,)).tolist()
        self.neurons = [
            Neuron(inputs, function, rng, bias=b, weights=row)
            for row, b in zip(rows, biases, strict=True)
        ]

    def forward(self, x: Sequence[Any]) -> Any:
        """Give a list of Values, or a single Value where there is one neuron."""
        x = _nodes([x] if isinstance(x, Node) else x)
        y = [neuron(x) for neuron in self.neurons]
        if self.activation is not None:
            y = self.activation(y)
        return y[0] if len(y) == 1 else y

    def to_tensors(self) -> Sequential:
        """Give the same layer on Tensors, for whole batches at once."""
        return Sequential(*_on_tensors(self.neurons, self._function))

    @property
    def _function(self) -> Any:
        return self.neurons[0].activation if self.activation is None else self.activation

    def extra_repr(self) -> str:
        first = self.neurons[0]
        shape = f"{len(first.w)}, {len(self.neurons)}"
        return f"{shape}, {_name(self._function)}{_lack(first)}"


class MLP(Module):
    """A multilayer perceptron of Values: layers in a row, the last one linear.

    Parameters
    ----------
    inputs : int
        How many numbers a sample has.
    outputs : sequence of int
        How many neurons each layer has.
    activation : str, Op, Module or None
        Of all layers but the last: a word, such as ``"tanh"``, an op of one number, or a module or
        its class, such as ``nn.Tanh``.
    rng : numpy.random.Generator or int, optional
        Where the weights come from.
    output_activation : str, Op, Module or None
        Of the last layer.
    bias : bool or sequence of sequences of float
        Whether neurons have one, or what they are at the start, a row for each layer.
    weights : sequence of array_like, optional
        What they are at the start, if they are not drawn: for each layer a matrix of shape
        (outputs, inputs), as in `Linear`.

    Raises
    ------
    ValueError
        If there is no such activation.
    ShapeError
        If weights or biases have other shapes.

    Examples
    --------
    >>> model = MLP(2, [16, 16, 1], rng=0)
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
    >>> weights = [[[1, 1], [1, 1]], [[1, -2]]]
    >>> xor = MLP(2, [2, 1], "relu", weights=weights, bias=[[0, -1], [0]])
    >>> [xor([a, b]).data for a in (0, 1) for b in (0, 1)]
    [0.0, 1.0, 1.0, 0.0]
    """

    def __init__(
        self,
        inputs: int,
        outputs: Sequence[int],
        activation: Form = relu,
        rng: Rng = None,
        *,
        output_activation: Form = None,
        bias: bool | Sequence[Sequence[float]] = True,
        weights: Sequence[Any] | None = None,
    ) -> None:
        rng, count = generator(rng), len(outputs)
        hidden = _function("MLP: got activation", activation)
        last = _function("MLP: got output_activation", output_activation)
        biases: Any = [bias] * count
        if not isinstance(bias, bool):
            biases = _of_layers("bias", bias, count)
        matrices = [None] * count if weights is None else _of_layers("weights", weights, count)
        self.layers = [
            Layer(*shape, function, rng, bias=b, weights=matrix)
            for shape, function, b, matrix in zip(
                pairwise([inputs, *outputs]),
                [hidden] * (count - 1) + [last],
                biases,
                matrices,
                strict=False,
            )
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
        >>> model = MLP(2, [3, 1], rng=0)
        >>> (score,) = model.to_tensors()([[0.5, -1.0]])
        >>> abs(score.item() - model([0.5, -1.0]).data) < 1e-15
        True
        """
        return Sequential(*self.layers).to_tensors()


def _function(place: str, activation: Form) -> Any:
    return activation_function(activation_layer(place, activation))


def _joins(function: Any) -> bool:
    """Whether an activation looks at several numbers, as softmax does."""
    op = getattr(function, "op", function)
    return isinstance(op, Op) and not op.elementwise


def _of_layers(name: str, given: Any, count: int) -> Any:
    if len(given) != count:
        raise ShapeError(f"MLP: got {name} for {len(given)} of {count} layers. Give one for each.")
    return given


def _numbers(owner: str, name: str, given: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    numbers = real_numbers(f"{owner}: {name}", given)
    if numbers.shape != shape:
        rows = ", a row for each neuron" if len(shape) == 2 else ""
        raise ShapeError(f"{owner}: got {name} of shape {numbers.shape}. Give {shape}{rows}.")
    return numbers


def _on_tensors(neurons: Sequence[Any], activation: Any) -> list[Module]:
    """Make a `Linear` layer of neurons, and one of their activation."""
    w = [neuron.w for neuron in neurons]
    b = [neuron.b for neuron in neurons if neuron.b is not None]
    linear = Linear(len(w[0]), len(w), bias=bool(b), rng=0)
    state = {"weight": [[x.data for x in row] for row in w], "bias": [x.data for x in b]}
    linear.load_state_dict(state if b else {"weight": state["weight"]})
    if not any(neuron.parameters() for neuron in neurons):
        linear.freeze()
    return [linear] if activation is None else [linear, activation_layer("", activation)]


def _nodes(x: Sequence[Any]) -> list[Node]:
    """Make constants of plain numbers, once for all neurons that read them."""
    return [xi if isinstance(xi, Node) else Value(xi, constant=True) for xi in x]


def _weighted_sum(module: Module, w: list[Value], b: Value | None, x: Sequence[Any]) -> Value:
    if len(x) != len(w):
        raise ShapeError(
            f"{module!r}: got {len(x)} inputs for {len(w)} weights. "
            f"Give a list of {len(w)} numbers, one sample at a time; to_tensors() makes a network "
            "for batches."
        )
    terms = [wi * xi for wi, xi in zip(w, x, strict=True)]
    return sum(terms, b) if b is not None else sum(terms[1:], terms[0])


def _name(activation: Any) -> str:
    if activation is None:
        return "linear"
    return str(getattr(activation, "name", None) or getattr(activation, "__name__", activation))


def _lack(neuron: Neuron) -> str:
    return ", bias=False" if neuron.b is None else ""
