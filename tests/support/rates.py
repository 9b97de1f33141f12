"""Optimizers with rates to be changed, and the rates that a schedule gives."""

import numpy as np

import nn
from autograd import Value


def optimizer(*rates):
    return nn.Adam([{"params": [Value(1.0)], "lr": lr} for lr in rates])


def rates(schedule, steps):
    found = [schedule.get_last_lr()]
    for _ in range(steps):
        schedule.step()
        found.append(schedule.get_last_lr())
    return np.array(found)
