"""A bar is shown where somebody looks, and says how far training is."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from trainings import trained

from nn.training.progress import bar


def test_the_bar_is_shown_if_it_is_asked_for_and_never_in_a_log(capsys):
    trained(epochs=2)
    assert capsys.readouterr() == ("", "")
    trained(epochs=2, batch_size=4, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "epoch 2/2 100%" in err
    assert "loss 0." in err
    assert "lr 0.1" in err
    assert err.endswith("\n")  # it was closed


@pytest.mark.parametrize("is_terminal", [True, False])
def test_unasked_it_is_shown_in_terminals_only(is_terminal, monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    trained(epochs=1)
    assert ("epoch 1/1" in capsys.readouterr().err) == is_terminal


@pytest.mark.parametrize("is_asked_for", [None, True])
def test_unasked_it_is_not_shown_where_bars_are_switched_off(is_asked_for, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    trained(epochs=1, progress=is_asked_for)
    assert ("epoch 1/1" in capsys.readouterr().err) == (is_asked_for is True)


def test_training_that_goes_on_begins_where_it_was():
    run = SimpleNamespace(
        how=SimpleNamespace(epochs=5),
        updates_an_epoch=10,
        history=SimpleNamespace(updates=20, epochs=2),
    )
    shown = bar(run, show=False)
    assert (shown.n, shown.total) == (20, 50)


ENDS = {
    "all epochs": {},
    "patience": {"patience": 1, "validation": (np.ones((4, 2)), -np.ones((4, 1)))},
    "a callback": {"callbacks": [lambda history: history.epochs == 2]},
}


@pytest.mark.parametrize("name", ENDS)
def test_every_normal_end_fills_the_bar_and_an_interruption_does_not(name, monkeypatch):
    notebook = pytest.importorskip("tqdm.notebook")
    pytest.importorskip("ipywidgets")
    shown = []

    class Shown(notebook.tqdm_notebook):
        def display(self, *args, bar_style=None, **kwargs):
            shown.append(bar_style)

    monkeypatch.setattr("tqdm.auto.tqdm", Shown)
    history = trained(epochs=9, batch_size=4, progress=True, **ENDS[name])
    assert (history.epochs < 9) == (name != "all epochs")
    assert shown[-1] == "success"
    assert "danger" not in shown

    def stop(history):
        raise KeyboardInterrupt

    trained(epochs=9, progress=True, callbacks=[stop])
    assert "danger" in shown


def test_a_bar_that_ends_early_is_full_in_a_terminal_too(capsys):
    trained(epochs=9, callbacks=[lambda history: history.epochs == 2], progress=True)
    assert "epoch 2/9 100%" in capsys.readouterr().err
