"""A number on an arrow stands beside its own arrow, and neither over a box nor over another."""

import re
from html import unescape
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings

import nn
import viz
from autograd import Value, tanh
from autograd.strategies import graphs
from viz.pictures.labels import place_labels

render = import_module("viz.pictures.render")  # its function has the same name
FEW = settings(max_examples=max(3, settings.default.max_examples // 20))
TEXT = re.compile(r'<text [^>]*?x="([^"]*)" y="([^"]*)"[^>]*>([^<]*)</text>')


def rectangles(svg):
    """Where each label of an edge is, and each box: left, top, right, bottom."""
    labels, boxes = [], []
    for kind, group in re.findall(r'class="(edge|node)">(.*?)</g>\n', svg, re.DOTALL):
        if kind == "node":
            numbers = re.findall(r"-?[\d.]+", re.search(r' d="([^"]*)"', group)[1])
            corners = np.array(numbers, float).reshape(-1, 2)
            boxes.append([*corners.min(0), *corners.max(0)])
        elif found := TEXT.search(group):
            x, y, half = float(found[1]), float(found[2]), 3.0 * len(unescape(found[3]))
            labels.append([x - half, y - 7, x + half, y + 1])
    return labels, boxes


def overlaps(svg):
    labels, boxes = rectangles(svg)
    pairs = [(a, b) for k, a in enumerate(labels) for b in [*labels[:k], *boxes]]
    return sum(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in pairs)


def as_graphviz_has_it(draw):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "place_labels", lambda svg: svg)
        return draw()


def neuron(inputs):
    x = [Value(0.3 * k - 1.0, name=f"x{k}") for k in range(inputs)]
    net = nn.MLP(inputs, [1], tanh, rng=0)
    return viz.step(net(x), names={"net": net}, detail="full").picture


@pytest.mark.parametrize("inputs", [1, 2, 3, 4, 6])
def test_in_a_neuron_no_label_is_over_a_box_or_another_label(inputs):
    assert overlaps(neuron(inputs).svg) == 0


def test_of_two_arrows_side_by_side_each_has_its_label_on_its_own_side():
    a = Value(3.0, name="a")
    svg = viz.draw(a + a, names={}).svg
    edges = re.findall(r'class="edge">(.*?)</g>', svg, re.DOTALL)
    arrows = [float(re.search(r' d="M[^,]*,([^C]*)C', edge)[1]) for edge in edges]
    labels = [float(TEXT.search(edge)[2]) for edge in edges]
    (above, below), (first, second) = sorted(arrows), sorted(labels)
    assert first < above < below < second
    assert (arrows[0] < arrows[1]) == (labels[0] < labels[1])


@FEW
@given(graphs(longest=12))
def test_no_more_labels_overlap_than_before_and_none_is_lost(program):
    picture = viz.step(program.nodes()[program.output], names={}, detail="full").picture
    svg = picture.svg
    before = as_graphviz_has_it(lambda: picture.svg)
    assert overlaps(svg) <= overlaps(before)
    words = [[text for _, _, text in TEXT.findall(each)] for each in (svg, before)]
    assert words[0] == words[1]
    assert place_labels(svg) == svg


def test_pictures_that_are_laid_out_together_do_not_make_room_for_one_another():
    a, b = viz.draw(-Value(1.0, name="a")).dot, viz.draw(-Value(2.0, name="b")).dot
    together = [rectangles(svg) for svg in render.render_all([a, b])]
    assert together == [rectangles(svg) for dot in (a, b) for svg in render.render_all([dot])]
