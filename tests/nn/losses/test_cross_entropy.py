"""Log losses are exact however large a logit, and bounded however certain a probability."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from losses import sample

import nn
from autograd import ShapeError, Tensor, Value, check_gradients, sigmoid, softmax


def test_certain_probabilities_have_a_bounded_loss_and_finite_slopes():
    p, t = [0.0, 1.0, 0.0, 1.0, 1e-300], [0, 1, 1, 0, 1]
    y = Tensor(p)
    terms = nn.binary_cross_entropy(y, t, "none")
    terms.sum().backward()
    assert terms.data.tolist() == [0.0, 0.0, 100.0, 100.0, 100.0]
    assert y.grad.tolist() == [1.0, -1.0, 0.0, 0.0, 0.0]
    assert [nn.bce(Value(a), b).data for a, b in zip(p, t, strict=True)] == terms.data.tolist()
    single = nn.bce(np.asarray(p[:4], np.float32), t[:4], "none")
    assert single.data.tolist() == terms.data.tolist()[:4]


def test_log_losses_of_one_class_are_binary_and_of_more_are_added():
    p, t = sample("multilabel_log_loss")
    binary = nn.binary_cross_entropy
    assert nn.multilabel_log_loss(p[:, :1], t[:, :1]).item() == binary(p[:, 0], t[:, 0]).item()
    assert nn.multilabel_log_loss(p, t).item() == pytest.approx(3 * binary(p, t).item())
    with pytest.raises(ShapeError, match=r"^multilabel_log_loss: got .*\(3,\)\. .*as a row"):
        nn.multilabel_log_loss(p[0], t[0])


def test_losses_of_logits_are_exact_however_large():
    z, t = [1000.0, 1000.0, -1000.0, -1000.0], [1, 0, 1, 0]
    y = Tensor(z)
    terms = nn.bce_with_logits(y, t, "none")
    terms.sum().backward()
    assert terms.data.tolist() == [0.0, 1000.0, 1000.0, 0.0]
    assert y.grad.tolist() == [0.0, 1.0, -1.0, 0.0]
    assert [nn.bce_with_logits(Value(a), b).data for a, b in zip(z, t, strict=True)] == [
        *(0.0, 1000.0, 1000.0, 0.0)
    ]
    y = Tensor([[1000.0, -1000.0], [1000.0, -1000.0]])
    terms = nn.cross_entropy(y, [0, 1], "none")
    terms.sum().backward()
    assert terms.data.tolist() == [0.0, 2000.0]
    assert y.grad.tolist() == [[0.0, 0.0], [1.0, -1.0]]


logits = st.floats(-1000, 1000)


@given(st.lists(st.tuples(logits, st.floats(0, 1)), min_size=1, max_size=5))
def test_losses_of_any_logits_are_what_mathematics_says(pairs):
    z, t = np.array(pairs).T
    y = Tensor(z)
    terms = nn.bce_with_logits(y, t, "none")
    terms.sum().backward()
    assert terms.data == pytest.approx(np.logaddexp(0, z) - t * z, rel=1e-12, abs=1e-12)
    assert y.grad == pytest.approx(sigmoid(z) - t, rel=1e-12, abs=1e-12)
    y = Tensor(z)
    loss = nn.cross_entropy(y, len(z) - 1)
    loss.backward()
    expected = np.logaddexp.reduce(z) - z[-1]
    assert loss.item() == pytest.approx(expected, rel=1e-12, abs=1e-12)
    one_hot = np.arange(len(z)) == len(z) - 1
    assert y.grad == pytest.approx(softmax(z) - one_hot, rel=1e-12, abs=1e-12)


def test_scores_that_are_all_alike_cost_the_logarithm_of_the_number_of_classes():
    for classes in (2, 5, 10):
        loss = nn.cross_entropy(np.full((3, classes), 7.0), [0, 1, 1]).item()
        assert loss == pytest.approx(np.log(classes))


def test_one_sample_and_pictures_of_samples_have_a_cross_entropy():
    rng = np.random.default_rng(0)
    y, t = rng.normal(size=(2, 3, 4, 5)), rng.integers(0, 3, (2, 4, 5))
    pixels = np.moveaxis(y, 1, -1).reshape(-1, 3)
    expected = nn.cross_entropy(pixels, t.ravel(), "none").data.reshape(t.shape)
    assert nn.cross_entropy(y, t, "none").data == pytest.approx(expected)
    assert nn.cross_entropy(pixels[0], t[0, 0, 0]).item() == pytest.approx(expected[0, 0, 0])
    check_gradients(lambda y: nn.cross_entropy(y, t), y)


def test_probabilities_where_scores_belong_are_warned_about():
    y, t = Tensor(np.zeros((2, 3))), [0, 1]
    with pytest.warns(UserWarning, match=r"^cross_entropy: got the output of softmax.*leave it"):
        nn.cross_entropy(softmax(y), t)
    for z in (sigmoid(Tensor([1.0, 2.0])), [sigmoid(Value(1.0)), sigmoid(Value(2.0))]):
        with pytest.warns(
            UserWarning, match=r"^bce_with_logits: got the output of sigmoid"
        ) as seen:
            nn.bce_with_logits(z, t)
        assert seen[0].filename == __file__


SCORES = np.random.default_rng(2).normal(size=(4, 3))


def values_of(scores):
    return np.frompyfunc(Value, 1, 1)(scores).tolist()


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("targets", [[0, 2, 1, 2], np.full((4, 3), 1 / 3), np.eye(3)[[0, 1, 2, 0]]])
def test_classes_of_values_cost_what_they_cost_in_a_tensor(targets, reduction, label_smoothing):
    values, scores = values_of(SCORES), Tensor(SCORES)
    ours = nn.cross_entropy(values, targets, reduction, label_smoothing)
    theirs = nn.cross_entropy(scores, targets, reduction, label_smoothing)
    terms = ours if isinstance(ours, list) else [ours]
    np.testing.assert_allclose([x.data for x in terms], np.ravel(theirs.data), rtol=1e-13)
    sum(terms).backward()
    theirs.sum().backward()
    found = [[x.grad for x in row] for row in values]
    np.testing.assert_allclose(found, scores.grad, rtol=1e-12, atol=1e-15)


def test_one_sample_of_values_has_one_class():
    row = values_of(SCORES[0])
    expected = nn.cross_entropy(SCORES[:1], [2]).item()
    for target in (2, [0, 0, 1], Value(2.0), values_of(np.array([0.0, 0.0, 1.0]))):
        assert nn.cross_entropy(row, target).data == pytest.approx(expected, rel=1e-13)


def test_scores_far_apart_do_not_overflow():
    x, y = Value(2000.0), Value(-2000.0)
    loss = nn.cross_entropy([x, y], 1)
    loss.backward()
    assert (loss.data, x.grad, y.grad) == (4000.0, 1.0, -1.0)


@pytest.mark.parametrize("wrong", [3, -1, 0.5])
def test_values_have_no_class_that_does_not_exist(wrong):
    with pytest.raises(ValueError, match=r"^cross_entropy: got the class .*There are 3"):
        nn.cross_entropy(values_of(SCORES[0]), wrong)


def test_lists_of_values_have_to_match():
    rows = values_of(SCORES)
    with pytest.raises(ShapeError, match=r"^cross_entropy: got lists of different lengths"):
        nn.cross_entropy([rows[0], rows[1][:2]], [0, 1])
    with pytest.raises(ShapeError, match=r"^cross_entropy: got predictions of shape \(4, 3\)"):
        nn.cross_entropy(rows, [0, 1])
