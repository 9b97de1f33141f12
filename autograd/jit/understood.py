"""Says which kinds of things a recording understands: what can be compared, or never changes."""

import builtins
import dis
import sys
from abc import ABCMeta
from enum import EnumMeta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path, PurePath
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    GenericAlias,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    ModuleType,
    UnionType,
    WrapperDescriptorType,
)
from typing import Any, NamedTuple

import numpy as np

from ..engine import Node
from ..ops import Op


class Words(NamedTuple):
    """Which names a function looks up, and what it imports."""

    looked_up: tuple[str, ...]
    imported: tuple[str, ...]  # with dots in front where it is relative
    all: tuple[str, ...]  # those of attributes, and texts that may be some
    catches: bool  # whether it has a place for errors


# What is the same wherever it is met again; their subclasses may hold more.
_ENDS = {
    *(int, float, complex, bool, str, bytes, type(None), type(...), type(NotImplemented)),
    *(range, slice, CodeType, GenericAlias, UnionType, type(np.mean), type(Words.looked_up)),
    *(WrapperDescriptorType, MethodDescriptorType, ClassMethodDescriptorType),
    *(GetSetDescriptorType, MemberDescriptorType),
}
# The same of modules that need not be loaded for it.
_OF_MODULES = {("decimal", "Decimal"), ("datetime", "datetime"), ("datetime", "date")}
_OF_MODULES |= {("datetime", "timedelta"), ("datetime", "timezone"), ("uuid", "UUID")}
# Modules whose functions give the same for the same arguments; random numbers are watched.
_PURE = {
    *(
        "abc",
        "bisect",
        "concurrent",
        "builtins",
        "cmath",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
    ),
    *("enum", "fractions", "functools", "heapq", "itertools", "math", "numbers", "operator"),
    *("random", "re", "reprlib", "statistics", "string", "textwrap", "types", "typing", "warnings"),
    *("_collections_abc", "_operator", "_functools", "_random", "numpy"),
}
# Builtins that look at, or do, what nobody compares.
_IMPURE = {"open", "input", "eval", "exec", "compile", "globals", "locals", "id", "type"}
_IMPURE |= {"__import__", "breakpoint"}
_SELF = ("self", "cls")
_OWN = __name__.partition(".")[0]
# By their place, for somebody else's package may be called nn, too.
_PACKAGES = Path(__file__).parents[2]
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE


@lru_cache(4096)
def words_of(code: CodeType) -> Words:
    """Read a function, and those written inside it."""
    looked_up: dict[str, None] = {}
    imported: dict[str, None] = {}
    names: dict[str, None] = {}
    catches = False
    for part in _codes(code):
        texts = (x for x in part.co_consts if isinstance(x, str) and x.isidentifier())
        names.update(dict.fromkeys([*part.co_names, *texts]))
        before: list[Any] = [0, 0]  # what was loaded last: the level of an import, and its names
        instructions = list(dis.get_instructions(part))
        for instruction, following in pairwise(instructions):
            if instruction.opname == "LOAD_CONST":
                before = [before[-1], instruction.argval]
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                is_of_self = following.opname == "LOAD_FAST" and following.argval in _SELF
                if not (instruction.argval == "type" and is_of_self):  # that is no number
                    looked_up[instruction.argval] = None
            elif instruction.opname == "IMPORT_NAME":
                imported["." * before[0] + instruction.argval] = None
            catches |= instruction.opname == "POP_EXCEPT"
    return Words(tuple(looked_up), tuple(imported), tuple(names), catches)


def is_end(x: Any) -> bool:
    """Whether something never changes, or is a node, whose number is read afresh."""
    kind = type(x)
    if kind in _ENDS or (kind.__module__, kind.__name__) in _OF_MODULES:
        return True
    return isinstance(x, np.generic | np.dtype | np.ufunc | Node | Op | PurePath)


def is_pure(module: str | None) -> bool:
    """Whether what a module gives follows from what it is given."""
    root = (module or "").partition(".")[0]
    return root in _PURE or is_own(module)


def is_impure(builtin: str) -> bool:
    """Whether a builtin tells, or does, what no recording repeats."""
    return builtin in _IMPURE or not hasattr(builtins, builtin)


@lru_cache(4096)
def is_own(module: str | None) -> bool:
    """Whether a module belongs to this project."""
    root = (module or "").partition(".")[0]
    if root not in (_OWN, "nn", "viz"):
        return False
    file = getattr(sys.modules.get(root), "__file__", None) or ""
    return Path(file).parent.parent == _PACKAGES


@lru_cache(4096)
def is_fixed(module: str | None) -> bool:
    """Whether a module is of this project or was installed: nobody changes it while it is used."""
    root = (module or "").partition(".")[0]
    if module is None or root in sys.stdlib_module_names or is_own(module):
        return True
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return not {"site-packages", "dist-packages"}.isdisjoint(Path(file).parts)


def is_open(x: Any) -> bool:
    """Whether something is a module that may change while it is used."""
    return isinstance(x, ModuleType) and not is_fixed(x.__name__)


def is_plain_class(kind: type) -> bool:
    """Whether a class is written in Python and made by nobody but Python, Enum or ABC."""
    return type(kind) in (type, ABCMeta, EnumMeta) and not is_in_c(kind)


def is_in_c(kind: type) -> bool:
    """Whether objects of a class may hold what Python does not see."""
    is_made_by_python = kind.__flags__ & _HEAP_TYPE
    return not is_made_by_python or isinstance(vars(kind).get("__new__"), BuiltinFunctionType)


def _codes(code: CodeType) -> list[CodeType]:
    found = [code]
    for part in found:  # it grows while it is read
        found += [x for x in part.co_consts if isinstance(x, CodeType)]
    return found
