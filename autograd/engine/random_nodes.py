"""Random numbers as nodes, which a tape draws anew each time it is replayed."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import ShapeError
from ..ops import Shape
from .hooks import watch_here
from .node import Node
from .tensor import Tensor
from .value import Value


def noise(draw: Callable[..., Any], shape: Shape | None = None) -> Value | Tensor:
    """Draw random numbers into a node; no gradient flows to them.

    Parameters
    ----------
    draw : callable
        ``draw(size=...)`` gives so many numbers, one for None: a method of a NumPy generator.
    shape : tuple of int, optional
        Shape of a Tensor; without it, a Value is drawn.

    Returns
    -------
    Value or Tensor
        A constant. A tape draws it again at each call, for each sample of a batch.

    Raises
    ------
    ShapeError
        If `draw` gives another shape.

    Examples
    --------
    >>> from autograd import heaviside
    >>> rng = np.random.default_rng(0)
    >>> kept = heaviside(noise(rng.random, (2, 3)) - 0.5)  # each with a chance of one half
    >>> kept.data.view(np.ndarray)
    array([[1., 0., 0.],
           [0., 1., 1.]])
    """
    kind: type[Value] | type[Tensor] = Value if shape is None else Tensor
    watch = watch_here()
    numbers = watch.draw(draw, shape) if watch else draw(size=shape)
    if shape is not None and np.shape(numbers) != tuple(shape):
        raise ShapeError(f"noise: got numbers of shape {np.shape(numbers)}, asked were {shape}.")
    node = kind(numbers, constant=True)
    node.params = {"draw": draw}
    if watch:
        watch.noise.append(node)
    return node


def draw(node: Node, size: Any) -> Any:
    """Draw numbers for a node of noise again."""
    return node.params["draw"](size=size)


def is_noise(node: Node) -> bool:
    """Whether a leaf holds random numbers."""
    return node.op is None and "draw" in node.params
