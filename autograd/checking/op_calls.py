"""Draws calls of an op: operands inside its domain, of all shapes that it takes, and options."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ops import Domain, Op, Params, brief, flat
from ..texts import listed

MARGIN = 0.05  # how far operands keep from kinks, poles and the ends of a domain
BOUND = 100.0  # how large results may grow
_TRIES = 200  # until operands are found that keep away
_MOST = 12  # calls
ANYWHERE = Domain("a real number")

Array = NDArray[np.float64]
Shapes = tuple[tuple[int, ...], ...]

# Shapes of the operands that ops which are no function of single elements may take, by arity.
_ARRAYS: Mapping[int, Sequence[Shapes]] = {
    1: [((3,),), ((2, 3),), ((2, 3, 2),), ((1, 2, 4, 4),)],
    2: [
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((2, 3), (2, 3)),
        ((2, 3), (3, 4)),
        ((1, 2, 4, 4), (3, 2, 2, 2)),
    ],
    3: [
        ((3,), (3,), (3,)),
        ((2, 3), (2, 3), (2, 3)),
        ((2, 3), (4, 3), (4,)),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,)),
    ],
}
_LISTED: Sequence[Shapes] = [((2, 3),) * 2, ((3,),) * 3]  # of ops that take a list
_OPTIONS: Mapping[str, Sequence[Any]] = {"axis": (None, 0, -1), "keepdims": (False, True)}


@dataclass(frozen=True)
class Call:
    """An op, arrays to apply it to, and its params."""

    op: Op
    operands: tuple[Array, ...]
    params: Params

    def __call__(self, *operands: Any) -> Any:
        """Make the same call on other operands."""
        given = operands if self.op.arity else (list(operands),)
        return self.op(*given, **self.params)

    def on(self, *operands: Any) -> "Call":
        return Call(self.op, operands, self.params)

    @property
    def is_scalar(self) -> bool:
        return self.op.elementwise and all(x.ndim == 0 for x in self.operands)

    def __str__(self) -> str:
        shapes = ", ".join(str(x.shape).replace(" ", "") for x in self.operands)
        params = "".join(f", {name}={brief(value)}" for name, value in self.params.items())
        return f"{self.op.name}({shapes}{params})"


def calls(
    op: Op, operands: Iterable[Any], options: Sequence[Params], rng: np.random.Generator
) -> list[Call]:
    """Give calls that the op takes: on what is given, or on all shapes that suit.

    Raises
    ------
    TypeError
        If there is none.
    """
    given = tuple(np.asarray(x, float) for x in operands)
    open_options = [name for name, value in op.defaults.items() if value is Parameter.empty]
    if open_options and not options:
        raise TypeError(
            f"check_op: {op.name} has no default for {listed(open_options)}. Give params, such as "
            f"[{{{open_options[0]!r}: ...}}]."
        )
    found, problem = [], ""
    for params in options or _drawn_options(op):
        for drawn in [given] if given else _drawn_operands(op, params, rng):
            call = Call(op, drawn, params)
            try:
                call(*drawn)
            except (ArithmeticError, LookupError, TypeError, ValueError) as error:
                problem = f": {call} ended in {type(error).__name__}: {str(error).rstrip('.')}"
            else:
                found.append(call)
    if not found:
        raise TypeError(
            f"check_op: no call of {op.name} was found{problem}. Give operands, as "
            "check_op(op, x, y), or params=[{...}]."
        )
    return found[:: -(-len(found) // _MOST)]


def tame(op: Op, operands: tuple[Any, ...], params: Params, fixed: Collection[int] = ()) -> bool:
    """Whether operands lie well inside the domain and off the kinks, and the result is modest.

    A condition that stays as it is, at one of the places `fixed`, is at no kink.
    """
    if not all(inside(domain, x) for domain, x in zip(op.domain, operands, strict=False)):
        return False
    try:
        with np.errstate(all="ignore"):
            y = op.forward(*operands, **params)
    except (ValueError, IndexError):  # shapes that do not meet
        return False
    away = [
        np.full(np.shape(x), np.inf) if i in fixed and is_condition(op, i) else x
        for i, x in enumerate(operands)
    ]
    near = op.kinks is not None and np.any(np.abs(op.kinks(*away, **params)) <= MARGIN)
    return not near and np.size(y) > 0 and bool(np.all(np.abs(y) < BOUND))


def is_condition(op: Op, i: int) -> bool:
    """Whether an operand only decides which of the others is taken, as the first of `where`."""
    rules = [op.vjps[k] for k in range(op.arity or 0)]
    return op.elementwise and any(rule is not flat for rule in rules) and rules[i] is flat


def inside(domain: Domain, x: Any) -> bool:
    """Whether numbers keep away from the ends of a domain and from its poles."""
    far_from_poles = domain.poles is None or np.all(np.abs(domain.poles(x)) > MARGIN)
    between = (domain.low + MARGIN < x) & (x < domain.high - MARGIN)
    return bool(np.all(between) and far_from_poles)


def drawn_from(
    domains: Sequence[Domain], shapes: Shapes, rng: np.random.Generator
) -> tuple[Array, ...]:
    """Draw arrays of numbers between -2 and 2, as far as these lie in a domain."""
    limits = [(max(d.low, -2.0), min(d.high, 2.0)) for d in domains]
    limits = [(low, max(high, low + 1)) for low, high in limits]
    return tuple(
        rng.uniform(low + 2 * MARGIN, high - 2 * MARGIN, shape)
        for (low, high), shape in zip(limits, shapes, strict=True)
    )


def _drawn_options(op: Op) -> Iterator[Params]:
    varied = {name: _OPTIONS.get(name, (value,)) for name, value in op.defaults.items()}
    for choice in product(*varied.values()):
        yield dict(zip(varied, choice, strict=True))


def _drawn_operands(
    op: Op, params: Params, rng: np.random.Generator
) -> Iterator[tuple[Array, ...]]:
    for shapes in _shapes(op):
        for _ in range(_TRIES):
            drawn = drawn_from(op.domain or (ANYWHERE,) * len(shapes), shapes, rng)
            if _suits(op, drawn, params):
                yield drawn
                break


def _suits(op: Op, operands: tuple[Array, ...], params: Params) -> bool:
    """Say whether operands are tame, as far as the op can be asked: its own faults come later."""
    try:
        return tame(op, operands if op.arity else (list(operands),), params)
    except Exception:
        return True


def _shapes(op: Op) -> Sequence[Shapes]:
    if op.arity is None:
        return _LISTED
    if not op.elementwise:
        return _ARRAYS.get(op.arity, [])
    rising = ((2, 3), (3,), (2, 1))
    return [((),) * op.arity, ((3,),) * op.arity, tuple(rising[i % 3] for i in range(op.arity))]
