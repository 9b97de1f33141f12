"""An op is a row of a table and also the function you call: this file says what a row holds."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from inspect import Parameter, Signature, signature
from math import inf
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from ..pickles import call
from ..showing import bundle
from ..texts import quoted
from .messages import (
    domain_error,
    node_as_param,
    one_number,
    wrong_call,
    wrong_latex,
    wrong_operand,
    wrong_param,
)
from .results import giving_a_float, giving_each, giving_floats, giving_slopes, number, written

# Forward functions and rules take floats, arrays, nodes and symbols alike, so their operands
# cannot be typed any closer: that is the point of writing them once.
Forward = Callable[..., Any]
Rule = Callable[..., Any]
Params = Mapping[str, Any]

NO_PARAMS: Params = {}  # a dict, for ** on anything else is slow
_table: dict[str, "Op"] = {}
OPS: Mapping[str, "Op"] = MappingProxyType(_table)  # every row there is, by name
_ARRAYS = (np.ndarray, np.generic, float, int, complex)
_NUMBERS = {float, int, bool}
_PLAIN = {np.ndarray, np.float64, np.float32, float, int, bool, tuple, type(None)}

ATOM = 9  # precedence of a function call: it never needs parentheses


class Domain(NamedTuple):
    """Where one operand may lie: an open interval, less the zeros of `poles`."""

    text: str
    low: float = -inf
    high: float = inf
    poles: Callable[..., Any] | None = None


REALS = Domain("any real number")
POSITIVE = Domain("greater than 0", low=0.0)
NONZERO = Domain("different from 0", poles=lambda x: x)


def flat(*_: Any, **__: Any) -> None:
    """Rule of an operand whose slope is zero wherever it exists: nothing flows."""


def holds_objects(x: Any) -> bool:
    """Whether it is an array that can hold nodes; a number alone in one is a number."""
    if x.__class__ is not np.ndarray or not x.dtype.hasobject:
        return False
    return x.ndim > 0 or hasattr(x.item(), "__apply_op__")


def holds_nodes(x: Any) -> bool:
    """Whether it is an array with a node in it."""
    return holds_objects(x) and any(hasattr(each, "__apply_op__") for each in x.flat)


class Each:
    """The rules of an op of any number of operands.

    Parameters
    ----------
    rule : callable
        ``rule(i, g, y, *operands, **params)`` is what flows to operand ``i``.
    at_once : bool
        Whether the rule is asked for many operands at once: then its first argument is a list of
        places ``i``, and it gives what flows to each of them. A pass through thousands of operands
        takes time in proportion to them only so.

    Examples
    --------
    >>> from autograd import Op, Value
    >>> together = Op(
    ...     name="together",
    ...     forward=lambda *xs: sum(xs),
    ...     vjps=Each(lambda places, g, y, *xs: [g for _ in places], at_once=True),
    ...     latex="{0}",
    ...     doc="Sum of numbers, given in a list.",
    ... )
    >>> x = Value(2.0)
    >>> together([x, x, x]).backward()
    >>> x.grad
    3.0
    """

    def __init__(self, rule: Rule, *, at_once: bool = False) -> None:
        self._rule = rule
        self._at_once = at_once

    __iter__ = None  # there is no last one

    def __getitem__(self, i: int) -> Rule:
        return partial(self._single, i) if self._at_once else partial(self._rule, i)

    def passed(
        self, places: Sequence[int], g: Any, y: Any, operands: tuple[Any, ...], params: Params
    ) -> Iterable[Any]:
        """Give what flows to the operands at some places, one after the other."""
        if self._at_once:
            return self._rule(places, g, y, *operands, **params)  # type: ignore[no-any-return]
        return (self._rule(i, g, y, *operands, **params) for i in places)

    def _single(self, i: int, *args: Any, **params: Any) -> Any:
        (passed,) = self._rule([i], *args, **params)
        return passed


class _Help:
    """The ``__doc__`` of ops, written when it is first asked for; that of their class is its own.

    Parameters
    ----------
    of_class : str or None
    """

    def __init__(self, of_class: str | None) -> None:
        self._of_class = of_class

    def __get__(self, op: "Op | None", kind: type) -> str | None:
        if op is None:
            return self._of_class
        from .help import text  # not before somebody asks

        vars(op)["__doc__"] = words = text(op)
        return words


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Op:
    """A differentiable function: what it computes, how adjoints pass through it, how it is written.

    Making one adds it to the table `OPS`; a name can be taken again only where it was first taken,
    so that a notebook cell can run twice.

    Parameters
    ----------
    name : str
        Name of the row, of the function, and of its entry in the documentation.
    forward : callable
        ``forward(*operands, **params)`` on NumPy arrays, complex ones too where the function is
        analytic. Operands come first; what follows them are params, with their defaults.
    vjps : tuple of (callable or None), or Each
        One rule per operand: ``vjps[i](g, y, *operands, **params)`` is what flows to operand ``i``
        when the result is ``y`` and its adjoint ``g``. Rules use operators and other ops only, so
        that they serve floats, arrays, nodes and symbols. `flat` says that nothing ever flows;
        None that a gradient makes no sense here: a pass that needs one is refused. An op of any
        number of operands, passed to it in a list, has one rule for `Each`.
    latex : str
        The forward formula, a format string with one slot per operand.
    doc : str
        One sentence.
    scalar : callable, optional
        The same function on floats, where `math` is faster than NumPy; it may raise where the
        function has no value.
    precedence : int
        How tightly the written form binds; a function call binds tightest.
    domain : tuple of Domain, optional
        Where each operand may lie.
    kinks : callable, optional
        A function of the operands that is zero where the slope jumps.
    written : tuple of callable, optional
        The rules as a person would write them, for formulas, where `vjps` computes the same in a
        form that keeps more digits.
    composition : callable, optional
        ``composition(*operands, **params)``: the same in smaller rows and operators, for floats,
        arrays, nodes, arrays of Values and symbols alike. Arrays of Values and those of other
        libraries are computed by it, if the row is not elementwise: see `expanded`.
    elementwise : bool
        Whether an element of the result depends on the same element of the operands only. The
        operands then broadcast, and the engine undoes that on the way back.

    Attributes
    ----------
    defaults : dict
        Its params, with their default values.
    arity : int or None
        How many operands it takes; None for any number.

    Notes
    -----
    What `forward` and `scalar` give need not be floats: bool, integers, float16, Fraction and their
    like are cast, to the type of the operands, so that all nodes hold floats.

    An op does not know what a node is. Applied to an operand that has a method
    ``__apply_op__(op, operands, params)``, it lets that operand interpret the call. ``help(op)``
    calls it a few times, for its examples.

    Examples
    --------
    >>> from autograd import Value
    >>> cube = Op(
    ...     name="cube",
    ...     forward=lambda x: x**3,
    ...     vjps=(lambda g, y, x: g * (3 * x**2),),
    ...     latex="{0}^3",
    ...     doc="x times x times x.",
    ... )
    >>> x = Value(2.0)
    >>> cube(x).backward()
    >>> x.grad
    12.0
    """

    __doc__ = _Help(__doc__)

    name: str
    forward: Forward
    vjps: tuple[Rule | None, ...] | Each
    latex: str
    doc: str
    scalar: Forward = None  # type: ignore[assignment]  # the forward function unless given
    precedence: int = ATOM
    domain: tuple[Domain, ...] = ()
    kinks: Callable[..., Any] | None = None
    written: tuple[Rule, ...] = ()
    composition: Callable[..., Any] | None = None
    elementwise: bool = True
    defaults: Params = field(init=False)
    arity: int | None = field(init=False)
    _whole: int = field(init=False)  # length of a call with every param given by place
    _complete: bool = field(init=False)  # whether every param has a default

    def __post_init__(self) -> None:
        fill = object.__setattr__
        fill(self, "arity", None if isinstance(self.vjps, Each) else len(self.vjps))
        parameters = _parameters(self.forward, self.arity)
        options = [p for p in parameters if p.kind is not Parameter.POSITIONAL_ONLY]
        if self.scalar is None:
            fill(self, "scalar", partial(_on_one_number, self))
        fill(self, "domain", self.domain or (REALS,) * (self.arity or 0))
        fill(self, "defaults", {p.name: p.default for p in options})
        fill(self, "_whole", -1 if self.arity is None else len(parameters))
        fill(self, "_complete", not _missing(self.defaults))
        fill(self, "__signature__", Signature(parameters))
        try:
            self.latex.format(*(p.name for p in parameters[: self.arity or 1]))
        except (LookupError, ValueError):
            raise wrong_latex(self) from None
        fill(self, "__module__", sys._getframe(2).f_globals.get("__name__", "__main__"))
        if self.__module__.partition(".")[0] != __name__.partition(".")[0]:
            fill(self, "forward", giving_floats(self, self.forward))
            fill(self, "scalar", giving_a_float(self, self.scalar))
            fill(self, "vjps", _giving_slopes(self))
        enter([self])

    def __call__(self, *operands: Any, **params: Any) -> Any:  # noqa: C901, for speed
        if len(operands) == self._whole and not params:
            for operand in operands:
                if operand.__class__ is not float:
                    if not self.defaults and hasattr(operand, "__apply_op__"):
                        return operand.__apply_op__(self, operands, NO_PARAMS)
                    break
            else:  # rules on floats end here, so this way is the short one
                try:
                    return self.scalar(*operands)
                except (ArithmeticError, ValueError) as error:
                    raise domain_error(self, operands, error) from error
            has_array = not self.elementwise
            for operand in operands:
                if operand.__class__ is np.ndarray:
                    if operand.dtype.hasobject:
                        break
                    has_array = True
                elif operand.__class__ not in _PLAIN:
                    break
            else:  # and rules on arrays here
                if has_array:
                    return self.forward(*operands)
        operands, given = self._bind(operands, params)
        on_numbers = self.elementwise
        for operand in operands:
            interpret = getattr(operand, "__apply_op__", None)
            if interpret is not None:
                return interpret(self, operands, given)
            on_numbers = on_numbers and operand.__class__ in _NUMBERS
        if on_numbers:
            return self.on_floats(operands, given)
        for operand in operands:
            if not isinstance(operand, _ARRAYS):
                if isinstance(operand, list | tuple) and not self.elementwise:
                    from .objects import on_lists

                    return on_lists(self, operands, given)
                raise wrong_operand(self, operand)
        if any(map(holds_nodes, operands)):
            from .objects import on_objects  # which imports rows

            return on_objects(self, operands, given)
        try:
            return self.forward(*operands, **given)
        except TypeError as error:
            raise wrong_param(self, given, error) from error

    def on_floats(self, numbers: tuple[float, ...], params: Params) -> float:
        """Compute on floats; where no float is the answer, raise rather than return nan."""
        try:
            return self.scalar(*map(float, numbers), **params)  # type: ignore[no-any-return]
        except (ArithmeticError, ValueError) as error:
            raise domain_error(self, numbers, error) from error

    def expanded(self, operands: Iterable[Any], params: Params) -> Any:
        """Compute on arrays whose elements are no numbers of NumPy.

        That is done by the composition, so that each Value on the way is there, and by the forward
        function where there is none, or where each element is a Value by itself.

        Examples
        --------
        >>> from autograd import OPS
        >>> from autograd.formulas import Symbol
        >>> OPS["linear"].expanded(map(Symbol, ["x", "W", "b"]), {})
        x @ Wᵀ + b
        """
        stepwise = None if self.elementwise else self.composition
        return (stepwise or self.forward)(*operands, **params)

    _repr_mimebundle_ = bundle

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return call, (__package__, "_row", self.name)

    def _bind(
        self, operands: tuple[Any, ...], params: dict[str, Any]
    ) -> tuple[tuple[Any, ...], Params]:
        """Sort the arguments of a call into operands and the full set of params."""
        arity = self.arity
        if arity is None and operands and isinstance(operands[0], list | tuple):
            arity = len(operands[0])
            operands = (*operands[0], *operands[1:])
        if len(operands) == arity and not params and self._complete:
            return operands, self.defaults
        rest = dict(zip(self.defaults, operands[arity:], strict=False))
        given = {**self.defaults, **rest, **params}
        if (
            not arity
            or not arity <= len(operands) == arity + len(rest)
            or len(given) != len(self.defaults)
            or not rest.keys().isdisjoint(params)
        ):
            raise wrong_call(self, operands, params)
        for name, value in given.items():
            if hasattr(value, "__index_array__"):  # whole numbers, which may be an index
                value = value.__index_array__()
            if value is Parameter.empty:
                raise wrong_call(self, operands, params)
            if hasattr(value, "__apply_op__"):
                raise node_as_param(self, name, value)
            given[name] = _kept(value)
        return operands[:arity], given


def _giving_slopes(op: Op) -> tuple[Rule | None, ...] | Each:
    if isinstance(op.vjps, Each):
        rule, at_once = op.vjps._rule, op.vjps._at_once
        return Each(giving_each(op, rule, at_once=at_once), at_once=at_once)
    return tuple([x if x in (None, flat) else giving_slopes(op, x) for x in op.vjps])


def enter(ops: Iterable[Op]) -> None:
    """Put ops into the table, as making them does."""
    for op in ops:
        taken = _table.setdefault(op.name, op)
        if taken.__module__ != op.__module__:
            raise ValueError(
                f"Op: the name {quoted(op.name)} is taken in {taken.__module__}. "
                "Choose another name."
            )
        _table[op.name] = op


def withdraw(ops: Iterable[Op]) -> None:
    """Take ops out of the table: those of a test are nothing to others."""
    for op in ops:
        del _table[op.name]


def _row(name: str) -> Op:
    """Find the row that a pickle names."""
    if name not in _table:
        raise LookupError(
            f"OPS: there is no op {quoted(name)}. A pickle holds its name only: make the op, or "
            "import the module that does, and read the pickle again."
        )
    return _table[name]


def _kept(value: Any) -> Any:
    """Copy a param, so that later edits do not reach the graph."""
    if isinstance(value, list | tuple):
        return type(value)(map(_kept, value))
    if isinstance(value, dict):
        return {key: _kept(part) for key, part in value.items()}
    if isinstance(value, np.ndarray) and value.flags.writeable:
        value = value.copy()
        value.flags.writeable = False
    return value.item() if isinstance(value, np.generic) else value


def _missing(params: Params) -> bool:
    """Whether a param that has no default was not given."""
    return any(value is Parameter.empty for value in params.values())


def _on_one_number(op: Op, *numbers: float, **params: Any) -> float:
    """Run a forward function written for arrays on floats, so that it gives a float or raises."""
    if not op.elementwise:
        raise one_number(op)
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        return number(op, written(op.forward)(*map(np.float64, numbers), **params))


def _parameters(forward: Forward, arity: int | None) -> list[Parameter]:
    """Name operands and params as the forward function does; a ufunc names none."""
    if isinstance(forward, np.ufunc):
        names = "x" if arity == 1 else "ab"
        return [Parameter(name, Parameter.POSITIONAL_ONLY) for name in names]
    given = list(signature(forward).parameters.values())
    kept = [p.replace(kind=Parameter.POSITIONAL_OR_KEYWORD) for p in given[arity or 1 :]]
    return [p.replace(kind=Parameter.POSITIONAL_ONLY) for p in given[: arity or 1]] + kept
