"""Compiles a program in C and calls it."""

import ctypes
import subprocess

import numpy as np

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
