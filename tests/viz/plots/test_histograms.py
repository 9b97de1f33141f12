"""Each layer has a histogram of all its numbers, and flat activations are counted."""

import numpy as np
import pytest

import nn
import viz
from autograd import Tensor, tanh


def labels(layers):
    return [label.get_text() for label in viz.histograms(layers).get_yticklabels()]


def test_layers_stand_in_their_order_each_once():
    model = nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 3, rng=1))
    found = labels(model.activations(np.ones((5, 2)) * [[1], [2], [3], [4], [5]]))
    assert [name.partition(",")[0] for name in found] == ["2", "1", "0", "input"]


def test_what_is_counted_is_the_share_that_is_flat():
    x = np.array([-9.0, -8.0, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 7.0, 0.6])
    assert labels({"a": tanh(Tensor(x))}) == ["a, 30 % saturated"]
    assert labels({"a": nn.ReLU()(Tensor(x - 0.05))}) == ["a, 30 % at slope 0"]
    assert labels({"a": Tensor(x) * 2}) == ["a"]


def test_values_weights_and_gradients_are_drawn_too():
    model = nn.MLP(2, [4, 4, 1], rng=0)
    model([0.5, 1.0]).backward()
    found = [name.partition(",")[0] for name in labels(model.activations([0.5, 1.0]))]
    assert found == ["layers.1", "layers.0", "input"]
    model = nn.Linear(2, 3, rng=0)
    assert labels(dict(model.named_parameters())) == ["bias", "weight"]


def test_each_bar_counts_its_numbers():
    ax = viz.histograms({"a": np.array([0.0, 0.0, 0.0, 1.0])})
    (heights,) = [part.get_paths()[0].vertices[:, 1].max() for part in ax.collections]
    assert heights == pytest.approx(0.85)


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"a": [3.0]},
        {"a": np.array([np.nan, np.inf, 1.0])},
        {str(i): np.ones(2) for i in range(13)},
    ],
)
def test_what_cannot_be_drawn_is_refused(bad):
    with pytest.raises(ValueError, match=r"Give several samples|12 fit"):
        viz.histograms(bad)
