"""What no update would change is named before training: where it is, and what helps."""

import warnings
from itertools import count

import numpy as np
import pytest
from trainings import network, table

import nn
from autograd import Tensor, Value, tanh

X, Y = table()
GAIN = 0.5


class Part(nn.Module):
    """A linear layer, one of its own between two, and whatever else is kept in it."""

    def __init__(self, compute=lambda model, h: h, **kept):
        self.first, self.last = nn.Linear(3, 4, rng=0), nn.Linear(4, 1, rng=1)
        self.compute = compute
        vars(self).update(kept)

    def forward(self, x):
        return self.last(self.compute(self, tanh(self.first(x))))


def square_of(seed=3):
    return np.random.default_rng(seed).normal(size=(4, 4))


class Wrapping(Part):
    """Makes leaves of samples, as code written for micrograd does."""

    def forward(self, x):
        return super().forward(Tensor(x.data))


def lazy(model, h):
    if model.middle is None:
        model.middle = nn.Linear(4, 4, rng=2)
    return model.middle(h)


def counted(model, h):
    """Draw from what cannot be put back, so that nothing can be rehearsed."""
    next(model.counter)
    return h @ Tensor(square_of())


def normalized(model, h):
    model.weight = model.size * model.direction  # at each step
    return h @ model.weight


class Holder:
    weight = Tensor(square_of())


def adam(model):
    return nn.Adam(model.parameters(), lr=1e-3)


def of_old_head():
    old = network()
    return nn.Sequential(*old[:2], nn.Linear(8, 1, rng=5)), adam(old)


def thawed():
    model = network()
    model[0].freeze()
    optimizer = adam(model)
    model[0].unfreeze()
    return model, optimizer


def replaced():
    model = network()
    optimizer = adam(model)
    model[0].weight = Tensor(model[0].weight.data)
    return model, optimizer


def with_result(name, is_frozen=False):
    result = Tensor(square_of(), constant=is_frozen) * GAIN
    model = Part(lambda model, h: h @ getattr(model, name), **{name: result})
    return model, adam(model)


def in_a_list():
    model = nn.MLP(3, [2, 1], rng=np.random.default_rng(0))
    neuron = model.layers[0].neurons[1]
    neuron.w[2] = neuron.w[2] * GAIN
    return model, adam(model)


def made(compute, **kept):
    model = Part(compute, **kept)
    return model, adam(model)


LEFT = {  # model and optimizer, where it is, what helps
    "old head": (of_old_head, "2.weight, 2.bias; on 2 that", "of model.parameters()"),
    "thawed": (thawed, "0.weight, 0.bias", "after unfreeze()"),
    "replaced": (replaced, "0.weight", "after layers were replaced"),
    "part": (lambda: (m := network(), adam(m[2])), "0.weight, 0.bias", "freeze() those that"),
    "result": (lambda: with_result("weight"), "weight: a result of mul", "Tensor(numbers)"),
    "result, other name": (lambda: with_result("mixer"), "mixer: a result of mul", "detach()"),
    "constant result": (lambda: with_result("weight", True), "weight: a result of mul", "a leaf"),
    "in a list": (in_a_list, "layers.0.neurons.1.w.2: a result of mul", "Keep a leaf there"),
    "array": (
        lambda: made(lambda m, h: h @ m.weight, weight=square_of()),
        "weight is an array",
        "Tensor(numbers",
    ),
    "arrays": (
        lambda: made(lambda m, h: h @ m.W[0], W=[square_of()]),
        "W.0 is an array",
        "constant=True",
    ),
    "layer in forward": (
        lambda: made(lambda m, h: nn.Linear(4, 4, rng=2)(h)),
        "Part.forward makes a leaf of shape (4, 4)",
        "in __init__, as attributes",
    ),
    "leaf in forward": (
        lambda: made(lambda m, h: h @ Tensor(square_of(), name="mixer")),
        "Part.forward makes a leaf 'mixer' of shape (4, 4)",
        "constant=True",
    ),
    "when first needed": (lambda: made(lazy, middle=None), "Part.forward makes a leaf", "__init__"),
    "no rehearsal": (
        lambda: made(counted, counter=count()),
        "Part.forward makes a leaf",
        "__init__",
    ),
    "hidden": (
        lambda: made(lambda m, h: h @ m.holder.weight, holder=Holder()),
        "a leaf of shape (4, 4) that neither the model nor the optimizer holds",
        "in an attribute",
    ),
}
FINE = {
    "frozen": lambda m: m.first.freeze(),
    "mask": lambda m: vars(m).update(mask=np.ones(4), compute=lambda m, h: h * m.mask),
    "constant": lambda m: vars(m).update(
        weight=Tensor(square_of(), constant=True), compute=lambda m, h: h @ m.weight
    ),
    "state of zeros": lambda m: vars(m).update(
        compute=lambda m, h: tanh(h + Tensor(np.zeros(h.shape)))
    ),
    "computed anew": lambda m: vars(m).update(
        size=Tensor(np.ones((4, 1))), direction=Tensor(square_of()), compute=normalized
    ),
    "what forward has left": lambda m: vars(m).update(seen=m.first(Tensor(X)), weight_=None),
}


def told(model, optimizer, loss=nn.mse_loss, y=Y, **how):
    y = y.ravel() if isinstance(model, nn.MLP) else y
    how = {"loss": loss, "optimizer": optimizer, "epochs": 2, "batch_size": 8, "seed": 0, **how}
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        history = nn.fit(model, (X, y), **how)
    return [str(w.message) for w in heard if w.category is nn.HealthWarning], history, heard


@pytest.mark.parametrize("name", LEFT)
def test_fit_says_once_what_it_does_not_train(name):
    make, place, cure = LEFT[name]
    model, optimizer = make()
    said, history, heard = told(model, optimizer)
    assert len(said) == 1, said
    assert said[0].startswith("fit: ")
    assert place in said[0]
    assert cure in said[0]
    assert heard[0].filename == __file__
    assert said[0].removeprefix("fit: ").splitlines()[0] in history.notes


OF_THE_OPTIMIZER = {"old head", "thawed", "replaced", "part"}


@pytest.mark.parametrize("name", [name for name in LEFT if name not in OF_THE_OPTIMIZER])
def test_check_finds_it_too(name):
    make, place, cure = LEFT[name]
    model, _ = make()
    findings = nn.check(model, X, Y.ravel() if isinstance(model, nn.MLP) else Y).findings
    assert len(findings) == 1, findings
    assert place in findings[0]
    assert cure in findings[0]


def test_samples_may_be_leaves():
    model = Wrapping()
    assert told(model, adam(model))[0] == []


@pytest.mark.parametrize("name", FINE)
def test_what_is_meant_to_stay_or_is_no_parameter_is_left_in_peace(name):
    model = Part()
    FINE[name](model)
    assert told(model, adam(model))[0] == []
    assert not [x for x in nn.check(model, X, Y).findings if "leaf" in x]


@pytest.mark.parametrize("as_values", [False, True])
def test_a_whole_model_in_its_optimizer_is_left_in_peace(as_values):
    model = nn.MLP(3, [2, 1], rng=0) if as_values else network(nn.BatchNorm1d(8), nn.Dropout(0.1))
    assert told(model, adam(model))[0] == []


def test_leaves_and_results_of_the_loss_are_seen():
    model, shift = network(), Value(0.5, name="shift")
    said = told(model, adam(model), lambda p, t: nn.mse_loss(p - shift.data, t))[0]
    assert said == []
    (words,) = told(model, adam(model), lambda p, t: nn.mse_loss(p, t) + Tensor(0.5) ** 2)[0]
    assert "the loss makes a leaf of shape ()" in words
    penalty = nn.l2_penalty(model.parameters(), 0.1)
    (words,) = told(model, adam(model), lambda p, t: nn.mse_loss(p, t) + penalty)[0]
    assert "the loss depends on something: a result of" in words
    offset = Tensor(0.5)
    (words,) = told(model, adam(model), lambda p, t: nn.mse_loss(p - offset, t))[0]
    assert "a leaf of shape () that neither" in words
    (words,) = told(model, nn.Adam([*model.parameters()[:3], offset]))[0]
    assert "2.bias; on 1 that it holds it does not depend" in words


def test_what_a_callback_thaws_is_seen_then():
    model = network()
    model[0].freeze()

    def thaw(history):
        if history.epochs == 2:
            model[0].unfreeze()

    said, history, _ = told(model, adam(model), callbacks=[thaw], epochs=5)
    assert len(said) == 1
    assert "0.weight, 0.bias" in said[0]
    assert history.epochs == 5
