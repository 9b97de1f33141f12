"""A schedule carried out by hand gives what the tape gives, in as few moves and registers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numerics import close
from tapes import few, recorded, samples

from autograd import OPS, GraphError, Op, Tape, Value, relu, tanh, where
from autograd.strategies import graphs
from autograd.tape.executors.schedule import PAIR, schedule


def carried_out(code, batched, reduced, inputs, leaves):
    """Do what the moves say, sample by sample, as the compiled loop does."""
    plan = schedule(code, batched, reduced)
    does = {name: op.scalar for name, op in OPS.items()}
    does |= {PAIR: lambda a, b, c: a * b + c, "give": lambda x: x}
    uniform = [*inputs, *leaves, *code.constants, *[None] * len(code.lines), *plan.options]
    for name, _, target, operands in plan.once:
        uniform[target] = does[name](*[uniform[x] for x in operands])
    count = max(len(x) for x in inputs if isinstance(x, np.ndarray))
    outputs = [[] for _ in code.outputs]
    batches = [x for x in inputs if isinstance(x, np.ndarray)]
    file = [None] * plan.registers
    for register, slot in plan.shared:
        file[register] = uniform[slot]
    for sample in range(count):
        file[: len(batches)] = [x[sample] for x in batches]
        for name, kinds, target, operands in plan.each:
            places = zip(kinds, operands, strict=True)
            numbers = [file[x] if kind == "V" else uniform[x] for kind, x in places]
            result = does[name.removeprefix("sum ")](*map(float, numbers))
            if name.startswith(("sum", "give")):
                outputs[target].append(result)
            else:
                assert target not in [x for k, x in zip(kinds, operands, strict=True) if k == "V"]
                file[target] = result
    same = [uniform[slot] for slot in code.outputs]
    return [found or [x] * count for found, x in zip(outputs, same, strict=True)]


@few
@given(program=graphs(), data=st.data())
def test_it_gives_what_the_tape_gives(program, data):
    leaves, _, tape = recorded(program)
    near = samples(data, leaves, tape)
    batched = data.draw(st.lists(st.booleans(), min_size=len(near), max_size=len(near)).filter(any))
    mixed = [x if one else float(x[0]) for x, one in zip(near, batched, strict=True)]
    expected = tape(*mixed)
    for reduced in (False, True):
        found = carried_out(tape.code, batched, reduced, mixed, [])
        for line, numbers in zip(found, expected, strict=True):
            for a, b in zip(line, numbers, strict=True):
                assert close(a, float(b), 1e-12)


def planned(f, batched=(True, True, True), reduced=False):
    inputs = [Value(0.5), Value(2.0), Value(3.0)]
    return schedule(Tape(f(*inputs), inputs=inputs).code, batched, reduced)


def test_factors_and_shared_numbers_stay_where_they_belong():
    x, y, z = Value(0.5), Value(2.0), Value(3.0)
    for output in (y * x + z, z + x * y, where(x, y, z) + tanh(where(z, x, y)), y - x):
        code = Tape([output], inputs=[x, y, z]).code
        batches = [np.array([0.5, -1.0, 4.0]), 2.0, np.array([3.0, 0.0, -1.0])]
        (found,) = carried_out(code, (True, False, True), False, batches, [])
        assert found == Tape([output], inputs=[x, y, z])(*batches)[0].tolist()


def words(moves):
    return [(move.does, move.kinds) for move in moves]


def test_a_product_is_added_at_once_if_nothing_else_needs_it():
    assert words(planned(lambda x, y, z: [x * y + z]).each) == [(PAIR, "VVV"), ("give", "V")]
    assert words(planned(lambda x, y, z: [z + y * x]).each) == [(PAIR, "VVV"), ("give", "V")]
    for f in (lambda x, y, z: [x * y + z, x * y], lambda x, y, z: [tanh(x * y) + (x * y + z)]):
        assert ("mul", "VV") in words(planned(f).each)


def test_what_is_the_same_for_all_samples_is_computed_once():
    plan = planned(lambda x, y, z: [tanh(y) * x, y * z], batched=(True, False, False))
    assert words(plan.once) == [("tanh", "S"), ("mul", "SS")]
    assert words(plan.each) == [("mul", "SV"), ("give", "V")]


def test_a_batch_that_is_added_up_needs_no_register_for_its_products():
    plan = planned(lambda x, y, z: [x * y, x * y + z, tanh(z)], reduced=True)
    assert ("sum give", "V") in words(plan.each)
    plan = planned(lambda x, y, z: [x * y], reduced=True)
    assert words(plan.each) == [("sum mul", "VV")]
    assert plan.registers == 3


def test_registers_are_used_again():
    def long(x, y, z):
        for _ in range(100):
            x = tanh(x) * y
        return [x]

    assert planned(long).registers <= 5


def test_params_stand_behind_the_slots_and_must_be_numbers():
    plan = planned(lambda x, y, z: [relu(x, 0.25), relu(y, 0.75)])
    assert plan.options == [0.25, 0.75]
    assert [move.operands[1] for move in plan.each if move.does == "relu"] == [5, 6]
    table = Op(
        name="table_for_schedules",
        forward=lambda x, numbers=(): x,
        scalar=lambda x, numbers=(): x,
        vjps=(None,),
        latex="{0}",
        doc="A table.",
    )
    with pytest.raises(GraphError, match=r"^numba: table_for_schedules was given numbers=\(1, 2\)"):
        planned(lambda x, y, z: [table(x, (1, 2))])
