"""A tape gives what the graph it was recorded from gives, for every sample of a batch."""

import copy
import math
import pickle
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import close

from autograd import (
    DomainError,
    GraphError,
    Op,
    Scope,
    ShapeError,
    Tape,
    Tensor,
    Value,
    concatenate,
    exp,
    fold,
    gradients,
    heaviside,
    log,
    matmul,
    neg,
    noise,
    relu,
    sigmoid,
    softmax,
    tanh,
    transpose,
    unfold,
    where,
)
from autograd.strategies import graphs, values
from autograd.tape.executors import levels, loop
from autograd.tape.executors.levels import Levels
from autograd.tape.executors.line_by_line import Lines

few = settings(max_examples=max(10, settings.default.max_examples // 2))
NUMBA = pytest.param("numba", marks=pytest.mark.skipif(not find_spec("numba"), reason="no numba"))
each_executor = pytest.mark.parametrize("executor", ["numpy", NUMBA])


def recorded(program, executor="numpy"):
    """The nodes of a program, and a tape of its output and gradients."""
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    output = nodes[program.output]
    number = output.sum() if isinstance(output, Tensor) else output
    found = [output, *gradients(number, leaves)]
    return leaves, found, Tape(found, inputs=leaves, executor=executor)


def samples(data, leaves, count=3):
    """Batches of inputs near those that a graph was made with."""
    return [
        np.array([x.data, *(x.data + data.draw(values(-0.02, 0.02)) for _ in range(count - 1))])
        for x in leaves
    ]


# Laws of Values


@each_executor
@given(program=graphs())
def test_a_tape_of_numbers_gives_the_very_numbers_of_the_graph(executor, program):
    leaves, found, tape = recorded(program, executor)
    assert tape(*[x.data for x in leaves]) == [x.data for x in found]


@few
@given(program=graphs())
def test_a_tape_of_gradients_is_what_backward_gives(program):
    leaves, found, tape = recorded(program)
    found[0].backward()
    for given_by_tape, x in zip(tape(*[x.data for x in leaves])[1:], leaves, strict=True):
        assert close(given_by_tape, x.grad or 0.0, 1e-12)


@each_executor
@few
@given(program=graphs(), data=st.data())
def test_each_sample_of_a_batch_gives_what_it_gives_alone(executor, program, data):
    leaves, _, tape = recorded(program, executor)
    near = samples(data, leaves)
    batch = tape(*near)
    for k, sample in enumerate(zip(*near, strict=True)):
        alone = tape(*map(float, sample))
        for whole, one in zip(batch, alone, strict=True):
            assert close(float(whole[k]), one, 1e-12)


@each_executor
@few
@given(program=graphs(), data=st.data())
def test_a_batch_is_added_up_or_averaged(executor, program, data):
    leaves, _, tape = recorded(program, executor)
    batch = samples(data, leaves, count=5)
    for reduce, share in (("sum", 1), ("mean", 5)):
        for total, alone in zip(tape(*batch, reduce=reduce), tape(*batch), strict=True):
            scale = float(np.abs(alone).sum())
            assert abs(total * share - math.fsum(alone)) <= 1e-14 * scale


@each_executor
@few
@given(program=graphs(), data=st.data())
def test_any_input_may_be_the_same_for_all_samples(executor, program, data):
    leaves, _, tape = recorded(program, executor)
    near = samples(data, leaves)
    shared = data.draw(st.lists(st.booleans(), min_size=len(near), max_size=len(near)))
    mixed = [float(x[0]) if one else x for x, one in zip(near, shared, strict=True)]
    spread = [np.full(3, x) if isinstance(x, float) else x for x in mixed]
    for reduce in (None, "sum"):
        for a, b in zip(tape(*mixed, reduce=reduce), tape(*spread, reduce=reduce), strict=True):
            if all(shared):
                a = a * 3 if reduce else a
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-300)


@few
@given(program=graphs(), data=st.data())
def test_however_lines_are_put_together_the_results_are_the_same(program, data):
    leaves, _, tape = recorded(program)
    near = samples(data, leaves, count=7)
    batched = [data.draw(st.booleans()) for _ in near]
    mixed = [x if differs else float(x[0]) for x, differs in zip(near, batched, strict=True)]
    for reduce in (None, "sum", "mean"):
        plans = [kind(tape.code, batched, reduce) for kind in (Lines, Levels)]
        for a, b in zip(*(plan.run(mixed, []) for plan in plans), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-300)


@each_executor
def test_a_network_of_single_numbers_is_run_as_one_of_arrays(executor, monkeypatch):
    monkeypatch.setattr(levels, "_NUMBERS", 80_000)  # so that there are several blocks
    rng = np.random.default_rng(0)
    w, v = ([Value(x) for x in rng.normal(size=32)] for _ in range(2))
    x = [Value(0.1), Value(0.2)]
    hidden = [tanh(w[2 * k] * x[0] + w[2 * k + 1] * x[1]) for k in range(16)]
    loss = relu(sum(v[k] * hidden[k] for k in range(16)))
    tape = Tape([loss, *gradients(loss, w)], inputs=x, executor=executor)
    X = rng.normal(size=(1000, 2))
    W, V = (np.array([p.data for p in ps]) for ps in (w, v))
    H = np.tanh(X @ W.reshape(16, 2).T)
    scores = H @ V[:16]
    slope = ((scores > 0)[:, None] * V[:16] * (1 - H * H))[:, :, None] * X[:, None, :]
    for width in (1000, 7):
        total, *slopes = tape(*X[:width].T, reduce="mean")
        assert close(total, np.maximum(scores[:width], 0).mean(), 1e-12)
        np.testing.assert_allclose(slopes, slope[:width].mean(0).ravel(), rtol=1e-11)
    if executor == "numpy":
        assert all(isinstance(plan, Levels) for plan in tape._plans.values())


@given(program=graphs())
def test_what_is_not_an_input_is_read_afresh(program):
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    tape = Tape([nodes[program.output]])
    before = tape()
    leaves[0].data = leaves[0].data + 0.01
    again = program(*[Value(x.data) for x in leaves]).data
    assert tape() == [again]
    leaves[0].data = program.inputs[0]
    assert tape() == before
    moved = [leaf.data + 0.01 * (leaf is leaves[0]) for leaf in tape.code.leaves]
    assert tape(params=moved) == [again]
    assert tape() == before


@given(program=graphs())
def test_no_line_is_computed_in_vain_or_twice(program):
    _, _, tape = recorded(program)
    code = tape.code
    read = {slot for line in code.lines for slot in line.operands} | set(code.outputs)
    assert read >= set(range(code.first_line, code.first_line + len(code.lines)))
    keys = [(line.op, line.operands, repr(line.params)) for line in code.lines]
    assert len(keys) == len(set(keys))
    assert len(code.lines) <= code.recorded


# Laws of Tensors


@given(program=graphs(tensors=True))
def test_a_tape_of_tensors_gives_the_very_arrays_of_the_graph(program):
    leaves, found, tape = recorded(program)
    for _ in range(2):  # the second time, in arrays that were used before
        for a, b in zip(tape(*[x.data for x in leaves]), found, strict=True):
            np.testing.assert_array_equal(a, b.data)
            assert np.asarray(a).dtype == b.dtype


@given(program=graphs(tensors=True), data=st.data())
def test_a_tape_of_tensors_may_be_replayed_on_other_numbers(program, data):
    leaves, _, tape = recorded(program)
    near = [x.data + data.draw(values(-0.02, 0.02)) for x in leaves]
    eager = program(*[Tensor(x) for x in near])
    first, *slopes = tape(*near)
    kept = [np.array(first), *map(np.array, slopes)]
    np.testing.assert_array_equal(first, eager.data)
    tape(*[x.data for x in leaves])
    for before, after in zip(kept, [first, *slopes], strict=True):
        np.testing.assert_array_equal(before, after)  # a later call does not write into it


# What a program is


def test_a_training_step_is_one_call():
    w, b = Value(0.0, name="w"), Value(0.0, name="b")
    x, y = Value(1.0, name="x"), Value(1.0, name="y")
    loss = (w * x + b - y) ** 2
    tape = Tape([loss, *gradients(loss, [w, b])], inputs=[x, y])
    X = np.linspace(-1, 1, 20)
    for _ in range(300):
        error, slope_w, slope_b = tape(X, 3 * X - 1, reduce="mean")
        w.data -= 0.3 * slope_w
        b.data -= 0.3 * slope_b
    assert error < 1e-12
    assert (round(w.data, 6), round(b.data, 6)) == (3.0, -1.0)


def test_it_prints_itself_as_a_program():
    x, w = Value(2.0, name="x"), Value(3.0)
    tape = Tape([sigmoid(w * x) * 1.0 + 0.0, neg(neg(w))], inputs=[x])
    assert str(tape).splitlines() == [
        "2 of 6 recorded results are computed",
        "given x",
        "read w0",
        "v1 = w0·x",
        "v2 = sigmoid(v1)",
        "give v2, w0",
    ]
    assert repr(tape) == "<Tape of Values: 1 inputs, 1 params, 2 lines, executor 'numpy'>"


def test_its_text_survives_any_name():
    x, y = Value(1.0, name="a\nb"), Value(2.0, name="v1")
    assert str(Tape([x * y], inputs=[x, y])).splitlines()[1:] == [
        "given a b, v1_",
        "v1 = a b·v1_",
        "give v1",
    ]
    many = [Value(float(k), name=f"name{k}") for k in range(50)]
    assert max(map(len, str(Tape(many, inputs=many)).splitlines())) <= 100


def test_its_picture_folds_as_that_of_the_graph_does():
    x = Value(1.0, name="x")
    with Scope("inner"):
        y = tanh(x * 2.0)
    graph = Tape([y * y], inputs=[x]).graph
    assert [node.scope for node in graph.nodes if node.op] == [("inner",), ("inner",), ()]


def test_it_can_be_drawn():
    x, w = Value(2.0, name="x"), Value(3.0, name="w")
    loss = (w * x - 1.0) ** 2
    graph = Tape([loss, *gradients(loss, [w])], inputs=[x]).graph
    assert [(n.name, n.op, n.inputs) for n in graph.nodes if n.op or n.name] == [
        ("x", None, ()),
        ("w", None, ()),
        ("v1", "mul", (1, 0)),
        ("v2", "sub", (4, 2)),
        ("v3", "pow", (5, 3)),
        ("v4", "mul", (3, 5)),
        ("v5", "mul", (7, 0)),
    ]
    assert graph.output == 6
    assert graph.nodes[8].data == 20.0


@pytest.mark.parametrize(
    ("same", "lines"),
    [
        (lambda x: x * 1.0, 0),
        (lambda x: 1.0 * x, 0),
        (lambda x: 0.0 + x, 0),
        (lambda x: x - 0.0, 0),
        (lambda x: x / 1.0, 0),
        (lambda x: x**1.0, 0),
        (lambda x: neg(neg(x)), 0),
        (lambda x: x + (Value(2.0, constant=True) - 2.0), 0),
        (lambda x: where(x, x * 2.0, 2.0 * x), 1),
        (lambda x: x * 2.0 + 2.0 * x, 2),
        (lambda x: 0.0 - x, 1),
        (lambda x: 1.0 / x, 1),
        (lambda x: x - x, 1),
    ],
)
def test_what_need_not_be_computed_is_not(same, lines):
    x = Value(3.0)
    tape = Tape([same(x)], inputs=[x])
    assert len(tape.code.lines) == lines
    for number in (3.0, -0.5):
        assert tape(number) == [same(Value(number)).data]


def test_what_broadcasts_or_promotes_is_computed():
    x = Tensor(np.ones(3, np.float32))
    for same, shape, dtype in [
        (lambda x: x * np.ones((2, 1), np.float32), (2, 3), np.float32),
        (lambda x: x + np.zeros(3), (3,), np.float64),
        (lambda x: where(np.ones((2, 1)), x, 0.0), (2, 3), np.float32),
    ]:
        (found,) = Tape([same(x)], inputs=[x])(x.data)
        assert (found.shape, found.dtype) == (shape, dtype)


def test_what_changes_nothing_is_left_out_of_tensors_too():
    x = Tensor(np.ones((2, 3)))
    tape = Tape([x * 1.0 + 0.0], inputs=[x])
    assert tape.code.lines == ()
    (found,) = tape(np.full((2, 3), 5.0))
    np.testing.assert_array_equal(found, np.full((2, 3), 5.0))


@each_executor
def test_a_long_batch_is_computed_in_blocks(executor):
    x, w = Value(1.0), Value(2.0)
    tape = Tape([relu(w * x), w * w, x], inputs=[x], executor=executor)
    X = np.arange(-70000.0, 70000.0)
    np.testing.assert_array_equal(tape(X)[0], np.maximum(2 * X, 0))
    np.testing.assert_array_equal(tape(X)[1], np.full(140000, 4.0))
    np.testing.assert_array_equal(tape(X)[2], X)
    assert tape(X, reduce="sum") == [math.fsum(np.maximum(2 * X, 0)), 560000.0, X.sum()]
    assert tape(X, reduce="mean")[1] == 4.0


@each_executor
def test_outputs_may_be_inputs_leaves_constants_and_named_twice(executor):
    x, w = Value(2.0), Value(3.0)
    y = w * x
    tape = Tape([x, w, Value(5.0, constant=True), y, y], inputs=[x], executor=executor)
    assert tape(7.0) == [7.0, 3.0, 5.0, 21.0, 21.0]
    assert tape([1.0, 2.0], reduce="sum") == [3.0, 6.0, 10.0, 9.0, 9.0]
    assert [list(out) for out in tape([1.0, 2.0])] == [[1, 2], [3, 3], [5, 5], [3, 6], [3, 6]]


def test_outputs_of_tensors_may_be_inputs_leaves_and_views():
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    found = Tape([a, b, a[:1], a + b], inputs=[a])([5.0, 6.0])
    assert [list(x) for x in found] == [[5, 6], [3, 4], [5], [8, 10]]
    found[1][0] = 100.0
    assert list(b.data) == [3.0, 4.0]


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_it_can_be_copied_and_pickled(copied):
    rng = np.random.default_rng(0)
    w, x = Value(2.0), Value(1.0)
    a, b = Tensor([2.0]), Tensor([1.0])
    for tape in (
        Tape([w * x + noise(rng.random) * 0.0], inputs=[x], executor="numpy"),
        Tape([a * b], inputs=[b]),
    ):
        one = tape([3.0])
        assert copied(tape)([3.0]) == one
        assert str(copied(tape)) == str(tape)


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_a_constant_with_other_numbers_is_not_overlooked(kind):
    x, scale = kind(2.0), kind(10.0, constant=True, name="scale")
    tape, other = Tape([x * scale], inputs=[x]), Tape([x + x], inputs=[x])
    assert tape(3.0) == [30.0]
    scale.data = 10.0
    assert tape(3.0) == [30.0]
    scale.data = 20.0
    for _ in range(2):
        with pytest.raises(
            GraphError, match=r"^Tape: the constant .*'scale'.* List it among the inp"
        ):
            tape(3.0)
    assert other(3.0) == [6.0]
    assert Tape([x * scale], inputs=[x, scale])(3.0, 4.0) == [12.0]


def test_an_input_may_be_a_result_on_the_way():
    x = Value(2.0)
    middle = x * x
    tape = Tape([middle + 1.0], inputs=[middle])
    assert tape(10.0) == [11.0]
    assert tape.code.leaves == ()


def test_views_and_reused_arrays_do_not_meet():
    x = Tensor(np.arange(12.0).reshape(3, 4))
    a = x + 1.0
    turned = transpose(a)  # a view: a must stay while this is read
    b = exp(a * 0.01)
    c = (b * 2.0 + 1.0) * 3.0
    d = concatenate([turned @ c, turned @ b], axis=1)
    windows = unfold(c, (2, 2))
    back = fold(windows * 2.0, c.shape, (2, 2))
    output = softmax(d) @ (d - 1.0).T + back.sum()
    found = [output, turned, *gradients(output.sum(), [x])]
    tape = Tape(found, inputs=[x])
    for _ in range(3):
        for one, other in zip(tape(x.data), found, strict=True):
            np.testing.assert_array_equal(one, other.data)


def test_nothing_is_computed_on_arrays_that_hold_nothing_yet(monkeypatch):
    def unset(like):
        made = np.ones_like(like)
        made.flat[::2] = 1e300
        return made

    monkeypatch.setattr(np, "empty_like", unset)
    x = Tensor(np.zeros((2, 3)))
    tape = Tape([(exp(x) * 2.0).var() + x], inputs=[x])
    with np.errstate(all="raise"):
        tape(np.zeros((2, 3)))


def test_arrays_are_made_once():
    x = Tensor(np.ones((300, 300)))
    y = x
    for _ in range(20):
        y = tanh(matmul(y, x) * 0.01)
    tape = Tape([y.sum()], inputs=[x])
    tape(x.data)
    buffers = {id(step.buffer) for step in tape._buffers._steps if step.buffer is not None}
    assert 2 <= len(buffers) <= 3


# Random numbers


def test_random_numbers_are_drawn_again_for_each_call():
    rng = np.random.default_rng(0)
    x = Tensor(np.ones((2, 3)), name="x")
    dropped = x * heaviside(noise(rng.random, (2, 3)) - 0.5)
    tape = Tape([dropped], inputs=[x])
    eager, rng = np.random.default_rng(0), np.random.default_rng(0)
    eager.random((2, 3))  # what the recording drew
    for _ in range(3):
        (kept,) = tape(np.ones((2, 3)))
        np.testing.assert_array_equal(kept, eager.random((2, 3)) > 0.5)


@each_executor
def test_each_sample_has_random_numbers_of_its_own(executor):
    rng = np.random.default_rng(0)
    x = Value(1.0, name="x")
    tape = Tape([x + noise(rng.normal)], inputs=[x], executor=executor)
    assert "given x, noise0" in str(tape)
    (found,) = tape(np.zeros(1000))
    assert len(set(found.tolist())) == 1000
    assert tape(0.0) != tape(0.0)


# Executors


@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
def test_a_tape_that_works_hard_is_compiled():
    x = Value(0.5)
    y = x
    for _ in range(50):
        y = tanh(y) + x
    tape = Tape([y], inputs=[x])
    X = np.linspace(-1, 1, 20000)
    before = tape(X)
    assert tape.executor == "numpy"
    while tape.executor == "numpy":
        tape._work += 5e5  # as if it had worked half a second more
        tape(X)
    np.testing.assert_allclose(tape(X), before, rtol=1e-14)
    settled = Tape([y], inputs=[x], executor="numpy")
    settled._work = 1e9
    assert [np.array_equal(*settled(X), *before) for _ in range(2)] == [True, True]
    assert settled.executor == "numpy"


def own_op(name, **kinds):
    return Op(
        name=name,
        forward=lambda x: x**3,
        vjps=(lambda g, y, x: g * 3 * x**2,),
        latex="{0}^3",
        doc="A cube.",
        **kinds,
    )


@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
def test_an_op_of_ones_own_is_compiled_or_left_to_numpy():
    cube = own_op("cube_for_tapes", scalar=lambda x: x * x * x)
    x = Value(2.0)
    slope = gradients(cube(x), [x])
    assert Tape([cube(x), *slope], inputs=[x], executor="numba")(3.0) == [27.0, 27.0]
    unknown = own_op("cube_for_numpy")
    tape = Tape([unknown(x)], inputs=[x])
    tape._work = 1e9
    assert [tape(3.0) for _ in range(2)] == [[27.0], [27.0]]
    assert tape.executor == "numpy"
    with pytest.raises(GraphError, match=r"^numba: cube_for_numpy cannot be compiled\. Write"):
        Tape([unknown(x)], inputs=[x], executor="numba")(3.0)


def reversing(name):
    """An op that gives what it gets, the very array, and turns the gradient around."""
    return Op(
        name=name, forward=lambda x: x, vjps=(lambda g, y, x: -g,), latex="{0}", doc="Reversal."
    )


def test_an_op_may_give_back_its_operand():
    reverse = reversing("reverse_for_tapes")
    x = Tensor(np.arange(3.0))
    y = exp(reverse(exp(x * 0.1)) * 2.0) + reverse(x)
    found = [reverse(x), y, *gradients(y.sum(), [x])]
    tape = Tape(found, inputs=[x])
    given = np.arange(3.0)
    first = tape(given)
    kept = [np.array(one) for one in first]
    given += 5.0
    tape(given)
    for one, before, node in zip(first, kept, found, strict=True):
        np.testing.assert_array_equal(one, before)
        np.testing.assert_array_equal(one, node.data)
    v = Value(0.3)
    y = exp(reverse(exp(v * 0.1)) * 2.0) + exp(v) * 0.5
    tape = Tape([y, *gradients(y, [v])], inputs=[v], executor="numpy")
    for plan in (Lines, Levels):
        batch = plan(tape.code, [True], None).run([np.array([0.3, 0.7])], [])
        for k, number in enumerate((0.3, 0.7)):
            np.testing.assert_allclose([one[k] for one in batch], tape(number), rtol=1e-14)


def test_params_are_told_apart_by_all_their_numbers():
    table = Op(
        name="table_for_tapes",
        forward=lambda x, numbers=(0.0,): x * 0.0 + numbers[len(numbers) // 2],
        scalar=lambda x, numbers: x * 0.0 + float(numbers[len(numbers) // 2]),
        vjps=(lambda g, y, x, numbers: g * 0.0,),
        latex="{0}",
        doc="The middle one of many numbers.",
    )
    x = Value(1.0)
    many = [np.where(np.arange(3001) == 1500, k, 0.0) for k in range(8)]
    code = Tape([table(x, numbers) for numbers in many], inputs=[x]).code
    assert len(code.lines) == 8
    for plan in (Lines, Levels):
        found = plan(code, [True], None).run([np.ones(2)], [])
        assert [one[0] for one in found] == list(range(8))
    with pytest.raises(GraphError, match=r"^numba: table_for_tapes was given numbers=.* numbers o"):
        Tape([table(x, many[0])], inputs=[x], executor="numba")(1.0)


def test_each_output_is_an_array_of_its_own():
    x = Tensor(np.arange(6.0).reshape(2, 3))
    y = exp(x)
    found = Tape([y, y, y.T, x.reshape(-1), x], inputs=[x])(np.asfortranarray(x.data))
    for k, one in enumerate(found):
        assert not any(np.may_share_memory(one, other) for other in found[:k])


def test_a_constant_edited_before_the_recording_is_not_overlooked():
    x, c = Value(1.0), Value(2.0, constant=True)
    y = x * (c * 3.0) + c
    c.data = 5.0
    with pytest.raises(GraphError, match=r"was 2\.0 when the graph was built\. Build the graph"):
        Tape([y], inputs=[x])


@each_executor
def test_what_an_op_raises_is_explained(executor):
    def positive(x):
        if x <= 0:
            raise ValueError("not positive")
        return x

    op = Op(
        name=f"positive_on_{executor}",
        forward=lambda x: np.where(x > 0, x, np.nan),
        scalar=positive,
        vjps=(lambda g, y, x: g,),
        latex="{0}",
        doc="Positive numbers.",
    )
    x = Value(1.0)
    tape = Tape([op(x)], inputs=[x], executor=executor)
    assert tape(2.0) == [2.0]
    with pytest.raises(DomainError, match=r"^positive_on_"):
        tape(-1.0)
    np.testing.assert_array_equal(tape([2.0, -1.0])[0], [2.0, np.nan])


@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
@pytest.mark.parametrize("place", ["", "not a folder/stepgrad"])
def test_without_a_place_for_machine_code_it_is_compiled_again(place, tmp_path, monkeypatch):
    (tmp_path / "not a folder").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / place))
    module = loop._imported("def run_once(): return 1", "version")
    assert module.run_once() == 1
    assert (tmp_path / "stepgrad").exists() == (place == "")


def test_numba_is_asked_for_by_name(monkeypatch):
    x = Value(1.0)
    monkeypatch.setitem(sys.modules, "numba", None)
    loop.loop.cache_clear()
    with pytest.raises(ImportError, match=r"pip install 'stepgrad\[fast\]'"):
        Tape([x * x], inputs=[x], executor="numba")(2.0)


# Mistakes


@each_executor
def test_an_op_without_a_value_at_a_single_number_says_so(executor):
    x, y = Value(1.0), Value(1.0)
    tape = Tape([where(x, log(y), x) * 2.0], inputs=[x, y], executor=executor)
    with pytest.raises(DomainError, match=r"^log\(-1\): no real value here"):
        tape(0.0, -1.0)
    assert tape(0.0, 1.0) == [0.0]
    tape = Tape([x * y], inputs=[x, y], executor=executor)
    assert tape(1e300, 1e300) == [math.inf]


def test_mistakes_are_named():
    x, y = Value(1.0), Value(1.0)
    tape = Tape([x * y], inputs=[x, y])
    with pytest.raises(TypeError, match=r"^Tape: got 1 inputs, recorded were 2\. Give one"):
        tape(1.0)
    with pytest.raises(ShapeError, match=r"^Tape: got batches of \[2, 3\] samples\. Give as many"):
        tape([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ShapeError, match=r"^Tape: got batches of \[0\] samples\."):
        tape([], 1.0)
    with pytest.raises(ShapeError, match=r"^Tape: got an input of shape \(2, 2\)\. Give"):
        tape(np.eye(2), 1.0)
    with pytest.raises(ValueError, match=r"^Tape: got reduce='max'"):
        tape(1.0, 1.0, reduce="max")
    with pytest.raises(ShapeError, match=r"^Tape: got 1 params for 0 leaves"):
        tape(1.0, 1.0, params=[2.0])
    with pytest.raises(GraphError, match=r"^Tape: an input is listed twice"):
        Tape([x], inputs=[x, x])
    with pytest.raises(GraphError, match=r"^Tape: got no outputs"):
        Tape([], inputs=[x])
    with pytest.raises(GraphError, match=r"^Tape: got Values and Tensors"):
        Tape([Tensor([1.0])], inputs=[x])
    with pytest.raises(TypeError, match=r"^Tape: got .*\. Give a list of nodes"):
        Tape(x)
    with pytest.raises(TypeError, match=r"^Tape: got 2\.0, a float\. Give nodes"):
        Tape([2.0])
    with pytest.raises(ValueError, match=r"^Tape: got the executor 'gpu'"):
        Tape([x], executor="gpu")


@pytest.mark.parametrize("wrong", [None, "1", [None, 2.0], 1j, np.array([1j]), object()])
def test_what_is_no_real_number_is_refused(wrong):
    x, w = Value(1.0), Value(2.0)
    a, b = Tensor(1.0), Tensor(2.0)
    for tape in (Tape([w * x], inputs=[x]), Tape([a * b], inputs=[a])):
        with pytest.raises(TypeError, match=r"^Tape: got .*\. Give real numbers"):
            tape(wrong)
        with pytest.raises(TypeError, match=r"^Tape: got .*\. Give real numbers"):
            tape(1.0, params=[wrong])
    with pytest.raises(TypeError, match=r"from which no gradient would flow\. Give x\.data"):
        Tape([w * x], inputs=[x])(w * 2.0)
    with pytest.raises(TypeError, match=r"a mapping as params\. Give a list"):
        Tape([w * x], inputs=[x])(1.0, params={"w": 2.0})
    with pytest.raises(ShapeError, match=r"params of shape \(1, 2\)\. Give one number for each"):
        Tape([w * x], inputs=[x])(1.0, params=[[1.0, 2.0]])


def test_mistakes_with_tensors_are_named():
    x = Tensor(np.ones((2, 3)))
    tape = Tape([x.sum()], inputs=[x])
    with pytest.raises(ShapeError, match=r"shape \(3, 2\) where \(2, 3\) was recorded\. Record"):
        tape(np.ones((3, 2)))
    with pytest.raises(
        ShapeError, match=r"^Tape: Tensors have no batch to mean\. Record mean\(x\)"
    ):
        tape(np.ones((2, 3)), reduce="mean")
    with pytest.raises(GraphError, match=r"^Tape: numba runs tapes of Values"):
        Tape([x], executor="numba")


def test_how_values_are_computed_is_chosen_once_for_all_calls_to_come(monkeypatch):
    def made():
        x = Value(1.0, constant=True)
        return Tape([exp(Value(0.5) * x) + x], [x])

    monkeypatch.setattr("autograd.tape.tape._PATIENCE", 1e4)
    few, many = made(), made()
    few.expect(calls=10, samples=100)
    many.expect(calls=10_000, samples=100)
    try:
        import numba  # noqa: F401
    except ImportError:
        assert many.executor == "numpy"
    else:
        assert many.executor == "numba"
    for _ in range(1000):
        few(np.zeros(10_000))
    assert few.executor == "numpy"
