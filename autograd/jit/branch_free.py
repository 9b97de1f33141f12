"""Records functions that decide nothing by numbers: a replay of them is always right."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from ..engine import Node, same_numbers
from ..errors import GraphError
from ..tape import Tape
from .branch_guards import Watch, watched
from .equality import alike
from .randomness import random_states
from .recording import question
from .restore import Scene


class Recorded(NamedTuple):
    """A function as a tape.

    Attributes
    ----------
    tape : Tape
        From its inputs to its outputs.
    outputs : list of Node
        What it gave when it was recorded.
    is_current : callable
        Says whether all that the function can reach is as it was, but for what parameters hold.
    """

    tape: Tape
    outputs: list[Node]
    is_current: Callable[[], bool]


def recorded(f: Callable[..., Sequence[Node]], inputs: Sequence[Node]) -> Recorded:
    """Record a function that decides nothing by numbers; refuse any other.

    `compile` asks again what Python asked. Samples of a batch would give different answers, so here
    nothing may be asked: then the tape is right for batches of Values, too.

    Parameters
    ----------
    f : callable
        Called with the inputs; gives a list of nodes. It is called once, and again if it fails
        with large arrays read-only, as in `dry_run`.
    inputs : sequence of Node
        Constant leaves, all Values or all Tensors, made after everything else that `f` uses.

    Returns
    -------
    Recorded

    Raises
    ------
    GraphError
        If `f` reads a number of a node or compares it, sets the data of a leaf, runs `backward`,
        changes anything else that it can reach, draws random numbers past `noise`, or uses what
        nobody can compare: a clock, a file, an iterator.

    Notes
    -----
    All that `f` can reach is afterwards as before, whether it is recorded or not; generators of
    random numbers, too: the first numbers are drawn by the first call of the tape.

    Examples
    --------
    >>> from autograd import Value
    >>> scale = Value(3.0)
    >>> x = Value(1.0, constant=True, name="x")
    >>> tape, _, _ = recorded(lambda x: [scale * x], [x])
    >>> tape([1.0, 2.0])
    [array([3., 6.])]
    >>> recorded(lambda x: [x if x > 0 else -x], [x])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    autograd.errors.GraphError: <lambda>: x > ... is asked (line ..., and a replay would not ...
    """
    name = getattr(f, "__name__", type(f).__name__)
    scene = Scene([f])
    if scene.unknown:
        raise _not_understood(name, scene.unknown)
    states = partial(random_states, scene.generators)

    def record() -> tuple[Watch, list[Node]]:
        watch = Watch(name, [], states, inputs, asks_numbers=False)
        with watched(watch):
            return watch, list(f(*inputs))

    (watch, outputs), is_pure = scene.dry_run(record)
    if watch.fault:
        raise watch.fault
    if watch.unknown:
        raise _not_understood(name, watch.unknown)
    for guard in watch.guards.values():
        if guard.how != "finite":
            asked = question(guard)
            file, line = asked.place
            raise GraphError(
                f"{name}: {asked.words} (line {line} of {file}), and a replay would not ask again."
            )
    if not is_pure:
        raise GraphError(f"{name}: it changes what it can reach, and a replay would not.")
    tape = Tape(outputs, inputs)
    contents = scene.contents()

    def is_current() -> bool:
        folded = (same_numbers(x._held, held) for x, held in tape.code.folded)
        return scene.is_as_before() and all(folded) and alike(scene.contents(), contents)

    return Recorded(tape, outputs, is_current)


def _not_understood(name: str, what: str) -> GraphError:
    return GraphError(f"{name}: it uses {what}, which cannot be compared at each call.")
