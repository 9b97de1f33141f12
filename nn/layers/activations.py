"""Activations as layers, under PyTorch's names."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any

from autograd import (
    Op,
    alias,
    elu,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)

from ..module import Module
from .flatten import Identity


class Activation(Module):
    """An op as a layer.

    Parameters
    ----------
    op : Op, callable, str or Module
        What is applied; also in a word, such as ``"tanh"``, or as another activation.
    **params
        Options of the op.

    Raises
    ------
    ValueError
        If it is none of these.

    Examples
    --------
    >>> from autograd import Tensor, sin
    >>> Activation(sin)(Tensor([0.0])).data
    array([0.])
    """

    op: Any
    params: dict[str, Any]

    def __init__(self, op: Op | Any, **params: Any) -> None:
        if isinstance(op, str | type | Module) or not callable(op):
            layer = activation_layer("Activation: got op", op)
            if isinstance(layer, Activation):
                op, params = layer.op, {**layer.params, **params}
            else:
                op = alias if isinstance(layer, Identity) else layer
        self.op = op
        self.params = params

    def forward(self, x: Any) -> Any:
        return self.op(x, **self.params)

    def extra_repr(self) -> str:
        usual = getattr(self.op, "defaults", {})
        given = [f"{k}={v}" for k, v in self.params.items() if usual.get(k) != v]
        named = [getattr(self.op, "__name__", getattr(self.op, "name", ""))]
        return ", ".join((named if type(self) is Activation else []) + given)


class ReLU(Activation):
    """``max(0, x)``; `at_zero` is its slope at 0."""

    def __init__(self, at_zero: float = 0.0) -> None:
        super().__init__(relu, at_zero=at_zero)


class LeakyReLU(Activation):
    """x where it is positive, else ``negative_slope * x``."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__(leaky_relu, slope=negative_slope)


class ELU(Activation):
    """x where it is positive, else ``alpha * (exp(x) - 1)``."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__(elu, alpha=alpha)


class Sigmoid(Activation):
    """Squashes numbers into (0, 1), for probabilities."""

    def __init__(self) -> None:
        super().__init__(sigmoid)


class Tanh(Activation):
    """Squashes numbers into (-1, 1)."""

    def __init__(self) -> None:
        super().__init__(tanh)


class Softplus(Activation):
    """``log(1 + exp(x))``, a smooth ReLU."""

    def __init__(self) -> None:
        super().__init__(softplus)


class Softmax(Activation):
    """Makes probabilities of scores, along the last axis. Losses on logits contain it."""

    def __init__(self, dim: int = -1) -> None:
        super().__init__(softmax, axis=dim)


ACTIVATIONS: Mapping[str, Callable[[], Module]] = {
    "elu": ELU,
    "identity": Identity,
    "leaky_relu": LeakyReLU,
    "linear": Identity,
    "logistic": Sigmoid,
    "relu": ReLU,
    "sigmoid": Sigmoid,
    "softmax": Softmax,
    "softplus": Softplus,
    "tanh": Tanh,
}
_OF_ROWS = {softmax, log_softmax}


def activation_layer(place: str, given: Any) -> Module:
    """Make a layer of an activation in any of its forms.

    Parameters
    ----------
    place : str
        How an error begins, such as ``MLP: got activation``.
    given : str, Op, Module, class of modules, callable or None
        None is no activation.

    Raises
    ------
    ValueError
        If it is nothing of the kind.

    Examples
    --------
    >>> [activation_layer("got activation", x) for x in ("tanh", tanh, Tanh, Tanh())]
    [Tanh(), Tanh(), Tanh(), Tanh()]
    """
    if given is None:
        return Identity()
    if isinstance(given, str) and given in ACTIVATIONS:
        return ACTIVATIONS[given]()
    if isinstance(given, Module):
        return given
    if isinstance(given, type):
        if issubclass(given, Module) and not _needs(given):
            return given()
    elif isinstance(given, Op):
        is_whole = Parameter.empty not in given.defaults.values()
        if is_whole and given.arity == 1 and (given.elementwise or given in _OF_ROWS):
            named = (make() for make in ACTIVATIONS.values())
            return next((x for x in named if getattr(x, "op", None) is given), Activation(given))
    elif callable(given):
        return Activation(given)
    raise ValueError(
        f"{place}={given!r}. Give one of {', '.join(ACTIVATIONS)}, an op of one number, such as "
        "tanh, or a module or its class, such as nn.Tanh."
    )


def activation_function(layer: Module) -> Any:
    """Give what a layer applies: an op where it has no options of its own; None for nothing."""
    if isinstance(layer, Identity):
        return None
    if isinstance(layer, Activation) and type(layer).forward is Activation.forward:
        usual = getattr(layer.op, "defaults", {})
        if all(usual.get(name) == x for name, x in layer.params.items()):
            return layer.op
    return layer


def _needs(made: type) -> bool:
    """Whether a class cannot be called without arguments."""
    kinds = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    parameters = signature(made).parameters.values()
    return any(x.default is Parameter.empty and x.kind not in kinds for x in parameters)
