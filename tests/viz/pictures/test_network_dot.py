"""What draws PNG and PDF of a network gets all units and weights, at their places."""

import re

import numpy as np
import pytest
from names import HOSTILE

import nn
import viz
from viz.pictures.layers import Layer
from viz.pictures.network_dot import network_dot
from viz.pictures.render import render


def test_units_and_weights_are_there_by_sign_and_width():
    layer = nn.Linear(2, 1)
    layer.weight.data = np.array([[0.25, -4.0]])
    shown = viz.network(layer, [1.0, 3.0])
    dot = network_dot(shown.layers, shown.values, shown.dropped)
    assert re.findall(r"(u\w+ -- u\w+) \[(.*)\]", dot) == [
        ("u0_0 -- u1_0", 'color="#1a6eb0" penwidth=1'),
        ("u0_1 -- u1_0", 'color="#b35900" penwidth=4 style=dashed'),
    ]
    assert re.findall(r"w1_0_\d \[label=(\S+)", dot) == ["0.25", "-4"]
    assert re.search(r"u0_1 \[label=3 ", dot)


def test_boxes_are_placed_as_in_the_svg():
    shown = viz.network([20, 2])
    dot = network_dot(shown.layers, shown.values, shown.dropped)
    units = re.findall(r'u(\d)_(\d+) \[label=(?:"[^"]*"|\S+) pos="([-.\d]+),-([-.\d]+)!"', dot)
    circles = re.findall(r'id="unit-(\d)-(\d+)".*?cx="([-.\d]+)" cy="([-.\d]+)"', shown.svg)
    assert units == circles


def test_a_picture_has_the_size_of_the_network():
    svg = render(network_dot(*_about(viz.network([3, 2]))), "svg").decode()
    assert svg.count('class="node"') == 5 + 4  # units, titles, and what is below
    assert svg.count('class="edge"') == 6


def _about(shown):
    return shown.layers, shown.values, shown.dropped


@pytest.mark.parametrize("name", HOSTILE[::4])
def test_no_title_breaks_the_language(name):
    layers = [Layer("inputs", 1), Layer(name, 1)]
    svg = render(network_dot(layers, None, [frozenset()] * 2), "svg").decode()
    assert svg.count('class="node"') == 2 + 4
