"""A gradient that is not finite is never kept: the error says where it came from and what helps."""

import numpy as np
import pytest

import autograd as ag
from autograd import (
    DomainError,
    GradientError,
    Op,
    Scope,
    Tensor,
    Value,
    backprop,
    exp,
    gradients,
    log,
    log_softmax,
    logsumexp,
    mean,
    softmax,
    sqrt,
    tanh,
    trace,
    where,
    xlogy,
)
from autograd.engine import same_numbers

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of forward passes

DIFFERENTIATE = {
    "backward": lambda y, leaves: y.backward(),
    "gradients": gradients,
}
each_way = pytest.mark.parametrize("differentiate", DIFFERENTIATE.values(), ids=DIFFERENTIATE)


def refused(y, differentiate=DIFFERENTIATE["backward"]):
    """The message; and nothing has changed, however often it is tried."""
    leaves = [node for node in trace(y, constants=False) if node.op is None]
    for number, node in enumerate(trace(y), start=1):
        node.grad = float(number)
    before = {node: node.grad for node in trace(y)}
    messages = set()
    for _ in range(2):
        with pytest.raises(GradientError) as caught:
            differentiate(y, leaves)
        assert isinstance(caught.value, DomainError)
        messages.add(str(caught.value))
        assert all(same_numbers(node.grad, before[node]) for node in trace(y))
    for node in trace(y):
        node.grad = None
    (message,) = messages
    assert message.endswith(" No grad was changed.")
    return message


# An infinite slope

SLOPES = {
    "sqrt at 0": (
        lambda x: ag.sum(sqrt(x)),
        [4.0, 0.0],
        "sqrt(0): it has a value here but no finite slope, at element [1]: "
        "upstream 1 × local inf = inf. sqrt needs its operand greater than 0. Keep it there: add "
        "1e-12 to it, or use maximum(x, 1e-12) or clip(x, low, high).",
    ),
    "norm at 0": (
        lambda x: 3 * sqrt(ag.sum(x * x)),
        [0.0, 0.0],
        "sqrt(0): it has a value here but no finite slope: upstream 3 × local inf = inf. ",
    ),
    "where beside log": (
        lambda x: ag.sum(where(x > 0, log(x), 0.0)),
        [1.0, 2.0, 0.0],
        "log(0): the result is -inf, and the slope no finite number, at element [2]: upstream 0 × "
        "local inf = nan. log needs its operand greater than 0. Keep it there: add 1e-12 to it, or "
        "use maximum(x, 1e-12) or clip(x, low, high). If a where(...) takes the other branch here, "
        "it sends 0 back, yet the slope is computed: put the where inside, as in "
        "log(where(x > 0, x, 1.0)).",
    ),
    "1/x at 0": (
        lambda x: ag.sum(1 / x),
        [[1.0, 2.0], [0.0, 4.0]],
        "div(1, 0): the result is inf, and the slope no finite number, at element [1, 0]: "
        "upstream 1 × local -inf = -inf. div needs the second different from 0.",
    ),
    "1/x beside 0": (
        lambda x: ag.sum(1 / x),
        [1e-200],
        "div(1, 1e-200): it has a value here but no finite slope, at element [0]: "
        "upstream 1 × local -inf = -inf.",
    ),
    "overflow of exp": (
        lambda x: log(1 + ag.sum(exp(x))),
        [0.0, 1000.0],
        "exp(1000): the result is inf, and the slope no finite number, at element [1]: "
        "upstream 0 × local inf = nan. Scale the operands down, or work with their logarithms.",
    ),
    "root of a power": (
        lambda x: mean(x**0.5),
        [0.0, 1.0],
        "pow(0, 0.5): it has a value here but no finite slope, at element [0]: "
        "upstream 0.5 × local inf = inf. pow needs the first greater than 0.",
    ),
    "overflow of a power": (
        lambda x: ag.sum(x**2) ** 2,
        [1.0, 1e146],
        "pow(1e+146, 2): it has a value here but no finite slope, at element [1]: "
        "upstream 2e+292 × local 2e+146 = inf. Scale the operands down, or work with their",
    ),
    "slope of a slope": (
        lambda x: ag.sum(gradients(ag.sum(x**1.5), [x])[0]),
        [0.0, 1.0],
        "pow(0, 0.5): it has a value here but no finite slope, at element [0], in gradients: "
        "upstream 1.5 × local inf = inf.",
    ),
}


@each_way
@pytest.mark.parametrize(("f", "numbers", "text"), SLOPES.values(), ids=SLOPES)
def test_an_infinite_slope_is_told_with_its_element_and_factors(f, numbers, text, differentiate):
    message = refused(f(Tensor(numbers)), differentiate)
    assert message.startswith(text)


@each_way
@pytest.mark.parametrize(
    ("f", "number", "text"),
    [
        (sqrt, 0.0, "sqrt(0): it has a value here but no finite slope: upstream 1 × local inf"),
        (lambda x: where(0.0, sqrt(x), 2.0), 0.0, "sqrt(0): .*upstream 0 × local inf = nan"),
        (lambda x: 1 / x, 1e-200, "div(1, 1e-200): "),
        (
            lambda x: x * 1e200 * 1e200,
            1e-300,
            "mul(1e-300, 1e+200): .*upstream 1e+200 × local 1e+200 = inf",
        ),
        (lambda x: tanh(x * 3.0), float("nan"), "a leaf holds nan, and so no gradient behind"),
    ],
    ids=["sqrt", "where", "1/x", "overflow", "nan"],
)
def test_values_tell_the_same(f, number, text, differentiate):
    message = refused(f(Value(number)), differentiate)
    for part in text.split(".*"):
        assert part in message


# A forward pass that was not finite already


def test_a_nan_far_upstream_is_blamed_and_not_what_met_it():
    x = Tensor([[1.0, 2.0], [3.0, -1.0]])
    y = log(x)
    for _ in range(5):
        y = tanh(y @ [[1.0, 0.0], [0.0, 1.0]]) * 2
    assert refused(mean(y)).startswith(
        "log(-1): the result is nan, at element [1, 1], and so no gradient behind it is finite. "
        "log needs its operand greater than 0."
    )


def test_a_nan_in_the_middle_of_a_batch_is_found():
    batch = np.ones((50, 4))
    batch[17, 2] = np.nan
    w = Tensor(np.ones((4, 3)))
    assert refused(mean(tanh(batch @ w))) == (
        "a leaf holds nan, at element [17, 2], and so no gradient behind it is finite. "
        "Check your data. No grad was changed."
    )


def test_a_leaf_that_is_not_finite_is_called_by_its_name():
    w = Tensor([1.0, np.inf], name="w")
    assert refused(ag.sum(w * w)).startswith("w: a leaf holds inf, at element [1], ")


def test_zero_times_infinity_is_blamed_on_what_became_infinite():
    x, z = Tensor([0.0, 1.0]), Tensor([1000.0, 1.0])
    assert refused(ag.sum(x * exp(z))).startswith("exp(1000): the result is inf, at element [0], ")


def test_a_mask_of_infinities_is_not_blamed_for_others():
    mask = Tensor([0.0, -np.inf, 0.0], constant=True)
    x = Tensor([-1.0, 1.0, 1.0])
    y = softmax(x + mask) * log(x)
    assert refused(ag.sum(y)).startswith("log(-1): the result is nan, at element [0]")
    ag.sum(log_softmax(x + mask)[[0, 2]]).backward()
    assert x.grad.tolist()[1] == 0.0
    hidden = Tensor([-np.inf, -np.inf], constant=True) + x[:2]
    assert refused(logsumexp(hidden)).startswith("a leaf holds -inf, at element [0]")


def test_an_infinity_that_a_where_stopped_is_not_blamed_for_others():
    x = Tensor(1.0)
    root = sqrt(x - 1)
    stopped = log(where(x > 5, x, 1.0) - 1)  # infinitely steep, but the branch is a constant
    power = (x - 1) ** 0.25
    assert refused(root + stopped).startswith("sqrt(0): ")
    assert refused(stopped + root + power).startswith(("sqrt(0): ", "pow(0, 0.25): "))
    with np.errstate(all="raise"):
        where(x > 5, stopped, x).backward()
        (slope,) = gradients(where(x > 5, stopped, x), [x])
    assert x.grad == slope.data == 1.0


def test_a_leaf_that_was_given_new_data_is_seen_as_it_was():
    b = Tensor([np.nan])
    y = ag.sum(xlogy(0.0, b))
    b.data = [1.0]
    assert refused(y).startswith("xlogy(0, nan): it has a value here but no finite slope")


# Sums, seeds and rows that are not elementwise


def test_contributions_that_add_up_to_infinity_are_told_so():
    x = Tensor(1.0, name="x")
    assert refused(x * 1e308 + x * 1e308).startswith("x: what flows to it adds up to no finite")
    h = x * 0.5
    assert refused(h * 1.5e308 + h * 1.5e308).startswith("mul: what flows to it adds up to no")


def test_a_seed_that_is_not_finite_is_told_so():
    x = Tensor([1.0, 2.0])
    for seed in ([np.inf, 1.0], [np.nan, 0.0]):
        message = refused(x * 2, lambda y, _, seed=seed: y.backward(seed))
        assert message.startswith("mul: what flows to it adds up to no finite number, or the seed")


@each_way
def test_a_row_for_arrays_is_told_without_an_element(differentiate):
    w = Tensor([[1e-200]])
    with Scope("Linear"):
        y = w @ [[1e200]]
    assert refused(ag.sum(y) * 1e200, differentiate).startswith(
        "matmul: it has a value here but no finite slope, in Linear. Scale the operands down"
    )


def test_a_gradient_too_large_for_float32_is_told():
    x = Tensor(np.float32([1.0]))
    assert refused(ag.sum(x * Tensor([1e300]))).startswith("mul: it has a value here but no finite")


def test_the_module_call_is_told():
    x = Tensor([1.0, 0.0])
    with Scope("MLP"), Scope("Layer 2"):
        y = sqrt(x)
    with Scope("loss"):
        assert "at element [1], in MLP > Layer 2: upstream 1" in refused(ag.sum(y))


def test_an_op_of_ones_own_is_told_like_any_other():
    steep = Op(
        name="steep",
        forward=np.cbrt,
        vjps=(lambda g, y, x: g / (3 * y * y),),
        latex="",
        doc="",
    )
    assert refused(ag.sum(steep(Tensor([1.0, 0.0])))).startswith(
        "steep(0): it has a value here but no finite slope, at element [1]: upstream 1 × local inf"
    )


# What it costs


@pytest.mark.parametrize("node", [Value, Tensor])
def test_a_pass_that_is_finite_is_run_once(node):
    ran = []
    counted = Op(
        name="counted",
        forward=lambda x: x,
        vjps=(lambda g, y, x: ran.append(y) or g,),
        latex="",
        doc="",
    )
    x = node(2.0)
    y = counted(counted(x) * 3.0)
    y.backward()
    assert len(ran) == 2
    gradients(y, [x])
    assert len(ran) == 4


@each_way
def test_a_pass_raises_one_error_whatever_numpy_is_told_to_do(differentiate):
    y = ag.sum(sqrt(Tensor([0.0, 1e-300])) * 1e300)
    with np.errstate(all="raise"):
        assert refused(y, differentiate).startswith("sqrt(0): ")


def test_backprop_shows_what_numpy_computes():
    x = Tensor([0.0, 4.0])
    *_, leaf = backprop(ag.sum(sqrt(x)))
    assert leaf.node is x
    assert leaf.grad.tolist() == [np.inf, 0.25]


def test_large_gradients_are_no_infinite_ones():
    x = Tensor([1e-10, -1e-10])
    with np.errstate(all="raise"):
        y = ag.sum(x * [1e300, 1e301])
        y.backward()
        (slope,) = gradients(y, [x])
    assert x.grad.tolist() == slope.data.tolist() == [1e300, 1e301]


def test_a_slope_that_nobody_needs_is_told_how_to_be_left_out():
    x, exponent = Value(-2.0), Value(2.0)
    words = r"Where its second operand is not to be learned, write a number or a constant\."
    with pytest.raises(ag.InfiniteGradientError, match=words):
        (x**exponent).backward()
    (x ** Value(2.0, constant=True)).backward()
    assert x.grad == -4.0
