"""The numbers of a history, of health and of a descent are those that are shown."""

import re
from html import unescape

import numpy as np
import pytest
from shown import things

import nn
from viz.shows.training import descent, health, history


def cells(html):
    found = re.findall("<td[^>]*>(.*?)</td>", html)
    return [unescape(re.sub("<[^>]*>", "", cell)) for cell in found]


def test_a_history_tells_where_each_curve_begins_ends_and_is_lowest():
    shown = history(things()["nn.History"])["text/html"]
    assert cells(shown)[:5] == ["loss", "2", "0.75", "0.5 in epoch 2", ""]
    assert cells(shown)[5:9] == ["val_loss", "2", "1.5", "1 in epoch 2"]
    assert "3 epochs, 30 updates: stopped by x" in shown
    assert "x is dead" in shown


def test_a_history_before_its_first_epoch_is_its_title():
    shown = history(nn.History())["text/html"]
    assert "0 epochs, 0 updates: not begun" in shown
    assert "<table" not in shown
    assert "<svg" not in shown


def test_a_curve_of_nan_breaks_nothing():
    assert cells(history(nn.History(loss=[np.nan, np.nan]))["text/html"])[:3] == [
        "loss",
        "nan",
        "nan",
    ]


def test_health_tells_the_last_look_at_each_layer():
    shown = health(things()["nn.Health"])["text/html"]
    assert [x for x in cells(shown) if x] == ["x", "2.5e-01", "1.0e-02", "25%", "–"]
    assert "Health after update 2, 2 looks" in shown
    assert "no look was taken yet" in health(nn.health.Health())["text/html"]


@pytest.mark.parametrize("start", [1.0, [3.0, 1.0], [1.0, 2.0, 3.0], [1.0] * 9])
def test_a_descent_tells_its_ends_and_draws_its_way(start):
    found = nn.gradient_descent(lambda x: (x * x).sum() if np.ndim(start) else x * x, start)
    shown = descent(found)["text/html"]
    assert f"Descent: {found.updates} updates, stopped by small step" in shown
    names, points = cells(shown)[::2], cells(shown)[1::2]
    assert names == ["start", "end"]
    if np.size(start) <= 6:
        ends = [np.array(re.findall(r"[-+.\de]+", point), float) for point in points]
        assert np.allclose(ends[0], start)
        assert np.allclose(ends[1], found.x, rtol=1e-4)
    assert shown.count("<path") == 3  # the frame, the way, and its name below
