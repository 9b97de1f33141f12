"""Numbers, one or several for a sample, learned by a network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from numpy.typing import ArrayLike
from sklearn.base import MultiOutputMixin, RegressorMixin

from autograd import ShapeError

from ..losses import half_squared_error, huber_loss, l1_loss
from .base import Array, Estimator


@dataclass(eq=False, repr=False)
class MLPRegressor(MultiOutputMixin, RegressorMixin, Estimator):  # type: ignore[misc]
    """A network for numbers, with the ways of scikit-learn.

    Scale features and targets: the first weights and rates are made for numbers around 1.
    ``TransformedTargetRegressor(MLPRegressor(), transformer=StandardScaler())`` does the latter.

    Parameters
    ----------
    loss : {"squared_error", "absolute_error", "huber"}
        The first is half the mean squared error; the last is like it for errors below 1, and grows
        no faster than the second beyond.
    others
        As those of `MLPClassifier`.

    Attributes
    ----------
    net_, history_, loss_curve_, validation_curve_, n_iter_, n_features_in_, feature_names_in_
        As those of `MLPClassifier`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(-1, 1, 50).reshape(-1, 1)
    >>> y = 3 * X.ravel() ** 2
    >>> model = MLPRegressor([20], "tanh", learning_rate_init=0.01, batch_size=5, random_state=0)
    >>> model.fit(X, y).score(X, y) > 0.99
    True
    """

    loss: str = "squared_error"

    def partial_fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Go on for one epoch, with the weights there are and what the optimizer remembers.

        A rate, momentum or alpha that was set in between counts from now on; layers, activation,
        dropout and build are those of the network that there is, and others are refused.

        Parameters
        ----------
        X : array_like, shape (samples, features)
        y : array_like, shape (samples,) or (samples, targets)
        """
        self._learn(X, y, 1, in_stream=True)
        return self

    def predict(self, X: ArrayLike) -> Array:
        """Give a number, or one for each target, in the shape that they were learned in.

        Parameters
        ----------
        X : array_like, shape (samples, features)

        Returns
        -------
        array, shape (samples,) or (samples, targets)

        Warns
        -----
        ExtrapolationWarning
            If X goes far beyond the range of training; see `MLPClassifier`.
        """
        outputs = self._outputs(X)
        return outputs.ravel() if self._is_single else outputs

    def _losses(self) -> Mapping[str, Callable[[Any, Any], Any]]:
        return {
            "squared_error": partial(half_squared_error, reduction="mean"),
            "absolute_error": l1_loss,
            "huber": huber_loss,
        }

    def _encode(
        self, labels: Array, goes_on: bool, in_stream: bool, classes: ArrayLike | None
    ) -> tuple[Array, int]:
        targets = labels.reshape(len(labels), -1)
        count, before = targets.shape[1], getattr(self, "_n_targets", None)
        if goes_on and count != before:
            raise ShapeError(
                f"MLPRegressor: got targets for {count} outputs, and the network has {before}. "
                "Take a new one, by fit with warm_start=False."
            )
        self._n_targets = count
        self._is_single = labels.ndim == 1
        return targets, count
