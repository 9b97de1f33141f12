"""Draws small programs over the table, which any kind of number can then be sent through."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, NamedTuple

from hypothesis import strategies as st

from autograd import OPS, Domain, Op, Value

MARGIN = 0.05  # how far operands keep from kinks, poles and the ends of a domain
BOUND = 100.0  # how large results may grow

ROWS = tuple(op for op in OPS.values() if op.elementwise)
ANALYTIC = tuple(op for op in ROWS if op.kinks is None)


def numbers(low: float = -3.0, high: float = 3.0) -> st.SearchStrategy[float]:
    """Numbers that are easy to read in a failing example."""
    return st.floats(low, high).map(lambda x: round(x, 3) + 0.0)


KNOBS = st.none() | st.tuples(numbers(-2, 2), numbers(-2, 2))
# An operand is a literal, or a slot counted backwards, of which the latest are likelier.
SLOT = st.sampled_from((0, 0, 0, 1, 1, 2, 3, 5))
OPERAND = SLOT | numbers()
OPERANDS = st.one_of(
    st.tuples(SLOT, OPERAND, OPERAND),
    st.tuples(SLOT, SLOT, OPERAND),
    st.tuples(numbers(), SLOT, OPERAND),
)


def options(op: Op, knobs: tuple[float, float] | None) -> dict[str, float]:
    """Params of a row: its defaults, or two numbers in rising order, so that low < high."""
    if knobs is None and Parameter.empty not in op.defaults.values():
        return dict(op.defaults)
    return dict(zip(op.defaults, sorted(knobs or (-1.0, 1.0)), strict=False))


def calls(op: Op) -> st.SearchStrategy[tuple[tuple[float, ...], dict[str, float]]]:
    """Operands and params with which a row is smooth and modest."""
    operands = [numbers(max(d.low, -4) + MARGIN, min(d.high, 4) - MARGIN) for d in op.domain]
    params = KNOBS.map(lambda knobs: options(op, knobs))
    return st.tuples(st.tuples(*operands), params).filter(lambda call: tame(op, *call))


def tame(op: Op, operands: tuple[float, ...], params: Mapping[str, float]) -> bool:
    """Whether the operands lie well inside the domain, off the kinks, and the result is modest."""
    return (
        all(_inside(domain, x) for domain, x in zip(op.domain, operands, strict=True))
        and (op.kinks is None or abs(op.kinks(*operands, **params)) > MARGIN)
        and abs(op(*operands, **params)) < BOUND
    )


def _inside(domain: Domain, x: float) -> bool:
    far_from_poles = domain.poles is None or abs(domain.poles(x)) > MARGIN
    return domain.low + MARGIN < x < domain.high - MARGIN and far_from_poles


class Instruction(NamedTuple):
    """One call of a row: operands are names of slots, or literal numbers."""

    op: str
    operands: tuple[str | float, ...]
    params: dict[str, float]

    def __str__(self) -> str:
        words = [x if isinstance(x, str) else repr(x) for x in self.operands]
        words += [f"{key}={x!r}" for key, x in self.params.items()]
        return f"{self.op}({', '.join(words)})"


@dataclass(frozen=True, repr=False)
class Program:
    """Leaves, constants, and instructions whose results are called v0, v1, and so on."""

    leaves: dict[str, float]
    constants: dict[str, float]
    instructions: tuple[Instruction, ...]
    output: str

    def run(
        self, slots: Mapping[str, Any], apply: Callable[..., Any] | None = None
    ) -> dict[str, Any]:
        """Send numbers of any kind through; give every slot by name, results included."""
        apply = apply or (lambda name, *operands, **params: OPS[name](*operands, **params))
        filled = {**self.constants, **slots}
        for i, (name, operands, params) in enumerate(self.instructions):
            numbers = [filled[x] if isinstance(x, str) else x for x in operands]
            filled[f"v{i}"] = apply(name, *numbers, **params)
        return filled

    def values(self) -> dict[str, Value]:
        """Send Values through."""
        leaves = {name: Value(x, name=name) for name, x in self.leaves.items()}
        data = {name: Value(x, name=name, constant=True) for name, x in self.constants.items()}
        return self.run(leaves | data)

    def __repr__(self) -> str:
        lines = [f"{name} = Value({x!r})" for name, x in self.leaves.items()]
        lines += [f"{name} = Value({x!r}, constant=True)" for name, x in self.constants.items()]
        lines += [f"v{i} = {instruction}" for i, instruction in enumerate(self.instructions)]
        return "\n" + "\n".join([*lines, f"output = {self.output}"]) + "\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # in Hypothesis's reports


@st.composite
def instructions(
    draw: st.DrawFn, slots: Mapping[str, float], varying: Iterable[str], rows: tuple[Op, ...] = ROWS
) -> Instruction:
    """One call on slots that are filled already; the row is chosen among those that suit them."""
    latest = list(slots)[::-1]
    operands = tuple(latest[x % len(latest)] if isinstance(x, int) else x for x in draw(OPERANDS))
    data = tuple(slots[x] if isinstance(x, str) else x for x in operands)
    knobs = draw(KNOBS)

    def suits(op: Op) -> bool:
        arity = len(op.vjps)
        reads_a_slot = any(isinstance(x, str) for x in operands[:arity])
        refused = any(
            rule is None and x in varying for rule, x in zip(op.vjps, operands, strict=False)
        )
        return reads_a_slot and not refused and tame(op, data[:arity], options(op, knobs))

    op = draw(st.sampled_from([op for op in rows if suits(op)]))
    return Instruction(op.name, operands[: len(op.vjps)], options(op, knobs))


@st.composite
def programs(draw: st.DrawFn, rows: tuple[Op, ...] = ROWS, longest: int = 10) -> Program:
    """Programs in which slots are shared, repeated or left unused; the output is no constant."""
    leaves = {f"x{i}": x for i, x in enumerate(draw(st.lists(numbers(), min_size=1, max_size=3)))}
    constants = {f"c{i}": x for i, x in enumerate(draw(st.lists(numbers(), max_size=1)))}
    slots, varying, drawn = constants | leaves, list(leaves), []
    for i in range(draw(st.integers(1, longest))):
        name, operands, params = instruction = draw(instructions(slots, varying, rows))
        drawn.append(instruction)
        slots[f"v{i}"] = OPS[name](
            *(slots[x] if isinstance(x, str) else x for x in operands), **params
        )
        if not set(varying).isdisjoint(operands):
            varying.append(f"v{i}")
    return Program(leaves, constants, tuple(drawn), output=varying[-1])
