"""What an optimizer remembers goes into few arrays: those of Values are one together."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node, Tensor
from autograd.texts import listed, shown

from ..optim import Optimizer

Arrays = Mapping[str, NDArray[Any]]

# The types of what is in a packed state.
PACKED = {
    "param_groups": [dict],
    "state": [{"params": [int], "counts": {str: int}, "arrays": [str]}],
}


def packed(optimizer: Optimizer) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Divide the state of an optimizer into arrays and what is said about them.

    Returns
    -------
    state_dict : dict
        That of the optimizer, but for ``"state"``, a list. Each entry says of which ``"params"`` it
        is, by position: one Tensor, or Values that were updated the same number of times; and it
        has their ``"counts"`` and the names of their ``"arrays"``.
    arrays : dict
        By the first position and the name, such as ``"3/exp_avg"``: of Values, one number of each.
    """
    state_dict, params = optimizer.state_dict(), _params(optimizer)
    states = state_dict["state"]
    alike: dict[Any, list[int]] = defaultdict(list)
    for i, state in states.items():
        history = tuple((name, x) for name, x in state.items() if isinstance(x, int))
        alike[i if isinstance(params[i], Tensor) else (history, *state)].append(i)
    entries, arrays = [], {}
    for members in alike.values():
        first = members[0]
        counts = {name: x for name, x in states[first].items() if isinstance(x, int)}
        names = [name for name in states[first] if name not in counts]
        for name in names:
            together = [states[i][name] for i in members]
            whole = together[0] if isinstance(params[first], Tensor) else together
            arrays[f"{first}/{name}"] = np.array(whole, order="C")
        entries.append({"params": members, "counts": counts, "arrays": names})
    return {"param_groups": state_dict["param_groups"], "state": entries}, arrays


def unpacked(optimizer: Optimizer, state_dict: Mapping[str, Any], arrays: Arrays) -> dict[str, Any]:
    """Make the state of an optimizer of what `packed` gave.

    Raises
    ------
    ValueError
        If an array is missing, or not of these parameters.
    """
    params, states = _params(optimizer), {}
    for entry in state_dict["state"]:
        members = entry["params"]
        if not members or not all(0 <= i < len(params) for i in members):
            raise ValueError(
                f"it knows of the parameters [{listed(members)}], here are {len(params)}"
            )
        columns = {
            name: _column(f"{members[0]}/{name}", [params[i] for i in members], arrays)
            for name in entry["arrays"]
        }
        for row, i in enumerate(members):
            states[i] = entry["counts"] | {name: column[row] for name, column in columns.items()}
    return {"param_groups": state_dict["param_groups"], "state": states}


def _column(name: str, params: list[Node], arrays: Arrays) -> Any:
    """Give one array or number for each parameter."""
    if name not in arrays:
        raise ValueError(f"the array {shown(name)} of the optimizer is missing")
    if len(params) == 1 and isinstance(params[0], Tensor):
        return [arrays[name]]
    if arrays[name].shape != (len(params),):
        raise ValueError(f"the array {shown(name)} of the optimizer is not of these parameters")
    return arrays[name].tolist()


def _params(optimizer: Optimizer) -> list[Node]:
    return [p for group in optimizer.param_groups for p in group["params"]]
