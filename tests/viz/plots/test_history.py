"""The history of a training is drawn as it was written down."""

import pytest

import nn
import viz


def drawn(ax):
    handles, labels = ax.get_legend_handles_labels()
    return {label: line.get_xydata().tolist() for line, label in zip(handles, labels, strict=True)}


def test_training_validation_and_the_best_epoch():
    found = drawn(
        viz.history(nn.History(loss=[3.0, 2.0, 1.0], val_loss=[3.0, 1.5, 2.0], lr=[0.1] * 3))
    )
    assert found == {
        "loss": [[1, 3], [2, 2], [3, 1]],
        "val_loss": [[1, 3], [2, 1.5], [3, 2]],
        "lowest val_loss: 1.5 in epoch 2": [[2, 1.5]],
    }


@pytest.mark.parametrize("epochs", [1, 3, 40])
def test_epochs_are_counted_in_whole_numbers(epochs):
    ax = viz.history(nn.History(loss=[3.0] * epochs))
    assert all(float(tick).is_integer() for tick in ax.get_xticks())


def test_a_metric_is_drawn_without_a_best():
    ax = viz.history(nn.History(loss=[3.0, 2.0], accuracy=[0.5, 0.6]), "accuracy")
    assert [*drawn(ax)] == ["accuracy"]
    assert ax.get_ylabel() == "accuracy"


@pytest.mark.parametrize(("rates", "axes"), [([0.1, 0.1], 1), ([0.1, 0.01], 2)])
def test_a_rate_that_changes_has_an_axis_of_its_own(rates, axes):
    figure = viz.history(nn.History(loss=[3.0, 2.0], lr=rates)).figure
    assert len(figure.axes) == axes
    assert axes == 1 or figure.axes[1].lines[0].get_ydata().tolist() == rates


def test_a_history_draws_itself(monkeypatch):
    drawn_by_itself = nn.History(loss=[3.0, 2.0]).plot()
    assert drawn(drawn_by_itself) == drawn(viz.history(nn.History(loss=[3.0, 2.0])))
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: [])
    with pytest.raises(ImportError, match=r"pip install 'stepgrad\[plots\]'"):
        nn.History(loss=[1.0]).plot()


@pytest.mark.parametrize("bad", [{}, {"loss": []}, {"accuracy": [1.0]}])
def test_what_is_not_there_is_not_drawn(bad):
    with pytest.raises(ValueError, match="no epoch has a 'loss'"):
        viz.history(bad)
