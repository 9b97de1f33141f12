"""Runs code on batches with NumPy, equal ops that do not wait for each other in one call."""

from collections import defaultdict
from collections.abc import Sequence
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..program import Code, identity
from .batch_invariant import Once
from .reduction import reduced

Array = NDArray[np.float64]
_NUMBERS = 1 << 20  # which the registers of one block may hold
_WIDTH = 4  # lines of a group, on average, that are worth the copies


class Group(NamedTuple):
    """Lines of one op on one level. Results, and operands where it is so, stand side by side."""

    forward: Any
    operands: tuple[slice | NDArray[np.int64], ...]
    params: Any
    results: slice


class File(NamedTuple):
    """Registers for so many samples, and the calls that fill them."""

    registers: Array
    calls: list[Any]
    found: Array


class Levels:
    """In which registers everything is kept, and which lines are computed together.

    A line stands one level above its operands. Registers are not used twice, so this is for
    programs that are wide rather than long.

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
        self._running = Lock()
        self._files: dict[int, File] = {}
        varying = self._once.varying
        places = [slot for slot, differs in enumerate(batched) if differs]
        level = dict.fromkeys(places, 0)
        groups: dict[Any, list[int]] = defaultdict(list)
        shared: dict[int, None] = {}
        for slot, (op, operands, params) in enumerate(code.lines, start=code.first_line):
            if slot in varying:
                level[slot] = 1 + max(level.get(x, 0) for x in operands)
                groups[level[slot], op, identity(params)].append(slot)
                shared |= dict.fromkeys(x for x in operands if x not in varying)
        self._given = len(places)
        self._shared = list(shared)
        places += shared
        row = {slot: k for k, slot in enumerate(places)}
        self._groups = []
        for _, slots in sorted(groups.items(), key=lambda group: group[0][0]):
            lines = [code.lines[slot - code.first_line] for slot in slots]
            reads = zip(*(line.operands for line in lines), strict=True)
            rows = tuple([_rows([row[x] for x in xs]) for xs in reads])
            results = slice(len(row), len(row) + len(slots))
            row |= {slot: results.start + k for k, slot in enumerate(slots)}
            self._groups.append(Group(lines[0].op.forward, rows, lines[0].params, results))
        self._rows = len(row)
        self._outputs = [k for k, slot in enumerate(code.outputs) if slot in varying]
        self._found = np.array([row[code.outputs[k]] for k in self._outputs], np.int64)

    @property
    def is_wide(self) -> bool:
        """Whether there is something to gain."""
        lines = self._rows - self._given - len(self._shared)
        return len(self._groups) * _WIDTH <= lines

    def cost(self, samples: int) -> float:
        """Say how many microseconds a run takes, roughly."""
        return 2.0 * len(self._groups) + 0.0005 * self._rows * samples

    def run(self, inputs: list[Any], leaves: Any) -> list[Any]:
        """Compute the outputs; `inputs` are floats, or arrays of one number a sample."""
        values = self._once.run(inputs, leaves)
        outputs: list[Any] = [values[slot] for slot in self._code.outputs]
        batches = [x for x in inputs if isinstance(x, np.ndarray)]
        if not batches:
            return outputs
        count = len(batches[0])
        shared = np.array([values[slot] for slot in self._shared])[:, None]
        block = min(count, _NUMBERS // self._rows)
        with self._running:
            parts = [
                self._block([x[start : start + block] for x in batches], shared)
                for start in range(0, count, block)
            ]
        if self._reduce is None:
            columns = list(np.concatenate(parts, axis=1))
            outputs = [np.full(count, x) for x in outputs]
        else:
            columns = reduced(np.add.reduce(parts), self._reduce, count).tolist()
            outputs = [x if x is None else reduced(x * count, self._reduce, count) for x in outputs]
        for k, found in zip(self._outputs, columns, strict=True):
            outputs[k] = found
        return outputs

    def _block(self, batches: list[Array], shared: Array) -> Array:
        registers, calls, found = self._file(len(batches[0]))
        registers[: self._given] = batches
        registers[self._given : self._given + len(self._shared)] = shared
        for forward, operands, gathered, params, results in calls:
            for rows, copies in gathered:
                registers.take(rows, 0, copies, "clip")
            if isinstance(forward, np.ufunc):
                forward(*operands, out=results)
            else:
                results[:] = forward(*operands, **params)
        registers.take(self._found, 0, found, "clip")
        return np.add.reduce(found, axis=1) if self._reduce else found.copy()

    def _file(self, samples: int) -> File:
        """Make arrays for a block; those of the last few lengths are kept, for it takes time."""
        if samples in self._files:
            return self._files[samples]
        registers = np.empty((self._rows, samples))
        widest: dict[int, int] = defaultdict(int)
        for group in self._groups:
            for k, rows in enumerate(group.operands):
                if not isinstance(rows, slice):
                    widest[k] = max(widest[k], len(rows))
        copies = {k: np.empty((length, samples)) for k, length in widest.items()}
        calls = []
        for forward, indices, params, results in self._groups:
            operands, gathered = [], []
            for k, rows in enumerate(indices):
                if isinstance(rows, slice):
                    operands.append(registers[rows])
                else:
                    operands.append(copies[k][: len(rows)])
                    gathered.append((rows, operands[-1]))
            calls.append((forward, operands, gathered, params, registers[results]))
        if len(self._files) == 3:
            del self._files[next(iter(self._files))]
        self._files[samples] = File(registers, calls, np.empty((len(self._found), samples)))
        return self._files[samples]


def _rows(rows: list[int]) -> slice | NDArray[np.int64]:
    """Give an index of registers, a slice where that says it: it needs no copy."""
    if len(set(rows)) == 1:
        return slice(rows[0], rows[0] + 1)
    step = rows[1] - rows[0]
    if step > 0 and rows == list(range(rows[0], rows[-1] + 1, step)):
        return slice(rows[0], rows[-1] + 1, step)
    return np.array(rows, np.int64)
