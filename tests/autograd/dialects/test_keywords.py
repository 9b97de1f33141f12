"""Who gives a keyword of another library is told ours."""

import inspect
import re

import numpy as np
import pytest
from taught import X

import autograd as ag
import nn
from autograd import Tensor, Value, dialects


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


class Own(nn.Module):
    """A module of a user."""

    def __init__(self, width):
        self.width = width


def test_classes_of_others_are_left_alone():
    assert not hasattr(Own.__init__, "__wrapped__")
    assert hasattr(nn.Linear.__init__, "__wrapped__")
