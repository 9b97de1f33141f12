"""Losses, as plain functions of ops, and penalties on weights."""

from .distances import half_squared_error, hinge_loss, huber_loss, l1_loss, mse_loss
from .log_losses import (
    bce,
    bce_with_logits,
    binary_cross_entropy,
    cross_entropy,
    multilabel_log_loss,
    nll_loss,
)
from .penalties import l1_penalty, l2_penalty

__all__ = [
    "bce",
    "bce_with_logits",
    "binary_cross_entropy",
    "cross_entropy",
    "half_squared_error",
    "hinge_loss",
    "huber_loss",
    "l1_loss",
    "l1_penalty",
    "l2_penalty",
    "mse_loss",
    "multilabel_log_loss",
    "nll_loss",
]
