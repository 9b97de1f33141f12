"""Trains a model: epochs of batches, watched, kept and ended in good order."""

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..inspection import type_of
from ..module import Module
from ..optim import Optimizer, Schedule
from .data import checked
from .history import History
from .interrupt import Interrupt
from .loop import Run
from .options import Callback, Metric, Options
from .progress import bar, complete, tell
from .resume import keep_if_possible, resume


def fit(
    model: Any,
    data: tuple[Any, Any],
    *,
    loss: Callable[[Any, Any], Any],
    optimizer: Optimizer,
    epochs: int = 1,
    batch_size: int | None = 32,
    validation: tuple[Any, Any] | None = None,
    metrics: Mapping[str, Metric] | None = None,
    schedule: Schedule | None = None,
    patience: int | None = None,
    callbacks: Iterable[Callback] = (),
    checkpoint: str | os.PathLike[str] | None = None,
    seed: int | np.random.Generator | None = None,
    progress: bool | None = None,
) -> History:
    """Train a model on samples and targets.

    Each epoch takes all samples in random order. Batch by batch, it computes the loss and its
    gradients, and lets the optimizer step. Call it again to go on, on the same data or on new ones.

    Parameters
    ----------
    model : Module
        Of Tensors, which gets batches of shape (samples, ...); or of Values, which gets one sample
        at a time, as a list of numbers.
    data : (X, y)
        Samples and targets, row by row: array_like of finite numbers. Whole numbers in X reach a
        model as such, so that it can index with them, ``table[x]``; what computes with them gets
        floats.
    loss : callable
        ``loss(prediction, target)`` gives one number. For a model of Values it gets one prediction
        and one target; the loss of a batch is the mean.
    optimizer : Optimizer
        Of the parameters to train; frozen ones keep their numbers. Weight decay is an option of
        it.
    epochs : int
        How often all samples are seen.
    batch_size : int or None
        Samples of one step: 1 for stochastic descent, None for all of them.
    validation : (X, y), optional
        Other data, on which the loss is measured after each epoch: a mean over parts of 256 rows,
        weighted by their length.
    metrics : dict of str to callable, optional
        ``metric(predictions, targets)``, of arrays, measured after each epoch on both sets.
    schedule : Schedule, optional
        It steps after each epoch, or after each batch if its ``by_batch`` says so.
    patience : int, optional
        End after so many epochs in a row without a lower ``val_loss``, or ``loss`` if there is no
        validation. Whatever ends it, but an error, the model then has the weights of the best
        epoch.
    callbacks : iterable of callable
        Called with the history after each epoch; one that returns True ends the training. One
        that has a method ``end`` gets the history there, too, when all is done.
    checkpoint : path-like, optional
        Written after each epoch by `save_checkpoint`. If it is there already, training goes on
        from it, bit for bit as if it had never stopped; delete it to begin anew.
    seed : int or numpy.random.Generator, optional
        Decides the order of samples; if it is not given, `nn.seed` does.
    progress : bool, optional
        Whether to show a bar; None for one in notebooks and terminals only, unless the environment
        has TQDM_DISABLE.

    Returns
    -------
    History
        Ctrl-C ends the training after the step that is going on, and gives it, too; pressed again
        before that, it is raised at once.

    Raises
    ------
    TypeError, ShapeError, ValueError
        If data, targets or options do not fit: before anything is changed.
    InfiniteGradientError
        If a loss or a gradient is not finite: it names the epoch, the batch and the layer.
        The model and the optimizer are as they were before that batch.

    Warns
    -----
    HealthWarning
        If a layer does not learn, or learns too wildly: ``history.health`` shows what was seen. If
        the loss depends on parameters that the optimizer does not hold, or on what no optimizer
        can train: ``freeze()`` says of layers that they are to stay.

    Notes
    -----
    Afterwards the model is in ``eval()``. Layers that are frozen are so all the time, and keep all
    their numbers, running statistics too.

    Steps run on a `Tape` where that gives the same numbers; where not (in a model that decides by
    numbers, or whose layers keep statistics) they build their graphs, and a note of the history
    says why. What model and loss can see, such as attributes and closures, is compared again after
    callbacks, metrics and schedules have run; an iterator or a clock is read once.

    A checkpoint belongs to the model, data, loss, optimizer and other arguments that it was written
    with; only `epochs` may be larger, which for Values may change the last bit, for more steps may
    be worth another executor. What callbacks remember by themselves is not in it.

    Examples
    --------
    >>> import nn
    >>> X = np.linspace(-1, 1, 40).reshape(-1, 1)
    >>> model = nn.Sequential(nn.Linear(1, 16, rng=0), nn.Tanh(), nn.Linear(16, 1, rng=1))
    >>> optimizer = nn.Adam(model.parameters(), lr=0.02)
    >>> history = fit(model, (X, X**2), loss=nn.mse_loss, optimizer=optimizer, epochs=200, seed=0)
    >>> history["loss"][-1] < 1e-3, history.updates, history.reason
    (True, 400, 'all 200 epochs are done')
    """
    how = Options(loss, optimizer, epochs, batch_size, metrics, schedule, patience, callbacks, seed)
    if not isinstance(model, Module):
        raise TypeError(
            f"fit: got a {type(model).__name__} for the model. Give a Module, such as Sequential."
        )
    pair = partial(checked, dtype=type_of(model), keep_whole=True)
    held = None if validation is None else pair("fit: validation", validation)
    path = None if checkpoint is None else Path(checkpoint)
    with Interrupt() as interrupt:  # also while models are tried and put back, and files are read
        run = Run(model, pair("fit", data), held, how)
        start = {} if path is None else resume(run, path)
        try:
            with bar(run, progress) as shown:
                while (reason := run.reason_to_end()) is None:
                    interrupt.check()
                    for _ in run.epoch():
                        shown.update()
                        interrupt.check()
                    tell(shown, run)
                    run.call()
                    if path is not None:
                        keep_if_possible(run, path, start)
                complete(shown)
        except KeyboardInterrupt:
            if interrupt.was_repeated:
                raise
            reason = f"interrupted in epoch {run.history.epochs + 1}"
        finally:
            model.eval()
    run.end(reason)
    return run.history
