"""Networks that scikit-learn can select, cross-validate and put behind a scaler."""

from .classifier import MLPClassifier
from .reach import ExtrapolationWarning
from .regressor import MLPRegressor

__all__ = ["ExtrapolationWarning", "MLPClassifier", "MLPRegressor"]
