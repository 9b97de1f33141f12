"""Records functions that decide nothing by numbers: a replay of them is always right."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from .errors import GraphError
from .node import Node
from .randomness import kept, random_states
from .recording import question
from .surroundings import Surroundings
from .tape import Tape
from .watch import Watch, watched


class Recorded(NamedTuple):
    """A function as a tape.

    Attributes
    ----------
    tape : Tape
        From its inputs to its outputs.
    outputs : list of Node
        What it gave when it was recorded.
    is_current : callable
        Says whether all that the function can reach is as it was, but for what leaves hold.
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
        Called once, with the inputs; gives a list of nodes.
    inputs : sequence of Node
        Constant leaves, all Values or all Tensors, made after everything else that `f` uses.

    Returns
    -------
    Recorded

    Raises
    ------
    GraphError
        If `f` reads a number of a node or compares it, sets the data of a leaf, runs `backward`,
        changes anything else that it can reach, or draws random numbers past `noise`.

    Notes
    -----
    Generators of random numbers that `f` can reach are afterwards as before, whether it is recorded
    or not: the first numbers are drawn by the first call of the tape.

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
    around = Surroundings([f], name)
    states = partial(random_states, around.generators)
    watch = Watch(name, [], states, start=min(x.id for x in inputs))
    watch.inputs.update(x.id for x in inputs)
    with kept(around.generators), watched(watch):
        outputs = list(f(*inputs))
    if watch.fault:
        raise watch.fault
    for guard in watch.guards.values():
        if guard.how != "finite":
            asked = question(guard)
            file, line = asked.place
            raise GraphError(
                f"{name}: {asked.words} (line {line} of {file}), and a replay would not ask again."
            )
    if not all(sight.is_unchanged() for sight in around.sights):
        raise GraphError(f"{name}: it changes what it can reach, and a replay would not.")
    return Recorded(
        Tape(outputs, inputs), outputs, lambda: all(x.is_unchanged() for x in around.sights)
    )
