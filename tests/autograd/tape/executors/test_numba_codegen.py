"""The compiled loop is written out of the table, and kept where there is a place for it."""

import ast
import os
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


KEPT = """
import numba

@numba.njit(cache=True)
def run_once(moves, uniform):
    return 1

@numba.njit(cache=True)
def run_each(moves, uniform, file, start, count, out):
    return 2
"""


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Compile a short loop from its file as another process would, and list what is kept of it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def start():
        module = loop._kept(KEPT, "version")
        hits = sum(x.stats.cache_hits.total() for x in (module.run_once, module.run_each))
        files = sorted(tmp_path.rglob("stepgrad_loop*"))
        return hits, [x for x in files if x.suffix in (".py", ".nbi", ".nbc")]

    return start


@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
@pytest.mark.parametrize("kind", [".py", ".nbi", ".nbc"])
def test_files_of_the_cache_may_be_cut_short(kind, kept):
    _, files = kept()
    assert kept() == (2, files)
    assert {file.suffix for file in files} == {".py", ".nbi", ".nbc"}
    for share in (0, 0.5):
        for file in files:
            if file.suffix == kind:
                file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])
        kept()  # it works, and clears or mends what was damaged
        kept()
        assert kept() == (2, files)


@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
def test_a_file_of_the_cache_that_holds_something_else_is_written_again(kept):
    _, files = kept()
    (source,) = (file for file in files if file.suffix == ".py")
    source.write_text("raise SystemExit")
    kept()
    assert source.read_text() == KEPT


@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
@pytest.mark.parametrize("writes", [0, 1, 2, 3])
def test_a_full_disk_stops_neither_this_start_nor_later_ones(writes, kept, monkeypatch):
    replace, left = os.replace, iter(range(writes))

    def full(*args):
        if next(left, None) is None:
            raise OSError(28, "No space left on device")
        replace(*args)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        kept()
    kept()
    hits, files = kept()
    assert (hits, len(files)) == (2, 5)


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
