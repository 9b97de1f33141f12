"""Writes the compiled loop over the moves of a schedule, out of the table of ops."""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import ModuleType

import numpy as np

from ...errors import GraphError
from ...files import write_whole
from ...ops import Op
from ...ops import elementwise as ops
from .schedule import GIVE, PAIR, SUM

Key = tuple[str, str]  # what a move does, and the kinds of its operands
Words = dict[str, str]  # what the functions of ops are called in the loop

_TABLE = tuple(op for op in vars(ops).values() if isinstance(op, Op))
_MODULE = '''"""The compiled loop of stepgrad's tapes, written from its table of ops."""

import numba

from autograd import OPS


def jit(function):
    """Compile what is written in Python; functions of math and operator are known already."""
    function = getattr(function, "written", function)  # arrays of floats cast, too
    python = hasattr(function, "__code__")
    return numba.njit(error_model="numpy")(function) if python else function


{functions}
{totals}

@numba.njit(error_model="numpy", cache={cache})
def run_once(moves, uniform):
    for i in range(moves.shape[0]):
        does, y = moves[i, 0], moves[i, 1]
        if does < 0:
            pass
{once}


@numba.njit(error_model="numpy", cache={cache})
def run_each(moves, uniform, file, start, count, out):
    for i in range(moves.shape[0]):
        does, y = moves[i, 0], moves[i, 1]
        if does < 0:
            pass
{each}
'''
_FUNCTION = "f{k} = jit(OPS[{name!r}].scalar)"
_TOTAL = """

@numba.njit(error_model="numpy", fastmath={{"reassoc"}})
def total_{opcode}({operands}, count):
    total = 0.0
    for j in range(count):
        total += {call}
    return total
"""


@cache
def loop(known: tuple[Op, ...]) -> tuple[ModuleType, dict[Key, int]]:
    """Give a loop over some ops, and the opcodes of what it can do.

    That over the whole table is kept on disk. Others are compiled in each process: nobody knows
    what the functions of their ops refer to.

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
    text, opcodes = _written(known)
    try:
        module = _kept(text, numba.__version__) if known == _TABLE else _compiled(_executed(text))
    except numba.core.errors.NumbaError as error:
        raise GraphError(
            f"numba: {', '.join(op.name for op in known if op not in _TABLE)} cannot be compiled. "
            "Write the scalar function of an op in plain Python and math, or use NumPy."
        ) from error
    return module, opcodes


def loop_for(used: Iterable[Op]) -> tuple[ModuleType, dict[Key, int]]:
    """Give a loop that knows these ops: that of the table, if it has them all."""
    wanted = {*used, ops.add, ops.mul}
    for op in wanted:
        if op.arity is None:
            raise GraphError(
                f"numba: {op.name} takes any number of operands, and the compiled loop a few. "
                "Use NumPy."
            )
    in_table = wanted <= set(_TABLE)
    return loop(_TABLE if in_table else tuple(sorted(wanted, key=attrgetter("name"))))


def _written(known: tuple[Op, ...]) -> tuple[str, dict[Key, int]]:
    """Write the module, and say which opcodes it understands."""
    once, each = [], []
    for op in known:
        options = "S" * len(op.defaults)
        once.append((op.name, "S" * len(op.domain) + options))
        patterns = ["VV", "VS", "SV"] if op.arity == 2 else ["V" * len(op.domain)]
        each += [(op.name, pattern + options) for pattern in patterns]
    pairs = [(PAIR, "V" + kinds) for kinds in ("VV", "VS", "SV", "SS")]
    summed = [(GIVE, "V"), ("mul", "VV"), ("mul", "VS"), *pairs]
    totals = [(f"{SUM} {does}", kinds) for does, kinds in summed]
    each += [*pairs, *totals, (GIVE, "V")]
    opcodes = {key: k for k, key in enumerate([*once, *each])}
    words = {op.name: f"f{k}" for k, op in enumerate(known)}
    text = _MODULE.format(
        cache=known == _TABLE,
        functions="\n".join(_FUNCTION.format(k=k, name=op.name) for k, op in enumerate(known)),
        totals="".join(_total(key, opcodes[key], words) for key in totals),
        once="\n".join(_branch(key, opcodes[key], words) for key in once),
        each="\n".join(_branch(key, opcodes[key], words) for key in each),
    )
    return text, opcodes


def _branch(key: Key, opcode: int, words: Words) -> str:
    """Write what is done for one opcode."""
    does, kinds = key
    read = [f"moves[i, {k}]" for k in range(2, 2 + len(kinds))]
    lines = [f"elif does == {opcode}:  # {does} {kinds}"]
    if "V" not in kinds:
        call = _call(does, [f"uniform[{place}]" for place in read], words)
        return _indented([*lines, f"    uniform[y] = {call}"])
    letters = "abcdefgh"[: len(kinds)]
    for letter, kind, place in zip(letters, kinds, read, strict=True):
        lines.append(f"    {letter} = {'file' if kind == 'V' else 'uniform'}[{place}]")
    call = _call(does, _elements(letters, kinds), words)
    if does.startswith(SUM):
        lines.append(f"    out[y, 0] += total_{opcode}({', '.join(letters)}, count)")
    elif does == GIVE:
        lines += ["    for j in range(count):", f"        out[y, start + j] = {call}"]
    else:
        lines += ["    for j in range(count):", f"        file[y, j] = {call}"]
    return _indented(lines)


def _total(key: Key, opcode: int, words: Words) -> str:
    does, kinds = key
    letters = "abcdefgh"[: len(kinds)]
    call = _call(does, _elements(letters, kinds), words)
    return _TOTAL.format(opcode=opcode, operands=", ".join(letters), call=call)


def _elements(letters: str, kinds: str) -> list[str]:
    return [f"{x}[j]" if kind == "V" else x for x, kind in zip(letters, kinds, strict=True)]


def _call(does: str, operands: list[str], words: Words) -> str:
    """Write one operation on numbers."""
    does = does.removeprefix(SUM).strip()
    if does == GIVE:
        return operands[0]
    if does == PAIR:
        a, b, c = operands
        return f"{words['add']}({words['mul']}({a}, {b}), {c})"
    return f"{words[does]}({', '.join(operands)})"


def _indented(lines: list[str]) -> str:
    return "\n".join(f"        {line}" for line in lines)


def _kept(text: str, version: str) -> ModuleType:
    """Compile a module from its file, or take what Numba kept beside it.

    What is kept only saves time: if it is damaged, or the disk is full, the module is compiled for
    this process alone, and the next one finds the place cleared.
    """
    try:
        return _compiled(_imported(text, version))
    except Exception:  # unpickling a damaged file may raise anything
        with suppress(OSError):
            path = _place(text, version)
            for made in path.parent.glob(f"**/{path.stem}.*"):
                made.unlink()
        return _compiled(_executed(_uncached(text)))


def _imported(text: str, version: str) -> ModuleType:
    """Import a module from a file, which is written where it does not hold this text."""
    path, data = _place(text, version), text.encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != data:
            write_whole(path, data)
    except OSError:  # there is no place for files
        return _executed(_uncached(text))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # where Numba looks for it
    spec.loader.exec_module(module)
    return module


def _place(text: str, version: str) -> Path:
    """Name a file by all that a module depends on."""
    meaning = Path(ops.__file__).read_bytes() + (text + version).encode()
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stepgrad"
    return folder / f"stepgrad_loop_{hashlib.sha256(meaning).hexdigest()[:16]}.py"


def _uncached(text: str) -> str:
    return text.replace("cache=True", "cache=False")


def _executed(text: str) -> ModuleType:
    module = ModuleType("stepgrad_loop")
    exec(text, vars(module))
    return module


def _compiled(module: ModuleType) -> ModuleType:
    """Let both loops be compiled, or be read from files."""
    nothing = np.zeros((0, 2), np.int64)
    module.run_once(nothing, np.zeros(0))
    module.run_each(nothing, np.zeros(0), np.zeros((0, 0)), 0, 0, np.zeros((0, 0)))
    return module
