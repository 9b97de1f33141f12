"""Worked examples of lectures about data, dropout, mini-batches and autoencoders."""

import json
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import Tensor, mean, sqrt, var

DATA = Path(__file__).parents[1] / "data" / "training_examples.json"
EXAMPLES = {example["id"]: example for example in json.loads(DATA.read_text("utf-8"))}
CARS = np.array(EXAMPLES["WE18"]["inputs"]["X"])


def test_we18_columns_are_standardized_and_ranked():
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    expected = EXAMPLES["WE18"]["recomputed"]
    scaler = preprocessing.StandardScaler().fit(CARS)
    scaled = scaler.transform(CARS)
    np.testing.assert_allclose(scaler.mean_, expected["mean"], rtol=1e-14)
    np.testing.assert_allclose(scaler.scale_, expected["std_population"], rtol=1e-14)
    np.testing.assert_allclose(scaled, expected["standardized"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(scaler.inverse_transform(scaled), CARS, rtol=1e-14)
    ranks = pytest.importorskip("scipy.stats").rankdata(CARS, axis=0) - 1
    np.testing.assert_allclose(ranks / (len(CARS) - 1), expected["quantile_uniform"], rtol=1e-14)


def test_we06_a_car_is_brought_to_the_scale_of_the_network():
    entry = EXAMPLES["WE06"]
    raw, expected = entry["inputs"]["raw"], entry["recomputed"]
    lowest, highest = entry["inputs"]["ranges"]["price"]
    assert (raw["price"] - lowest) / (highest - lowest) == expected["price_over_40000"]
    cars = Tensor(CARS)
    np.testing.assert_allclose(mean(cars, axis=0).data, expected["X_column_means"], rtol=1e-14)
    for ddof, name in enumerate(["population", "sample"]):
        spread = sqrt(var(cars, axis=0, ddof=ddof)).data
        np.testing.assert_allclose(spread, expected[f"X_column_std_{name}"], rtol=1e-14)
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    fuels = [[fuel] for fuel in expected["fuel_code"]]
    order = preprocessing.OrdinalEncoder(categories=[["gasoline", "diesel"]]).fit_transform(fuels)
    codes = preprocessing.MinMaxScaler((-1, 1)).fit_transform(order)
    assert codes.ravel().tolist() == [*expected["fuel_code"].values()]
    assert expected["fuel_code"][raw["fuel"].lower()] == CARS[0, 1]


def test_batch_norm_standardizes_as_a_scaler_does():
    layer, expected = (
        nn.BatchNorm1d(3, eps=0.0, momentum=1.0, affine=False),
        EXAMPLES["WE18"]["recomputed"],
    )
    scaled = layer(Tensor(CARS)).data
    np.testing.assert_allclose(scaled, expected["standardized"], rtol=1e-12)
    np.testing.assert_allclose(scaled.mean(axis=0), expected["standardized_mean"], atol=1e-15)
    np.testing.assert_allclose(scaled.std(axis=0), expected["standardized_std"], rtol=1e-14)
    np.testing.assert_allclose(layer.running_mean, expected["mean"], rtol=1e-14)
    of_samples = np.square(expected["std_population"]) * 5 / 4
    np.testing.assert_allclose(layer.running_var, of_samples, rtol=1e-14)


def test_we42_how_many_updates_a_pass_makes():
    entry = EXAMPLES["WE42"]
    samples, subset = entry["inputs"]["samples"], entry["inputs"]["subset_size"]
    sizes = {"full_set": samples, "one_sample": 1, "subset_of_2": subset}
    found = {name: len(range(0, samples, size)) for name, size in sizes.items()}
    assert found == entry["recomputed"]


class Mask:
    """A generator of random numbers that are known."""

    def __init__(self, kept):
        self.kept = np.array(kept)

    def random(self, size, dtype):
        return self.kept.astype(dtype)


@pytest.mark.parametrize("kind", ["plain", "inverted"])
def test_we44_dropout_with_a_mask_that_is_known(kind):
    entry = EXAMPLES["WE44"]
    i, expected = entry["inputs"], entry["recomputed"]
    a = Tensor(i["a"])
    layer = nn.Dropout(1 - i["p_keep"], inverted=kind == "inverted")
    layer.rng = Mask(i["mask"])
    y = layer(a)
    np.testing.assert_allclose(y.data, expected[f"{kind}_train"], rtol=1e-14)
    np.testing.assert_allclose(layer.eval()(a).data, expected[f"{kind}_eval"], rtol=1e-14)
    if kind == "inverted":
        y.sum().backward()
        np.testing.assert_allclose(a.grad, expected["grad_inverted_train_of_sum"], rtol=1e-14)


@pytest.mark.slow
def test_we51_a_linear_autoencoder_reaches_principal_components_and_stops_there():
    entry = EXAMPLES["WE51"]
    points, expected = np.array(entry["inputs"]["points"]), entry["recomputed"]
    x = Tensor(points - expected["mean"], constant=True)
    model = nn.Autoencoder([2, 1], activation=None, rng=0)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    for _ in range(2000):
        optimizer.zero_grad()
        loss = nn.half_squared_error(model(x), x)
        loss.backward()
        optimizer.step()
        assert 2 * loss.item() > expected["sum_squared_error"] - 1e-12
    assert 2 * loss.item() == pytest.approx(expected["sum_squared_error"], rel=1e-9)
    np.testing.assert_allclose(model(x).data, expected["reconstruction_centered"], atol=1e-5)
    code = model.encoder(x).data[:, 0]
    code = code - code.mean()  # a bias of the encoder is undone by that of the decoder
    code = code / np.linalg.norm(code) * np.linalg.norm(expected["code_up_to_sign"])
    sign = np.sign(code @ expected["code_up_to_sign"])
    np.testing.assert_allclose(sign * code, expected["code_up_to_sign"], atol=1e-4)
