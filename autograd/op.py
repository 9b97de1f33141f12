"""An op is a row of a table and also the function you call: this file says what a row holds."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import Parameter, Signature, signature
from math import inf
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from .errors import DomainError

# Forward functions and rules take floats, arrays, nodes and symbols alike, so their operands
# cannot be typed any closer: that is the point of writing them once.
Forward = Callable[..., Any]
Rule = Callable[..., Any]
Params = Mapping[str, Any]

NO_PARAMS: Params = {}
_table: dict[str, "Op"] = {}
OPS: Mapping[str, "Op"] = MappingProxyType(_table)  # every row there is, by name
_ARRAYS = (np.ndarray, np.generic, float, int, complex)

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
    vjps : tuple of (callable or None)
        One rule per operand: ``vjps[i](g, y, *operands, **params)`` is what flows to operand ``i``
        when the result is ``y`` and its adjoint ``g``. Rules use operators and other ops only, so
        that they serve floats, arrays, nodes and symbols. `flat` says that nothing ever flows;
        None that a gradient makes no sense here: a pass that needs one is refused.
    latex : str
        The forward formula, a format string with one slot per operand.
    doc : str
        One sentence.
    scalar : callable, optional
        The same function on floats, where `math` is faster than NumPy.
    precedence : int
        How tightly the written form binds; a function call binds tightest.
    domain : tuple of Domain, optional
        Where each operand may lie.
    kinks : callable, optional
        A function of the operands that is zero where the slope jumps.
    elementwise : bool
        Whether an element of the result depends on the same element of the operands only.

    Notes
    -----
    An op does not know what a node is. Applied to an operand that has a method
    ``__apply_op__(op, operands, params)``, it lets that operand interpret the call.

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

    name: str
    forward: Forward
    vjps: tuple[Rule | None, ...]
    latex: str
    doc: str
    scalar: Forward = None  # type: ignore[assignment]  # the forward function unless given
    precedence: int = ATOM
    domain: tuple[Domain, ...] = ()
    kinks: Callable[..., Any] | None = None
    elementwise: bool = True
    defaults: Params = field(init=False)

    def __post_init__(self) -> None:
        fill = object.__setattr__
        parameters = _parameters(self.forward, len(self.vjps))
        params = {p.name: p.default for p in parameters[len(self.vjps) :]}
        if self.scalar is None:
            fill(self, "scalar", self.forward)
        fill(self, "domain", self.domain or (REALS,) * len(self.vjps))
        fill(self, "defaults", params)
        fill(self, "__signature__", Signature(parameters))
        fill(self, "__doc__", _describe(self))
        # As for a namedtuple: pickle finds a row, like a function, by module and name.
        fill(self, "__module__", sys._getframe(2).f_globals.get("__name__", "__main__"))
        taken = _table.setdefault(self.name, self)
        if taken.__module__ != self.__module__:
            raise ValueError(
                f"Op: the name {self.name!r} is taken in {taken.__module__}. Choose another name."
            )
        _table[self.name] = self

    def __call__(self, *operands: Any, **params: Any) -> Any:
        if not params and len(operands) == len(self.vjps) + len(self.defaults):
            for operand in operands:
                if operand.__class__ is not float:
                    break
            else:  # rules on floats end here, so this way is the short one
                return self.on_floats(operands, params)
        operands, given = self._bind(operands, params)
        for operand in operands:
            interpret = getattr(operand, "__apply_op__", None)
            if interpret is not None:
                return interpret(self, operands, given)
        if all(isinstance(operand, float | int) for operand in operands):
            return self.on_floats(operands, given)
        if all(isinstance(operand, _ARRAYS) for operand in operands):
            return self.forward(*operands, **given)
        (wrong, *_) = [operand for operand in operands if not isinstance(operand, _ARRAYS)]
        raise TypeError(
            f"{self.name}: got {wrong!r:.80}, a {type(wrong).__name__}. "
            "Operands are nodes, numbers and NumPy arrays."
        )

    def on_floats(self, numbers: tuple[float, ...], params: Params) -> float:
        """Compute on floats; where no float is the answer, raise rather than return nan."""
        try:
            return self.scalar(*map(float, numbers), **params)  # type: ignore[no-any-return]
        except (ArithmeticError, ValueError) as error:
            raise self.domain_error(numbers, error) from None

    def domain_error(self, numbers: tuple[float, ...], cause: Exception) -> DomainError:
        """Say why this op has no value at these numbers, and what to do about it."""
        call = f"{self.name}({', '.join(_brief(x) for x in numbers)})"
        if isinstance(cause, OverflowError):
            return DomainError(
                f"{call}: the result is beyond the largest float, about 1.8e308. "
                "Scale the operands down, or work with their logarithms."
            )
        return DomainError(
            f"{call}: no real value here. It needs {_needs(self) or 'finite operands'}. "
            "Move the input inside, or keep it there with maximum(x, 1e-12) or clip(x, low, high)."
        )

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __reduce__(self) -> str:
        return self.name

    def _bind(
        self, operands: tuple[Any, ...], params: dict[str, Any]
    ) -> tuple[tuple[Any, ...], Params]:
        """Sort the arguments of a call into operands and the full set of params."""
        arity = len(self.vjps)
        if len(operands) == arity and not params and Parameter.empty not in self.defaults.values():
            return operands, self.defaults
        rest = dict(zip(self.defaults, operands[arity:], strict=False))
        given = {
            name: value.item() if isinstance(value, np.generic) else value
            for name, value in {**self.defaults, **rest, **params}.items()
        }
        if (
            arity <= len(operands) == arity + len(rest)
            and len(given) == len(self.defaults)
            and rest.keys().isdisjoint(params)
            and Parameter.empty not in given.values()
            and not any(hasattr(value, "__apply_op__") for value in given.values())
        ):
            return operands[:arity], given
        usage = f"{self.name}{signature(self)}"
        raise TypeError(f"{self.name}: got {_call(operands, params)}. Call it as {usage}.")


def _parameters(forward: Forward, arity: int) -> list[Parameter]:
    """Name operands and params as the forward function does; a ufunc names none."""
    if isinstance(forward, np.ufunc):
        names = "x" if arity == 1 else "ab"
        return [Parameter(name, Parameter.POSITIONAL_ONLY) for name in names]
    given = list(signature(forward).parameters.values())
    return [p.replace(kind=Parameter.POSITIONAL_ONLY) for p in given[:arity]] + given[arity:]


def _brief(x: float) -> str:
    """Write a number short, however large an integer it is."""
    return f"{x:g}" if isinstance(x, float) else f"{x!r:.20}"


def _call(operands: tuple[Any, ...], params: Params) -> str:
    """Write down what was passed."""
    words = [f"{x!r:.80}" for x in operands] + [f"{name}={x!r:.80}" for name, x in params.items()]
    return f"({', '.join(words)})"


def _needs(op: Op) -> str:
    """Put the domain of a row into words."""
    operands = ("its operand",) if len(op.vjps) == 1 else ("the first", "the second", "the third")
    pairs = zip(operands, op.domain, strict=False)
    return " and ".join(f"{operand} {d.text}" for operand, d in pairs if d is not REALS)


def _describe(op: Op) -> str:
    """Write the text of help(op)."""
    lines = [op.doc, "", f"Formula: {op.latex.format('a', 'b', 'c')}"]
    if _needs(op):
        lines.append(f"Domain: {_needs(op)}.")
    if op.kinks:
        lines.append("Its slope jumps at kinks; the README lists the slope taken there.")
    return "\n".join(lines)
