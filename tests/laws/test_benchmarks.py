"""The benchmarks' own contestants agree, and peers that are not installed are left out."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd import OPS

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
OURS = {"numpy", "autograd"}  # and sklearn, for data


@pytest.fixture
def script(monkeypatch):
    """Import a file of the benchmarks as it imports its neighbors: from its own folder."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(BENCHMARKS) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def own(contestants):
    return {
        name: prepare
        for name, prepare in contestants.items()
        if set(contestants.needs[name]) <= OURS
    }


def test_who_is_not_installed_is_left_out_with_a_word(script, capsys):
    contestants = script("peers").Contestants()
    contestants("here", needs=["numpy"])(len)
    contestants("missing", needs=["numpy", "a_package_of_no_one"])(len)
    contestants.say_who_is_absent()
    assert dict(contestants) == {"here": len}
    assert capsys.readouterr().out == (
        "left out: missing, for a_package_of_no_one is not installed\n"
    )


def test_steps_of_the_demo_agree(script):
    moons = script("moons")
    rng = np.random.default_rng(0)
    given = rng.normal(size=(5, 2)).tolist(), [1, -1, 1, 1, -1], rng.uniform(-1, 1, 337).tolist()
    contestants = own(moons.contestants)
    assert {"stepgrad eager", "tape, numpy", "NumPy by hand"} <= set(contestants)
    losses = []
    for prepare in contestants.values():
        step = prepare(*given)
        losses.append([step(k) for k in range(3)])
    np.testing.assert_allclose(losses, [losses[0]] * len(losses), rtol=1e-9)


@pytest.mark.parametrize("name", ["w4_digits", "w5_lenet"])
def test_steps_on_arrays_agree(script, name):
    pytest.importorskip("sklearn")
    benchmark = script(name)
    contestants = own(benchmark.contestants)
    assert {"eager", "tape"} < set(contestants)
    steps = {name: prepare() for name, prepare in contestants.items()}
    rounds = [work for work, _ in zip(benchmark.batches(), range(2), strict=False)]
    seconds = script("timing").race(steps, rounds, benchmark.same)
    assert {len(times) for times in seconds.values()} == {2}


def test_a_race_is_over_for_who_finds_something_else(script):
    steps = {"right": lambda x: x, "wrong": lambda x: x + 1}

    def same(found, first):
        assert found == first

    with pytest.raises(AssertionError):
        script("timing").race(steps, [(1,)], same)


def test_derivatives_agree(script):
    benchmark = script("w7_higher_order")
    for order in 1, 3:
        found = [prepare(order)(0.9) for prepare in own(benchmark.contestants).values()]
        np.testing.assert_allclose(found, found[0], rtol=1e-12)


def test_a_small_mistake_in_a_rule_is_found_soon_and_shrinks_to_one_call(script):
    drawing = script("w10_drawing")
    for op, place in [*drawing.rules()][::25]:
        with drawing.planted(op, place) as wrong:
            assert drawing.examples_until_found(wrong, 0) <= 20
    with drawing.planted(OPS["matmul"], 1) as wrong:
        program, seconds = drawing.shrunk(wrong, 0, must=wrong)
    assert [call.op for call in program.instructions] == ["matmul"]
    assert seconds < 5


def test_most_rows_are_reached_by_a_few_graphs(script):
    drawing = script("w10_drawing")
    assert len(drawing.reached(150, 0)) > len(drawing.ROWS) / 2
