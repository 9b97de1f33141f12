"""Words and numbers make layers, and any net that somebody builds is looked at."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from quick_estimators import unfinished
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import nn
from autograd import ShapeError, relu, reshape, sin
from nn import MLPClassifier
from nn.estimators.network import network
from nn.layers import ACTIVATIONS


@pytest.mark.slow
@pytest.mark.parametrize("activation", [*ACTIVATIONS, relu, sin, nn.ReLU, nn.ELU])
def test_any_activation_learns(iris, activation):
    model = MLPClassifier([10], activation, max_iter=1000, tol=1e-3, learning_rate_init=0.03)
    assert model.set_params(random_state=0).fit(*iris).score(*iris) > 0.95


def test_layers_have_activations_and_dropout_of_their_own():
    net = network(
        7,
        2,
        sizes=(5, 4, 3),
        activation=["tanh", sin, nn.ELU],
        dropout=[0.0, 0.5, 0.1],
        dtype=np.float32,
        rng=np.random.default_rng(0),
    )
    assert [repr(layer) for layer in net] == [
        "Linear(7, 5)",
        "Tanh()",
        "Linear(5, 4)",
        "Activation(sin)",
        "Dropout(p=0.5)",
        "Linear(4, 3)",
        "ELU()",
        "Dropout(p=0.1)",
        "Linear(3, 2)",
    ]
    assert {p.dtype for p in net.parameters()} == {np.dtype(np.float32)}
    largest = np.abs(net[0].weight.data).max()
    assert 0.9 < largest / np.sqrt(6 / (7 + 5)) <= 1  # Glorot


class Images(nn.Module):
    """Makes images of rows."""

    def forward(self, x):
        return reshape(x, (len(x), 1, 8, 8))


def convolutional(n_inputs, n_outputs, rng):
    return nn.Sequential(
        Images(),
        nn.Conv2d(1, 8, 3, rng=rng),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(72, n_outputs, rng=rng),
    )


@unfinished
def test_any_net_can_be_built():
    X, y = load_digits(return_X_y=True)
    X, X_held, y, y_held = train_test_split(X / 16, y, random_state=0, stratify=y)
    model = MLPClassifier(build=convolutional, max_iter=8, learning_rate_init=0.01, batch_size=50)
    assert clone(model).set_params(random_state=0).fit(X, y).score(X_held, y_held) > 0.95


@pytest.mark.parametrize("cut", [0, slice(1)])
def test_a_net_that_gives_other_outputs_is_refused(iris, cut):
    class Cut(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(4, 3)

        def forward(self, x):
            return self.layer(x)[:, cut]

    with pytest.raises(ShapeError, match=r"here \(1, 3\)"):
        MLPClassifier(build=lambda *_: Cut()).fit(*iris)
    with pytest.raises(TypeError, match="build made None"):
        MLPClassifier(build=lambda *_: None).fit(*iris)
