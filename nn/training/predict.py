"""What a model gives for data."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import ShapeError

from ..inspection import evaluating, type_of
from .data import samples
from .error_place import of_rows, said_at
from .update.choose import runner_of


def predict(model: Any, X: Any) -> NDArray[Any]:
    """Give what a model gives for each sample, in ``eval()``.

    Parameters
    ----------
    model : Module
        Of Tensors, or of Values, which take one sample at a time: they are run on a `Tape`.
    X : array_like, shape (samples, ...)
        Whole numbers reach the model as such, as in `fit`.

    Returns
    -------
    array, shape (samples, ...)

    Raises
    ------
    TypeError, ShapeError, ValueError
        If X holds anything but finite numbers, or no samples.

    Examples
    --------
    >>> import nn
    >>> model = nn.MLP(2, [3, 1], rng=0)
    >>> scores = predict(model, [[0.5, -1.0], [1.0, 2.0]])
    >>> scores.shape, bool(scores[0] == model([0.5, -1.0]).data)
    ((2,), True)
    """
    rows = samples("predict: X", X, type_of(model))
    advice = of_rows(rows) and f"{of_rows(rows)} Of a single sample, give X.reshape(1, -1)."
    with evaluating(model), np.errstate(all="ignore"):
        try:
            outputs = runner_of(model).predict(rows)
        except Exception as error:
            if not advice:
                raise
            raise said_at("predict", error, advice) from error
    if outputs.shape[:1] != (len(rows),):
        raise ShapeError(
            f"predict: the model gives shape {outputs.shape} for {len(rows)} samples. Let it give "
            f"one row for each: (samples, ...). {advice}".strip()
        )
    return outputs
