"""All optimizers and schedules, found in nn, and variants of them: laws are tested on each."""

from functools import partial

import pytest

import nn


def _found(base):
    kinds = [thing for thing in vars(nn).values() if isinstance(thing, type)]
    return {kind.__name__: kind for kind in kinds if issubclass(kind, base) and kind is not base}


OPTIMIZERS = _found(nn.Optimizer)
VARIANTS = {
    "SGD, momentum": partial(nn.SGD, momentum=0.9),
    "SGD, average": partial(nn.SGD, momentum=0.9, dampening=0.9),
    "SGD, Nesterov": partial(nn.SGD, momentum=0.9, nesterov=True),
    "SGD, decay": partial(nn.SGD, weight_decay=0.01),
    "RMSprop, centered, momentum": partial(nn.RMSprop, centered=True, momentum=0.5),
    "Adagrad, decays": partial(nn.Adagrad, lr_decay=0.001, initial_accumulator_value=0.1),
    "Adam, decay": partial(nn.Adam, weight_decay=0.01),
    "Adam, uncorrected": partial(nn.Adam, bias_correction=False),
}
WHOLE = {
    "Adam, norm": partial(nn.Adam, second_moment="norm", betas=(0.9, 0.9)),
    "Adam, squared norm": partial(nn.Adam, second_moment="squared norm"),
}
SCHEDULES = {
    "LambdaLR": lambda o: nn.LambdaLR(o, lambda epoch: 1 / (1 + epoch)),
    "StepLR": lambda o: nn.StepLR(o, step_size=3, gamma=0.5),
    "ExponentialLR": lambda o: nn.ExponentialLR(o, gamma=0.9),
    "LinearLR": lambda o: nn.LinearLR(o, start_factor=0.1, total_iters=5),
    "CosineAnnealingLR": lambda o: nn.CosineAnnealingLR(o, T_max=12, eta_min=0.01),
    "OneCycleLR": lambda o: nn.OneCycleLR(o, max_lr=1.0, total_steps=20, cycle_momentum=cycles(o)),
    "SequentialLR": lambda o: nn.SequentialLR(
        o, [nn.LinearLR(o), nn.StepLR(o, step_size=2), nn.ExponentialLR(o, gamma=0.9)], [4, 9]
    ),
}
assert SCHEDULES.keys() == _found(nn.Schedule).keys(), "give the new schedule an example here"


def cycles(optimizer):
    """Tell whether there is momentum that can go up and down."""
    return bool({"momentum", "betas"} & optimizer.defaults.keys())


def each(optimizers):
    """Run a test for each of these."""
    return pytest.mark.parametrize("make", optimizers.values(), ids=optimizers.keys())


every_optimizer = each(OPTIMIZERS | VARIANTS | WHOLE)
every_elementwise_optimizer = each(OPTIMIZERS | VARIANTS)
