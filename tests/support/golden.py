"""Worked examples from lectures, whose numbers must come out however they are computed."""

import json
from pathlib import Path

import numpy as np
import pytest

from autograd import Tensor, Value, sigmoid, tanh

TEXT = Path(__file__).parents[1].joinpath("data", "worked_examples.json").read_text("utf-8")
EXAMPLES = {example["id"]: example for example in json.loads(TEXT)}


class Computed(dict):
    """Functions that compute examples from their inputs, under the names used there."""

    def __call__(self, *names):
        """Say which examples a function computes."""

        def register(function):
            self.update(dict.fromkeys(names, function))
            return function

        return register

    def check(self, name):
        entry = EXAMPLES[name]
        compare(self[name](entry["inputs"]), entry["recomputed"], name)


def compare(found, expected, path):
    """All numbers of two structures agree; prose is skipped."""
    if isinstance(found, Tensor | np.ndarray):
        found = (found.data if isinstance(found, Tensor) else found).tolist()
    if isinstance(expected, dict):
        numbers = {key for key, x in expected.items() if not isinstance(x, str)}
        assert found.keys() == numbers, path
        for key in numbers:
            compare(found[key], expected[key], f"{path} {key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), path
        for i, (x, y) in enumerate(zip(found, expected, strict=True)):
            compare(x, y, f"{path}[{i}]")
    else:
        number = found.data if isinstance(found, Value) else found
        assert number == pytest.approx(expected, rel=1e-12, abs=1e-12), path


def equal_weights(i, slopes_of):
    """Put WE19 together: what reaches weights that are all equal.

    ``slopes_of(shapes, weight, activations)`` builds a net and gives its slopes, by their names.
    """
    three = [(3, 3), (3, 2), (2, 1)]
    alike = (tanh, tanh, tanh)
    constant = slopes_of(three, i["constant"], alike)
    w1, w2, w3 = map(np.array, constant.values())
    return {
        "zero": slopes_of(three, i["zero"], alike),
        "zero_with_bias_rows": slopes_of([(4, 3), (4, 2), (3, 1)], i["zero"], alike),
        "zero_sigmoid_hidden_3_3_1_tanh_output": slopes_of(
            [(3, 3), (3, 1)], i["zero"], (sigmoid, tanh)
        ),
        "constant": constant,
        "constant_columns_of_dJ_dW1_identical": np.all(w1 == w1[:, :1]),
        "constant_columns_of_dJ_dW2_identical": np.all(w2 == w2[:, :1]),
        "constant_rows_of_dJ_dW2_identical": np.all(w2 == w2[:1]),
        "constant_rows_of_dJ_dW3_identical": np.all(w3 == w3[:1]),
    }
