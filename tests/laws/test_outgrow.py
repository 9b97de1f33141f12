"""The page on how a net leaves runs, and each engine that is installed ends with our weights."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "outgrow.md").read_text("utf-8")
HERE, *ELSEWHERE = PAGE.split("\n## ")[1:]
NEEDED = {"JAX, on four devices": "jax", "torch": "torch", "C": "cc", "JavaScript": "node"}
IN_CI = {"C", "JavaScript"}  # where their programs may not be missing


def code(section):
    return "".join(re.findall(r"```python\n(.*?)```", section, re.DOTALL))


@pytest.mark.slow
@pytest.mark.parametrize("section", ELSEWHERE, ids=lambda section: section.splitlines()[0])
def test_each_engine_ends_with_the_same_weights(section, tmp_path):
    title = section.splitlines()[0]
    needed = NEEDED.get(title)
    if needed and not (shutil.which(needed) or importlib.util.find_spec(needed)):
        assert title not in IN_CI or "CI" not in os.environ, f"{needed} is missing"
        pytest.skip(f"{needed} is not installed")
    program = code(HERE) + code(section)
    assert "assert" in code(section)
    variables = {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    # Devices are counted before JAX is loaded: each engine has a process of its own.
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
