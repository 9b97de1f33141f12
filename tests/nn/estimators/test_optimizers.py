"""Words stand for optimizers, and numbers tune them while a stream goes on."""

import pytest

pytest.importorskip("sklearn")

from quick_estimators import QUICK, unfinished

import nn
from nn import MLPRegressor


@unfinished
@pytest.mark.parametrize(
    ("words", "optimizer"),
    [
        ({"optimizer": "adam"}, lambda params: nn.Adam(params, 0.02)),
        ({"optimizer": "sgd"}, lambda params: nn.SGD(params, 0.02, 0.9, nesterov=True)),
        (
            {"optimizer": "sgd", "momentum": 0.5, "nesterovs_momentum": False},
            lambda params: nn.SGD(params, 0.02, 0.5),
        ),
        ({"optimizer": "sgd", "momentum": 0.0}, lambda params: nn.SGD(params, 0.02)),
    ],
)
def test_words_stand_for_optimizers(diabetes, words, optimizer):
    how = QUICK | {"alpha": 0.0, "max_iter": 10, "random_state": 0}
    said, made = MLPRegressor(**how, **words), MLPRegressor(**how, optimizer=optimizer)
    assert said.fit(*diabetes).loss_curve_ == made.fit(*diabetes).loss_curve_


@pytest.mark.filterwarnings("ignore::nn.HealthWarning")  # of the rate of 0
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_stream_takes_new_numbers_and_remembers_the_rest(iris, optimizer):
    X, y = iris
    model = MLPRegressor([5], optimizer=optimizer, batch_size=50, random_state=0).partial_fit(X, y)
    before = model.predict(X)
    model.set_params(learning_rate_init=0.0, alpha=2.0, momentum=0.5).partial_fit(X, y)
    assert (model.predict(X) == before).all()
    saved = model._optimizer.state_dict()
    assert [group["weight_decay"] for group in saved["param_groups"]] == [2.0 / 50, 0.0]
    if optimizer == "adam":
        assert {state["step"] for state in saved["state"].values()} == {6}
    else:
        assert {group["momentum"] for group in saved["param_groups"]} == {0.5}
    assert (model.set_params(learning_rate_init=0.1).partial_fit(X, y).predict(X) != before).any()
    with pytest.raises(ValueError, match=r"lr=-1"):
        model.set_params(learning_rate_init=-1.0).partial_fit(X, y)


def test_a_stream_takes_another_optimizer(iris):
    model = MLPRegressor([5], random_state=0).partial_fit(*iris)
    for optimizer, kind in (("sgd", nn.SGD), (lambda p: nn.RMSprop(p), nn.RMSprop)):
        kept = model.set_params(optimizer=optimizer).partial_fit(*iris)._optimizer
        assert type(kept) is kind
        assert kept.state_dict()["state"]
        assert set(kept.param_groups[0]["params"]) <= set(model.net_.parameters())
