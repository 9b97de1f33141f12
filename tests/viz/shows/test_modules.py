"""The tree of a module: shapes as lectures write them, counts that add up."""

import re
from html import unescape

import numpy as np
import pytest
from shown import Model

import nn
from viz.shows.modules import module


def rows(model):
    """The title, and the cells of each row, but for histograms."""
    html = module(model)["text/html"]
    body = html.partition("<tbody>")[2]
    found = [re.findall("<td[^>]*>(.*?)</td>", row) for row in body.split("</tr>")[:-1]]
    cells = [[unescape(re.sub("<[^>]*>", "", cell)) for cell in row[:4]] for row in found]
    return unescape(re.search('sg-title">(.*?)</div>', html)[1]), cells


def test_neurons_are_rows_of_the_weights_of_their_layer():
    title, cells = rows(nn.MLP(2, [16, 1]))
    assert title == "MLP: 65 parameters"
    assert cells == [
        ["layers.0", "Layer(2, 16, relu)", "w 16 × 2, b 16", "48"],
        ["layers.1", "Layer(16, 1, linear)", "w 1 × 16, b 1", "17"],
    ]


MODELS = {
    "mlp": lambda: nn.MLP(3, [4, 2]),
    "neuron": lambda: nn.Neuron(3),
    "perceptron": lambda: nn.Perceptron([1, 1], threshold=2),
    "lenet": nn.LeNet5,
    "batch norm": lambda: nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1)),
    "nested": lambda: nn.Sequential(nn.Sequential(nn.Linear(2, 3), nn.Tanh()), nn.Linear(3, 1)),
    "autoencoder": lambda: nn.Autoencoder([6, 3, 2]),
    "shared": lambda: Model("x"),
    "no parts": nn.Tanh,
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_counts_add_up_to_the_numbers_of_all_leaves_but_buffers(make):
    model = make()
    title, cells = rows(model)
    leaves = {leaf for _, leaf in model.named_leaves()} - set(model.buffers())
    count = sum(np.size(leaf.data) for leaf in leaves)
    assert title.startswith(f"{type(model).__name__}: {count:,} parameter")
    assert sum(int(row[3].replace(",", "")) for row in cells if row[3].strip("shared")) == count


def test_shapes_are_those_of_the_leaves():
    (first, norm, _) = rows(MODELS["batch norm"]())[1]
    assert first[2] == "weight 3 × 2, bias 3"
    assert norm[2].endswith("running_var 3 buffer, num_batches_tracked 1 buffer")
    assert norm[3] == "6"


def test_frozen_and_shared_parameters_are_said_to_be():
    title, cells = rows(Model("x"))
    assert title == "Model: 26 parameters, 1 of them frozen"
    assert cells[0][2:] == ["scale 1 frozen", "1"]


def test_leaves_of_one_name_in_several_containers_are_told_apart():
    class Two(nn.Module):
        def __init__(self):
            self.parts = {k: {"w": nn.Linear(2, n).weight} for k, n in (("a", 3), ("b", 4))}

    assert rows(Two())[1] == [["·", "Two", "parts.a.w 3 × 2, parts.b.w 4 × 2", "14"]]


def test_a_deep_model_is_cut():
    html = module(nn.Sequential(*(nn.Tanh() for _ in range(70))))["text/html"]
    assert "and 10 more parts" in html


def test_the_histogram_is_of_the_weights():
    layer = nn.Linear(2, 3)
    layer.weight.data = np.arange(6.0).reshape(3, 2)
    assert "6 numbers from 0 to 5, mean 2.5" in module(layer)["text/html"]
