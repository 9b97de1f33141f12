"""Which classes are taken for which others."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograd.engine import numbers_of

from .axes import axes


def confusion(y: ArrayLike, predicted: ArrayLike, ax: Any = None) -> Any:
    """Draw how many samples of each class were taken for each class; the diagonal is right.

    Parameters
    ----------
    y : array_like, shape (samples,)
        Classes.
    predicted : array_like, shape (samples,), or (samples, classes)
        Classes, or scores, of which the largest counts; its column is the class.
    ax : matplotlib Axes, optional
        A new one if it is not given.

    Returns
    -------
    matplotlib Axes
        Of scikit-learn's `ConfusionMatrixDisplay`.

    Raises
    ------
    ImportError
        If matplotlib or scikit-learn is missing.
    ValueError
        If there is not one prediction for each sample.

    Examples
    --------
    >>> import viz
    >>> ax = viz.confusion([0, 1, 1], [0, 1, 0])
    >>> [text.get_text() for text in ax.texts]
    ['1', '0', '1', '1']
    """
    try:
        from sklearn.metrics import ConfusionMatrixDisplay
    except ImportError:
        raise ImportError("confusion needs scikit-learn: pip install 'stepgrad[plots]'") from None
    classes, found = np.ravel(numbers_of(y)), np.asarray(numbers_of(predicted))
    if found.ndim == 2 and found.shape[1] > 1:
        found = found.argmax(axis=1)
    if found.size != classes.size:
        raise ValueError(
            f"confusion: got {classes.size} classes and predictions of shape {found.shape}. Give "
            "one for each sample."
        )
    names, places = np.unique(np.concatenate([classes, found.ravel()]), return_inverse=True)
    counts = np.zeros((len(names), len(names)), int)
    np.add.at(counts, (places[: len(classes)], places[len(classes) :]), 1)
    ax = axes("confusion", ax)
    display = ConfusionMatrixDisplay(counts, display_labels=names)
    return display.plot(ax=ax, cmap="Blues", colorbar=False).ax_
