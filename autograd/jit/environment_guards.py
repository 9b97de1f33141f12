"""What a function sees beside its arguments, which a recording freezes: globals, attributes."""

import sys
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from importlib.util import resolve_name
from types import (
    BuiltinMethodType,
    CellType,
    FunctionType,
    MethodType,
    ModuleType,
    SimpleNamespace,
)
from typing import Any, NamedTuple

import numpy as np

from .equality import alike
from .randomness import is_generator
from .understood import (
    is_end,
    is_fixed,
    is_impure,
    is_in_c,
    is_open,
    is_plain_class,
    is_pure,
    words_of,
)

_MOST = 100_000  # objects that are looked at
GONE = object()
NAMES = object()  # where a sight is of the names of attributes
CONTENTS = object()  # where it is of the numbers of an array
_UNDERSTOOD = {object, list, set, dict, tuple, frozenset, int, float, complex, str, bytes}
_UNDERSTOOD |= {defaultdict, OrderedDict, SimpleNamespace}
_MAKES = {"__init__", "__new__", "__post_init__"}  # they are called by the name of the class
# What classes hold for type checkers, for dataclasses, for ABC and for pickle.
_FOR_OTHERS = {"__annotations__", "__orig_bases__", "__parameters__", "_abc_impl"}
_FOR_OTHERS |= {"__dataclass_fields__", "__dataclass_params__", "__match_args__"}


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

    def __str__(self) -> str:
        """Say what it is the sight of."""
        if isinstance(self.where, str):
            return self.where
        kind = type(self.holder).__name__
        return f"attributes of a {kind}" if self.where is NAMES else f"a {kind}"


class Surroundings:
    """What can be reached from some objects by closures, globals, attributes and containers.

    Nodes are not looked into, nor are functions that are installed. Of other modules those names
    are looked at that a function uses.

    Parameters
    ----------
    roots : iterable
        Functions, and objects among their arguments.

    Attributes
    ----------
    sights : list of Sight
        All that could change.
    unknown : str or None
        What was met first that is not understood, so that nobody can say whether it changed.
    """

    def __init__(self, roots: Iterable[Any]) -> None:
        self.sights: list[Sight] = []
        self.generators: list[Any] = []
        self.arrays: list[np.ndarray[Any, Any]] = []
        self.unknown: str | None = None
        self._named: set[str] = set()  # what functions so far call by name
        self._uncalled: dict[str, list[Any]] = {}  # methods by names that none has called
        self.can_catch = False  # whether a function among them has a place for errors
        found: list[Any] = [tuple(roots)]
        reached: dict[int, Any] = {}
        for x in found:
            for part in self._parts(x):
                if id(part) not in reached and not is_end(part):
                    reached[id(part)] = part
                    (self.arrays if type(part) is np.ndarray else found).append(part)
            if len(found) > _MOST:
                self._not_understood(f"more than {_MOST:,} objects")
                break

    def _not_understood(self, what: str) -> None:
        self.unknown = self.unknown or what

    def _parts(self, x: Any) -> Iterator[Any]:
        """List what can be reached from an object, and note what could change."""
        look = _LOOKS.get(type(x))
        if is_generator(x):
            self.generators.append(x)
        elif isinstance(x, type):
            yield from self._shared_by(x)
        elif type(x).__module__ == f"{__package__}.compiled":
            yield x.__wrapped__
        elif look:
            yield from look(self, x)
        else:
            yield from self._held_by(x)

    def _of_module(self, x: ModuleType) -> tuple[()]:
        if not (is_open(x) or is_pure(x.__name__)):
            self._not_understood(f"the module {x.__name__}")
        return ()

    def _contents(self, x: Any, base: Any) -> Iterator[Any]:
        self._note(x, None, partial(base.copy, x))
        yield from base.__iter__(x)
        if base is dict:
            yield from dict.values(x)

    def _of_c(self, x: Any) -> Iterator[Any]:
        """List what a function written in C works with."""
        if isinstance(x.__self__, ModuleType | None):
            if not is_pure(x.__module__) or (is_impure(x.__name__) and x.__module__ == "builtins"):
                self._not_understood(f"{x.__module__}.{x.__name__}")
        else:
            yield x.__self__

    def _held_by(self, x: Any) -> Iterator[Any]:
        """List what an object of a class written in Python holds, and what its class does."""
        kind = type(x)
        made_in_c = [each for each in kind.__mro__ if is_in_c(each)]
        if set(made_in_c) - _UNDERSTOOD:
            self._not_understood(f"something of the class {kind.__name__}")
            return
        yield self._note(x, "__class__", partial(type, x))
        for base in {list, set, dict}.intersection(made_in_c):
            yield from self._contents(x, base)
        if defaultdict in made_in_c:
            yield x.default_factory
        for fixed in (tuple, frozenset):
            if fixed in made_in_c:
                yield from fixed.__iter__(x)
        yield from self._attributes(x, getattr(x, "__dict__", {}))
        state = object.__getstate__(x)
        for name in state[1] if isinstance(state, tuple) else ():  # slots
            yield self._note(x, name, partial(getattr, x, name, GONE))

    def _seen_by(self, f: FunctionType) -> Iterator[Any]:
        yield from [self._note(cell, None, partial(_held, cell)) for cell in f.__closure__ or ()]
        module = f.__globals__.get("__name__")
        if module is not None and is_fixed(module):
            if not is_pure(module):
                self._not_understood(f"{module}.{f.__name__}")
        else:
            yield from self._note(f, None, _definition_of(f))[1:]
            yield from self._looked_up(f)
        if f.__dict__:
            yield from self._attributes(f, f.__dict__)

    def _looked_up(self, f: FunctionType) -> Iterator[Any]:
        """List what a function finds by name: in its globals, and in modules that may change."""
        words = words_of(f.__code__)
        self.can_catch |= words.catches
        cells = (_held(cell) for cell in f.__closure__ or ())
        package = f.__globals__.get("__package__")
        names = [resolve_name(name, package) for name in words.imported]
        imported = [self._note(sys.modules, x, partial(sys.modules.get, x, GONE)) for x in names]
        yield from (x for x in imported if x is not GONE)
        spaces = [f.__globals__, *(vars(x) for x in (*cells, *imported) if is_open(x))]
        for name in words.looked_up:
            if name not in f.__globals__ and is_impure(name):
                self._not_understood(f"{name}()")
        yield from self._called(words.all)
        for k, space in enumerate(spaces):
            for name in words.all if k else words.looked_up:
                held = space.get(name, GONE)
                if is_open(held) and not any(vars(held) is known for known in spaces):
                    spaces.append(vars(held))
                if held is not GONE or k == 0:
                    yield self._note(space, name, partial(space.get, name, GONE))

    def _called(self, names: Iterable[str]) -> Iterator[Any]:
        """List the methods of these names that were met before; later ones are listed at once."""
        for name in names:
            self._named.add(name)
            yield from self._uncalled.pop(name, ())

    def _attributes(self, x: Any, held: dict[str, Any]) -> Iterator[Any]:
        self._note(x, NAMES, partial(tuple, held))
        for name in list(held):
            yield self._note(x, name, partial(held.get, name, GONE))

    def _shared_by(self, kind: type) -> Iterator[Any]:
        """List what objects of a class share: its methods and other attributes."""
        if is_in_c(kind):
            if not is_pure(kind.__module__):
                self._not_understood(f"the class {kind.__name__}")
            return
        if not is_plain_class(kind):
            self._not_understood(f"the metaclass of {kind.__name__}")
        if is_fixed(kind.__module__) and not is_pure(kind.__module__):
            self._not_understood(f"the class {kind.__name__}, which is installed")
        names, held, _ = self._note(kind, None, partial(_shared, kind))
        if not is_fixed(kind.__module__):
            for name, x in zip(names, held, strict=True):
                if name in _FOR_OTHERS:
                    continue
                called = kind.__name__ if name in _MAKES else name
                if called in self._named or (called is name and name.startswith("__")):
                    yield x
                else:
                    self._uncalled.setdefault(called, []).append(x)
        else:
            yield from self._called(names)  # by itself, whatever a subclass makes of them
            yield from (x for x in held if _is_foreign(x))  # somebody gave it other methods
        yield from kind.__bases__

    def _note(self, holder: Any, where: Any, look: Callable[[], Any]) -> Any:
        seen = look()
        self.sights.append(Sight(holder, where, look, seen))
        return seen


_LOOKS: dict[type, Callable[[Surroundings, Any], Iterable[Any]]] = {
    ModuleType: Surroundings._of_module,
    FunctionType: Surroundings._seen_by,
    BuiltinMethodType: Surroundings._of_c,
    MethodType: lambda _, x: (x.__func__, x.__self__),
    partial: lambda _, x: (x.func, x.args, x.keywords, x.__dict__),
    property: lambda _, x: (x.fget, x.fset),
    cached_property: lambda _, x: (x.func,),
    staticmethod: lambda _, x: (x.__func__,),
    classmethod: lambda _, x: (x.__func__,),
    tuple: lambda _, x: x,
    frozenset: lambda _, x: x,
    list: lambda around, x: around._contents(x, list),
    set: lambda around, x: around._contents(x, set),
    dict: lambda around, x: around._contents(x, dict),
}


def _is_foreign(x: Any) -> bool:
    return isinstance(x, FunctionType) and not is_fixed(x.__globals__.get("__name__"))


def _definition_of(f: FunctionType) -> Callable[[], tuple[Any, ...]]:
    """Look at the code and the defaults of a function: the same tuple if they are the same."""
    code, defaults, by_name = seen = f.__code__, f.__defaults__, f.__kwdefaults__

    def look() -> tuple[Any, ...]:
        if f.__code__ is code and f.__defaults__ is defaults and f.__kwdefaults__ is by_name:
            return seen
        return f.__code__, f.__defaults__, f.__kwdefaults__

    return look


def _shared(kind: type) -> tuple[tuple[Any, ...], ...]:
    return tuple(vars(kind)), tuple(vars(kind).values()), kind.__bases__


def _held(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return GONE
