"""A run is a training under way: it makes updates, one by one, and can be ended at any."""

import warnings
from collections.abc import Iterator
from math import isfinite, nan
from typing import Any

import numpy as np

from autograd import InfiniteGradientError, Node, ShapeError, Tensor

from ..frozen_layers import modes
from ..health import Examination, HealthWarning, outside
from ..inspection import evaluating
from ..state_dict import by_path
from .data import Data, batches
from .early_stopping import Best
from .error_place import located, said_at
from .history import History
from .metrics import Scores, knowing
from .options import Options
from .update.base import Array, Runner
from .update.choose import runner_of


class Run:
    """Training that yields after each update.

    Parameters
    ----------
    model : Module
    data : Data
    held : Data or None
        For validation.
    how : Options

    Attributes
    ----------
    history : History
    best : Best
        Kept if there is patience.
    ended_by : str or None
        The callback that asked for it.
    """

    def __init__(self, model: Any, data: Data, held: Data | None, how: Options) -> None:
        self.model, self.data, self.held, self.how = model, data, held, how
        self.batch_size = min(how.batch_size or len(data.X), len(data.X))
        self.updates_an_epoch = -(-len(data.X) // self.batch_size)
        names = [x for name in ("loss", *how.curves) for x in (name, f"val_{name}")]
        names = [x for x in names if held or not x.startswith("val_")]
        self.history = History({name: [] for name in [*names, "lr"]})
        self.history.reason = "under way"
        self.best = Best()
        self.ended_by: str | None = None
        self._all_updates = how.epochs * self.updates_an_epoch
        self._last: tuple[int, Array, dict[Node, Any]] | None = None
        self._is_new = True
        self._runner = self._new_runner()
        self._rehearse()
        self.examination = Examination(model)
        self.history.health = self.examination.health
        for leaf in self._leaves.values():  # else going on from a file could round otherwise
            if isinstance(leaf, Tensor) and not leaf.data.flags.c_contiguous:
                leaf.data = np.ascontiguousarray(leaf.data)

    def reason_to_end(self) -> str | None:
        """Say why training is over, if it is."""
        history = self.history
        if self.ended_by:
            return f"{self.ended_by} ended it"
        if self.best.is_too_long_ago(history, self.how.patience):
            return f"no lower {history.monitored} for {self.how.patience} epochs"
        if history.epochs < self.how.epochs:
            return None
        return f"all {history.epochs} epochs are done" if history.epochs != 1 else "1 epoch is done"

    def epoch(self) -> Iterator[None]:
        """Make the updates of an epoch, one by one; after the last, add a row to the history."""
        self._train(True)
        total, count = 0.0, len(self.data.X)
        for batch, rows in enumerate(batches(count, self.batch_size, self.how.rng), start=1):
            X, y = self.data.X[rows], self.data.y[rows]
            total += self._update(X, y, batch) * len(X)
            yield
        rate = float(self.how.optimizer.param_groups[0].get("lr", nan))
        self.history.add({"loss": total / count, **self._measured(), "lr": rate})
        if self.how.schedule is not None and not self.how.schedule.by_batch:
            self.how.schedule.step()
        if self.how.patience:
            self.best = self.best.or_last(self.history, self._leaves)

    def call(self) -> None:
        """Call what wants to be called after an epoch, and see what it has changed."""
        for callback in self.how.called:
            answer = callback(self.history)
            if isinstance(answer, bool | np.bool_) and answer:
                self.ended_by = getattr(callback, "__name__", type(callback).__name__)
        if self.how.called or self.how.curves or self.how.schedule:
            self.look_again()

    def look_again(self) -> None:
        """Find out what is trained, and how, if anything but numbers has changed."""
        if not self._is_as_recorded():
            self._runner = self._new_runner()
            self._try_step()

    def end(self, reason: str) -> None:
        """Leave the model with the numbers of the best epoch, if they were kept."""
        self.history.reason = reason
        self._look_at_the_last()
        if self._runner.obstacle:
            self.history.notes.append(
                "each step built its graph, which takes longer than a tape: "
                + ("layers keep running statistics" if self._buffers else self._runner.obstacle)
            )
        if self.best.epoch:
            self.best.put_back(self._leaves)
            self.history.reason += f"; the weights are those of epoch {self.best.epoch}"
        for callback in self.how.called:
            if hasattr(callback, "end"):
                callback.end(self.history)

    def _rehearse(self) -> None:
        """Find out what does not fit before anything is changed."""
        with evaluating(self.model):
            self._runner.rehearse("fit", *self.data, self.how.curves)
            if self.held is not None:
                self._runner.rehearse("fit: validation", *self.held, self.how.curves)
            self._scores = Scores(self._runner.gives_probabilities)
            self._train(True)
            try:
                self._try_step()
            except ShapeError as error:
                rows, size = len(self.data.X), self.batch_size
                raise ShapeError(
                    f"fit: {rows} samples in batches of {size} end with one of "
                    f"{rows % size or size}: {error} Choose another batch_size."
                ) from error
            except Exception as error:
                raise said_at("fit", error) from error

    def _try_step(self) -> None:
        least = len(self.data.X) % self.batch_size or self.batch_size
        self._runner.try_step(*(part[: min(least, 2)] for part in self.data))
        self._tell()

    def _tell(self) -> None:
        """Warn once of what the steps do not train."""
        new = [words for words in self._runner.untrained if words not in self.history.notes]
        self.history.notes += new
        if new:
            warnings.warn("fit: " + "\n".join(new), HealthWarning, stacklevel=outside())

    def _update(self, X: Array, y: Array, batch: int) -> float:
        """Change the parameters once; if that fails, everything is as before."""
        history = self.history
        buffers = [(leaf, leaf.data) for leaf in self._buffers]
        try:
            cost = self._runner.step(X, y)
            if not isfinite(cost):
                raise InfiniteGradientError(f"the loss is {cost}.")
            update = history.updates + 1
            is_due = self.examination.is_due(update) or update == self._all_updates
            before = {p: p.data for p in self._params} if is_due or self._may_end(batch) else {}
            self.how.optimizer.step()
        except BaseException as error:
            for leaf, numbers in buffers:
                leaf.data = numbers
            if not isinstance(error, Exception):
                raise
            if isinstance(error, InfiniteGradientError):
                error = self._runner.refusal(X, y) or error
            at = (history.epochs + 1, batch)
            raise located(error, *at, self.model, X, self.how.optimizer) from error
        history.updates = update
        schedule = self.how.schedule
        if schedule is not None and schedule.by_batch:
            schedule.step()
            self._is_new = True
        if self._is_new:
            self._runner.refuse_what_changes()
            self._tell()
            self._is_new = False
        self._last = update, X, before
        if is_due:
            self.examination.look(*self._last)
        return cost

    def _may_end(self, batch: int) -> bool:
        """Whether training may be over after a batch, before all epochs are done."""
        return batch == self.updates_an_epoch and bool(self.how.patience or self.how.called)

    def _look_at_the_last(self) -> None:
        """See how the layers are at the end; an interruption leaves no weights to compare with."""
        if self._last is not None and self.history.updates not in self.examination.health.updates:
            self._train(True)
            self.examination.look(*self._last)
            self.model.eval()

    def _measured(self) -> dict[str, float]:
        """Measure what is wanted besides the loss of training: in ``eval()``, after the epoch."""
        if self.how.curves or self.how.called or self.held:
            self._train(False)
        found: dict[str, float] = {}
        metrics = self.how.curves.items()
        with np.errstate(all="ignore"), knowing(self._scores):
            if self.how.curves:
                outputs = self._runner.predict(self.data.X)
                found = {name: _number(name, f(outputs, self.data.y)) for name, f in metrics}
            if self.held is not None:
                found["val_loss"], outputs = self._runner.measure(*self.held)
                for name, f in metrics:
                    found[f"val_{name}"] = _number(name, f(outputs, self.held.y))
        return found

    def _train(self, mode: bool) -> None:
        for module, is_trained in self._modes:
            if module.training != (mode and is_trained):  # looking is cheaper than setting
                module.training = mode and is_trained

    def _is_as_recorded(self) -> bool:
        """Whether everything is as it was, but for numbers, after code of the user has run."""
        if self._params != self._trained() or self._frozen != self._constants():
            return False
        if self._runner.obstacle and self._modes != modes(self.model):
            return False  # else what was recorded knows
        self._train(True)  # as it was when steps were recorded
        return self._runner.is_current()

    def _constants(self) -> list[bool]:
        return [leaf.constant for leaf in self._leaves.values()]

    def _trained(self) -> list[Node]:
        groups = self.how.optimizer.param_groups
        return [p for group in groups for p in group["params"] if not p.constant]

    def _new_runner(self) -> Runner:
        self._is_new = True  # nobody knows whether a step changes what it sees
        self._params: list[Node] = self._trained()
        self._buffers: list[Node] = self.model.buffers()
        self._leaves, self._modes = by_path(self.model), modes(self.model)
        self._frozen = self._constants()
        if set(self._params).isdisjoint(self.model.parameters()):
            raise ValueError(
                "fit: the optimizer has no parameter of the model that may change. Make it of "
                "model.parameters(); unfreeze() makes parameters of constants."
            )
        return runner_of(self.model, self.how.loss, self._params, self._all_updates)


def _number(metric: str, found: Any) -> float:
    if np.size(found) != 1:
        raise ShapeError(f"fit: the metric {metric!r} gave {found!r}. It has to give a number.")
    return float(np.asarray(found).item())
