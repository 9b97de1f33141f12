"""Gradients and updates are drawn by layer, with the numbers that the layers have."""

import numpy as np
import pytest
from matplotlib import pyplot

import nn
import viz
from viz.plots.flow import gradient_norms


def trained(model, epochs=3):
    X = np.random.default_rng(0).normal(size=(20, 2))
    y = np.sin(X[:, 0])
    optimizer = nn.Adam(model.parameters())
    y = y if isinstance(model, nn.MLP) else y[:, None]
    return nn.fit(model, (X, y), loss=nn.mse_loss, optimizer=optimizer, epochs=epochs, seed=0)


MODELS = {
    "tensors": lambda: nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 1, rng=1)),
    "values": lambda: nn.MLP(2, [4, 1], rng=0),
}


@pytest.mark.parametrize("name", MODELS)
def test_norms_and_ratios_are_those_of_health(name):
    model = MODELS[name]()
    history = trained(model)
    ax = viz.flow(model, history)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == list(history.health)[::-1]
    drawn = {line.get_label().split()[0]: list(line.get_xdata()) for line in ax.lines}
    assert drawn["last"] == [history.health[name]["update_ratio"][-1] for name in names]
    norms = gradient_norms(model)
    assert drawn["gradient,"] == [norms[name] for name in names]


def test_a_norm_is_the_root_of_the_mean_square():
    model = MODELS["tensors"]()
    nn.mse_loss(model([[1.0, 2.0]]), [[0.5]]).backward()
    grads = np.concatenate([model[0].weight.grad.ravel(), model[0].bias.grad])
    assert gradient_norms(model)["0"] == pytest.approx(np.sqrt(np.mean(grads**2)), rel=1e-15)


def test_the_legend_covers_neither_points_nor_a_title():
    model = MODELS["tensors"]()
    history = trained(model)
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 2.5), layout="constrained")
    ax = viz.flow(model, history, ax=axes[0])
    ax.set_title("a title")
    figure.canvas.draw()
    legend, frame = ax.get_legend().get_window_extent(), ax.get_window_extent()
    texts = [ax.title, *ax.get_xticklabels()]
    assert not any(legend.overlaps(box) for box in [frame, *(x.get_window_extent() for x in texts)])
    assert figure.bbox.y0 <= legend.y0


def test_what_cannot_be_drawn_is_refused():
    model = MODELS["tensors"]()
    with pytest.raises(ValueError, match=r"Call loss.backward\(\) first"):
        viz.flow(model)
    nn.mse_loss(model([[1.0, 2.0]]), [[0.5]]).backward()
    with pytest.raises(ValueError, match="says nothing of these layers"):
        viz.flow(model, trained(MODELS["values"]()))
