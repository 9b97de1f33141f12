"""This project's own packages are not looked at before each replay, wherever they are installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COUNT = """
import nn
from autograd.jit.environment_guards import Surroundings
model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.BatchNorm1d(3), nn.Dropout(0.5), nn.Tanh())
print(*[type(x.holder).__name__ for x in Surroundings([model, nn.mse_loss]).sights])
"""


def output_of(program, *folders):
    path = os.pathsep.join(map(str, folders))
    command = [sys.executable, "-c", program]
    environment = os.environ | {"PYTHONPATH": path, "PYTHONWARNINGS": "error"}
    return subprocess.run(
        command, env=environment, cwd=folders[0], capture_output=True, text=True, check=True
    ).stdout.split()


@pytest.mark.slow
def test_a_checkout_has_as_much_to_look_at_as_an_installed_package(tmp_path):
    installed = tmp_path / "site-packages"
    for package in ("autograd", "nn", "viz"):
        shutil.copytree(ROOT / package, installed / package)
    found = output_of(COUNT, ROOT)
    assert found == output_of(COUNT, installed)
    assert set(found) == {"Dropout", "BatchNorm1d", "Linear", "Sequential", "Tanh", "dict", "type"}


def test_a_package_of_somebody_else_may_be_called_nn_and_change(tmp_path):
    (tmp_path / "nn").mkdir()
    (tmp_path / "nn" / "__init__.py").write_text("SLOPE = 2.0\ndef line(x): return x * SLOPE\n")
    program = """
import nn
from autograd import compile
line = compile(nn.line)
print(line(1.0), line(1.0))
nn.SLOPE = 3.0
print(line(1.0))
"""
    assert output_of(program, tmp_path, ROOT) == ["2.0", "2.0", "3.0"]


def test_a_module_in_the_same_folder_as_the_packages_may_change(tmp_path):
    for package in ("autograd", "nn", "viz"):
        shutil.copytree(ROOT / package, tmp_path / package)
    (tmp_path / "nn_of_mine.py").write_text("SLOPE = 2.0\ndef line(x): return x * SLOPE\n")
    program = """
import nn_of_mine
from autograd import compile
line = compile(nn_of_mine.line)
print(line(1.0))
nn_of_mine.SLOPE = 3.0
print(line(1.0))
"""
    assert output_of(program, tmp_path) == ["2.0", "3.0"]
