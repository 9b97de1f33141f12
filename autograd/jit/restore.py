"""Lets functions run and puts back what they change, in whatever they can reach."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import accumulate
from types import CellType, FunctionType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..engine import fingerprint
from ..errors import AutogradError
from .environment_guards import Surroundings
from .equality import alike
from .randomness import kept, way_back
from .read_only import can_be_locked, can_be_written, read_only
from .sights import ALL, CONTENTS, GONE, Sight, are_unchanged, by_name

_COPIED = 2**20  # bytes of all arrays together that are copied; larger arrays are read-only instead

T = TypeVar("T")
Arrays = list[NDArray[Any]]


class Scene:
    """What some functions and objects can reach beside nodes.

    Parameters
    ----------
    roots : iterable

    Attributes
    ----------
    unknown : str or None
        What was met that is not understood; it is not put back.
    """

    def __init__(self, roots: Iterable[Any]) -> None:
        around = Surroundings(roots)
        self.unknown = around.unknown
        self.generators = around.generators
        self.sights = around.sights
        self._arrays = around.arrays
        self._can_catch = around.can_catch

    def arrays_seen(self) -> list[Sight]:
        """Take down what arrays hold that somebody can write into."""
        return [
            Sight(x, CONTENTS, partial(fingerprint, x), fingerprint(x))
            for x in self._arrays
            if can_be_written(x)
        ]

    def way_back(self) -> Callable[[], None]:
        """Give what puts everything back to what it is now; of arrays those that can be copied."""
        back = way_back(self.generators)
        before = [(x, x.copy()) for x in self._sorted_out()[0]]

        def put_back() -> None:
            back()
            for sight in self.sights:
                if not sight.is_unchanged():
                    _put_back(sight)
            for x, copy in before:
                x[...] = copy

        return put_back

    def is_as_before(self) -> bool:
        """Look again at everything but generators and the contents of arrays."""
        return are_unchanged(self.sights)

    def contents(self) -> list[Any]:
        """Take down what arrays hold, without copies of them."""
        return [fingerprint(x) for x in self._arrays]

    def dry_run(self, f: Callable[[], T]) -> tuple[T, bool]:
        """Call a function, and undo what it did; give its result, and whether it did nothing.

        It is called again, if it fails, with copies of the arrays that it may have wanted to write
        into: only who writes pays for copies.
        """
        copied, locked = self._sorted_out()
        try:
            with self._undone(copied, locked) as changed:
                result = f()
        except Exception as error:
            if not locked or isinstance(error, AutogradError):
                raise
        else:
            return result, not changed
        with self._undone([*copied, *locked], []) as changed:
            result = f()
        return result, not changed

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """Undo, afterwards, what was done to all of it."""
        with self._undone([x for x in self._arrays if x.flags.writeable], []):
            yield

    def _sorted_out(self) -> tuple[Arrays, Arrays]:
        """List the arrays that are copied, and those that are too large for it.

        A function that can catch an error would go another way where an array is read-only.
        """
        copied: Arrays = []
        locked: Arrays = []
        arrays = sorted((x for x in self._arrays if x.flags.writeable), key=lambda x: x.nbytes)
        for x, total in zip(arrays, accumulate(x.nbytes for x in arrays), strict=True):
            is_locked = total > _COPIED and can_be_locked(x) and not self._can_catch
            (locked if is_locked else copied).append(x)
        return copied, locked

    @contextmanager
    def _undone(self, copied: Arrays, locked: Arrays) -> Iterator[list[Any]]:
        """Undo, afterwards, what was done; list then what had changed."""
        before = [(x, x.copy()) for x in copied]
        changed: list[Any] = []
        with kept(self.generators), read_only(locked):
            try:
                yield changed
            finally:
                for sight in self.sights:
                    if not sight.is_unchanged():
                        changed.append(sight)
                        _put_back(sight)
                for x, copy in before:
                    if not alike(fingerprint(x), fingerprint(copy)):
                        changed.append(x)
                        x[...] = copy


def dry_run(f: Callable[[], T], *roots: Any) -> T:
    """Call a function for its result only: put everything back that it has changed.

    Parameters
    ----------
    f : callable
        Called without arguments; twice, if it fails when large arrays are read-only.
    *roots : object
        Functions and objects that `f` works with. What can be reached from them is afterwards as
        before: attributes, closures, globals, lists, arrays and generators of random numbers;
        nodes and what is installed are not looked into.

    Returns
    -------
    object
        What `f` returned.

    Notes
    -----
    What `can_be_undone` does not understand is not put back. Only 1 MiB of arrays is copied, the
    smallest first; larger ones are read-only while `f` runs, in all threads, and so are views that
    are made meanwhile. If it fails, it is called again, with copies of them to put back: so it may
    write into them. Where functions that can be reached catch errors, all arrays are copied, for
    such a function would notice.

    Examples
    --------
    >>> numbers = [1, 2]
    >>> dry_run(lambda: numbers.pop(), numbers)
    2
    >>> numbers
    [1, 2]
    """
    return Scene(roots).dry_run(f)[0]


def can_be_undone(*roots: Any) -> bool:
    """Whether all that functions and objects can reach is understood, so that it can be put back.

    Examples
    --------
    >>> can_be_undone([1, 2]), can_be_undone(iter([1, 2]))
    (True, False)
    """
    return Scene(roots).unknown is None


@contextmanager
def untouched(*roots: Any) -> Iterator[None]:
    """Let functions run, and put everything back that they have changed.

    Attributes, closures, globals, lists, arrays and generators of random numbers are as before, as
    far as they can be reached from `roots`; nodes and what is installed are not looked into. All
    arrays are copied for it; `dry_run`, which can call a function again, copies less.

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
    with Scene(roots).put_back():
        yield


def _put_back(sight: Sight) -> None:
    if sight.where is None:
        _put_back_contents(sight.holder, sight.seen)
    else:
        _put_back_part(sight.holder, sight.where, sight.seen)


def _put_back_contents(holder: Any, seen: Any) -> None:
    if isinstance(holder, CellType):
        if seen is GONE:
            del holder.cell_contents
        else:
            holder.cell_contents = seen
    elif isinstance(holder, FunctionType):
        holder.__code__, holder.__defaults__, holder.__kwdefaults__, attributes = seen
        _put_back_attributes(holder, attributes)
    elif isinstance(holder, list):
        list.__setitem__(holder, slice(None), seen)
    elif isinstance(holder, np.ndarray):
        holder.flat[:] = seen
    else:
        kind: Any = dict if isinstance(holder, dict) else set
        kind.clear(holder)
        kind.update(holder, seen)


def _put_back_part(holder: Any, where: Any, seen: Any) -> None:
    if isinstance(holder, list):  # of nodes
        for node, held in zip(holder, seen, strict=True):
            setattr(node, where, held)
    elif where is ALL:
        _put_back_attributes(holder, by_name(seen))
    elif isinstance(where, tuple):
        for name, held in zip(where, seen, strict=True):
            if held is GONE:
                holder.pop(name, None)
            elif holder.get(name) is not held:
                holder[name] = held
    elif seen is GONE:
        delattr(holder, where)
    else:
        setattr(holder, where, seen)


def _put_back_attributes(holder: Any, before: dict[str, Any]) -> None:
    for new in vars(holder).keys() - before.keys():
        delattr(holder, new)
    for name, held in before.items():
        if vars(holder).get(name, GONE) is not held:
            setattr(holder, name, held)
