"""`draw` never breaks a notebook: an image where one can be drawn, text where none can."""

import base64
import re
from html import unescape
from xml.etree import ElementTree

import pytest

import viz
from autograd import Graph, GraphError, Scope, Value
from viz import RenderError
from viz.moments.notation import Notation
from viz.moments.rooms import outermost
from viz.pictures import picture
from viz.pictures.dark import in_both_schemes
from viz.pictures.diagram import pictured
from viz.pictures.picture import Picture
from viz.pictures.render import SlowLayoutError, render


@pytest.fixture
def f():
    x, y = Value(2.0, name="x"), Value(3.0, name="<y>")
    with Scope("block"):
        f = x * y + 1
    f.backward()
    return f


@pytest.fixture
def slow(monkeypatch):
    """Let the layout of every picture but folded ones run out of time."""

    def impatient(dot, format="svg"):
        if "folded" not in dot:
            raise SlowLayoutError("draw: the layout took longer than 10 s.")
        return render(dot, format)

    monkeypatch.setattr(picture, "render", impatient)


def test_a_notebook_gets_an_image_and_text(f):
    shown = viz.draw(f, names={})
    bundle = shown._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == str(shown)
    (image,) = re.findall(r"<img [^>]*>", bundle["text/html"])
    assert bundle["text/html"].startswith(image)
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]*)"', image)[1]
    assert base64.b64decode(data).decode() == in_both_schemes(shown.svg)
    assert "<y>" in unescape(re.search(r'alt="([^"]*)"', image)[1])


def test_the_text_behind_a_picture_is_short_however_large_the_graph():
    node = Value(1.0)
    for _ in range(2000):
        node = -node
    shown = viz.draw(node, names={})
    bundle = shown._repr_mimebundle_()
    description = unescape(re.search(r'alt="([^"]*)"', bundle["text/html"])[1])
    assert description == bundle["text/plain"]
    assert description.splitlines()[50:] == [
        "... and 1951 more nodes",
        "(no gradients yet: call backward())",
    ]
    assert len(str(shown).splitlines()) == 2002


@pytest.mark.parametrize(
    ("ending", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("dot", b"digraph {")]
)
def test_the_ending_of_the_name_says_what_is_saved(f, tmp_path, ending, start):
    path = viz.draw(f).save(tmp_path / f"picture.{ending}")
    assert path == tmp_path / f"picture.{ending}"
    assert path.read_bytes().startswith(start)


def test_a_saved_picture_is_what_a_notebook_shows(f, tmp_path):
    shown = viz.draw(f)
    saved = shown.save(str(tmp_path / "a.svg")).read_text()
    assert saved == in_both_schemes(shown.svg)
    assert shown.save(tmp_path / "a.dot").read_text() == shown.dot


@pytest.mark.parametrize("name", ["picture.gif", "picture", "picture.svg.old", ".svg"])
def test_another_ending_is_refused_and_nothing_written(f, tmp_path, name):
    with pytest.raises(RenderError, match=r"Choose one of .*svg, png, pdf"):
        viz.draw(f).save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_refusal_names_every_ending_there_is(f, tmp_path):
    with pytest.raises(RenderError, match="dot"):
        viz.draw(f).save(tmp_path / "picture.gif")


@pytest.mark.usefixtures("nothing_to_draw_with")
def test_without_anything_to_draw_with_a_notebook_gets_text(f):
    shown = viz.draw(f)
    bundle = shown._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert bundle["text/plain"].startswith(str(shown))
    assert "pip install 'stepgrad[render]'" in bundle["text/plain"]


@pytest.mark.usefixtures("slow")
def test_a_layout_that_takes_too_long_is_folded_and_says_so(f):
    for _ in range(100):
        f = -f
    shown = viz.draw(f, detail="full", names={})
    assert len(shown.shown.boxes) > 100
    root = ElementTree.fromstring(shown.svg)
    words = [element.text for element in root.findall(".//{*}text")]
    assert "folded, because the layout took too long" in words
    assert len(shown.shown.boxes) <= 40


@pytest.mark.usefixtures("slow")
def test_a_picture_folded_because_it_was_slow_shows_the_same_part_of_the_graph(f):
    node = f
    for _ in range(50):
        node = -node
    center = node.inputs[0]
    shown = viz.draw(node, around=center, names={})
    before = [box.title for box in shown.shown.boxes]
    assert shown.svg
    assert [box.title for box in shown.shown.boxes] == before
    assert shown.shown.note.startswith(
        "folded, because the layout took too long; 30 nodes around v₅₁ of "
    )


def test_a_room_is_a_picture_too(f):
    notation = Notation(Graph(-f))
    for room in outermost(notation, 1).walk():
        shown = Picture.of(notation.graph, pictured(notation, room, {}))
        assert shown.svg.count('class="node"') == len(shown.shown.boxes)


@pytest.mark.slow
def test_a_layout_that_stays_slow_leaves_text(f, monkeypatch):
    def slow(*_):
        raise SlowLayoutError("draw: the layout took longer than 10 s.")

    monkeypatch.setattr(picture, "render", slow)
    assert "took longer" in viz.draw(f)._repr_mimebundle_()["text/plain"]
    large = sum([Value(1.0)] * 1600)
    shown = viz.draw(large, detail="full", max_nodes=2000)
    assert set(shown._repr_mimebundle_()) == {"text/plain"}


def test_a_picture_does_not_change_when_its_nodes_do(f):
    before = viz.draw(f)
    dot, text = before.dot, str(before)
    f.backward()
    f.inputs[0].inputs[0].data = 77.0
    assert (before.dot, str(before)) == (dot, text)


def test_a_graph_is_drawn_like_its_node(f):
    assert viz.draw(Graph(f)).dot == viz.draw(f, names={}).dot


def test_a_graph_read_from_json_is_drawn_like_the_first(f):
    graph = Graph(f)
    assert viz.draw(Graph.from_json(graph.to_json())).svg == viz.draw(graph).svg


def test_gradients_of_a_pass_are_in_the_picture_and_in_its_text():
    x = Value(3.0, name="x")
    shown = viz.step(x * x).picture
    assert "grad 6" in shown.dot
    assert "grad 6" in str(shown)
    assert "no gradients yet" not in str(shown)


def test_names_are_yours_or_those_that_are_given():
    net = {"w": Value(2.0), "b": Value(1.0)}
    loss = -(net["w"] * 3 + net["b"])
    titles = [box.title for box in viz.draw(loss).shown.boxes]
    assert titles == ["net['w']", "net['b']", "v₁", "v₂", "loss"]
    assert viz.draw(loss, names={"y": loss}).shown.boxes[-1].title == "y"


def test_no_more_boxes_are_drawn_than_is_allowed_however_they_are_folded():
    f = Value(1.0)
    for _ in range(100):
        f = -f
    assert len(viz.draw(f, max_nodes=40).shown.boxes) <= 40
    with pytest.raises(GraphError, match="101 boxes, more than max_nodes=40"):
        viz.draw(f, detail="full", max_nodes=40)


def test_what_is_not_a_node_is_refused_in_words():
    with pytest.raises(TypeError, match=r"draw.*3\.0"):
        viz.draw(3.0)


def test_a_picture_and_its_error_are_short_in_a_list(f):
    assert repr(viz.draw(f)) == "Picture(Graph(5 nodes, output 4))"
