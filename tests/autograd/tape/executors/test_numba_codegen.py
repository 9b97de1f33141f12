"""The compiled loop is written out of the table, and kept where there is a place for it."""

import ast
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tapes import few, recorded

from autograd import GraphError, concatenate
from autograd.strategies import graphs
from autograd.tape.executors import numba_codegen as loop
from autograd.tape.executors.schedule import schedule


@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
@pytest.mark.parametrize("place", ["", "not a folder/stepgrad"])
def test_without_a_place_for_machine_code_it_is_compiled_again(place, tmp_path, monkeypatch):
    (tmp_path / "not a folder").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / place))
    module = loop._imported("def run_once(): return 1", "version")
    assert module.run_once() == 1
    assert (tmp_path / "stepgrad").exists() == (place == "")


@few
@given(program=graphs(), data=st.data())
def test_there_is_an_opcode_for_every_move_of_a_schedule(program, data):
    leaves, _, tape = recorded(program)
    batched = [data.draw(st.booleans()) for _ in leaves]
    _, opcodes = loop._written(loop._TABLE)
    for reduced in (False, True):
        plan = schedule(tape.code, batched, reduced)
        assert {(move.does, move.kinds) for move in (*plan.once, *plan.each)} <= opcodes.keys()


def test_each_opcode_has_one_branch():
    text, opcodes = loop._written(loop._TABLE)
    ast.parse(text)
    assert len(set(opcodes.values())) == len(opcodes)
    for (does, kinds), opcode in opcodes.items():
        assert text.count(f"elif does == {opcode}:  # {does} {kinds}\n") == 1


def test_an_op_of_any_number_of_operands_is_left_to_numpy():
    with pytest.raises(GraphError, match=r"^numba: concatenate takes any number of operands"):
        loop.loop_for([concatenate])
