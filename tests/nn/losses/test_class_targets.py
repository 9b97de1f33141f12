"""Classes and shares of them are one kind of target; what is neither is refused."""

import numpy as np
import pytest
from losses import LOSSES, OF_SHARES, OF_TENSORS, loss_and_slopes, sample

import nn
from autograd import Tensor, Value, check_gradients, log_softmax


def test_classes_and_their_probabilities_are_one_loss():
    y, t = sample("cross_entropy")
    rows = np.eye(3)[t]
    assert nn.cross_entropy(y, t).item() == nn.cross_entropy(y, rows).item()
    softened = 0.9 * rows + 0.1 / 3
    expected = nn.cross_entropy(y, softened).item()
    assert nn.cross_entropy(y, t, label_smoothing=0.1).item() == pytest.approx(expected)
    assert nn.nll_loss(log_softmax(Tensor(y)), t).item() == nn.cross_entropy(y, t).item()
    with pytest.raises(ValueError, match=r"^cross_entropy: got label_smoothing=1\.5"):
        nn.cross_entropy(y, t, label_smoothing=1.5)


@pytest.mark.parametrize("t", [[0, 2], [[1, 0, 0], [0.25, 0, 0.75]]])
@pytest.mark.parametrize("target", [np.array, Tensor])
def test_an_impossible_class_costs_nothing_unless_it_is_the_right_one(t, target):
    z = np.array([[0.0, -np.inf, 1.0], [2.0, -np.inf, 0.0]])
    without = np.delete(np.array(t, float), 1, axis=1) if np.ndim(t) == 2 else np.array([0, 1])
    expected, slopes = loss_and_slopes(nn.cross_entropy, z[:, [0, 2]], without)
    for y in (z, z.astype(np.float32)):
        found, grad = loss_and_slopes(nn.cross_entropy, y, target(t))
        assert found == pytest.approx(expected, rel=1e-6)
        assert grad == pytest.approx(np.insert(slopes, 1, 0.0, axis=1), rel=1e-6)
        logarithms = log_softmax(Tensor(y)).data
        assert nn.nll_loss(logarithms, target(t)).item() == pytest.approx(expected, rel=1e-6)
    assert nn.cross_entropy(z, target([1, 1])).item() == np.inf
    assert nn.cross_entropy(z, target(t), label_smoothing=0.1).item() == np.inf


def test_targets_of_classes_have_slopes_too():
    z, t = np.array([[0.5, -2.0, 1.0]]), np.array([[0.25, 0.0, 0.75]])
    _, slopes = loss_and_slopes(lambda t: nn.cross_entropy(Tensor(z), t), t)
    assert slopes == pytest.approx(-log_softmax(Tensor(z)).data)
    check_gradients(lambda z, t: nn.cross_entropy(z, t), z, t + 0.1, order=2)


@pytest.mark.parametrize("wrong", [[0, 3], [-1, 0], [0.5, 1], [np.nan, 1]])
def test_classes_that_do_not_exist_are_refused(wrong):
    for loss in (nn.cross_entropy, nn.nll_loss):
        with pytest.raises(
            ValueError, match=r": got the class .* There are 3, counted from 0 to 2"
        ):
            loss(np.zeros((2, 3)), wrong)


def test_one_score_a_sample_is_no_choice_of_classes():
    for loss in (nn.cross_entropy, nn.nll_loss):
        assert loss(np.zeros((2, 1)), [0, 0]).item() == 0
        with pytest.raises(
            ValueError,
            match=rf"^{loss.__name__}: got the class 1 for one score a sample, .*bce_with_logits",
        ):
            loss(np.zeros((2, 1)), [0, 1])


of_shares = pytest.mark.parametrize("name", sorted(OF_SHARES))


@of_shares
@pytest.mark.parametrize(
    ("t", "named"),
    [([0, 1, 2], "2"), ([-1, 1, 1], "-1"), ([0.0, -0.25, 7.0], "-0.25"), ([0, np.nan, 1], "nan")],
)
def test_targets_that_are_no_shares_are_refused(name, t, named):
    loss, y = LOSSES[name], np.full((1, 3), 0.5)
    words = (
        rf"^{loss.__name__}: got the target {named}(\.0)?\. It takes numbers from 0 to 1\. .*"
        r"\(target \+ 1\) / 2\. .*cross_entropy"
    )
    for target in ([t], np.array([t]), np.array([t], np.float32)):
        with pytest.raises(ValueError, match=words):
            loss(Tensor(y), target)
    assert np.isfinite(loss(Tensor(y), Tensor([t])).item()) == np.isfinite(t).all()
    if name not in OF_TENSORS:
        wrong = next(x for x in t if str(x) == named)
        for prediction, target in (
            ([Value(0.5)] * 3, t),
            (Value(0.5), wrong),
            (Value(0.5), np.float64(wrong)),
        ):
            with pytest.raises(ValueError, match=rf"^{loss.__name__}: got the target {wrong}"):
                loss(prediction, target)
        assert loss(Value(0.5), Value(2.0)).data == loss(Tensor(0.5), Tensor(2.0)).item()


@of_shares
def test_shares_may_be_rounded_and_of_any_type(name):
    loss, y = LOSSES[name], np.full((1, 2), 0.5)
    exact = loss(y, [[0, 1]]).item()
    for t in ([[-1e-12, 1 + 1e-12]], np.array([[0, 1]], np.float32) * np.float32(1 + 2e-7)):
        assert loss(y, t).item() == pytest.approx(exact, rel=1e-6)
    for kind in (bool, np.uint8, np.float32):
        assert loss(y, np.array([[0, 1]], kind)).item() == exact
    with pytest.raises(ValueError, match=r"got the target 1\.001"):
        loss(y, [[0, 1.001]])
    assert loss(np.empty((0, 2)), np.empty((0, 2)), "sum").item() == 0


@pytest.mark.parametrize("labels", [2, [2, 0], [[1, 2], [0, 1]], np.array([1.0, 0.0])])
def test_rows_with_a_single_one_are_worth_their_class(labels):
    rows = nn.one_hot(labels, 3)
    np.testing.assert_array_equal(rows, np.eye(3)[np.array(labels, int)])
    assert rows.dtype == np.float64
    z = np.arange(6.0).reshape(2, 3)
    assert nn.cross_entropy(z, nn.one_hot([2, 0], 3)).item() == nn.cross_entropy(z, [2, 0]).item()


@pytest.mark.parametrize(("labels", "named"), [([0, 3], "3"), ([-1], "-1"), ([0.5], "0.5")])
def test_a_label_that_is_no_class_has_no_row(labels, named):
    with pytest.raises(ValueError, match=rf"^one_hot: got the class {named}.*There are 3"):
        nn.one_hot(labels, 3)
