"""A tape gives what the graph it was recorded from gives, for every sample of a batch."""

import copy
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numerics import close
from tapes import each_executor, few, recorded, samples

from autograd import (
    DomainError,
    Tape,
    Tensor,
    Value,
    exp,
    gradients,
    heaviside,
    log,
    noise,
    tanh,
    where,
)
from autograd.strategies import graphs, values
from autograd.tape.export.to_c import to_c
from autograd.tape.export.to_javascript import to_javascript
from autograd.tape.export.to_python import to_python

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
        assert close(given_by_tape, x.grad, 1e-12)


@pytest.mark.slow
@each_executor
@few
@given(program=graphs(), data=st.data())
def test_each_sample_of_a_batch_gives_what_it_gives_alone(executor, program, data):
    leaves, _, tape = recorded(program, executor)
    near = samples(data, leaves, tape)
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
    batch = samples(data, leaves, tape, count=5)
    for reduce, share in (("sum", 1), ("mean", 5)):
        for total, alone in zip(tape(*batch, reduce=reduce), tape(*batch), strict=True):
            scale = float(np.abs(alone).sum())
            assert abs(total * share - math.fsum(alone)) <= 1e-14 * scale


@each_executor
@few
@given(program=graphs(), data=st.data())
def test_any_input_may_be_the_same_for_all_samples(executor, program, data):
    leaves, _, tape = recorded(program, executor)
    near = samples(data, leaves, tape)
    shared = data.draw(st.lists(st.booleans(), min_size=len(near), max_size=len(near)))
    mixed = [float(x[0]) if one else x for x, one in zip(near, shared, strict=True)]
    spread = [np.full(3, x) if isinstance(x, float) else x for x in mixed]
    for reduce in (None, "sum"):
        for a, b in zip(tape(*mixed, reduce=reduce), tape(*spread, reduce=reduce), strict=True):
            if all(shared):
                a = a * 3 if reduce else a
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-300)


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


@each_executor
def test_a_branch_that_is_not_taken_is_refused_as_it_is_without_a_tape_but_in_a_batch(executor):
    def made(x):
        return where(heaviside(x), log(x), 0.0)

    with pytest.raises(DomainError, match=r"^log\(-1\)"):
        made(Value(-1.0))
    x = Value(2.0)
    tape = Tape([made(x), *gradients(made(x), [x])], inputs=[x], executor=executor)
    with pytest.raises(DomainError, match=r"^log\(-1\)"):
        tape(-1.0)
    with np.errstate(invalid="ignore"):
        value, slope = tape([1.0, -1.0])
        eager = made(Tensor([1.0, -1.0]))
        z = Tensor([2.0, 2.0])
        (arrays,) = Tape([made(z)], inputs=[z])([1.0, -1.0])
    assert value.tolist() == eager.data.tolist() == arrays.tolist() == [0.0, 0.0]
    assert slope.tolist() == [1.0, 0.0]
    inside = Tape([log(where(heaviside(x), x, 1.0))], inputs=[x], executor=executor)
    assert inside(-1.0) == [0.0]


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
    with np.errstate(all="ignore"):  # they may be moved out of the domain
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


@each_executor
def test_outputs_may_be_inputs_leaves_constants_and_named_twice(executor):
    x, w = Value(2.0), Value(3.0)
    y = w * x
    tape = Tape([x, w, Value(5.0, constant=True), y, y], inputs=[x], executor=executor)
    assert tape(7.0) == [7.0, 3.0, 5.0, 21.0, 21.0]
    assert tape([1.0, 2.0], reduce="sum") == [3.0, 6.0, 10.0, 9.0, 9.0]
    assert [list(out) for out in tape([1.0, 2.0])] == [[1, 2], [3, 3], [5, 5], [3, 6], [3, 6]]


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


# Where it can go

X, W = Value(2.0, name="x"), Value(0.5, name="w")
HANDED_OVER = Tape([tanh(W * X)], inputs=[X])


def test_what_is_written_is_the_program_of_the_tape():
    assert HANDED_OVER.to_python() == to_python(HANDED_OVER.code)
    assert HANDED_OVER.to_c() == to_c(HANDED_OVER.code)
    assert "np.tanh(v1)" in HANDED_OVER.to_python()
    assert HANDED_OVER.to_javascript() == to_javascript(HANDED_OVER.code)
    assert " tanh(v1)" in HANDED_OVER.to_c()
    assert "Math.tanh(v1)" in HANDED_OVER.to_javascript()


@pytest.mark.parametrize("library", ["jax", "torch"])
def test_without_the_library_one_sentence_says_what_to_do(library, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    said = rf"^to_{library} needs {library}: pip install {library}$"
    with pytest.raises(ImportError, match=said):
        getattr(HANDED_OVER, f"to_{library}")()


def test_a_tape_loads_no_exporter_before_it_is_asked():
    code = """
import sys
from autograd import Tape, Value
x = Value(1.0)
Tape([x * x], [x])(2.0)
print([name for name in sys.modules if name.startswith("autograd.tape.export")])
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
