"""After nn.seed all that draws, and was given no rng, draws the same again, and nothing else."""

import inspect

import numpy as np
import pytest

import nn
from nn.randomness import generator

X = np.random.default_rng(0).normal(size=(8, 2))
MADE = {
    "MLP": lambda: nn.MLP(2, [3, 1]),
    "Neuron": lambda: nn.Neuron(2),
    "Layer": lambda: nn.Layer(2, 3),
    "Linear": lambda: nn.Linear(2, 3),
    "Conv2d": lambda: nn.Conv2d(1, 2, 3),
    "LeNet5": nn.LeNet5,
    "Autoencoder": lambda: nn.Autoencoder([4, 2]),
    "Dropout": lambda: nn.Dropout(0.5),
    "AlexNet": None,  # which is large; it is made as LeNet5 is
}


def drawn(model):
    """What a module drew, or will."""
    if isinstance(model, nn.Dropout):
        return [*model(np.ones((4, 16))).data.ravel(), *model(np.ones((4, 16))).data.ravel()]
    return [x for p in model.parameters() for x in np.ravel(p.data)]


def test_every_module_that_draws_is_here():
    public = [x for x in map(vars(nn).get, nn.__all__) if inspect.isclass(x)]
    modules = [x for x in public if issubclass(x, nn.Module)]
    draw = {x.__name__ for x in modules if "rng" in inspect.signature(x).parameters}
    assert draw == set(MADE)


@pytest.mark.parametrize("make", [make for make in MADE.values() if make])
def test_what_is_made_after_the_same_seed_draws_the_same(make):
    nn.seed(3)
    first, second = drawn(make()), drawn(make())
    nn.seed(3)
    assert drawn(make()) == first != second
    assert drawn(make()) == second


FILLS = [x for x in map(vars(nn.init).get, nn.init.__all__) if inspect.isfunction(x)]


@pytest.mark.parametrize("function", [x for x in FILLS if "rng" in inspect.signature(x).parameters])
def test_first_weights_are_the_same_too(function):
    found = []
    for _ in range(2):
        nn.seed(1)
        found.append(function(nn.Linear(3, 4, rng=0).weight).data.tolist())
    assert found[0] == found[1]


def test_fit_sees_samples_in_the_same_order():
    def losses():
        model = nn.Linear(2, 1, rng=0)
        optimizer = nn.SGD(model.parameters(), lr=0.1)
        data = (X, X[:, :1] ** 2)
        return nn.fit(model, data, loss=nn.mse_loss, optimizer=optimizer, batch_size=2)["loss"]

    nn.seed(0)
    first, second = losses(), losses()
    nn.seed(0)
    assert losses() == first != second


def test_what_is_given_an_rng_neither_uses_nor_disturbs_the_source():
    nn.seed(0)
    expected = drawn(nn.Linear(2, 3))
    for number in (0, 1):
        nn.seed(number)
        assert drawn(nn.Linear(2, 3, rng=5)) == drawn(nn.Linear(2, 3, rng=5))
    nn.seed(0)
    nn.MLP(2, [3, 1], rng=0).to_tensors()
    nn.MLP(1, [1], rng=0, weights=[[[2.0]]])
    assert drawn(nn.Linear(2, 3)) == expected


def test_without_a_seed_no_two_draw_the_same():
    assert generator(None).random() != generator(None).random()
    rng = np.random.default_rng(0)
    assert generator(rng) is rng


@pytest.mark.parametrize("number", [-1, 0.5, "a", None, True])
def test_what_is_no_seed_is_refused(number):
    nn.seed(4)
    with pytest.raises(ValueError, match=r"^seed: got .*\. Give a whole number from 0 on\.$"):
        nn.seed(number)
    found = generator(None).random()
    nn.seed(np.int64(4))
    assert generator(None).random() == found
