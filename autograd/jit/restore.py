"""A scene is all that functions can reach, as it was; afterwards it can be put back."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import CellType
from typing import Any

import numpy as np

from ..errors import GraphError
from .environment_guards import GONE, Sight, Surroundings
from .randomness import kept


class Scene:
    """What some functions and objects can reach beside nodes, with the contents of arrays.

    Parameters
    ----------
    roots : iterable
    name : str
        Of what is looked at, for messages.

    Raises
    ------
    GraphError
        If there is too much to look at.
    """

    def __init__(self, roots: Iterable[Any], name: str) -> None:
        around = Surroundings(roots, name)
        self.generators = around.generators
        self._sights = around.sights
        found = {id(x): x for sight in self._sights for x in _arrays(sight.seen)}
        self._arrays = [(x, x.copy()) for x in found.values()]

    def is_as_before(self) -> bool:
        """Look again at everything but generators."""
        return all(sight.is_unchanged() for sight in self._sights) and all(
            np.array_equal(x, before, equal_nan=x.dtype.kind in "fc") for x, before in self._arrays
        )

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """Undo, afterwards, what was done to all of it."""
        with kept(self.generators):
            try:
                yield
            finally:
                for sight in self._sights:
                    if not sight.is_unchanged():
                        _put_back(sight)
                for x, before in self._arrays:
                    if x.flags.writeable:
                        x[...] = before


@contextmanager
def untouched(*roots: Any) -> Iterator[None]:
    """Let functions run, and put everything back that they have changed.

    Attributes, closures, globals, lists, arrays and generators of random numbers are as before, as
    far as they can be reached from `roots`; nodes and what is installed are not looked into.

    Parameters
    ----------
    *roots : object
        Functions, and objects whose methods are run.

    Examples
    --------
    >>> class Counter:
    ...     count = 0
    ...
    ...     def __call__(self):
    ...         self.count += 1
    >>> counter = Counter()
    >>> with untouched(counter):
    ...     counter()
    >>> counter.count
    0
    """
    try:
        scene = Scene(roots, "untouched")
    except GraphError:  # there is more than can be looked at: then only the generators of all
        scene = Scene((), "untouched")
    with scene.put_back():
        yield


def _arrays(seen: Any) -> list[Any]:
    inside = seen.values() if isinstance(seen, dict) else seen
    found = list(inside) if isinstance(seen, list | tuple | set | dict) else [seen]
    return [x for x in found if isinstance(x, np.ndarray)]


def _put_back(sight: Sight) -> None:
    holder, name, _, seen = sight
    if seen is GONE:
        return
    if isinstance(holder, CellType):
        holder.cell_contents = seen
    elif isinstance(holder, list):
        holder[:] = seen
    elif isinstance(holder, dict | set) and name is None:
        holder.clear()
        holder.update(seen)
    elif isinstance(holder, dict):
        holder[name] = seen
    elif name is not None:
        setattr(holder, name, seen)
    else:  # the names of its attributes
        for new in vars(holder).keys() - set(seen):
            delattr(holder, new)
