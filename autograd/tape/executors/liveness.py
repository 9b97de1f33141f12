"""How long results are needed: after its last reading, the place of one serves another."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Place = TypeVar("Place")


def last_reads(reads: Iterable[Iterable[int]]) -> dict[int, int]:
    """Say which line reads each slot last; lines are given by the slots that they read."""
    return {slot: line for line, slots in enumerate(reads) for slot in slots}


class Pool(Generic[Place]):
    """Registers, or arrays, for results: one that is free again is used before another is made."""

    def __init__(self) -> None:
        self._free: dict[Hashable, list[Place]] = defaultdict(list)

    def take(self, make: Callable[[], Place], form: Hashable = None) -> Place:
        """Give a free place of some form, or make one."""
        free = self._free[form]
        return free.pop() if free else make()

    def give_back(self, places: Iterable[Place], form: Hashable = None) -> None:
        """Take back places that nothing will be read from any more."""
        self._free[form] += places
