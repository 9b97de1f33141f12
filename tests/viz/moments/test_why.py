"""`why` gives the gradient as the sum of what each path adds, and says so the same everywhere."""

import html
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
import viz
from autograd import DomainError, GraphError, Scope, Tensor, Value, sign, step, tanh, trace
from autograd import sum as total
from autograd.formulas import number
from autograd.strategies import graphs
from viz import Path, why

EXAMPLES = settings(max_examples=max(5, settings.default.max_examples // 5))


def lecture():
    x, y = Value(-2.0, name="x"), Value(5.0, name="y")
    f = (x + y) * x
    f.name = "f"
    return x, y, f


@given(graphs())
def test_the_total_is_the_gradient_that_backward_gives(program):
    output = program.nodes()[program.output]
    nodes = trace(output, constants=False)
    found = {node: why(node, of=output, names={}) for node in nodes}
    assert not any(node.reached for node in nodes)
    output.backward()
    for node, paths in found.items():
        assert paths.total == node.grad
        assert all(isinstance(path, Path) for path in paths)
        sizes = [abs(path.product) for path in paths if path.nodes]
        assert sizes == sorted(sizes, reverse=True)
        assert (len(paths) == 0) == (not node.reached)


@given(graphs())
def test_text_and_notebook_say_the_same_numbers(program):
    output = program.nodes()[program.output]
    for node in trace(output, constants=False):
        paths = why(node, of=output, names={}, most=3)
        text, source = str(paths), html.unescape(paths._repr_html_())
        assert number(paths.total) in text
        for path in paths:
            for words in (path.route, path.terms, number(path.product), path.percent):
                assert words in text
                assert f">{words}</td>" in source


def test_the_first_lecture():
    x, _, f = lecture()
    paths = why(x, of=f)
    assert paths.total == 1.0
    assert [path.text for path in paths] == [
        "f → v₁ → x: -2 × 1 = -2 (40 %)",
        "f → x: 3 (60 %)",
    ][::-1]
    assert str(paths) == (
        "∂f/∂x = 1, the sum of 2 paths\n"
        "path        factors  product  share\n"
        "f → x       3              3   60 %\n"
        "f → v₁ → x  -2 × 1        -2   40 %"
    )
    assert repr(paths) == str(paths)


def test_names_are_those_of_the_variables():
    weight = Value(0.5)
    loss = tanh(weight) ** 2
    assert why(weight, of=loss)[0].labels == ("loss", "v₁", "weight")
    assert why(weight, of=loss, names={"w": weight})[0].labels == ("v₂", "v₁", "w")
    assert viz.why is why


def test_an_inner_node_may_be_asked_for():
    x, _, f = lecture()
    (inner,) = (node for node in trace(f) if node.op is not None and node is not f)
    assert [path.text for path in why(inner, of=f)] == ["f → inner: -2 (100 %)"]
    assert [path.text for path in why(f, of=f)] == ["f: 1 (100 %)"]
    assert str(why(x, of=x)).startswith("∂x/∂x = 1, one path\n")


def test_a_sequence():
    x, _, f = lecture()
    paths = why(x, of=f)
    assert len(paths) == 2
    assert paths[-1] is list(paths)[1]
    assert paths[:1] == (paths[0],)
    with pytest.raises(IndexError):
        paths[2]


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_without_a_path_the_total_is_zero(kind):
    x, y = kind(2.0), kind(3.0)
    cases = {"apart": y * y, "flat": sign(x) * y, "cut": x.detach() * y, "fixed": x.detach() * 2}
    for f in cases.values():
        paths = why(x, of=f)
        assert len(paths) == 0
        assert paths.total == (0.0 if kind is Value else None)
        assert str(paths) == "∂f/∂x = 0: no gradient passes from f to x"
    unnamed = why(kind(1.0), of=y * 2, names={})
    assert str(unnamed) == "∂f/∂x = 0: no gradient passes from f to x"


def test_the_rest_is_one_path_more():
    y = x = Value(1.0)
    for _ in range(5):
        y = y + y
    paths = why(x, of=y)
    assert (len(paths), paths[-1].count, paths[-1].product) == (21, 12, 12.0)
    assert "12 more paths" in str(paths)
    assert [path.count for path in why(x, of=y, most=1)] == [1, 31]
    assert len(why(x, of=y, most=32)) == 32


def test_more_paths_than_anyone_can_list_take_milliseconds():
    y = x = Value(1.0)
    for _ in range(40):
        y = y + y
    best = 1.0
    for _ in range(5):
        start = time.process_time()
        paths = why(x, of=y, names={})
        best = min(best, time.process_time() - start)
    assert paths.total == 2.0**40
    assert paths[-1].count == 2**40 - 20
    assert best < 0.05


def test_a_number_that_is_not_finite_is_said():
    b = Value(1e200)
    f = b * b * b
    paths = why(b, of=f)
    assert paths.total == float("inf")
    assert {path.share for path in paths} == {None}
    assert "inf" in str(paths)
    assert "not finite come first, and no share is defined" in str(paths)


def test_names_cannot_act_on_a_page_or_a_terminal():
    x = Value(2.0, name="<script>\x1b[2J")
    paths = why(x, of=x * 3)
    assert "\x1b" not in str(paths)
    assert "<script>" not in paths._repr_html_()
    assert "&lt;script&gt;\\x1b[2J" in paths._repr_html_()


def test_a_tensor_has_its_way_node_by_node():
    x = Tensor([0.5, 1.0])
    f = total(tanh(2 * x))
    paths = why(x, of=f)
    f.backward()
    (path,) = paths
    assert (paths.total, path.share) == (None, None)
    assert path.labels == ("f", "v₂", "v₁", "x")
    assert path.labels[path.weakest] == "v₂"
    assert abs(path.product - np.linalg.norm(x.grad)) < 1e-15
    assert str(paths) == (
        "‖∂f/∂x‖ = 0.85175\n"
        "from the result back  computes     norm      gain\n"
        "f                     sum(v₂)         1    1.4142\n"
        "v₂                    tanh(v₁)   1.4142  0.30114↓\n"
        "v₁                    2·x       0.42588         2\n"
        "x                               0.85175\n"
        "gain: the norm of what a node, or a call, passes on, over the norm of what came in\n"
        "↓ marks the gain that shrinks most"
    )


@EXAMPLES
@given(graphs(tensors=True), st.data())
def test_the_paths_to_an_element_sum_to_its_gradient(program, data):
    output = program.nodes()[program.output]
    output = total(output * output) if isinstance(output, Tensor) else output
    leaves = [x for x in trace(output, constants=False) if isinstance(x, Tensor) and x.data.size]
    if not leaves:
        return
    x = data.draw(st.sampled_from(leaves))
    at = data.draw(st.tuples(*(st.integers(-n, n - 1) for n in x.data.shape)))
    try:
        paths = why(x, of=output, at=at, names={})
    except (DomainError, GraphError):  # as unroll does
        return
    output.backward()
    largest = sum(abs(path.product) for path in paths)
    expected = 0.0 if x.grad is None else x.grad[at]
    if np.isfinite(largest):
        assert abs(sum(path.product for path in paths) - expected) <= 1e-9 * (1 + largest)
        assert abs(paths.total - expected) <= 1e-9 * (1 + largest)


def test_an_element_of_a_tensor_has_its_paths_from_number_to_number():
    W, x = Tensor([[0.5, -1.0], [2.0, 0.25]]), Tensor([3.0, 4.0], constant=True)
    h = W @ x
    f = h[0] * h[0] + 2 * h[1] - h[0]
    paths = why(W, of=f, at=(0, -1))
    assert [(path.labels, path.factors) for path in paths[:1]] == [
        (("f", "v₆", "v₃", "v₂", "h[0]", "W[0,1]"), (1.0, 1.0, -2.5, 1.0, 4.0))
    ]
    assert paths[0].nodes[-2:] == (h, W)
    assert paths.total == sum(path.product for path in paths) == -24.0
    assert "∂f/∂W[0,1] = -24, the sum of 3 paths" in str(paths)
    assert "<td>f → v₆ → v₃ → v₂ → h[0] → W[0,1]</td>" in paths._repr_html_()
    assert str(why(W, of=h[0], at=(1, 1), names={"W": W})).startswith("∂v₂/∂W[1,1] = 0: no")


def test_what_no_array_holds_is_in_no_path():
    z = Tensor([[0.5, -1.0, 2.0]], name="z")
    loss = nn.cross_entropy(z, [2])
    (path,) = why(z, of=loss, at=(0, 0), names={"loss": loss})
    assert path.labels[-1] == "z[0,0]"
    assert abs(path.product - np.exp(0.5) / np.exp(z.data).sum()) < 1e-15


def test_a_network_has_its_way_call_by_call_first():
    layers = [nn.Linear(4, 4, rng=0), nn.Sigmoid(), nn.Linear(4, 1, rng=1)]
    net = nn.Sequential(*layers)
    x = Tensor(np.ones((3, 4)))
    loss = total(net(x))
    by_call, by_node = paths = why(x, of=loss)
    assert len(by_call.labels) == 5
    assert "linear" not in by_call.route
    assert by_node.labels[0] == "loss"
    assert all(label in str(paths) for label in by_call.labels)
    assert by_node.product == by_call.product
    assert why(layers[0].weight, of=loss)[0].labels[-1] == "net.0.weight"


def test_a_way_of_many_nodes_is_shortened_but_for_what_shrinks_most():
    y = x = Tensor([1.0, 2.0])
    for i in range(100):
        y = y * (1e-3 if i == 50 else 1.01)
    f = total(y)
    lines = str(why(x, of=f)).splitlines()
    assert len(lines) < 45
    assert sum(line.endswith("↓") for line in lines[:-1]) == 1


def test_a_scope_around_values_is_no_gain():
    x = Value(2.0)
    with Scope("block"):
        f = x * x
    assert why(x, of=f).total == 4.0


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: why(3.0, of=x), TypeError, r"why: got 3.0 as x, a float. Give two nodes: why\("),
        (lambda x: why(x, of="f"), TypeError, "why: got 'f' as of, a str. Give two nodes"),
        (
            lambda x: why(x, of=Tensor([1.0, 2.0])),
            GraphError,
            r"why: of=Tensor.* holds 2 numbers, of shape \(2,\). Give one number, such as of=mean",
        ),
        (
            lambda x: why(Value(1.0, constant=True), of=x),
            GraphError,
            r"why: Value\(1.0, constant=True\) is a constant, .* without constant=True",
        ),
        (lambda x: why(x, of=x * 2, at=0), TypeError, "why: got at=0 for a Value, which is one"),
        (
            lambda _: why(y := Tensor([1.0]), of=(y * y).sum(), at=1, names={}),
            IndexError,
            r"why: x₁ of shape \(1,\) has no element 1\. Give one index for each axis",
        ),
        (lambda x: why(x, of=x, most=0), ValueError, "why: got most=0. Give how many"),
        (lambda x: why(x, of=x, most=2.5), ValueError, "why: got most=2.5. Give how many"),
        (lambda x: why(x, of=step(x)), GraphError, "step: it has no gradient"),
    ],
)
def test_errors_say_what_was_given_and_what_to_do(call, error, words):
    with pytest.raises(error, match=words):
        call(Value(1.0, name="x"))
