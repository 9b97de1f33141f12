"""compile: a function that is recorded when it is called, and replayed when it is called again."""

import inspect
import sys
from collections.abc import Callable
from functools import partial, update_wrapper
from itertools import chain, islice, repeat, takewhile
from threading import RLock
from typing import Any, NamedTuple
from warnings import warn

from ..engine import Node, watch_here
from ..errors import GraphError
from ..functional import is_inside
from ..ops import brief
from ..tape import Tape
from .arguments import Fixed, as_given, holds_nodes, sorted_out, stand_in
from .branch_guards import AskedAsNumber, Watch, watched
from .randomness import random_states
from .recording import OtherWay, Question, Recording, exchanged, plain, too_many
from .restore import Scene
from .sights import Sight, are_unchanged

LIMIT = 32  # recordings for arguments of the same kinds and shapes
_KINDS = 256  # combinations of kinds and shapes, of which older ones are forgotten


def compile(f: Callable[..., Any]) -> "Compiled":
    """Record a function when it is called, and replay it when it is called again.

    Use it as a decorator, or as ``compile(f)``; also on what `grad`, `value_and_grad`, `jacobian`
    and `hessian` give, which in turn accept compiled functions.

    Parameters
    ----------
    f : callable
        Of numbers and arrays. It computes with nodes, and returns them: one, or tuples, lists and
        dicts of them, beside which other numbers may stand.

    Returns
    -------
    Compiled
        With the arguments of `f`. Called with numbers, it gives numbers: each argument becomes a
        Value, or a Tensor if any is an array or a list or tuple of numbers, for a list becomes a
        Tensor, too. What is neither (a str, a bool, None, an object) is passed on as it is. Called
        with nodes, or inside of another graph, it is `f` itself, and its results are part of that
        graph.

    Raises
    ------
    GraphError
        If `f` does what a replay could not repeat: if it sets the data of a leaf, runs
        `backward`, goes on after an error, takes a picture, or draws random numbers past `noise`.
        Also if calls with arguments of the same kinds and shapes went 32 different ways, and this
        is another.

    Warns
    -----
    UserWarning
        Once, when `f` meets something that no replay can answer for. It runs as it is from then
        on, and ``print`` of it says why.

    Notes
    -----
    A recording holds what `f` computed on one way through it. Parameters are read afresh at each
    call. Wherever Python learned something from a node, by ``x < y``, ``x == 0`` or ``x.data``, a
    replay asks again; if any answer differs, the recording is not used. Another may fit, else `f`
    runs and is recorded. So results are those of `f`, whichever way it goes. ``where`` decides
    without asking. A number that counts, in ``range(n)`` or ``xs[n]``, is read, too.

    A recording is kept only if everything that `f` can reach is understood: numbers, strings,
    lists, dicts, sets, tuples, arrays, nodes, and objects, classes, functions and modules written
    in Python, by closures, globals and attributes. All that can change is compared at each call,
    the methods of classes and the contents of arrays that can be written into, too. Anything else
    is not: a clock, a file, the environment, an iterator, a deque, a lock, a library that is
    installed, the grad, the name or the text of a parameter. Then `f` runs as it is. So it does
    where two calls in a row changed what it sees, as a counter does; and, on the very numbers that
    it is given, where it asks a number for its hash, as ``x in {1.0, 2.0}`` does, for its class,
    for its text, or to be a plain ``float(x)`` or array.

    Nobody sees the ``args`` of a node that `f` reads, whether two equal lists are one, nor, in
    threads that it starts, what does not follow from its arguments. Python runs while recording
    only, and what `f` does besides, as printing, is done then.

    NumPy does not warn of overflow or nan in a replay.

    Examples
    --------
    >>> from autograd import exp, value_and_grad
    >>> @compile
    ... def f(x):
    ...     print("recorded")
    ...     return exp(-x) if x > 0 else 1 - x
    >>> f(0.0), f(-1.0), f(-2.0)
    recorded
    (1.0, 2.0, 3.0)
    >>> f.recordings
    1
    >>> print(*f.tapes)
    1 of 1 recorded results are computed
    given x
    v1 = 1 - x
    give v1, x
    """
    return Compiled(f)


class _Way(NamedTuple):
    recording: Recording
    sights: list[Sight]


class Compiled:
    """A function that Python runs only when it is called in a new way; made by `compile`.

    Attributes
    ----------
    __wrapped__ : callable
        The function itself.
    reason : str or None
        Why nothing is recorded any more, and the function runs as it is.
    recordings : int
        How many are kept.
    tapes : list of Tape
        What is replayed; printed, each is a program. What Python asked is an output, too.
    """

    def __init__(self, f: Callable[..., Any]) -> None:
        if not callable(f):
            raise TypeError(f"compile: got {brief(f)}, a {type(f).__name__}. Give a function.")
        self.__wrapped__ = f
        self.__name__ = type(f).__name__
        update_wrapper(self, f, updated=())
        self.reason: str | None = None
        self._on_numbers = False  # whether it runs on the very arguments, for it asks what they are
        self._names = _names(f, follow_wrapped=False)
        self._shown_names = _names(f, follow_wrapped=True)
        self._ways: dict[Any, list[_Way]] = {}
        self._changes = 0  # calls, one after the other, that changed what the function sees
        self._lock = RLock()  # not held while f runs, for f may wait for threads that call it

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for name in self._names[len(args) :] if kwargs else ():  # f(x=1.0) is f(1.0)
            if name not in kwargs:
                break
            args = (*args, kwargs.pop(name))
        arguments = (*args, *kwargs.values())
        if watch_here() or is_inside() or any(map(holds_nodes, arguments)):
            return self.__wrapped__(*args, **kwargs)
        if self._on_numbers:
            return self._as_it_is(args, kwargs)
        kinds, numbers = sorted_out(arguments, self.__name__)
        key = (tuple(kwargs), kinds)
        drawn: list[Any] = []
        asked: list[Question | None] = []
        try:
            return self._replay(key, numbers, drawn, asked)
        except OtherWay:
            if len(asked) == LIMIT:
                raise GraphError(too_many(self.__name__, asked)) from None
        return self._record(key, numbers, drawn, args, kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else partial(self, instance)

    def __reduce__(self) -> Any:
        """Pickle and copy the function: what is read again has recorded nothing yet."""
        home: Any = sys.modules.get(self.__module__)
        name: str = getattr(self, "__qualname__", "")
        for part in name.split("."):
            home = getattr(home, part, None)
        return name if home is self else (compile, (self.__wrapped__,))

    def __apply_transform__(self, transform: Callable[..., Any]) -> "Compiled":
        """Compile a derivative of the function as a whole."""
        return compile(transform(self.__wrapped__))

    def __repr__(self) -> str:
        if self.reason:
            return f"<compiled {self.__name__}: runs as it is, for {self.reason}>"
        count = self.recordings
        return f"<compiled {self.__name__}: {count} recording{'s' * (count != 1)}>"

    @property
    def recordings(self) -> int:
        return sum(map(len, self._ways.values()))

    @property
    def tapes(self) -> list[Tape]:
        ways = [way for known in self._ways.values() for way in known]
        return [tape for way in ways for tape in way.recording.tapes]

    def _replay(
        self, key: Any, numbers: list[Any], drawn: list[Any], asked: list[Question | None]
    ) -> Any:
        """Find a recording that goes the way of this call, and compute its result."""
        with self._lock:
            ways = self._ways.get(key, [])
            for way in ways:
                if not are_unchanged(way.sights):
                    continue
                try:
                    result = way.recording.replay(numbers, drawn)
                except OtherWay as other:
                    asked.append(other.question)
                    continue
                if way is not ways[0]:
                    ways.remove(way)
                    ways.insert(0, way)
                return result
        raise OtherWay

    def _record(
        self,
        key: Any,
        numbers: list[Any],
        drawn: list[Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Run the function on nodes that stand for numbers, and keep what it did."""
        f, name, (names, kinds) = self.__wrapped__, self.__name__, key
        roots = [f, *(kind.held for kind in kinds if isinstance(kind, Fixed))]
        scene = Scene(roots if self.reason is None else [])
        if scene.unknown == "type()":  # of a number, as isinstance asks
            self._give_up("it uses type()", on_numbers=True)
            return self._as_it_is(args, kwargs)
        may_be_kept = self.reason is None and scene.unknown is None
        sights = [*scene.sights, *scene.arrays_seen()]
        put_back = scene.way_back() if may_be_kept else None
        called = chain(self._shown_names, repeat(None))
        arguments = (*args, *kwargs.values())
        operands = list(map(stand_in, arguments, kinds, (*islice(called, len(args)), *names)))
        inputs = [x for x in operands if isinstance(x, Node)]
        states = partial(random_states, scene.generators) if may_be_kept else tuple
        watch = Watch(name, drawn, states, inputs, asks_numbers=True, is_kept=may_be_kept)
        by_place, by_name = operands[: len(args)], operands[len(args) :]
        try:
            with watched(watch):
                output = f(*by_place, **dict(zip(names, by_name, strict=True)))
            if watch.asked:  # the function caught it
                raise watch.asked
        except AskedAsNumber as asked:
            self._give_up(str(asked), on_numbers=True)
            if not put_back or not _is_undone(put_back, sights):
                raise GraphError(
                    f"{name}: {asked}, and what it did so far cannot be undone. The next call "
                    "runs it on the numbers as they are."
                ) from None
            return self._as_it_is(args, kwargs)
        if watch.fault:
            raise watch.fault
        result = exchanged(output, lambda x: plain(x._held), name)
        changed = next((sight for sight in sights if not sight.is_unchanged()), None)
        if self.reason is None and self._may_be_kept(scene.unknown or watch.unknown, changed):
            self._add(key, _Way(Recording(inputs, output, watch), sights), numbers, drawn)
        return result

    def _as_it_is(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        by_place = [as_given(x, self.__name__) for x in args]
        by_name = {key: as_given(x, self.__name__) for key, x in kwargs.items()}
        output = self.__wrapped__(*by_place, **by_name)
        return exchanged(output, lambda x: plain(x._held), self.__name__)

    def _give_up(self, reason: str, on_numbers: bool = False) -> None:
        """Run the function as it is from now on, and say why, once."""
        with self._lock:
            is_new = self.reason is None
            self.reason = self.reason or reason
            self._on_numbers |= on_numbers
            self._ways.clear()
        if is_new:
            text = f"{self.__name__}: {reason}. So compile runs it as it is, from now on."
            warn(text, stacklevel=_outside())

    def _may_be_kept(self, unknown: str | None, changed: Sight | None) -> bool:
        """Whether what the function sees can be looked at again, and this call did not change it.

        One call may: it may fill a cache, say.
        """
        with self._lock:
            self._changes = self._changes + 1 if changed else 0
        if unknown:
            self._give_up(f"it uses {unknown}, which cannot be compared at each call")
        elif self._changes > 1:
            self._give_up(f"each call changes what it sees: {changed}")
        return not (unknown or changed)

    def _add(self, key: Any, way: _Way, numbers: list[Any], drawn: list[Any]) -> None:
        with self._lock:
            try:
                self._replay(key, numbers, drawn, [])  # another thread may have been faster
            except OtherWay:
                ways = self._ways.setdefault(key, [])
                ways.insert(0, way)
                del ways[LIMIT:]
            if len(self._ways) > _KINDS:
                del self._ways[next(iter(self._ways))]


def _is_undone(put_back: Callable[[], None], sights: list[Sight]) -> bool:
    """Put everything back, and say whether that is how it was."""
    try:
        put_back()
    except Exception:  # such as of an attribute that cannot be set
        return False
    return are_unchanged(sights)


def _outside() -> int:
    """Count the frames up to whoever called a compiled function."""
    frame: Any = sys._getframe()
    count = 0
    while frame.f_globals.get("__name__") == __name__:
        frame, count = frame.f_back, count + 1
    return count


def _names(f: Callable[..., Any], follow_wrapped: bool) -> tuple[str, ...]:
    """List the names under which a function takes arguments by place."""
    try:
        parameters = inspect.signature(f, follow_wrapped=follow_wrapped).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(x.name for x in takewhile(lambda x: x.kind <= x.POSITIONAL_OR_KEYWORD, parameters))
