"""A node that is asked for a name of another library answers with ours, and asking is cheap."""

import copy
import pickle
import re
import timeit

import pytest
from taught import MODEL, SPACE, X, Y, rows

import autograd as ag
import nn
from autograd import Tensor, Value, dialects
from autograd.ops import FUNCTIONS

OF_NODES = ("OF_NUMPY", "OF_ARRAYS", "OF_NODES")


def test_a_name_of_another_library_is_answered_with_ours():
    for owner, name, way in rows(*OF_NODES):
        if owner is ag and name in ag._HOMES:
            continue  # another thing of ours
        assert not hasattr(owner, name), (owner, name)
        with pytest.raises(AttributeError) as error:
            getattr(owner, name)
        assert str(error.value).endswith(f"has no attribute {name!r}. Write {way}")


@pytest.mark.parametrize("name", ["label", "requires_grad"])
def test_setting_what_people_set_elsewhere_is_answered(name):
    for node in (Value(1.0), X):
        with pytest.raises(
            AttributeError, match=rf"{name!r}\. Write x\.{dialects.OF_NODES[name][2:]}"
        ):
            setattr(node, name, False)


def test_what_is_written_instead_exists_and_runs():
    tried = 0
    for way in sorted({way for _, _, way in rows(*OF_NODES, "OF_AUTOGRAD", "OF_NN", "OF_MODELS")}):
        for place, name in re.findall(r"\b(x|np|nn|autograd|model)\.(\w+)", way):
            assert hasattr(SPACE[place], name), f"{place}.{name}"
        try:
            code = compile(way, way, "eval")
        except SyntaxError:
            continue  # words
        if "..." not in way:
            eval(code, dict(SPACE))
            tried += 1
    assert tried > 100


def test_no_row_is_about_a_name_of_ours():
    assert FUNCTIONS.isdisjoint([name for table in OF_NODES for name in getattr(dialects, table)])
    assert {*FUNCTIONS, *ag._HOMES, *ag._MOVED}.isdisjoint(dialects.OF_AUTOGRAD)
    tables = [getattr(dialects, table) for table in OF_NODES]
    assert sum(map(len, tables)) == len(set().union(*tables))


def test_ops_are_named_as_functions():
    with pytest.raises(
        AttributeError, match=r"^'Value' object has no attribute 'numpy'. Write x.d"
    ):
        Value(1.0).numpy()
    with pytest.raises(AttributeError, match=r"'sin'\. Write autograd\.sin\(x\)$"):
        Value(1.0).sin()
    with pytest.raises(AttributeError, match=r"'matmul'\. Write autograd\.matmul\(x, y\)$"):
        X.matmul(Y)


@pytest.mark.parametrize(
    "owner", [Value(1.0), X, MODEL, ag, nn], ids=["V", "T", "model", "a", "nn"]
)
def test_what_nobody_taught_is_answered_as_by_python(owner):
    for name in ("nonsense", "_private", "__dunder__", "_repr_latex_", "__array_interface__"):
        with pytest.raises(AttributeError) as error:
            getattr(owner, name)
        assert str(error.value).endswith(f"has no attribute {name!r}")


class Bare(nn.Module):
    """A module whose attributes are asked for before there are any, as copy and pickle do."""

    def __init__(self, weight):
        self.weight = weight


def test_copies_and_pickles_need_no_answers():
    for thing in (Value(1.0, name="x"), X * 1, Bare(Value(1.0)), MODEL):
        for made in (copy.copy(thing), copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))):
            assert type(made) is type(thing)
    assert not hasattr(Bare.__new__(Bare), "weight")
    assert not hasattr(Tensor.__new__(Tensor), "_held")


def test_probes_are_cheap():
    value = Value(1.0)
    probes = ("_repr_html_", "_ipython_display_", "__deepcopy__", "numpy", "nonsense")
    seconds = min(timeit.repeat(lambda: [hasattr(value, x) for x in probes], number=200, repeat=5))
    assert seconds / 200 / len(probes) < 1e-4
