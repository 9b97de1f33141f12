"""The names that other libraries taught, in rows, and what their answers may speak of."""

import numpy as np

import autograd as ag
import nn
import viz
from autograd import Tensor, Value, dialects
from autograd.ops import FUNCTIONS

X, Y = Tensor([[0.1, 0.2], [0.5, 0.3]], name="x"), Tensor([[0.3, 0.1], [0.2, 0.4]], name="y")
MODEL = nn.Linear(2, 3, rng=0)
SPACE = {name: getattr(ag, name) for name in (*FUNCTIONS, *ag._HOMES)} | {
    **{"np": np, "nn": nn, "viz": viz, "autograd": ag, "x": X, "y": Y, "low": 0.0, "high": 1.0},
    **{"model": MODEL, "state": MODEL.state_dict(), "shape": (4,), "axes": (1, 0)},
    **{"prediction": Tensor([0.2, 0.8]), "target": [0.0, 1.0], "bits": [0.0, 1.0]},
    **{"signs": [-1.0, 1.0], "logits": Tensor([[0.1, 0.2]]), "classes": [1], "indices": [0, 1]},
}
# Who answers by each table.
OWNERS = {
    "OF_NUMPY": [X, Value(1.0), ag],
    "OF_ARRAYS": [X, Value(1.0), ag],
    "OF_NODES": [X, Value(1.0)],
    "OF_AUTOGRAD": [ag],
    "OF_NN": [nn],
    "OF_MODELS": [MODEL, nn.Sequential()],
}


def rows(*tables):
    """List the rows of some tables: who answers, the name, and what is written instead."""
    for table in tables:
        for name, way in getattr(dialects, table).items():
            for owner in OWNERS[table] if "." not in name else ():
                yield owner, name, way
