"""The examples reach what they promise, on real data."""

import inspect
import re
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import viz

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def example(monkeypatch):
    pytest.importorskip("sklearn")
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.setattr(sys, "argv", ["example"])
    return import_module


def test_values_tell_two_moons_apart(example):
    assert example("moons").main() == 1.0


def test_a_perceptron_reads_digits(example):
    assert example("digits").perceptron() >= 0.97


def test_lenet_reads_digits(example):
    assert example("digits").lenet() >= 0.98


def test_every_call_of_viz_that_draws_is_in_the_gallery_and_draws(example, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    gallery = example("gallery")
    calls = "\n".join(gallery.CALLS.values())
    draws = {name for name in viz.__all__ if inspect.isfunction(getattr(viz, name))} - {"live"}
    assert {name for name in draws if f"viz.{name}(" not in calls} == set()
    monkeypatch.setattr(gallery, "THEMES", ("light",))
    page = (gallery.main(tmp_path) / "index.html").read_text(encoding="utf-8")
    assert page.count("<section>") == len(gallery.CALLS)
    for name in re.findall('src="([^":]*)"', page):
        assert (tmp_path / name).stat().st_size > 1000


def test_a_linear_autoencoder_reaches_principal_components_and_does_not_beat_them(example):
    ours, theirs = example("autoencoders").linear()
    assert theirs * (1 - 1e-12) <= ours <= theirs * 1.0001


def test_a_deep_autoencoder_beats_principal_components(example):
    ours, theirs = example("autoencoders").deep()
    assert ours < 0.75 * theirs


def test_a_neuron_finds_the_coefficients_of_logistic_regression(example):
    assert example("logistic_regression").main() < 1e-6


def test_every_printed_table_of_the_car_prices_comes_out(example, capsys):
    cars = example("car_price")
    for name, found in cars.tables().items():
        # half a unit of the last digit that is printed, but where there is a misprint
        allowed = np.full(found.shape, 0.51 * 10.0 ** -cars.DIGITS[name])
        if name == "a4":
            allowed[:, 0] = [1e-8, 1e-7, 5e-7, 5e-8, 5e-7]
        assert (np.abs(found - cars.PRINTED[name]) <= allowed).all(), name
    assert cars.price_of_first_car() == pytest.approx(0.2023543, abs=5e-8)
    cars.main()
    assert capsys.readouterr().out.count("misprint: ") == 6


def test_on_diabetes_a_network_is_no_worse_than_a_linear_model_nor_clearly_better(example, capsys):
    diabetes = example("diabetes")
    found = diabetes.main(repeats=1)
    linear, network = found["linear regression"], found["network"]
    assert 0.48 < linear.mean() < 0.5
    assert network.mean() > linear.mean() - 0.01
    mean, error = diabetes.gain(network, linear)
    assert abs(mean) < 2 * error
    assert f"network - linear regression: {mean:+.3f} ± {error:.3f}" in capsys.readouterr().out
