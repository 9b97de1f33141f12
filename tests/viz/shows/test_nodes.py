"""Tapes show program and picture, arrays of nodes their numbers."""

import re
from html import unescape

import numpy as np
from shown import things

from autograd import Tape, Tensor, Value
from viz.shows.nodes import array, picture, tape


def cells(html):
    found = re.findall("<td[^>]*>(.*?)</td>", html)
    return [unescape(re.sub("<[^>]*>", "", cell)) for cell in found]


def test_a_tape_is_its_program_beside_its_picture():
    found = things()["autograd.Tape"]
    shown = unescape(tape(found)["text/html"])
    assert str(found) in shown
    assert "<img" in shown


def test_a_long_program_is_cut():
    x = f = Value(1.0)
    for _ in range(100):
        f = f * 1.5 + x
    count = len(str(found := Tape([f], [x])).splitlines())
    assert f"… {count - 60} more lines" in tape(found)["text/html"]


def test_an_array_of_nodes_shows_numbers_and_gradients():
    x, y = Value(2.0, name="x"), Value(3.0)
    (x * x).backward()
    shown = array(np.array([[x, y]]))
    assert cells(shown["text/html"]) == ["0", "x 2grad 4", "3"]
    assert "1 × 2 Values" in shown["text/html"]
    assert cells(array(np.array([x, y]))["text/html"]) == ["", "x 2grad 4", "3"]


def test_a_large_array_is_cut():
    many = np.array([Value(float(k)) for k in range(20)])
    assert "20 Values, the first 12" in array(many)["text/html"]
    assert len(cells(array(many)["text/html"])) == 13


def test_other_arrays_are_shown_as_ever():
    x = Value(1.0)
    for other in (np.eye(2), np.array(["a"], object), np.array([x, None]), np.array([], object)):
        assert array(other) == {}


def test_a_node_is_its_picture():
    assert picture(Tensor([1.0]) * 2.0)["text/html"].startswith("<img")
