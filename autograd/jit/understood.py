"""Says which kinds of things a recording understands: what can be compared, or never changes."""

import builtins
import dis
import sys
from abc import ABCMeta
from enum import EnumMeta
from functools import lru_cache
from itertools import chain, pairwise
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
    *(range, slice, CodeType, GenericAlias, UnionType, type(Words.looked_up)),
    *(WrapperDescriptorType, MethodDescriptorType, ClassMethodDescriptorType),
    *(GetSetDescriptorType, MemberDescriptorType),
}
# The same of modules that need not be loaded for it.
_OF_MODULES = {("decimal", "Decimal"), ("datetime", "datetime"), ("datetime", "date")}
_OF_MODULES |= {("datetime", "timedelta"), ("datetime", "timezone"), ("uuid", "UUID")}
# Modules whose functions give the same for the same arguments; random numbers are watched.
_PURE = {
    *("abc", "bisect", "builtins", "cmath", "collections", "concurrent", "contextlib", "copy"),
    *("dataclasses", "enum", "fractions", "functools", "heapq", "itertools", "math", "numbers"),
    *("operator", "re", "reprlib", "statistics", "string", "textwrap", "types", "typing"),
    *("warnings", "collections_abc", "numpy"),
}
_RANDOM = {"random", "numpy.random"}  # modules of which methods are watched by what they draw from
# Builtins, and functions of NumPy, that look at, or do, what nobody compares.
_IMPURE = {"open", "input", "eval", "exec", "compile", "globals", "locals", "id", "type"}
_IMPURE |= {"__import__", "breakpoint"}
_IMPURE_OF_NUMPY = {"load", "loadtxt", "genfromtxt", "fromfile", "fromregex", "memmap"}
_IMPURE_OF_NUMPY |= {"get_printoptions", "geterr", "geterrcall", "getbufsize"}
_SELF = ("self", "cls")
_OWN = __name__.partition(".")[0]
# By their place, for somebody else's package may be called nn, too.
_PACKAGES = Path(__file__).parents[2]
_STDLIB = Path(dis.__file__).parent
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
    """Whether something never changes."""
    kind = type(x)
    if kind in _ENDS or (kind.__module__, kind.__name__) in _OF_MODULES:
        return True
    if isinstance(x, np.ufunc):
        return vars(np).get(x.__name__) is x  # one of Python functions may do anything
    return isinstance(x, np.generic | np.dtype | Op | PurePath) and not isinstance(x, np.void)


def is_pure(module: str | None, name: str = "") -> bool:
    """Whether what a module, or a function of it, gives follows from what it is given."""
    module = (module or "").removeprefix("_")
    root = module.partition(".")[0]
    if root == "builtins" and (name in _IMPURE or (name and not hasattr(builtins, name))):
        return False
    if root == "numpy" and (name in _IMPURE_OF_NUMPY or module.startswith("numpy.random")):
        return False
    return root in _PURE or is_own(module)


@lru_cache(4096)
def is_own(module: str | None) -> bool:
    """Whether a module belongs to this project."""
    root = (module or "").partition(".")[0]
    if root not in (_OWN, "nn", "viz"):
        return False
    file = getattr(sys.modules.get(root), "__file__", None) or ""
    return Path(file).parent.parent == _PACKAGES


def is_fixed(module: str | None) -> bool:
    """Whether a module is of this project or was installed: nobody edits it while it is used."""
    return module is None or not is_open(sys.modules.get(module), module)


def is_open(module: Any, name: str) -> bool:
    """Whether a module, of which sys.modules may know nothing, may be edited while it is used."""
    return not _is_installed(name, getattr(module, "__dict__", {}).get("__file__"))


def gives_numbers(module: ModuleType) -> bool:
    """Whether of a module those names can be looked at that are used; others do something else."""
    name = module.__name__
    return is_open(module, name) or is_pure(name) or name in _RANDOM


@lru_cache(4096)
def _is_installed(name: str, file: Any) -> bool:
    if is_own(name):
        return True
    parts = Path(file).parts if isinstance(file, str) else ()
    if name.partition(".")[0] in sys.stdlib_module_names:
        return not parts or Path(file).is_relative_to(_STDLIB)
    return not {"site-packages", "dist-packages"}.isdisjoint(parts)


def is_plain_class(kind: type) -> bool:
    """Whether a class is written in Python and made by nobody but Python, Enum or ABC."""
    return type(kind) in (type, ABCMeta, EnumMeta) and not is_in_c(kind)


@lru_cache(4096)
def slots_of(kind: type) -> tuple[str, ...]:
    """List the names of slots that objects of a class have, filled or not."""
    held = chain.from_iterable(vars(each).items() for each in kind.__mro__)
    return tuple(name for name, x in held if type(x) is MemberDescriptorType)


def is_in_c(kind: type) -> bool:
    """Whether objects of a class may hold what Python does not see."""
    is_made_by_python = kind.__flags__ & _HEAP_TYPE
    return not is_made_by_python or isinstance(vars(kind).get("__new__"), BuiltinFunctionType)


def _codes(code: CodeType) -> list[CodeType]:
    found = [code]
    for part in found:  # it grows while it is read
        found += [x for x in part.co_consts if isinstance(x, CodeType)]
    return found
