"""Arrays are locked for a while, and only those that can be unlocked again."""

from contextlib import suppress

import numpy as np

from autograd.jit import dry_run
from autograd.jit.read_only import can_be_locked, read_only

LARGE = np.ones(2_000_000)  # 16 MB
PARTS = np.ones((2000, 1000))
ROW, CORNER = PARTS[::2], PARTS[:1, :1]


def write(array):
    array[-1] = 7.0
    return float(array[-1])


def test_parts_of_one_array_can_be_locked_together():
    def f():
        return [x.flags.writeable for x in (PARTS, ROW, CORNER)]

    for _ in range(2):
        assert dry_run(f, f) == [False, False, True]  # the corner is small, and copied
        assert f() == [True, True, True]
    assert dry_run(lambda: write(ROW[0]), f) == 7.0
    assert (PARTS == 1).all()


def test_all_are_unlocked_whatever_happens():
    arrays = [np.ones(3), np.ones(3)]
    with suppress(KeyboardInterrupt), read_only(arrays):
        assert not any(x.flags.writeable for x in arrays)
        raise KeyboardInterrupt
    assert all(x.flags.writeable for x in arrays)


class Foreign:
    """Memory of another library, which NumPy would not make writeable again."""

    def __init__(self, array):
        self.array = array
        self.__array_interface__ = array.__array_interface__


def test_memory_of_another_library_is_copied_for_it_would_stay_read_only():
    foreign = np.asarray(Foreign(LARGE.copy()))
    dry_run(lambda: write(foreign), [foreign])
    assert foreign[-1] == 1.0
    assert foreign.flags.writeable


def test_only_what_can_be_unlocked_is_locked():
    owner, buffer = np.ones(3), bytearray(8)
    part = owner[:]
    cases = [owner, part, np.frombuffer(buffer), np.asarray(Foreign(owner))]
    assert list(map(can_be_locked, cases)) == [True, True, True, False]
    owner.flags.writeable = False
    assert not can_be_locked(part)
