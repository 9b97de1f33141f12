"""Neural networks made of graph nodes."""

import typing as _typing

from autograd import __version__ as __version__
from autograd.pickles import publish as _publish

from . import init as init
from .health import HealthWarning
from .layers import (
    ELU,
    MLP,
    Activation,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Identity,
    Layer,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool2d,
    MinPool2d,
    Neuron,
    Perceptron,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
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
    one_hot,
)
from .models import AlexNet, Autoencoder, LeNet5
from .module import Module
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
from .randomness import seed
from .saving import load, load_checkpoint, save, save_checkpoint
from .training import History, accuracy, fit, predict

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
    "one_hot",
    "predict",
    "save",
    "save_checkpoint",
    "seed",
]

_publish(__name__, globals(), __all__)

_ESTIMATORS = ("ExtrapolationWarning", "MLPClassifier", "MLPRegressor")

if _typing.TYPE_CHECKING:
    from .estimators import ExtrapolationWarning as ExtrapolationWarning
    from .estimators import MLPClassifier as MLPClassifier
    from .estimators import MLPRegressor as MLPRegressor
else:

    def __getattr__(name: str) -> _typing.Any:
        """Import the estimators when one is asked for: they need scikit-learn."""
        if name not in _ESTIMATORS:
            from autograd.dialects import OF_NN, unknown
            from autograd.ops import FUNCTIONS

            way = f"autograd.{name}" if name in FUNCTIONS else ""
            raise unknown("module 'nn'", name, OF_NN, way=way)
        try:
            from . import estimators
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "sklearn":
                raise
            raise ImportError(f"{name} needs scikit-learn: pip install 'stepgrad[data]'") from None
        return getattr(estimators, name)

    def __dir__() -> list[str]:
        return sorted([*globals(), *_ESTIMATORS])
