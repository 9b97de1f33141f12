"""Optimizers, schedules of their rates, and what clips gradients."""

from autograd.pickles import publish as _publish

from .adagrad import Adagrad
from .adam import Adam, AdamW
from .clipping import clip_grad_norm_, clip_grad_value_
from .gradient_descent import Descent, gradient_descent
from .optimizer import Optimizer
from .parameter_blocks import Part
from .parameter_blocks import _OneTensor as _OneTensor  # pickles of optimizers name them
from .parameter_blocks import _Values as _Values
from .rmsprop import RMSProp, RMSprop
from .rprop import Rprop
from .schedules import (
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    OneCycleLR,
    Schedule,
    SequentialLR,
    StepLR,
)
from .sgd import SGD
from .state_dict import read_state

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "CosineAnnealingLR",
    "Descent",
    "ExponentialLR",
    "LambdaLR",
    "LinearLR",
    "OneCycleLR",
    "Optimizer",
    "Part",
    "RMSProp",
    "RMSprop",
    "Rprop",
    "Schedule",
    "SequentialLR",
    "StepLR",
    "clip_grad_norm_",
    "clip_grad_value_",
    "gradient_descent",
    "read_state",
]

_publish(__name__, globals(), [*__all__, "_OneTensor", "_Values"])
