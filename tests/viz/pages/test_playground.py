"""A playground takes what it can train in a page, and refuses the rest in words."""

import json
import re

import numpy as np
import pytest

import nn
import viz
from autograd import GraphError, ShapeError, Value, tanh
from viz.pages.page import bundle

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([-1, 1, 1, -1])
HOSTILE = "</script><script>alert(1)</script>"


def model():
    return nn.MLP(2, [3, 1], tanh, rng=np.random.default_rng(0))


@pytest.fixture
def play():
    return viz.playground(model(), X, XOR)


def test_a_page_holds_program_data_weights_and_settings(play, tmp_path):
    path = play.save(tmp_path / "play.html")
    text = path.read_text("utf-8")
    (held,) = re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    state = json.loads(held)
    assert (state.pop("format"), state.pop("version")) == ("stepgrad.playground", 1)
    assert state == json.loads(json.dumps(play.state()))
    assert state["points"] == {"X": X.tolist(), "y": XOR.tolist()}
    assert state["weights"] == [p.data for p in play.model.parameters()]
    assert "const train = " in text
    assert "contains the data" in text
    assert "default-src 'none'; script-src 'sha256-" in text
    assert len(text) < 2**20
    assert bundle("playground/playground.js") in text


def test_a_cell_shows_the_page_in_a_sandbox(play):
    shown = play._repr_mimebundle_()
    assert shown["text/html"].startswith('<iframe class="stepgrad-playground" sandbox="allow-scr')
    assert shown["text/plain"] == "Playground(13 weights, 4 samples, hinge_loss, Adam)"


def test_other_files_are_refused(play, tmp_path):
    with pytest.raises(viz.RenderError, match=r"End the name in \.html"):
        play.save(tmp_path / "play.svg")


def test_names_of_users_do_not_break_out_of_the_page(tmp_path):
    hostile = type(HOSTILE, (nn.MLP,), {})(2, [1])
    text = viz.playground(hostile, X, XOR).save(tmp_path / "play.html").read_text("utf-8")
    assert HOSTILE not in text
    assert text.count("<script") == 2


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (lambda p: nn.SGD(p, lr=0.5, momentum=0.9), {"name": "SGD", "lr": 0.5, "momentum": 0.9}),
        (lambda p: nn.Adam(p, betas=(0.8, 0.9)), {"name": "Adam", "betas": [0.8, 0.9]}),
        (lambda p: nn.RMSprop(p, alpha=0.9), {"name": "RMSprop", "alpha": 0.9}),
        (lambda p: None, {"name": "Adam", "lr": 0.03}),
    ],
)
def test_options_of_an_optimizer_are_taken(optimizer, expected):
    net = model()
    found = viz.playground(net, X, XOR, optimizer=optimizer(net.parameters())).state()
    assert expected.items() <= found["settings"]["optimizer"].items()


@pytest.mark.parametrize(
    "make",
    [
        lambda p: nn.Rprop(p),
        lambda p: nn.SGD([{"params": p[:1]}, {"params": p[1:]}]),
        lambda p: nn.SGD(p[:3]),
        lambda p: nn.Adam(p, second_moment="norm"),
        lambda p: "Adam",
    ],
)
def test_an_optimizer_that_the_page_does_not_have_is_refused(make):
    net = model()
    with pytest.raises(ValueError, match="playground: "):
        viz.playground(net, X, XOR, optimizer=make(net.parameters()))


def test_a_model_that_is_too_large_is_left_to_fit():
    wide = nn.Sequential(nn.Linear(2, 40, rng=0), nn.ReLU(), nn.Linear(40, 40, rng=1), nn.ReLU())
    wide = nn.Sequential(wide, nn.Linear(40, 1, rng=2))
    with pytest.raises(GraphError, match=r"lines a sample; a page runs 5,000 .* nn\.fit"):
        viz.playground(wide, X, XOR)
    with pytest.raises(GraphError, match=r"61,706 parameters; .* nn\.fit"):
        viz.playground(nn.LeNet5(), X, XOR)


class Deciding(nn.Module):
    def __init__(self):
        self.w = Value(1.0)

    def forward(self, x):
        return self.w * x[0] if x[1] > 0.5 else -self.w * x[0]


@pytest.mark.parametrize(
    "net",
    [Deciding(), nn.Sequential(nn.Linear(2, 8, rng=0), nn.Dropout(0.5, rng=0), nn.Linear(8, 1))],
    ids=["branches", "noise"],
)
def test_a_model_of_which_one_sample_does_not_tell_all_is_refused(net):
    with pytest.raises(GraphError, match=r"nn\.fit"):
        viz.playground(net, X + 0.25, XOR)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ((None, X, XOR), TypeError),
        ((model().freeze(), X, XOR), ValueError),
        ((model(), X[:3], XOR), ShapeError),
        ((model(), X[:0], XOR[:0]), ShapeError),
        ((model(), 1.0, XOR), ShapeError),
        ((model(), X.reshape(4, 2, 1), XOR), ShapeError),
        ((model(), X * np.nan, XOR), ValueError),
        ((model(), [["a", "b"]], [1]), TypeError),
        ((model(), np.zeros((4, 3)), XOR), ShapeError),
    ],
)
def test_what_does_not_fit_is_refused(given, error):
    with pytest.raises(error):
        viz.playground(*given)


def test_weights_go_into_the_model_or_nothing_does(play):
    play.take(np.arange(13.0))
    assert [p.data for p in play.model.parameters()] == [*range(13)]
    for wrong in ([1.0], [np.inf] * 13):
        with pytest.raises(ValueError, match="13 finite numbers"):
            play.take(wrong)
    assert play.weights() == [*range(13)]


def test_weights_of_tensors_keep_their_shapes_and_types():
    net = nn.Sequential(nn.Linear(2, 3, dtype=np.float32), nn.Tanh(), nn.Linear(3, 1))
    play = viz.playground(net, X, XOR)
    play.take(np.arange(13.0))
    assert net[0].weight.data.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert net[0].weight.data.dtype == np.float32


def test_points_may_change_as_long_as_they_are_of_their_kind(play):
    play.take_points({"X": [[5, 6]], "y": [1]})
    assert (play.X.tolist(), play.y.tolist()) == ([[5, 6]], [1])
    wrong = [{"X": [[5]], "y": [1]}, {"X": [[5, 6]], "y": [0]}, {"X": [[5, 6]], "y": [1, 1]}]
    for points in wrong:
        with pytest.raises(ValueError, match="playground: "):
            play.take_points(points)
    assert play.y.tolist() == [1]


def test_a_fifth_of_many_samples_is_kept_for_validation(play):
    assert play.state()["settings"]["validation"] == 0
    many = viz.playground(model(), np.repeat(X, 5, axis=0), np.repeat(XOR, 5))
    assert many.state()["settings"]["validation"] == 0.2


@pytest.mark.parametrize("inputs", [(4,), (4, 1), (4, 5)])
def test_models_of_any_number_of_inputs_are_taken(inputs):
    samples = np.random.default_rng(0).normal(size=inputs)
    width = inputs[-1] if len(inputs) > 1 else 1
    for net in (nn.MLP(width, [3, 1]), nn.Sequential(nn.Linear(width, 3), nn.Linear(3, 1))):
        if len(inputs) == 1 and not isinstance(net, nn.MLP):
            continue
        state = viz.playground(net, samples, [0.1, 0.2, 0.3, 0.4]).state()
        assert state["about"]["inputs"] == width
        assert state["about"]["loss"] == "nn.mse_loss"
