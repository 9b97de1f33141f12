"""Outputs, targets and losses that are not made for each other are found."""

from functools import partial

import numpy as np
import pytest
from preflights import CLASSES, YES, X, Y, net, only_finding, values

import nn
from nn import ReLU, Sigmoid, Softmax, Tanh

FAULTS = {
    "flat targets": (net, X, Y[:, 0], nn.mse_loss, "Give y.reshape(-1, 1)"),
    "flat yes": (
        net,
        X,
        YES[:, 0],
        None,
        "(n, 1) and targets of shape (n,). Give y.reshape(-1, 1)",
    ),
    "column of classes": (lambda: net(3), X, CLASSES[:, None], None, "Give y.reshape(-1)"),
    "column for values": (values, X, Y, None, "shape (n,) and targets of shape (n, 1)"),
    "more outputs": (lambda: net(3), X, Y, nn.mse_loss, "Give one target for each output"),
    "one score": (net, X, YES[:, 0], nn.cross_entropy, "Give it one output for each class"),
    "same targets": (net, X, np.full((200, 1), 3.0), None, "all 200 targets are [3.]"),
    "labels from 1": (
        lambda: net(3),
        X,
        CLASSES + 1,
        None,
        "labels run from 1 to 3; the model gives 3",
    ),
    "label too high": (
        lambda: net(2),
        X,
        CLASSES,
        None,
        "gives 2 scores, for classes 0 to 1. Give it",
    ),
    "signs as classes": (lambda: net(2), X, 2 * YES[:, 0] - 1, None, "Give (y + 1) // 2"),
    "no shares": (lambda: net(3), X, np.eye(3)[CLASSES] * 2, nn.cross_entropy, "add up to 1"),
    "double softmax": (
        lambda: net(3, Softmax()),
        X,
        CLASSES,
        None,
        "applies one itself: leave softmax",
    ),
    "double sigmoid": (lambda: net(1, Sigmoid()), X, YES, nn.bce_with_logits, "leave sigmoid out"),
    "tanh as logit": (lambda: net(3, Tanh()), X, CLASSES, None, "tanh, which gives -1 to 1"),
    "relu as logit": (lambda: net(1, ReLU()), X, YES, None, "relu, which gives 0 to inf"),
    "no probabilities": (net, X, YES, nn.binary_cross_entropy, "or end in nn.Sigmoid"),
    "no logarithms": (lambda: net(3), X, CLASSES, nn.nll_loss, "Use nn.cross_entropy"),
    "signs for bce": (net, X, 2 * YES - 1, nn.bce_with_logits, "takes 0 to 1. Give (y + 1) / 2"),
    "yes for hinge": (net, X, YES, nn.hinge_loss, "give 2 * y - 1"),
    "hinge of relu": (lambda: net(1, ReLU()), X, 2 * YES - 1, nn.hinge_loss, "leave relu out"),
    "hinge of values": (values, X, YES[:, 0], nn.hinge_loss, "a target is 0, and hinge_loss takes"),
    "far targets": (net, X, 50 + 20 * Y, None, "Standardize them: (y - y.mean()) / y.std()"),
    "narrow targets": (net, X, Y / 1e4, None, "and spread 6.67e-05"),
    "beyond tanh": (lambda: net(1, Tanh()), X, 2 * Y, None, "tanh gives -1 to 1"),
    "beyond relu": (
        lambda: net(1, ReLU()),
        X,
        Y,
        None,
        "lie beyond what the last activation gives",
    ),
    "beyond sigmoid": (lambda: net(1, Sigmoid()), X, Y, None, "sigmoid gives 0 to 1"),
    "too few labels": (lambda: net(2), X, CLASSES + 1, None, "the label in row 0 is "),
    "softmax, reshaped": (
        lambda: net(3, Softmax(), nn.Flatten()),
        X,
        CLASSES,
        None,
        "leave softmax",
    ),
    "softmax, smoothed": (
        lambda: net(3, Softmax()),
        X,
        CLASSES,
        partial(nn.cross_entropy, label_smoothing=0.1),
        "leave softmax out",
    ),
}


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_the_only_finding(name):
    only_finding(*FAULTS[name])
