"""Runs code on batches of samples in one compiled loop over its lines (extra `fast`)."""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np

from ..code import Code
from ..op import OPS

_IN_CACHE = 1 << 16  # numbers that the registers of one block may hold
_WIDEST = 3  # operands and params of a line

_KERNEL = '''"""The loop over the lines of a tape, generated from the table of ops."""

import numba

from autograd import OPS


def jit(function):
    """Compile what is written in Python; functions of math are known already."""
    python = hasattr(function, "__code__")
    return numba.njit(error_model="numpy")(function) if python else function


{functions}


@numba.njit(error_model="numpy", cache=True)
def run(lines, registers, count):
    for i in range(lines.shape[0]):
        code = lines[i, 0]
        y = registers[lines[i, 1]]
        a = registers[lines[i, 2]]
        b = registers[lines[i, 3]]
        c = registers[lines[i, 4]]
{branches}


@numba.njit(cache=True)
def add_up(registers, rows, count, totals):
    for k in range(rows.shape[0]):
        row = registers[rows[k]]
        total = 0.0
        for j in range(count):
            total += row[j]
        totals[k] += total
'''
_FUNCTION = 'f{code} = jit(OPS["{name}"].scalar)'
_BRANCH = """        {keyword} code == {code}:
            for j in range(count):
                y[j] = {call}"""


class Compiled:
    """A code for the compiled loop: some lines once for all samples, the others for each.

    Parameters
    ----------
    code : Code
        Of Values.
    batched : sequence of bool
        Which inputs differ between samples.
    """

    def __init__(self, code: Code, batched: Sequence[bool]) -> None:
        self.code = code
        self.kernel = _kernel()
        opcodes = {name: k for k, name in enumerate(_table())}
        options: list[float] = []  # params stand behind all other slots, as operands
        behind = code.first_line + len(code.lines)
        varying = {slot for slot, differs in enumerate(batched) if differs}
        once, each = [], []
        for slot, (op, operands, params) in enumerate(code.lines, start=code.first_line):
            options += params.values()
            places = [*operands, *range(behind + len(options) - len(params), behind + len(options))]
            row = [opcodes[op.name], slot, *places, *[slot] * (_WIDEST - len(places))]
            if varying.isdisjoint(operands):
                once.append(row)
            else:
                varying.add(slot)
                each.append(row)
        self._start = np.zeros((behind + len(options), 1))
        self._start[code.first_line - len(code.constants) : code.first_line, 0] = code.constants
        self._start[behind:, 0] = options
        self._outputs = np.array(code.outputs, np.int64)
        self._once = np.array(once, np.int64).reshape(-1, 2 + _WIDEST)
        self._slots = [slot for slot, differs in enumerate(batched) if differs]
        self._assign(each, varying)

    def _assign(self, each: list[list[int]], varying: set[int]) -> None:
        """Give registers to what differs between samples; one is free after its last reading."""
        places = [k for k, slot in enumerate(self.code.outputs) if slot in varying]
        wanted = [self.code.outputs[k] for k in places]
        self._places = np.array(places, np.int64)
        last = {x: i for i, (_, _, *read) in enumerate(each) for x in read}
        last |= dict.fromkeys(wanted, len(each))
        register = {slot: k for k, slot in enumerate(self._slots)}
        shared = {x for _, _, *read in each for x in read if x not in varying}
        register |= {slot: k for k, slot in enumerate(sorted(shared), start=len(register))}
        self._shared = np.array(sorted(shared), np.int64)
        count, free, rows = len(register), [], []
        for i, (opcode, slot, *operands) in enumerate(each):
            read = [register[x] for x in operands if x != slot]
            done = {x for x in operands if x in varying and x != slot and last[x] == i}
            free += [register[x] for x in done if x not in self._slots]
            if not free:
                free.append(count)
                count += 1
            register[slot] = free.pop()
            rows.append([opcode, register[slot], *read, *[0] * (_WIDEST - len(read))])
        self.registers = count
        self._each = np.array(rows, np.int64).reshape(-1, 2 + _WIDEST)
        self._wanted = np.array([register[slot] for slot in wanted], np.int64)

    def run(self, inputs: list[Any], leaves: list[float], reduce: str | None) -> list[Any]:
        """Compute the outputs; `inputs` are floats, or arrays of one number a sample."""
        uniform = self._start.copy()
        for slot, x in enumerate(inputs):
            if not isinstance(x, np.ndarray):
                uniform[slot] = x
        uniform[len(inputs) : len(inputs) + len(leaves), 0] = leaves
        self.kernel.run(self._once, uniform, 1)
        found = uniform[self._outputs, 0]
        batches = [x for x in inputs if isinstance(x, np.ndarray)]
        if not batches:
            return found.tolist()  # type: ignore[no-any-return]
        count = len(batches[0])
        block = min(count, max(64, _IN_CACHE // self.registers))
        file = np.empty((self.registers, block))
        file[len(batches) : len(batches) + len(self._shared)] = uniform[self._shared]
        totals = np.zeros(len(self._wanted))
        kept = np.repeat(found[:, None], 0 if reduce else count, axis=1)
        for start in range(0, count, block):
            here = min(block, count - start)
            for k, x in enumerate(batches):
                file[k, :here] = x[start : start + here]
            self.kernel.run(self._each, file, here)
            if reduce:
                self.kernel.add_up(file, self._wanted, here, totals)
            else:
                kept[self._places, start : start + here] = file[self._wanted, :here]
        if reduce is None:
            return list(kept)
        found *= count
        found[self._places] = totals
        return (found / (count if reduce == "mean" else 1)).tolist()  # type: ignore[no-any-return]


def _table() -> list[str]:
    """Name the ops on floats, in the order of their opcodes."""
    return [name for name, op in OPS.items() if op.elementwise]


@cache
def _kernel() -> ModuleType:
    """Write the loop to a file, for Numba keeps the machine code of files only, and import it."""
    functions = [_FUNCTION.format(code=k, name=name) for k, name in enumerate(_table())]
    branches = []
    for k, name in enumerate(_table()):
        op = OPS[name]
        operands = "abc"[: (op.arity or 0) + len(op.defaults)]
        call = f"f{k}({', '.join(f'{x}[j]' for x in operands)})"
        branches.append(_BRANCH.format(keyword="elif" if k else "if", code=k, call=call))
    text = _KERNEL.format(functions="\n".join(functions), branches="\n".join(branches))
    mark = hashlib.sha256((text + _meaning() + numba.__version__).encode()).hexdigest()[:16]
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "stepgrad"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"loop_{mark}.py"
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where Numba looks for it
    spec.loader.exec_module(module)
    return module


def _meaning() -> str:
    """Describe what the ops compute, so that an edited table is compiled anew."""
    codes = (getattr(OPS[name].scalar, "__code__", None) for name in _table())
    return str([(code.co_code, code.co_consts) for code in codes if code])
