"""What a page trains is what nn.fit trains: the same numbers, from the same seed."""

import json
import shutil
import subprocess

import numpy as np
import pytest
from javascript import needs_node

import nn
import viz
from autograd import GraphError, Tensor, tanh
from viz.pages.page import bundle
from viz.pages.programs import programs

MOONS = np.random.default_rng(0).normal(size=(30, 2))
SIGNS = np.sign(MOONS[:, 0] * MOONS[:, 1])
ROUNDING = {"rtol": 0, "atol": 1e-12}

RUN = """
const { state, order, steps } = JSON.parse(process.argv[2]);
const { about, settings } = state;
const trainer = new Trainer({ ...about, train, measure }, state.weights);
trainer.restart(optimizer(settings.optimizer, state.weights.length), generator(settings.seed));
const rows = state.points.X.map((x, i) => [...x, ...wanted(about, state.points.y[i])]);
trainer.learn(rows, settings.batch_size);
const losses = [];
while (trainer.updates < steps) if (trainer.step()) losses.push(trainer.loss);
console.log(JSON.stringify({ losses, weights: [...trainer.weights] }));
"""


@pytest.fixture
def train(tmp_path):
    """Train in node, as the page does; give the losses of the epochs, and the weights."""

    def run(play, steps, **settings):
        state = play.state()
        state["settings"] |= {"validation": 0.0, **settings}
        path = tmp_path / "run.mjs"
        modules = ["trainer", "optimizers", "generator", "samples"]
        text = [bundle(f"playground/{name}.js") for name in modules]
        path.write_text("\n".join([*text, play._recorded.script, RUN]), encoding="utf-8")
        job = json.dumps({"state": state, "steps": steps})
        command = [shutil.which("node"), str(path), job]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def of_values(outputs=1, activation=tanh):
    return nn.MLP(2, [4, 3, outputs], activation, rng=np.random.default_rng(1))


def of_tensors(outputs=1):
    layers = nn.Linear(2, 4, rng=1), nn.Tanh(), nn.Linear(4, outputs, rng=2)
    return nn.Sequential(*layers)


OPTIMIZERS = {
    "SGD": lambda p: nn.SGD(p, lr=0.1),
    "momentum": lambda p: nn.SGD(p, lr=0.05, momentum=0.9, dampening=0.1, weight_decay=0.01),
    "Nesterov": lambda p: nn.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    "Adam": lambda p: nn.Adam(p, lr=0.01, weight_decay=0.01),
    "uncorrected Adam": lambda p: nn.Adam(p, lr=0.01, betas=(0.8, 0.99), bias_correction=False),
    "RMSprop": lambda p: nn.RMSprop(p, lr=0.005),
    "centered RMSprop": lambda p: nn.RMSprop(p, lr=0.002, momentum=0.5, centered=True, alpha=0.9),
}


@needs_node
@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_a_hundred_steps_are_those_of_fit(train, make, batch_size):
    model = of_values()
    optimizer = make(model.parameters())
    play = viz.playground(model, MOONS, SIGNS, optimizer=optimizer)
    epochs = 100 if batch_size is None else 20
    steps = epochs * (1 if batch_size is None else 5)
    found = train(play, steps, batch_size=batch_size, seed=3)
    how = {"loss": nn.hinge_loss, "optimizer": optimizer, "epochs": epochs}
    history = nn.fit(model, (MOONS, SIGNS), batch_size=batch_size, seed=3, **how)
    assert history.updates == steps == 100
    np.testing.assert_allclose(found["losses"], history["loss"], **ROUNDING)
    np.testing.assert_allclose(found["weights"], play.weights(), **ROUNDING)
    assert history["loss"][-1] < history["loss"][0]
