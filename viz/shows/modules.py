"""A module is shown as the tree of its parts: shapes, counts of parameters, their histograms."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

import numpy as np

from autograd import Node
from autograd.texts import shown

from .charts import histogram
from .html import block, paragraphs, table, words

_MOST = 60  # rows
_Name = tuple[str | None, ...]  # of leaves in the same attribute; None is a place in a list
_Leaves = Mapping[tuple[int, ...], Node]  # by their places in lists
_HEADS = ("part", "module", "shape: n × n of the layer before", " parameters", "weights")


def module(model: Any) -> dict[str, str]:
    """Show the parts of a module, and what each holds by itself."""
    buffers = set(model.buffers())
    leaves = {leaf for _, leaf in model.named_leaves()} - buffers
    count, trained = _count(leaves), _count(model.parameters())
    title = f"{type(model).__name__}: {count:,} parameter{'s' * (count != 1)}"
    if trained < count:
        title += f", {count - trained:,} of them frozen"
    rows = list(_rows(model, buffers))
    left = len(rows) - _MOST
    more = [f"and {left:,} more parts"] if left > 0 else []
    return block(title, table(_HEADS, rows[:_MOST]), paragraphs(more))


def _rows(model: Any, buffers: set[Node]) -> Iterator[tuple[str, ...]]:
    parts = _parts(model)
    owned: dict[str, dict[_Name, dict[tuple[int, ...], Node]]] = {
        path: defaultdict(dict) for path in parts
    }
    seen: set[Node] = set()
    for path, leaf in model.named_leaves():
        owner = _around(path, parts)
        if leaf in seen and "." in _inside(path, owner):
            continue  # of a module that was met under another path
        seen.add(leaf)
        steps = _inside(path, owner).split(".")
        place = tuple(None if step.isdecimal() else step for step in steps)
        owned[owner][place][tuple(int(step) for step in steps if step.isdecimal())] = leaf
    depth = {"": 0 if owned[""] else -1}
    known = set(buffers)
    for path, part in parts.items():
        if path:
            depth[path] = depth[_around(path, parts)] + 1
        elif not owned[path] and len(parts) > 1:
            continue
        new = {leaf for places in owned[path].values() for leaf in places.values()} - known
        known |= new
        title = shown(_inside(path, _around(path, parts)) if path else "·")
        title = f'<span style="padding-left:{1.5 * depth[path]}em">{words(title)}</span>'
        text = repr(part) if part.extra_repr() else type(part).__name__
        told = [_told(name, places, buffers) for name, places in owned[path].items()]
        shapes = f'<span class="sg-wrap">{words(", ".join(told))}</span>'
        count = f"{_count(new):,}" if new else "" if not owned[path] else "shared"
        bars = _histogram(owned[path], buffers)
        yield (title, words(text), shapes, count, bars)


def _parts(model: Any) -> dict[str, Any]:
    """Give modules by their paths; neurons are left out, as rows of the weights of their layer."""
    parts: dict[str, Any] = {}
    layer = None
    for path, part in model.named_modules():
        if layer is None or not path.startswith(layer):
            parts[path] = part
            layer = f"{path}.neurons.".lstrip(".") if "neurons" in vars(part) else None
    return parts


def _around(path: str, parts: Mapping[str, Any]) -> str:
    """Give the path of the innermost part that something is in."""
    path = path.rpartition(".")[0]
    while path not in parts:
        path = path.rpartition(".")[0]
    return path


def _inside(path: str, around: str) -> str:
    return path[len(around) :].lstrip(".")


def _told(name: _Name, places: _Leaves, buffers: set[Node]) -> str:
    """Write the name and the shape of leaves, and whether they are trained."""
    leaves = set(places.values())
    title = ".".join(step for step in name if step not in (None, "neurons"))
    kind = " buffer" if leaves <= buffers else " frozen" * all(x.constant for x in leaves)
    shapes = {np.shape(leaf.data) for leaf in leaves}
    counts = tuple(len(set(axis)) for axis in zip(*places, strict=True)) if () not in places else ()
    if len(shapes) > 1 or prod(counts) != len(places):
        return f"{title} {_count(leaves):,}{kind}"
    shape = " × ".join(map(str, counts + shapes.pop())) or "1"
    return f"{title} {shape}{kind}"


def _histogram(owned: Mapping[_Name, _Leaves], buffers: set[Node]) -> str:
    """Draw the histogram of the largest group of leaves."""
    groups = [set(places.values()) - buffers for places in owned.values()]
    largest = max(groups, key=_count, default=set())
    return histogram(np.concatenate([np.ravel(x.data) for x in largest])) if largest else ""


def _count(leaves: Any) -> int:
    return sum(np.size(leaf.data) for leaf in leaves)
