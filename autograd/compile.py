"""compile: a function that is recorded when it is called, and replayed when it is called again."""

import inspect
import linecache
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial, update_wrapper
from threading import RLock
from typing import Any, NamedTuple

from .arguments import Fixed, holds_nodes, sorted_out, stand_in
from .errors import GraphError
from .node import Node, next_id
from .recording import OtherWay, Question, Recording, exchanged, plain
from .run import is_inside
from .surroundings import Sight, Surroundings
from .tape import Tape
from .watch import Watch, watch_here, watched
from .words import brief

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
        Value, or a Tensor if any is an array or a list of numbers. What is neither (a str, a bool,
        None, an object) is passed on as it is. Called with nodes, or inside of another graph, it
        is `f` itself, and its results are part of that graph.

    Raises
    ------
    GraphError
        If `f` does what a replay could not repeat: if it sets the data of a leaf, runs
        `backward`, goes on after an error, or draws random numbers past `noise`. Also if calls
        with arguments of the same kinds and shapes went 32 different ways, and this is another.

    Notes
    -----
    A recording holds what `f` computed on one way through it. Parameters are read afresh at each
    call. Wherever Python learned something from a node, by ``x < y``, ``x.data``, ``float(x)``, a
    replay asks again; if any answer differs, the recording is not used. Another may fit, else `f`
    runs and is recorded. So results are those of `f`, whichever way it goes. ``where`` decides
    without asking.

    Numbers, strings and objects that `f` reads from closures, globals and attributes are compared
    with those of the recording; an array only by which one it is, so do not write into it. Nobody
    sees what else `f` reads: a clock, a file, the ``grad`` of a node, a generator of random numbers
    that it makes itself. Python runs while recording only: what else `f` does, as printing and
    counting, is done then, and what it changes by that is not compared.

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
        self._ways: dict[Any, list[_Way]] = {}
        self._own: dict[Any, Sight] = {}  # what f itself changes while it is recorded
        self._lock = RLock()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        arguments = (*args, *kwargs.values())
        if watch_here() or is_inside() or any(map(holds_nodes, arguments)):
            return self.__wrapped__(*args, **kwargs)
        kinds, numbers = sorted_out(arguments, self.__name__)
        with self._lock:
            ways = self._ways.setdefault((tuple(kwargs), kinds), [])
            drawn: list[Any] = []
            asked: list[Question | None] = []
            for way in ways:
                if not all(map(Sight.is_unchanged, way.sights)):
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
            if len(asked) == LIMIT:
                raise GraphError(self._too_many(asked))
            return self._record(ways, arguments, tuple(kwargs), kinds, drawn)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else partial(self, instance)

    def __repr__(self) -> str:
        count = self.recordings
        return f"<compiled {self.__name__}: {count} recording{'s' * (count != 1)}>"

    @property
    def recordings(self) -> int:
        return sum(map(len, self._ways.values()))

    @property
    def tapes(self) -> list[Tape]:
        ways = [way for known in self._ways.values() for way in known]
        return [tape for way in ways for tape in way.recording.tapes]

    def _record(
        self,
        ways: list[_Way],
        arguments: tuple[Any, ...],
        names: tuple[str, ...],
        kinds: tuple[Any, ...],
        drawn: list[Any],
    ) -> Any:
        """Run the function on nodes that stand for numbers, and keep what it did."""
        f = self.__wrapped__
        roots = [f, *(kind.held for kind in kinds if isinstance(kind, Fixed))]
        before = Surroundings(roots)
        watch = Watch(self.__name__, drawn, before.random_states, start=next_id())
        by_place = len(arguments) - len(names)
        called = (*self._parameters(by_place), *names)
        operands = list(map(stand_in, arguments, kinds, called))
        with watched(watch):
            output = f(*operands[:by_place], **dict(zip(names, operands[by_place:], strict=True)))
            watch.look_for_other_randomness()
        if watch.fault:
            raise watch.fault
        result = exchanged(output, lambda x: plain(x._data), self.__name__)
        inputs = [x for x in operands if isinstance(x, Node)]
        recording = Recording(inputs, output, watch)
        self._own |= {sight.key: sight for sight in before.sights if not sight.is_unchanged()}
        sights = [x for x in Surroundings(roots).sights if x.key not in self._own]
        ways.insert(0, _Way(recording, sights))
        del ways[LIMIT:]
        if len(self._ways) > _KINDS:
            del self._ways[next(iter(self._ways))]
        return result

    def _parameters(self, count: int) -> Iterator[str | None]:
        """Give the names by which the function calls its first arguments."""
        try:
            known = iter(inspect.signature(self.__wrapped__).parameters)
        except (TypeError, ValueError):
            known = iter(())
        return (next(known, None) for _ in range(count))

    def _too_many(self, asked: list[Question | None]) -> str:
        (question, times), *_ = Counter(
            (x.words, *x.place) if x else ("an op had no value", "", 0) for x in asked
        ).most_common()
        words, file, line = question
        code = linecache.getline(file, line).strip()
        where = f", in {code!r} (line {line} of {file})" if code else ""
        return (
            f"{self.__name__}: this call goes another way than all {LIMIT} that are recorded for "
            f"such arguments. What differs is, {times} times, that {words}{where}. Decide with "
            "where(heaviside(x), a, b), keep the number a node, or call __wrapped__."
        )
