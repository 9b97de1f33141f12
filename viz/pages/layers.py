"""Finds the layers of a model: which of its numbers weighs which unit."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd import Node, Tensor, Value

from .targets import flat


def layers(
    model: Any, made: Mapping[str, Any], place_of: Mapping[Node, int], inputs: int
) -> list[dict[str, Any]]:
    """List fully connected layers that stand in a row, from the inputs to the outputs.

    Parameters
    ----------
    model : Module
    made : mapping from str to outputs
        What each module in it gave, by its path, in the order of their calls.
    place_of : mapping from Node to int
        Where the numbers of each parameter begin in the list of all.
    inputs : int

    Returns
    -------
    list of dict
        ``weights[k][j]`` and ``biases[k]`` are places of numbers, -1 of those that are frozen;
        ``units`` are the nodes that hold what the layer gives, after its activation. Empty if the
        model is no such row.
    """
    found = [
        {"path": path, **places}
        for path, part in model.named_modules()
        if path in made and (places := _places(part, place_of))
    ]
    keys = [*made]
    starts = [keys.index(next(key for key in keys if _inside(key, x["path"]))) for x in found]
    for layer, (start, end) in zip(found, pairwise([*starts, len(keys)]), strict=True):
        fitting = [key for key in keys[start:end] if _count(made[key]) == len(layer["weights"])]
        layer["units"] = made[fitting[-1]] if fitting else None
    widths = [inputs, *(len(layer["weights"]) for layer in found)]
    fit = [
        layer["units"] is not None and len(layer["weights"][0]) == width
        for layer, width in zip(found, widths, strict=False)
    ]
    return found if fit and all(fit) and starts == sorted(starts) else []


def _inside(key: str, path: str) -> bool:
    return key == path or key.startswith(f"{path}.")


def _places(part: Any, place_of: Mapping[Node, int]) -> dict[str, Any] | None:
    neurons = getattr(part, "neurons", None)
    weight, bias = getattr(part, "weight", None), getattr(part, "bias", None)
    if neurons:
        return {
            "weights": [[place_of.get(w, -1) for w in neuron.w] for neuron in neurons],
            "biases": [place_of.get(neuron.b, -1) for neuron in neurons],
        }
    if isinstance(weight, Tensor) and weight.ndim == 2:
        return {
            "weights": _grid(weight, place_of),
            "biases": [-1] * len(weight.data) if bias is None else _grid(bias, place_of),
        }
    return None


def _grid(leaf: Tensor, place_of: Mapping[Node, int]) -> list[Any]:
    if leaf not in place_of:
        return np.full(leaf.shape, -1).tolist()  # type: ignore[no-any-return]
    places = place_of[leaf] + np.arange(leaf.size)
    return places.reshape(leaf.shape).tolist()  # type: ignore[no-any-return]


def _count(output: Any) -> int:
    parts: Sequence[Any] = [*flat(output)]
    if len(parts) == 1 and isinstance(parts[0], Tensor):
        return parts[0].size
    return len(parts) if all(isinstance(x, Value) for x in parts) else 0
