"""Puts the lines of a code in the order and the registers in which a compiled loop runs them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from ...errors import GraphError
from ...ops import Op
from ..program import Code
from .batch_invariant import Once
from .liveness import Pool, last_reads

SUM, GIVE, PAIR = "sum", "give", "mul_add"


class Move(NamedTuple):
    """What a loop does at once for all samples.

    Attributes
    ----------
    does : str
        Name of an op, ``mul_add`` for a pair, ``give``, or ``sum`` before what is added up.
    kinds : str
        A letter for each operand: V if it is a register, S if it is the same for all samples.
    target : int
        Register of the result; number of the output for ``sum`` and ``give``.
    operands : tuple of int
        Registers, or slots of what is the same for all samples.
    """

    does: str
    kinds: str
    target: int
    operands: tuple[int, ...]


@dataclass
class Schedule:
    """A code for batches in which some inputs differ between samples and others do not.

    Attributes
    ----------
    options : list of float
        Params of ops, which stand behind the slots of the code, as operands.
    once : list of Move
        What is the same for all samples; targets and operands are slots.
    each : list of Move
        What differs. Inputs stand in the first registers.
    shared : list of (int, int)
        Registers that hold the same number for all samples, with its slot.
    registers : int
    """

    options: list[float]
    once: list[Move]
    each: list[Move]
    shared: list[tuple[int, int]]
    registers: int


def schedule(code: Code, batched: Sequence[bool], reduced: bool) -> Schedule:
    """Separate what is computed once from what is computed for each sample, and give registers."""
    varying = Once(code, batched).varying
    options: list[float] = []
    once, each = [], []
    behind = code.first_line + len(code.lines)
    for slot, (op, operands, params) in enumerate(code.lines, start=code.first_line):
        own = range(behind + len(options), behind + len(options) + len(params))
        options += [_option(op, name, x) for name, x in params.items()]
        if slot not in varying:
            kinds = "S" * (len(operands) + len(own))
            once.append(Move(op.name, kinds, slot, (*operands, *own)))
        else:
            kinds = "".join("V" if x in varying or len(operands) > 2 else "S" for x in operands)
            each.append(Move(op.name, kinds + "S" * len(own), slot, (*operands, *own)))
    outputs: dict[int, list[int]] = defaultdict(list)
    for k, slot in enumerate(code.outputs):
        outputs[slot].append(k)
    each = _with_outputs(_fused(each, code.outputs), varying, outputs, reduced)
    inputs = [slot for slot, differs in enumerate(batched) if differs]
    moves, shared, registers = _placed(each, inputs, varying)
    return Schedule(options, once, moves, shared, registers)


def _option(op: Op, name: str, x: Any) -> float:
    if not isinstance(x, float | int):
        raise GraphError(
            f"numba: {op.name} was given {name}={x!r}, and the compiled loop takes numbers only. "
            "Use NumPy."
        )
    return float(x)


def _fused(moves: list[Move], outputs: Sequence[int]) -> list[Move]:
    """Make one move of a product and the sum that alone needs it."""
    uses = Counter([x for move in moves for x in move.operands] + list(outputs))
    products = {m.target: m for m in moves if m.does == "mul" and uses[m.target] == 1}
    gone = set()
    fused = []
    for move in moves:
        product = next((x for x in move.operands[::-1] if x in products), None)
        if move.does == "add" and product is not None:
            gone.add(product)
            i = move.operands.index(product)
            _, kinds, _, factors = products[product]
            if kinds == "SV":
                kinds, factors = "VS", factors[::-1]
            operands = (*factors, move.operands[1 - i])
            move = Move(PAIR, kinds + move.kinds[1 - i], move.target, operands)
        fused.append(move)
    return [move for move in fused if move.target not in gone]


def _with_outputs(
    moves: list[Move], varying: set[int], outputs: dict[int, list[int]], reduced: bool
) -> list[Move]:
    """Hand over each output as soon as it is there; what only an output needs is not kept."""
    word = f"{SUM} {GIVE}" if reduced else GIVE
    made = {move.target for move in moves}
    out = [
        Move(word, "V", k, (slot,))
        for slot, places in outputs.items()
        if slot in varying and slot not in made
        for k in places
    ]
    needed = {x for move in moves for x in move.operands}
    for move in moves:
        places = outputs.get(move.target, [])
        can_be_summed = move.does == PAIR or (move.does == "mul" and move.kinds != "SV")
        if reduced and can_be_summed and len(places) == 1 and move.target not in needed:
            out.append(move._replace(does=f"{SUM} {move.does}", target=places[0]))
        else:
            out.append(move)
            out += [Move(word, "V", k, (move.target,)) for k in places]
    return out


def _placed(
    moves: list[Move], inputs: list[int], varying: set[int]
) -> tuple[list[Move], list[tuple[int, int]], int]:
    """Give registers; one is free after its last reading."""
    rows = [[x for x, kind in zip(m.operands, m.kinds, strict=True) if kind == "V"] for m in moves]
    last = last_reads(rows)
    register = {slot: k for k, slot in enumerate(inputs)}
    constant = dict.fromkeys(x for read in rows for x in read if x not in varying)
    shared = [(k, slot) for k, slot in enumerate(constant, start=len(register))]
    register |= {slot: k for k, slot in shared}
    kept = set(register)  # what is not computed
    registers, number = Pool[int](), count(len(register))
    placed = []
    for i, (does, kinds, target, operands) in enumerate(moves):
        places = tuple(
            register[x] if kind == "V" else x for x, kind in zip(operands, kinds, strict=True)
        )
        if not does.startswith((SUM, GIVE)):
            register[target] = registers.take(number.__next__)
            target = register[target]
        placed.append(Move(does, kinds, target, places))
        # Only now, for a result never overwrites an operand: the loop could not be vectorized.
        registers.give_back({register[x] for x in rows[i] if last[x] == i and x not in kept})
    return placed, shared, next(number)
