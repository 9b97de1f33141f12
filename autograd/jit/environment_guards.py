"""What a function sees beside its arguments, which a recording freezes: globals, attributes."""

import builtins
import sys
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from importlib.util import resolve_name
from itertools import filterfalse
from operator import attrgetter
from types import (
    BuiltinMethodType,
    FunctionType,
    MethodType,
    ModuleType,
    SimpleNamespace,
)
from typing import Any

import numpy as np

from ..engine import Node, Tensor, Value
from ..ops import holds_objects
from .randomness import is_generator
from .sights import ALL, GONE, Sight, all_of, by_name, definition_of, held_by, values_of
from .understood import (
    gives_numbers,
    is_end,
    is_fixed,
    is_in_c,
    is_open,
    is_own,
    is_plain_class,
    is_pure,
    slots_of,
    words_of,
)

_MOST = 100_000  # objects that are looked at
_UNDERSTOOD = {object, list, set, dict, tuple, frozenset, int, float, complex, str, bytes}
_UNDERSTOOD |= {defaultdict, OrderedDict, SimpleNamespace}
_MAKES = {"__init__", "__new__", "__post_init__"}  # they are called by the name of the class
# What classes hold for type checkers, for dataclasses, for ABC and for pickle.
_FOR_OTHERS = {"__annotations__", "__orig_bases__", "__parameters__", "_abc_impl"}
_FOR_OTHERS |= {"__dataclass_fields__", "__dataclass_params__", "__match_args__"}


# What is compared of nodes beside their numbers, if a function has one of these words.
_FACTS = {"name": {"name", "named_parameters"}, "constant": {"constant", "parameters"}}
_FACTS["constant"] |= {"named_parameters", "freeze", "unfreeze", "gradients"}


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
        self._named: dict[str, None] = {}  # what functions so far call by name
        self._words: set[str] = set()  # what functions have, of whoever is not installed
        self._modules: list[ModuleType] = []
        self._uncalled: dict[str, list[Any]] = {}  # methods by names that none has called
        self.can_catch = False  # whether a function among them has a place for errors
        self._nodes: list[Node] = []
        found: list[Any] = [tuple(roots)]
        places: dict[type, list[Any]] = {
            np.ndarray: self.arrays,
            Value: self._nodes,
            Tensor: self._nodes,
        }
        reached: dict[int, Any] = {}
        for x in found:
            for part in self._parts(x):
                if id(part) not in reached and not is_end(part):
                    reached[id(part)] = part
                    (found if holds_objects(part) else places.get(type(part), found)).append(part)
            if len(found) > _MOST:
                self._not_understood(f"more than {_MOST:,} objects")
                break
        for fact, words in _FACTS.items():
            if self._nodes and not words.isdisjoint(self._words):
                self._note(self._nodes, fact, partial(_facts_of, self._nodes, attrgetter(fact)))

    def _not_understood(self, what: str) -> None:
        self.unknown = self.unknown or what

    def _parts(self, x: Any) -> Iterator[Any]:
        """List what can be reached from an object, and note what could change."""
        look = _LOOKS.get(type(x))
        if is_generator(x):
            self.generators.append(x)
        elif isinstance(x, Node):  # of a class of somebody's, for of others only numbers are seen
            self._nodes.append(x)
            yield type(x)
            yield from self._attributes(x, getattr(x, "__dict__", {}))
            yield from self._slots(x, Node)
        elif isinstance(x, type):
            yield from self._shared_by(x)
        elif type(x).__module__ == f"{__package__}.compiled":
            yield x.__wrapped__
        elif look:
            yield from look(self, x)
        else:
            yield from self._held_by(x)

    def _of_module(self, x: ModuleType) -> Iterator[Any]:
        """List what a module may hold that functions name; all of it, where they may name any."""
        if not gives_numbers(x):
            self._not_understood(f"the module {x.__name__}")
            return
        if is_open(x, x.__name__):
            self._note(x, ALL, all_of(vars(x)))
            yield vars(x).get("__getattr__")
        self._modules.append(x)
        yield from self._named_in(x, self._named)

    def _named_in(self, x: ModuleType, names: Iterable[str]) -> Iterator[Any]:
        held = vars(x)
        if is_open(x, x.__name__):  # all was noted
            wanted = filterfalse(_is_of_python, held) if "getattr" in names else names
            yield from (held[name] for name in wanted if name in held)
            return
        if is_own(x.__name__):
            names = [name for name in names if hasattr(x, name)]  # which loads it now
        if found := tuple(name for name in names if name in held):
            values = self._note(held, found, values_of(held, found))
            yield from (v for v in values if not is_own(getattr(v, "__module__", None)))

    def _contents(self, x: Any, base: Any) -> Iterator[Any]:
        self._note(x, None, partial(base.copy, x))
        yield from base.__iter__(x)
        if base is dict:
            yield from dict.values(x)

    def _of_c(self, x: Any) -> Iterator[Any]:
        """List what a function written in C works with."""
        if isinstance(getattr(x, "__self__", None), ModuleType | None):
            if not is_pure(x.__module__, x.__name__):
                self._not_understood(f"{x.__module__}.{x.__name__}")
        else:
            yield x.__self__

    def _of_method(self, x: MethodType) -> Iterator[Any]:
        yield x.__self__
        if not is_generator(x.__self__):  # what those draw is noticed
            yield x.__func__

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
        yield from self._slots(x, object)

    def _slots(self, x: Any, base: type) -> Iterator[Any]:
        """List what an object holds in slots that are not those of a base."""
        kind: Any = type(x)
        for name in slots_of(kind):
            if not hasattr(base, name):
                yield self._note(x, name, partial(getattr, x, name, GONE))

    def _seen_by(self, f: FunctionType) -> Iterator[Any]:
        yield from [self._note(cell, None, partial(held_by, cell)) for cell in f.__closure__ or ()]
        module = f.__globals__.get("__name__")
        if module is not None and is_fixed(module):
            if not is_pure(module, f.__name__):
                self._not_understood(f"{module}.{f.__name__}")
        else:
            _, defaults, keywords, attributes = self._note(f, None, definition_of(f))
            yield from (defaults, keywords, *attributes.values())
            yield from self._looked_up(f)

    def _looked_up(self, f: FunctionType) -> Iterator[Any]:
        """List what a function finds by name, in its globals and in modules."""
        words = words_of(f.__code__)
        self.can_catch |= words.catches
        self._words.update(words.all)
        package = f.__globals__.get("__package__")
        imported = tuple(resolve_name(name, package) for name in words.imported)
        built_in = tuple(name for name in words.looked_up if name not in f.__globals__)
        for space, names in (
            (sys.modules, imported),
            (f.__globals__, words.looked_up),
            (vars(builtins), built_in),
        ):
            if names:
                yield from self._note(space, names, values_of(space, names))
        for name in built_in:
            if not is_pure("builtins", name):
                self._not_understood(f"{name}()")
        if "__subclasses__" in words.all:
            self._not_understood("__subclasses__()")
        yield from self._called(words.all)

    def _called(self, names: Iterable[str]) -> Iterator[Any]:
        """List what was met before under these names; what is met later is listed at once."""
        new = dict.fromkeys(name for name in names if name not in self._named)
        self._named.update(new)
        for name in new:
            yield from self._uncalled.pop(name, ())
        for module in self._modules:
            yield from self._named_in(module, new)

    def _attributes(self, x: Any, held: dict[str, Any]) -> Iterator[Any]:
        yield from self._note(x, ALL, all_of(held))[len(held) :]

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
        yield from self._note(kind, "__bases__", lambda: kind.__bases__)
        held = by_name(self._note(kind, ALL, all_of(vars(kind))))
        if not is_fixed(kind.__module__):
            for name, x in held.items():
                if name in _FOR_OTHERS:
                    continue
                called = kind.__name__ if name in _MAKES else name
                if called in self._named or (called is name and name.startswith("__")):
                    yield x
                else:
                    self._uncalled.setdefault(called, []).append(x)
        else:
            yield from self._called(held)  # by itself, whatever a subclass makes of them
            yield from filter(_is_foreign, held.values())  # somebody gave it other methods

    def _note(self, holder: Any, where: Any, look: Callable[[], Any]) -> Any:
        seen = look()
        self.sights.append(Sight(holder, where, look, seen))
        return seen


_LOOKS: dict[type, Callable[[Surroundings, Any], Iterable[Any]]] = {
    ModuleType: Surroundings._of_module,
    FunctionType: Surroundings._seen_by,
    BuiltinMethodType: Surroundings._of_c,
    type(np.mean): Surroundings._of_c,
    np.ndarray: lambda around, x: around._note(x, None, lambda: tuple(x.flat)),
    MethodType: Surroundings._of_method,
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


def _facts_of(nodes: list[Node], fact: Callable[[Node], Any]) -> tuple[Any, ...]:
    return tuple(map(fact, nodes))


def _is_of_python(name: str) -> bool:
    return name.startswith("__")


def _is_foreign(x: Any) -> bool:
    return isinstance(x, FunctionType) and not is_fixed(x.__globals__.get("__name__"))
