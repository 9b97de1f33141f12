"""Runs code of Values in one compiled loop over its lines (extra `fast`)."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import GraphError
from ..program import Code
from .levels import Levels
from .line_by_line import Lines
from .numba_codegen import Key, loop_for
from .numpy_executor import planned
from .reduction import reduced
from .schedule import GIVE, SUM, Move, schedule

_IN_CACHE = 1 << 16  # numbers that the registers of one block may hold


class Loop:
    """A code for the compiled loop.

    Parameters
    ----------
    code : Code
        Of Values.
    batched : sequence of bool
        Which inputs differ between samples.
    reduce : {'mean', 'sum'} or None
        What to make of a batch.

    Raises
    ------
    GraphError
        If an op cannot be compiled.
    """

    def __init__(self, code: Code, batched: Sequence[bool], reduce: str | None) -> None:
        plan = schedule(code, batched, reduce is not None)
        self._loop, opcodes = loop_for(line.op for line in code.lines)
        self._once, self._each = _table(plan.once, opcodes), _table(plan.each, opcodes)
        self._how = code, batched, reduce
        self._reduce = reduce
        self._given, self._read = len(code.inputs), len(code.leaves)
        self._uniform = np.zeros(code.first_line + len(code.lines) + len(plan.options))
        self._uniform[code.first_line - len(code.constants) : code.first_line] = code.constants
        self._uniform[code.first_line + len(code.lines) :] = plan.options
        self._results = slice(code.first_line, code.first_line + len(code.lines))
        self._shared, self._registers = plan.shared, plan.registers
        self._outputs = np.array(code.outputs, np.int64)
        differing = {move.target for move in plan.each if GIVE in move.does or SUM in move.does}
        self._same = np.array([k for k in range(len(code.outputs)) if k not in differing], np.int64)

    def run(self, inputs: list[Any], leaves: Any) -> list[Any]:
        """Compute the outputs; `inputs` are floats, or arrays of one number a sample."""
        try:
            return self._run(inputs, leaves)
        except (ArithmeticError, ValueError):  # where an op has no value, NumPy's way explains it
            return self._by_numpy.run(inputs, leaves)

    def _run(self, inputs: list[Any], leaves: Any) -> list[Any]:
        uniform = self._uniform.copy()
        uniform[: self._given] = [x if x.__class__ is float else 0.0 for x in inputs]
        uniform[self._given : self._given + self._read] = leaves
        self._loop.run_once(self._once, uniform)
        if not np.isfinite(uniform[self._results]).all():
            raise ArithmeticError
        batches = [x for x in inputs if x.__class__ is not float]
        if not batches:
            return uniform[self._outputs].tolist()  # type: ignore[no-any-return]
        count = len(batches[0])
        out = np.zeros((len(self._outputs), 1 if self._reduce else count))
        out[self._same] = uniform[self._outputs[self._same], None]
        block = min(count, max(64, _IN_CACHE // self._registers))
        file = np.empty((self._registers, block))
        for register, slot in self._shared:
            file[register] = uniform[slot]
        for start in range(0, count, block):
            here = min(block, count - start)
            for register, x in enumerate(batches):
                file[register, :here] = x[start : start + here]
            self._loop.run_each(self._each, uniform, file, start, here, out)
        if self._reduce is None:
            return list(out)
        out[self._same] *= count
        return reduced(out[:, 0], self._reduce, count).tolist()  # type: ignore[no-any-return]

    @cached_property
    def _by_numpy(self) -> Levels | Lines:
        return planned(*self._how)


def compiles(code: Code) -> bool:
    """Whether a code can be run by a loop here."""
    try:
        Loop(code, [False] * len(code.inputs), None)
    except (ImportError, GraphError):
        return False
    return True


def _table(moves: list[Move], opcodes: dict[Key, int]) -> NDArray[np.int64]:
    """Write moves as rows of numbers: what, where to, and the operands."""
    table = np.zeros((len(moves), 2 + max((len(m.operands) for m in moves), default=0)), np.int64)
    for row, move in zip(table, moves, strict=True):
        row[: 2 + len(move.operands)] = opcodes[move.does, move.kinds], move.target, *move.operands
    return table
