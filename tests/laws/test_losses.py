"""Every loss is what its formula says, with the gradient of that, and refuses what does not fit."""

import inspect

import numpy as np
import pytest
from golden import EXAMPLES, Computed
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
import nn
from autograd import (
    DomainError,
    ShapeError,
    Tensor,
    Value,
    check_gradients,
    compile,
    log_softmax,
    sigmoid,
    softmax,
    square,
    value_and_grad,
)
from nn.losses import distances, log_losses
from nn.losses import reduction as terms

LOSSES = {
    name: loss
    for name, loss in [*vars(distances).items(), *vars(log_losses).items()]
    if inspect.isfunction(loss)
    and not name.startswith("_")
    and list(inspect.signature(loss).parameters)[:2] == ["prediction", "target"]
}
OF_PROBABILITIES = {"binary_cross_entropy", "bce", "multilabel_log_loss"}
OF_SHARES = OF_PROBABILITIES | {"bce_with_logits"}
OF_CLASSES = {"cross_entropy", "nll_loss"}
OF_TENSORS = OF_CLASSES | {"multilabel_log_loss"}

every_loss = pytest.mark.parametrize("name", LOSSES)
every_loss_on_values = pytest.mark.parametrize("name", LOSSES.keys() - OF_TENSORS)
every_reduction = pytest.mark.parametrize("reduction", ["mean", "sum", "none"])


def sample(name, seed=0):
    """Draw predictions and targets that suit a loss, in the shape (4, 3)."""
    rng = np.random.default_rng(seed)
    prediction = rng.normal(size=(4, 3))
    if name in OF_PROBABILITIES:
        return rng.uniform(0.05, 0.95, (4, 3)), rng.integers(0, 2, (4, 3))
    if name in OF_CLASSES:
        return prediction, rng.integers(0, 3, 4)
    if name == "bce_with_logits":
        return 3 * prediction, rng.integers(0, 2, (4, 3))
    if name == "hinge_loss":
        return prediction, 2 * rng.integers(0, 2, (4, 3)) - 1
    return prediction, rng.normal(size=(4, 3))


def loss_and_slopes(loss, y, *args):
    y = Tensor(y)
    result = loss(y, *args)
    result.backward()
    return result.item(), y.grad


def picked(y, t):
    return y[np.arange(len(t)), t]


def bce(p, t):
    return -np.log(np.where(t, p, 1 - p))


FORMULAS = {
    "mse_loss": lambda y, t: (y - t) ** 2,
    "half_squared_error": lambda y, t: (y - t) ** 2 / 2,
    "l1_loss": lambda y, t: np.abs(y - t),
    "huber_loss": lambda y, t: np.where(np.abs(y - t) <= 1, (y - t) ** 2 / 2, np.abs(y - t) - 0.5),
    "hinge_loss": lambda y, t: np.maximum(0, 1 - y * t),
    "binary_cross_entropy": bce,
    "bce": bce,
    "multilabel_log_loss": lambda p, t: bce(p, t).sum(axis=1),
    "bce_with_logits": lambda z, t: bce(1 / (1 + np.exp(-z)), t),
    "cross_entropy": lambda y, t: -np.log(picked(np.exp(y), t) / np.exp(y).sum(axis=1)),
    "nll_loss": lambda y, t: -picked(y, t),
}


# All losses


def test_all_losses_are_found_and_public():
    assert {"mse_loss", "cross_entropy", "bce_with_logits"} < LOSSES.keys()
    for name, loss in LOSSES.items():
        assert getattr(nn, name) is loss
        assert name in nn.__all__


@every_loss
def test_a_loss_is_what_its_formula_says(name):
    y, t = sample(name)
    terms = FORMULAS[name](y, t)
    loss = LOSSES[name]
    assert loss(Tensor(y), t, "none").data == pytest.approx(terms, rel=1e-12)
    assert loss(Tensor(y), t, "sum").item() == pytest.approx(terms.sum(), rel=1e-12)
    assert loss(Tensor(y), t, "mean").item() == pytest.approx(terms.mean(), rel=1e-12)


@every_loss
def test_a_loss_reduces_to_the_mean_unless_its_name_says_otherwise(name):
    expected = "sum" if name == "half_squared_error" else "mean"
    assert inspect.signature(LOSSES[name]).parameters["reduction"].default == expected


@every_reduction
@every_loss
def test_gradients_of_losses_are_right(name, reduction):
    y, t = sample(name)
    check_gradients(lambda y: LOSSES[name](y, t, reduction), y, order=2)


@every_loss
def test_a_loss_of_single_precision_stays_single(name):
    y, t = sample(name)
    for target in (t, np.asarray(t, np.float64), Tensor(t, constant=True)):
        prediction = Tensor(np.asarray(y, np.float32))
        loss = LOSSES[name](prediction, target)
        loss.backward()
        assert loss.dtype == prediction.grad.dtype == np.float32
        assert loss.item() == pytest.approx(LOSSES[name](y, t).item(), rel=1e-5)


@every_loss
def test_targets_may_be_lists_arrays_or_tensors(name):
    y, t = sample(name)
    expected = loss_and_slopes(LOSSES[name], y, t)
    for target in (t.tolist(), t.astype(float), Tensor(t), Tensor(t, constant=True)):
        loss, slopes = loss_and_slopes(LOSSES[name], y, target)
        assert loss == expected[0]
        np.testing.assert_array_equal(slopes, expected[1])


@every_loss
def test_arrays_have_a_loss_but_no_gradient(name):
    y, t = sample(name)
    loss = LOSSES[name](y, t)
    assert loss.constant
    assert loss.item() == LOSSES[name](Tensor(y), t).item()


@every_loss
def test_a_compiled_loss_serves_other_targets(name):
    compiled = compile(value_and_grad(LOSSES[name]))
    for seed in range(3):
        y, t = sample(name, seed)
        loss, slopes = compiled(y, t)
        expected = loss_and_slopes(LOSSES[name], y, t)
        assert loss == pytest.approx(expected[0], rel=1e-12)
        assert slopes == pytest.approx(expected[1], rel=1e-12, abs=1e-15)
    assert compiled.recordings == 1


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


@pytest.mark.parametrize("name", sorted(OF_TENSORS))
def test_losses_of_many_numbers_take_no_values(name):
    with pytest.raises(TypeError, match=rf"^{name}: got Values\. It takes a Tensor"):
        LOSSES[name]([Value(1.0), Value(2.0)], 1)


def test_a_refused_shape_says_how_to_mend_it():
    with pytest.raises(
        ShapeError,
        match=r"^mse_loss: got predictions of shape \(3, 1\) and targets of shape \(3,\), which "
        r"do not match one by one\. .* target\.reshape\(\(3, 1\)\)\.$",
    ):
        nn.mse_loss(Tensor([[1.0], [2.0], [3.0]]), [1, 2, 3])
    with pytest.raises(ShapeError, match=r"Give one target for each prediction\.$"):
        nn.mse_loss(Tensor([1.0, 2.0, 3.0]), [1, 2])


# Single losses


def test_huber_meets_its_lines_without_a_kink():
    for delta in (0.5, 2.0):
        d = np.array([-delta - 1, -delta, 0.0, delta, delta + 1])
        loss, slopes = loss_and_slopes(nn.huber_loss, d, np.zeros(5), "sum", delta)
        assert loss == pytest.approx(2 * delta**2 / 2 + 2 * delta * (delta + 1 - delta / 2))
        assert slopes.tolist() == [-delta, -delta, 0.0, delta, delta]
    with pytest.raises(ValueError, match=r"^huber_loss: got delta=0"):
        nn.huber_loss([1.0], [1.0], delta=0)


def test_hinge_takes_labels_of_either_sign():
    y = Tensor([2.0, 0.5, 1.0, -3.0])
    loss = nn.hinge_loss(y, [1, 1, 1, -1], "sum")
    loss.backward()
    assert (loss.item(), y.grad.tolist()) == (0.5, [0.0, -1.0, 0.0, 0.0])
    with pytest.raises(ValueError, match=r"^hinge_loss: got the label 0; .* 2 \* target - 1"):
        nn.hinge_loss([1.0, 2.0], [1, 0])


def test_the_hinge_of_micrograd():
    model = nn.MLP(2, [4, 1], rng=np.random.default_rng(1))
    x, labels = [[0.5, 1.0], [-1.0, 0.3], [2.0, -2.0]], [1, -1, -1]
    scores = [model(row) for row in x]
    by_hand = sum((1 + -yi * s).relu() for yi, s in zip(labels, scores, strict=True)) * (1 / 3)
    assert nn.hinge_loss(scores, labels).data == pytest.approx(by_hand.data, rel=1e-12)


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


def test_what_is_no_probability_has_no_log_loss():
    with pytest.raises(DomainError, match=r"^log\(-1\): no real value"):
        nn.binary_cross_entropy(Value(2.0), 1)
    for p in (-0.5, 1.5):
        with pytest.warns(RuntimeWarning, match="invalid value"):
            assert np.isnan(nn.binary_cross_entropy([p], [1]).item())


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


def test_one_sample_and_pictures_of_samples_have_a_cross_entropy():
    rng = np.random.default_rng(0)
    y, t = rng.normal(size=(2, 3, 4, 5)), rng.integers(0, 3, (2, 4, 5))
    pixels = np.moveaxis(y, 1, -1).reshape(-1, 3)
    expected = nn.cross_entropy(pixels, t.ravel(), "none").data.reshape(t.shape)
    assert nn.cross_entropy(y, t, "none").data == pytest.approx(expected)
    assert nn.cross_entropy(pixels[0], t[0, 0, 0]).item() == pytest.approx(expected[0, 0, 0])
    check_gradients(lambda y: nn.cross_entropy(y, t), y)


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


def test_probabilities_where_scores_belong_are_warned_about():
    y, t = Tensor(np.zeros((2, 3))), [0, 1]
    with pytest.warns(UserWarning, match=r"^cross_entropy: got the output of softmax.*leave it"):
        nn.cross_entropy(softmax(y), t)
    with pytest.warns(UserWarning, match=r"^nll_loss: got the output of softmax.*use log_softmax"):
        nn.nll_loss(softmax(y), t)
    for z in (sigmoid(Tensor([1.0, 2.0])), [sigmoid(Value(1.0)), sigmoid(Value(2.0))]):
        with pytest.warns(
            UserWarning, match=r"^bce_with_logits: got the output of sigmoid"
        ) as seen:
            nn.bce_with_logits(z, t)
        assert seen[0].filename == __file__


def test_log_loss_and_its_derivative_by_logits_are_what_likelihood_says():
    f, y = Tensor(EXAMPLES["WE29"]["inputs"]["f"]), np.array(EXAMPLES["WE29"]["inputs"]["y"])
    likelihood = ag.sum(y * ag.log(sigmoid(f)) + (1 - y) * ag.log(1 - sigmoid(f)))
    assert nn.bce_with_logits(f, y, "sum").item() == pytest.approx(-likelihood.item())
    lower = nn.bce_with_logits(f + 0.1 * (y - 0.5), y, "sum").item()
    assert lower < -likelihood.item()


# Penalties


def test_penalties_serve_values_and_tensors_of_several_shapes():
    w = np.array([[1.0, -2.0], [0.5, 0.0]])
    tensors = [Tensor(w), Tensor(w[0])]
    values = [Value(x) for x in (*w.ravel(), *w[0])]
    for penalty, expected in ((nn.l1_penalty, 6.5), (nn.l2_penalty, (5.25 + 5) / 2)):
        assert penalty(tensors, 0.1).item() == pytest.approx(0.1 * expected)
        assert penalty(values, 0.1).data == pytest.approx(0.1 * expected)
        assert penalty(tensors[0], 2.0).item() == penalty([tensors[0]], 2.0).item()
        assert penalty([], 0.1) == 0.0


def test_penalties_draw_weights_to_zero():
    w = Tensor([1.0, -2.0, 0.5])
    check_gradients(lambda w: nn.l2_penalty([w], 0.3), w)
    check_gradients(lambda w: nn.l1_penalty([w], 0.3), w)
    with_penalty = nn.mse_loss(w, [1, 1, 1]) + nn.l2_penalty([w], 0.3)
    with_penalty.backward()
    _, without = loss_and_slopes(nn.mse_loss, w.data, [1, 1, 1])
    assert w.grad - without == pytest.approx(0.3 * w.data)


# Worked examples

example = Computed()


@pytest.mark.parametrize("name", ["WE27", "WE28", "WE29", "WE30", "WE31", "WE32", "WE43"])
def test_the_numbers_come_out(name):
    example.check(name)


@example("WE27")
def classes(i):
    scores = i["scores"]
    mean, slopes = loss_and_slopes(nn.cross_entropy, scores, i["class_index_from_0"])
    return {
        "probabilities": softmax(Tensor(scores)),
        "per_sample": nn.cross_entropy(scores, i["class_index_from_0"], "none"),
        "mean": mean,
        "categorical_ce_mean": nn.cross_entropy(scores, i["one_hot"]).item(),
        "grad_scores_of_mean": slopes,
    }


@example("WE28")
def binary(i):
    y, p = i["y"], i["y_hat"]
    z = np.log(p) - np.log1p(-np.array(p))
    mean, slopes = loss_and_slopes(nn.binary_cross_entropy, p, y)
    return {
        "per_sample": nn.binary_cross_entropy(p, y, "none"),
        "mean": mean,
        "dJ_dyhat_per_sample": loss_and_slopes(nn.binary_cross_entropy, p, y, "sum")[1],
        "dyhat_dz": ag.grad(lambda z: ag.sum(sigmoid(z)))(z),
        "dJ_dz_per_sample": loss_and_slopes(nn.bce_with_logits, z, y, "sum")[1],
        "dmean_dyhat": slopes,
        "dmean_dz": loss_and_slopes(nn.bce_with_logits, z, y)[1],
        "z": z,
    }


@example("WE29")
def independent_classes(i):
    f, y = i["f"], i["y"]
    J, slopes = loss_and_slopes(lambda f: nn.multilabel_log_loss(sigmoid(f), y), f)
    return {
        "log_likelihood_per_sample_as_in_002": -nn.bce_with_logits(f, y, "none").sum(axis=1),
        "gradient_as_in_002": -loss_and_slopes(nn.bce_with_logits, f, y, "sum")[1],
        "J_as_in_001": J,
        "gradient_of_J_001": slopes,
    }


@example("WE30")
def squared_errors(i):
    y, y_hat = i["y"], i["y_hat"]
    half, slopes = loss_and_slopes(nn.half_squared_error, y_hat, y)
    mean, mean_slopes = loss_and_slopes(nn.mse_loss, y_hat, y)
    return {
        "000_sum_half": half,
        "002_per_sample_half": nn.half_squared_error(y_hat, y, "none"),
        "004_mean": mean,
        "grad_000": slopes,
        "grad_002": [loss_and_slopes(nn.half_squared_error, *pair)[1] for pair in zip(y_hat, y)],  # noqa: B905
        "grad_004": mean_slopes,
        "ratio_000_to_004": half / mean,
    }


@example("WE31")
def log_loss_against_squared_error(i):
    z, y = i["z"], i["y"]

    def half(z, y, reduction):
        return nn.half_squared_error(sigmoid(z), y, reduction)

    return {
        "sigma": sigmoid(Tensor(z)),
        "log_loss": nn.bce_with_logits(z, y, "none"),
        "half_squared": half(Tensor(z), y, "none"),
        "dlog_dz": loss_and_slopes(nn.bce_with_logits, z, y, "sum")[1],
        "dhalf_dz": loss_and_slopes(half, z, y, "sum")[1],
    }


@example("WE32")
def sigmoid_neuron(i):
    w, b = Tensor(i["w"]), Tensor(i["b"])
    s = Tensor(i["x"], constant=True) @ w + b
    cost = nn.bce_with_logits(s, i["y"])
    cost.backward()
    return {
        "s": s,
        "y_hat": sigmoid(s),
        "J": cost.item(),
        "dJ_dw": w.grad,
        "dJ_db": b.grad,
        "perceptron_output": ag.step(s),
    }


@example("WE43")
def penalty(i):
    value, slopes = loss_and_slopes(lambda w: nn.l2_penalty([w], i["lambda"]), i["w"])
    return {"penalty": value, "gradient": slopes}


# Why a loss: what systems of the lectures say


def test_the_slope_of_a_sigmoid_cost_is_prediction_minus_target():
    z, t = np.array([-30.0, -2.0, 0.0, 3.0, 30.0]), np.array([1, 0, 1, 1, 0])
    _, slopes = loss_and_slopes(nn.bce_with_logits, z, t, "sum")
    np.testing.assert_allclose(slopes, sigmoid(z) - t, rtol=1e-12)


def test_log_loss_learns_from_a_certain_mistake_and_squared_error_does_not():
    _, by_log = loss_and_slopes(nn.bce_with_logits, [-6.0], [1])
    _, by_square = loss_and_slopes(lambda z, t: nn.half_squared_error(sigmoid(z), t), [-6.0], [1])
    assert by_log[0] == pytest.approx(-1, abs=3e-3)
    assert by_square[0] == pytest.approx(-0.0025, abs=1e-4)


def test_a_lower_loss_is_a_higher_likelihood():
    y, t = sample("cross_entropy")
    better = y + np.eye(3)[t]

    def likelihood(y):
        return np.prod(picked(softmax(y), t))

    assert nn.cross_entropy(better, t).item() < nn.cross_entropy(y, t).item()
    assert likelihood(better) > likelihood(y)
    assert nn.cross_entropy(y, t, "sum").item() == pytest.approx(-np.log(likelihood(y)))


def test_without_a_bias_a_neuron_cannot_cross_zero_elsewhere():
    km = np.array([0.0, 0.4, 0.7, 1.0, 1.4, 1.8, 5.4])
    price = np.where(km < 0.7, 1.0, -1.0)

    def fitted(biased):
        w, b = Tensor(-1.0), Tensor(0.0, constant=not biased)
        for _ in range(2000):
            w.grad = b.grad = None
            nn.mse_loss(ag.tanh(w * km + b), price).backward()
            w.data -= 0.5 * w.grad
            if biased:
                b.data -= 0.5 * b.grad
        return nn.mse_loss(ag.tanh(w * km + b), price).item(), -b.item() / w.item()

    without, crossing = fitted(biased=False)
    assert without > 0.4
    assert crossing == 0
    cost, crossing = fitted(biased=True)
    assert cost < 0.05
    assert 0.4 < crossing < 0.7


def test_a_small_step_against_the_gradient_is_the_best_of_its_length():
    x, t = sample("cross_entropy")

    def cost(w):
        return nn.cross_entropy(Tensor(x) @ w, t) + nn.l2_penalty([w], 0.1)

    w = np.random.default_rng(0).normal(size=(3, 3))
    _, downhill = loss_and_slopes(cost, w)
    best = cost(Tensor(w - 1e-4 * downhill / np.linalg.norm(downhill))).item()
    for direction in np.random.default_rng(1).normal(size=(50, 3, 3)):
        assert cost(Tensor(w - 1e-4 * direction / np.linalg.norm(direction))).item() > best


def test_losses_are_graphs_of_ops_that_a_model_of_values_learns_from():
    w = Value(0.0)
    for _ in range(50):
        w.grad = None
        nn.mse_loss([w * x for x in (1, 2, 3)], [2, 4, 6]).backward()
        w.data -= 0.05 * w.grad
    assert w.data == pytest.approx(2.0)
    assert nn.mse_loss(w, 2.0).op is square
