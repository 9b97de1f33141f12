"""Whole numbers reach models as indices, and every batch is looked up by its own."""

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, getitem, reshape, tanh

rng = np.random.default_rng(0)
WORDS, WIDTH = 7, 3
X = rng.integers(0, WORDS, size=(40, 2)).astype(np.uint8)
Y = rng.integers(0, WORDS, size=40)
TABLE = rng.normal(size=(WORDS, WIDTH))


class Net(nn.Module):
    """A table of rows to look up, and two layers behind it."""

    def __init__(self, dtype=float):
        self.table = Tensor(TABLE.astype(dtype))
        self.hidden = nn.Linear(2 * WIDTH, 8, dtype=dtype, rng=1)
        self.out = nn.Linear(8, WORDS, dtype=dtype, rng=2)

    def forward(self, x):
        rows = self.look_up(x)
        return self.out(tanh(self.hidden(reshape(rows, (len(rows), -1)))))


class ByProduct(Net):
    """What all others must come to: samples come as floats, each place with a 1 in it."""

    def look_up(self, x):
        return x @ self.table


class ByTensor(Net):
    def look_up(self, x):
        return self.table[x]


class ByCall(Net):
    def look_up(self, x):
        return getitem(self.table, x)


class ByColumn(Net):
    def look_up(self, x):
        return nn.Sequential(nn.Identity())(self.table[x[:, ::-1]][:, ::-1])


class ByOneHot(Net):
    def look_up(self, x):
        return Tensor(np.eye(WORDS, dtype=self.table.dtype)[x], constant=True) @ self.table


class ByNumbers(Net):
    def look_up(self, x):
        return self.table[x.data.astype(int)]


class ByArray(Net):
    def look_up(self, x):
        return self.table[np.asarray(x)]


class ByMask(Net):
    """Compares whole numbers, as for padding."""

    def look_up(self, x):
        places = [Tensor((np.asarray(x) == k) * 1.0, constant=True) for k in range(WORDS)]
        rows = [reshape(p, (len(p), 2, 1)) * self.table[k] for k, p in enumerate(places)]
        return sum(rows[1:], rows[0])


LOOKING_UP = [ByTensor, ByCall, ByColumn, ByOneHot, ByNumbers, ByArray, ByMask]


def trained(model, x, batch_size, lr=0.1):
    history = nn.fit(
        model,
        (x, Y),
        loss=nn.cross_entropy,
        optimizer=nn.SGD(model.parameters(), lr=lr),
        epochs=3,
        batch_size=batch_size,
        validation=(x[:5], Y[:5]),
        metrics={"accuracy": nn.accuracy},
        seed=0,
    )
    return history


@pytest.mark.parametrize("batch_size", [8, 7, None])
@pytest.mark.parametrize("kind", LOOKING_UP)
def test_each_batch_is_looked_up_by_its_own_numbers(kind, batch_size):
    model, other = kind(), ByProduct()
    found = trained(model, X, batch_size)
    expected = trained(other, np.eye(WORDS)[X], batch_size)
    for curve in ("loss", "val_loss", "accuracy", "val_accuracy"):
        np.testing.assert_allclose(found[curve], expected[curve], rtol=1e-10)
    np.testing.assert_allclose(model.table.data, other.table.data, rtol=1e-9)
    np.testing.assert_allclose(
        nn.predict(model, X), nn.predict(other, np.eye(WORDS)[X]), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("kind", LOOKING_UP)
def test_they_can_be_checked_and_summed_up(kind):
    model = kind()
    report = nn.check(model, X, X[:, 0].astype(int))
    assert not report.findings
    assert "(7,)" in model.summary(2)
    assert kind(np.float32).summary(2) == model.summary(2)


def test_a_note_says_why_there_is_no_tape():
    history = trained(ByTensor(), X, 8)
    assert any("whole numbers" in note for note in history.notes)


def first_layers(dtype):
    return [
        nn.Linear(2, WORDS, dtype=dtype, rng=0),
        nn.Sequential(nn.Flatten(), nn.Linear(2, WORDS, dtype=dtype, rng=0)),
        nn.Sequential(nn.Identity(), nn.Linear(2, WORDS, dtype=dtype, rng=0)),
        nn.Sequential(nn.ReLU(), nn.Linear(2, WORDS, dtype=dtype, rng=0)),
        nn.Sequential(nn.BatchNorm1d(2, dtype=dtype), nn.Linear(2, WORDS, dtype=dtype, rng=0)),
        nn.Sequential(nn.Dropout(0.5, rng=0), nn.Linear(2, WORDS, dtype=dtype, rng=0)),
        nn.Sequential(nn.LayerNorm(2, dtype=dtype), nn.Linear(2, WORDS, dtype=dtype, rng=0)),
    ]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int64, np.uint64])
@pytest.mark.parametrize("k", range(7))
def test_what_computes_with_them_does_as_with_floats_bit_for_bit(k, kind, dtype):
    model, other = first_layers(dtype)[k], first_layers(dtype)[k]
    whole = (X * 10).astype(kind)
    found = trained(model, whole, 8, lr=1e-3)
    expected = trained(other, whole.astype(dtype), 8, lr=1e-3)
    assert found["loss"] == expected["loss"]
    assert found.notes == expected.notes
    for a, b in zip(model.parameters(), other.parameters(), strict=True):
        assert a.dtype == dtype
        np.testing.assert_array_equal(a.data, b.data)
    np.testing.assert_array_equal(nn.predict(model, whole), nn.predict(other, whole.astype(dtype)))
    assert nn.predict(model, whole).dtype == dtype


def test_a_model_that_only_arranges_gives_floats():
    model = nn.Sequential(nn.Flatten())
    found = nn.predict(model, X)
    assert found.dtype == float
    np.testing.assert_array_equal(found, X)


class Letters(nn.Module):
    """Values, looked up in lists."""

    def __init__(self):
        numbers = np.random.default_rng(3).normal(size=WORDS)
        self.table = [Value(x) for x in numbers]
        self.bias = Value(0.5)

    def forward(self, x):
        return self.table[x[0]] * self.table[x[1]] + self.bias


def test_models_of_values_look_up_by_whole_numbers_too():
    model = Letters()
    targets = Y / WORDS
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    before = [v.data for v in model.table]
    products = [before[a] * before[b] + 0.5 for a, b in X.tolist()]
    np.testing.assert_allclose(nn.predict(model, X), products, rtol=1e-15)
    history = nn.fit(
        model, (X, targets), loss=nn.mse_loss, optimizer=optimizer, epochs=1, batch_size=None
    )
    expected = np.mean((np.array(products) - targets) ** 2)
    np.testing.assert_allclose(history["loss"], [expected], rtol=1e-12)
    assert [v.data for v in model.table] != before


def test_sizes_of_indices_are_no_fault_and_of_numbers_they_are():
    far = X.astype(int) * 100
    model = ByTensor()
    model.table = Tensor(np.random.default_rng(4).normal(size=(700, WIDTH)))
    assert not nn.check(model, far, far[:, 0] // 100).findings
    table = nn.Linear(2, WORDS, rng=0)
    assert any("of the size" in x for x in nn.check(table, far, Y).findings)


def test_a_checkpoint_of_floats_goes_on_with_the_same_whole_numbers(tmp_path):
    for x in (X.astype(float), X):
        model = nn.Linear(2, WORDS, rng=0)
        nn.fit(
            model,
            (x, Y),
            loss=nn.cross_entropy,
            optimizer=nn.SGD(model.parameters(), lr=0.1),
            epochs=2,
            checkpoint=tmp_path / "run.safetensors",
            seed=0,
        )
