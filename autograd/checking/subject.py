"""Makes one thing of all that can be checked: a number that depends on named arrays."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from inspect import Parameter, signature
from math import nan, prod
from typing import Any

import numpy as np

from ..engine import Node, Tensor, Value, gradients
from ..errors import DomainError, GradientError, GraphError, ShapeError
from ..ops import brief, real_numbers, sum
from ..texts import shown
from .reference import Array

NO_VALUE = (ArithmeticError, ValueError, GradientError)  # what a function raises for want of one
Fill = Callable[[Sequence[Any]], Any]  # puts leaves in the place of an argument
_NONE: Mapping[str, Any] = {}


class Subject:
    """A function of nodes, or a module, and what it is to be differentiated by.

    Attributes
    ----------
    names : list of str
    points : list of array
        What each of the inputs holds.
    """

    def __init__(
        self, f: Callable[..., Any], inputs: Sequence[Any], keywords: Mapping[str, Any] = _NONE
    ) -> None:
        self.names: list[str] = []
        self.points: list[Array] = []
        self._f = f
        self._kinds: list[type[Node]] = []
        self._parameters: list[Node] = []
        for name, parameter in getattr(f, "named_parameters", dict)():
            self._parameters.append(parameter)
            self._slot(parameter._held, name, type(parameter))
        arrays = any(map(_is_array, (*inputs, *keywords.values())))
        self._kind = self._kinds[0] if self._kinds else Tensor if arrays else Value
        named = zip(inputs, _names(f, len(inputs)), strict=True)
        self._fills = [self._place(x, name) for x, name in named]
        self._keywords: dict[str, Fill] = {}
        for name, x in keywords.items():
            self._keywords[name] = _as_it_is(x) if _is_option(x) else self._place(x, name)
        if not self.names:
            given = brief((*inputs, *keywords.values()))
            raise GraphError(
                f"check_gradients: got {given} for {brief(f)}, and nothing there to "
                "differentiate by. Give numbers, arrays or nodes that are not constant."
            )

    def build(self, points: Sequence[Array], order: int) -> tuple[list[Node], Node]:
        """Compute the number that is differentiated last; give the leaves, too.

        Several numbers, be they what the function returns or its gradient, are made one by a
        random covector, which is always the same. Parameters are lent for that time.
        """
        lent = [parameter._held for parameter in self._parameters]
        leaves = list(self._parameters)
        try:
            for parameter, x in zip(leaves, points, strict=False):
                parameter.data = x
            for i in range(len(leaves), len(points)):
                leaves.append(self._kinds[i](points[i], name=self.names[i]))
            number = _one_number(_nodes(self._call(leaves)), 1)
            for k in range(2, order + 1):
                number = _one_number(gradients(number, leaves), k)
        finally:
            for parameter, data in zip(self._parameters, lent, strict=True):
                parameter._held = data
        return leaves, number

    def compute(self, points: Sequence[Array], order: int) -> float:
        """Compute the number only."""
        return float(self.build(points, order)[1]._held)

    def value(self, points: Sequence[Array], order: int) -> float:
        """Compute the number only; nan where there is none."""
        try:
            return self.compute(points, order)
        except ShapeError:
            raise
        except NO_VALUE:
            return nan

    def _call(self, leaves: Sequence[Any], f: Callable[..., Any] | None = None) -> Any:
        by_name = {name: fill(leaves) for name, fill in self._keywords.items()}
        return (f or self._f)(*(fill(leaves) for fill in self._fills), **by_name)

    def _place(self, x: Any, name: str) -> Fill:
        """Find the leaves in an argument; what is none of them stays as it is."""
        if isinstance(x, Node):
            return _as_it_is(x) if x.constant else self._slot(x._held, x.name or name, type(x))
        if self._has_parts(x):
            return self._joined(enumerate(x), name)
        if isinstance(x, dict):
            joined = self._joined(x.items(), name)
            return lambda leaves: dict(zip(x, joined(leaves), strict=True))
        if isinstance(x, bool | str) or np.asarray(x).dtype.kind not in "fiu":
            return _as_it_is(x)
        return self._slot(x, name, self._kind)

    def _has_parts(self, x: Any) -> bool:
        """Whether it is a list of arguments, and not an array."""
        return _holds_nodes(x) or bool(np.ndim(x) and self._kind is Value)

    def _joined(self, items: Iterable[tuple[Any, Any]], name: str) -> Fill:
        fills = [self._place(part, f"{name}[{key!r}]") for key, part in items]
        return lambda leaves: [fill(leaves) for fill in fills]

    def _slot(self, x: Any, name: str, kind: type[Node]) -> Fill:
        i = len(self.names)
        single = np.asarray(x).dtype == np.float32
        self.names.append(shown(name))
        self.points.append(np.array(x, np.float32 if single else float))
        self._kinds.append(kind)
        return lambda leaves: leaves[i]


class Opaque(Subject):
    """A function of which no graph is known, and slopes that are claimed for it.

    Attributes
    ----------
    seeds : tuple of float
        With which covectors slopes are to be asked for: one that is not linear gives itself away.
    """

    seeds: tuple[float, ...] = (1.0,)

    def claimed(self, points: Sequence[Array], order: int, seed: float) -> list[Array]:
        """Ask for the gradient."""
        raise NotImplementedError

    def pushed(self, points: Sequence[Array], order: int, away: Sequence[Array]) -> float | None:
        """Ask for the slope along a direction, in forward mode; None where there is none."""


class Pair(Opaque):
    """A function of numbers and arrays, and another that claims to be its gradient."""

    def __init__(
        self,
        pair: tuple[Callable[..., Any], Callable[..., Any]],
        inputs: Sequence[Any],
        keywords: Mapping[str, Any] = _NONE,
    ) -> None:
        self._gradient = pair[1]
        inputs = [np.array(x) if isinstance(x, list) else x for x in inputs]
        super().__init__(pair[0], inputs, keywords)

    def compute(self, points: Sequence[Array], order: int) -> float:
        found = self._call(_plain(points))
        if isinstance(found, complex):  # a power of a negative number, say
            raise DomainError(f"check_gradients: the function gave {found}. Give a real number.")
        y = real("check_gradients: the function gave", found)
        if y.size != 1:
            raise ShapeError(
                f"check_gradients: the function returned an array of shape {y.shape}. "
                "Beside a claimed gradient, it must return one number."
            )
        return float(y.item())

    def claimed(self, points: Sequence[Array], order: int, seed: float) -> list[Array]:
        found = self._call(_plain(points), self._gradient)
        given = found if len(points) > 1 else [found]
        grads = [real("the claimed gradient: got", g).astype(float) for g in given]
        shapes = [g.shape for g in grads]
        if shapes != [x.shape for x in points]:
            raise ShapeError(
                f"the claimed gradient has shapes {shapes} for inputs of shapes "
                f"{[x.shape for x in points]}. Return one array for each input, in its shape."
            )
        return grads


def real(what: str, given: Any) -> Array:
    """Make an array of real numbers of what was given, or say why it is none."""
    array = np.asarray(given)
    return array if array.dtype.kind in "fiub" else real_numbers(what, given, shown=True)


def _plain(points: Sequence[Array]) -> list[Any]:
    return [x.copy() if x.ndim else x.item() for x in points]


def _as_it_is(x: Any) -> Fill:
    return lambda _: x


def _is_option(x: Any) -> bool:
    """Whether it is such as axis=1 or shape=(2, 3): whole numbers and words choose what f does."""
    if isinstance(x, list | tuple):
        return all(map(_is_option, x))
    return isinstance(x, int | np.integer | str | None)


def _is_array(x: Any) -> bool:
    if isinstance(x, dict):
        return any(map(_is_array, x.values()))
    return isinstance(x, Tensor | np.ndarray | list | tuple) and not _holds_nodes(x)


def _holds_nodes(x: Any) -> bool:
    return isinstance(x, list | tuple) and any(isinstance(p, Node) or _holds_nodes(p) for p in x)


def _names(f: Any, count: int) -> list[str]:
    """Call inputs as the function does, as far as it names them."""
    try:
        parameters = signature(f.forward if hasattr(f, "named_parameters") else f).parameters
    except (TypeError, ValueError):  # written in C
        parameters = {}  # type: ignore[assignment]
    ordinary = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    named = [p.name for p in parameters.values() if p.kind in ordinary][:count]
    return [*named, *(f"input {i}" for i in range(len(named), count))]


def _nodes(output: Any) -> list[Node]:
    """List the nodes in what a function returns; numbers among them are constants."""
    found = list(parts(output))
    kind = next((type(x) for x in found if isinstance(x, Node)), Tensor)
    return [x if isinstance(x, Node) else kind(x, constant=True) for x in found]


def parts(output: Any) -> Iterator[Any]:
    """List what stands in lists, tuples and dicts."""
    if isinstance(output, dict):
        output = list(output.values())
    if isinstance(output, list | tuple):
        for part in output:
            yield from parts(part)
    else:
        yield output


def weights(shapes: Sequence[tuple[int, ...]], order: int) -> list[Array]:
    """Draw what numbers are multiplied with to make one of them, none near 0; a single one by 1."""
    if len(shapes) == 1 and prod(shapes[0]) == 1:
        return [np.ones(shapes[0])]
    dice = np.random.default_rng(order)
    return [
        dice.integers(512, 1536, shape) / 1024 * dice.choice((-1.0, 1.0), shape)
        for shape in map(tuple, shapes)
    ]


def _one_number(outputs: Sequence[Node], order: int) -> Node:
    """Multiply several numbers with random ones, and add them up."""
    factors = weights([np.shape(node._held) for node in outputs], order)
    total: Any = None
    for node, w in zip(outputs, factors, strict=True):
        part: Any = node
        if len(outputs) > 1 or w.size > 1:
            part = node * (w.astype(node._held.dtype) if w.ndim else float(w))
        if w.ndim:
            part = sum(part)
        total = part if total is None else total + part
    return Value(0.0, constant=True) if total is None else total
