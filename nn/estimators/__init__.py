"""Networks that scikit-learn can select, cross-validate and put behind a scaler."""

from autograd.pickles import publish as _publish

from .classifier import MLPClassifier
from .extrapolation import ExtrapolationWarning
from .extrapolation import Reach as _Reach  # noqa: F401, pickles of estimators name it
from .regressor import MLPRegressor

__all__ = [
    "ExtrapolationWarning",
    "MLPClassifier",
    "MLPRegressor",
]

_publish(__name__, globals(), [*__all__, "_Reach"])
