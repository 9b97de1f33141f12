"""With %autoreload in a notebook, an edit counts at the next call of a compiled function."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("IPython")

BEFORE = """
import nn

RATE = 2.0

def helper(x):
    return x * RATE

class Base:
    scale = 1.0

    def shifted(self, x):
        return x + 1.0

class Layer(Base, nn.Module):
    def forward(self, x):
        return self.shifted(helper(x)) * self.scale
"""
EDITS = {
    "a helper": ("return x * RATE", "return x * RATE * 5.0"),
    "a global": ("RATE = 2.0", "RATE = 7.0"),
    "a class attribute": ("scale = 1.0", "scale = 3.0"),
    "a method of a base": ("return x + 1.0", "return x + 4.0"),
    "a forward": ("* self.scale", "* self.scale + 11.0"),
}
SESSION = """
import os, pathlib, sys, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # IPython's own
from IPython.core.interactiveshell import InteractiveShell

place = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(place))
sys.dont_write_bytecode = True
shell = InteractiveShell.instance()

def run(cell):
    result = shell.run_cell(cell)
    result.raise_error()
    return result.result

run("%load_ext autoreload")
run("%autoreload 2")
run("import edited; from autograd import compile; layer = edited.Layer()")
run("compiled = compile(layer); plain = compile(edited.helper)")
for _ in range(2):
    run("compiled(1.0), plain(1.0)")
assert run("compiled.recordings") == 1
file = place / "edited.py"
for k, (before, after) in enumerate(EDITS.values()):
    file.write_text(file.read_text().replace(before, after))
    os.utime(file, (time.time() + 10 * k, time.time() + 10 * k))
    found = run("[compiled(x) for x in (1.0, 2.0)]")
    right = run("[layer(x) for x in (1.0, 2.0)]")
    assert found == right, (after, found, right)
    assert run("[plain(1.0)]") == run("[edited.helper(1.0)]"), after
"""


def test_each_edit_counts_at_the_next_call(tmp_path):
    (tmp_path / "edited.py").write_text(BEFORE)
    script = f"EDITS = {EDITS!r}\n{SESSION}"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    environment |= {"IPYTHONDIR": str(tmp_path / "ipython")}
    subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", script, str(tmp_path)],
        check=True,
        env=environment,
        timeout=120,
    )
