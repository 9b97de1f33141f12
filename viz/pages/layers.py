"""Says which of the numbers that are trained weighs which unit of a model, and paints them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd import GraphError, Node, Tensor

from ..pictures import layers_of_graph, svg_for_page


def layers(
    model: Any, inputs: Sequence[Node], outputs: Sequence[Node], place_of: Mapping[Node, int]
) -> tuple[list[dict[str, Any]], str]:
    """List fully connected layers that stand in a row, from the inputs to the outputs.

    Parameters
    ----------
    model : Module
    inputs, outputs : sequence of Node
        What it was given, and what it made of that: Values, or one Tensor each.
    place_of : mapping from Node to int
        Where the numbers of each parameter begin in the list of all.

    Returns
    -------
    rows : list of dict
        ``weights[k][j]`` and ``biases[k]`` are places of numbers, -1 of those that are frozen;
        ``units`` are the nodes that hold what the layer gives, after its activation, which has a
        ``name``. Empty if the model is no such row.
    picture : str
        SVG of them, with the inputs.
    """
    try:
        found = layers_of_graph(model, inputs, outputs)
    except GraphError:
        return [], ""
    rows = [
        {
            "weights": _places(weights, place_of, layer.transposed),
            "biases": [-1] * layer.size if biases is None else _places(biases, place_of),
            "units": layer.units,
            "name": layer.activation,
        }
        for layer in found[1:]
        for weights, biases in [layer.leaves]
    ]
    return rows, svg_for_page(found)


def _places(leaves: Any, place_of: Mapping[Node, int], transposed: bool = False) -> Any:
    if isinstance(leaves, Tensor):
        first = place_of.get(leaves)
        places = np.full(leaves.shape, -1)
        if first is not None:
            places = (first + np.arange(leaves.size)).reshape(leaves.shape)
        return (places.T if transposed else places).tolist()
    return np.vectorize(lambda leaf: place_of.get(leaf, -1), [int])(
        np.array(leaves, object)
    ).tolist()
