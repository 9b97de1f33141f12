"""Functions, modules and pairs are checked by all that they depend on, under the best names."""

import math

import numpy as np
import pytest
from checks import rejected, words
from wrong_rules import spoiled

import nn
from autograd import (
    GradientError,
    GraphError,
    ShapeError,
    Tensor,
    Value,
    check_gradients,
    exp,
    relu,
    softmax,
    step,
    sum,
    tanh,
)


def test_there_must_be_something_to_check():
    for inputs in [(), (Value(1.0, constant=True),), ("text", True)]:
        with pytest.raises(GraphError, match="nothing there to differentiate by"):
            check_gradients(lambda *xs: Value(1.0), *inputs)


def kinds(*inputs):
    """The kinds of leaves that a function is given."""
    seen = []

    def f(*nodes):
        seen[:] = nodes
        return nodes[-1] * 1.0

    names = [verdict.input for verdict in check_gradients(f, *inputs)]
    return names, seen


def test_numbers_become_values_and_beside_an_array_tensors():
    assert [type(x) for x in kinds(1.0, 2)[1]] == [Value, Value]
    assert [x.shape for x in kinds(1.0, np.ones(3))[1]] == [(), (3,)]
    assert [x.shape for x in kinds(2, [[1, 2]])[1]] == [(), (1, 2)]
    assert [x.shape for x in kinds(2, Tensor([1.0]))[1]] == [(), (1,)]
    assert [x.dtype for x in kinds(2, np.ones(2, np.float32))[1]] == [np.float64, np.float32]


def test_constants_and_what_is_no_number_are_handed_over_as_they_are():
    given = (Value(2.0, constant=True), "text", None, True, np.array([True]), Tensor([1.0]))
    names, seen = kinds(*given)
    assert names == ["input 5"]
    assert seen[0] is given[0]
    assert seen[1:4] == list(given[1:4])
    assert seen[4] is given[4]


def test_inputs_go_by_the_best_name_there_is():
    def f(x, /, y, *rest):
        return x * y * rest[0]

    report = check_gradients(f, Value(2.0, name="weight"), 3.0, 4.0)
    assert [verdict.input for verdict in report] == ["weight", "y", "input 2"]
    report = check_gradients(lambda xs: xs[0] * xs[1], [Value(2.0), Value(3.0)])
    assert [verdict.input for verdict in report] == ["xs[0]", "xs[1]"]


def test_nodes_are_stood_in_for():
    x, y = Value(2.0), Value(3.0) * 2
    x.grad = 7.0
    seen = []
    report = check_gradients(lambda a, b: seen.extend([a, b]) or a * b, x, y)
    assert words(report) == ["pass", "pass"]
    assert x not in seen
    assert (x.data, x.grad, y.reached) == (2.0, 7.0, False)


@pytest.mark.parametrize(
    ("f", "inputs"),
    [
        (lambda x: x @ x.T, [np.arange(6.0).reshape(2, 3)]),
        (lambda x: [x, x * 2, 3.0, (x**2,)], [2.0]),
        (lambda x: [x.sum(), x * 2], [[1.0, 2.0]]),
        (lambda x, y: x * 2, [2.0, 3.0]),
        (lambda x: 5.0, [2.0]),
        (lambda x: x, [2.0]),
        (lambda x: x * 2, [np.zeros((0, 3))]),
        (lambda x, y: sum(x) + y, [np.zeros(0), 1.0]),
        (lambda x: [], [2.0]),
        (lambda x, mask: softmax(x + mask), [[1.0, 2.0], [0.0, -math.inf]]),
    ],
)
def test_a_function_may_return_anything_and_ignore_anything(f, inputs):
    assert set(words(check_gradients(f, *inputs, order=2))) == {"pass"}


def test_several_results_do_not_hide_each_other():
    wrong = spoiled(exp, lambda g, y, x: -g * y)
    assert rejected(lambda x: [exp(x), wrong(x)], 0.5).startswith("wrong")
    assert rejected(lambda x: wrong(x) * np.array([1.0, -1.0]), [0.5, 0.5]).startswith("wrong")


@pytest.mark.parametrize("activation", [relu, tanh])
def test_a_module_is_checked_with_all_its_parameters(activation):
    model = nn.MLP(2, [3, 2], activation, np.random.default_rng(0))
    held = {name: p.data for name, p in model.named_parameters()}
    report = check_gradients(model, [0.5, -1.0], order=2)
    assert set(words(report)) == {"pass"}
    names = [verdict.input for verdict in report if verdict.order == 1]
    assert names == [*held, "x[0]", "x[1]"]
    assert {name: p.data for name, p in model.named_parameters()} == held
    assert not any(p.reached for p in model.parameters())


class Affine(nn.Module):
    """A module of Tensors, which may be told to fail."""

    def __init__(self, activation=tanh):
        self.weight = Tensor([[0.5, -1.0], [2.0, 0.3]])
        self.bias = Tensor(np.array([0.1, -0.2], np.float32))
        self.activation = activation
        self.fails_after = math.inf

    def forward(self, x):
        self.fails_after -= 1
        if self.fails_after < 0:
            raise RuntimeError("broken")
        return self.activation(x @ self.weight + self.bias)


def test_a_module_of_tensors_gets_tensors():
    report = check_gradients(Affine(), [[1.0, 2.0], [3.0, -4.0]], order=2)
    assert [(verdict.input, verdict.verdict) for verdict in report][:3] == [
        ("weight", "pass"), ("bias", "pass"), ("x", "pass")
    ]  # fmt: skip


def test_a_wrong_gradient_of_a_parameter_goes_by_its_path():
    model = nn.MLP(2, [2, 1], spoiled(tanh, lambda g, y, x: g), np.random.default_rng(0))
    text = rejected(model, [0.5, -1.0])
    assert text.startswith("wrong: first derivative by layers.0.neurons.0.w.0 = ")
    assert "tanh: its rule for x, g, gives" in text


def test_parameters_get_back_what_they_held_whatever_happens():
    wrong = spoiled(tanh, lambda g, y, x: g)
    for calls_before_failure, activation, error in [
        (math.inf, tanh, None),
        (0, tanh, RuntimeError),
        (5, tanh, RuntimeError),
        (math.inf, wrong, GradientError),
        (math.inf, step, GraphError),
    ]:
        model = Affine(activation)
        model.fails_after = calls_before_failure
        held = [p._held for p in model.parameters()]
        if error:
            with pytest.raises(error):
                check_gradients(model, [1.0, 2.0])
        else:
            check_gradients(model, [1.0, 2.0])
        assert all(p._held is data for p, data in zip(model.parameters(), held, strict=True))
        assert not any(p.reached for p in model.parameters())


def test_a_pair_is_a_function_and_its_claimed_gradient():
    def f(x, y):
        return float(np.sum(np.sin(x) * y))

    x, y = np.array([0.5, -1.0, 2.0]), 3.0
    right = (f, lambda x, y: (np.cos(x) * y, np.sum(np.sin(x))))
    assert words(check_gradients(right, x, y)) == ["pass", "pass"]
    assert words(check_gradients((np.linalg.det, lambda a: np.linalg.inv(a).T * np.linalg.det(a)),
                                 [[1.0, 2.0], [3.0, 5.0]])) == ["pass"]  # fmt: skip
    text = rejected((f, lambda x, y: (np.cos(x) * y, 0.9 * np.sum(np.sin(x)))), x, y)
    assert text.startswith("wrong: first derivative by y = 3")
    assert "Correct the gradient." in text


def test_a_claimed_gradient_has_the_shapes_of_the_inputs():
    text = rejected((lambda x: float(x @ x), lambda x: 2 * x[:1]), np.array([1.0, 2.0]))
    assert "shapes [(1,)] for inputs of shapes [(2,)]" in text
    with pytest.raises(ShapeError, match="must return one number"):
        check_gradients((lambda x: x, lambda x: x), np.array([1.0, 2.0]))
