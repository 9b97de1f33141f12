"""Who writes a name of another library is told ours; who only asks whether it is there, is not."""

import copy
import inspect
import pickle
import re
import timeit

import numpy as np
import pytest

import autograd as ag
import nn
import viz
from autograd import Tensor, Value, dialects
from autograd.ops import FUNCTIONS

X, Y = Tensor([[0.1, 0.2], [0.5, 0.3]], name="x"), Tensor([[0.3, 0.1], [0.2, 0.4]], name="y")
MODEL = nn.Linear(2, 3, rng=0)
SPACE = {name: getattr(ag, name) for name in (*FUNCTIONS, *ag._HOMES)} | {
    **{"np": np, "nn": nn, "viz": viz, "autograd": ag, "x": X, "y": Y, "low": 0.0, "high": 1.0},
    **{"model": MODEL, "state": MODEL.state_dict(), "step": 0.1, "factor": 2.0},
    **{"prediction": Tensor([0.2, 0.8]), "target": [0.0, 1.0], "bits": [0.0, 1.0]},
    **{"signs": [-1.0, 1.0], "logits": Tensor([[0.1, 0.2]]), "classes": [1]},
    "optimizer": nn.SGD(MODEL.parameters(), lr=0.1),
}
OWNERS = {
    "OF_NODES": [(Tensor([[1.0]]), True), (ag, False)],
    "OF_AUTOGRAD": [(ag, True)],
    "OF_NN": [(nn, True)],
    "OF_MODELS": [(MODEL, True)],
}
ROWS = [
    (table, name, way)
    for table in OWNERS
    for name, way in getattr(dialects, table).items()
    if "." not in name
]


@pytest.mark.parametrize(("table", "name", "way"), ROWS, ids=[f"{t}-{n}" for t, n, _ in ROWS])
def test_a_name_of_another_library_is_answered_with_ours(table, name, way):
    for owner, always in OWNERS[table]:
        if not always and hasattr(owner, name):
            continue
        assert not hasattr(owner, name)
        with pytest.raises(AttributeError) as error:
            getattr(owner, name)
        assert f"has no attribute {name!r}. Write " in str(error.value)
        if always:
            assert str(error.value).endswith(f"Write {way}")


def test_no_row_is_about_a_name_of_ours():
    assert FUNCTIONS.isdisjoint(dialects.OF_NODES)
    assert {*FUNCTIONS, *ag._HOMES, *ag._MOVED}.isdisjoint(dialects.OF_AUTOGRAD)


@pytest.mark.parametrize("way", sorted({way for _, _, way in ROWS}))
def test_what_is_written_instead_exists_and_runs(way):
    for place, name in re.findall(r"\b(x|np|nn|autograd|model)\.(\w+)", way):
        assert hasattr(SPACE[place], name), f"{place}.{name}"
    try:
        code = compile(way, way, "eval")
    except SyntaxError:
        return  # words
    if "..." not in way:
        eval(code, dict(SPACE))


def test_a_value_answers_too():
    with pytest.raises(
        AttributeError, match=r"^'Value' object has no attribute 'numpy'. Write x.d"
    ):
        Value(1.0).numpy()
    with pytest.raises(AttributeError, match=r"'sin'\. Write autograd\.sin\(x\)$"):
        Value(1.0).sin()
    with pytest.raises(AttributeError, match=r"'matmul'\. Write autograd\.matmul\(x, y\)$"):
        X.matmul(Y)
    with pytest.raises(
        AttributeError, match=r"^module 'nn' has no attribute 'tanh'. Write autograd"
    ):
        getattr(nn, "tanh")  # noqa: B009
    with pytest.raises(ImportError, match="cannot import name 'no_grad'"):
        exec("from autograd import no_grad")


@pytest.mark.parametrize("owner", [Value(1.0), X, MODEL, ag, nn, nn.Sequential()])
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
    empty = Bare.__new__(Bare)
    assert not hasattr(empty, "weight")
    assert not hasattr(Value.__new__(Value), "_held")


def test_probes_are_cheap():
    value = Value(1.0)
    probes = ("_repr_html_", "_ipython_display_", "__deepcopy__", "numpy", "nonsense")
    seconds = min(timeit.repeat(lambda: [hasattr(value, x) for x in probes], number=200, repeat=3))
    assert seconds / 200 / len(probes) < 1e-4


@pytest.mark.parametrize("kind", [Value, Tensor])
@pytest.mark.parametrize("name", ["label", "requires_grad", "device", "dtype", "_children"])
def test_keywords_of_nodes_are_answered(kind, name):
    way = re.escape(dialects.KEYWORDS[name])
    with pytest.raises(TypeError, match=rf"^{kind.__name__}: got {name}=\. Call .* write {way}\.$"):
        kind(1.0, **{name: 1})
    with pytest.raises(TypeError, match=r"^backward: got retain_graph=.* write nothing"):
        (kind(1.0) * 2).backward(retain_graph=True)
    with pytest.raises(TypeError, match=rf"^{kind.__name__}: got 3 arguments\. Call it as"):
        kind(1.0, (), "+")


def test_keywords_of_ops_are_answered():
    for call in (
        lambda: X.sum(dim=0),
        lambda: X.max(dim=0),
        lambda: ag.sum(X, dim=0),
        lambda: ag.softmax(np.ones(2), dim=0),
    ):
        with pytest.raises(TypeError, match=r"For dim= write axis=\.$"):
            call()
    with pytest.raises(TypeError, match=r"For keepdim= write keepdims=\.$"):
        X.mean(keepdim=True)
    with pytest.raises(TypeError, match=r"For min= write low=\. For max= write high=\.$"):
        ag.clip(X, min=0, max=1)


CLASSES = [
    thing
    for name in nn.__all__
    if isinstance(thing := getattr(nn, name), type)
    and issubclass(thing, nn.Module | nn.Optimizer)
    and "__init__" in vars(thing)
]


@pytest.mark.parametrize("kind", CLASSES)
def test_keywords_of_layers_and_optimizers_are_answered(kind):
    known = inspect.signature(kind).parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in known.values())
    for name in () if takes_any else dialects.KEYWORDS.keys() - known.keys():
        way = re.escape(dialects.KEYWORDS[name])
        with pytest.raises(TypeError, match=rf"'{name}'\. For {name}= write {way}\.$"):
            kind(**{name: 1})
    if not takes_any:
        with pytest.raises(TypeError, match=r"unexpected keyword argument 'nonsense'$"):
            kind(nonsense=1)
    assert next(iter(inspect.signature(kind.__init__).parameters)) == "self"


def test_classes_of_others_are_left_alone():
    assert not hasattr(Bare.__init__, "__wrapped__")
    assert hasattr(nn.Linear.__init__, "__wrapped__")
