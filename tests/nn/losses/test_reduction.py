"""Predictions meet their targets one by one, in Tensors and in Values; costs are added up."""

import numpy as np
import pytest
from losses import (
    LOSSES,
    OF_CLASSES,
    OF_TENSORS,
    every_loss,
    every_loss_on_values,
    loss_and_slopes,
    sample,
)

import nn
from autograd import ShapeError, Tensor, Value
from nn.losses import reduction as terms


@every_loss
def test_a_column_against_a_row_is_refused(name):
    words = rf"^{LOSSES[name].__name__}: got predictions of shape"
    for a, b in [((4, 1), (4,)), ((4,), (4, 1)), ((1, 4), (4, 1))]:
        y, t = np.full(a, 0.5), np.ones(b)
        if name in OF_CLASSES and b == (4,):
            continue  # four classes of one sort: they fit
        with pytest.raises(ShapeError, match=words):
            LOSSES[name](Tensor(y), t)


@every_loss
def test_a_reduction_that_is_none_is_refused(name):
    with pytest.raises(ValueError, match=r": got reduction='average'\. Use 'mean', 'sum' or"):
        LOSSES[name](*sample(name), "average")


@every_loss_on_values
def test_values_have_the_losses_of_tensors(name):
    y, t = sample(name)
    for prediction, target in ((y[0], t[0]), (y, t)):
        for reduction in ("mean", "sum"):
            values = np.vectorize(Value, otypes=[object])(prediction).tolist()
            loss = LOSSES[name](values, target, reduction)
            loss.backward()
            assert isinstance(loss, Value)
            tensor_loss, slopes = loss_and_slopes(LOSSES[name], prediction, target, reduction)
            assert loss.data == pytest.approx(tensor_loss, rel=1e-12)
            found = [x.grad for x in terms.flat(values)]
            assert found == pytest.approx(slopes.ravel(), rel=1e-12)


@every_loss_on_values
def test_one_value_is_its_own_mean(name):
    y, t = sample(name)
    one = LOSSES[name](Value(y[0, 0]), t[0, 0])
    assert one.data == pytest.approx(LOSSES[name](y[0, 0], t[0, 0]).item(), rel=1e-12)


@every_loss_on_values
def test_losses_of_values_keep_the_shape_of_the_list(name):
    y, t = sample(name)
    terms = LOSSES[name]([[Value(x) for x in row] for row in y], t, "none")
    assert [[type(x) for x in row] for row in terms] == [[Value] * 3] * 4


@every_loss_on_values
def test_one_target_serves_all_predictions(name):
    y, _ = sample(name)
    expected = LOSSES[name](y, np.ones((4, 3))).item()
    assert LOSSES[name](Tensor(y), 1.0).item() == expected
    assert LOSSES[name]([[Value(x) for x in row] for row in y], 1).data == pytest.approx(expected)


@every_loss_on_values
def test_values_and_targets_meet_one_by_one(name):
    values = [Value(0.5), Value(0.25)]
    for target in ([[1], [1]], [1, 1, 1], np.ones((2, 2)), [1]):
        with pytest.raises(ShapeError, match=r": got predictions of shape \(2,\) and targets"):
            LOSSES[name](values, target)


@pytest.mark.parametrize("name", sorted(OF_TENSORS - {"cross_entropy"}))
def test_losses_of_many_numbers_take_no_values(name):
    with pytest.raises(TypeError, match=rf"^{name}: got Values\. It takes a Tensor"):
        LOSSES[name]([Value(1.0), Value(2.0)], 1)


def test_a_refused_shape_says_how_to_mend_it():
    with pytest.raises(
        ShapeError,
        match=r"^mse_loss: got predictions of shape \(3, 1\) and targets of shape \(3,\), which "
        r"do not match one by one\. .* target\.reshape\(-1, 1\)\.$",
    ):
        nn.mse_loss(Tensor([[1.0], [2.0], [3.0]]), [1, 2, 3])
    with pytest.raises(ShapeError, match=r"Give one target for each prediction\.$"):
        nn.mse_loss(Tensor([1.0, 2.0, 3.0]), [1, 2])
    with pytest.raises(ShapeError, match=r"y\.reshape\(-1\)"):  # in a model of Values, of a row
        nn.mse_loss(Value(1.0), [1])
