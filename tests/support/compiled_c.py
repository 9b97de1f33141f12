"""Compiles a program in C and calls it, where there is a compiler."""

import ctypes
import math
import shutil
import subprocess

import numpy as np
import pytest

needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
FLAGS = ["-O3", "-Wall", "-Wextra", "-Werror", "-std=c99", "-shared", "-fPIC"]


def compiled_c(source, folder):
    """Give a function of lists of numbers: inputs, params and how many outputs there are."""
    path = folder / "program.c"
    path.write_text(source, encoding="ascii")
    library = folder / f"program_{abs(hash(source))}.so"
    command = ["cc", *FLAGS, str(path), "-o", str(library), "-lm"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    program = ctypes.CDLL(str(library)).program

    def run(inputs, params, count):
        arrays = [np.array([*numbers, 0.0]) for numbers in (inputs, params, [0.0] * count)]
        program(*(x.ctypes.data_as(ctypes.c_void_p) for x in arrays))
        return arrays[-1][:count].tolist()

    return run


def in_c(tape, folder):
    """Give a function of the inputs of a tape, whose parameters are what they are now."""
    program = compiled_c(tape.to_c(), folder)
    params = [x.data for x in tape.code.leaves]
    return lambda *inputs: program(inputs, params, len(tape.code.outputs))


def same(a, b):
    """Whether two numbers are one and the same, also if they are nan or -0.0."""
    return math.isnan(a) == math.isnan(b) and (
        math.isnan(a) or (a == b and math.copysign(1.0, a) == math.copysign(1.0, b))
    )
