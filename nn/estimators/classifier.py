"""Classes, of any labels, learned by a network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import ClassifierMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets

from autograd import Tensor, softmax

from ..losses import bce_with_logits, cross_entropy, hinge_loss
from .base import Array, Estimator


def _gives_probabilities(estimator: Any) -> bool:
    loss = getattr(estimator, "_taught", estimator.loss)  # what it is set to is for the next fit
    if loss != "log_loss":
        raise AttributeError(
            f"loss={loss!r} teaches scores, no probabilities: use decision_function, or "
            "loss='log_loss'."
        )
    return True


@dataclass(eq=False, repr=False)
class MLPClassifier(ClassifierMixin, Estimator):  # type: ignore[misc]
    """A network for classes, with the ways of scikit-learn.

    It goes into pipelines, cross-validation and searches, and its parameters bear the names of
    ``sklearn.neural_network.MLPClassifier`` where that has the thing. Scale the features, as in
    ``make_pipeline(StandardScaler(), MLPClassifier())``.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int
    activation : str, Op, class of modules, or a list with one for each hidden layer
        Words are elu, identity, leaky_relu, logistic, relu, sigmoid, softplus, tanh.
    dropout : float, or a list with one for each hidden layer
        Share of their units that is dropped in training.
    build : callable, optional
        ``build(n_inputs, n_outputs, rng)`` gives any module at all, in place of hidden layers,
        activation and dropout; it makes shape (samples, n_outputs) of (samples, n_inputs). Two
        classes are one output, a logit; k classes are k.
    loss : {"log_loss", "hinge"}
        Of the scores: the cross-entropy of the probabilities that `predict_proba` gives; or the
        maximum margin, of each class against all others.
    optimizer : {"adam", "sgd"} or callable
        What scikit-learn calls ``solver``. A callable gets the parameters and gives an `Optimizer`;
        rates and decay are its own then.
    learning_rate_init : float
    momentum, nesterovs_momentum : float, bool
        Of "sgd".
    alpha : float
        Penalty on weights, not on biases, as scikit-learn counts it: ``alpha / 2`` times the sum of
        their squares over the number of samples of a batch. It is no part of `loss_curve_`.
    batch_size : int or "auto"
        "auto" is 200, or all samples if there are fewer.
    max_iter : int
        Epochs at most.
    tol, n_iter_no_change : float, int
        Training ends after so many epochs in a row without a loss that is lower by `tol`.
    early_stopping : bool
        Whether the loss on samples held out decides; the weights of its best epoch are kept.
    validation_fraction : float
        Share that is held out for it, of each class.
    warm_start : bool
        Whether `fit` goes on from the weights there are; not with other layers, activations,
        dropout or build.
    random_state : int, RandomState or None
        Decides first weights, order, dropout and what is held out.
    verbose : bool
        Whether to show a bar.

    Attributes
    ----------
    classes_ : array, shape (classes,)
    net_ : Module
    history_ : History
        Of the last call; its ``health`` looks at the layers.
    loss_curve_ : list of float
        Mean loss of every epoch there was.
    validation_curve_ : list of float, or None
        Loss of the samples held out, for each epoch of the last `fit`.
    n_iter_ : int
        Epochs there were, those of warm starts and of `partial_fit` too.
    n_features_in_, feature_names_in_
        Of the table that was learned from.

    Notes
    -----
    Networks do not extrapolate. An `nn.ExtrapolationWarning` comes if more than one row in fifty
    has a feature that lies outside of its range in training by more than half the width of that
    range: single outliers, which tables with heavy tails have, are let pass in large requests.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> y = np.where(X[:, 0] * X[:, 1] > 0, "same", "other")
    >>> model = MLPClassifier([16], "tanh", learning_rate_init=0.03, tol=1e-3, random_state=0)
    >>> model.fit(X, y).score(X, y) > 0.95
    True
    >>> model.predict([[1.0, 1.0], [1.0, -1.0]]).tolist()
    ['same', 'other']
    """

    loss: str = "log_loss"

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Go on for one epoch, with the weights there are and what the optimizer remembers.

        A rate, momentum or alpha that was set in between counts from now on; layers, activation,
        dropout and build are those of the network that there is, and others are refused.

        Parameters
        ----------
        X : array_like, shape (samples, features)
        y : array_like, shape (samples,)
        classes : array_like, shape (classes,)
            All that will ever come; needed at the first call.
        """
        self._learn(X, y, 1, in_stream=True, classes=classes)
        return self

    def decision_function(self, X: ArrayLike) -> Array:
        """Give scores: the largest counts; of two classes, the second where it is above 0.

        Parameters
        ----------
        X : array_like, shape (samples, features)

        Returns
        -------
        array, shape (samples, classes), or (samples,) for two classes
        """
        scores = self._outputs(X)
        return scores.ravel() if len(self.classes_) == 2 else scores

    def predict(self, X: ArrayLike) -> Array:
        """Give the most probable class of each sample.

        Parameters
        ----------
        X : array_like, shape (samples, features)

        Returns
        -------
        array, shape (samples,)

        Warns
        -----
        ExtrapolationWarning
            If X goes far beyond the range of training.
        """
        scores = self._outputs(X)
        is_pair = len(self.classes_) == 2
        best = (scores[:, 0] > 0).astype(int) if is_pair else scores.argmax(axis=1)
        return np.asarray(self.classes_[best])

    @available_if(_gives_probabilities)  # type: ignore[untyped-decorator]
    def predict_proba(self, X: ArrayLike) -> Array:
        """Give the probability of each class, if the network was taught any.

        Parameters
        ----------
        X : array_like, shape (samples, features)

        Returns
        -------
        array, shape (samples, classes)
        """
        scores = self._outputs(X)
        if len(self.classes_) == 2:
            scores = np.hstack([np.zeros_like(scores), scores])
        return np.array(softmax(Tensor(scores), axis=1).data)

    def _losses(self) -> Mapping[str, Callable[[Any, Any], Any]]:
        is_pair = len(self.classes_) == 2
        return {"log_loss": bce_with_logits if is_pair else cross_entropy, "hinge": hinge_loss}

    def _encode(
        self, labels: Array, goes_on: bool, in_stream: bool, classes: ArrayLike | None
    ) -> tuple[Array, int]:
        check_classification_targets(labels)
        if not goes_on:
            if in_stream and classes is None:
                raise ValueError("the first partial_fit needs classes: all that will ever come.")
            self.classes_ = np.unique(labels if classes is None else np.asarray(classes))
        known = self.classes_.tolist()
        if classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(
                f"got classes={np.unique(classes).tolist()}, before they were {known}."
            )
        if len(known) < 2:
            raise ValueError(f"y has one class only, {known[0]!r}. Give two or more.")
        unknown = np.setdiff1d(labels, self.classes_).tolist()
        if unknown:
            raise ValueError(f"y holds {unknown[0]!r}, but the classes are {known}.")
        indices = np.searchsorted(self.classes_, labels)
        count = len(self.classes_)
        if count > 2 and self.loss == "log_loss":
            return indices, count
        of_each = indices[:, None] == (np.arange(count) if count > 2 else [1])
        return of_each * 2.0 - 1 if self.loss == "hinge" else of_each * 1.0, of_each.shape[1]
