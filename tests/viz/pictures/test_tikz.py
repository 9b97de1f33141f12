"""Pictures of TikZ say what pictures say, and hold together whatever names are in them."""

import re

import numpy as np
import pytest
from names import HARMLESS, HOSTILE, is_plain

import nn
import viz
from autograd import Tensor, Value
from viz import RenderError
from viz.pictures.tikz import diagram_tikz, tex

NODE = r"\\node\[(\w+)\] \(([\w-]+)\) at \((-?[\d.]+)(?:mm)?, (-?[\d.]+)(?:mm)?\) \{(.*)\};"
DRAW = r"\\draw\[([^\]]*)\] \(([\w-]+)\) --(?: node\[[^\]]*\] \{(.*)\})? \(([\w-]+)\);"
SIGNS = ["100%", "a_b^c", "#1 & ~{$x$}", "--> y", "%%{init}%%", "{{", "}"]


def read(text):
    """Read nodes by their names and lines by their ends."""
    head, _, body = text.partition("dashed}]\n")
    assert head.startswith("% In the preamble: \\usepackage{tikz}\n\\begin{tikzpicture}")
    *lines, last = body.splitlines()
    assert last == r"\end{tikzpicture}"
    nodes, edges = {}, []
    for line in map(str.strip, lines):
        holds_together(line)
        if found := re.fullmatch(NODE, line):
            nodes[found[2]] = found[1], float(found[3]), float(found[4]), found[5]
        elif found := re.fullmatch(DRAW, line):
            edges.append((found[2], found[1], found[3], found[4]))
        else:
            assert re.match(r"\\node(\[[^]]*\])? at ", line)
    return nodes, edges


def holds_together(line):
    r"""Groups are closed, nothing begins a comment, and no line break takes what follows it."""
    assert not re.search(r"\\\\[\[*]", line)
    bare = re.sub(r"\\[{}$&#_%]", "", line.replace(r"\\", " "))
    assert not re.search(r"[%#&~^_](?![\d({\-])", bare.replace("^{", "").replace("_{", ""))
    assert bare.count("$") % 2 == 0
    depth = 0
    for sign in bare:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


def saved(picture, path):
    return picture.save(path / "x.tex").read_text(encoding="utf-8")


def test_boxes_stand_where_the_picture_has_them_and_arrows_join_them(tmp_path):
    x, y = Value(-2.0, name="x"), Value(5.0, name="y_1")
    f = x * y
    f.backward()
    picture = viz.draw(f, names={"f": f})
    nodes, edges = read(saved(picture, tmp_path))
    boxes = picture.shown.boxes
    assert {*nodes} == {box.id for box in boxes}
    assert nodes["n1"][3].startswith(r"\textbf{y\_1}\\")
    assert r"{grad $-$2}" in nodes["n1"][3]
    assert nodes["n0"][1] == nodes["n1"][1] < nodes["n2"][1]
    assert edges == [("n0", "->", "5", "n2"), ("n1", "->", "$-$2", "n2")]


@pytest.mark.parametrize("name", [*HOSTILE, *SIGNS, *HARMLESS], ids=lambda name: ascii(name)[:30])
def test_a_name_is_text_whatever_is_in_it(name):
    text = tex(name)
    assert is_plain(text)
    holds_together(text)
    x = Value(1.0, name=name)
    shown = viz.draw(x * 2.0, names={}).shown
    nodes, edges = read(diagram_tikz(shown, "node n0 0 0 1 1\nnode n2 1 0 1 1\n"))
    assert len(nodes) == 2
    assert len(edges) == 1


def test_a_line_of_an_array_is_no_option_of_the_line_break_before_it(tmp_path):
    nodes, _ = read(saved(viz.draw(Tensor([1.0, 2.0], name="x") * 2.0, names={}), tmp_path))
    assert r"\\\textcolor{green!40!black}{{[}1, 2{]}}" in nodes["n0"][3]


def test_folded_boxes_and_notes_hold_together(tmp_path):
    model = nn.MLP(2, [16, 16, 1])
    nodes, _ = read(saved(viz.draw(model([0.5, 1.0]), names={}, detail=2), tmp_path))
    assert "folded" in {style for style, *_ in nodes.values()}


def test_a_network_is_circles_and_lines_by_sign(tmp_path):
    layer = nn.Linear(2, 1)
    layer.weight.data = np.array([[0.25, -4.0]])
    nodes, edges = read(saved(viz.network(layer, [1.0, 3.0]), tmp_path))
    assert nodes["u0-0"][3] == "1"
    assert nodes["u0-0"][1] < nodes["u1-0"][1]
    assert nodes["u0-0"][2] > nodes["u0-1"][2]
    assert [(style, label) for _, style, label, _ in edges] == [
        ("positive, line width=0.75pt", "0.25"),
        ("negative, line width=3.00pt", "$-$4"),
    ]


def test_wide_layers_and_dropped_units(tmp_path):
    text = saved(viz.network([20, 2], dropped={1: [0]}), tmp_path)
    nodes, edges = read(text)
    assert r"{$\vdots$}" in text
    assert nodes["u1-0"][0] == "dropped"
    assert len(edges) == 20


@pytest.mark.usefixtures("nothing_to_draw_with")
def test_the_places_of_boxes_need_something_to_draw_with(tmp_path):
    with pytest.raises(RenderError, match="nothing here can draw"):
        viz.draw(Value(1.0) * 2.0, names={}).save(tmp_path / "x.tex")
    assert list(tmp_path.iterdir()) == []
