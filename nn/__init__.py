"""Neural networks made of graph nodes."""

import typing as _typing

from . import init as init
from .activations import (
    ELU,
    Activation,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
)
from .checkpoint import load_checkpoint, save_checkpoint
from .conv import AvgPool2d, Conv2d, MaxPool2d, MinPool2d
from .layers import (
    Dropout,
    Flatten,
    Identity,
    Linear,
    Sequential,
)
from .losses import (
    bce,
    bce_with_logits,
    binary_cross_entropy,
    cross_entropy,
    half_squared_error,
    hinge_loss,
    huber_loss,
    l1_loss,
    l1_penalty,
    l2_penalty,
    mse_loss,
    multilabel_log_loss,
    nll_loss,
)
from .models import AlexNet, Autoencoder, LeNet5
from .module import Module
from .neurons import MLP, Layer, Neuron, Perceptron
from .norm import BatchNorm1d, BatchNorm2d, LayerNorm
from .optim import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineAnnealingLR,
    Descent,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    OneCycleLR,
    Optimizer,
    RMSProp,
    RMSprop,
    Rprop,
    Schedule,
    SequentialLR,
    StepLR,
    clip_grad_norm_,
    clip_grad_value_,
    gradient_descent,
)
from .preflight import check
from .storage import load, save
from .training.evaluate import accuracy, predict
from .training.fit import fit
from .training.health import HealthWarning
from .training.history import History

__all__ = [
    "ELU",
    "MLP",
    "SGD",
    "Activation",
    "Adagrad",
    "Adam",
    "AdamW",
    "AlexNet",
    "Autoencoder",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv2d",
    "CosineAnnealingLR",
    "Descent",
    "Dropout",
    "ExponentialLR",
    "Flatten",
    "HealthWarning",
    "History",
    "Identity",
    "LambdaLR",
    "Layer",
    "LayerNorm",
    "LeNet5",
    "LeakyReLU",
    "Linear",
    "LinearLR",
    "MaxPool2d",
    "MinPool2d",
    "Module",
    "Neuron",
    "OneCycleLR",
    "Optimizer",
    "Perceptron",
    "RMSProp",
    "RMSprop",
    "ReLU",
    "Rprop",
    "Schedule",
    "Sequential",
    "SequentialLR",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "StepLR",
    "Tanh",
    "accuracy",
    "bce",
    "bce_with_logits",
    "binary_cross_entropy",
    "check",
    "clip_grad_norm_",
    "clip_grad_value_",
    "cross_entropy",
    "fit",
    "gradient_descent",
    "half_squared_error",
    "hinge_loss",
    "huber_loss",
    "l1_loss",
    "l1_penalty",
    "l2_penalty",
    "load",
    "load_checkpoint",
    "mse_loss",
    "multilabel_log_loss",
    "nll_loss",
    "predict",
    "save",
    "save_checkpoint",
]

_ESTIMATORS = ("ExtrapolationWarning", "MLPClassifier", "MLPRegressor")

if _typing.TYPE_CHECKING:
    from .estimators import ExtrapolationWarning as ExtrapolationWarning
    from .estimators import MLPClassifier as MLPClassifier
    from .estimators import MLPRegressor as MLPRegressor
else:

    def __getattr__(name: str) -> _typing.Any:
        """Import the estimators when one is asked for: they need scikit-learn."""
        if name not in _ESTIMATORS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            from . import estimators
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "sklearn":
                raise
            raise ImportError(f"{name} needs scikit-learn: pip install 'stepgrad[data]'") from None
        return getattr(estimators, name)

    def __dir__() -> list[str]:
        return sorted([*globals(), *_ESTIMATORS])
