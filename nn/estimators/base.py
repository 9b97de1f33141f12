"""What a classifier and a regressor have in common: how they train, and go on training."""

import copy
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, is_classifier, is_regressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from autograd.ops import real_numbers

from ..module import Module
from ..optim import Optimizer
from ..training import History, fit, predict, whole
from .extrapolation import ExtrapolationWarning, Reach
from .network import built, made_of, network
from .optimizers import chosen, new_optimizer, tune

Array = NDArray[Any]

_MOST_ROWS = 200  # of a batch whose size nobody gave
_TYPES = (np.float64, np.float32)


@dataclass(eq=False, repr=False)
class Estimator(BaseEstimator):  # type: ignore[misc]
    """A network with the ways of scikit-learn; `MLPClassifier` describes its parameters."""

    hidden_layer_sizes: Any = (100,)
    activation: Any = "relu"
    _: KW_ONLY
    dropout: Any = 0.0
    build: Callable[[int, int, np.random.Generator], Module] | None = None
    loss: str = ""
    optimizer: Any = "adam"
    learning_rate_init: float = 1e-3
    momentum: float = 0.9
    nesterovs_momentum: bool = True
    alpha: float = 1e-4
    batch_size: int | str = "auto"
    max_iter: int = 200
    tol: float = 1e-4
    n_iter_no_change: int = 10
    early_stopping: bool = False
    validation_fraction: float = 0.1
    warm_start: bool = False
    random_state: Any = None
    verbose: bool = False

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train, from new weights unless there is a warm start.

        Parameters
        ----------
        X : array_like, shape (samples, features)
        y : array_like, shape (samples,)
            For a regressor also (samples, targets).

        Raises
        ------
        ValueError, TypeError
            If data or parameters make no sense, or ask in a warm start for another network than
            there is.
        InfiniteGradientError
            If training diverges. The estimator is as before then, as after any error.

        Warns
        -----
        ConvergenceWarning
            If `max_iter` epochs were not enough.
        UserWarning
            If Ctrl-C ended it; what was learned until then is kept.
        HealthWarning
            If a layer does not learn; see `nn.fit`.
        """
        epochs = whole("max_iter", self.max_iter, least=1)
        history = self._learn(X, y, epochs)
        is_done = history.epochs == epochs and not _is_interrupted(history)
        if is_done and not self._is_at_rest(history):
            warnings.warn(
                f"{type(self).__name__}: after max_iter={epochs} epochs the "
                f"{history.monitored} is not at rest yet. Raise max_iter or "
                "learning_rate_init, or scale the data.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _learn(
        self,
        X: ArrayLike,
        y: ArrayLike,
        epochs: int,
        *,
        in_stream: bool = False,
        classes: ArrayLike | None = None,
    ) -> History:
        """Train a copy, and become it at the end: an error on the way leaves all as it was."""
        learner = copy.copy(self)
        learner._train(X, y, epochs, in_stream, classes)
        self.__dict__ = learner.__dict__
        if _is_interrupted(self.history_):
            warnings.warn(
                f"{type(self).__name__}: training was interrupted by the user after "
                f"{self.history_.epochs} of {epochs} epochs. What was learned until then is kept.",
                stacklevel=3,
            )
        return self.history_

    def _train(
        self, X: ArrayLike, y: ArrayLike, epochs: int, in_stream: bool, classes: ArrayLike | None
    ) -> None:
        """Train a new network, or go on with the old one; in a stream, with its optimizer too."""
        if in_stream and self.early_stopping:
            raise ValueError(
                f"{type(self).__name__}: partial_fit sees its samples once and holds none out. "
                "Set early_stopping=False."
            )
        patience = whole("n_iter_no_change", self.n_iter_no_change, least=1)
        for name, number in (("alpha", self.alpha), ("tol", self.tol)):
            if not isinstance(number, Real) or not 0 <= number < np.inf:
                raise ValueError(f"got {name}={number!r}. Give a number from 0 on.")
        goes_on = hasattr(self, "net_") and (in_stream or self.warm_start)
        rows, labels = self._read(X, y, reset=not goes_on)
        targets, outputs = self._encode(labels, goes_on, in_stream, classes)
        loss = chosen("loss", self.loss, self._losses())
        random = check_random_state(self.random_state)
        built_of = {"build": self.build}
        if self.build is None:
            built_of |= made_of(self.hidden_layer_sizes, self.activation, self.dropout)
        if goes_on:
            self._refuse_another_network(built_of)
            net, optimizer = self._taken_up(random, in_stream)
        else:
            self._rng = _generator(random)
            net = self._new_net(rows, outputs)
            optimizer = new_optimizer(self.optimizer, net.parameters())
        held = None
        if self.early_stopping:
            rows, rows_held, targets, targets_held = train_test_split(
                rows,
                targets,
                test_size=self.validation_fraction,
                stratify=labels if is_classifier(self) else None,
                random_state=random,
            )
            held = rows_held, targets_held
        size = self._rows_of_batch(len(rows))
        if not callable(self.optimizer):
            nesterov, decay = self.nesterovs_momentum, self.alpha / size
            tune(optimizer, self.learning_rate_init, self.momentum, nesterov, decay)

        def plateau(history: History) -> bool:  # its name is the reason that the history tells
            return self._is_at_rest(history)

        self.history_ = fit(
            net,
            (rows, targets),
            loss=loss,
            optimizer=optimizer,
            epochs=epochs,
            batch_size=size,
            validation=held,
            patience=patience if held else None,
            callbacks=[plateau] if patience < epochs else [],
            seed=self._rng,
            progress=bool(self.verbose),
        )
        self.net_: Module = net
        self._optimizer: Optimizer = optimizer
        self._taught, self._optimized_by = self.loss, self.optimizer
        self._built_of: dict[str, Any] = built_of
        self._reach: Reach = self._reach.widened(rows) if goes_on else Reach.of(rows)
        curve = self.loss_curve_ if goes_on else []
        self.loss_curve_: list[float] = curve + self.history_.get("loss", [])
        self.validation_curve_ = self.history_.get("val_loss")
        self.n_iter_ = len(self.loss_curve_)

    def _refuse_another_network(self, here: Mapping[str, Any]) -> None:
        """Refuse to go on with a network that is not the one that the parameters ask for."""
        before = getattr(self, "_built_of", here)  # version 0.1 did not keep it
        for name in dict.fromkeys([*before, *here]):
            if before.get(name) != here.get(name):
                raise ValueError(
                    f"{type(self).__name__}: got {name}={getattr(self, name)!r}, and the network "
                    f"that is to go on was built with {before.get(name)!r}. Set it back, or call "
                    "fit with warm_start=False for a new network."
                )

    def _taken_up(self, random: Any, in_stream: bool) -> tuple[Module, Optimizer]:
        """Copy the network, and in a stream the optimizer and the generator that go with it."""
        net, optimizer, rng = copy.deepcopy((self.net_, self._optimizer, self._rng))
        self._rng = rng if in_stream else _generator(random)
        if not in_stream or self._optimized_by != self.optimizer:
            optimizer = new_optimizer(self.optimizer, net.parameters())
        return net, optimizer

    def _read(self, X: ArrayLike, y: ArrayLike, reset: bool) -> tuple[Array, Array]:
        numeric = is_regressor(self)
        how = {"reset": reset, "multi_output": numeric, "y_numeric": numeric}
        rows, labels = self._validated(X, y, are_numbers=numeric or np.ma.isMA(y), **how)
        return rows, labels

    def _validated(self, X: Any, *y: Any, are_numbers: bool = True, **how: Any) -> Any:
        """Refuse what scikit-learn takes for numbers: what is masked, dates, digits in text.

        What it refuses itself it refuses in its own words, for others look for them.
        """
        name = type(self).__name__
        try:
            real_numbers(f"{name}: X", X)
            for targets in y if are_numbers else ():
                real_numbers(f"{name}: y", targets)
        except (TypeError, ValueError):
            with warnings.catch_warnings(), suppress(OverflowError):
                warnings.simplefilter("ignore")
                validate_data(self, X, *y, dtype=_TYPES, **how)
            raise
        return validate_data(self, X, *y, dtype=_TYPES, **how)

    def _new_net(self, X: Array, n_outputs: int) -> Module:
        if self.build is not None:
            return built(self.build, X, n_outputs, self._rng)
        return network(
            X.shape[1],
            n_outputs,
            sizes=self.hidden_layer_sizes,
            activation=self.activation,
            dropout=self.dropout,
            dtype=X.dtype,
            rng=self._rng,
        )

    def _rows_of_batch(self, samples: int) -> int:
        if self.batch_size == "auto":
            return min(_MOST_ROWS, samples)
        return min(whole("batch_size", self.batch_size, least=1), samples)

    def _is_at_rest(self, history: History) -> bool:
        """Whether no epoch of the last ones was better, by `tol`, than all before it."""
        curve = np.array(history[history.monitored])
        gains = np.minimum.accumulate(curve)[:-1] - curve[1:]
        last = gains[-self.n_iter_no_change :]
        return len(last) == self.n_iter_no_change and bool((last < self.tol).all())

    def _outputs(self, X: ArrayLike) -> Array:
        """Give what the network gives, and warn if it has to extrapolate."""
        check_is_fitted(self, "net_")
        rows = self._validated(X, reset=False)
        complaint = self._reach.complaint(rows, getattr(self, "feature_names_in_", None))
        if complaint:
            warnings.warn(f"{type(self).__name__}: {complaint}", ExtrapolationWarning, stacklevel=3)
        return predict(self.net_, rows)

    # What the two differ in.

    def _losses(self) -> Mapping[str, Callable[[Any, Any], Any]]:
        raise NotImplementedError

    def _encode(
        self, labels: Array, goes_on: bool, in_stream: bool, classes: ArrayLike | None
    ) -> tuple[Array, int]:
        """Make targets of labels, and say how many outputs the network needs."""
        raise NotImplementedError


def _generator(random: np.random.RandomState) -> np.random.Generator:
    return np.random.default_rng(random.randint(2**31 - 1, size=4))


def _is_interrupted(history: History) -> bool:
    return history.reason.startswith("interrupted")
