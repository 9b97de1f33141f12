"""What a function sees beside its arguments: what a recording freezes, and random generators."""

import pickle
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from .node import Node
from .op import Op

_MOST = 100_000  # objects that are looked at
_GONE = object()
_BY_VALUE = {int, float, str, bool, list, dict, set}  # others are the same if they are identical
_ENDS = (int, float, complex, str, bytes, type(None), np.ndarray, np.generic)
_GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)
_FIXED = {__name__.partition(".")[0], "numpy", *sys.stdlib_module_names}  # their globals are


class Sight(NamedTuple):
    """One thing a function can see, and what it was."""

    name: str
    key: tuple[int, Any]  # the object that holds it, and where
    look: Callable[[], Any]
    seen: Any

    def is_unchanged(self) -> bool:
        """Look again."""
        found, seen = self.look(), self.seen
        if found is seen:
            return True
        if found.__class__ is not seen.__class__ or found.__class__ not in _BY_VALUE:
            return False
        try:
            return bool(found == seen)
        except ValueError:  # lists of other arrays
            return False


class Surroundings:
    """What can be reached from some objects by closures, globals, attributes and containers.

    Nodes and arrays are not looked into, nor are modules of Python and classes.

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
        """List what an object holds, and note what could change."""
        if isinstance(x, _GENERATORS):
            self._generators.append(x)
        elif isinstance(x, Node | Op | ModuleType | type):
            return
        elif isinstance(x, FunctionType):
            yield from self._seen_by(x)
        elif isinstance(x, MethodType):
            yield from (x.__func__, x.__self__)
        elif isinstance(x, partial):
            yield from (x.func, *x.args, *x.keywords.values())
        elif isinstance(x, list | set | dict):
            self._note(f"a {type(x).__name__}", x, None, x.copy)
            yield from x.values() if isinstance(x, dict) else x
        elif isinstance(x, tuple | frozenset):
            yield from x
        elif hasattr(x, "__wrapped__"):
            yield x.__wrapped__
        else:
            yield type(x).__call__ if callable(x) else None
            held = getattr(x, "__dict__", {})
            for name in list(held):
                yield self._note(
                    f"{type(x).__name__}.{name}", x, name, partial(held.get, name, _GONE)
                )

    def _seen_by(self, f: FunctionType) -> Iterator[Any]:
        for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
            yield self._note(name, cell, None, partial(_held, cell))
        home = f.__globals__.get("__name__", "").partition(".")[0]
        for name in _names(f.__code__):
            if name in f.__globals__ and home not in _FIXED:
                look = partial(f.__globals__.get, name, _GONE)
                yield self._note(name, f.__globals__, name, look)
        yield from (*(f.__defaults__ or ()), *(f.__kwdefaults__ or {}).values())

    def _note(self, name: str, holder: Any, where: Any, look: Callable[[], Any]) -> Any:
        seen = look()
        self.sights.append(Sight(name, (id(holder), where), look, seen))
        return seen


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
