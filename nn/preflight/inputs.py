"""Looks at samples: whether they differ, and whether their columns are of one size."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

RATIO = 100.0  # of the spans of two columns
LARGE = 10.0  # root of the mean square
_VARIES = 0.05  # share of rows; of a column that varies less, the span says little
_ENOUGH = 10_000  # rows to judge spans by
_STANDARDIZE = "Standardize: (X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1e-6)"


def about_inputs(X: Array) -> Iterator[str]:
    """Yield what is wrong with samples, one in each row."""
    if len(X) > 1 and not np.ptp(X, axis=0).any():
        yield f"all {len(X)} samples are the same: nothing tells them apart. Is it the right X?"
        return
    if X.ndim == 2 and len(X) > 1:
        yield from _constant(X)
    sizes = [*_unequal(X)] if X.ndim == 2 and len(X) > 1 else []
    yield from sizes or _large(X)


def _constant(X: Array) -> Iterator[str]:
    """Find columns that never change; those of zeros do no harm, and images have many."""
    columns = np.flatnonzero((np.ptp(X, axis=0) == 0) & (X[0] != 0))
    if len(columns):
        places = f"{', '.join(map(str, columns[:5]))}{', ...' * (len(columns) > 5)}"
        words = f"column {places} of X is" if len(columns) == 1 else f"columns {places} of X are"
        yield (
            f"{words} constant, {X[0, columns[0]]:g} in all {len(X)} samples: the bias does as "
            "much. Leave out what does not change."
        )


def _unequal(X: Array) -> Iterator[str]:
    X = X[:: 1 + len(X) // _ENOUGH]
    varies = np.mean(np.median(X, axis=0) != X, axis=0) >= _VARIES
    spans = np.ptp(X, axis=0)
    if (spans[varies] > 0).any():
        wide = int(np.argmax(np.where(varies, spans, -np.inf)))
        narrow = int(np.argmin(np.where(varies & (spans > 0), spans, np.inf)))
        if spans[wide] > RATIO * spans[narrow]:
            yield (
                f"column {wide} of X spans {spans[wide]:.3g}, column {narrow} only "
                f"{spans[narrow]:.3g}, {spans[wide] / spans[narrow]:.0e} times less; above "
                f"{RATIO:g} times the wide one drowns the other. {_STANDARDIZE}."
            )


def _large(X: Array) -> Iterator[str]:
    size = float(np.sqrt(np.mean(np.square(X, dtype=float))))
    if size > LARGE:
        yield (
            f"the numbers of X are of the size {size:.3g} (root of the mean square); above "
            f"{LARGE:g} they push units far from 0. {_STANDARDIZE}, or divide by the largest."
        )
