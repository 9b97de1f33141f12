"""What training left is shown as curves: a history, the health of layers, a descent."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd.formulas import number

from ..moments import is_small, summary
from .charts import chart, spark
from .html import block, paragraphs, table, words

_MEASURES = {
    "gradient_norm": ("gradient", ".1e"),
    "update_ratio": ("update/weight", ".1e"),
    "dead": ("dead", ".0%"),
    "saturated": ("saturated", ".0%"),
}


def history(history: Any) -> dict[str, str]:
    """Show the curves of a training, and where each begins, ends and is best."""
    title, *_ = repr(history).splitlines()
    losses = {name: history[name] for name in ("loss", "val_loss") if history.get(name)}
    rows = []
    for name, curve in history.items():
        if curve:
            best = int(np.argmin(np.nan_to_num(curve, nan=np.inf)))
            lowest = f"{curve[best]:.4g} in epoch {best + 1}"
            ends = (f"{curve[0]:.4g}", f"{curve[-1]:.4g}")
            rows.append((words(name), *ends, lowest, spark(curve)))
    heads = ("curve", " first", " last", " lowest", "course")
    findings = history.health.findings if history.health else ()
    return block(
        title,
        chart({name: _by_epoch(curve) for name, curve in losses.items()}, "epoch"),
        table(heads, rows) if rows else "",
        paragraphs([*history.notes, *findings]),
    )


def health(health: Any) -> dict[str, str]:
    """Show what the looks at each layer measured: the last, and the course."""
    if not health.updates:
        return block(repr(health))
    looks = f"{len(health.updates)} look{'s' * (len(health.updates) != 1)}"
    heads = ["layer"]
    for name, _ in _MEASURES.values():
        heads += [f" {name}", ""]
    rows = [[words(layer), *_measured(curves)] for layer, curves in health.items()]
    return block(
        f"Health after update {health.updates[-1]:,}, {looks}",
        table(heads, rows),
        paragraphs(health.findings or ["no findings"]),
    )


def descent(descent: Any) -> dict[str, str]:
    """Show the way of a descent: where it was, or how far from its end."""
    path = np.array([np.ravel(x) for x in descent.path])
    start, end = (_point(x) for x in (descent.path[0], descent.path[-1]))
    away = np.linalg.norm(path - path[-1], axis=1)
    if path.shape[1] == 1:
        curves, below = {"x": _by_update(path[:, 0])}, "update"
    elif path.shape[1] == 2:
        curves, below = {"x₂ over x₁": path.tolist()}, "x₁"
    else:
        curves, below = {"distance to the last point": _by_update(away[:-1])}, "update"
    updates = f"{descent.updates:,} update{'s' * (descent.updates != 1)}"
    return block(
        f"Descent: {updates}, stopped by {descent.reason}",
        chart(curves, below, log=path.shape[1] > 2),
        table(("", "x"), [("start", words(start)), ("end", words(end))]),
    )


def _by_epoch(curve: Sequence[float]) -> list[tuple[float, float]]:
    return [(float(k), float(y)) for k, y in enumerate(curve, start=1)]


def _by_update(curve: Any) -> list[tuple[float, float]]:
    return [(float(k), y) for k, y in enumerate(curve.tolist())]


def _measured(curves: Mapping[str, Sequence[float]]) -> list[str]:
    cells = []
    for name, (_, how) in _MEASURES.items():
        curve = curves[name]
        is_known = curve[-1] == curve[-1]
        cells += [f"{curve[-1]:{how}}" if is_known else "–", spark(curve)]
    return cells


def _point(x: Any) -> str:
    if np.ndim(x) == 0:
        return number(x, 8)
    return f"[{', '.join(number(part) for part in x)}]" if is_small(x) else summary(x)
