"""What is painted is what the layers hold: one circle a unit shown, one line a weight shown."""

import re
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

import nn
import viz
from autograd import GraphError, tanh, texts
from autograd.formulas import number
from viz.pictures.circles import stroke_width, svg_for_page

MODELS = {
    "MLP": lambda: nn.MLP(2, [16, 16, 1], tanh, rng=0),
    "small": lambda: nn.MLP(2, [4, 1], tanh, rng=0),
    "Sequential": lambda: nn.Sequential(nn.Linear(20, 18, rng=0), nn.ReLU(), nn.Linear(18, 3)),
    "no bias": lambda: nn.Linear(3, 2, bias=False, rng=0),
    "Autoencoder": lambda: nn.Autoencoder([6, 4, 2], rng=0),
    "Perceptron": lambda: nn.Perceptron([1, -1, 0], threshold=1.5),
    "Neuron": lambda: nn.Neuron(3, rng=0),
    "Layer": lambda: nn.Layer(3, 2, rng=0),
}


@pytest.fixture(params=MODELS)
def shown(request):
    model, rng = MODELS[request.param](), np.random.default_rng(0)
    for leaf in model.parameters():
        if not np.any(leaf.data):  # new biases are 0
            leaf.data = leaf.data + rng.normal(size=np.shape(leaf.data))
    return viz.network(model, rng.normal(size=model.input_shape))


def elements(svg, tag="*"):
    """Those that have an id, by it; each id stands once."""
    root = ElementTree.fromstring(svg)
    found = [x for x in root.findall(".//{*}" + tag) if "id" in x.attrib]
    assert len({x.get("id") for x in found}) == len(found)
    return {x.get("id"): x for x in found}


def painted(shown, tag="*"):
    return elements(shown.svg, tag)


def inner(element, name):
    return element.find("{*}" + name)


def units(layer):
    """Those that are shown: all up to 16, else the first and the last five."""
    return [k for k in range(layer.size) if layer.size <= 16 or not 5 <= k < layer.size - 5]


def signs(x):
    return {1: {"pos"}, -1: {"neg"}, 0: set()}[int(np.sign(x))]


def test_each_unit_is_a_circle_that_says_what_it_gives(shown):
    found = painted(shown, "g")
    expected = {f"unit-{n}-{k}" for n, layer in enumerate(shown.layers) for k in units(layer)}
    assert {name for name in found if name.startswith("unit")} == expected
    for name in expected:
        level, k = map(int, name.split("-")[1:])
        value = shown.values[level][k]
        assert inner(found[name], "circle") is not None
        text = inner(found[name], "text")
        assert text.get("class") == "value"
        assert float(text.text) == pytest.approx(value, rel=0.06)
        assert len(text.text) <= 8
        assert inner(found[name], "title").text.endswith(f": {number(value)}")


def test_each_weight_is_a_line_whose_width_and_sign_are_its_own(shown):
    found = {name: x for name, x in painted(shown, "path").items() if name.startswith("weight")}
    expected = {
        f"weight-{n}-{k}-{j}": layer.weight[k, j]
        for n, layer in enumerate(shown.layers)
        for k in units(layer)
        for j in (units(shown.layers[n - 1]) if n else ())
    }
    assert found.keys() == expected.keys()
    for name, weight in expected.items():
        assert set(found[name].get("class").split()) == {"weight"} | signs(weight)
        width = float(found[name].get("stroke-width"))
        assert width == pytest.approx(min(8, max(0.5, 2 * abs(weight) ** 0.5)), rel=0.01)
        assert inner(found[name], "title").text.endswith(f": {number(weight)}")


def test_lines_go_from_rim_to_rim_of_the_circles_that_they_join(shown):
    for svg in (shown.svg, svg_for_page(shown.layers)):
        found = elements(svg)
        for name, line in found.items():
            if name.startswith("weight"):
                level, k, j = map(int, name.split("-")[1:])
                ends = np.array(re.findall(r"[-\d.]+", line.get("d")), float).reshape(2, 2)
                tail, head = (
                    circle(found[f"unit-{level - 1}-{j}"]),
                    circle(found[f"unit-{level}-{k}"]),
                )
                for (*middle, radius), end in zip((tail, head), ends, strict=True):
                    assert np.hypot(*(end - middle)) == pytest.approx(radius, abs=0.1)
                way, whole = ends[1] - ends[0], np.subtract(head[:2], tail[:2])
                assert way @ whole == pytest.approx(np.hypot(*way) * np.hypot(*whole))


def circle(unit):
    shape = inner(unit, "circle")
    return [float(shape.get(name)) for name in ("cx", "cy", "r")]


def test_a_page_gets_every_shape_and_no_words_that_grow_old(shown):
    svg = svg_for_page(shown.layers)
    found = elements(svg)
    counts = [layer.size for layer in shown.layers]
    lines = sum(a * b for a, b in pairwise(counts))
    biases = sum(layer.size for layer in shown.layers if layer.bias is not None)
    assert Counter(name.partition("-")[0] for name in found) == +Counter(
        unit=sum(counts), layer=len(counts), weight=lines, bias=biases
    )
    assert "<title" not in svg
    assert "<style" not in svg
    assert 'class="page"' not in svg


@pytest.mark.parametrize(("times", "words"), [(1, "2 units"), (5, "2")])
def test_the_sizes_of_many_layers_are_numbers_alone(times, words):
    svg = svg_for_page(viz.network([2, 2, 2]).layers * times)
    assert re.search(r'class="size"[^>]*>([^<]*)<', svg)[1] == words


def test_each_bias_is_a_square_with_its_sign(shown):
    found = painted(shown, "rect")
    expected = {
        f"bias-{n}-{k}": layer.bias[k]
        for n, layer in enumerate(shown.layers)
        for k in (units(layer) if layer.bias is not None else ())
    }
    assert found.keys() == expected.keys()
    for name, bias in expected.items():
        assert set(found[name].get("class").split()) == {"bias"} | signs(bias)
        assert inner(found[name], "title").text.endswith(f": {number(bias)}")


def test_layers_say_their_path_size_and_activation(shown):
    found = painted(shown, "g")
    for level, layer in enumerate(shown.layers):
        texts = {x.get("class"): x.text for x in found[f"layer-{level}"] if x.tag.endswith("text")}
        assert texts["title"] == layer.title
        assert texts["size"] == f"{layer.size} unit" + "s" * (layer.size > 1)
        assert (texts["activation"] or "") == layer.activation
        assert ("ellipsis" in texts) == (layer.size > 16)


def test_widths():
    assert [stroke_width(x) for x in (0, 0.01, 1, -4, 100)] == [0.5, 0.5, 2, 4, 8]


def test_gradients_are_in_the_titles_after_a_pass():
    model = MODELS["small"]()
    assert "gradient" not in viz.network(model).svg
    model([0.5, -1.0]).backward()
    found = painted(viz.network(model))
    neuron = model.layers[0].neurons[2]
    title = inner(found["weight-1-2-1"], "title").text
    assert title == (
        f"layers.0: weight of unit 3 for x2: {number(neuron.w[1].data)}, "
        f"gradient {number(neuron.w[1].grad)}"
    )
    assert inner(found["bias-1-2"], "title").text.endswith(f"gradient {number(neuron.b.grad)}")


def test_sizes_alone_are_plain_lines():
    found = painted(viz.network([3, 3, 2, 1]))
    lines = [x for name, x in found.items() if "weight" in name]
    assert len(lines) == 9 + 6 + 2
    assert {x.get("class") for x in lines} == {"weight"}
    assert all(inner(x, "text").text is None for name, x in found.items() if "unit" in name)


def test_numbers_stand_where_there_is_room():
    few = painted(viz.network(nn.Perceptron([2, -2], threshold=3)), "text")
    assert {name: x.text for name, x in few.items()} == {
        "number-1-0-0": "2",
        "number-1-0-1": "-2",
        "number-1-0": "threshold 3",
    }
    assert painted(viz.network(MODELS["MLP"]()), "text") == {}


def test_a_perceptron_shows_its_step():
    assert 'class="glyph"' in viz.network(nn.Perceptron([1, 1])).svg
    assert 'class="glyph"' not in viz.network(nn.Neuron(2, tanh)).svg


def test_dropped_units_are_crossed_out_and_their_lines_are_faint():
    shown = viz.network([2, 3, 1], dropped={1: [1]})
    found = painted(shown)
    crossed = {name for name, x in found.items() if inner(x, "path") is not None}
    assert "unit-1-1" in crossed
    assert "unit-1-0" not in crossed
    faint = {name for name, x in found.items() if x.get("class") == "weight dropped"}
    assert faint == {"weight-1-1-0", "weight-1-1-1", "weight-2-0-1"}


def test_a_weight_of_0_has_no_sign():
    assert painted(viz.network(nn.Perceptron([0.0])))["weight-1-0-0"].get("class") == "weight"


def test_what_is_not_finite_is_loud():
    net = nn.Linear(2, 1)
    net.weight.data = [[np.nan, -np.inf]]
    found = painted(viz.network(net))
    assert {found[f"weight-1-0-{j}"].get("class") for j in range(2)} == {"weight alarm"}


@pytest.mark.parametrize("sizes", [[1, 1], [3] * 13, [1000, 1000], [16] * 8])
def test_pictures_are_at_most_1000_px_wide_and_letters_at_least_10(sizes):
    svg = viz.network(sizes).svg
    assert float(re.search(r'width="([\d.]+)"', svg)[1]) <= 1000
    assert min(map(int, re.findall(r"(\d+)px Helvetica|font-size: (\d+)px", svg)[0][:1])) >= 10
    assert all(int(x) >= 10 for x in re.findall(r"font-size: (\d+)px", svg))


def test_more_layers_than_fit_are_refused():
    with pytest.raises(GraphError, match=r"13 layers, more than the 12.*model\[:8\]"):
        viz.network([3] * 14)


def luminance(color):
    parts = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_letters_stand_out_by_day_and_by_night():
    style = re.search(r"<style>(.*)</style>", viz.network([2, 1]).svg, re.DOTALL)[1]
    for theme in style.split("@media"):
        page = luminance(re.search(r"\.page, .*?fill: (#\w{6})", theme)[1])
        colors = set(re.findall(r"#\w{6}", theme)) - {re.search(r"\.page, .*?(#\w{6})", theme)[1]}
        assert len(colors) == 6
        for color in colors:
            dark, light = sorted([page, luminance(color)])
            assert (light + 0.05) / (dark + 0.05) >= 4.5, color


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "]]></svg>&'\"", "a\x00\nb", "x" * 90]
)
def test_names_of_modules_are_escaped_and_cut(name):
    class Named(nn.Module):
        input_shape = (2,)

        def __init__(self):
            self.parts = {name: nn.Linear(2, 1), "last": nn.Linear(1, 1)}

        def forward(self, x):
            return self.parts["last"](self.parts[name](x))

    root = ElementTree.fromstring(viz.network(Named()).svg)
    title = root.findall(".//{*}text[@class='title']")[1]
    assert len(title.text) < 40
    assert inner(title, "title").text == texts.shown(f"parts.{name}", 1000)
    assert {x.tag.partition("}")[2] for x in root.iter()} <= {
        *("svg", "style", "g", "path", "rect", "circle", "text", "title"),
    }
