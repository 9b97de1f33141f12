"""Whatever a user calls a node, its picture is well-formed and shows the name as text."""

import re
import shutil
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from views import FIRST_VIEWS

import nn
import viz
from autograd import Graph, Scope, Tensor, Value, exp, tanh
from autograd.strategies import graphs
from autograd.texts import shown
from viz.moments.notation import Notation
from viz.moments.rooms import outermost
from viz.pictures.diagram import Diagram, diagram, pictured
from viz.pictures.dot import to_dot
from viz.pictures.picture import Picture
from viz.pictures.render import render

HOSTILE = [
    "<script>alert(1)</script>",
    '"a|b{c}',
    "x\\n",
    "x\n",
    "two\nlines",
    "a\tb",
    "\x00",
    "\x1f",
    "\ufffe",
    "\ud800",
    "😀",
    "'\"`",
    "\\",
    "\\\\",
    "a\\",
    "]]>",
    "-->",
    "--><svg onload=alert(1)>",
    "&lt;&#0;&amp",
    "\\N\\G\\L",
    "{0}%s",
    " a  b ",
    "long " * 1000,
]
EXAMPLES = settings(max_examples=max(5, settings.default.max_examples // 5))


@pytest.fixture(scope="module", params=["dot", "graphviz-pure"])
def engine(request):
    """Draw with the system's program, then, with nothing on the path, with the wheel."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "graphviz-pure":
            patch.setenv("PATH", "")
        elif shutil.which("dot") is None:
            pytest.skip("no dot program on this machine")
        yield request.param


def svg(picture):
    return ElementTree.fromstring(picture.svg)


def plain(words):
    """Of two spaces, Graphviz makes one a no-break space."""
    return words.replace("\xa0", " ")


def texts(root):
    return [plain(element.text) for element in root.findall(".//{*}text") if element.text]


def tooltips(root):
    return [plain(a.get("{http://www.w3.org/1999/xlink}title")) for a in root.findall(".//{*}a")]


def in_a_box(name):
    """A name as it is shown: what cannot be printed is escaped, and what is long is cut."""
    return shown(name, 48)


def harmless(root):
    tags = {element.tag.partition("}")[2] for element in root.iter()}
    known = {"svg", "g", "title", "polygon", "path", "polyline", "text", "a", "ellipse"}
    assert tags <= known
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") for name in attributes)
    assert not any(name.endswith("href") for name in attributes)


@pytest.mark.usefixtures("engine")
class TestEveryEngine:
    @EXAMPLES
    @given(st.text(min_size=1))
    def test_any_name_is_text_in_a_well_formed_picture(self, name):
        root = svg(viz.draw(Value(2.0, name=name) * 3, names={}))
        harmless(root)
        assert in_a_box(name) in texts(root)

    @pytest.mark.parametrize("name", HOSTILE, ids=ascii)
    def test_hostile_names_are_text(self, name):
        with Scope(name):
            inner = Value(2.0, name=name) * 3 + 1
        outer = -inner
        full, folded = svg(viz.draw(outer, names={})), svg(viz.draw(outer, detail=1))
        around = svg(viz.draw(outer, around=inner.inputs[0].inputs[0], names={}))
        for root in (full, folded, around):
            harmless(root)
            assert in_a_box(name) in texts(root)

    @pytest.mark.parametrize("name", ["a&lt;b", "&#65;", "\\N", "a\\nb", "<b>", '"', "a  b"])
    def test_hovering_shows_the_same_name(self, name):
        root = svg(viz.draw(Value(2.0, name=name) * 3, names={}))
        assert name in tooltips(root)

    @EXAMPLES
    @given(graphs())
    def test_a_page_can_find_each_box_and_edge(self, program):
        output = program.nodes()[program.output]
        picture = viz.draw(output, names={})
        root = svg(picture)
        for kind, parts in (("node", picture.shown.boxes), ("edge", picture.shown.edges)):
            found = [g.get("id") for g in root.findall(".//{*}g") if g.get("class") == kind]
            assert sorted(found) == sorted(part.id for part in parts)

    @EXAMPLES
    @given(graphs())
    def test_a_box_shows_its_name_its_formula_its_value_and_its_gradient(self, program):
        output = program.nodes()[program.output]
        output.backward()
        picture = viz.draw(output, names={})
        root = svg(picture)
        shown = {g.get("id"): texts(g) for g in root.findall(".//{*}g")}
        for box in picture.shown.boxes:
            grad = f"grad {box.grad}" if box.grad else ""
            assert shown[box.id] == [*filter(None, [box.title, box.formula, box.data, grad])]
        for edge in picture.shown.edges:
            assert shown[edge.id] == [*filter(None, [edge.slope])]

    def test_the_note_stands_in_the_picture(self):
        root = svg(viz.draw(-Value(2.0)))
        assert "no gradients yet: call backward()" in texts(root)

    @pytest.mark.parametrize("note", [r"30 nodes around \N of 40", "around a&lt;b of 40"])
    def test_a_note_is_written_as_it_is(self, note):
        root = ElementTree.fromstring(render(to_dot(Diagram([], note=note))))
        assert texts(root) == [note]

    def test_what_is_not_a_number_is_red(self):
        nodes = Value(float("nan")), Value(float("inf")), Value(-float("inf")), Value(4.0)
        root = svg(viz.draw(sum(nodes, Value(0.0))))
        colors = {element.text: element.get("fill") for element in root.findall(".//{*}text")}
        assert {colors[data] for data in ("nan", "inf", "-inf")} == {"#ff0000"}
        assert colors["4"] == "#1a7f37"

    def test_the_lines_of_a_box_are_centered(self):
        f = tanh(Value(2.0, name="x")) + Value(1.0, name="…₁…₂")
        for group in svg(viz.draw(f, names={})).findall(".//{*}g[@class='node']"):
            *_, frame = group.findall(".//{*}path")
            xs = [float(x) for x in re.findall(r"([-.\d]+),", frame.get("d"))]
            for line in group.findall(".//{*}text"):
                assert line.get("text-anchor") == "middle"
                assert float(line.get("x")) == pytest.approx((min(xs) + max(xs)) / 2, abs=0.01)

    @pytest.mark.parametrize("count", [4, 16])
    def test_neurons_stand_in_their_order(self, count):
        x = [Value(float(i), name=f"x{i}") for i in range(count)]
        notation = Notation(Graph(nn.MLP(count, [count, 1], rng=0)(x)))
        (room,) = [x for x in outermost(notation, 2).walk() if x.title == "layers.0"]
        picture = Picture.of(notation.graph, pictured(notation, room, {}))
        place = {}
        for group in svg(picture).findall(".//{*}g[@class='node']"):
            line = group.find(".//{*}text")
            place[line.text] = float(line.get("x")), float(line.get("y"))
        for column in ([f"x{i}" for i in range(count)], [part.title for part in room.parts]):
            places = [place[title] for title in column]
            assert sorted(places, key=lambda at: at[1]) == places

    def test_layers_stand_in_one_line_with_their_parameters_aside(self):
        net = nn.Sequential(*(nn.Linear(8, 8, rng=i) for i in range(6)))
        picture = viz.draw(net(Tensor(np.ones((2, 8)), name="X")))
        assert "rankdir=TB" in picture.dot
        computed = {edge.head for edge in picture.shown.edges}
        nodes = svg(picture).findall(".//{*}g[@class='node']")
        xs = [g.find(".//{*}text").get("x") for g in nodes if g.get("id") in computed]
        assert len(xs) == 6
        assert max(map(float, xs)) - min(map(float, xs)) < 1

    def test_a_label_stands_beside_the_arrow_that_runs_down(self):
        y = Value(1.234, name="y")
        for _ in range(15):
            y = y * -1.234
        picture = viz.draw(y, names={})
        assert "rankdir=TB" in picture.dot
        for group in svg(picture).findall(".//{*}g[@class='edge']"):
            label = group.find(".//{*}text")
            tip = group.find(".//{*}path").get("d").split(",")[0].removeprefix("M")
            assert float(label.get("x")) - 3 * len(label.text) > float(tip)


@pytest.mark.parametrize("output", FIRST_VIEWS.values(), ids=FIRST_VIEWS.keys())
def test_a_first_view_fits_a_page_with_text_of_ten_pixels(output):
    f = output()
    f.backward()
    picture = viz.draw(f)
    root = svg(picture)
    assert len(picture.shown.boxes) <= 40
    pixels = float(root.get("width").removesuffix("pt")) * 4 / 3
    smallest = min(float(text.get("font-size")) for text in root.findall(".//{*}text")) * 4 / 3
    assert smallest * min(1, 1000 / pixels) >= 10


@pytest.mark.parametrize(("length", "direction"), [(3, "LR"), (30, "TB")])
def test_a_long_graph_runs_down(length, direction):
    y = Value(1.0, name="x")
    for _ in range(length):
        y = y * 3
    assert f"rankdir={direction}" in to_dot(diagram(Graph(y)))


def test_the_same_graph_gives_the_same_dot():
    def dot():
        x = Value(0.5, name="x")
        return Picture(Graph(exp(x) * x + 1)).dot

    assert dot() == dot()


def test_a_slope_stands_at_the_head_of_its_arrow():
    x = Value(3.0, name="x")
    dot = to_dot(diagram(Graph(x * x)))
    assert dot.count("headlabel=3") == 2
    assert " label=3" not in dot


def test_folded_boxes_and_thin_edges_look_different():
    with Scope("block"):
        f = -(Value(1.0) * 2)
    folded = to_dot(diagram(Graph(-f), 1))
    assert "#eef1f5" in folded
    assert "#afb8c1" in folded
    full = to_dot(diagram(Graph(-f), "full"))
    assert "#eef1f5" not in full
    assert "#afb8c1" not in full
