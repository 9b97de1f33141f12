"""Many small images side by side: filters, feature maps, reconstructions, the worst examples."""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograd import ShapeError
from autograd.engine import numbers_of
from autograd.texts import shown

from .axes import SIGNED, axes

_MOST = 400


def images(
    arrays: ArrayLike,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    ax: Any = None,
) -> Any:
    """Draw images in rows and columns, in one scale of gray, or of colors if some are negative.

    Parameters
    ----------
    arrays : array_like, shape (images, height, width), (images, channels, height, width) or \
(images, height, width, 3)
        Channels of an image stand side by side. A filter of `Conv2d` is such an image.
    titles : sequence of str, optional
        One for each image.
    columns : int, optional
        Images in a row; as many as rows if it is not given. With several channels each image has a
        row of its own.
    ax : matplotlib Axes, optional
        A new one if it is not given.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is missing.
    ShapeError
        If the array has another number of dimensions, or there is not one title for each image.

    Examples
    --------
    >>> import nn, viz
    >>> ax = viz.images(nn.Conv2d(1, 6, 5, rng=0).weight, titles=list("abcdef"))
    >>> [text.get_text() for text in ax.texts]
    ['a', 'b', 'c', 'd', 'e', 'f']
    """
    data = np.asarray(numbers_of(arrays), float)
    colored = data.ndim == 4 and data.shape[-1] == 3 and data.shape[1] != 3
    if data.ndim == 2:
        data = data[None]
    if data.ndim not in (3, 4) or not data.size:
        raise ShapeError(
            f"images: got shape {data.shape}. Give (images, height, width), or "
            "(images, channels, height, width)."
        )
    count = len(data)
    if titles is not None and len(titles) != count:
        raise ShapeError(f"images: got {len(titles)} titles for {count} images.")
    if data.ndim == 4 and not colored:
        if data.shape[1] > 1:
            columns = data.shape[1] * (columns or 1)
        data = data.reshape(-1, *data.shape[2:])
    if len(data) > _MOST:
        raise ShapeError(f"images: got {len(data)} images; {_MOST} fit. Choose some: arrays[:100].")
    across = min(columns or ceil(sqrt(len(data))), len(data))
    ax = axes("images", ax)
    high, wide = data.shape[1:3]
    gap = max(1, round(0.08 * max(high, wide)))
    above = gap if titles is None else max(gap, ceil(0.4 * high))
    first = 0 if titles is None else above
    down, along = high + above, wide + gap
    places = [(i // across * down + first, i % across * along) for i in range(len(data))]
    size = ceil(len(data) / across) * down - above + first, across * along - gap
    sheet = np.full((*size, *data.shape[3:]), np.nan)
    for image, (top, left) in zip(data, places, strict=True):
        sheet[top : top + high, left : left + wide] = image
    if colored:
        ax.imshow(np.nan_to_num(sheet, nan=1.0).clip(0, 1))
    else:
        reach = np.nanmax(np.abs(data))
        signed = {"cmap": SIGNED, "vmin": -reach, "vmax": reach}
        ax.imshow(sheet, **(signed if np.nanmin(data) < 0 else {"cmap": "gray"}))
    for title, (top, left) in zip(titles or (), places[:: len(data) // count], strict=False):
        ax.text(left + wide / 2, top - 0.7, shown(title, 20), ha="center", va="bottom", fontsize=8)
    ax.axis("off")
    return ax
