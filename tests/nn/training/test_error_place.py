"""What is wrong is said at once, or at the step where it happens; nothing is half changed."""

import warnings

import numpy as np
import pytest

import nn
from autograd import AutogradError, DomainError, GraphError, ShapeError, Tensor, log


def network(*middle, outputs=1):
    rng = np.random.default_rng(2)
    return nn.Sequential(
        nn.Linear(3, 8, rng=rng), nn.Tanh(), *middle, nn.Linear(8, outputs, rng=rng)
    )


def table(samples=20, outputs=1):
    rng = np.random.default_rng(5)
    return rng.normal(size=(samples, 3)), rng.normal(size=(samples, outputs))


def everything(model, optimizer):
    """Give all numbers of a model and an optimizer, bit for bit."""
    state = optimizer.state_dict()
    remembered = {
        (i, name): np.asarray(x).tobytes()
        for i, memory in state["state"].items()
        for name, x in memory.items()
    }
    numbers = {name: x.tobytes() for name, x in model.state_dict().items()}
    return numbers, remembered, repr(state["param_groups"])


def with_one(X, place, number):
    X = X.copy()
    X[place] = number
    return X


X, Y = table()
CLASSES = np.arange(20) % 3

# name: data, options, error, words of its message
FAULTS = {
    "nan": ((with_one(X, (4, 1), np.nan), Y), {}, ValueError, ["X", "nan", "row 4", "column 1"]),
    "infinite target": ((X, with_one(Y, 7, np.inf)), {}, ValueError, ["y", "inf", "row 7"]),
    "lengths": ((X, Y[:-1]), {}, ShapeError, ["20 samples", "(19, 1)"]),
    "empty": ((X[:0], Y[:0]), {}, ShapeError, ["(0, 3)"]),
    "a number": ((X, 1.0), {}, ShapeError, ["()"]),
    "no pair": (X, {}, TypeError, ["ndarray", "(X, y)"]),
    "strings": ((X, np.array(["a"] * 20)), {}, TypeError, ["'a'", "encode"]),
    "nothing": ((np.array([[None] * 3] * 20), Y), {}, ValueError, ["nan", "row 0"]),
    "ragged": (([[1.0, 2.0], [3.0]], Y), {}, ShapeError, ["one length"]),
    "columns": ((X[:, :2], Y), {}, ShapeError, ["2", "3"]),
    "target shape": ((X, Y.ravel()), {}, ShapeError, ["(20, 1)", "(20,)", "reshape"]),
    "class": ((X, CLASSES + 1), {"loss": nn.cross_entropy}, ValueError, ["3", "0 to 2"]),
    "no number": ((X, Y), {"loss": lambda p, t: p - t}, ShapeError, ["single number", "mean"]),
    "no node": ((X, Y), {"loss": lambda p, t: 1.0}, ShapeError, ["node"]),
    "epochs": ((X, Y), {"epochs": -1}, ValueError, ["epochs=-1"]),
    "epochs, half": ((X, Y), {"epochs": 1.5}, ValueError, ["epochs=1.5"]),
    "batch size": ((X, Y), {"batch_size": 0}, ValueError, ["batch_size=0"]),
    "batch size, true": ((X, Y), {"batch_size": True}, ValueError, ["batch_size=True"]),
    "patience": ((X, Y), {"patience": 0}, ValueError, ["patience=0"]),
    "a loss by name": ((X, Y), {"loss": "mse"}, TypeError, ["'mse'", "nn.mse_loss"]),
    "an optimizer by name": ((X, Y), {"optimizer": "adam"}, TypeError, ["'adam'", "nn.Adam("]),
    "an optimizer class": ((X, Y), {"optimizer": nn.SGD}, TypeError, ["SGD", "nn.Adam("]),
    "a seed in words": ((X, Y), {"seed": "a"}, ValueError, ["seed='a'"]),
    "a table of tables": (({"X": X}, Y), {}, TypeError, ["dict"]),
    "things": ((np.array([[object()] * 3] * 20), Y), {}, TypeError, ["object"]),
    "a loss cut off": (
        (X, Y),
        {"loss": lambda p, t: Tensor(float(np.mean((p.data - t) ** 2)))},
        GraphError,
        ["depend"],
    ),
    "a batch of one": (
        (X, Y),
        {"batch_size": 19},
        ShapeError,
        ["end with one of 1", "BatchNorm1d", "batch_size"],
    ),
    "a callback alone": ((X, Y), {"callbacks": print}, TypeError, ["callbacks", "list"]),
    "no callback": ((X, Y), {"callbacks": [1]}, TypeError, ["callbacks", "functions"]),
    "metrics in a list": ((X, Y), {"metrics": [nn.accuracy]}, TypeError, ["metrics", "name"]),
    "metrics in words": ((X, Y), {"metrics": {"a": "b"}}, TypeError, ["metrics"]),
    "a metric called loss": ((X, Y), {"metrics": {"loss": nn.accuracy}}, ValueError, ["'loss'"]),
    "a metric called val": ((X, Y), {"metrics": {"val_a": nn.accuracy}}, ValueError, ["'val_a'"]),
    "a schedule by name": ((X, Y), {"schedule": "cosine"}, TypeError, ["'cosine'"]),
    "another schedule": (
        (X, Y),
        {"schedule": nn.ExponentialLR(nn.SGD(network().parameters(), lr=0.1), 0.5)},
        ValueError,
        ["another optimizer"],
    ),
    "validation": ((X, Y), {"validation": (X, Y[1:])}, ShapeError, ["validation", "19"]),
    "validation nan": ((X, Y), {"validation": (X * np.nan, Y)}, ValueError, ["validation", "nan"]),
    "validation columns": ((X, Y), {"validation": (X[:, :2], Y)}, ShapeError, ["2", "3"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_is_refused_before_anything_is_changed(name):
    data, options, error, words = FAULTS[name]
    outputs = 3 if options.get("loss") is nn.cross_entropy else 1
    model = network(nn.BatchNorm1d(8), nn.Dropout(0.2, rng=1), outputs=outputs)
    optimizer = nn.Adam(model.parameters())
    before = everything(model, optimizer)
    model[0].eval()
    modes = [part.training for _, part in model.named_modules()]
    with pytest.raises(error) as caught:
        nn.fit(model, data, **{"loss": nn.mse_loss, "optimizer": optimizer, **options})
    assert all(word in str(caught.value) for word in words), caught.value
    assert everything(model, optimizer) == before
    assert [part.training for _, part in model.named_modules()] == modes


def test_a_model_that_gives_no_tensor_is_refused():
    class Two(nn.Module):
        def __init__(self):
            self.linear = nn.Linear(3, 1, rng=0)

        def forward(self, x):
            return {"y": self.linear(x)}

    model = Two()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(TypeError, match=r"gives a dict.*one Tensor"):
        nn.fit(model, (X, Y), loss=nn.mse_loss, optimizer=optimizer)


def test_an_optimizer_of_another_model_is_refused():
    model = network()
    with pytest.raises(ValueError, match="optimizer"):
        nn.fit(model, (X, Y), loss=nn.mse_loss, optimizer=nn.SGD(network().parameters(), lr=0.1))
    model.freeze()
    with pytest.raises(ValueError, match="unfreeze"):
        nn.fit(model, (X, Y), loss=nn.mse_loss, optimizer=nn.SGD(network().parameters(), lr=0.1))


def test_targets_of_values_are_looked_at_before_training():
    model = nn.MLP(3, [2, 1], rng=0)
    before = model.state_dict()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="2"):
        nn.fit(model, (X, CLASSES), loss=nn.bce_with_logits, optimizer=optimizer)
    assert all(x == before[name] for name, x in model.state_dict().items())


def test_a_function_is_no_model():
    optimizer = nn.SGD(network().parameters(), lr=0.1)
    with pytest.raises(TypeError, match="Module"):
        nn.fit(np.tanh, (X, Y), loss=nn.mse_loss, optimizer=optimizer)


def test_a_metric_has_to_give_a_number():
    model = network()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ShapeError, match="'each'"):
        nn.fit(
            model, (X, Y), loss=nn.mse_loss, optimizer=optimizer, metrics={"each": lambda p, t: p}
        )


def test_tables_of_several_types_are_numbers_too():
    model = network()
    rows = [[1.0, True, 2]] * 4
    table = np.array(rows, dtype=object)
    np.testing.assert_array_equal(nn.predict(model, table), nn.predict(model, rows))


def test_numbers_that_float32_cannot_hold_are_refused():
    model = nn.Linear(3, 1, dtype=np.float32)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="float32"):
        nn.fit(model, (X * 1e39, Y), loss=nn.mse_loss, optimizer=optimizer)


class Values(nn.Module):
    def __init__(self):
        self.layer = nn.Layer(3, 1, activation=None, rng=np.random.default_rng(0))

    def forward(self, x):
        return self.layer(x)


def cubed(prediction, target):
    """Grow fast, so that a large rate diverges in a few steps."""
    return nn.mse_loss(prediction**3, target)


MODELS = {
    "tape": (network, (X, Y), cubed),
    "eager": (lambda: network(nn.BatchNorm1d(8)), (X, Y), cubed),
    "values": (Values, (X, Y.ravel()), cubed),
    "values, eager": (
        Values,
        (X, Y.ravel()),
        lambda p, t: nn.mse_loss(p**3, t) + 0 * float(p.data > 0),
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_rate_that_diverges_is_an_error_at_its_step_and_all_is_as_before_it(name):
    make, data, loss = MODELS[name]
    model, kept = make(), []
    optimizer = nn.SGD(model.parameters(), lr=50.0, momentum=0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nn.HealthWarning)
        with pytest.raises(DomainError) as caught:
            nn.fit(
                model, data, loss=loss, optimizer=optimizer, epochs=500, batch_size=None, seed=0,
                callbacks=[lambda history: kept.append(everything(model, optimizer))],
            )  # fmt: skip
    assert everything(model, optimizer) == kept[-1]
    assert all(p.grad is None for p in model.parameters())
    for word in (f"epoch {len(kept) + 1}, batch 1", "lr=50", "as before"):
        assert word in str(caught.value)


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_the_batch_and_the_layer_are_named(batch):
    class Breaking(nn.Module):
        def __init__(self):
            self.first, self.second = nn.Linear(3, 4, rng=0), nn.Linear(4, 1, rng=1)

        def forward(self, x):
            return self.second(log(self.first(x) * 0 + (x[:, :1] + 100)))

    model = Breaking()
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    data = np.zeros((6, 3))
    order = np.random.default_rng(0).permutation(6)
    data[order[2 * (batch - 1)], 0] = -200
    with pytest.raises(AutogradError) as caught:
        nn.fit(
            model,
            (data, np.ones((6, 1))),
            loss=nn.mse_loss,
            optimizer=optimizer,
            batch_size=2,
            seed=0,
        )
    assert f"epoch 1, batch {batch}," in str(caught.value)
    assert "'second'" in str(caught.value)


def test_an_error_of_the_model_itself_keeps_its_kind_and_says_where():
    class Fragile(nn.Module):
        def __init__(self):
            self.linear = nn.Linear(3, 1, rng=0)

        def forward(self, x):
            if x.data.max() > 99:
                raise KeyError("gone")
            return self.linear(x)

    model = Fragile()
    data = with_one(X, (np.random.default_rng(0).permutation(20)[12], 0), 100.0)
    with pytest.raises(KeyError, match="gone") as caught:
        nn.fit(
            model, (data, Y), loss=nn.mse_loss, optimizer=nn.SGD(model.parameters(), lr=0.1),
            batch_size=5, seed=0,
        )  # fmt: skip
    assert "epoch 1, batch 3" in caught.value.__notes__[0]
    assert not model.training


def test_a_failing_callback_leaves_model_and_history_usable():
    model, seen = network(), []

    def failing(history):
        seen.append(history)
        if history.epochs == 2:
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        nn.fit(
            model, (X, Y), loss=nn.mse_loss, optimizer=nn.SGD(model.parameters(), lr=0.1),
            epochs=5, callbacks=[failing],
        )  # fmt: skip
    assert len(seen[-1]["loss"]) == 2
    assert not model.training


def test_fit_does_not_warn_where_all_is_well():
    model = network()
    nn.fit(
        model, (X, np.tanh(Y)), loss=nn.mse_loss, optimizer=nn.Adam(model.parameters(), lr=0.01),
        epochs=20, batch_size=5,
    )  # fmt: skip
