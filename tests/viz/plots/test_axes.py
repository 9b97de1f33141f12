"""Every plot takes Axes and gives Axes, and says in one sentence what is missing."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

import nn
import viz
from autograd import log, tanh
from viz import plots


def trained():
    model = nn.Sequential(nn.Linear(2, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1))
    nn.mse_loss(model([[1.0, 2.0]]), [[0.5]]).backward()
    return model


MODEL = trained()
X, Y = np.array([[0.0, 1.0], [1.0, 2.0], [2.0, 0.0]]), [0, 1, 1]
CALLS = {
    "boundary": (MODEL, X, Y),
    "confusion": (Y, [0, 0, 1]),
    "curve": (tanh,),
    "flow": (MODEL,),
    "histograms": (MODEL.activations(X),),
    "history": ({"loss": [2.0, 1.0]},),
    "images": (np.zeros((3, 4, 4)),),
    "points": (X, Y),
    "surface": (lambda x, y: x * y,),
}


def test_every_plot_is_tried():
    assert {*CALLS} | {"Live", "live"} == {*plots.__all__} & {*viz.__all__}


@pytest.mark.parametrize("name", CALLS)
def test_axes_in_axes_out(name):
    figure, given = pyplot.subplots(1, 2)
    before = pyplot.get_fignums(), pyplot.rcParams.copy()
    assert getattr(viz, name)(*CALLS[name], ax=given[0]) is given[0]
    assert given[0].has_data()
    assert not given[1].has_data()
    assert (pyplot.get_fignums(), pyplot.rcParams) == before
    alone = getattr(viz, name)(*CALLS[name])
    assert isinstance(alone, Axes)
    assert alone.figure is not figure
    assert len(pyplot.get_fignums()) == 2
    figure.canvas.draw()
    alone.figure.canvas.draw()


def contrast(color, other):
    """Give how much brighter one color is than another, as WCAG counts it."""
    linear = np.array([to_rgb(color), to_rgb(other)])
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    dark, bright = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("style", ["default", "dark_background"])
@pytest.mark.parametrize("name", CALLS)
def test_lines_are_seen_in_light_and_dark(name, style):
    with pyplot.style.context(style):
        ax = getattr(viz, name)(*CALLS[name])
        found = [line.get_color() for line in ax.lines]
        for part in ax.collections:
            found += [*part.get_edgecolor()] if getattr(part, "filled", None) is False else []
        assert all(contrast(color, ax.get_facecolor()) > 3 for color in found)


@pytest.mark.parametrize("name", CALLS)
def test_what_are_no_axes_is_refused(name):
    with pytest.raises(TypeError, match=f"^{name}: got ax=int. Give Axes"):
        getattr(viz, name)(*CALLS[name], ax=3)
    assert not pyplot.get_fignums()


REFUSED = {
    "boundary": (MODEL, X, [0, 1]),
    "confusion": (Y, [0, 1]),
    "curve": (tanh, lambda x: log(-9 - x * x)),
    "flow": (nn.Linear(2, 1, rng=0),),
    "histograms": ({},),
    "history": ({},),
    "images": (np.zeros(3),),
    "points": (X, [0, 1]),
    "surface": (lambda x: x,),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_is_refused_leaves_axes_as_they_were(name):
    ax = pyplot.subplots()[1]
    with pytest.raises((TypeError, ValueError), match=f"^{name}: "):
        getattr(viz, name)(*REFUSED[name], ax=ax)
    assert not ax.has_data()
    with pytest.raises((TypeError, ValueError), match=f"^{name}: "):
        getattr(viz, name)(*REFUSED[name])
    assert len(pyplot.get_fignums()) == 1


@pytest.mark.parametrize("name", CALLS)
def test_without_matplotlib_one_sentence_says_what_to_install(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    message = rf"^{name} needs matplotlib: pip install 'stepgrad\[plots\]'$"
    with pytest.raises(ImportError, match=message):
        getattr(viz, name)(*CALLS[name])


def test_the_import_of_viz_needs_no_matplotlib():
    program = "import sys, viz; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[3], check=True)
