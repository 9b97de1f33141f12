"""Finds the activations in a model, and which of their units pass no gradient on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import GraphError, Node, Op, Value, flat, trace
from autograd.engine import Integers
from autograd.jit import Recorded, can_be_undone, dry_run, recorded
from autograd.ops import Params

from ..inspection import batch_of, is_of_values, nested, nodes_of, type_of

Array = NDArray[Any]

TINY = 0.005  # of the steepest slope of an activation
_PROBE = np.linspace(-8, 8, 32)  # 0 is not among them
_STEEPEST = 10.0  # sqrt, log and exp are steeper somewhere, or not defined: no activations
_ROWS = 128  # of a batch are enough to see whether a unit is ever on
_SAMPLES = 8  # one by one, where a model cannot be recorded


class Site(NamedTuple):
    """A place in a graph where an activation bends what a layer gave.

    Attributes
    ----------
    layer : str
        Whose parameters were used last on the way to it.
    node : Node
        What the activation gave.
    """

    layer: str
    node: Node


class Idle(NamedTuple):
    """How often the units of an activation pass no gradient on.

    Attributes
    ----------
    layer : str
    dies : bool
        Whether it has a piece of slope 0, as relu; else its slope only fades, as that of tanh.
    share : array, shape (units,)
        Of a batch: where the slope is 0, or tiny.
    """

    layer: str
    dies: bool
    share: Array


class Units:
    """Looks at the activations of a model, and leaves the model as it was.

    Parameters
    ----------
    model : Module
    layers : mapping from Node to str
        The layer of each of its leaves, frozen ones too.
    """

    def __init__(self, model: Any, layers: Mapping[Node, str]) -> None:
        self._model = model
        self._modules = [part for _, part in model.named_modules()]
        self._layers = layers
        self._of_values = is_of_values(model)
        self._can_look = can_be_undone(model)
        self._plan: tuple[list[Site], Recorded | None] | None = None  # for Values

    def look(self, X: Array) -> list[Idle]:
        """Say which units are idle, and on which share of a batch.

        Parameters
        ----------
        X : array, shape (batch, ...)
        """
        if not self._can_look:
            return []
        return dry_run(lambda: self._look(X), self._model)

    def _look(self, X: Array) -> list[Idle]:
        with _undisturbed(self._modules), np.errstate(all="ignore"):
            return self._look_at_values(X) if self._of_values else self._look_at_tensors(X)

    def _look_at_tensors(self, X: Array) -> list[Idle]:
        x = batch_of(X[:_ROWS], type_of(self._model))
        data = x.floats if isinstance(x, Integers) else x
        found = sites(nodes_of(self._model(x)), [data], self._layers)
        return [
            _idle(site, site.node.args[0], np.asarray(site.node.data))
            for site in found
            if np.shape(site.node.data)[:1] == (len(x),)
        ]

    def _look_at_values(self, X: Array) -> list[Idle]:
        found, ends = self._ends(X[:_ROWS])
        alike: dict[Any, list[int]] = defaultdict(list)  # neurons of a layer, seen at once
        for i, (layer, y) in enumerate(found[: len(ends) // 2]):
            alike[layer, y.op, repr(y.params)].append(i)
        return [
            _idle(
                found[group[0]],
                np.stack([ends[2 * i] for i in group], axis=1),
                np.stack([ends[2 * i + 1] for i in group], axis=1),
            )
            for group in alike.values()
        ]

    def _ends(self, X: Array) -> tuple[list[Site], list[Array]]:
        """List activations, with what goes into each and what comes out."""
        if self._plan is None or (self._plan[1] and not self._plan[1].is_current()):
            self._plan = self._recorded(X[0])
        found, plan = self._plan
        if plan:
            columns = X.reshape(len(X), -1).T
            return found, [np.broadcast_to(x, len(X)) for x in plan.tape(*columns)]
        looks = [self._sites_of(row) for row in X[:_SAMPLES]] if found else []
        return found, [
            np.array(end)
            for same in zip(*looks, strict=False)
            for end in ([y.args[0] for _, y in same], [y.data for _, y in same])
        ]

    def _recorded(self, row: Array) -> tuple[list[Site], Recorded | None]:
        """List activations, with a recording of what goes into them and comes out, if one fits."""
        found = self._sites_of(row)
        if not found:
            return found, None

        model, layers = self._model, self._layers  # it should not reach what is kept of it

        def ends(*x: Value) -> list[Node]:
            here = sites(nodes_of(model(nested(iter(x), np.shape(row)))), x, layers)
            return [end for _, y in here for end in (y.inputs[0], y)]

        try:
            return found, recorded(ends, [Value(x, constant=True) for x in row.flat])
        except GraphError:
            return found, None

    def _sites_of(self, row: Array) -> list[Site]:
        x = [Value(number, constant=True) for number in row.flat]
        return sites(nodes_of(self._model(nested(iter(x), np.shape(row)))), x, self._layers)


def sites(
    outputs: Iterable[Node], inputs: Iterable[Node], layers: Mapping[Node, str]
) -> list[Site]:
    """List the activations on the way from inputs to outputs, in the order of computation.

    One that fades, such as a sigmoid, is left out at the end: an output that is sure is no fault.
    """
    outputs = list(outputs)
    from_data = set(inputs)
    made_by: dict[Node, str] = {}  # of what was computed from parameters alone
    last: dict[Node, tuple[int, str]] = {}  # which layer was used last, and when
    found = []
    for time, node in enumerate(trace(*outputs)):
        if node in layers:
            made_by[node] = layers[node]
        elif from_data.isdisjoint(node.inputs):
            made_by.update((node, made_by[x]) for x in node.inputs if x in made_by)
        else:
            from_data.add(node)
            used = [(time, made_by[x]) for x in node.inputs if x in made_by]
            before = [last[x] for x in node.inputs if x in last]
            if used or before:
                last[node] = max(used or before)
                if _slopes_of(node.op, node.params) is not None:
                    found.append(Site(last[node][1], node))
    ends = {last.get(y) for y in outputs}
    return [site for site in found if dies(site.node) or last[site.node] not in ends]


def dies(node: Node) -> bool:
    """Whether an activation has a piece of slope 0, as relu, rather than one that fades."""
    slopes = _slopes_of(node.op, node.params)
    return slopes is not None and not slopes.all()


@contextmanager
def _undisturbed(modules: list[Any]) -> Iterator[None]:
    """Let modules compute for a while without changing anything in them.

    Layers with buffers, such as `BatchNorm1d`, do as in training, for in the first updates their
    buffers are not yet what they will be; the buffers are put back. All others are evaluated.
    """
    trained = [part for part in modules if part.training]
    evaluated = [part for part in trained if not part.buffer_names]
    buffers = [getattr(part, name) for part in trained for name in part.buffer_names]
    before = [buffer.data for buffer in buffers]
    try:
        for part in evaluated:
            part.training = False
        yield
    finally:
        for part in evaluated:
            part.training = True
        for buffer, data in zip(buffers, before, strict=True):
            if buffer.data is not data:
                buffer.data = data


def _idle(site: Site, x: Array, y: Array) -> Idle:
    """Say how often the units of an activation are idle; units lie along axis 1."""
    op, params = site.node.op, site.node.params
    usual = _slopes_of(op, params)
    assert usual is not None
    is_dead = dies(site.node)
    slopes = np.abs(_rule(op)(1.0, y, x, **params))
    is_idle = np.broadcast_to(slopes <= (0 if is_dead else TINY * usual.max()), x.shape)
    by_unit = is_idle.reshape(len(x), *(x.shape[1:2] or (1,)), -1)
    return Idle(site.layer, is_dead, np.mean(by_unit, axis=(0, 2)))


def _slopes_of(op: Op | None, params: Params) -> Array | None:
    """Give how steep an op is around 0 if it can serve as an activation: it bends, gently."""
    if op is None or not op.elementwise or op.arity != 1 or _rule(op) in (None, flat):
        return None
    if any(np.ndim(value) for value in params.values()):
        return None
    with np.errstate(all="ignore"):
        slopes = np.abs(_rule(op)(1.0, op.forward(_PROBE, **params), _PROBE, **params))
    bends = np.ndim(slopes) and np.ptp(slopes) > 0
    return slopes if bends and slopes.max() <= _STEEPEST else None


def _rule(op: Any) -> Any:
    return op.vjps[0]
