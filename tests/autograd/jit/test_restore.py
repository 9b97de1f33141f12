"""What functions change in their surroundings is put back, whatever it is and however they end."""

import random
from collections import deque
from types import ModuleType

import numpy as np
import pytest

from autograd.jit import dry_run, untouched

COUNT = 0
BOARD = {"x": [1, 2]}


class Thing:
    shared = 1

    def __init__(self):
        self.number, self.items, self.table = 1, [1, 2], {"a": 1}
        self.array, self.set = np.zeros(3), {1}
        self.rng = np.random.default_rng(3)


class Slotted:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 1


def set_global():
    global COUNT
    COUNT += 1


def change_board():
    BOARD["x"].append(3)
    BOARD["y"] = 1


def closing():
    count = 0

    def f():
        nonlocal count
        count += 1

    return f, lambda: count


THING, SLOTTED = Thing(), Slotted()
COUNTED, COUNT_OF = closing()
LEGACY, PYTHONS = np.random.RandomState(4), random.Random(4)

CHANGES = {
    "an attribute": (lambda: setattr(THING, "number", 5), lambda: THING.number),
    "a new attribute": (lambda: setattr(THING, "more", 5), lambda: sorted(vars(THING))),
    "a lost attribute": (lambda: delattr(THING, "items"), lambda: sorted(vars(THING))),
    "a list": (lambda: THING.items.append(3), lambda: list(THING.items)),
    "a dict": (lambda: THING.table.update(b=2), lambda: dict(THING.table)),
    "a set": (lambda: THING.set.add(2), lambda: set(THING.set)),
    "an array": (lambda: THING.array.fill(7.0), lambda: THING.array.tolist()),
    "a class": (lambda: setattr(Thing, "shared", 2), lambda: Thing.shared),
    "a slot": (lambda: setattr(SLOTTED, "x", 2), lambda: SLOTTED.x),
    "a closure": (COUNTED, COUNT_OF),
    "a global": (set_global, lambda: COUNT),
    "things in a global": (change_board, lambda: repr(BOARD)),
    "a generator": (lambda: THING.rng.random(), lambda: repr(THING.rng.bit_generator.state)),
    "a RandomState": (lambda: LEGACY.rand(), lambda: repr(LEGACY.get_state()[2:])),
    "a Random": (lambda: PYTHONS.random(), lambda: PYTHONS.getstate()),
    "NumPy's generator": (np.random.random, lambda: repr(np.random.get_state()[2:])),  # noqa: NPY002
    "Python's generator": (random.random, random.getstate),
}


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("name", CHANGES)
def test_it_is_put_back(name, fails):
    change, look = CHANGES[name]
    before = look()

    def f():
        change()
        assert look() != before
        if fails:
            raise KeyError

    if fails:
        with pytest.raises(KeyError), untouched(f, THING, SLOTTED):
            f()
    else:
        with untouched(f, THING, SLOTTED):
            f()
    assert look() == before


def test_what_is_too_much_to_look_at_is_left_alone_but_for_generators():
    things = [deque() for _ in range(100_001)]
    state = random.getstate()
    with untouched(things):
        things[0].append(random.random())
    assert len(things[0]) == 1
    assert random.getstate() == state


def test_arrays_that_cannot_be_written_are_left():
    thing = Thing()
    thing.array.flags.writeable = False
    with untouched(thing):
        pass
    assert not thing.array.any()


def test_what_was_not_there_is_taken_away_again():
    class Slotted:
        __slots__ = ("rate",)

    def helper(): ...

    thing, module, cells = Slotted(), ModuleType("of_somebody"), np.array([None, [1.0]], object)

    def f():
        thing.rate = helper.rate = module.rate = cells[0] = 2.0
        f.rate = 3.0

    dry_run(f, f)
    assert not any(hasattr(x, "rate") for x in (thing, helper, module, f))
    assert cells.tolist() == [None, [1.0]]
