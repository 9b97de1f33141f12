"""A model with leaves of all kinds, written to a file and told apart bit by bit."""

import numpy as np

import nn
from autograd import Tensor, Value


class Mixed(nn.Module):
    """Leaves of all kinds: Values, Tensors of both types, one transposed, empty or constant."""

    def __init__(self, rng=None):
        rng = np.random.default_rng(rng)
        self.scale = Value(rng.normal())
        self.turned = Tensor(rng.normal(size=(2, 3)).T)
        self.single = Tensor(rng.normal(size=4).astype(np.float32))
        self.scalar = Tensor(rng.normal())
        self.empty = Tensor(np.zeros((0, 2)))
        self.constant = Value(rng.normal(), constant=True)


def exactly(model):
    """Give all that a file may change, bit for bit."""
    return {
        name: (array.dtype, array.shape, array.tobytes())
        for name, array in model.state_dict().items()
    }


def written(model, folder, name="model.safetensors"):
    path = folder / name
    nn.save(model, path)
    return path
