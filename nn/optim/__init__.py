"""Optimizers, schedules of their rates, and what clips gradients."""

from .adam import Adam, AdamW
from .adaptive import Adagrad, RMSProp, RMSprop
from .clipping import clip_grad_norm_, clip_grad_value_
from .descent import Descent, gradient_descent
from .one_cycle import OneCycleLR
from .optimizer import Optimizer
from .schedule import Schedule
from .schedules import CosineAnnealingLR, ExponentialLR, LambdaLR, LinearLR, StepLR
from .sequential import SequentialLR
from .sgd import SGD, Rprop

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
    "RMSProp",
    "RMSprop",
    "Rprop",
    "Schedule",
    "SequentialLR",
    "StepLR",
    "clip_grad_norm_",
    "clip_grad_value_",
    "gradient_descent",
]
