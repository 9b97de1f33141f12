"""Things that a function may see beside its arguments, each with a number in it that changes."""

import array
import collections
import contextvars
import dataclasses
import enum
import functools
import itertools
import math
import os
import sys
import tempfile
import types
import weakref
from pathlib import Path

import numpy as np


class Seen:
    """One thing: how a function reads a number in it, and what changes that number."""

    def __init__(self, read, change):
        self.read, self.change = read, change


def _in(thing, read, change):
    """Make one of a thing in a closure."""
    return Seen(lambda: read(thing), lambda: change(thing))


def a_closure():
    number = 2.0

    def change():
        nonlocal number
        number += 1.0

    return Seen(lambda: number, change)


def a_counter():
    count = 0

    def read():
        nonlocal count
        count += 1
        return count

    return Seen(read, lambda: None)


def a_growing_list():
    numbers = []

    def read():
        numbers.append(1.0)
        return len(numbers)

    return Seen(read, numbers.clear)


def a_list():
    return _in([2.0, 3.0], lambda x: x[-1], lambda x: x.append(x[-1] + 1))


def a_nested_list():
    return _in(([2.0],), lambda x: x[0][0], lambda x: x[0].__setitem__(0, x[0][0] + 1))


def a_dict():
    return _in({"a": 2.0}, lambda x: x["a"], lambda x: x.update(a=x["a"] + 1))


def a_set():
    return _in({1.0, 2.0}, lambda x: max(x), lambda x: x.add(max(x) + 1))


def a_deque():
    return _in(collections.deque([2.0], 2), lambda x: max(x), lambda x: x.append(max(x) + 1))


def a_bytearray():
    return _in(bytearray(b"\2"), lambda x: x[0], lambda x: x.__setitem__(0, x[0] + 1))


def an_array_of_python():
    return _in(array.array("d", [2.0]), lambda x: x[0], lambda x: x.__setitem__(0, x[0] + 1))


def an_array():
    return _in(np.array([2.0]), lambda x: float(x[0]), lambda x: x.__setitem__(0, x[0] + 1))


def a_large_array():
    return _in(np.full(500, 2.0), lambda x: float(x[9]), lambda x: x.__setitem__(9, x[9] + 1))


def a_view():
    whole = np.full(9, 2.0)
    part = whole[3:]
    part.flags.writeable = False
    return Seen(lambda: float(part[0]), lambda: whole.__setitem__(3, whole[3] + 1))


def a_mapping_proxy():
    inner = {"a": 2.0}
    proxy = types.MappingProxyType(inner)
    return Seen(lambda: proxy["a"], lambda: inner.update(a=inner["a"] + 1))


def an_iterator():
    numbers = iter(range(2, 10_000))
    return Seen(lambda: next(numbers), lambda: None)


def a_generator():
    numbers = (k for k in range(2, 10_000))
    return Seen(lambda: next(numbers), lambda: next(numbers))


def a_count():
    numbers = itertools.count(1)
    return Seen(lambda: next(numbers), lambda: None)


def a_context_variable():
    rate = contextvars.ContextVar("rate", default=2.0)
    return Seen(lambda: rate.get(), lambda: rate.set(rate.get() + 1))


def the_environment():
    os.environ["RATE_OF_A_TEST"] = "2"

    def change():
        os.environ["RATE_OF_A_TEST"] += "1"

    return Seen(lambda: float(os.environ["RATE_OF_A_TEST"]), change)


def an_environment_imported_inside():
    os.environ["RATE_OF_A_TEST"] = "2"

    def read():
        from os import environ

        return float(environ["RATE_OF_A_TEST"])

    def change():
        os.environ["RATE_OF_A_TEST"] += "1"

    return Seen(read, change)


class Thing:
    def __init__(self, number=2.0):
        self.number = number


class Slotted:
    __slots__ = ("__weakref__", "number")

    def __init__(self):
        self.number = 2.0


def _grow(thing):
    thing.number += 1.0


def an_attribute():
    return _in(Thing(), lambda x: x.number, _grow)


def a_slot():
    return _in(Slotted(), lambda x: x.number, _grow)


def a_weak_reference():
    thing = Slotted()
    reference = weakref.ref(thing)
    return Seen(lambda: reference().number, lambda: _grow(thing))


def a_partial():
    f = functools.partial(lambda number: number, number=2.0)
    return Seen(f, lambda: f.keywords.update(number=f.keywords["number"] + 1))


def a_default():
    def f(number=2.0):
        return number

    def change():
        f.__defaults__ = (f() + 1.0,)

    return Seen(f, change)


def a_keyword_default():
    def f(*, number=2.0):
        return number

    return Seen(f, lambda: f.__kwdefaults__.update(number=f() + 1.0))


def a_code():
    def f():
        return 2.0

    def g():
        return 3.0

    def change():
        f.__code__, g.__code__ = g.__code__, f.__code__

    return Seen(f, change)


def an_attribute_of_a_function():
    def f():
        return f.number

    f.number = 2.0
    return Seen(f, lambda: _grow(f))


def _class(**held):
    return type("Made", (), held)


def a_class_attribute():
    kind = _class(number=2.0)
    return Seen(lambda: kind.number, lambda: _grow(kind))


def an_attribute_of_a_base():
    base = _class(number=2.0)
    thing = type("Derived", (base,), {})()
    return Seen(lambda: thing.number, lambda: _grow(base))


def a_method():
    kind = _class(number=lambda self: 2.0)
    thing = kind()

    def change():
        before = thing.number()
        kind.number = lambda self: before + 1.0

    return Seen(lambda: thing.number(), change)


def a_call():
    kind = _class(__call__=lambda self: 2.0)
    thing = kind()

    def change():
        before = thing()
        kind.__call__ = lambda self: before + 1.0

    return Seen(lambda: thing(), change)


def a_property():
    kind = _class(number=property(lambda self: 2.0))
    thing = kind()

    def change():
        before = thing.number
        kind.number = property(lambda self: before + 1.0)

    return Seen(lambda: thing.number, change)


def a_static_method():
    kind = _class(number=staticmethod(lambda: 2.0))

    def change():
        before = kind.number()
        kind.number = staticmethod(lambda: before + 1.0)

    return Seen(lambda: kind.number(), change)


def a_class_method():
    kind = _class(number=classmethod(lambda cls: cls.held), held=2.0)

    def change():
        kind.held += 1.0

    return Seen(lambda: kind().number(), change)


def a_descriptor():
    class Descriptor:
        number = 2.0

        def __get__(self, thing, kind=None):
            return self.number

    descriptor = Descriptor()
    thing = _class(number=descriptor)()
    return Seen(lambda: thing.number, lambda: _grow(descriptor))


def a_cached_property():
    class Cached(Thing):
        @functools.cached_property
        def twice(self):
            return 2 * self.number

    thing = Cached()

    def change():
        thing.number += 1.0
        thing.__dict__.pop("twice", None)

    return Seen(lambda: thing.twice, change)


def a_metaclass():
    meta = type("Meta", (type,), {"number": 2.0})
    kind = meta("Made", (), {})
    return Seen(lambda: kind.number, lambda: _grow(meta))


def another_class_of_an_object():
    one, two = _class(number=2.0), _class(number=3.0)
    thing = one()

    def change():
        thing.__class__ = two if type(thing) is one else one

    return Seen(lambda: thing.number, change)


def a_subclass_of_list():
    class Numbers(list):
        pass

    numbers = Numbers([2.0])
    return Seen(lambda: numbers[0], lambda: numbers.__setitem__(0, numbers[0] + 1))


def an_attribute_of_a_subclass_of_list():
    class Numbers(list):
        number = 2.0

    numbers = Numbers()
    return Seen(lambda: numbers.number, lambda: _grow(numbers))


def a_subclass_of_float():
    class Number(float):
        pass

    held = Number(1.0)
    held.number = 2.0
    return Seen(lambda: held * held.number, lambda: _grow(held))


def a_default_dict():
    numbers = collections.defaultdict(lambda: 2.0)
    return Seen(lambda: numbers["a"], lambda: numbers.__setitem__("a", numbers["a"] + 1))


def an_ordered_dict():
    numbers = collections.OrderedDict(a=2.0, b=3.0)
    return Seen(
        lambda: next(iter(numbers.values())), lambda: numbers.move_to_end(next(iter(numbers)))
    )


def a_counter_of_collections():
    numbers = collections.Counter(a=2)
    return Seen(lambda: numbers["a"], lambda: numbers.update("a"))


def a_chain_map():
    numbers = collections.ChainMap({}, {"a": 2.0})
    return Seen(lambda: numbers["a"], lambda: numbers.__setitem__("a", numbers["a"] + 1))


def a_user_list():
    numbers = collections.UserList([2.0])
    return Seen(lambda: numbers[0], lambda: numbers.__setitem__(0, numbers[0] + 1))


def a_named_tuple():
    Pair = collections.namedtuple("Pair", "a b")
    pair = Pair([2.0], 1.0)
    return Seen(lambda: pair.a[0], lambda: pair.a.__setitem__(0, pair.a[0] + 1))


def a_data_class():
    @dataclasses.dataclass
    class Config:
        number: float = 2.0

    return _in(Config(), lambda x: x.number, _grow)


def an_enum():
    class Rate(enum.Enum):
        LOW = 1.0

    Rate.LOW.number = 2.0
    return Seen(lambda: Rate.LOW.number, lambda: _grow(Rate.LOW))


def a_namespace():
    return _in(types.SimpleNamespace(number=2.0), lambda x: x.number, _grow)


def a_module():
    module = types.ModuleType("module_of_a_test")
    module.number = 2.0
    return Seen(lambda: module.number, lambda: _grow(module))


def a_function_of_a_module():
    module = types.ModuleType("module_of_a_test")
    exec("number = 2.0\ndef f():\n    return number", vars(module))
    return Seen(lambda: module.f(), lambda: _grow(module))


def a_wrapper():
    class Scaled:
        def __init__(self, f):
            functools.update_wrapper(self, f)
            self.number = 2.0

        def __call__(self):
            return self.number * self.__wrapped__()

    return _in(Scaled(lambda: 1.5), lambda x: x(), _grow)


def a_cache_of_functools():
    held = Thing()
    f = functools.lru_cache(lambda: held.number)

    def change():
        _grow(held)
        f.cache_clear()

    return Seen(f, change)


def a_bound_method_of_c():
    numbers = [2.0]
    pop = numbers.copy
    return Seen(lambda: pop()[0], lambda: numbers.__setitem__(0, numbers[0] + 1))


def a_cell_of_a_cell():
    thing = Thing()

    def outer():
        return lambda: thing.number

    return Seen(outer(), lambda: _grow(thing))


def the_recursion_limit():
    limit = sys.getrecursionlimit

    def change():
        sys.setrecursionlimit(limit() + 1)

    return Seen(limit, change)


def _a_module(**held):
    module = types.ModuleType("of_somebody")
    vars(module).update(held)
    return module


def a_module_in_a_dict():
    modules = {"rates": _a_module(number=2.0)}
    return Seen(lambda: modules["rates"].number, lambda: _grow(modules["rates"]))


def a_module_as_a_default():
    module = _a_module(number=2.0)
    return Seen(lambda m=module: m.number, lambda: _grow(module))


def a_module_asked_by_a_name_that_is_computed():
    module, name = _a_module(number=2.0, numbers=[3.0]), "".join(["num", "ber"])

    def change():
        _grow(module)
        module.numbers[0] += 1.0

    return Seen(lambda: getattr(module, name) * getattr(module, name + "s")[0], change)


def a_module_that_computes_its_names():
    numbers = [2.0]
    module = _a_module(__getattr__=lambda name: numbers[0])
    return Seen(lambda: module.any, lambda: numbers.__setitem__(0, numbers[0] + 1))


def a_module_called_like_one_of_python():
    module = types.ModuleType("string")
    module.number, module.__file__ = 2.0, "/home/somebody/string.py"
    return Seen(lambda: module.number, lambda: _grow(module))


def the_number_pi():
    def change():
        np.pi = np.pi + 1.0 if np.pi < 4 else math.pi

    return Seen(lambda: np.pi, change)


def an_array_of_lists():
    cells = np.empty((1, 2), object)
    cells[0, 1] = [2.0]
    return Seen(lambda: cells[0, 1][0], lambda: cells[0, 1].__setitem__(0, cells[0, 1][0] + 1))


def an_array_of_objects():
    cells = np.array([None, 2.0], object)
    return Seen(lambda: cells[1], lambda: cells.__setitem__(1, cells[1] + 1))


def a_record_of_an_array():
    records = np.array([(2.0,)], [("number", float)])
    record = records[0]
    return Seen(lambda: float(record["number"]), lambda: records.__setitem__(0, (9.0,)))


def a_function_made_elementwise():
    numbers = [2.0]
    f = np.frompyfunc(lambda x: x * numbers[0], 1, 1)
    return Seen(lambda: f(1.0), lambda: numbers.__setitem__(0, numbers[0] + 1))


def a_slot_that_is_empty():
    thing = Slotted()
    del thing.number

    def change():
        thing.number = 3.0

    return Seen(lambda: getattr(thing, "number", 2.0), change)


def an_attribute_that_a_function_will_have():
    def f():
        return getattr(f, "number", 2.0)

    def change():
        f.number = 3.0

    return Seen(f, change)


def a_class_with_subclasses():
    class Base:
        number = 1.0

    kinds = [type("First", (Base,), {})]
    change = functools.partial(lambda: kinds.append(type("Next", (Base,), {})))
    return Seen(lambda: sum(kind.number for kind in Base.__subclasses__()), change)


def a_file():
    path = Path(tempfile.mkdtemp()) / "number.txt"
    path.write_text("2.0")

    def change():
        path.write_text(str(float(path.read_text()) + 1.0))

    return Seen(lambda: float(np.loadtxt(path)), change)


def the_digits_that_numpy_prints():
    def change():
        np.set_printoptions(precision=3 if np.get_printoptions()["precision"] > 3 else 8)

    return Seen(lambda: np.get_printoptions()["precision"], change)


KINDS = {
    name: make
    for name, make in list(globals().items())
    if isinstance(make, types.FunctionType) and name.startswith(("a_", "an_", "the_", "another_"))
}
# What both of two programs see, so that they cannot stand side by side.
SHARED = {kind for kind in KINDS if "environment" in kind or kind.startswith("the_")}
