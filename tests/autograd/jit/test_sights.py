"""A sight says whether a thing is as it was, and what of it is not."""

from types import SimpleNamespace

import pytest

from autograd.jit.sights import ALL, GONE, Sight, all_of, by_name, definition_of, held_by, values_of


def sight(holder, where, look):
    return Sight(holder, where, look, look())


def test_attributes_are_as_they_were_whoever_sets_them_again():
    thing = SimpleNamespace(rate=2.0, names=["a"])
    seen = sight(thing, ALL, all_of(vars(thing)))
    assert by_name(seen.seen) == {"rate": 2.0, "names": ["a"]}
    assert seen.look() is seen.seen
    thing.rate = float("2")
    assert seen.is_unchanged()
    thing.rate = -2.0
    assert (seen.is_unchanged(), str(seen)) == (False, "rate")
    thing.rate = 2.0
    thing.more = 1
    assert (seen.is_unchanged(), str(seen)) == (False, "attributes of a SimpleNamespace")
    del thing.more
    assert seen.is_unchanged()


def test_names_are_looked_up_again_the_missing_too():
    held = {"a": 1.0, "b": None}
    seen = sight(held, ("a", "b", "later"), values_of(held, ("a", "b", "later")))
    assert seen.seen == (1.0, None, GONE)
    assert seen.look() is seen.seen
    held["unused"] = 3.0
    assert seen.is_unchanged()
    held["later"] = None  # which is something
    assert (seen.is_unchanged(), str(seen)) == (False, "later")


def added(f):
    f.rate = 2.0


def other_code(f):
    f.__code__ = (lambda x, y=1.0, *, z=2.0: x).__code__


@pytest.mark.parametrize(
    "change",
    [
        added,
        other_code,
        lambda f: setattr(f, "__defaults__", (2.0,)),
        lambda f: setattr(f, "__kwdefaults__", {"z": 3.0}),
    ],
)
def test_a_function_is_what_it_was_made_of(change):
    def f(x, y=1.0, *, z=2.0):
        return x + y + z

    seen = sight(f, None, definition_of(f))
    assert seen.is_unchanged()
    assert seen.look() is seen.seen
    change(f)
    assert (seen.is_unchanged(), str(seen)) == (False, "a function")


def test_a_cell_may_be_empty():
    def outer():
        def inner():
            return later

        cell = inner.__closure__[0]
        before = held_by(cell)
        later = 1.0
        return before, held_by(cell)

    assert outer() == (GONE, 1.0)
