"""Tapes of drawn programs, batches for them, and the executors that run them."""

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import reject, settings

from autograd import DomainError, Tape, Tensor, gradients
from autograd.strategies import values

few = settings(max_examples=max(10, settings.default.max_examples // 2))
NUMBA = pytest.param("numba", marks=pytest.mark.skipif(not find_spec("numba"), reason="no numba"))
each_executor = pytest.mark.parametrize("executor", ["numpy", NUMBA])


def recorded(program, executor="numpy"):
    """The nodes of a program, and a tape of its output and gradients."""
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    output = nodes[program.output]
    number = output.sum() if isinstance(output, Tensor) else output
    found = [output, *gradients(number, leaves)]
    return leaves, found, Tape(found, inputs=leaves, executor=executor)


def samples(data, leaves, tape, count=3):
    """Batches of inputs near those that a graph was made with, where it has a value, too."""
    near = [
        np.array([x.data, *(x.data + data.draw(values(-0.02, 0.02)) for _ in range(count - 1))])
        for x in leaves
    ]
    for sample in zip(*near, strict=True):
        try:
            tape(*map(float, sample))
        except DomainError:
            reject()
    return near
