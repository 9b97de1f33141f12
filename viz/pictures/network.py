"""`network`: a model as circles and weighted edges, as in every textbook."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograd.formulas import number
from autograd.texts import columns

from ..names import is_module
from .circles import to_svg
from .layers import Array, Layer, layers_of_model, layers_of_sizes
from .mermaid import network_mermaid
from .network_dot import network_dot
from .picture import image_html
from .render import render
from .text import BRIEF, rest
from .tikz import network_tikz

_WRITERS = {"mmd": network_mermaid, "tex": network_tikz}


def network(model: Any, x: Any = None, dropped: Any = None) -> "Network":
    """Draw a chain of fully connected layers: a circle for each unit, a line for each weight.

    A line is as wide as its weight is large; blue ones are positive, orange and dashed ones
    negative. Of layers of more than 16 units the first and the last 5 are shown.

    Parameters
    ----------
    model : Module or sequence of int
        What computes weighted sums and activations, such as a `Perceptron`, an `MLP`, or a
        `Sequential` of `Linear` layers; or only the sizes of layers, such as ``[3, 3, 2, 1]``.
    x : array_like, shape (inputs,), optional
        One sample; each circle then shows what its unit gives for it.
    dropped : mapping from int to (array of bool, or sequence of int), or sequence, optional
        Units that dropout leaves out, by layer: ``{1: [0, 3]}`` are two of the first layer, 0 are
        the inputs; a mask is true where a unit is dropped. A sequence has an entry for each layer,
        from the inputs on. Such units are crossed out and give 0; others are not scaled.

    Returns
    -------
    Network
        A notebook shows it, ``save`` writes it, ``str`` gives a table.

    Raises
    ------
    GraphError
        If the model is no such chain, or one of more than 12 layers.
    ShapeError
        If `x` is not one sample.
    TypeError, ValueError
        If it is no model, or there are no such layers or units.

    Examples
    --------
    >>> import nn
    >>> print(network(nn.Perceptron([2, 2], threshold=3), [1, 0]))
    layer       unit  activation  weights  bias  value
    inputs      x1                               1
    inputs      x2                               0
    Perceptron  1     step        [2, 2]   -3    0
    """
    sample = None
    if is_module(model):
        layers, sample = layers_of_model(model, x)
    elif isinstance(model, Sequence) and not isinstance(model, str):
        layers = layers_of_sizes(model)
    else:
        raise TypeError(
            f"network: got {model!r:.80}, a {type(model).__name__}. "
            "Give a module, or the sizes of layers, such as [3, 3, 2, 1]."
        )
    if x is not None and sample is None:
        raise TypeError(f"network: got an input for the sizes {model!r:.80}. Give a module.")
    left_out = _dropped(dropped, layers)
    return Network(layers, None if sample is None else _values(layers, sample, left_out), left_out)


class Network:
    """What `network` returns.

    Attributes
    ----------
    layers : list of Layer
        The first is that of the inputs.
    values : list of array, or None
        What the units of each layer give, if there was a sample.
    dropped : list of frozenset of int
        Units of each layer that are crossed out.
    """

    def __init__(
        self, layers: list[Layer], values: list[Array] | None, dropped: list[frozenset[int]]
    ) -> None:
        self.layers, self.values, self.dropped = layers, values, dropped
        self.svg = to_svg(layers, values, dropped)

    def save(self, path: str | Path) -> Path:
        """Write the picture; the ending of the name says in what form.

        It is .svg, .png, .pdf or .dot; .mmd for Mermaid, .tex for TikZ.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        RenderError
            If there is nothing to draw with, or the ending is another one.
        """
        path = Path(path)
        format = path.suffix.removeprefix(".")
        about = self.layers, self.values, self.dropped
        if format == "svg":
            path.write_text(self.svg, encoding="utf-8")
        elif format in _WRITERS:
            path.write_text(_WRITERS[format](*about), encoding="utf-8")
        else:
            path.write_bytes(render(network_dot(*about), format))
        return path

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Give notebooks an image that follows their theme; text as fallback."""
        words = self._table(BRIEF)
        return {"text/html": image_html(self.svg, words), "text/plain": words}

    def __str__(self) -> str:
        return self._table()

    def __repr__(self) -> str:
        return f"Network({' → '.join(str(layer.size) for layer in self.layers)})"

    def _table(self, most: int | None = None) -> str:
        """Write a line for each unit; columns with nothing in them are left out."""
        rows = [
            [layer.title, f"{k + 1}" if level else f"x{k + 1}", *self._cells(level, k)]
            for level, layer in enumerate(self.layers)
            for k in range(layer.size)
        ]
        head = ["layer", "unit", "activation", "weights", "gradient", "bias", "gradient", "value"]
        filled = [i for i in range(len(head)) if any(row[i] for row in rows)]
        cells = [[row[i] for i in filled] for row in [head, *rows[:most]]]
        return columns(cells) + rest(len(rows), most, "unit")

    def _cells(self, level: int, k: int) -> list[str]:
        layer = self.layers[level]
        arrays = [layer.weight, layer.weight_grad, layer.bias, layer.bias_grad]
        arrays.append(None if self.values is None else self.values[level])
        cells = ["" if array is None else number(array[k]) for array in arrays]
        if k in self.dropped[level]:
            cells[-1] = "dropped"
        return [layer.activation, *cells]


def _dropped(dropped: Any, layers: Sequence[Layer]) -> list[frozenset[int]]:
    """Give the units of each layer that are left out."""
    by_layer = dict(dropped if isinstance(dropped, Mapping) else enumerate(dropped or ()))
    found = []
    for level, layer in enumerate(layers):
        units = by_layer.pop(level, None)
        units = np.array([] if units is None else units)
        if units.dtype == bool and units.shape == (layer.size,):
            units = np.flatnonzero(units)
        is_list = units.ndim == 1 and (units.dtype.kind in "iu" or not units.size)
        if not is_list or not all(0 <= unit < layer.size for unit in units):
            raise ValueError(
                f"network: got dropped units {units.tolist()!r:.80} of layer {level}, which has "
                f"{layer.size}. Give indices by layer, such as {{1: [0, 2]}}, or a mask of it."
            )
        found.append(frozenset(units.astype(int).tolist()))
    if by_layer:
        raise ValueError(
            f"network: got dropped units of layer {next(iter(by_layer))!r:.80}. Layers are 0, the "
            f"inputs, to {len(layers) - 1}; give them by number, such as {{1: [0, 2]}}."
        )
    return found


def _values(
    layers: Sequence[Layer], sample: Array, dropped: Sequence[frozenset[int]]
) -> list[Array]:
    """Compute what the units give, those left out 0."""
    values: list[Array] = []
    for layer, left_out in zip(layers, dropped, strict=True):
        with np.errstate(all="ignore"):
            row = np.array(layer(values[-1]) if values else sample)
        row[list(left_out)] = 0.0
        values.append(row)
    return values
