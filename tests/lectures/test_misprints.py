"""What lectures print wrong about gradients is refused by the check, and what is meant passes."""

import numpy as np
import pytest
from golden import EXAMPLES

from autograd import GradientError, check_gradients, sigmoid


def arrays(example, *names):
    return (np.array(EXAMPLES[example]["inputs"][name]) for name in names)


def a_delta_without_brackets():
    """Of the network that prices cars, by its second weights: the brackets are missing."""
    x, y, w1, w2, w3 = arrays("WE13", "X", "y", "W1", "W2", "W3")
    a2 = np.tanh(x @ w1)

    def cost(w2):
        return np.sum((y - np.tanh(np.tanh(a2 @ w2) @ w3)) ** 2) / 2

    def delta(w2):
        a3 = np.tanh(a2 @ w2)
        a4 = np.tanh(a3 @ w3)
        return (a4 - y) * (1 - a4**2) @ w3.T, 1 - a3**2

    def printed(w2):
        back, slope = delta(w2)
        return a2.T @ (back * 1 - (1 - slope))

    def meant(w2):
        back, slope = delta(w2)
        return a2.T @ (back * slope)

    return cost, printed, meant, w2


def a_sign():
    """Of half a squared error, by the last weighted sum: desired minus given."""
    (desired,) = arrays("WE35", "D")
    at = np.array(EXAMPLES["WE35"]["recomputed"]["Y2"])

    def cost(y):
        return np.sum((desired - np.tanh(y)) ** 2) / 2

    def printed(y):
        return (1 - np.tanh(y) ** 2) * (desired - np.tanh(y))

    return cost, printed, lambda y: -printed(y), at


def a_mean_that_is_a_sum():
    """Of a mean over samples in columns, by the first weights: 1/m is missing."""
    w1, b1, w2, b2, x, y = arrays("WE33", "W1", "b1", "W2", "b2", "X", "Y")

    def passed(w1):
        a1 = np.tanh(w1 @ x + b1)
        return a1, sigmoid(w2 @ a1 + b2)

    def cost(w1):
        _, p = passed(w1)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def printed(w1):
        a1, p = passed(w1)
        return (w2.T @ (p - y) * (1 - a1**2)) @ x.T

    return cost, printed, lambda w1: printed(w1) / x.shape[1], w1


@pytest.mark.parametrize("misprint", [a_delta_without_brackets, a_sign, a_mean_that_is_a_sum])
def test_a_misprint_is_refused_and_what_was_meant_passes(misprint):
    cost, printed, meant, at = misprint()
    with pytest.raises(GradientError, match=r"^wrong"):
        check_gradients((cost, printed), at)
    assert [verdict.verdict for verdict in check_gradients((cost, meant), at)] == ["pass"]


def test_we17_how_far_the_misprint_is_from_differences():
    _, printed, meant, at = a_delta_without_brackets()
    expected = EXAMPLES["WE17"]["differences"]
    differences = np.array(expected["dJ_dW2_finite_difference"])
    for gradient, name in ((printed, "literal"), (meant, "correct")):
        apart = np.abs(gradient(at) - differences).max()
        assert apart == pytest.approx(expected[f"max_abs_error_{name}"], abs=1e-15)
    literal = EXAMPLES["WE17"]["recomputed"]["dJ_dW2_literal"]
    np.testing.assert_allclose(printed(at), literal, rtol=1e-12)


def test_we33_what_is_printed_is_three_times_the_gradient():
    _, printed, _, at = a_mean_that_is_a_sum()
    expected = EXAMPLES["WE33"]["recomputed"]["dW1_as_printed_without_1_over_m"]
    np.testing.assert_allclose(printed(at), expected, rtol=1e-12)
