"""The state of a model: its numbers, by the paths of the leaves that hold them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node
from autograd.texts import quoted, shown, some


def by_path(module: Any) -> dict[str, Node]:
    """Give all leaves of a module by their paths."""
    leaves: dict[str, Node] = {}
    for path, leaf in module.named_leaves():
        if leaves.setdefault(path, leaf) is not leaf:
            raise ValueError(
                f"{type(module).__name__}: two leaves are called {quoted(path)}. Rename an "
                "attribute or a key."
            )
    return leaves


def take_over(
    leaves: Mapping[str, Node],
    state: Mapping[str, Any],
    strict: bool,
    source: str = "load_state_dict",
) -> None:
    """Give leaves the numbers of a state; if anything does not fit, nothing is changed."""
    for leaf, array in paired(leaves, state, strict, source):
        leaf.data = array


def once(leaves: Mapping[str, Node]) -> dict[str, Node]:
    """Keep the first path of each leaf: what layers share is in a file once, as from PyTorch."""
    first: dict[Node, str] = {}
    for path, leaf in leaves.items():
        first.setdefault(leaf, path)
    return {path: leaf for leaf, path in first.items()}


def paired(
    leaves: Mapping[str, Node], state: Mapping[str, Any], strict: bool, source: str
) -> list[tuple[Node, NDArray[Any]]]:
    """Pair leaves, each once, with the numbers that they are to have.

    A leaf that layers share may be in the state under one of its paths, or under several.

    Raises
    ------
    ValueError
        If names or shapes differ, if there are no real numbers, or several for one leaf: it lists
        what is wrong.
    """
    known = {leaf for path, leaf in leaves.items() if path in state}
    faults = [
        f"{shown(path)} is missing"
        for path, leaf in once(leaves).items()
        if strict and leaf not in known
    ]
    faults += [
        f"{shown(path)} is not known here" for path in state if strict and path not in leaves
    ]
    found: dict[Node, NDArray[Any]] = {}
    for path, leaf in leaves.items():
        if path not in state:
            continue
        array, shape = np.asarray(state[path]), np.shape(leaf.data)
        if array.shape != shape:
            faults.append(f"{shown(path)} has shape {shown(array.shape)}, here {shape}")
        elif array.dtype.kind not in "fiub":
            faults.append(f"{shown(path)} holds {shown(array.dtype)}, not real numbers")
        elif not _same(found.setdefault(leaf, array), array, leaf):
            other = next(name for name in leaves if leaves[name] is leaf and name in state)
            faults.append(
                f"{shown(path)} and {shown(other)} are one here, and hold different numbers"
            )
    if faults:
        raise ValueError(
            f"{source}: {some(faults, between='; ')}. Give the state of a model of the same "
            "layers; load and load_state_dict take what has the same names with strict=False."
        )
    return [*found.items()]


def _same(a: NDArray[Any], b: NDArray[Any], leaf: Node) -> bool:
    """Whether two arrays give a leaf the same numbers."""
    kind = np.asarray(leaf.data).dtype
    return a is b or np.array_equal(a.astype(kind), b.astype(kind), equal_nan=True)
