"""Schedules: learning rates that change while training goes on."""

from .base import Schedule
from .closed_form import CosineAnnealingLR, ExponentialLR, LambdaLR, LinearLR, StepLR
from .one_cycle import OneCycleLR
from .sequential import SequentialLR

__all__ = [
    "CosineAnnealingLR",
    "ExponentialLR",
    "LambdaLR",
    "LinearLR",
    "OneCycleLR",
    "Schedule",
    "SequentialLR",
    "StepLR",
]
