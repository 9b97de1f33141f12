"""Flowcharts say what pictures say, and no name in them means more than itself."""

import re
from html import unescape

import numpy as np
import pytest
from names import HARMLESS, HOSTILE, is_plain

import nn
import viz
from autograd import Value
from autograd.texts import shown as plain
from viz.pictures.mermaid import escaped

_NODE = r'(\w+)(\[|\(\()"([^"]*)"(\]|\)\))'
_EDGE = r'(\w+) (-->|-\.->|---|-\.-)(?:\|"([^"]*)"\|)? (\w+)'
_GROUP = r'subgraph (\w+)\["([^"]*)"\]'
SIGNS = ["100%", "a_b^c", "#1 & ~{$x$}", "--> y", "%%{init}%%", "{{", "}"]


def read(text):
    """Read a flowchart: nodes with their lines of text, edges with their labels, titles."""
    first, *lines = text.splitlines()
    assert first == "flowchart LR"
    nodes, edges, titles = {}, [], []
    for line in lines:
        line = line.strip()
        if found := re.fullmatch(_NODE, line):
            nodes[found[1]] = [written(part) for part in found[3].split("<br/>")]
        elif found := re.fullmatch(_EDGE, line):
            edges.append((found[1], found[2], written(found[3] or ""), found[4]))
        elif found := re.fullmatch(_GROUP, line):
            titles.append(written(found[2]))
        else:
            assert line == "end"
    return nodes, edges, titles


def written(label):
    """Read the text of a label, as Mermaid does; it holds no other signs that mean something."""
    assert not re.search(r'["<>`{}\[\]|&;#]', re.sub(r"#\d+;", "", label))
    return unescape(re.sub(r"#(\d+);", r"&#\1;", label))


def saved(picture, path):
    return picture.save(path / "x.mmd").read_text(encoding="utf-8")


def test_boxes_and_arrows_are_those_of_the_picture(tmp_path):
    x, y, z = (Value(k, name=name) for k, name in ((-2.0, "x"), (5.0, "y"), (-4.0, "z")))
    f = (x + y) * z
    f.backward()
    picture = viz.draw(f, names={"f": f})
    nodes, edges, _ = read(saved(picture, tmp_path))
    assert nodes == {
        box.id: [part for part in (box.title, box.formula, box.data, f"grad {box.grad}") if part]
        for box in picture.shown.boxes
    }
    assert edges == [(e.tail, "-->", e.slope, e.head) for e in picture.shown.edges]


@pytest.mark.parametrize("name", [*HOSTILE, *SIGNS, *HARMLESS], ids=lambda name: ascii(name)[:30])
def test_a_name_is_text_whatever_is_in_it(name, tmp_path):
    x = Value(1.0, name=name)
    text = saved(viz.draw(x * 2.0, names={}), tmp_path)
    assert is_plain(text, lines=True)
    (box, *_), edges, _ = read(text)[0].values(), *read(text)[1:]
    assert len(edges) == 1
    assert written(escaped(name)) == plain(name, 1000)
    assert plain(name, 48).strip() in "".join(box) or "…" in box[0]


def test_a_network_is_circles_and_lines_by_sign(tmp_path):
    layer = nn.Linear(2, 1)
    layer.weight.data = np.array([[0.5, -2.0]])
    nodes, edges, titles = read(saved(viz.network(layer, [1.0, 3.0]), tmp_path))
    value = float(layer.bias.data[0]) - 5.5
    assert nodes["u0_0"] == ["x1", "1"]
    assert float(nodes["u1_0"][1]) == pytest.approx(value, rel=1e-2)
    assert edges == [("u0_0", "---", "0.5", "u1_0"), ("u0_1", "-.-", "-2", "u1_0")]
    assert titles == ["inputs", "Linear"]


def test_wide_layers_and_dropped_units(tmp_path):
    nodes, edges, _ = read(saved(viz.network([20, 2], dropped={1: [0]}), tmp_path))
    assert nodes["u0_others"] == ["⋮"]
    assert nodes["u1_0"] == ["unit 1", "dropped"]
    assert len(edges) == 20
