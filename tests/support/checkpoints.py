"""Training that can be stopped after any epoch, and checkpoints with anything in them."""

import json
import re

import numpy as np
import pytest
from hypothesis import strategies as st
from optimizers import SCHEDULES

import nn
from autograd import Tensor, Value
from nn.saving.safetensors_file import CHECKSUM, _checksum, read

library = pytest.importorskip("safetensors.numpy")


class Mixed(nn.Module):
    """Values and Tensors of both types, one with a batch norm, one dropped, one not trained."""

    def __init__(self, rng=None):
        rng = np.random.default_rng(rng)
        self.scale = Value(rng.normal())
        self.offsets = [Value(rng.normal()), Value(rng.normal())]
        self.single = Tensor(rng.normal(size=2).astype(np.float32))
        self.scalar = Tensor(rng.normal())
        self.constant = Value(rng.normal(), constant=True)
        self.norm = nn.BatchNorm1d(2)
        self.dropout = nn.Dropout(0.3, rng=rng)
        self.rng = rng

    def forward(self, x):
        x = self.dropout(self.norm(x)) * self.single + self.scalar * self.constant.data
        return x.sum(axis=1, keepdims=True)


def layers(seed, dtype=np.float64):
    return [
        nn.Linear(2, 3, rng=seed, dtype=dtype),
        nn.Tanh(),
        nn.Linear(3, 1, rng=seed + 1, dtype=dtype),
    ]


def frozen(seed):
    model = nn.Sequential(*layers(seed))
    model[0].freeze()
    return model


MODELS = {
    "Values": lambda seed: nn.MLP(2, [2, 1], rng=seed),
    "Tensors": lambda seed: nn.Sequential(*layers(seed)),
    "float32": lambda seed: nn.Sequential(*layers(seed, np.float32)),
    "dropout": lambda seed: nn.Sequential(*layers(seed)[:2], nn.Dropout(rng=seed), layers(seed)[2]),
    "batch norm": lambda seed: nn.Sequential(nn.BatchNorm1d(2), *layers(seed)),
    "frozen": frozen,
}
X = np.random.default_rng(0).normal(size=(8, 2))


class Run:
    """Training that can be stopped after any epoch."""

    def __init__(self, model, make, schedule=None, groups=False, seed=0):
        self.model = model(seed)
        params = self.model.parameters()
        parts = [{"params": params[:1], "lr": 0.05 / (1 + seed)}, {"params": params[1:]}]
        self.optimizer = make(parts if groups else params, lr=0.02 / (1 + seed))
        self.schedule = schedule and schedule(self.optimizer)
        self.rng = np.random.default_rng(seed)

    @property
    def things(self):
        return self.model, self.optimizer, self.schedule, self.rng

    def train(self, epochs=1):
        for _ in range(epochs):
            for rows in self.rng.permutation(len(X)).reshape(2, -1):
                self.optimizer.zero_grad()
                self.loss(X[rows]).backward()
                self.optimizer.step()
                if self.schedule and self.schedule.by_batch:
                    self.schedule.step()
            if self.schedule and not self.schedule.by_batch:
                self.schedule.step()
        return self

    def loss(self, x):
        if isinstance(self.model, nn.MLP):
            return sum((self.model(list(row)) - row.sum()) ** 2 for row in x) / len(x)
        dtype = self.model.parameters()[0].dtype if isinstance(self.model, nn.Sequential) else float
        y = self.model(Tensor(x.astype(dtype), constant=True))
        return ((y - x.sum(axis=1, keepdims=True).astype(dtype)) ** 2).mean()

    def exactly(self):
        return exact(
            [
                self.model.state_dict(),
                [leaf.constant for _, leaf in self.model.named_leaves()],
                self.optimizer.state_dict(),
                self.schedule and self.schedule.state_dict(),
                self.rng.bit_generator.state,
                [
                    module.rng.bit_generator.state
                    for _, module in self.model.named_modules()
                    if hasattr(module, "rng")
                ],
            ]
        )


def exact(thing):
    """Give a thing that equals another only if all is the same, to the last bit and type."""
    if isinstance(thing, np.ndarray | np.generic):
        return thing.dtype.str, thing.shape, thing.tobytes()
    if isinstance(thing, dict):
        return {name: exact(x) for name, x in thing.items()}
    if isinstance(thing, list | tuple):
        return type(thing), [exact(x) for x in thing]
    return type(thing), repr(thing)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def saved(path, *things, **about):
    nn.save_checkpoint(path, *things, **about)
    return path


def refusal(path, run):
    """Load a file: what comes back, or the error; it names the file, and all is as before then."""
    before = run.exactly()
    try:
        return nn.load_checkpoint(path, *run.things), None
    except ValueError as error:
        complaint = str(error)
    assert complaint.startswith(f"load_checkpoint: {path}: ")
    assert run.exactly() == before
    return None, complaint


def refused(path, run, message=""):
    assert re.search(message, refusal(path, run)[1])


def adam(seed=1, model=Mixed, make=nn.Adam, schedule="StepLR"):
    return Run(model, make, SCHEDULES[schedule], seed=seed).train()


def forged(path, arrays, texts):
    """Write anything, with a checksum that is right."""
    said = {key: text for key, text in texts.items() if key != CHECKSUM}
    library.save_file(arrays, path, said | {CHECKSUM: _checksum(arrays, said)})


def rewritten(path, change):
    """Change what a file says."""
    arrays, texts = read("", path)
    arrays, said = dict(arrays), {k: json.loads(x) for k, x in texts.items() if k in TEXTS}
    change(said, arrays)
    kept = {k: x for k, x in texts.items() if k not in TEXTS}
    forged(path, arrays, kept | {k: json.dumps(x) for k, x in said.items()})


TEXTS = [f"stepgrad.{name}" for name in ("about", "generators", "optimizer", "schedule")]


def put(*place, to):
    """Set something that a file says; ... removes it."""

    def change(said, arrays):
        thing = said
        for name in place[:-1]:
            thing = thing[name]
        if to is ...:
            del thing[place[-1]]
        else:
            thing[place[-1]] = to

    return change


def array(name, x):
    def change(said, arrays):
        arrays[name] = x

    return change


OPTIMIZER, GENERATOR, SCHEDULE = "stepgrad.optimizer", "stepgrad.generators", "stepgrad.schedule"
STATE = (GENERATOR, 0, "state")
