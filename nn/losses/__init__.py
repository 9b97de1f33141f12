"""Losses, as plain functions of ops, and penalties on weights."""

from autograd.pickles import publish as _publish

from .class_targets import one_hot
from .cross_entropy import (
    bce,
    bce_with_logits,
    binary_cross_entropy,
    cross_entropy,
    multilabel_log_loss,
    nll_loss,
)
from .distances import half_squared_error, hinge_loss, huber_loss, l1_loss, mse_loss
from .penalties import l1_penalty, l2_penalty
from .reduction import flat, shape_of, total

__all__ = [
    "bce",
    "bce_with_logits",
    "binary_cross_entropy",
    "cross_entropy",
    "flat",
    "half_squared_error",
    "hinge_loss",
    "huber_loss",
    "l1_loss",
    "l1_penalty",
    "l2_penalty",
    "mse_loss",
    "multilabel_log_loss",
    "nll_loss",
    "one_hot",
    "shape_of",
    "total",
]

_publish(__name__, globals(), __all__)
