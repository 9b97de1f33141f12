"""A tape goes to another language when it is asked to, and loads nothing for it before."""

import subprocess
import sys

import pytest

from autograd import Tape, Value, tanh
from autograd.tape.export.to_c import to_c
from autograd.tape.export.to_python import to_python

X, W = Value(2.0, name="x"), Value(0.5, name="w")
TAPE = Tape([tanh(W * X)], inputs=[X])


def test_what_is_written_is_the_program_of_the_tape():
    assert TAPE.to_python() == to_python(TAPE.code)
    assert TAPE.to_c() == to_c(TAPE.code)
    assert "np.tanh(v1)" in TAPE.to_python()
    assert "tanh(v1)" in TAPE.to_c()


@pytest.mark.parametrize("library", ["jax", "torch"])
def test_without_the_library_one_sentence_says_what_to_do(library, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    said = rf"^to_{library} needs {library}: pip install {library}$"
    with pytest.raises(ImportError, match=said):
        getattr(TAPE, f"to_{library}")()


def test_a_tape_loads_no_exporter_before_it_is_asked():
    code = """
import sys
from autograd import Tape, Value
x = Value(1.0)
Tape([x * x], [x])(2.0)
print([name for name in sys.modules if name.startswith("autograd.tape.export.")])
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['autograd.tape.export.handover']"
