"""On a dark page each color of a graph has its counterpart, the same as in the stepper."""

import re
from base64 import b64decode

import numpy as np

import viz
from autograd import Scope, Tensor
from viz.pages.page import static
from viz.pictures.dark import in_both_schemes

COLORS = re.compile(r'(fill|stroke)="(#\w+|white)"')


def a_picture():
    x = Tensor([[1.0, -2.0], [3.0, 0.0]], name="x")
    with Scope("block"):
        y = x * Tensor(np.linspace(-1, 1, 49).reshape(7, 7), name="wide").sum() - 1
    (y * y).sum().backward()
    return viz.draw((y * y).sum(), names={}, detail=1)


def test_every_color_has_one_in_the_dark():
    svg = a_picture().svg
    rules = in_both_schemes(svg).partition("</style>")[0]
    found = set(COLORS.findall(svg))
    assert len(found) > 8
    for kind, color in found:
        assert f'[{kind}="{color}"]{{{kind}:#' in rules
    assert "text:not([fill]){fill:" in rules


def test_the_colors_are_those_of_the_stepper():
    rules = in_both_schemes("<svg></svg>")
    pairs = dict(re.findall(r"light-dark\((#\w+), (#\w+)\)", static("stepper.css")))
    for light, dark in re.findall(r'="(#\w+)"\]\{\w+:(#\w+)\}', rules):
        assert dark in pairs.values(), light


def test_what_is_saved_and_what_a_notebook_gets_follow_the_theme(tmp_path):
    picture = a_picture()
    saved = picture.save(tmp_path / "x.svg").read_text(encoding="utf-8")
    source = picture._repr_mimebundle_()["text/html"]
    assert saved == in_both_schemes(picture.svg)
    assert b64decode(re.search('base64,([^"]*)"', source)[1]).decode() == saved
    assert "color-scheme:light;background:white" in source  # where styles are dropped
