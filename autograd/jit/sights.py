"""What a function can see of one thing, and how to look at it again."""

from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from operator import is_
from types import CellType, FunctionType
from typing import Any, NamedTuple

from .equality import alike

GONE = object()
ALL = object()  # where a sight is of all attributes
CONTENTS = object()  # where it is of the numbers of an array


class Sight(NamedTuple):
    """What a function can see of something, and what that was.

    Attributes
    ----------
    holder : object
        A container, a cell, a function, or what has attributes.
    where : object
        None for its contents; names, which it holds as a dict; the name of an attribute, of all
        nodes in a list too; or `ALL`.
    look : callable
        Looks again; names are followed by what they stand for where it is of all attributes.
    seen : object
        What it gave.
    """

    holder: Any
    where: Any
    look: Callable[[], Any]
    seen: Any

    def is_unchanged(self) -> bool:
        """Look again."""
        found = self.look()
        return found is self.seen or alike(found, self.seen)

    def __str__(self) -> str:
        """Say what has changed."""
        if isinstance(self.where, str):
            return self.where
        if isinstance(self.where, tuple):
            found, seen = (dict(zip(self.where, x, strict=True)) for x in (self.look(), self.seen))
        elif self.where is ALL:
            found, seen = by_name(self.look()), by_name(self.seen)
        else:
            return f"a {type(self.holder).__name__}"
        both = (name for name in seen if name in found and not alike(found[name], seen[name]))
        return next(both, f"attributes of a {type(self.holder).__name__}")


def are_unchanged(sights: Iterable[Sight]) -> bool:
    """Look at all of them again, until one has changed."""
    for _, _, look, seen in sights:  # at each call of a compiled function, so it is written out
        found = look()
        if found is not seen and not alike(found, seen):
            return False
    return True


def definition_of(f: FunctionType) -> Callable[[], tuple[Any, ...]]:
    """Look at the code, the defaults and the attributes of a function: the same if they are."""
    code, defaults, keywords, _ = seen = _parts_of(f)
    is_plain = not f.__dict__

    def look() -> tuple[Any, ...]:
        same = f.__code__ is code and f.__defaults__ is defaults and f.__kwdefaults__ is keywords
        return seen if same and is_plain and not f.__dict__ else _parts_of(f)

    return look


def _parts_of(f: FunctionType) -> tuple[Any, ...]:
    return f.__code__, f.__defaults__, f.__kwdefaults__, dict(f.__dict__)


def all_of(held: Mapping[str, Any]) -> Callable[[], tuple[Any, ...]]:
    """Look at all attributes: the same tuple if they are the same."""
    seen = (*held, *held.values())

    def look() -> tuple[Any, ...]:
        found = (*held, *held.values())
        return seen if len(found) == len(seen) and all(map(is_, found, seen)) else found

    return look


def by_name(seen: tuple[Any, ...]) -> dict[str, Any]:
    """Give what was seen of all attributes."""
    count = len(seen) // 2
    return dict(zip(seen[:count], seen[count:], strict=True))


def values_of(held: Mapping[str, Any], names: tuple[str, ...]) -> Callable[[], tuple[Any, ...]]:
    """Look at what names stand for: the same tuple if that is the same."""
    find = held.get
    seen = tuple(map(find, names, repeat(GONE)))
    pairs = tuple(zip(names, seen, strict=True))

    def look() -> tuple[Any, ...]:
        for name, x in pairs:  # a tuple of what is found would take twice as long
            if find(name, GONE) is not x:
                return tuple(map(find, names, repeat(GONE)))
        return seen

    return look


def held_by(cell: CellType) -> Any:
    """Give what a cell holds, or GONE."""
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return GONE
