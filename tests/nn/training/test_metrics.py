"""Accuracy counts right classes, and refuses what is none."""

import warnings
from functools import partial

import numpy as np
import pytest

import nn
from autograd import ShapeError, Tensor, Value, reshape


@pytest.mark.parametrize(
    ("prediction", "target", "share"),
    [
        ([[0.1, 2.0], [3.0, 1.0]], [1, 1], 0.5),
        ([[0.1, 2.0], [3.0, 1.0]], [[0, 1], [1, 0]], 1.0),
        ([[0.1, 2.0], [3.0, 1.0]], [[1], [1]], 0.5),
        ([0.5, -0.5, 0.5, 0.0], [1, 0, 0, 0], 0.75),
        ([[0.5], [-0.5]], [1, -1], 1.0),
        ([0.5, -0.5], [[1], [1]], 0.5),
    ],
)
def test_accuracy_is_the_share_of_right_classes(prediction, target, share):
    assert nn.accuracy(prediction, target) == share


PROBABILITIES = {
    "array": np.array([0.1, 0.9]),
    "certain": [0.0, 0.2, 1.0],
    "column": [[0.1], [0.9]],
    "sigmoid": Tensor([-3.0, -2.0]).sigmoid(),
    "arranged": reshape(Tensor([[-3.0], [3.0]]).sigmoid(), (-1,)),
    "values": [Value(-3.0).sigmoid(), Value(1.0).sigmoid()],
}
SCORES = {
    "array": [-0.1, 0.9],
    "large": [0.5, 1.5],
    "labels": [0, 1, 1],
    "no better with 0.5": [0.2, 0.3],
    "one": [0.3],
    "linear": Tensor([[0.1], [0.9]]) @ Tensor([[1.0]]),
    "sum": Tensor([0.1, 0.9]) + 0.0,
}


@pytest.mark.parametrize("name", PROBABILITIES)
def test_accuracy_of_probabilities_needs_a_threshold(name):
    scores = PROBABILITIES[name]
    targets = [0, 1] if len(scores) == 2 else [0, 0, 1]
    with pytest.warns(UserWarning, match=r"threshold=0\.5") as heard:
        nn.accuracy(scores, targets)
    assert (len(heard), heard[0].filename) == (1, __file__)
    nn.accuracy(scores, targets, threshold=0.5)


@pytest.mark.parametrize("name", SCORES)
def test_accuracy_of_scores_needs_none(name):
    scores = SCORES[name]
    targets = {1: [0], 2: [0, 1], 3: [0, 1, 1]}[len(scores)]
    nn.accuracy(scores, [1, 1] if name == "no better with 0.5" else targets)


def trained(*ends, loss, values=False, **how):
    """Train on classes where scores begin between 0 and 1; give the warnings."""
    X = np.random.default_rng(0).normal(size=(20, 2))
    y = (X[:, 0] > 0.5) * 1.0
    if values:
        model = nn.MLP(2, [1], rng=np.random.default_rng(0))
    else:
        model = nn.Sequential(nn.Linear(2, 1, rng=0), *ends)
    for _, leaf in model.named_leaves():
        leaf.data = 0.01 * leaf.data + (0.4 if np.ndim(leaf.data) < 2 else 0.0)
    y = y if values else y.reshape(-1, 1)
    how = {"metrics": {"accuracy": nn.accuracy}, "validation": (X, y), "seed": 0, **how}
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        nn.fit(model, (X, y), loss=loss, optimizer=optimizer, epochs=4, **how)
    return [str(w.message) for w in heard if w.category is UserWarning]


def test_in_fit_scores_are_known_by_the_op_they_come_from():
    assert trained(loss=nn.bce_with_logits) == []
    assert trained(loss=nn.bce_with_logits, values=True) == []
    for ends in ([nn.Sigmoid()], [nn.Sigmoid(), nn.Flatten()]):
        (words,) = trained(*ends, loss=nn.bce)
        assert "threshold=0.5" in words
    wrapped = {"accuracy": lambda p, t: nn.accuracy(p, t)}
    assert len(trained(nn.Sigmoid(), loss=nn.bce, metrics=wrapped)) == 1
    right = {"accuracy": partial(nn.accuracy, threshold=0.5)}
    assert trained(nn.Sigmoid(), loss=nn.bce, metrics=right) == []


@pytest.mark.parametrize("target", [[0, 2], [-1, 1], [0.5, 1], [[0], [2]], [1, 1e9]])
def test_accuracy_refuses_classes_without_a_score(target):
    with pytest.raises(ValueError, match=r"^accuracy: got the class .* 2 scores .*0 to 1"):
        nn.accuracy([[0.1, 2.0], [3.0, 1.0]], target)


@pytest.mark.parametrize(
    ("prediction", "target", "words"),
    [([1.0, 2.0], [0, 2], "0 to 2"), ([], [], "at least one"), (["a"], [0], "'a'")],
)
def test_accuracy_refuses_what_is_no_class(prediction, target, words):
    with pytest.raises((ValueError, TypeError), match=words):
        nn.accuracy(prediction, target)


def test_accuracy_refuses_what_does_not_match():
    with pytest.raises(ShapeError, match=r"\(2, 3\).*\(3,\)"):
        nn.accuracy(np.ones((2, 3)), [0, 1, 2])
