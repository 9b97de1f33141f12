"""A Program is a computation written down, which any kind of number can be sent through."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..engine import Node, Tensor, Value
from ..ops import OPS, Params

Slots = dict[str, Any]


class Instruction(NamedTuple):
    """One call of an op: operands are names of slots, or literal numbers."""

    op: str
    operands: tuple[str | float, ...]
    params: Params

    def compute(self, slots: Mapping[str, Any], apply: Callable[..., Any] | None = None) -> Any:
        """Apply the op to what the slots hold, or have something else apply it."""
        operands = [slots[x] if isinstance(x, str) else x for x in self.operands]
        return (apply or _apply)(self.op, *operands, **self.params)

    def __str__(self) -> str:
        words = [x if isinstance(x, str) else repr(x) for x in self.operands]
        operands = ", ".join(words)
        if self.op == "einsum":  # its function takes letters before operands
            return f"einsum({self.params['subscripts']!r}, {operands})"
        if OPS[self.op].arity is None:
            operands = f"[{operands}]"
        options = (f", {key}={x!r}" for key, x in self.params.items())
        return f"{self.op}({operands}{''.join(options)})"


@dataclass(frozen=True, repr=False)
class Program:
    """Leaves, constants, and instructions whose results are called v0, v1, and so on.

    Its `repr` is Python code that computes the same; calling it with other leaves computes it on
    them.

    Attributes
    ----------
    leaves, constants : dict from str to float or array
    instructions : tuple of Instruction
    output : str
        Name of the last result.

    Examples
    --------
    >>> program = Program({"x": 3.0}, {}, (Instruction("mul", ("x", "x"), {}),), "v0")
    >>> program(2.0)
    4.0
    >>> print(program)
    from autograd import Value, mul
    x = Value(3.0, name='x')
    v0 = mul(x, x)
    output = v0
    """

    leaves: Slots
    constants: Slots
    instructions: tuple[Instruction, ...]
    output: str

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The numbers in the leaves."""
        return tuple(self.leaves.values())

    def __call__(self, *leaves: Any) -> Any:
        """Compute the output of other leaves: numbers, arrays or nodes."""
        return self.run(dict(zip(self.leaves, leaves, strict=True)))[self.output]

    def nodes(self) -> dict[str, Node]:
        """Compute on fresh nodes; give every one by name, the leaves too."""
        leaves = {name: _node(x, name) for name, x in self.leaves.items()}
        data = {name: _node(x, name, constant=True) for name, x in self.constants.items()}
        return self.run(leaves | data)

    def run(self, slots: Mapping[str, Any], apply: Callable[..., Any] | None = None) -> Slots:
        """Compute on numbers of any kind, with another way to apply an op if it is given."""
        filled = {**self.constants, **slots}
        for i, instruction in enumerate(self.instructions):
            filled[f"v{i}"] = instruction.compute(filled, apply)
        return filled

    def __repr__(self) -> str:
        used = {instruction.op for instruction in self.instructions}
        kinds = {_kind(x).__name__ for x in {**self.leaves, **self.constants}.values()}
        lines = [f"from autograd import {', '.join([*sorted(kinds), *sorted(used)])}"]
        lines += [_leaf(name, x) for name, x in self.leaves.items()]
        lines += [_leaf(name, x, ", constant=True") for name, x in self.constants.items()]
        lines += [f"v{i} = {instruction}" for i, instruction in enumerate(self.instructions)]
        return "\n".join([*lines, f"output = {self.output}"])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"\n{self!r}\n")  # in Hypothesis's reports


def numbered(
    leaves: Slots, constants: Slots, calls: Mapping[str, Instruction], kept: Collection[str]
) -> Program:
    """Make a program of what is kept, under the names that programs use: x0, c0, v0 and so on.

    Parameters
    ----------
    leaves, constants : dict from str to float or array
    calls : mapping from str to Instruction
        Each on what was there before it; the last one that is kept is the output.
    kept : collection of str

    Returns
    -------
    Program

    Examples
    --------
    >>> calls = {"idle": Instruction("exp", ("b",), {}), "y": Instruction("sin", ("b",), {})}
    >>> print(numbered({"a": 1.0, "b": 2.0}, {}, calls, {"b", "y"}))
    from autograd import Value, sin
    x0 = Value(2.0, name='x0')
    v0 = sin(x0)
    output = v0
    """
    names = {
        name: f"{letter}{i}"
        for letter, slots in (("x", leaves), ("c", constants), ("v", calls))
        for i, name in enumerate(name for name in slots if name in kept)
    }
    renamed = [
        call._replace(operands=tuple(names.get(str(x), x) for x in call.operands))
        for name, call in calls.items()
        if name in kept
    ]
    return Program(
        {names[name]: x for name, x in leaves.items() if name in kept},
        {names[name]: x for name, x in constants.items() if name in kept},
        tuple(renamed),
        f"v{len(renamed) - 1}",
    )


def _apply(name: str, *operands: Any, **params: Any) -> Any:
    op = OPS[name]
    return op(list(operands), **params) if op.arity is None else op(*operands, **params)


def _kind(x: Any) -> type[Node]:
    return Tensor if isinstance(x, np.ndarray) else Value


def _node(x: Any, name: str, *, constant: bool = False) -> Node:
    return _kind(x)(x, name=name, constant=constant)


def _leaf(name: str, x: Any, constant: str = "") -> str:
    numbers = x.tolist() if isinstance(x, np.ndarray) else x
    return f"{name} = {_kind(x).__name__}({numbers!r}{constant}, name={name!r})"
