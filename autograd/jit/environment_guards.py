"""What a function sees beside its arguments, which a recording freezes: globals, attributes."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from opcode import opmap
from pathlib import Path
from types import (
    BuiltinMethodType,
    CellType,
    CodeType,
    FunctionType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any, NamedTuple

import numpy as np

from ..engine import Node
from ..errors import GraphError
from ..ops import Op
from .equality import alike
from .randomness import is_generator

_MOST = 100_000  # objects that are looked at
GONE = object()
_CATCH = opmap["POP_EXCEPT"]  # which ends each handler of exceptions
_ENDS = (int, float, complex, str, bytes, type(None), np.generic, Node, Op)
_METHODS = (FunctionType, property, classmethod, staticmethod, MemberDescriptorType)
_FIXED = {__name__.partition(".")[0], *sys.stdlib_module_names}
# By their place, for somebody else's package may be called nn, too.
_BESIDE = tuple(str(Path(__file__).parents[2] / name) + os.sep for name in ("nn", "viz"))


class Sight(NamedTuple):
    """One thing a function can see, and what it was."""

    holder: Any
    where: Any
    look: Callable[[], Any]
    seen: Any

    @property
    def key(self) -> tuple[int, Any]:
        """Say of what it is the sight."""
        return id(self.holder), self.where

    def is_unchanged(self) -> bool:
        """Look again."""
        found = self.look()
        return found is self.seen or alike(found, self.seen)

    def is_counted(self) -> bool:
        """Whether it changed as what keeps count: a number went up by one, a list got longer."""
        return _is_count(self.seen, self.look())


class Surroundings:
    """What can be reached from some objects by closures, globals, attributes and containers.

    Nodes and arrays are not looked into, nor is what is installed. Of other modules those names
    are looked at that a function uses.

    Parameters
    ----------
    roots : iterable
        Functions, and objects among their arguments.
    name : str
        Of the function that is recorded.

    Raises
    ------
    GraphError
        If there is more than can be looked at in each call.
    """

    def __init__(self, roots: Iterable[Any], name: str) -> None:
        self.sights: list[Sight] = []
        self.generators: list[Any] = []
        self.arrays: list[np.ndarray[Any, Any]] = []
        self.can_catch = False  # whether a function among them has a place for errors
        found: list[Any] = [tuple(roots)]
        reached: dict[int, Any] = {}
        for x in found:
            for part in self._parts(x):
                if id(part) not in reached and not isinstance(part, _ENDS):
                    reached[id(part)] = part
                    (self.arrays if isinstance(part, np.ndarray) else found).append(part)
            if len(found) > _MOST:
                raise GraphError(
                    f"{name}: it can reach more than {_MOST:,} objects, each of which compile "
                    "would compare at each call. Give it only what it needs, or call __wrapped__."
                )

    def _parts(self, x: Any) -> Iterator[Any]:
        """List what can be reached from an object, and note what could change."""
        if is_generator(x):
            self.generators.append(x)
        elif isinstance(x, ModuleType):
            return
        elif isinstance(x, type):
            yield from self._shared_by(x)
        elif isinstance(x, FunctionType):
            yield from self._seen_by(x)
        elif isinstance(x, list | set | dict):
            self._note(x, None, x.copy)
            yield from x.values() if isinstance(x, dict) else x
        elif isinstance(x, tuple | frozenset):
            yield from x
        else:
            yield from self._held_by(x)

    def _held_by(self, x: Any) -> Iterator[Any]:
        """List what an object holds, or the function that it stands for."""
        held = getattr(x, "__dict__", {})
        if isinstance(x, MethodType):
            yield from (x.__func__, x.__self__)
        elif isinstance(x, BuiltinMethodType):
            yield x.__self__
        elif isinstance(x, partial):
            yield from (x.func, *x.args, *x.keywords.values())
        elif isinstance(x, property):
            yield x.fget
        elif isinstance(x, staticmethod | classmethod):
            yield x.__func__
        elif "__wrapped__" in held:
            yield held["__wrapped__"]
        else:
            yield type(x)
            yield from self._attributes(x, held)
            state = object.__getstate__(x)
            for name in state[1] if isinstance(state, tuple) else ():  # slots
                yield self._note(x, name, partial(getattr, x, name, GONE))

    def _seen_by(self, f: FunctionType) -> Iterator[Any]:
        cells = [self._note(cell, None, partial(_held, cell)) for cell in f.__closure__ or ()]
        yield from cells
        codes = list(_codes(f.__code__))
        names = dict.fromkeys(name for code in codes for name in code.co_names)
        imported = (sys.modules.get(name) for name in names)
        spaces = [f.__globals__, *(vars(x) for x in (*cells, *imported) if _is_open(x))]
        is_fixed = _is_fixed(f.__globals__.get("__name__"))
        self.can_catch |= not is_fixed and any(_CATCH in code.co_code[::2] for code in codes)
        for space in spaces if not is_fixed else ():
            for name in names:
                held = space.get(name, GONE)
                if _is_open(held) and not any(vars(held) is known for known in spaces):
                    spaces.append(vars(held))
                if held is not GONE and (_is_open(held) or not isinstance(held, ModuleType)):
                    yield self._note(space, name, partial(space.get, name, GONE))
        yield from (*(f.__defaults__ or ()), *(f.__kwdefaults__ or {}).values())
        if f.__dict__:
            yield from self._attributes(f, f.__dict__)

    def _attributes(self, x: Any, held: dict[str, Any]) -> Iterator[Any]:
        self._note(x, None, partial(tuple, held))
        for name in list(held):
            yield self._note(x, name, partial(held.get, name, GONE))

    def _shared_by(self, kind: type) -> Iterator[Any]:
        """List what objects of a class share: its methods and other attributes."""
        for name, held in vars(kind).items() if not _is_fixed(kind.__module__) else ():
            if not name.startswith("__") and not isinstance(held, _METHODS):
                self._note(kind, name, partial(vars(kind).get, name, GONE))
            yield held
        yield from kind.__bases__

    def _note(self, holder: Any, where: Any, look: Callable[[], Any]) -> Any:
        seen = look()
        self.sights.append(Sight(holder, where, look, seen))
        return seen


def _is_count(before: Any, after: Any) -> bool:
    if before.__class__ is not after.__class__:
        return False
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(
            map(_is_count, before.values(), after.values())
        )
    if isinstance(before, list):
        more = after[len(before) :]
        results = (isinstance(x, Node) and x.op for x in more)
        return len(before) <= len(after) and all(map(_is_count, before, after)) and not any(results)
    return alike(before, after) or (before.__class__ is int and after == before + 1)


@cache
def _is_fixed(module: str | None) -> bool:
    """Whether a module is of this project or was installed: nobody changes it while it is used."""
    if module is None or module.partition(".")[0] in _FIXED:
        return True
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    installed = {"site-packages", "dist-packages"}
    return file.startswith(_BESIDE) or not installed.isdisjoint(Path(file).parts)


def _is_open(x: Any) -> bool:
    """Whether something is a module that may change while it is used."""
    return isinstance(x, ModuleType) and not _is_fixed(x.__name__)


def _held(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return GONE


def _codes(code: CodeType) -> Iterator[CodeType]:
    """List the code of a function, and that of functions written inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
