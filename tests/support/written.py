"""Runs a program that was written as NumPy source, and compares it with its tape."""

import numpy as np
from agreement import apart


def run(source, *inputs, **params):
    """Execute the source where nothing else is, and call its function."""
    namespace = {}
    exec(compile(source, "program.py", "exec"), namespace)
    with np.errstate(all="ignore"):
        return namespace["program"](*inputs, **params)


def agree(tape, *inputs, tolerance=1e-12):
    ours, theirs = tape(*inputs), run(tape.to_python(), *inputs)
    assert all(apart(a, b) <= tolerance for a, b in zip(theirs, ours, strict=True))
