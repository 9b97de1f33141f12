"""unroll shows the numbers inside Tensors: the same values and gradients, names, scopes, shapes."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numerics import EPSILON
from samples import ARRAY_CALLS, ELEMENTWISE_CALLS, call, elementwise

from autograd import (
    OPS,
    DomainError,
    Graph,
    GraphError,
    Op,
    Scope,
    Tensor,
    Value,
    backprop,
    broadcast_to,
    concatenate,
    einsum,
    exp,
    gradients,
    log,
    log_softmax,
    logsumexp,
    matmul,
    max,
    mean,
    min,
    pad,
    put,
    relu,
    reshape,
    softmax,
    stack,
    sum,
    tanh,
    trace,
    unfold,
    unroll,
    var,
)
from autograd.functional import unrolled
from autograd.strategies import graphs


def cells_of(tensor):
    """The Values inside a Tensor in a row."""
    cells = unroll(tensor)
    return list(cells.flat) if isinstance(cells, np.ndarray) else [cells]


def name_of(leaf, index):
    return leaf.name + (f"[{','.join(map(str, index))}]" if index else "")


def pulled(cells, g):
    """The gradients of Values, by name, that a pass leaves with an adjoint for each cell."""
    total = Value(0.0)
    for cell, adjoint in zip(cells, np.ravel(g), strict=True):
        total = total + cell * float(adjoint)
    total.backward()
    return {leaf.name: leaf.grad for leaf in trace(total, constants=False) if not leaf.op}


def scale_of(output, g):
    """The largest number in a pass."""
    passed = [x for step in backprop(output, g) for x in (step.grad, *step.contributions)]
    largest = [np.max(np.abs(x), initial=1.0) for x in passed if x is not None]
    return np.max([*largest, np.max(np.abs(output.data), initial=1.0)])


def same_inside(output, leaves, ulps=32):
    """The Values inside have the values and the gradients of the Tensors."""
    g = np.random.default_rng(0).uniform(0.5, 1.5, output.shape)
    cells = cells_of(output)
    tolerance = ulps * EPSILON * scale_of(output, g)
    assert [cell.data for cell in cells] == pytest.approx(np.ravel(output.data), abs=tolerance)
    found = pulled(cells, g)
    for leaf in leaves:
        leaf.grad = None
    output.backward(g)
    for leaf in leaves:
        slopes = np.zeros(leaf.shape) if leaf.grad is None else leaf.grad
        for index in np.ndindex(leaf.shape):
            slope = found.get(name_of(leaf, index), 0.0)
            assert slope == pytest.approx(slopes[index], abs=tolerance), name_of(leaf, index)


# The same numbers

PADDED = call("pad", (), widths=1)  # which changes nothing, for there is no axis


@pytest.mark.parametrize("call", [*ARRAY_CALLS, *ELEMENTWISE_CALLS, PADDED], ids=str)
def test_every_row_is_the_same_inside(call):
    leaves = call.leaves()
    output = call(*leaves)
    if None in call.rules():
        assert [cell.data for cell in cells_of(output)] == list(np.ravel(output.data))
    else:
        same_inside(output, leaves)


@pytest.mark.parametrize("call", [*ARRAY_CALLS, *ELEMENTWISE_CALLS, PADDED], ids=str)
def test_the_gradient_of_every_row_is_the_same_inside(call):
    leaves = call.leaves()
    output = call(*leaves)
    if None in call.rules():
        return
    seed = Tensor(call.dice().uniform(0.5, 1.5, output.shape), name="seed")
    for slope in gradients(output, leaves, seed):
        if not slope.constant:
            same_inside(slope, [*leaves, seed], ulps=256)


INDEXED = [(), (1,), (3,), (2, 3), (2, 1, 2)]


@st.composite
def indexed(draw):
    """A shape and what can be written in brackets behind an array of it."""
    shape = draw(st.sampled_from(INDEXED))
    basic = hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True, max_dims=5)
    kinds = [basic, hnp.arrays(bool, shape), st.just(True)]
    if shape:
        kinds.append(hnp.integer_array_indices(shape, dtype=np.int64))
        kinds.append(hnp.arrays(bool, shape[:1]))
    return shape, draw(st.one_of(kinds))


@given(indexed())
def test_what_is_picked_and_put_back_is_the_same_inside(drawn):
    shape, index = drawn
    x = Tensor(np.random.default_rng(0).uniform(0.5, 1.5, shape), name="x")
    y = sum(x[index] ** 3) * sum(x)
    (slope,) = gradients(y, [x])
    (curvature,) = gradients(sum(slope**2), [x])
    for output in (y, slope, curvature):
        same_inside(output, [x], ulps=256)


@given(graphs(tensors=True))
def test_every_graph_is_the_same_inside(program):
    nodes = program.nodes()
    same_inside(nodes[program.output], [nodes[name] for name in program.leaves], ulps=4096)


@given(graphs())
def test_a_tensor_of_one_number_has_the_graph_of_a_value_inside(program):
    expected = Graph(program.nodes()[program.output])
    for shape in [(), (1,), (1, 1)]:
        tensors = program.run(
            {name: Tensor(np.full(shape, x), name=name) for name, x in program.leaves.items()}
            | {name: Tensor(x, name=name, constant=True) for name, x in program.constants.items()}
        )
        (cell,) = cells_of(tensors[program.output])
        for leaf in trace(cell):
            leaf.name = leaf.name and leaf.name.split("[")[0]
        assert Graph(cell) == expected


@pytest.mark.parametrize("op", [max, min], ids=repr)
@given(
    hnp.arrays(
        float, hnp.array_shapes(min_dims=0, max_side=4), elements=st.sampled_from([0, 1, 2])
    ),
    st.data(),
)
def test_elements_that_tie_share_as_those_of_the_tensor_do(op, numbers, data):
    places = st.lists(
        st.integers(-numbers.ndim, numbers.ndim - 1), unique_by=lambda i: i % numbers.ndim
    )
    axis = data.draw(st.none() | places.map(tuple)) if numbers.ndim else None
    x = Tensor(numbers, name="x")
    same_inside(op(x, axis, data.draw(st.booleans())), [x])


def test_the_largest_of_numbers_with_nan_among_them_is_nan():
    for op in (max, min):
        assert np.isnan(unroll(op(Tensor([1.0, np.nan, 2.0]))).data)


def test_numbers_inside_a_tensor_of_float32_are_computed_more_precisely():
    x = Tensor(np.array([0.1, 0.2, 0.3], np.float32), name="x")
    y = mean(tanh(x) ** 2)
    assert y.dtype == np.float32
    leaves = [cell for cell in trace(unroll(y)) if cell.name]
    assert [leaf.data for leaf in leaves] == x.data.tolist()
    assert unroll(y).data == pytest.approx(np.mean(np.tanh(x.data.astype(float)) ** 2), rel=1e-15)
    assert abs(unroll(y).data / y.item() - 1) < np.finfo(np.float32).eps


def convolution(images, filters, size):
    """Correlate images (n, c, h, w) with filters (f, c, *size)."""
    windows = unfold(images, size)  # (n, c, *size, *positions)
    n, c, kh, kw, h, w = windows.shape
    columns = reshape(windows, (n, c * kh * kw, h * w))
    rows = reshape(filters, (filters.shape[0], c * kh * kw))
    return reshape(matmul(rows, columns), (n, filters.shape[0], h, w))


def test_a_convolutional_network_is_the_same_inside():
    dice = np.random.default_rng(0)
    images = Tensor(dice.normal(size=(2, 1, 5, 6)), constant=True, name="images")
    filters = Tensor(dice.normal(size=(2, 1, 2, 3)), name="filters")
    weights = Tensor(dice.normal(size=(8, 3)), name="weights")
    bias = Tensor(dice.normal(size=3), name="bias")
    hidden = relu(convolution(images, filters, (2, 3)))
    pooled = max(unfold(hidden, (2, 2), 2), axis=(2, 3))
    scores = log_softmax(reshape(pooled, (2, 8)) @ weights + bias)
    loss = -mean(scores[[0, 1], [2, 0]])
    assert pooled.shape == (2, 2, 2, 2)
    same_inside(scores, [filters, weights, bias])
    same_inside(loss, [filters, weights, bias])


def test_cross_entropy_is_the_same_inside_however_it_is_written():
    dice = np.random.default_rng(1)
    x = Tensor(dice.normal(size=(4, 5)) * 10, name="x")
    onehot = np.eye(5)[[0, 3, 3, 1]]
    for loss in (
        -mean(sum(onehot * log_softmax(x), -1)),
        mean(logsumexp(x, -1) - sum(onehot * x, -1)),
        -mean(log(sum(onehot * softmax(x), -1))),
    ):
        same_inside(loss, [x])


def test_masked_scores_are_the_same_inside():
    x = Tensor(np.arange(9.0).reshape(3, 3), name="x")
    hidden = np.triu(np.full((3, 3), -np.inf), 1)
    same_inside(softmax(x + hidden), [x])


def test_the_gradient_of_a_graph_is_the_same_inside():
    dice = np.random.default_rng(2)
    w = Tensor(dice.normal(size=(3, 2)), name="w")
    b = Tensor(dice.normal(size=2), name="b")
    x = Tensor(dice.normal(size=(4, 3)), constant=True)
    loss = mean(var(tanh(x @ w + b), axis=0)) + logsumexp(w)
    for slope in gradients(loss, [w, b]):
        same_inside(slope, [w, b])
        (curvature, _) = gradients(sum(slope**2), [w, b])
        same_inside(curvature, [w, b])


# What the Values are


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (1, 2, 1), (0,), (2, 0)], ids=str)
def test_the_result_has_the_shape_of_the_tensor(shape):
    x = Tensor(np.ones(shape))
    for tensor in (x, exp(x), x + x, x.T.T):
        cells = unroll(tensor)
        if shape:
            assert type(cells) is np.ndarray
            assert (cells.shape, cells.dtype) == (shape, object)
            assert all(type(cell) is Value for cell in cells.flat)
        else:
            assert type(cells) is Value


def test_elements_of_a_leaf_are_named_by_their_place():
    x, s = Tensor([[1.0, 2.0]], name="x"), Tensor(3.0, name="s")
    unnamed = Tensor([1.0, 1.0])
    cells = unroll((x * s) + unnamed)
    for i, cell in enumerate(cells.flat):
        names = [leaf.name for leaf in trace(cell) if leaf.op is None]
        assert names == [f"x[0,{i}]", "s", None]
    assert unroll(s).name == "s"
    assert [cell.name for cell in unroll(x).flat] == ["x[0,0]", "x[0,1]"]
    deep = Tensor(np.zeros((1, 2, 11)), name="deep")
    assert unroll(deep)[0, 1, 10].name == "deep[0,1,10]"


def test_results_that_have_a_name_give_it_to_their_elements():
    x = Tensor([1.0, 2.0], name="x")
    y = exp(x)
    y.name = "y"
    total = sum(y)
    total.name = "total"
    loss = total * 2.0
    cells = trace(unroll(loss))
    assert {cell.name for cell in cells} == {"x[0]", "x[1]", "y[0]", "y[1]", "total", None}
    assert [cell.op.name for cell in cells if cell.name == "total"] == ["add"]


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x.T,
        lambda x: x.reshape(-1),
        lambda x: x[::-1],
        lambda x: x[[0, 0, 1]],
        lambda x: broadcast_to(x, (3, 2, 2)),
        lambda x: stack([x, x]),
    ],
)
def test_elements_keep_the_name_of_the_leaf_that_a_named_view_shows(view):
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], name="x")
    y = view(x)
    y.name = "y"
    names = {leaf.name for leaf in trace(unroll(sum(y))) if leaf.op is None}
    assert names == {"x[0,0]", "x[0,1]", "x[1,0]", "x[1,1]"}


def test_elements_of_a_view_are_those_of_the_leaf():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], name="x")
    assert [cell.name for cell in unroll(x.T).flat] == ["x[0,0]", "x[1,0]", "x[0,1]", "x[1,1]"]
    assert unroll(x[1, 0]).name == "x[1,0]"
    repeated = unroll(broadcast_to(x, (2, 2, 2)))
    assert repeated[0, 0, 0] is repeated[1, 0, 0]


@given(graphs(tensors=True))
def test_what_is_constant_stays_constant(program):
    nodes = program.nodes()
    for name, node in nodes.items():
        cells = cells_of(node)
        if node.constant:
            assert all(cell.constant for cell in cells)
        leaves = {leaf for cell in cells for leaf in trace(cell) if leaf.op is None and leaf.name}
        for leaf in leaves:
            assert leaf.constant == (leaf.name[0] == "c")
        assert name in program.leaves or not any(cell.name for cell in cells if cell.op)


def test_numbers_that_a_row_adds_are_constants():
    x = Tensor([1.0, 2.0], name="x")
    for tensor in (pad(x, 1, 0.5), put(x, (4,), slice(1, 3)), concatenate([x, np.zeros(2)])):
        cells = unroll(tensor)
        assert [cell.constant for cell in cells] == [cell.name is None for cell in cells]
        assert sorted(cell.name for cell in cells if cell.name) == ["x[0]", "x[1]"]


def op_of(forward):
    return Op(
        name="swallow",
        forward=forward,
        vjps=(lambda g, y, x: g * 2.0,),
        latex="{0}",
        doc="Twice x.",
        elementwise=False,
    )


@pytest.mark.filterwarnings("ignore:float. got .* no gradient flows:UserWarning")
@pytest.mark.parametrize(
    "forward",
    [
        lambda x: np.asarray(x, float) * 2.0,
        lambda x: np.concatenate([x[:1] * 2.0, 2.0 * x[1:].astype(float)]),
    ],
    ids=["all", "some"],
)
def test_an_op_that_makes_numbers_of_values_is_refused(forward):
    swallow = op_of(forward)
    x = Tensor([1.0, 2.0], name="x")
    with pytest.raises(GraphError, match=r"unroll: the forward function of swallow makes plain"):
        unroll(swallow(x))
    assert [cell.data for cell in unroll(swallow(Tensor([1.0, 2.0], constant=True)))] == [2.0, 4.0]
    same_inside(op_of(lambda x: x * 2.0)(x), [x])


def test_values_are_made_in_the_scopes_of_their_tensors():
    x = Tensor([1.0, 2.0], name="x")
    with Scope("model"):
        for _ in range(2):
            with Scope("layer"):
                x = tanh(x @ np.ones((2, 2)))
        y = sum(x)
    inside = Graph(unroll(y * 2.0))
    outside = Graph(y * 2.0)
    assert {node.scope for node in inside.nodes} == {node.scope for node in outside.nodes}
    assert [node.scope for node in inside.nodes if node.op == "tanh"] == 2 * [
        ("model", "layer 1")
    ] + 2 * [("model", "layer 2")]
    assert inside.nodes[-1].scope == ()
    assert exp(Value(1.0)).scope is None


def test_inside_a_scope_values_still_belong_to_their_own():
    y = exp(Tensor([1.0]))
    with Scope("elsewhere"):
        (cell,) = unroll(y)
        assert exp(Value(1.0)).scope.name == "elsewhere"
    assert cell.scope is None


@given(graphs(tensors=True))
def test_tensors_are_not_disturbed(program):
    nodes = program.nodes()
    output = nodes[program.output]
    output.backward(np.ones(output.shape))
    before = Graph(output).to_json()
    cells = cells_of(output)
    pulled(cells, np.ones(output.shape))
    assert Graph(output).to_json() == before
    again = cells_of(output)
    assert all(a is not b for a, b in zip(cells, again, strict=True))
    assert all(Graph(a) == Graph(b) for a, b in zip(again, cells_of(output), strict=True))


# What the computation saw


def test_a_leaf_edited_afterwards_shows_what_the_computation_saw():
    x, w = Tensor([1.0, 2.0], name="x"), Tensor([3.0, 4.0], name="w")
    y = sum(x * w) + sum(x)
    x.data = [10.0, 20.0]
    w.data -= 1.0
    cell = unroll(y)
    assert cell.data == y.item() == 14.0
    seen = {leaf.name: leaf.data for leaf in trace(cell) if leaf.name}
    assert seen == {"x[0]": 1.0, "x[1]": 2.0, "w[0]": 3.0, "w[1]": 4.0}
    assert [leaf.data for leaf in unroll(x)] == [10.0, 20.0]


def test_a_leaf_edited_between_two_uses_is_refused():
    x = Tensor([1.0, np.nan], name="x")
    y = x * 2.0
    x.data = [1.0, np.nan]
    assert unroll(y + x)[0].data == 3.0
    x.data = [1.0, 2.0]
    with pytest.raises(GraphError, match=r"unroll: Tensor\(.*name='x'\) was given new data"):
        unroll(y + x)


@pytest.mark.parametrize(
    ("tensor", "count"),
    [
        (lambda: Tensor(np.ones((1000, 1001))), "1,001,000"),
        (lambda: sum(Tensor(np.ones((1000, 1001)))), "2,002,000"),
        (lambda: broadcast_to(Tensor(1.0), (1000, 1001)), "1,001,001"),
        (lambda: Tensor(np.ones((200, 200))) @ np.ones((200, 200)), "16,080,000"),
        (
            lambda: einsum("bij,bj->b", Tensor(np.ones((9, 300, 300))), np.ones((9, 300))),
            "2,432,700",
        ),
    ],
)
def test_too_many_numbers_are_counted_and_refused(tensor, count):
    with pytest.raises(GraphError, match=f"unroll: . Tensors? would take about {count} Values"):
        unroll(tensor())


@pytest.mark.parametrize(
    "call",
    [
        *(call(name, (6, 40), axis=1) for name in ("sum", "var", "max", "prod", "logsumexp")),
        *(call(name, (6, 40), axis=1) for name in ("softmax", "log_softmax", "others", "cumsum")),
        call("matmul", (5, 30), (30, 4)),
        call("matmul", (6, 5, 30), (30,)),
        call("einsum", (5, 30), (30, 4), subscripts="ij,jk->ik"),
        call("einsum", (5, 8), (8, 4), (4, 5), subscripts="ij,jk,ki->i"),
        call("fold", (3, 3, 10, 10), shape=(12, 12), size=(3, 3)),
        elementwise(OPS["mul"], (20, 1), (1, 20)),
    ],
    ids=str,
)
def test_the_count_is_near_what_is_made(call, monkeypatch):
    output = call(*call.leaves())
    before = Value(0.0).id
    unroll(output)
    made = Value(0.0).id - before
    module = import_module("autograd.functional.unroll")
    monkeypatch.setattr(module, "_LARGEST", made * 2)
    unroll(output)
    monkeypatch.setattr(module, "_LARGEST", made // 6)
    with pytest.raises(GraphError, match="would take about"):
        unroll(output)


# Beside the Tensors


def test_a_number_for_which_an_array_has_inf_is_refused():
    with np.errstate(divide="ignore"):
        y = log(Tensor([1.0, 0.0]))
    with pytest.raises(DomainError, match=r"log\(0\)"):
        unroll(y)


def test_a_deep_graph_needs_no_recursion():
    x = y = Tensor([0.0, 1.0], name="x")
    for _ in range(5000):
        y = y + x
    assert [cell.data for cell in unroll(y)] == [0.0, 5001.0]


def test_the_numbers_inside_a_matrix_product():
    """The example of the README: each score depends on one row of X and all of W and b."""
    w = Tensor([[0.5, -1.0], [0.25, 2.0]], name="W")
    b = Tensor([0.1, 0.0], name="b")
    x = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], constant=True, name="X")
    scores = unroll(softmax(x @ w.T + b))
    assert scores.shape == (3, 2)
    leaves = {leaf.name for leaf in trace(scores[0, 1]) if leaf.name}
    assert leaves == {"W[0,0]", "W[0,1]", "W[1,0]", "W[1,1]", "b[0]", "b[1]"} | {"X[0,0]", "X[0,1]"}


def test_results_on_the_way_can_be_had_or_kept_whole():
    z = Tensor([0.5, -1.0, 2.0], name="z")
    p = softmax(z)
    p.name = "p"
    y = p * 2.0
    cells = unrolled(y)
    assert [[x.data for x in cells[node]] for node in (z, p, y)] == [
        pytest.approx(node.data.tolist(), abs=4 * EPSILON) for node in (z, p, y)
    ]
    assert {x.name for x in trace(*unrolled(y, [p])[y]) if not x.op} == {
        None,
        "p[0]",
        "p[1]",
        "p[2]",
    }
    with pytest.raises(GraphError, match="more than 5 are too many"):
        unrolled(y, most=5)
