"""The state of a model: its numbers, by the paths of the leaves that hold them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node


def by_path(module: Any) -> dict[str, Node]:
    """Give all leaves of a module by their paths."""
    leaves: dict[str, Node] = {}
    for path, leaf in module.named_leaves():
        if leaves.setdefault(path, leaf) is not leaf:
            raise ValueError(
                f"{type(module).__name__}: two leaves are called {path!r}. Rename an attribute or "
                "a key."
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


def paired(
    leaves: Mapping[str, Node], state: Mapping[str, Any], strict: bool, source: str
) -> list[tuple[Node, NDArray[Any]]]:
    """Pair leaves with the numbers that they are to have.

    Raises
    ------
    ValueError
        If names or shapes differ, or if there are no real numbers: it lists all that is wrong.
    """
    faults = [f"{path} is missing" for path in leaves if strict and path not in state]
    faults += [f"{path} is not known here" for path in state if strict and path not in leaves]
    found = {path: np.asarray(state[path]) for path in leaves if path in state}
    for path, array in found.items():
        shape = np.shape(leaves[path].data)
        if array.shape != shape:
            faults.append(f"{path} has shape {array.shape}, here {shape}")
        elif array.dtype.kind not in "fiub":
            faults.append(f"{path} holds {array.dtype}, not real numbers")
    if faults:
        raise ValueError(
            f"{source}: {'; '.join(faults)}. Give the state of a model of the same layers; load "
            "and load_state_dict take what has the same names with strict=False."
        )
    return [(leaves[path], array) for path, array in found.items()]
