"""Keeps training in a file after each epoch, and goes on from there."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ..inspection import type_of
from ..saving import check_ending, load_checkpoint, said_in, save_checkpoint
from ..state_dict import by_path
from .data import Data
from .early_stopping import Best
from .loop import Run

_COUNTS = ("updates", "best_epoch")


def keep(run: Run, path: Path) -> None:
    """Write a checkpoint of a run between two epochs."""
    save_checkpoint(
        path,
        run.model,
        run.how.optimizer,
        run.how.schedule,
        run.how.rng,
        best=run.best.numbers or None,
        options=_options(run),
        history=dict(run.history),
        updates=run.history.updates,
        best_epoch=run.best.epoch,
        best_loss=run.best.loss,
        ended_by=run.ended_by,
        frozen=[path for path, leaf in by_path(run.model).items() if leaf.constant],
    )


def resume(run: Run, path: Path) -> None:
    """Let a run go on from a checkpoint, if there is one.

    Raises
    ------
    ValueError
        If the file does not fit, or is of a training with other options; nothing is changed then.
    FileNotFoundError
        If there is no such folder.
    """
    check_ending("fit", path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"fit: there is no folder {path.parent} for the checkpoint.")
    if not path.exists():
        return
    model, how = run.model, run.how
    said = said_in(path)
    saved, here = said.get("options"), _options(run)
    if not isinstance(saved, dict) or not _fits(said, run):
        raise ValueError(f"fit: {path} is no checkpoint of fit. Give another path.")
    differing = [name for name in here if saved.get(name) != here[name]]
    if differing:
        words = "; ".join(f"{name} was {saved.get(name)}, is {here[name]}" for name in differing)
        raise ValueError(
            f"fit: {path} is a checkpoint of another training: {words}. Give another path, delete "
            "the file to begin anew, or call fit as then to go on."
        )
    about = load_checkpoint(path, model, how.optimizer, how.schedule, run.how.rng)
    for name, leaf in by_path(model).items():
        leaf.constant = name in about["frozen"]
    run.history.update(about["history"])
    run.history.updates = about["updates"]
    run.history.notes.append(f"went on from {path} after epoch {run.history.epochs}")
    run.ended_by = about["ended_by"]
    run.best = Best(about["best_epoch"], about["best_loss"], about.get("best", {}))
    run.look_again()


def _options(run: Run) -> dict[str, Any]:
    """List what has to be the same for training to go on as if it had never stopped."""
    how = run.how
    optimizer, schedule = how.optimizer, how.schedule
    return {
        "model": repr(run.model),
        "data": _digest(run.data, type_of(run.model)),
        "validation": run.held and _digest(run.held, type_of(run.model)),
        "loss": getattr(how.loss, "__name__", type(how.loss).__name__),
        "optimizer": f"{type(optimizer).__name__} {optimizer.defaults}",
        "schedule": schedule and type(schedule).__name__,
        "batch_size": run.batch_size,
        "metrics": list(how.curves),
        "patience": how.patience,
        "seed": how.seed if isinstance(how.seed, int) else None,
    }


def _digest(data: Data, dtype: Any) -> str:
    """Tell data from others, by a few signs and the number of rows.

    Samples count as the floats of the model, whether they are whole numbers or not.
    """
    digest = sha256()
    for array in (data.X.astype(dtype), data.y):
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).view(np.uint8).data)
    return f"{len(data.X)} samples ({digest.hexdigest()[:8]})"


def _fits(about: dict[str, Any], run: Run) -> bool:
    """Whether a file that says the right options also has what belongs to them."""
    history = about.get("history")
    return (
        isinstance(history, dict)
        and history.keys() == run.history.keys()
        and all(isinstance(curve, list) for curve in history.values())
        and len({len(curve) for curve in history.values()}) == 1
        and all(type(x) is float for curve in history.values() for x in curve)
        and all(type(about.get(name)) is int and about[name] >= 0 for name in _COUNTS)
        and type(about.get("best_loss")) is float
        and about["best_loss"] == about["best_loss"]
        and 0 <= about["best_epoch"] <= len(history["loss"])
        and bool(about["best_epoch"]) == about["best"]
        and isinstance(about.get("frozen"), list)
        and isinstance(about.get("ended_by"), str | None)
    )
