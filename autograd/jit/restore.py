"""Lets functions run and puts back what they change, in whatever they can reach."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from types import CellType
from typing import Any, TypeVar

from numpy.typing import NDArray

from ..engine import fingerprint
from ..errors import AutogradError, GraphError
from .environment_guards import GONE, Sight, Surroundings
from .equality import alike
from .randomness import kept
from .read_only import can_be_locked, read_only

_COPIED = 2**20  # bytes of all arrays together that are copied; larger arrays are read-only instead

T = TypeVar("T")
Arrays = list[NDArray[Any]]


class Scene:
    """What some functions and objects can reach beside nodes.

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
        self._arrays = around.arrays
        self._can_catch = around.can_catch

    def is_as_before(self) -> bool:
        """Look again at everything but generators and the contents of arrays."""
        return all(map(Sight.is_unchanged, self._sights))

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
                for sight in self._sights:
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
    Only 1 MiB of arrays is copied, the smallest first; larger ones are read-only while `f` runs, in
    all threads, and so are views that are made meanwhile. If it fails, it is called again, with
    copies of them to put back: so it may write into them. Where functions that can be reached
    catch errors, all arrays are copied, for such a function would notice.

    Examples
    --------
    >>> numbers = [1, 2]
    >>> dry_run(lambda: numbers.pop(), numbers)
    2
    >>> numbers
    [1, 2]
    """
    return _scene(roots, "dry_run").dry_run(f)[0]


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
    with _scene(roots, "untouched").put_back():
        yield


def _scene(roots: tuple[Any, ...], name: str) -> Scene:
    try:
        return Scene(roots, name)
    except GraphError:  # there is more than can be looked at: then only the generators of all
        return Scene((), name)


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
