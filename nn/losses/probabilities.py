"""Logarithms of what is no probability mean nothing: predictions are looked at before."""

from typing import Any

import numpy as np

from autograd.engine import numbers_of, watch_of

_ROUNDING = 1e-6  # of logarithms of 1, in float32 too
_SLACK = 0.05  # of the sum of probabilities whose logarithms were written down with few digits


def check_probabilities(name: str, prediction: Any) -> None:
    """Refuse predictions outside of 0 to 1; nan goes on, for it has a cause elsewhere.

    While a function is recorded nothing is looked at: a replay would not look again.
    """
    numbers = _seen(prediction)
    if numbers is None or not numbers.size:
        return
    low, high = numbers.min(), numbers.max()
    if low < 0 or high > 1:
        raise ValueError(
            f"{name}: got the prediction {low if low < 0 else high:.4g}. It takes probabilities, "
            "from 0 to 1: give scores to bce_with_logits, or let the model end in a sigmoid."
        )


def check_logarithms(name: str, prediction: Any, axis: int) -> None:
    """Refuse predictions that are no logarithms of probabilities of classes along an axis."""
    numbers = _seen(prediction)
    if numbers is None or not numbers.size:
        return
    found = ""
    if numbers.max() > _ROUNDING:
        found = f"the prediction {numbers.max():.4g}"
    else:
        sums = np.exp(numbers).sum(axis=axis)
        wrong = sums[np.abs(sums - 1) > _SLACK]
        if wrong.size:
            found = f"predictions of a sample whose exponentials add up to {wrong[0]:.4g}"
    if found:
        raise ValueError(
            f"{name}: got {found}. It takes logarithms of probabilities: give scores to "
            "cross_entropy, or make logarithms of them by log_softmax."
        )


def _seen(prediction: Any) -> Any:
    return None if watch_of(prediction) else np.asarray(numbers_of(prediction))
