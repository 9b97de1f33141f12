"""The arrays of a page hold numbers and formulas within limits, and say what Python says."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import nn
import viz
from autograd import Op, Tensor, Value, softmax, tanh, trace
from autograd.formulas import number
from viz.moments.element import index
from viz.pages.cell import cell

STATIC = Path(viz.__file__).parent / "pages" / "static"
EXPLAINED = """
import {{ callOf, explain, named, numberOf }} from "{elements}";
import {{ readFileSync }} from "node:fs";
const arrays = JSON.parse(readFileSync(0, "utf-8"));
const told = {{}};
for (const [id, array] of Object.entries(arrays)) {{
  const total = array.shape.reduce((a, b) => a * b, 1);
  for (let place = 0; place < total; place++) {{
    told[named(array.label, array.shape, place)] = {{
      value: numberOf(array, false, place),
      grad: numberOf(array, true, place) ?? null,
      made: explain(arrays, id, "made", place),
      passed: explain(arrays, id, "passed", place),
      call: callOf(array, place),
    }};
  }}
}}
console.log(JSON.stringify(told));
"""


def a_net():
    """Two layers and a cross-entropy, as a learner writes them."""
    net = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 2, rng=1))
    X = Tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5]], constant=True, name="X")
    loss = nn.cross_entropy(net(X), np.array([0, 1]))
    loss.name = "loss"
    return loss


def a_conv_net():
    net = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
    images = np.random.default_rng(0).normal(size=(1, 1, 6, 6))
    return nn.mse_loss(net(Tensor(images, constant=True, name="images")), np.ones((1, 8)))


def attention():
    q = Tensor([[0.5, -1.0], [2.0, 0.25]], name="q")
    return (softmax(q @ q.T / 2) @ q).sum()


def arrays_of(output, most=2**20):
    return viz.step(output, names={}).state(most)["rooms"]["r0"]["arrays"]


@pytest.fixture
def explained():
    """What the script of the page says of each element, run by node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine: apt-get install nodejs")

    def run(arrays):
        script = EXPLAINED.format(elements=(STATIC / "elements.js").as_uri())
        command = [node, "--input-type=module", "-e", script]
        done = subprocess.run(
            command, input=json.dumps(arrays), capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("make", [a_net, a_conv_net, attention])
def test_the_page_says_of_each_element_what_python_says(make, explained):
    output = make()
    steps, arrays = viz.step(output, names={}), arrays_of(output)
    ids = {node: str(i) for i, node in enumerate(trace(output))}
    seen = 0
    every = [*explained(arrays).items()]
    for label, told in every[:: len(every) // 15]:
        name, _, rest = label.partition("[")
        found = steps.element(name, tuple(map(int, rest.rstrip("]").split(","))) if rest else ())
        for key, table in zip(("made", "passed"), found.tables, strict=False):
            rows = [(row["text"], row["numbers"], row["value"]) for row in told[key]["rows"]]
            assert rows == [*table.rows]
            seen += bool(rows)
        used = {ids[node]: places for node, places in found.used.items()}
        assert used == {
            id: [index(arrays[id]["shape"], place) for place in places]
            for id, _, places in told["made"]["used"]
        }
        assert (told["value"], told["grad"]) == (
            number(found.value),
            None if found.grad is None else number(found.grad),
        )
    assert seen >= 8


def test_the_call_of_an_element_shows_it(explained):
    loss = a_net()
    told = explained(arrays_of(loss))
    for label in ("Tanh 1[1,3]", "v₄[0]", "loss"):
        found = eval(told[label]["call"], {"viz": viz, "loss": loss})
        assert found.label == label


def test_an_array_of_many_numbers_has_averages_and_a_call():
    x = Tensor(np.arange(65.0 * 64).reshape(65, 64), name="x")
    arrays = arrays_of((2 * x).sum())
    for array in arrays["0"], arrays["2"]:
        assert not {"values", "grads", "made", "passed"} & set(array)
        assert array["call"].startswith("viz.step(v₂).element(")
        assert len(array["valueMaps"][0].split()) == 144
    small = arrays_of(x[:64].sum())
    assert len(small["1"]["values"].split()) == 4096
    assert "values" not in small["0"]


def test_what_would_take_too_long_is_not_taken_apart():
    X = Tensor(np.ones((25, 25)), name="X")
    arrays = arrays_of(tanh(X @ X).sum(), 2**20)
    assert "made" not in arrays["1"]  # 31,250 Values
    assert len(arrays["2"]["made"][0]["entries"]) == 625
    assert len(arrays["2"]["made"][0]["forms"]) == 1


def test_an_op_that_needs_numbers_has_no_formulas():
    noisy = Op(
        name="of_floats",
        forward=lambda x: np.array([[y.item() for y in row] for row in x]),
        vjps=(lambda g, y, x: g * [[y.item() for y in row] for row in x],),
        latex="{0}",
        elementwise=False,
        doc="Asks for numbers.",
    )
    arrays = arrays_of(noisy(Tensor([[1.0, 2.0]], name="x")).sum())
    assert "made" not in arrays["1"]
    assert arrays["1"]["values"] == "1 2"


def test_where_bytes_are_few_arrays_have_only_names():
    loss, names = a_net(), {"label", "shape", "call"}
    state = viz.step(loss, names={}).state(2**20, -1.0)
    room = state["rooms"]["r0"]
    short = {id: {key: x[key] for key in names} for id, x in room["arrays"].items()}
    most = len(cell({**state, "rooms": {"r0": {**room, "arrays": short}}}).encode()) + 100
    assert {key for array in arrays_of(loss, most).values() for key in array} == names


def test_a_page_of_values_has_no_arrays():
    x = Value(2.0, name="x")
    assert arrays_of(x * x) == {}


def test_an_element_opens_into_its_graph_one_room_below():
    rooms = viz.step(a_net(), names={}).state(2**23)["rooms"]
    inside = {id: room for id, room in rooms.items() if "." in id}
    assert {id.partition(".")[0] for id in inside} >= {"5", "6", "7", "9", "10"}
    for room in inside.values():
        assert (room["path"][0], room["arrays"]) == (["r0", "loss"], {})
        assert room["frames"][-1]["phase"] == "result"
        assert not any("room" in box for box in room["boxes"].values())
    assert inside["7.0"]["path"][-1] == ["7.0", "Linear 2[0,0]"]
    named = [box["whole"] for box in inside["7.0"]["boxes"].values()]
    assert {"Tanh 1[0,0]", "x₃[0,3]", "t1", "Linear 2[0,0]"} <= set(named)


def test_a_widget_opens_any_element_when_it_is_asked_for():
    widget = viz.step(a_net(), names={}).widget()
    assert widget.kernel
    assert set(widget.rooms) == {"r0"}
    widget.room = "6.5"
    assert widget.rooms["6.5"]["path"][-1] == ["6.5", "Tanh 1[1,1]"]
    held = set(widget.rooms)
    for missing in ("6.8", "0.0", "99.1", "x.y"):
        widget.room = missing
    assert set(widget.rooms) == held
