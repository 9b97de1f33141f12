"""Schedules: learning rates that change while training goes on."""

from .base import Schedule
from .one_cycle import OneCycleLR
from .sequential import SequentialLR
from .single import CosineAnnealingLR, ExponentialLR, LambdaLR, LinearLR, StepLR

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
