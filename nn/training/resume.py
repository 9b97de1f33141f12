"""Keeps training in a file after each epoch, and goes on from there."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from ..checkpoint import load_checkpoint, save_checkpoint
from .session import Best, Session


def keep(session: Session, path: Path) -> None:
    """Write a checkpoint of a session between two epochs."""
    save_checkpoint(
        path,
        session.model,
        session.how.optimizer,
        session.how.schedule,
        session.rng,
        best=session.best.numbers or None,
        options=_options(session),
        history=dict(session.history),
        updates=session.history.updates,
        best_epoch=session.best.epoch,
        best_loss=session.best.loss,
        ended_by=session.ended_by,
    )


def resume(session: Session, path: Path) -> None:
    """Let a session go on from a checkpoint.

    Raises
    ------
    ValueError
        If the file does not fit, or is of a training with other options; nothing is changed then.
    """
    model, how = session.model, session.how
    trial = load_checkpoint(path, deepcopy(model))
    saved, here = trial.get("options"), _options(session)
    if saved != here or not _fits(trial, session):
        raise ValueError(
            f"fit: {path} is a checkpoint of training with {saved}, here it is {here}. Call fit as "
            "then, or give another path."
        )
    about = load_checkpoint(path, model, how.optimizer, how.schedule, session.rng)
    session.history.update(about["history"])
    session.history.updates = about["updates"]
    session.history.notes.append(f"went on from {path} after epoch {session.history.epochs}")
    session.ended_by = about["ended_by"]
    session.best = Best(about["best_epoch"], about["best_loss"], about.get("best", {}))


def _options(session: Session) -> dict[str, Any]:
    """List what has to be the same for training to go on as if it had never stopped."""
    return {
        "samples": len(session.data.X),
        "batch_size": session.batch_size,
        "validation": session.held is not None,
        "metrics": sorted(session.how.curves),
        "patience": session.how.patience,
    }


def _fits(about: dict[str, Any], session: Session) -> bool:
    """Whether a file that says the right options also has what belongs to them."""
    history = about.get("history")
    return (
        isinstance(history, dict)
        and history.keys() == session.history.keys()
        and all(isinstance(curve, list) for curve in history.values())
        and len({len(curve) for curve in history.values()}) == 1
        and all(type(x) is float for curve in history.values() for x in curve)
        and all(type(about.get(name)) is int for name in ("updates", "best_epoch"))
        and type(about.get("best_loss")) is float
        and 0 <= about["best_epoch"] <= len(history["loss"])
        and bool(about["best_epoch"]) == ("best" in about)
        and isinstance(about.get("ended_by"), str | None)
    )
