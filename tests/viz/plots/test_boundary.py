"""The line between classes lies where the model changes its mind, whatever kind of model it is."""

import numpy as np
import pytest

import nn
import viz
from autograd import Tensor

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 2))
SIDE = np.where(X[:, 0] + 2 * X[:, 1] > 0.3, 1, -1)


def linear(*after):
    """Give w x + b of a Tensor, whose boundary is known."""
    layer = nn.Linear(2, 1, rng=0)
    layer.load_state_dict({"weight": np.array([[1.0, 2.0]]), "bias": np.array([-0.3])})
    return nn.Sequential(layer, *after)


def of_values():
    model = nn.Neuron(2, activation="linear", rng=0)
    model.load_state_dict({"w.0": 1.0, "w.1": 2.0, "b": -0.3})
    return model


class Estimator:
    def predict(self, rows):
        return np.where(rows @ [1.0, 2.0] > 0.3, 1, 0)


MODELS = {
    "tensors": (linear(), SIDE, {}),
    "probabilities": (linear(nn.Sigmoid()), SIDE > 0, {}),
    "values": (of_values(), SIDE, {}),
    "function": (lambda x: x @ [1.0, 2.0] - 0.3, SIDE, {}),
    "threshold": (lambda x: x @ [1.0, 2.0], SIDE, {"threshold": 0.3}),
    "estimator": (Estimator(), SIDE > 0, {}),
}


def line_of(ax):
    found = [part for part in ax.collections if hasattr(part, "filled") and not part.filled]
    return np.concatenate([path.vertices for part in found for path in part.get_paths()])


@pytest.mark.parametrize("name", MODELS)
def test_the_line_is_where_the_model_changes_its_mind(name):
    model, y, how = MODELS[name]
    ax = viz.boundary(model, X, y.astype(int), **how)
    line = line_of(ax)
    assert len(line) > 10
    assert np.abs(line @ [1.0, 2.0] - 0.3).max() < (0.1 if name == "estimator" else 1e-2)
    assert len(ax.get_legend_handles_labels()[1]) == 2


def test_several_classes_meet_where_their_scores_do():
    weights = np.array([[1.0, 0.0], [-1.0, 1.0], [0.0, -1.0]])
    scores = X @ weights.T
    line = line_of(viz.boundary(lambda x: x @ weights.T, X, scores.argmax(axis=1)))
    best = np.sort(line @ weights.T, axis=1)
    assert np.abs(best[:, -1] - best[:, -2]).max() < 0.1


def test_of_one_input_the_fitted_curve_is_drawn():
    model = nn.Sequential(nn.Linear(1, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1))
    ax = viz.boundary(model, X[:, 0], np.sin(X[:, 0]))
    curve = next(line for line in ax.lines if line.get_label() == "model").get_xydata()
    assert np.allclose(model(curve[:, :1]).data.ravel(), curve[:, 1], rtol=1e-12, atol=1e-15)


def test_the_model_is_as_it_was():
    model = nn.Sequential(
        nn.Linear(2, 4, rng=0), nn.Dropout(0.5, rng=1), nn.BatchNorm1d(4), nn.Linear(4, 1, rng=2)
    )
    before = {name: x.copy() for name, x in model.state_dict().items()}
    viz.boundary(model, X, SIDE)
    assert model.training
    assert all((x == before[name]).all() for name, x in model.state_dict().items())


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((Estimator(), np.ones((3, 5)), [0, 1, 0]), "choose two columns"),
        ((lambda x: np.stack([x[:, 0], x[:, 1]], axis=1), X, X[:, 0]), "gives 2 numbers a sample"),
    ],
)
def test_what_cannot_be_drawn_is_refused(args, message):
    with pytest.raises(ValueError, match=message):
        viz.boundary(*args)


def test_nodes_are_data_too():
    viz.boundary(MODELS["tensors"][0], Tensor(X), Tensor(SIDE.astype(float)))
