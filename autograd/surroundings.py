"""What a function sees beside its arguments: what a recording freezes, and random generators."""

import pickle
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from .node import Node
from .op import Op

_MOST = 100_000  # objects that are looked at
_GONE = object()
_BY_VALUE = (int, float, str, list, dict, set)  # other things are the same if they are identical
_ENDS = (int, float, complex, str, bytes, type(None), np.ndarray, np.generic)
_GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)
_FIXED = {__name__.partition(".")[0], *sys.stdlib_module_names}


class Sight(NamedTuple):
    """One thing a function can see, and what it was."""

    key: tuple[int, Any]  # the object that holds it, and where
    look: Callable[[], Any]
    seen: Any

    def is_unchanged(self) -> bool:
        """Look again."""
        found, seen = self.look(), self.seen
        if found is seen:
            return True
        if found.__class__ is not seen.__class__ or not isinstance(found, _BY_VALUE):
            return False
        try:
            return bool(found == seen)
        except ValueError:  # lists of other arrays
            return False


class Surroundings:
    """What can be reached from some objects by closures, globals, attributes and containers.

    Nodes and arrays are not looked into, nor are modules, and what is installed.

    Parameters
    ----------
    roots : iterable
        Functions, and objects among their arguments.
    """

    def __init__(self, roots: Iterable[Any]) -> None:
        self.sights: list[Sight] = []
        self._generators: list[Any] = []
        found = list(roots)
        reached = {id(x): x for x in found}
        for x in found:
            for part in self._parts(x):
                if id(part) not in reached and not isinstance(part, _ENDS) and len(found) < _MOST:
                    reached[id(part)] = part
                    found.append(part)

    def random_states(self) -> list[bytes]:
        """Give what changes when a random number is drawn."""
        states = [np.random.get_state(), random.getstate()]  # noqa: NPY002, others may use it
        for x in self._generators:
            if isinstance(x, np.random.Generator):
                states.append(x.bit_generator.state)
            elif isinstance(x, np.random.RandomState):
                states.append(x.get_state())
            elif not isinstance(x, random.SystemRandom):
                states.append(x.getstate())
        return [pickle.dumps(state) for state in states]

    def _parts(self, x: Any) -> Iterator[Any]:
        """List what can be reached from an object, and note what could change."""
        if isinstance(x, _GENERATORS):
            self._generators.append(x)
        elif isinstance(x, Node | Op | ModuleType):
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
            self._note(x, None, partial(list, held))
            for name in list(held):
                yield self._note(x, name, partial(held.get, name, _GONE))
            state = object.__getstate__(x)
            for name in state[1] if isinstance(state, tuple) else ():  # slots
                yield self._note(x, name, partial(getattr, x, name, _GONE))

    def _seen_by(self, f: FunctionType) -> Iterator[Any]:
        for cell in f.__closure__ or ():
            yield self._note(cell, None, partial(_held, cell))
        around = {} if _is_fixed(f.__globals__.get("__name__")) else f.__globals__
        for name in dict.fromkeys(_names(f.__code__)):
            if name in around and not isinstance(around[name], Op | ModuleType):
                yield self._note(around, name, partial(around.get, name, _GONE))
        yield from (*(f.__defaults__ or ()), *(f.__kwdefaults__ or {}).values())

    def _shared_by(self, kind: type) -> Iterator[Any]:
        """List what objects of a class share: its methods and other attributes."""
        for name, held in vars(kind).items() if not _is_fixed(kind.__module__) else ():
            if isinstance(held, int | float | str) and not name.startswith("__"):
                self._note(kind, name, partial(getattr, kind, name, _GONE))
            yield held
        yield from kind.__bases__

    def _note(self, holder: Any, where: Any, look: Callable[[], Any]) -> Any:
        seen = look()
        self.sights.append(Sight((id(holder), where), look, seen))
        return seen


@cache
def _is_fixed(module: str | None) -> bool:
    """Whether a module was installed, so that nobody changes it while it is used."""
    if module is None or module.partition(".")[0] in _FIXED:
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    return file is not None and not {"site-packages", "dist-packages"}.isdisjoint(Path(file).parts)


def _held(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return _GONE


def _names(code: CodeType) -> Iterator[str]:
    """List the names that a function uses, with those of functions written inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
