"""A recording of one way through a function, and how to tell whether a call goes the same way."""

import linecache
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from ..engine import Node, Tensor, Value, draw, same_numbers, walk
from ..ops import brief
from ..tape import Tape
from .branch_guards import Guard, Watch, as_noise

_KEPT = (int, float, complex, str, bytes, type(None), np.generic)
Data = dict[int, Any]  # what nodes hold, by their id


class Question(NamedTuple):
    """What Python asked about nodes, and the answer with which the recorded way goes on."""

    words: str
    place: tuple[str, int]
    nodes: tuple[int, ...]
    learn: Callable[..., Any]
    answer: Any


def too_many(name: str, asked: list[Question | None]) -> str:
    """Put into words that no recording fits, and what most of them differ in."""
    (question, times), *_ = Counter(
        (x.words, *x.place) if x else ("an op had no value", "", 0) for x in asked
    ).most_common()
    words, file, line = question
    code = linecache.getline(file, line).strip()
    where = f", in {code!r} (line {line} of {file})" if code else ""
    return (
        f"{name}: this call goes another way than all {len(asked)} that are recorded for such "
        f"arguments. What differs is, {times} times, that {words}{where}. x > 0 is Python's "
        "answer, also in where(x > 0, a, b): decide with where(heaviside(x), a, b), which asks "
        "nothing. Or keep the number a node, or call __wrapped__."
    )


class OtherWay(Exception):
    """A call does not go the way that was recorded, because of an answer or an error."""

    def __init__(self, question: Question | None = None) -> None:
        self.question = question


class Recording:
    """Tapes of what a function computed, one for each time that random numbers were drawn.

    Parameters
    ----------
    inputs : sequence of Node
        Leaves that stood for the arguments.
    output : Node, or a tuple, list or dict of them
        What the function returned.
    watch : Watch
        What it saw meanwhile.
    """

    def __init__(self, inputs: Sequence[Node], output: Any, watch: Watch) -> None:
        returned: dict[Node, None] = {}
        self._output = exchanged(output, lambda x: _Hole(x, returned), watch.name)
        guards = list(watch.guards.values())
        roots = [*returned, *chain.from_iterable(guard.nodes for guard in guards)]
        self._before = _from_before(roots, {*inputs, *watch.noise}, watch.start)
        self._inputs = [x.id for x in inputs]
        self._noise = watch.noise  # drawn here, once for all tapes
        self._stages = []
        for count in sorted({*(guard.drawn for guard in guards), len(watch.noise)}):
            given = [*inputs, *self._before, *watch.noise[:count]]
            asked = [guard for guard in guards if guard.drawn == count]
            wanted = returned if count == len(watch.noise) else ()
            self._stages.append(_Stage(asked, wanted, given, count))

    @property
    def tapes(self) -> list[Tape]:
        """What is run, in this order; questions are outputs too."""
        return [tape for stage in self._stages for tape, _, _ in stage.parts]

    def replay(self, numbers: Iterable[Any], drawn: list[Any]) -> Any:
        """Compute what the function returns.

        Parameters
        ----------
        numbers : iterable of float or array
            One for each input.
        drawn : list
            Random numbers that this call has drawn; more are added as they are needed.

        Raises
        ------
        OtherWay
            If the function would go another way. By then only those random numbers were drawn
            that any way would draw.
        """
        data: Data = dict(zip(self._inputs, numbers, strict=True))
        for x in self._before:
            data[x.id] = x._held
        with np.errstate(all="ignore"):  # on a way that is not taken numbers may be out of place
            self._run(data, drawn)
        return exchanged(self._output, lambda hole: plain(data[hole.node]))

    def _run(self, data: Data, drawn: list[Any]) -> None:
        for stage in self._stages:
            for count, node in enumerate(self._noise[: stage.drawn]):
                if count == len(drawn):
                    shape = node.shape if isinstance(node, Tensor) else None
                    drawn.append(as_noise(partial(draw, node), shape))
                data[node.id] = node._payload(drawn[count])
            stage.run(data)


class _Stage:
    """What is computed, and asked, after some random numbers were drawn and before the next."""

    def __init__(
        self, guards: list[Guard], returned: Iterable[Node], given: list[Node], drawn: int
    ) -> None:
        self.drawn = drawn
        self.questions = [question(guard) for guard in guards]
        self.parts = []
        # Another executor may round otherwise, and then no number that was read would come again.
        executor: Any = "numpy" if any(guard.how == "data" for guard in guards) else "auto"
        wanted = dict.fromkeys([*returned, *(x for guard in guards for x in guard.nodes)])
        for kind in (Value, Tensor):
            outputs = [x for x in wanted if isinstance(x, kind)]
            if outputs:
                inputs = [x for x in given if isinstance(x, kind)]
                tape = Tape.guarded(outputs, inputs, executor)
                self.parts.append((tape, [x.id for x in inputs], [x.id for x in outputs]))

    def run(self, data: Data) -> None:
        for tape, given, wanted in self.parts:
            try:
                data.update(zip(wanted, tape(*[data[x] for x in given]), strict=True))
            except Exception as error:  # on the recorded way; the function itself will tell
                raise OtherWay from error
        for question in self.questions:
            answer = question.learn(*[data[x] for x in question.nodes])
            if not same_numbers(answer, question.answer):
                raise OtherWay(question)


class _Hole:
    """Where the result of a node stands in what is returned."""

    def __init__(self, node: Node, returned: dict[Node, None]) -> None:
        self.node = node.id
        returned[node] = None


def exchanged(x: Any, change: Callable[[Any], Any], name: str = "") -> Any:
    """Exchange each node in nested tuples, lists and dicts; keep other numbers."""
    if x.__class__ is _Hole or isinstance(x, Node):
        return change(x)
    if isinstance(x, dict):
        return {key: exchanged(part, change, name) for key, part in x.items()}
    if isinstance(x, list | tuple):
        parts = [exchanged(part, change, name) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, np.ndarray) and x.dtype != object:
        return np.array(x)
    if isinstance(x, _KEPT):
        return x
    raise TypeError(
        f"{name}: it returned {brief(x)}, a {type(x).__name__}. "
        "Return nodes, by themselves or in tuples, lists and dicts."
    )


def plain(held: Any) -> Any:
    """Give what a node holds to somebody who may write into it."""
    return held if held.__class__ is float else np.array(held)[()]


def _from_before(roots: list[Node], given: set[Node], start: int) -> list[Node]:
    """Find what was computed before a recording, and constants from then.

    A tape would compute the former from leaves again, although a result never changes, and would
    take the latter for literals, although they may be given new data.
    """
    found = walk(roots, lambda x: () if x in given or x.id < start else x.inputs)
    before = [x for x in found if x not in given and x.id < start and (x.op or x.constant)]
    return sorted(before, key=lambda x: x.id)


def question(guard: Guard) -> Question:
    """Put into words what Python learned, and how to ask again."""
    node = guard.nodes[0]
    name = node.name or (node.op.name if node.op else "a leaf")
    words = {"data": f"the number of {name} is read", "finite": "gradients are finite"}
    text = words.get(guard.how, f"{name} {guard.how} ... is asked")
    return Question(text, guard.place, tuple(x.id for x in guard.nodes), guard.learn, guard.seen)
