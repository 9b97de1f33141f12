"""Plots are drawn without a window, and forgotten after each test."""

import pytest

pyplot = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def figures_are_closed(monkeypatch):
    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")
