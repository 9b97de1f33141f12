"""Keeps training in a file after each epoch, and goes on from there."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ..checkpoint import load_checkpoint, said_in, save_checkpoint
from ..state import by_path
from .data import Data
from .session import Best, Session

_COUNTS = ("updates", "best_epoch")


def keep(session: Session, path: Path) -> None:
    """Write a checkpoint of a session between two epochs."""
    save_checkpoint(
        path,
        session.model,
        session.how.optimizer,
        session.how.schedule,
        session.how.rng,
        best=session.best.numbers or None,
        options=_options(session),
        history=dict(session.history),
        updates=session.history.updates,
        best_epoch=session.best.epoch,
        best_loss=session.best.loss,
        ended_by=session.ended_by,
        frozen=[path for path, leaf in by_path(session.model).items() if leaf.constant],
    )


def resume(session: Session, path: Path) -> None:
    """Let a session go on from a checkpoint, if there is one.

    Raises
    ------
    ValueError
        If the file does not fit, or is of a training with other options; nothing is changed then.
    FileNotFoundError
        If there is no such folder.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(f"fit: there is no folder {path.parent} for the checkpoint.")
    if not path.exists():
        return
    model, how = session.model, session.how
    said = said_in(path)
    saved, here = said.get("options"), _options(session)
    if not isinstance(saved, dict) or not _fits(said, session):
        raise ValueError(f"fit: {path} is no checkpoint of fit. Give another path.")
    differing = [name for name in here if saved.get(name) != here[name]]
    if differing:
        words = "; ".join(f"{name} was {saved.get(name)}, is {here[name]}" for name in differing)
        raise ValueError(
            f"fit: {path} is a checkpoint of another training: {words}. Give another path, delete "
            "the file to begin anew, or call fit as then to go on."
        )
    about = load_checkpoint(path, model, how.optimizer, how.schedule, session.how.rng)
    for name, leaf in by_path(model).items():
        leaf.constant = name in about["frozen"]
    session.history.update(about["history"])
    session.history.updates = about["updates"]
    session.history.notes.append(f"went on from {path} after epoch {session.history.epochs}")
    session.ended_by = about["ended_by"]
    session.best = Best(about["best_epoch"], about["best_loss"], about.get("best", {}))
    session.look_again()


def _options(session: Session) -> dict[str, Any]:
    """List what has to be the same for training to go on as if it had never stopped."""
    how = session.how
    optimizer, schedule = how.optimizer, how.schedule
    return {
        "model": repr(session.model),
        "data": _digest(session.data),
        "validation": session.held and _digest(session.held),
        "loss": getattr(how.loss, "__name__", type(how.loss).__name__),
        "optimizer": f"{type(optimizer).__name__} {optimizer.defaults}",
        "schedule": schedule and type(schedule).__name__,
        "batch_size": session.batch_size,
        "metrics": list(how.curves),
        "patience": how.patience,
        "seed": how.seed if isinstance(how.seed, int) else None,
    }


def _digest(data: Data) -> str:
    """Tell data from others, by a few signs and the number of rows."""
    digest = sha256()
    for array in data:
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).view(np.uint8).data)
    return f"{len(data.X)} samples ({digest.hexdigest()[:8]})"


def _fits(about: dict[str, Any], session: Session) -> bool:
    """Whether a file that says the right options also has what belongs to them."""
    history = about.get("history")
    return (
        isinstance(history, dict)
        and history.keys() == session.history.keys()
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
