"""Replays code of Tensors with NumPy, in arrays that are made once."""

from collections import Counter
from functools import partial
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..program import Code, Line
from .liveness import Pool, last_reads
from .straight_line import Output, Step, function_of

Array = NDArray[Any]


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
        values, numbers = _tried(code)
        owners = _owners(code, values)
        last_read = last_reads(line.operands for line in code.lines)
        last_used: dict[int, int] = {}
        for x, i in last_read.items():
            last_used[owners[x]] = max(i, last_used.get(owners[x], 0))
        given_out = Counter(owners[x] for x in code.outputs)
        made = {slot for slot, line in enumerate(code.lines, code.first_line) if _is_ufunc(line)}
        pool = Pool[Array]()
        buffers: dict[int, Array] = {}
        lasting: dict[int, Array] = {}  # buffers, and views of them
        steps = []
        for i, line in enumerate(code.lines):
            op, operands, params = line
            slot = code.first_line + i
            result = values[slot]
            view = _view(line, lasting) if owners[slot] != slot else None
            if slot in made and owners[slot] not in given_out:
                buffers[slot] = pool.take(partial(np.empty_like, result), _form(result))
                lasting[slot] = buffers[slot]
                steps.append(Step(op.forward, operands, slot, "nothing"))
            elif view is not None:
                lasting[slot] = view
            else:
                call = partial(op.forward, **params) if params else op.forward
                steps.append(Step(call, operands, slot, "number" if slot in numbers else "array"))
            for owner in {owners[x] for x in operands}:
                if owner in buffers and last_used[owner] == i:
                    buffer = buffers.pop(owner)
                    pool.give_back([buffer], _form(buffer))
        given = len(code.inputs) + len(code.leaves)
        outputs = [
            Output(x, owners[x] in made and given_out[owners[x]] == 1, values[x].ndim == 0)
            for x in code.outputs
        ]
        held = dict(enumerate(code.constants, start=given)) | lasting
        self._run = function_of(steps, given, held, outputs)

    def run(self, inputs: list[Array], leaves: list[Array]) -> list[Any]:
        """Compute the outputs, as arrays of their own."""
        with self._running:
            return self._run(*inputs, *leaves)


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


def _tried(code: Code) -> tuple[list[Array], set[int]]:
    """Compute everything once on what the nodes hold, to see what comes out, and where no array."""
    values = [*(x._held for x in (*code.inputs, *code.leaves)), *code.constants]
    numbers = set()
    with np.errstate(all="ignore"):
        for slot, (op, operands, params) in enumerate(code.lines, start=code.first_line):
            result = op.forward(*[values[x] for x in operands], **params)
            if result.__class__ is not np.ndarray:
                numbers.add(slot)
            values.append(np.asarray(result))
    return values, numbers


def _owners(code: Code, values: list[Array]) -> list[int]:
    """Say for each slot in which one its numbers stand: a view shares those of its operand."""
    owners = list(range(len(values)))
    for slot, line in enumerate(code.lines, start=code.first_line):
        if not _is_ufunc(line):
            for x in line.operands:
                if np.may_share_memory(values[slot], values[x]):
                    owners[slot] = owners[x]
    return owners
