"""Runs code on batches with NumPy, one call a line, in few registers: for long programs."""

from collections.abc import Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from ..program import Code
from .batch_invariant import Once
from .liveness import Pool, last_reads
from .reduction import reduced

_BLOCK = 4096  # samples computed at once, so that registers stay in the cache


class Step(NamedTuple):
    """A line that differs between samples, with the register its result goes to."""

    forward: Any
    operands: tuple[int, ...]
    params: Any
    slot: int
    register: int


class Lines:
    """Which lines are computed once, which for each sample, and where results are kept.

    Parameters
    ----------
    code : Code
        Of Values.
    batched : sequence of bool
        Which inputs differ between samples.
    reduce : {'mean', 'sum'} or None
        What to make of a batch.
    """

    def __init__(self, code: Code, batched: Sequence[bool], reduce: str | None) -> None:
        self._code = code
        self._reduce = reduce
        self._once = Once(code, batched)
        varying = self._once.varying
        last_read = last_reads([*(line.operands for line in code.lines), code.outputs])
        self._each: list[Step] = []
        registers, number = Pool[int](), count()
        register_of: dict[int, int] = {}
        for i, (op, operands, params) in enumerate(code.lines):
            slot = code.first_line + i
            if slot not in varying:
                continue
            done = {x for x in operands if last_read[x] == i}
            registers.give_back(register_of.pop(x) for x in done if x in register_of)
            register_of[slot] = registers.take(number.__next__)
            self._each.append(Step(op.forward, operands, params, slot, register_of[slot]))
        self._registers = next(number)

    def cost(self, samples: int) -> float:
        """Say how many microseconds a run takes, roughly."""
        return (0.5 + 0.0005 * samples) * len(self._code.lines)

    def run(self, inputs: list[Any], leaves: Any) -> list[Any]:
        """Compute the outputs; `inputs` are floats, or arrays of one number a sample."""
        values = self._once.run(inputs, leaves)
        batches = [x for x in inputs if isinstance(x, np.ndarray)]
        if not batches:
            return [values[slot] for slot in self._code.outputs]
        count = len(batches[0])
        parts = [
            self._block(list(values), inputs, slice(start, min(start + _BLOCK, count)))
            for start in range(0, count, _BLOCK)
        ]
        columns = zip(*parts, strict=True)
        if self._reduce is None:
            return [np.concatenate(column) for column in columns]
        return [reduced(float(sum(column)), self._reduce, count) for column in columns]

    def _block(self, values: list[Any], inputs: list[Any], rows: slice) -> Any:
        for slot, x in enumerate(inputs):
            if isinstance(x, np.ndarray):
                values[slot] = x[rows]
        count = rows.stop - rows.start
        registers = list(np.empty((self._registers, count)))
        for forward, operands, params, slot, register in self._each:
            values[slot] = result = registers[register]
            if not isinstance(forward, np.ufunc):
                result[:] = forward(*[values[x] for x in operands], **params)
            elif len(operands) == 2:
                a, b = operands
                forward(values[a], values[b], out=result)
            else:
                forward(values[operands[0]], out=result)
        found = [values[slot] for slot in self._code.outputs]
        if self._reduce is None:
            return [np.array(np.broadcast_to(x, (count,))) for x in found]
        return [np.add.reduce(x) if isinstance(x, np.ndarray) else x * count for x in found]
