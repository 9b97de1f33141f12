"""Frozen layers are not trained: neither their numbers nor their statistics change."""

from collections import Counter
from typing import Any


def modes(model: Any) -> list[tuple[Any, bool]]:
    """List all modules, and whether they are trained: not where all leaves are frozen."""
    buffers = set(model.buffers())
    leaves, frozen = Counter[str](), Counter[str]()
    for path, leaf in model.named_leaves():
        if leaf not in buffers:
            leaves.update(around(path))
            frozen.update(around(path) if leaf.constant else ())
    at_rest = {path for path, count in leaves.items() if frozen[path] == count}
    return [
        (module, at_rest.isdisjoint([path, *around(path)]))
        for path, module in model.named_modules()
    ]


def around(path: str) -> list[str]:
    """List the paths of the modules that something is in."""
    return ["", *(path[:i] for i, sign in enumerate(path) if sign == ".")]
