"""Writes the compiled loop over the moves of a schedule, out of the table of ops."""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np

from .. import ops
from ..errors import GraphError
from ..op import OPS, Op
from .schedule import GIVE, PAIR, SUM

Key = tuple[str, str]  # what a move does, and the kinds of its operands

_ROWS = tuple(op.name for op in vars(ops).values() if isinstance(op, Op))
_MODULE = '''"""The compiled loop of stepgrad's tapes, written from its table of ops."""

import numba

from autograd import OPS


def jit(function):
    """Compile what is written in Python; functions of math and operator are known already."""
    python = hasattr(function, "__code__")
    return numba.njit(error_model="numpy")(function) if python else function


{functions}
{totals}

@numba.njit(error_model="numpy", cache=True)
def run_once(moves, uniform):
    for i in range(moves.shape[0]):
        does, y = moves[i, 0], moves[i, 1]
        if does < 0:
            pass
{once}


@numba.njit(error_model="numpy", cache=True)
def run_each(moves, uniform, file, start, count, out):
    for i in range(moves.shape[0]):
        does, y = moves[i, 0], moves[i, 1]
        if does < 0:
            pass
{each}
'''
_FUNCTION = 'f_{name} = jit(OPS["{name}"].scalar)'
_TOTAL = """

@numba.njit(error_model="numpy", fastmath={{"reassoc"}})
def total_{opcode}({operands}, count):
    total = 0.0
    for j in range(count):
        total += {call}
    return total
"""


@cache
def loop(names: tuple[str, ...]) -> tuple[ModuleType, dict[Key, int]]:
    """Give the loop over the ops of these names, and the opcodes of what it can do.

    It is written to a file, for Numba keeps the machine code of functions in files only: it is
    compiled once on each machine, not in each process.

    Raises
    ------
    ImportError
        If Numba is not installed.
    GraphError
        If an op cannot be compiled.
    """
    try:
        import numba
    except ImportError:
        raise ImportError("The compiled loop needs Numba: pip install 'stepgrad[fast]'") from None
    text, opcodes = _written(names)
    mark = hashlib.sha256((text + _meaning(names) + numba.__version__).encode()).hexdigest()[:16]
    module = _imported(f"stepgrad_loop_{mark}", text)
    try:
        nothing = np.zeros((0, 2), np.int64)
        module.run_once(nothing, np.zeros(0))
        module.run_each(nothing, np.zeros(0), np.zeros((0, 0)), 0, 0, np.zeros((0, 0)))
    except numba.core.errors.NumbaError as error:
        raise GraphError(
            f"numba: {', '.join(names[len(_ROWS) :])} cannot be compiled. Write the scalar "
            f"function of an op in plain Python and math, or use NumPy. {error}"
        ) from None
    return module, opcodes


def names_for(used: Iterable[str]) -> tuple[str, ...]:
    """List all rows of the table, so that one loop serves every program, then what else is used."""
    return (*_ROWS, *sorted(set(used) - set(_ROWS)))


def _written(names: tuple[str, ...]) -> tuple[str, dict[Key, int]]:
    """Write the module, and say which opcodes it understands."""
    once, each = [], []
    for op in map(OPS.__getitem__, names):
        options = "S" * len(op.defaults)
        once.append((op.name, "S" * len(op.domain) + options))
        patterns = ["VV", "VS", "SV"] if op.arity == 2 else ["V" * len(op.domain)]
        each += [(op.name, pattern + options) for pattern in patterns]
    pairs = [(PAIR, "V" + kinds) for kinds in ("VV", "VS", "SV", "SS")]
    totals = [
        (f"{SUM} {does}", kinds)
        for does, kinds in [(GIVE, "V"), ("mul", "VV"), ("mul", "VS"), *pairs]
    ]
    each += [*pairs, *totals, (GIVE, "V")]
    opcodes = {key: k for k, key in enumerate([*once, *each])}
    text = _MODULE.format(
        functions="\n".join(_FUNCTION.format(name=name) for name in names),
        totals="".join(_total(key, opcodes[key]) for key in totals),
        once="\n".join(_branch(key, opcodes[key]) for key in once),
        each="\n".join(_branch(key, opcodes[key]) for key in each),
    )
    return text, opcodes


def _branch(key: Key, opcode: int) -> str:
    """Write what is done for one opcode."""
    does, kinds = key
    read = [f"moves[i, {k}]" for k in range(2, 2 + len(kinds))]
    lines = [f"elif does == {opcode}:  # {does} {kinds}"]
    if "V" not in kinds:
        lines.append(f"    uniform[y] = {_call(does, [f'uniform[{place}]' for place in read])}")
        return _indented(lines)
    letters = "abcdefgh"[: len(kinds)]
    for letter, kind, place in zip(letters, kinds, read, strict=True):
        lines.append(f"    {letter} = {'file' if kind == 'V' else 'uniform'}[{place}]")
    call = _call(does, _elements(letters, kinds))
    if does.startswith(SUM):
        lines.append(f"    out[y, 0] += total_{opcode}({', '.join(letters)}, count)")
    elif does == GIVE:
        lines += ["    for j in range(count):", f"        out[y, start + j] = {call}"]
    else:
        lines += ["    for j in range(count):", f"        file[y, j] = {call}"]
    return _indented(lines)


def _total(key: Key, opcode: int) -> str:
    does, kinds = key
    letters = "abcdefgh"[: len(kinds)]
    call = _call(does, _elements(letters, kinds))
    return _TOTAL.format(opcode=opcode, operands=", ".join(letters), call=call)


def _elements(letters: str, kinds: str) -> list[str]:
    return [f"{x}[j]" if kind == "V" else x for x, kind in zip(letters, kinds, strict=True)]


def _call(does: str, operands: list[str]) -> str:
    """Write one operation on numbers."""
    does = does.removeprefix(SUM).strip()
    if does == GIVE:
        return operands[0]
    if does == PAIR:
        return f"f_add(f_mul({operands[0]}, {operands[1]}), {operands[2]})"
    return f"f_{does}({', '.join(operands)})"


def _indented(lines: list[str]) -> str:
    return "\n".join(f"        {line}" for line in lines)


def _meaning(names: tuple[str, ...]) -> str:
    """Describe what the ops compute, so that an edited row is compiled anew."""
    codes = (getattr(OPS[name].scalar, "__code__", None) for name in names)
    return str([(code.co_code, code.co_consts, code.co_names) for code in codes if code])


def _imported(name: str, text: str) -> ModuleType:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stepgrad"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where Numba looks for it
    spec.loader.exec_module(module)
    return module
