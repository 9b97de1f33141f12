"""What is watched while it trains costs little, and its last picture is that of the whole."""

import sys
import types

import numpy as np
import pytest

import nn
import viz
from viz.plots import live as wing


class Clock:
    """A clock that drawing moves on, too."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(sys.modules["viz.plots.live"], "perf_counter", clock)
    return clock


def epochs(count):
    return nn.History(loss=[1 / (1 + i) for i in range(count)], val_loss=[1.0] * count)


@pytest.mark.parametrize("cost", [0.0, 0.001, 0.1, 3.0])
def test_it_draws_at_most_four_times_a_second_and_for_5_percent_of_the_time(
    cost, clock, monkeypatch
):
    drawn = []

    def show(self, history):
        drawn.append(len(history["loss"]))
        clock.now += cost

    monkeypatch.setattr(viz.Live, "_show", show)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    callback, start = viz.live(), clock.now
    for epoch in range(1, 3000):
        clock.now += 0.03
        callback(epochs(1)) if epoch > 1 else callback(epochs(epoch))
    took = clock.now - start
    assert 0 < len(drawn) <= took * 4
    assert len(drawn) * cost <= 0.05 * took + cost
    callback.end(epochs(7))
    assert drawn[-1] == 7


def test_a_terminal_shows_lines_in_their_place(clock, capsys, monkeypatch):
    callback = viz.live()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for count in (2, 3):
        clock.now += 1
        callback(epochs(count))
    first, *_, last = capsys.readouterr().out.split("\x1b[2A\x1b[J")
    assert first == "loss      █▁  0.5\nval_loss  ▁▁  1\n"
    assert last == "loss      █▃▁  0.3333\nval_loss  ▁▁▁  1\n"


def test_a_file_gets_the_last_lines_only(clock, capsys):
    callback = viz.live()
    for count in (2, 3):
        clock.now += 1
        callback(epochs(count))
    assert capsys.readouterr().out == ""
    callback.end(epochs(3))
    assert capsys.readouterr().out.startswith("loss ")


def test_a_notebook_shows_one_picture_that_changes(clock, monkeypatch):
    seen = []

    class Handle:
        def update(self, picture):
            seen.append(("update", picture.data[:4]))

    def display(picture, display_id):
        seen.append(("display", picture.data[:4]))
        return Handle()

    shell = types.SimpleNamespace(kernel=object())
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.display.display", display)
    X = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]])
    callback = viz.live(nn.MLP(2, [2, 1], rng=0), X, [1, -1, 1])
    for _ in range(2):
        clock.now += 100
        callback(epochs(3))
    callback.end(epochs(3))
    assert seen == [(how, b"\x89PNG") for how in ("display", "update", "update")]


def test_training_is_the_same_with_it(capsys):
    def trained(*callbacks):
        model = nn.Sequential(nn.Linear(1, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1))
        X = np.linspace(-1, 1, 20).reshape(-1, 1)
        optimizer = nn.SGD(model.parameters(), lr=0.1)
        how = {"loss": nn.mse_loss, "optimizer": optimizer, "epochs": 5, "seed": 0}
        return nn.fit(model, (X, X**2), **how, callbacks=callbacks)

    assert trained() == trained(viz.live())
    assert capsys.readouterr().out.startswith("loss  █")


def test_a_part_of_the_data_is_refused():
    with pytest.raises(TypeError, match="Give all three, or none"):
        viz.live(nn.Linear(2, 1, rng=0))
    assert wing is viz.live
