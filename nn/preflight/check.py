"""Checks a model, its data and its loss before training, on a copy."""

import copy
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.engine import grads_of, set_grads

from ..inspection import type_of
from ..training import Data, checked, of_rows, untrained
from .inputs import about_inputs
from .outputs import about_outputs, guessed, output_of
from .overfit import FEW, LEARNED, Trial
from .report import Preflight

Loss = Callable[[Any, Any], Any]

_BATCH = 32
_SECONDS = 10.0  # to learn it; a model that takes longer is not blamed


def check(model: Any, X: Any, y: Any, loss: Loss | None = None) -> Preflight:
    """Look at a model, data and a loss before training, and say what does not fit together.

    It looks at the data (shapes, NaN, constant and unequal columns, labels, size of targets); at
    what the loss takes and the model gives (shapes, softmax applied twice, outputs that cannot
    reach the targets); at the first pass back (gradients of all layers, units that are dead or
    saturated, where the loss starts). If all that is well, it trains a copy on one batch, which any
    model in good order learns by heart: mostly within a second, and in ten at most, but for the
    step that is going on then.

    Parameters
    ----------
    model : Module
        Of Tensors or of Values. It is not changed, nor are the data.
    X : array_like, shape (samples, ...)
    y : array_like, shape (samples, ...)
    loss : callable, optional
        As that of `fit`. If it is not given, one is guessed: `cross_entropy` for several outputs
        and whole numbers, or rows of zeros with a single 1; `bce_with_logits` for 0 and 1 and a
        single output (`binary_cross_entropy` if that is a probability); else `mse_loss`.

    Returns
    -------
    Preflight
        True where there is nothing to say; else its `findings` name the layer or the column, the
        number, the limit and a way out.

    Notes
    -----
    A loss that uses parameters of the model itself, such as a penalty on them, uses those of the
    original, which stay: the copy is trained with a penalty that is constant.

    Examples
    --------
    >>> import nn
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 2))
    >>> y = (X[:, 0] * X[:, 1] > 0).astype(int)
    >>> model = nn.Sequential(nn.Linear(2, 32, rng=0), nn.ReLU(), nn.Linear(32, 2, rng=1))
    >>> bool(check(model, X, y))
    True
    >>> model = nn.Sequential(model, nn.Softmax())
    >>> print(check(model, X, y).findings[0])  # doctest: +NORMALIZE_WHITESPACE
    the model ends in softmax, which gives 0 to 1, and cross_entropy takes logits, any numbers, and
    applies one itself: leave softmax out.
    """
    report = Preflight()
    with warnings.catch_warnings(), np.errstate(all="ignore"), _grads_kept(model):
        warnings.simplefilter("ignore")
        try:
            data = checked("check", (X, y), type_of(model), keep_whole=True)
        except (TypeError, ValueError) as error:
            report.findings.append(str(error).removeprefix("check: "))
        else:
            _look(report, model, data, loss)
    return report


def _look(report: Preflight, model: Any, data: Data, loss: Loss | None) -> None:
    """Write a report; what would only repeat a finding is left out."""
    X, y = data
    samples = f"{len(X)} samples of shape {X.shape[1:]}"
    report.facts["data"] = f"{samples}, targets of shape {y.shape[1:]}"
    report.findings += about_inputs(X.astype(type_of(model)))
    if not model.parameters():
        frozen = sum(np.size(leaf.data) for _, leaf in model.named_leaves())
        report.findings.append(
            f"the model has no parameters that may change, and {frozen} numbers that may not: "
            "nothing can be learned. Keep leaves in attributes, not arrays or results of ops; "
            "unfreeze() makes parameters of constants."
        )
        return
    trial = _tried(report, model, data, _BATCH)
    if trial is None:
        return
    report.findings = trial.sorted_out(report.findings)
    numbers = trial.numbers()
    report.facts["output"] = f"shape {numbers.shape[1:]} for a sample"
    output = output_of(trial.last(), numbers)
    name = getattr(loss, "__name__", type(loss).__name__)
    if loss is None:
        loss = guessed(output, y)
        name = f"{loss.__name__} (guessed)"
    report.facts["loss"] = name
    found = [*about_outputs(loss, output, y)] or [*trial.about_pairing(loss)]
    report.findings += found
    if found:
        return
    try:
        cost = trial.cost(loss)
        start = float(cost.data)
    except Exception as error:
        report.findings.append(f"{name} does not take what the model gives: {_said(error)}")
        return
    if not np.isfinite(start):
        report.findings.append(
            f"{name} is {start} before any step, for outputs from {numbers.min():.3g} to "
            f"{numbers.max():.3g}. Scale X, draw smaller weights, or look into forward for log(0)."
        )
        return
    guess = trial.guess(loss)
    report.facts["start"] = f"loss {start:.3g}"
    if np.isfinite(guess):
        report.facts["start"] += f"; a constant guess has {guess:.3g}"
    report.findings += untrained(model, trial.model, loss, X[:2], y[:2])
    if not report.findings:
        report.findings += trial.about_start(cost, guess)
    if not report.findings:
        _learn_by_heart(report, model, data, loss, start, guess)


def _tried(report: Preflight, model: Any, data: Data, count: int) -> Trial | None:
    """Run a copy of a model on a few rows, far from each other, for data may be sorted."""
    rows = np.random.default_rng(0).permutation(len(data.X))[:count]
    try:
        copied = copy.deepcopy(model)
    except Exception as error:
        report.findings.append(
            f"the model cannot be copied, and a copy is what is tried: {_said(error)}. Keep out of "
            "its attributes what copy.deepcopy does not take."
        )
        return None
    try:
        return Trial(copied, data.X[rows], data.y[rows])
    except Exception as error:
        words = f"the model does not take samples of shape {data.X.shape[1:]}: {_said(error)}"
        report.findings.append(f"{words.rstrip('.')}. {of_rows(data.X)}".rstrip())
        return None


def _learn_by_heart(
    report: Preflight, model: Any, data: Data, loss: Loss, start: float, guess: float
) -> None:
    """Let a model learn a batch; one that is too small for that, a few samples."""
    goal = LEARNED * (guess if guess < np.inf else start)
    best, count, late = np.inf, 0, time.monotonic() + _SECONDS
    for rows in (_BATCH, FEW):
        trial = _tried(report, model, data, rows)
        if trial is None:
            return
        best, how = trial.learned(loss, goal, late)
        count = len(trial.X)
        report.facts["one batch"] = f"{count} samples: loss {best:.3g} after {how}"
        if best < goal or time.monotonic() > late:
            return
    report.findings.append(
        f"{count} samples cannot be learned by heart: the loss fell from {start:.3g} to {best:.3g} "
        f"with Adam at several rates, and not below {goal:.2g}. Do samples that are alike "
        "have different targets? Is the model too small, or does the loss ask for something else?"
    )


@contextmanager
def _grads_kept(model: Any) -> Iterator[None]:
    """Put gradients of a model back: a loss that uses its parameters reaches more than the copy."""
    parameters = model.parameters()
    grads = grads_of(parameters)
    try:
        yield
    finally:
        set_grads(parameters, grads)


def _said(error: Exception) -> str:
    return f"{error}" or type(error).__name__
