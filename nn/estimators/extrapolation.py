"""Networks do not extrapolate: they say so when they are asked to."""

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FAR = 0.5  # of the width of the training range, beyond its end
ROWS = 0.02  # of those that are asked for: heavy tails leave single rows outside


class ExtrapolationWarning(UserWarning):
    """A network is asked about numbers far from all that it was trained on."""


class Reach(NamedTuple):
    """Smallest and largest number of each feature in training, shape (features,)."""

    low: Array
    high: Array

    @classmethod
    def of(cls, X: Array) -> Self:
        return cls(X.min(axis=0), X.max(axis=0))

    def widened(self, X: Array) -> "Reach":
        """Take in more training data."""
        low, high = self.of(X)
        return Reach(np.minimum(self.low, low), np.maximum(self.high, high))

    def complaint(self, X: Array, names: Any = None) -> str | None:
        """Say which feature lies far outside, and where; None if all are near enough.

        Parameters
        ----------
        X : array, shape (samples, features)
        names : sequence of str, optional
            Of the features.

        Examples
        --------
        >>> reach = Reach.of(np.array([[-1.0], [1.0]]))
        >>> reach.complaint(np.array([[1.9]])) is None
        True
        >>> print(reach.complaint(np.array([[3.0]])))
        networks do not extrapolate: feature 0 is 3 in row 0, in training it was -1 to 1
        """
        beyond = np.maximum(self.low - X, X - self.high)
        is_far = beyond > FAR * (self.high - self.low)
        shares = is_far.mean(axis=0)
        column = int(shares.argmax())
        if shares[column] <= ROWS:
            return None
        row = int(np.where(is_far[:, column], beyond[:, column], 0).argmax())
        name = repr(names[column]) if names is not None else column
        return (
            f"networks do not extrapolate: feature {name} is {X[row, column]:.4g} in row {row}, "
            f"in training it was {self.low[column]:.4g} to {self.high[column]:.4g}"
        )
