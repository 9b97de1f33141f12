"""Whatever somebody called a thing: all texts that show it are plain, bounded, of as many lines."""

import ast
import inspect
import json
import subprocess
import sys
import warnings
from html import unescape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from names import EVERY_CATEGORY, HARMLESS, HOSTILE, cells, is_plain

import nn
import viz
from autograd import (
    AutogradError,
    Graph,
    Node,
    Scope,
    Tape,
    Tensor,
    Value,
    check_gradients,
    gradients,
    log,
)
from autograd.dialects import OF_NODES
from autograd.formulas import Symbol, written
from viz.moments.typeset import latex, mathml
from viz.pictures.picture import for_pytest

LONGEST = 20_000  # characters of any text about a graph of three nodes
DATA = {"to_json", "name"}  # which is read by programs, and keeps names whole
SLOW = {"widget", "svg", "plot", "to_torch", "to_jax"}


def texts_of(thing):
    """Find what an object says of itself: its reprs, and all public members that give text."""
    yield "repr", repr(thing)
    yield "str", str(thing)
    yield "format", f"{thing}"
    for name in sorted(set(dir(type(thing))) - DATA - SLOW):
        member = inspect.getattr_static(type(thing), name)
        if name.startswith("_") or isinstance(member, staticmethod | classmethod | type):
            continue
        if isinstance(thing, Node) and name in OF_NODES:
            continue  # it answers whoever knows it from another library
        if inspect.isfunction(member):
            parameters = list(inspect.signature(member).parameters.values())[1:]
            if any(p.default is p.empty and p.kind is not p.VAR_KEYWORD for p in parameters):
                continue
            if name in ("backward", "detach", "zero_grad", "eval", "train", "freeze", "unfreeze"):
                continue
        try:
            found = getattr(thing, name)
            found = found() if inspect.ismethod(found) else found
        except (AutogradError, NotImplementedError, TypeError):
            continue
        if type(found) is str:
            yield name, found


def values(name):
    """A graph in which everything bears a name, after a pass."""
    with Scope(name):
        x, y = Value(2.0, name=name), Value(3.0, name="y")
        f = x * y - x
    f.backward()
    return x, y, f


class Model(nn.Module):
    """A model whose layers have any names."""

    def __init__(self, name):
        self.layers = {name: nn.Linear(1, 1, rng=0)}

    def forward(self, x):
        (layer,) = self.layers.values()
        return layer(x)


def objects(name):
    """All that can speak of a name."""
    x, y, f = values(name)
    tensor = Tensor([1.0, 2.0], name=name)
    tape = Tape([f], inputs=[x])
    steps = viz.step(f, names={})
    model = Model(name)
    history = nn.History({"loss": [1.0, 0.5], name: [0.1, 0.2]})
    report = check_gradients(lambda pair: pair[0] * pair[1], (x, y))
    symbol = Symbol(name) - Symbol("y")
    return {
        "node": x,
        "tensor": tensor,
        "graph": Graph(f),
        "tape": tape,
        "picture": viz.draw(f, names={}),
        "stepper": steps,
        **{f"frame {k}": frame for k, frame in enumerate(steps)},
        "module": model,
        "history": history,
        "report": report,
        "verdict": report[0],
        "symbol": symbol,
    }


def written_by(name):
    """Yield every text in which a name stands, but errors."""
    for place, thing in objects(name).items():
        for how, text in texts_of(thing):
            yield f"{how} of {place}", text
    x, _, f = values(name)
    yield "written", written(Symbol(name) - Symbol("y"))
    yield "latex", latex(Symbol(name) - Symbol("y"))
    yield "mathml", mathml(Symbol(name) - Symbol("y"))
    tape = Tape([f], inputs=[x])
    yield "to_python", tape.to_python()
    yield "to_c", tape.to_c()
    yield "summary", Model(name).summary(1)
    yield "health", repr(health(name))
    yield "text/plain", viz.draw(f, names={})._repr_mimebundle_()["text/plain"]
    yield "pytest", for_pytest(Graph(f), {})[0]


def health(name):
    found = nn.health.Health()
    found.add(1, {name: {"gradient_norm": 0.5, "update_ratio": 0.01, "dead": 0.25}})
    return found


def mistakes(name):
    """Calls that are refused, with a name in what they are about."""
    x, y, f = values(name)
    tensor = Tensor([[1.0]], name=name)
    model = Model(name)
    state = {f"{name}{k}": np.zeros(1) for k in range(50)}
    (path, _), *_ = model.named_parameters()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    negative = Value(-1.0, name=name)
    zero, infinite = Tensor([0.0], name=name), Tensor([np.inf], name=name)
    used = Scope(name)
    with used:
        pass
    return [
        lambda: log(negative),
        lambda: tensor @ Tensor(np.ones((3, 2)), name=name),
        lambda: tensor.sum(dim=name),
        lambda: tensor.numpy(),
        lambda: Value(tensor),
        lambda: Value(1.0, label=name),
        lambda: np.exp(x),
        lambda: log(zero).backward(seed=[1.0]),
        lambda: (infinite * infinite).backward(seed=[1.0]),
        lambda: gradients(f, [name]),
        lambda: gradients(f, [Value(1.0, constant=True, name=name)]),
        lambda: Tape([name], [x]),
        lambda: Tape([f], [x])(1.0, 2.0),
        lambda: used.__enter__(),
        lambda: model.load_state_dict(state),
        lambda: model.load_state_dict({path: np.zeros(9)}),
        lambda: nn.save(model, f"/nowhere/{name[:50]}.npz"),
        lambda: nn.load(model, "/nowhere/" + name[:100].replace("\0", "0") + "x"),
        lambda: nn.fit(
            model,
            (np.ones((2, 1)), np.ones((2, 1))),
            loss=nn.mse_loss,
            optimizer=optimizer,
            metrics={name: len, "loss": len},
        ),
        lambda: viz.draw(name),
        lambda: viz.draw(f, around=Value(1.0, name=name)),
        lambda: viz.draw(f, names={}).save(f"/nowhere/x.{name[:50]}".replace("\0", "0")),
        lambda: viz.step(f, names={}, room=name),
        lambda: viz.step(f, names={}).at(Value(1.0, name=name)),
        lambda: check_gradients(lambda v: Value(float(v.data), name=name) * 2.0 + 0 * v, x),
        lambda: Graph.from_json(json.dumps({"format": name})),
        lambda: y.nonsense,
    ]


def said_by(name):
    for k, call in enumerate(mistakes(name)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                call()
        except OSError:
            continue  # in the words of Python, which writes paths by repr
        except (UnicodeError, SyntaxError):
            continue
        except Exception as error:
            yield f"mistake {k}", str(error)


def check(found, plain):
    for place, text in found:
        text = text.replace("\n\t", "\n")  # as DOT is indented
        assert is_plain(text, lines=True), (place, ascii(text)[:300])
        assert len(text) < LONGEST, place
        if place in plain:
            assert text.count("\n") <= plain[place] + 3, (place, text)  # longer lines are wrapped


@pytest.fixture(scope="module")
def plain():
    """How many lines each text has where a name is an ordinary one."""
    return {place: text.count("\n") for name in ("x",) for place, text in everything(name)}


def everything(name):
    yield from written_by(name)
    yield from said_by(name)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", HOSTILE + HARMLESS, ids=lambda name: ascii(name)[:30])
def test_every_text_is_plain_bounded_and_keeps_its_lines(name, plain):
    check(everything(name), plain)


@given(st.text(st.sampled_from(EVERY_CATEGORY), min_size=1, max_size=8))
def test_signs_of_every_category_are_plain_in_every_text(plain, name):
    check(said_by(name), plain)
    check(written_by(name), plain)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_people_write_stays_in_every_text(name):
    x, _, f = values(name)
    for thing in (x, Tape([f], [x]), viz.draw(f, names={}), viz.step(f, names={}), Model(name)):
        assert name in str(thing)
    assert name in unescape(viz.draw(f, names={}).svg)


def turned(name):
    """What isolates enclose, and nothing else may."""
    return f"\u2068{name}\u2069" if name in ("می‌خواهم", "שלום") else name


@pytest.mark.parametrize("name", HARMLESS)
def test_only_names_from_right_to_left_are_isolated(name):
    a, b = Value(1.0, name=name), Value(2.0, name="b")
    picture = viz.draw(a - b, names={})
    formula = f"{turned(name)} - b"
    assert formula in str(picture)
    assert formula in unescape(picture.svg)
    assert formula in viz.step(a - b, names={})[0].text
    assert formula in str(Tape([a - b], [a]))
    assert ("\u2068" in str(picture)) == (formula != f"{name} - b")


@pytest.mark.parametrize("names", [("x", "入力", "e\u0301"), ("学习率", "שלום", "👍")])
def test_columns_line_up_in_cells(names):
    nodes = [Value(k + 1.0, name=name) for k, name in enumerate(names)]
    total = nodes[0] * nodes[1] + nodes[2]
    rows = str(viz.draw(total, names={})).splitlines()[:-1]
    assert len({cells(row[: row.index("=")]) for row in rows}) == 1
    history = repr(nn.History({name: [1.0, 0.5] for name in names})).splitlines()[1:]
    assert len({cells(row[: row.index("1")]) for row in history}) == 1
    summary = nn.Module.summary(Named(names), 1).splitlines()
    assert len({cells(row) for row in summary}) == 1
    table = str(health(names[0])).splitlines()[1:-1]
    assert len({cells(row) for row in table}) == 1


class Named(nn.Module):
    """A chain of layers with names."""

    def __init__(self, names):
        self.layers = {name: nn.Linear(1, 1, rng=0) for name in names}

    def forward(self, x):
        for layer in self.layers.values():
            x = layer(x)
        return x


@pytest.mark.parametrize("place", [0, 20, 60, 100, 150])
def test_two_boxes_never_bear_the_same_title(place):
    names = [f"{'a' * place}{sign}{'b' * (200 - place)}" for sign in "xyz"]
    f = Value(0.0)
    for name in names:
        f = f + Value(1.0, name=name)
    titles = [box.title for box in viz.draw(f, names={}).shown.boxes]
    assert len(set(titles)) == len(titles)
    assert all(cells(title) <= 50 for title in titles)


@given(st.text(st.sampled_from(EVERY_CATEGORY)) | st.sampled_from(HOSTILE + HARMLESS))
def test_a_program_can_be_read_whatever_its_names_are(name):
    x, y = Value(2.0, name=name), Value(3.0, name=name + "\n")
    source = Tape([x * y], inputs=[x]).to_python()
    ast.parse(source.encode())
    space = {}
    exec(source, space)
    assert space["program"](2.0) == [6.0]


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nx = 99", "a\u202eb", "שלום"])
def test_a_terminal_gets_no_signs_that_act(name):
    command = [sys.executable, "-m", "viz", f"x * 2 + {name}", f"{name}=1", "x=1"]
    done = subprocess.run(command, capture_output=True, check=False)
    text = (done.stdout + done.stderr).decode()
    assert is_plain(text, lines=True), ascii(text)
