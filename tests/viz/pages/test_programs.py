"""What a page trains is what nn.fit trains: the same numbers, from the same seed."""

import json
import shutil
import subprocess

import numpy as np
import pytest
from javascript import needs_node

import nn
import viz
from autograd import GraphError, tanh
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
        text = [bundle("playground/session.js"), play._recorded.script, RUN]
        path.write_text("\n".join(text), encoding="utf-8")
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
    found = train(play, steps, batch_size=batch_size, seed=3, validation=0.0)
    how = {"loss": nn.hinge_loss, "optimizer": optimizer, "epochs": epochs}
    history = nn.fit(model, (MOONS, SIGNS), batch_size=batch_size, seed=3, **how)
    assert history.updates == steps == 100
    np.testing.assert_allclose(found["losses"], history["loss"], **ROUNDING)
    np.testing.assert_allclose(found["weights"], play.weights(), **ROUNDING)
    assert history["loss"][-1] < history["loss"][0]


HALVES = {"loss": nn.half_squared_error}
CASES = {
    "signs": (of_tensors(), SIGNS, {"loss": nn.hinge_loss}),
    "0 and 1": (of_values(), (SIGNS > 0).astype(int), {"loss": nn.bce_with_logits}),
    "classes": (of_tensors(3), np.arange(30) % 3, {"loss": nn.cross_entropy}),
    "numbers": (of_values(), MOONS[:, 0] ** 2, {"loss": nn.mse_loss}),
    "two numbers": (of_tensors(2), MOONS[::-1], {"loss": nn.mse_loss}),
    "a sum": (of_tensors(), MOONS[:, 0] ** 2, HALVES),
}


@needs_node
@pytest.mark.parametrize("given", [False, True], ids=["chosen", "given"])
@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_target_is_trained_as_by_fit(train, case, given):
    model, y, how = CASES[case]
    start = model.state_dict()
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    given = given or how is HALVES
    play = viz.playground(model, MOONS, y, optimizer=optimizer, **(how if given else {}))
    assert play.state()["about"]["loss"] == f"nn.{how['loss'].__name__}"
    found = train(play, 100, validation=0.0)
    is_column = isinstance(model, nn.Sequential) and case != "classes"
    rows = y.reshape(len(y), -1) if is_column else y
    history = nn.fit(model, (MOONS, rows), optimizer=optimizer, epochs=100, **how)
    np.testing.assert_allclose(found["losses"], history["loss"], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found["weights"], play.weights(), **ROUNDING)
    model.load_state_dict(start)


def test_a_program_knows_what_units_give():
    model = of_values()
    recorded = programs(model, MOONS, SIGNS, None)
    assert [(layer["name"], layer["units"]) for layer in recorded.layers] == [
        ("tanh", 2),
        ("tanh", 6),
        ("linear", 9),
    ]
    assert recorded.measured == 10
    assert "function program" in recorded.script
    assert "export" not in recorded.script


def test_a_loss_that_is_no_mean_and_no_sum_of_samples_is_refused():
    def largest(prediction, target):
        return (prediction - target).max()

    with pytest.raises(GraphError, match="neither the mean nor the sum"):
        programs(of_tensors(), MOONS, SIGNS, largest)
