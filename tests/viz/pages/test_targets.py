"""Targets are signs, 0 and 1, classes or numbers, and the loss that is chosen is that of nn."""

import numpy as np
import pytest

import nn
from autograd import ShapeError, Tensor, Value
from viz.pages.targets import default_loss, flat, like, targets, threshold


@pytest.mark.parametrize(
    ("y", "outputs", "kind"),
    [
        ([-1, 1, 1], 1, "signs"),
        ([0, 1, 1], 1, "binary"),
        ([[0.0], [1.0]], 1, "binary"),
        ([True, False], 1, "binary"),
        ([0, 1, 2], 1, "numbers"),
        ([0.5, 1.5], 1, "numbers"),
        ([0, 2, 1], 3, "classes"),
        ([[0.5, 1.0], [1.0, 2.0]], 2, "numbers"),
    ],
)
def test_what_targets_mean_follows_from_their_numbers(y, outputs, kind):
    meant = targets(np.array(y), outputs)
    assert meant.kind == kind
    assert meant.rows.shape == (len(y), outputs)


def test_of_classes_a_row_has_a_one_for_the_right_one():
    meant = targets(np.array([2, 0]), 3)
    assert meant.rows.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert meant.shown == [2, 0]


@pytest.mark.parametrize(("y", "outputs"), [([0, 3], 3), ([-1, 0], 3), ([0.5, 1], 2)])
def test_a_class_without_an_output_is_refused(y, outputs):
    with pytest.raises(ValueError, match="Classes count from 0"):
        targets(np.array(y), outputs)


def test_as_many_targets_as_outputs_are_wanted():
    with pytest.raises(ShapeError, match="got 2 targets a sample for a model with 1 outputs"):
        targets(np.zeros((4, 2)), 1)


SCORES = [-30.0, -0.3, 0.0, 0.7, 30.0]


@pytest.mark.parametrize(
    ("kind", "labels"), [("signs", [-1.0, 1.0]), ("binary", [0.0, 1.0]), ("numbers", [0.3, 2.0])]
)
def test_a_chosen_loss_is_that_of_nn_by_its_name(kind, labels):
    name, loss = default_loss(kind)
    for score in SCORES:
        for label in labels:
            ours, theirs = Value(score), Value(score)
            found, expected = loss([ours], [label]), getattr(nn, name)(theirs, label)
            found.backward()
            expected.backward()
            assert found.data == pytest.approx(expected.data, abs=1e-14)
            assert ours.grad == pytest.approx(theirs.grad, abs=1e-14)


def test_cross_entropy_of_values_is_that_of_tensors_and_does_not_overflow():
    name, loss = default_loss("classes")
    for scores in ([0.5, -1.0, 2.0], [800.0, -800.0, 0.0], [1.0, 1.0, 1.0]):
        values, tensor = [Value(z) for z in scores], Tensor([scores])
        found, expected = loss(values, [0.0, 1.0, 0.0]), getattr(nn, name)(tensor, [1])
        found.backward()
        expected.backward()
        assert found.data == pytest.approx(expected.item(), abs=1e-12)
        assert [z.grad for z in values] == pytest.approx(tensor.grad[0].tolist(), abs=1e-14)


@pytest.mark.parametrize(
    ("loss", "kind", "expected"),
    [
        (nn.hinge_loss, "signs", 0.0),
        (nn.mse_loss, "signs", 0.0),
        (nn.bce_with_logits, "binary", 0.0),
        (nn.bce, "binary", 0.5),
        (nn.mse_loss, "binary", 0.5),
    ],
)
def test_classes_meet_where_both_cost_the_same(loss, kind, expected):
    assert threshold(lambda y, t: loss(Value(y), t).data, kind) == expected


def test_numbers_are_put_into_lists_as_a_prediction_stands():
    prediction = [Value(0.0), [Value(1.0), Value(2.0)]]
    assert like(prediction, [5, 6, 7]) == [5, [6, 7]]
    assert [x.data for x in flat(prediction)] == [0.0, 1.0, 2.0]
    assert like(Value(0.0), [5]) == 5
