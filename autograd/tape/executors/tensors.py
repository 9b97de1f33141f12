"""Replays code of Tensors with NumPy, in arrays that are made once."""

from collections import Counter
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..program import Code, Line
from .liveness import Pool, last_reads

Array = NDArray[Any]


class Step(NamedTuple):
    """A line, with the array its result goes to."""

    forward: Any
    operands: tuple[int, ...]
    params: Any
    slot: int
    buffer: Array | None  # None where NumPy makes a new one, or the result is a view
    finished: tuple[int, ...]  # slots that are not read any more


class Buffers:
    """Which array each result goes to; one is used again after its last reading.

    Parameters
    ----------
    code : Code
        Of Tensors.
    """

    def __init__(self, code: Code) -> None:
        self.code = code
        self._running = Lock()
        values = _tried(code)
        owners = _owners(code, values)
        last_read = last_reads(line.operands for line in code.lines)
        last_used: dict[int, int] = {}
        for x, i in last_read.items():
            last_used[owners[x]] = max(i, last_used.get(owners[x], 0))
        given_out = Counter(owners[x] for x in code.outputs)
        made = {slot for slot, line in enumerate(code.lines, code.first_line) if _is_ufunc(line)}
        self._is_new = [owners[x] in made and given_out[owners[x]] == 1 for x in code.outputs]
        pool = Pool[Array]()
        buffers: dict[int, Array] = {}
        lasting: dict[int, Array] = {}  # buffers, and views of them
        self._steps = []
        for i, line in enumerate(code.lines):
            slot = code.first_line + i
            result = values[slot]
            view = _view(line, lasting) if owners[slot] != slot else None
            if slot in made and owners[slot] not in given_out:
                buffers[slot] = pool.take(partial(np.empty_like, result), _form(result))
                lasting[slot] = buffers[slot]
            elif view is not None:
                lasting[slot] = view
            if view is None:
                op, operands, params = line
                done = {x for x in operands if last_read[x] == i and x not in lasting}
                finished = tuple(done.difference(code.outputs))
                self._steps.append(
                    Step(op.forward, operands, params, slot, buffers.get(slot), finished)
                )
            for owner in {owners[x] for x in line.operands}:
                if owner in buffers and last_used[owner] == i:
                    buffer = buffers.pop(owner)
                    pool.give_back([buffer], _form(buffer))
        slots = range(code.first_line, code.first_line + len(code.lines))
        self._results = [lasting.get(slot) for slot in slots]

    def run(self, inputs: list[Array], leaves: list[Array]) -> list[Any]:
        """Compute the outputs, as arrays of their own."""
        code = self.code
        values: list[Any] = [*inputs, *leaves, *code.constants, *self._results]
        with self._running:
            for forward, operands, params, slot, buffer, finished in self._steps:
                if buffer is None:
                    values[slot] = np.asarray(forward(*[values[x] for x in operands], **params))
                elif len(operands) == 2:
                    a, b = operands
                    forward(values[a], values[b], out=buffer)
                else:
                    forward(values[operands[0]], out=buffer)
                for x in finished:
                    values[x] = None
        return [
            (values[slot] if is_new else np.array(values[slot]))[()]
            for slot, is_new in zip(code.outputs, self._is_new, strict=True)
        ]


def _form(x: Array) -> Any:
    return x.shape, x.dtype, x.strides


def _view(line: Line, lasting: dict[int, Array]) -> Array | None:
    """Make a view of a buffer once for all calls; None if it is one of something else."""
    op, operands, params = line
    if len(operands) != 1 or operands[0] not in lasting:
        return None
    whole = lasting[operands[0]]
    result = np.asarray(op.forward(whole, **params))
    return result if np.may_share_memory(result, whole) else None


def _is_ufunc(line: Line) -> bool:
    """Whether an op makes a new array, or fills one that it is given."""
    return isinstance(line.op.forward, np.ufunc)


def _tried(code: Code) -> list[Array]:
    """Compute everything once on what the nodes hold, to see what comes out."""
    values = [*(x._held for x in (*code.inputs, *code.leaves)), *code.constants]
    with np.errstate(all="ignore"):
        for op, operands, params in code.lines:
            values.append(np.asarray(op.forward(*[values[x] for x in operands], **params)))
    return values


def _owners(code: Code, values: list[Array]) -> list[int]:
    """Say for each slot in which one its numbers stand: a view shares those of its operand."""
    owners = list(range(len(values)))
    for slot, line in enumerate(code.lines, start=code.first_line):
        if not _is_ufunc(line):
            for x in line.operands:
                if np.may_share_memory(values[slot], values[x]):
                    owners[slot] = owners[x]
    return owners
