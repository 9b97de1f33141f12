"""Records what a page computes: loss and gradients of one sample, and what every unit gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import (
    GraphError,
    Node,
    Tape,
    Tensor,
    Value,
    concatenate,
    gradients,
    reshape,
    unroll,
)

from ..moments import LONGEST
from .layers import layers
from .live import javascript
from .targets import Targets, default_loss, flat, like, targets, threshold

_COMPARED = 8  # samples


@dataclass(frozen=True)
class Programs:
    """What a page needs to train a model.

    Attributes
    ----------
    script : str
        JavaScript with two functions of inputs, targets and weights in one array: ``train`` gives
        the loss and its gradients, ``measure`` the loss, predictions and units.
    loss : str
        The loss in Python, such as ``nn.mse_loss``.
    custom : bool
        Whether it was given.
    targets : Targets
    threshold : float
        The prediction between two classes.
    reduce : {'mean', 'sum'}
        How losses of samples make the loss of a batch.
    layers : list of dict
        As `layers` gives them, with the place of the first unit in ``units``.
    picture : str
        Theirs, as SVG.
    measured : int
        How many numbers ``measure`` gives.
    """

    script: str
    loss: str
    custom: bool
    targets: Targets
    threshold: float
    reduce: str
    layers: list[dict[str, Any]]
    picture: str
    measured: int


@dataclass(frozen=True)
class _Sample:
    """Nodes of one sample, all of them Values."""

    inputs: list[Value]
    targets: list[Value]
    params: list[Value]
    prediction: list[Value]
    units: list[list[Value]]
    loss: Value


def programs(model: Any, X: NDArray[Any], y: NDArray[Any], loss: Any) -> Programs:
    """Record a model and a loss, which is chosen by the targets if there is none.

    Raises
    ------
    GraphError
        If the program is too long for a page, or is none of numbers alone.
    """
    params = model.parameters()
    size = sum(np.size(p.data) for p in params)
    if size > LONGEST:  # each is read in a line of its own
        raise _too_long(f"{size:,} parameters")
    places = np.cumsum([0, *(np.size(p.data) for p in params)]).tolist()
    place_of = dict(zip(params, places, strict=False))
    record = _of_values if isinstance(params[0], Value) else _of_tensors
    sample, (found, picture), meant = record(model, X, y, loss, place_of)
    slopes = gradients(sample.loss, sample.params)
    given = [*sample.inputs, *sample.targets, *sample.params]
    train = Tape([sample.loss, *slopes], inputs=given, executor="numpy")
    units = [unit for layer in sample.units for unit in layer]
    measure = Tape([sample.loss, *sample.prediction, *units], inputs=given, executor="numpy")
    if len(train.code.lines) > LONGEST:
        raise _too_long(f"{len(train.code.lines):,} lines a sample")
    if train.code.noise:
        raise GraphError(
            "playground: the model draws random numbers, as Dropout does, which the page would "
            "draw otherwise. Leave them out, or train it by nn.fit."
        )
    start = 1 + len(sample.prediction)
    for layer, nodes in zip(found, sample.units, strict=True):
        layer["units"] = start
        start += len(nodes)
    return Programs(
        script=f"{javascript('train', train)}\n{javascript('measure', measure)}",
        loss=f"nn.{default_loss(meant.kind)[0]}" if loss is None else _name(loss),
        custom=loss is not None,
        targets=meant,
        threshold=threshold(_cost(loss, meant.kind, isinstance(params[0], Tensor)), meant.kind),
        reduce=_reduction(model, X, meant, loss, measure, [p.data for p in params]),
        layers=found,
        picture=picture,
        measured=start,
    )


def _of_values(
    model: Any, X: NDArray[Any], y: NDArray[Any], loss: Any, place_of: Mapping[Node, int]
) -> tuple[_Sample, tuple[list[dict[str, Any]], str], Targets]:
    inputs = [Value(x, constant=True) for x in X[0].ravel().tolist()]
    made = model.activations(inputs if X.ndim > 1 else inputs[0])
    prediction = [*flat(made["output"])]
    meant = targets(y, len(prediction))
    wanted = [Value(t, constant=True) for t in meant.rows[0].tolist()]
    if loss is None:
        cost = default_loss(meant.kind)[1](prediction, wanted)
    else:
        cost = loss(made["output"], like(made["output"], wanted))
    drawn = layers(model, inputs, prediction, place_of)
    units = [layer["units"] for layer in drawn[0]]
    params: list[Any] = [*place_of]
    return _Sample(inputs, wanted, params, prediction, units, cost), drawn, meant


def _of_tensors(
    model: Any, X: NDArray[Any], y: NDArray[Any], loss: Any, place_of: Mapping[Node, int]
) -> tuple[_Sample, tuple[list[dict[str, Any]], str], Targets]:
    """Record a batch of one, and take its Tensors apart into numbers, all at once."""
    x = Tensor(X[:1].astype(float), constant=True)
    made = model.activations(x)
    output = made["output"]
    meant = targets(y, output.size)
    wanted = Tensor(meant.rows[:1].reshape(output.shape), constant=True)
    drawn = layers(model, [x], [output], place_of)
    parts = [x, wanted, *place_of, output, *(layer["units"] for layer in drawn[0])]
    if loss is not None:
        parts.append(loss(output, wanted))
    numbers = unroll(concatenate([reshape(part, (-1,)) for part in parts])).tolist()
    ends = np.cumsum([part.size for part in parts]).tolist()
    cut = [numbers[end - part.size : end] for part, end in zip(parts, ends, strict=True)]
    inputs, targeted, *rest = cut
    params = [p for part in rest[: len(place_of)] for p in part]
    prediction, *units = rest[len(place_of) :]
    cost = units.pop()[0] if loss is not None else None
    if cost is None:
        cost = default_loss(meant.kind)[1](prediction, targeted)
    return _Sample(inputs, targeted, params, prediction, units, cost), drawn, meant


def _cost(loss: Any, kind: str, on_tensors: bool) -> Any:
    """Give a function from a prediction and a target, as numbers, to what they cost."""
    if loss is None:
        return lambda y, t: default_loss(kind)[1]([y], [t])
    if on_tensors:
        return lambda y, t: float(loss(Tensor([[y]], constant=True), np.array([[t]])).data)
    return lambda y, t: loss(Value(y, constant=True), t).data


def _reduction(
    model: Any, X: NDArray[Any], meant: Targets, loss: Any, measure: Tape, params: Sequence[Any]
) -> str:
    """See that the program gives the numbers of the model itself, and how a batch adds them up."""
    X, rows = X[:_COMPARED], meant.rows[:_COMPARED]
    weights = [float(w) for p in params for w in np.ravel(p)]
    columns = [*X.reshape(len(X), -1).T.astype(float), *rows.T, *weights]
    costs, *outputs = (np.broadcast_to(x, len(X)) for x in measure(*columns))
    predictions = np.stack(outputs[: rows.shape[1]], axis=1)
    on_tensors = isinstance(model.parameters()[0], Tensor)
    if on_tensors:
        output = model(Tensor(X.astype(float), constant=True))
        same = np.allclose(output.data.reshape(rows.shape), predictions, rtol=1e-3, atol=1e-6)
    else:
        sample: Any = list if X.ndim > 1 else partial(Value, constant=True)
        eager = [[float(y.data) for y in flat(model(sample(x)))] for x in X.tolist()]
        same = np.allclose(eager, predictions, rtol=1e-9)
    if not same:
        raise GraphError(
            "playground: samples one by one give other numbers than the model gives them. A page "
            "can train no model that decides by numbers, or looks at a whole batch, as BatchNorm "
            "does. Train it by nn.fit."
        )
    if loss is None or not on_tensors:
        return "mean"
    whole = float(loss(output, rows.reshape(output.shape)).data)
    for reduce, total in (("mean", costs.mean()), ("sum", costs.sum())):
        if np.isclose(whole, total, rtol=1e-3):
            return reduce
    raise GraphError(
        "playground: the loss of a batch is neither the mean nor the sum of those of its samples. "
        "Give one that is, or train the model by nn.fit."
    )


def _too_long(found: str) -> GraphError:
    return GraphError(
        f"playground: got {found}; a page runs {LONGEST:,} lines at most. Take a smaller model, or "
        "train this one by nn.fit."
    )


def _name(loss: Any) -> str:
    name = str(getattr(loss, "__name__", type(loss).__name__))
    is_ours = str(getattr(loss, "__module__", "")).split(".")[0] == "nn"
    return f"nn.{name}" if is_ours else name
