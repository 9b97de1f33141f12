"""A frame tells its moment in a line, in LaTeX and in MathML, and knows what came before."""

import pytest

from autograd import Graph, Value
from autograd.formulas import Symbol
from viz import Frame


def frame(**facts):
    usual = {
        "index": 2,
        "graph": Graph(Value(2.0, name="x") * 3),
        "phase": "backward",
        "nodes": (2,),
        "flows": ((2, 0),),
        "targets": (0,),
        "title": "v₁ → x",
        "rule": (Symbol("a"), 3.0),
        "numbers": "3 × 1 = 3",
        "total": "grad of x: 3",
        "sentence": "",
        "passed": 3.0,
        "history": ((2, 1.0), (0, 3.0), (0, 5.0)),
        "past": 2,
    }
    return Frame(**usual | facts)


def test_a_frame_is_written_in_three_ways():
    assert frame().text == "v₁ → x   a = 3   3 × 1 = 3   grad of x: 3"
    assert frame().latex == "a = 3"
    assert "<mi>a</mi>" in frame().mathml
    assert frame(rule=()).mathml == ""
    assert frame(rule=(), numbers="").text == "v₁ → x   grad of x: 3"


def test_a_frame_knows_what_has_arrived_so_far():
    assert (frame().adjoints, frame().received) == ({2: 1.0, 0: 3.0}, 3.0)
    assert frame(past=3).received == 5.0


@pytest.mark.parametrize(
    ("facts", "active", "target"),
    [
        ({}, (2, 0), 0),
        ({"phase": "forward"}, None, 0),
        ({"flows": ((2, 0), (2, 1)), "targets": (0, 1)}, None, None),
        ({"flows": (), "targets": ()}, None, None),
    ],
)
def test_one_edge_is_active_and_one_node_the_target_or_none(facts, active, target):
    assert (frame(**facts).active, frame(**facts).target) == (active, target)
