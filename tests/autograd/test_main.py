"""The command line says in what Values are kept."""

import os
import subprocess
import sys
from pathlib import Path

from autograd import __version__

ROOT = Path(__file__).parents[2]


def said(**variables):
    command = [sys.executable, "-m", "autograd"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True
    )
    return done.stdout


def test_it_says_which_version_this_is_and_who_keeps_values():
    assert said(STEPGRAD_PURE="1") == (
        f"stepgrad {__version__}: Values are kept in Python, for STEPGRAD_PURE is set\n"
    )
