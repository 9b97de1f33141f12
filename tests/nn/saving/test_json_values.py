"""What JSON holds comes back as it was; what it cannot hold, or was not saved so, is refused."""

import json

import numpy as np
import pytest
from checkpoints import exact, plain
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value
from nn.saving.json_values import from_json


@given(about=st.dictionaries(st.sampled_from(["epoch", "history", "é"]), plain))
def test_all_that_is_said_comes_back_bit_for_bit(about, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "about"
    nn.save_checkpoint(path, nn.Tanh(), **about)
    assert exact(nn.load_checkpoint(path, nn.Tanh())) == exact(about)


def test_tuples_come_back_as_lists(path):
    nn.save_checkpoint(path, nn.Tanh(), shape=(1, (2.5, np.float64(0.1))))
    assert exact(nn.load_checkpoint(path, nn.Tanh())) == exact({"shape": [1, [2.5, 0.1]]})


circle: list = []
circle.append(circle)


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (np.ones(2), r"about\.x is a ndarray. Give numbers.* x\.tolist\(\) a list"),
        (np.float32(1), r"about\.x is a float32. Give numbers"),
        ([{"a": {1}}], r"about\.x\.0\.a is a set"),
        ({1: 2}, r"about\.x has the key 1. Use texts"),
        (Value(1.0), r"about\.x is a Value"),
        (circle, r"about is too deep or too large"),
        pytest.param(10**5000, r"about is too deep or too large", id="endless number"),
    ],
)
def test_what_json_cannot_hold_is_refused_before_anything_is_written(thing, message, path):
    nn.save_checkpoint(path, nn.Tanh(), epoch=1)
    before = path.read_bytes()
    with pytest.raises(TypeError, match=rf"^save_checkpoint: stepgrad\.{message}"):
        nn.save_checkpoint(path, nn.Tanh(), x=thing)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("thing", "pattern", "fits"),
    [
        (1, int, True),
        (1.0, int, False),
        (True, int, False),
        ("a", str, True),
        (None, dict, False),
        ([1, 2], [int], True),
        ([], [int], True),
        ([1, "a"], [int], False),
        ({}, [int], False),
        ({"a": 1, "b": []}, {"a": int, "b": [str]}, True),
        ({"a": 1}, {"a": int, "b": [str]}, False),
        ({"a": 1, "b": [], "c": 2}, {"a": int, "b": [str]}, False),
        ({"any": 1, "name": 2}, {str: int}, True),
        ({"any": 1, "name": "x"}, {str: int}, False),
        ([1], {str: int}, False),
    ],
)
def test_what_is_read_has_to_be_like_its_pattern(thing, pattern, fits):
    text = json.dumps(thing)
    if fits:
        assert from_json(text, pattern, "it") == thing
    else:
        with pytest.raises(ValueError, match=r"^it is not what was saved$"):
            from_json(text, pattern, "it")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "nothing"])
def test_what_is_no_json_is_said_so(text):
    with pytest.raises(ValueError, match=r"^it is no JSON$"):
        from_json(text, dict, "it")
