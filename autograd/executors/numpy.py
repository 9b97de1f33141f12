"""Runs code on batches of samples with NumPy, one call a line."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..code import Code
from ..op import Params
from ..words import domain_error

Array = NDArray[np.float64]
_BLOCK = 4096  # samples computed at once, so that registers stay in the cache


class Step(NamedTuple):
    """A line that varies over the batch, with the register its result goes to."""

    forward: Any
    operands: tuple[int, ...]
    params: Any
    slot: int
    register: int | None  # None where NumPy allocates the result
    finished: tuple[int, ...]  # slots that are not read any more


class Batches:
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
        varying = {slot for slot, differs in enumerate(batched) if differs}
        last_read = {x: i for i, line in enumerate(code.lines) for x in line.operands}
        last_read |= dict.fromkeys(code.outputs, len(code.lines))
        self._once: list[tuple[Any, tuple[int, ...], Params, int]] = []
        self._each: list[Step] = []
        free: list[int] = []
        register_of: dict[int, int] = {}
        self._registers = 0
        for i, line in enumerate(code.lines):
            slot = code.first_line + i
            if varying.isdisjoint(line.operands):
                self._once.append((line.op.scalar, line.operands, line.params, slot))
                continue
            varying.add(slot)
            done = tuple({x for x in line.operands if last_read[x] == i and x in varying})
            free.extend(register_of.pop(x) for x in done if x in register_of)
            register = None
            if isinstance(line.op.forward, np.ufunc):
                if not free:
                    free.append(self._registers)
                    self._registers += 1
                register = register_of[slot] = free.pop()
            self._each.append(
                Step(line.op.forward, line.operands, line.params, slot, register, done)
            )

    def run(self, inputs: list[Any], leaves: list[float]) -> list[Any]:
        """Compute the outputs; `inputs` are floats, or arrays of one number a sample."""
        code = self._code
        values = self.once(inputs, leaves)
        batches = [x for x in inputs if isinstance(x, np.ndarray)]
        if not batches:
            return [values[slot] for slot in code.outputs]
        count = len(batches[0])
        parts = [
            self._block(list(values), inputs, slice(start, min(start + _BLOCK, count)))
            for start in range(0, count, _BLOCK)
        ]
        columns = zip(*parts, strict=True)
        if self._reduce is None:
            return [np.concatenate(column) for column in columns]
        share = count if self._reduce == "mean" else 1
        return [float(sum(column)) / share for column in columns]

    def once(self, inputs: list[Any], leaves: list[float]) -> list[Any]:
        """Give the values of all slots that are the same for all samples.

        Raises
        ------
        DomainError
            If an op has no value there.
        """
        code = self._code
        values: list[Any] = [*inputs, *leaves, *code.constants, *[None] * len(code.lines)]
        slot = 0
        try:
            for scalar, operands, params, slot in self._once:
                if len(operands) == 2 and not params:  # nearly always
                    a, b = operands
                    values[slot] = scalar(values[a], values[b])
                else:
                    values[slot] = scalar(*[values[x] for x in operands], **params)
        except (ArithmeticError, ValueError) as error:
            line = code.lines[slot - code.first_line]
            raise domain_error(line.op, tuple(values[x] for x in line.operands), error) from None
        return values

    def _block(self, values: list[Any], inputs: list[Any], rows: slice) -> Any:
        for slot, x in enumerate(inputs):
            if isinstance(x, np.ndarray):
                values[slot] = x[rows]
        count = rows.stop - rows.start
        registers = list(np.empty((self._registers, count)))
        for forward, operands, params, slot, register, finished in self._each:
            if register is None:
                values[slot] = forward(*[values[x] for x in operands], **params)
            elif len(operands) == 2:
                a, b = operands
                values[slot] = forward(values[a], values[b], out=registers[register])
            else:
                values[slot] = forward(values[operands[0]], out=registers[register])
            for x in finished:
                values[x] = None
        found = [values[slot] for slot in self._code.outputs]
        if self._reduce is None:
            return [np.array(np.broadcast_to(x, (count,))) for x in found]
        return [np.add.reduce(x) if isinstance(x, np.ndarray) else x * count for x in found]
