"""Keeps training in a file after each epoch, and goes on from there."""

import warnings
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from autograd.files import beside
from autograd.texts import shown

from ..health import outside
from ..inspection import type_of
from ..saving import check_ending, load_checkpoint, said_in, save_checkpoint
from ..state_dict import by_path
from .data import Data
from .described import described, differing, lasting
from .early_stopping import Best
from .loop import Run

_SHOWN = 5  # of many differences
_COUNTS = ("updates", "best_epoch")


def keep(run: Run, path: Path, start: Mapping[str, Any]) -> None:
    """Write a checkpoint of a run between two epochs.

    Parameters
    ----------
    run : Run
    path : Path
    start : mapping
        What `resume` gave.
    """
    save_checkpoint(
        path,
        run.model,
        run.how.optimizer,
        run.how.schedule,
        run.how.rng,
        best=run.best.numbers or None,
        made_of=lasting(start, {**start, **_made_of(run)}),
        history=dict(run.history),
        updates=run.history.updates,
        best_epoch=run.best.epoch,
        best_loss=run.best.loss,
        ended_by=run.ended_by,
        frozen=_frozen(run),
    )


def keep_if_possible(run: Run, path: Path, start: Mapping[str, Any]) -> None:
    """Write a checkpoint; if the disk does not take it, say so once, and let training go on.

    Warns
    -----
    UserWarning
        If nothing could be written: history and weights are in memory still.
    """
    try:
        keep(run, path, start)
    except OSError as error:
        place, notes = f"the checkpoint {shown(path, 200)} could not be written", run.history.notes
        if not any(note.startswith(place) for note in notes):
            notes.append(f"{place} after epoch {run.history.epochs}: {error}")
            warnings.warn(
                f"fit: {notes[-1]}. Training goes on, and tries again after each epoch.",
                stacklevel=outside(),
            )


def resume(run: Run, path: Path) -> dict[str, Any]:
    """Let a run go on from a checkpoint, if there is one.

    Which leaves are frozen is up to the caller: the file does not change it.

    Returns
    -------
    dict
        What the training is made of, for `keep`.

    Raises
    ------
    ValueError
        If the file does not fit, or is of a training with other options; nothing is changed then.
    OSError
        If nothing can be written there.
    """
    check_ending("fit", path)
    start = _made_of(run) | {
        "data": _digest(run.data, type_of(run.model)),
        "validation": run.held and _digest(run.held, type_of(run.model)),
    }
    if not path.parent.is_dir():
        raise FileNotFoundError(f"fit: there is no folder {path.parent} for the checkpoint.")
    try:
        said = said_in(path) if path.exists() and not path.is_dir() else None
    except OSError as error:
        raise _useless(path, error) from error
    if said is not None:
        _compare(run, path, said, start)
    if said is None or len(said["history"]["loss"]) < run.how.epochs:
        _see_whether_it_can_be_kept(run, path, start)
    if said is not None:
        _go_on(run, path)
    return start


def _compare(run: Run, path: Path, said: dict[str, Any], start: Mapping[str, Any]) -> None:
    """Refuse a file of another training."""
    saved = said.get("made_of", said.get("options"))
    if not isinstance(saved, dict):
        raise ValueError(f"fit: {shown(path, 200)} is no checkpoint of fit. Give another path.")
    here = start if "made_of" in said else _options_of_0_1(run, start, saved)
    found = differing(saved, here)
    if found:
        few = list(found.items())[:_SHOWN]
        words = "; ".join(f"{name} was {was}, is {now}" for name, (was, now) in few)
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise ValueError(
            f"fit: {shown(path, 200)} is a checkpoint of another training: {words}{more}. "
            "Give another path, delete the file to begin anew, or keep what differs as it was "
            "to go on."
        )
    if not _fits(said, run):
        raise ValueError(f"fit: {shown(path, 200)} is no checkpoint of fit. Give another path.")


def _see_whether_it_can_be_kept(run: Run, path: Path, start: Mapping[str, Any]) -> None:
    """Write a checkpoint beside the place for it, for a moment."""
    try:
        if path.is_dir():
            raise IsADirectoryError(f"{shown(path, 200)} is a folder")
        trial = beside(path.resolve())
        keep(run, trial, start)
        trial.unlink(missing_ok=True)
    except OSError as error:
        raise _useless(path, error) from error


def _useless(path: Path, error: OSError) -> OSError:
    words = f"fit: {shown(path, 200)} is no place for a checkpoint: {error}."
    return type(error)(f"{words} Give another path, or make room.")


def _go_on(run: Run, path: Path) -> None:
    about = load_checkpoint(path, run.model, run.how.optimizer, run.how.schedule, run.how.rng)
    run.history.update(about["history"])
    run.history.updates = about["updates"]
    run.history.notes.append(f"went on from {shown(path, 200)} after epoch {run.history.epochs}")
    if set(about["frozen"]) != set(_frozen(run)):
        run.history.notes.append(
            f"frozen until then: {', '.join(about['frozen']) or 'nothing'}; from then on: "
            f"{', '.join(_frozen(run)) or 'nothing'}"
        )
    run.ended_by = about["ended_by"]
    run.best = Best(about["best_epoch"], about["best_loss"], about.get("best", {}))
    run.look_again()


def _frozen(run: Run) -> list[str]:
    return [path for path, leaf in by_path(run.model).items() if leaf.constant]


def _made_of(run: Run) -> dict[str, Any]:
    """List what has to be the same for training to go on as if it had never stopped."""
    how = run.how
    groups = [
        {name: x for name, x in group.items() if name not in ("params", "initial_lr")}
        | {"lr": group.get("initial_lr", group.get("lr"))}
        for group in how.optimizer.param_groups
    ]
    return described(
        model=run.model,
        loss=how.loss,
        optimizer=type(how.optimizer),
        param_groups=groups,
        schedule=how.schedule,
        batch_size=run.batch_size,
        metrics=how.curves,
        patience=how.patience,
        seed=_seed(how.seed),
    )


def _seed(seed: Any) -> Any:
    """Give a seed as plain numbers; None if it is a generator, whose state is in the file."""
    if isinstance(seed, np.random.SeedSequence):
        seed = seed.entropy
    if isinstance(seed, int):  # of any size
        return seed
    numbers = np.asarray(seed)
    return numbers.tolist() if numbers.dtype.kind in "iu" else None


def _options_of_0_1(
    run: Run, start: Mapping[str, Any], saved: Mapping[str, Any]
) -> Mapping[str, Any]:
    """List what version 0.1 kept, as it did; of seeds, it knew those of Python only."""
    how = run.how
    optimizer, schedule = how.optimizer, how.schedule
    return {
        "model": repr(run.model),
        "data": start["data"],
        "validation": start["validation"],
        "loss": getattr(how.loss, "__name__", type(how.loss).__name__),
        "optimizer": f"{type(optimizer).__name__} {optimizer.defaults}",
        "schedule": schedule and type(schedule).__name__,
        "batch_size": run.batch_size,
        "metrics": list(how.curves),
        "patience": how.patience,
        "seed": how.seed if isinstance(how.seed, int) else saved.get("seed"),
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
