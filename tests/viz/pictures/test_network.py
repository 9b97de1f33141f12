"""`network` shows a model in a notebook, a file and a terminal, and says what it cannot show."""

import base64
import re
from html import unescape

import numpy as np
import pytest

import nn
import viz
from autograd import tanh
from viz import RenderError


@pytest.fixture
def model():
    return nn.MLP(2, [3, 1], tanh, rng=0)


@pytest.mark.parametrize("to_tensors", [False, True])
def test_values_are_the_activations(model, to_tensors):
    x = [0.5, -1.0]
    found = model.activations(x)
    shown = viz.network(model.to_tensors() if to_tensors else model, x)
    assert shown.values[0].tolist() == x
    np.testing.assert_allclose(shown.values[1], [y.data for y in found["layers.0"]])
    np.testing.assert_allclose(shown.values[2], [found["output"].data])
    assert viz.network(model).values is None


@pytest.mark.parametrize(
    "dropped",
    [
        {1: [0, 2]},
        {1: np.array([True, False, True])},
        {1: [True, False, True], 2: []},
        [None, [2, 0]],
        [[], np.array([0, 2]), [False]],
    ],
)
def test_dropped_units_are_indices_or_masks_by_layer(model, dropped):
    shown = viz.network(model, [0.5, -1.0], dropped=dropped)
    assert shown.dropped == [set(), {0, 2}, set()]
    assert shown.values[1][[0, 2]].tolist() == [0, 0]
    weight = model.layers[1].neurons[0].w[1].data
    np.testing.assert_allclose(shown.values[2], [weight * shown.values[1][1]])


@pytest.mark.parametrize(
    "dropped",
    [{1: [3]}, {1: [-1]}, {1: [True, False]}, {1: [0.5]}, {1: 0}, {3: [0]}, [0, 2], {"0": [1]}],
)
def test_units_that_there_are_not_cannot_be_dropped(model, dropped):
    with pytest.raises(ValueError, match=r"\{1: \[0, 2\]\}"):
        viz.network(model, dropped=dropped)


@pytest.mark.parametrize("thing", [3.0, "MLP", tanh, None, np.ones(3)])
def test_what_is_no_model_is_refused_in_words(thing):
    with pytest.raises(TypeError, match=r"network: got .*Give a module"):
        viz.network(thing)


def test_sizes_take_no_input():
    with pytest.raises(TypeError, match="network: got an input for the sizes"):
        viz.network([2, 1], [1.0, 2.0])


def test_text_is_a_table_of_units():
    assert str(viz.network([2, 1])).splitlines() == [
        "layer    unit",
        "inputs   x1",
        "inputs   x2",
        "layer 1  1",
    ]
    shown = viz.network(nn.Perceptron([6, 2, 3], threshold=7), [1, 0, 1], dropped={0: [2]})
    assert str(shown).splitlines() == [
        "layer       unit  activation  weights    bias  value",
        "inputs      x1                                 1",
        "inputs      x2                                 0",
        "inputs      x3                                 dropped",
        "Perceptron  1     step        [6, 2, 3]  -7    0",
    ]


def test_text_has_gradients_after_a_pass(model):
    assert "gradient" not in str(viz.network(model))
    model([1.0, 2.0]).backward()
    head, *_, last = str(viz.network(model)).splitlines()
    assert head.split() == [
        "layer",
        "unit",
        "activation",
        "weights",
        "gradient",
        "bias",
        "gradient",
    ]
    assert last.split()[-1] == "1"


def test_a_notebook_gets_an_image_that_follows_its_theme_and_text(model):
    shown = viz.network(model, [0.5, -1.0])
    bundle = shown._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == str(shown)
    (image,) = re.findall(r"<img [^>]*>", bundle["text/html"])
    svg = base64.b64decode(re.search(r'base64,([^"]*)"', image)[1]).decode()
    assert "prefers-color-scheme" in shown.svg
    assert svg == shown.svg
    assert svg.partition("</style>")[2] == shown.svg.partition("</style>")[2]


def test_the_text_behind_a_picture_is_short_however_large_the_model():
    shown = viz.network([100, 100])
    text = shown._repr_mimebundle_()["text/plain"]
    assert text.splitlines()[-1] == "... and 150 more units"
    assert unescape(text) == text
    assert len(str(shown).splitlines()) == 201


@pytest.mark.parametrize(
    ("ending", "start"),
    [("svg", "<svg"), ("dot", "graph"), ("mmd", "flowchart"), ("tex", "% In"), ("png", "\x89PNG")],
)
def test_it_is_saved_in_the_form_that_its_name_ends_in(model, ending, start, tmp_path):
    path = viz.network(model).save(str(tmp_path / f"net.{ending}"))
    assert path.read_bytes().decode("latin-1").startswith(start)


def test_another_form_is_refused(model, tmp_path):
    for name in ("net.gif", "net"):
        with pytest.raises(RenderError, match="Choose one of svg, png, pdf, dot, mmd, tex"):
            viz.network(model).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_does_not_change_when_its_model_is_trained(model):
    net = model.to_tensors()
    shown = viz.network(net)
    before = str(shown)
    how = {"loss": nn.mse_loss, "optimizer": nn.SGD(net.parameters(), lr=0.5), "progress": False}
    net(np.eye(2)).sum().backward()
    passed = viz.network(net)
    slopes = passed.layers[1].weight_grad.tolist()
    net.parameters()[0].grad[...] = 0.0
    assert passed.layers[1].weight_grad.tolist() == slopes
    nn.fit(net, (np.eye(2), np.ones((2, 1))), **how)
    assert str(shown) == before
    assert viz.network(net).layers[1].weight.tolist() != shown.layers[1].weight.tolist()


def test_a_picture_does_not_change_when_its_model_does(model):
    shown = viz.network(model)
    before = shown.svg, str(shown)
    model.layers[0].neurons[0].w[0].data = 77.0
    model([1.0, 2.0]).backward()
    assert (shown.svg, str(shown)) == before
    assert repr(shown) == "Network(2 → 3 → 1)"
