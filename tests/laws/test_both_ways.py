"""What is tested of Values in C holds of those in Python, too."""

import os
import subprocess
import sys
from pathlib import Path

from in_python import needs_core

ROOT = Path(__file__).parents[2]
OF_VALUES = (
    *("tests/autograd/engine", "tests/autograd/jit/test_noticing.py"),
    *("tests/laws/test_naive.py", "tests/laws/test_twins.py"),
)


@needs_core
def test_values_in_python():
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *OF_VALUES],
        cwd=ROOT,
        env={**os.environ, "STEPGRAD_PURE": "1", "HYPOTHESIS_PROFILE": "quick"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
