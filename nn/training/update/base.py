"""Runs a model on batches, whatever it is made of; on tapes where that can be done."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd import GraphError, Node, ShapeError, Tape, backprop, gradients, trace
from autograd.engine import next_id, set_grads
from autograd.jit import can_be_undone, dry_run, recorded

from ...inspection import type_of
from ..error_place import of_rows, said_at
from ..untrained import about_untrained, results_in

Array = NDArray[Any]
T = TypeVar("T")


class Way(NamedTuple):
    """A tape, whether it is still right, and which of its outputs are gradients of what."""

    tape: Tape
    is_current: Callable[[], bool]
    reached: dict[Node, int]


class Runner:
    """What is the same for models of Tensors and of Values.

    Parameters
    ----------
    model : Module
    loss : callable, optional
        From predictions and targets to one number.
    params : sequence of Node
        Leaves whose gradients are wanted.
    calls : int
        How many there will be, roughly.

    Attributes
    ----------
    obstacle : str or None
        Why a tape is not used, if one is not.
    gives_probabilities : bool or None
        Whether the model gives probabilities, if `rehearse` could tell.
    untrained : list of str
        What a step does not train, and what helps: found by `try_step`, else in the first step.
    """

    def __init__(
        self, model: Any, loss: Any = None, params: Sequence[Node] = (), calls: int = 1
    ) -> None:
        self.model = model
        self.loss = loss
        self.params = params
        self.calls = calls
        self.obstacle: str | None = None
        self.gives_probabilities: bool | None = None
        self.untrained: list[str] = []
        self._has_stepped = False
        self.dtype = type_of(model)
        self._ways: dict[Any, Way] = {}
        self._leaves = [leaf for _, leaf in model.named_leaves()]
        self._graded = list(dict.fromkeys([*self._leaves, *params]))

    def step(self, X: Array, y: Array) -> float:
        """Compute the loss of a batch, and leave its gradients in the parameters."""
        set_grads(self._graded, repeat(None, len(self._graded)))
        with np.errstate(all="ignore"):  # who calls looks at loss and gradients
            way = self._way((X, y), self.params)
            if way is None:
                return self._eager_step(X, y)
            outputs = self._replay(way.tape, X, y, reduce="mean")
        set_grads(way.reached, [outputs[place] for place in way.reached.values()])
        return float(outputs[0])

    @cached_property
    def can_rehearse(self) -> bool:
        """Whether all that model and loss can change is put back after a trial."""
        return can_be_undone(self.model, self.loss)

    def rehearse(
        self, name: str, X: Array, y: Array, metrics: Mapping[str, Callable[[Any, Any], Any]]
    ) -> None:
        """Find out, before anything is changed, whether model, loss, samples and targets fit.

        The model is in ``eval()``. What could not be put back, as an iterator that it draws from,
        is not tried.

        Raises
        ------
        ShapeError
            If the loss is not one number, or if a loss or a metric compares each output with all
            targets. What else does not fit, model and loss say: their errors are raised with the
            name of the data before them.
        """
        if not self.can_rehearse:
            return

        def cost_of_all() -> Any:
            try:
                outputs = self._first(X)
            except Exception as error:
                raise said_at("fit", error, of_rows(X)) from error
            return self._rehearse(outputs, y, metrics)

        try:
            cost = self._dry_run(cost_of_all, *metrics.values())
        except Exception as error:
            raise said_at(name, error) from error
        if not isinstance(cost, Node) or np.shape(cost.data):
            raise ShapeError(
                f"fit: the loss gives {cost!r}. It has to give a single number, as a node: "
                "reduction='mean' makes one of many."
            )

    def try_step(self, X: Array, y: Array) -> None:
        """Find out whether a step can be made: compute its loss, and look for the parameters.

        Raises
        ------
        GraphError
            If the loss does not follow from any parameter.
        """
        if not self.can_rehearse:
            return
        cost = self._dry_run(partial(self.looked_at, X, y))
        if not _in_graph(cost, self.params):
            raise GraphError(
                "fit: the loss does not depend on any parameter of the optimizer. Compute it with "
                "ops of autograd, from what the model gives."
            )

    def looked_at(self, X: Array, y: Array) -> Any:
        """Build the graph of the loss of a batch, and see what an update would not change."""
        results, born = results_in(self.model), next_id()
        cost = self._cost(X, y)
        found = about_untrained(self.model, self.params, cost, born, results, X)
        self.untrained = list(found)
        return cost

    def refusal(self, X: Array, y: Array) -> ValueError | None:
        """Give what model or loss say against a batch: a tape does not ask them again."""
        if self.can_rehearse:
            try:
                self._dry_run(partial(self._cost, X, y))
            except Exception as error:
                return error if type(error) is ValueError else None
        return None

    def predict(self, X: Array) -> Array:
        """Give what the model gives for each row."""
        raise NotImplementedError

    def measure(self, X: Array, y: Array) -> tuple[float, Array]:
        """Give the loss of all rows, and predictions."""
        raise NotImplementedError

    def is_current(self) -> bool:
        """Whether what model and loss can see is as it was when steps were recorded."""
        return all(way.is_current() for (is_step, *_), way in self._ways.items() if is_step)

    def refuse_what_changes(self) -> None:
        """Use no tapes any more if an update has changed what they were recorded from."""
        if not self.is_current():
            self.obstacle = "what the loss or the model can see changes from step to step"
            self._ways.clear()

    def _dry_run(self, f: Callable[[], T], *roots: Any) -> T:
        """Let model and loss run, and leave no trace: in buffers, attributes, generators."""
        before = [(leaf, leaf.data) for leaf in self._leaves if leaf.constant]

        def run() -> T:
            try:
                with np.errstate(all="ignore"):
                    return f()
            finally:
                for leaf, numbers in before:
                    leaf.data = numbers

        return dry_run(run, self.model, self.loss, *roots)

    def _eager_step(self, X: Array, y: Array) -> float:
        is_new = not (self.can_rehearse or self._has_stepped)
        self._has_stepped = True
        cost = (self.looked_at if is_new else self._cost)(X, y)
        cost.backward()
        return float(cost.data)

    def _way(self, batch: Sequence[Array], params: Sequence[Node] = ()) -> Way | None:
        """Find the tape for such batches, with gradients or without; None if there is none."""
        form = (bool(params), *(x.shape for x in batch))
        if form not in self._ways and self.obstacle is None:
            try:
                self._ways[form] = self._recorded(batch, params)
            except Exception as error:  # what is wrong with a step, the step will raise itself
                self.obstacle = str(error)
                if batch[0].dtype.kind in "iu" and not isinstance(error, GraphError):
                    self.obstacle = "samples are whole numbers, which a tape makes floats of"
        return self._ways.get(form)

    def _recorded(self, batch: Sequence[Array], params: Sequence[Node]) -> Way:
        ends = self._ends(*batch)

        def fit(*leaves: Node) -> list[Node]:
            outputs = ends(*leaves)
            if not params:
                return outputs
            return [outputs[0], *gradients(outputs[0], _in_graph(outputs[0], params))]

        tape, outputs, is_current = recorded(fit, self._inputs(*batch))
        if not params:
            return Way(tape, is_current, {})
        self._compare(tape, *batch)
        passed = {step.node for step in backprop(outputs[0])}  # not what is behind `sign`
        places = enumerate(_in_graph(outputs[0], params), start=1)
        return Way(tape, is_current, {p: place for place, p in places if p in passed})

    def _compare(self, tape: Tape, X: Array, y: Array) -> None:
        """See that a tape gives the loss of the model itself: types of targets may matter to it."""
        X, y = self._few(X), self._few(y)
        expected = float(self._dry_run(partial(self._cost, X, y)).data)
        found = float(self._dry_run(partial(self._replay, tape, X, y, reduce="mean"))[0])
        if not np.isclose(found, expected, rtol=1e-3 if self.dtype == np.float32 else 1e-9):
            raise GraphError(f"a tape gives the loss {found:.6g}, and the model {expected:.6g}.")

    # What the two kinds of models differ in.

    def _first(self, X: Array) -> Any:
        """Give what the model gives for the first sample."""
        raise NotImplementedError

    def _rehearse(self, outputs: Any, y: Array, metrics: Mapping[str, Any]) -> Any:
        """Compute the loss of all targets, from what the model gives for the first sample."""
        raise NotImplementedError

    def _ends(self, *batch: Array) -> Callable[..., list[Node]]:
        """Give a function from leaves to the loss, if there are targets, and predictions."""
        raise NotImplementedError

    def _inputs(self, *batch: Array) -> list[Node]:
        """Make the inputs of a tape."""
        raise NotImplementedError

    def _few(self, rows: Array) -> Array:
        """Take as many rows as the first comparison with a tape needs."""
        raise NotImplementedError

    def _replay(self, tape: Tape, *batch: Array, reduce: Any = None) -> list[Any]:
        raise NotImplementedError

    def _cost(self, X: Array, y: Array) -> Any:
        """Build the graph of the loss of a batch."""
        raise NotImplementedError


def _in_graph(cost: Node, params: Sequence[Node]) -> list[Node]:
    graph = set(trace(cost, constants=False))
    return [p for p in params if p in graph]
