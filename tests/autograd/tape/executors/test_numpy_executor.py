"""Wide programs are run by levels, and long ones line by line."""

from autograd import Tape, Value, tanh
from autograd.tape.executors import numpy_executor as chooser
from autograd.tape.executors.levels import Levels
from autograd.tape.executors.line_by_line import Lines


def code_of(f):
    x, ws = Value(0.5), [Value(k / 10) for k in range(20)]
    return Tape(f(x, ws), inputs=[x]).code


def wide(x, ws):
    return [tanh(w * x) for w in ws]


def narrow(x, ws):
    for w in ws:
        x = tanh(w * x)
    return [x]


def test_what_is_wide_is_run_by_levels_unless_it_is_long(monkeypatch):
    assert isinstance(chooser.planned(code_of(wide), [True], None), Levels)
    assert isinstance(chooser.planned(code_of(narrow), [True], None), Lines)
    monkeypatch.setattr(chooser, "_LONG", 40)
    assert isinstance(chooser.planned(code_of(wide), [True], None), Lines)
