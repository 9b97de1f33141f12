"""Runs a recorded graph as a tape, in C, JavaScript, torch and JAX, where these are at hand."""

import ctypes
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ..engine import Node
from ..tape import Tape

_RUN = """
import {{ program }} from "./program.mjs";
console.log(JSON.stringify([...program({inputs}, [], new Float64Array({count}))]));
"""


def _on_tape(outputs: Sequence[Node], inputs: Sequence[Node]) -> list[Any]:
    with np.errstate(all="ignore"):
        return Tape(outputs, inputs=inputs, executor="numpy")(*(x.data for x in inputs))


def _in_c(outputs: Sequence[Node], inputs: Sequence[Node]) -> list[Any]:
    source = Tape(outputs, inputs=inputs, executor="numpy").to_c()
    if shutil.which("cc") is None:
        raise FileNotFoundError("no C compiler")
    with TemporaryDirectory() as folder:
        path, library = Path(folder, "program.c"), Path(folder, "program.so")
        path.write_text(source, encoding="ascii")
        command = f"cc -O2 -std=c99 -shared -fPIC {path.name} -o {library.name} -lm".split()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        program = ctypes.CDLL(str(library)).program
    numbers = [np.array([float(x.data) for x in inputs]), np.zeros(1), np.zeros(len(outputs))]
    program(*(x.ctypes.data_as(ctypes.c_void_p) for x in numbers))
    return list(numbers[-1])


def _in_javascript(outputs: Sequence[Node], inputs: Sequence[Node]) -> list[Any]:
    source = Tape(outputs, inputs=inputs, executor="numpy").to_javascript()
    if shutil.which("node") is None:
        raise FileNotFoundError("no node")
    with TemporaryDirectory() as folder:
        Path(folder, "program.mjs").write_text(source, encoding="utf-8")
        given = json.dumps([float(x.data) for x in inputs])
        script = _RUN.format(inputs=given, count=len(outputs))
        Path(folder, "run.mjs").write_text(script, encoding="utf-8")
        done = subprocess.run(
            ["node", "run.mjs"], cwd=folder, check=True, capture_output=True, text=True
        )
    return [float(x) for x in json.loads(done.stdout)]


def _in_torch(outputs: Sequence[Node], inputs: Sequence[Node]) -> list[Any]:
    import torch

    program = Tape(outputs, inputs=inputs, executor="numpy").to_torch()
    given = [torch.tensor(np.array(x.data), dtype=torch.float64) for x in inputs]
    return [x.detach().numpy() for x in program(*given)]


def _in_jax(outputs: Sequence[Node], inputs: Sequence[Node]) -> list[Any]:
    import jax

    with jax.enable_x64(True):
        program = Tape(outputs, inputs=inputs, executor="numpy").to_jax()
        return [np.asarray(x) for x in program(*(np.array(x.data) for x in inputs))]


# By name: how a graph is run, and whether only graphs of single numbers can be.
Runner = Callable[[Sequence[Node], Sequence[Node]], list[Any]]
LANGUAGES: Mapping[str, tuple[Runner, bool]] = {
    "tape": (_on_tape, False),
    "C": (_in_c, True),
    "JavaScript": (_in_javascript, True),
    "torch": (_in_torch, False),
    "JAX": (_in_jax, False),
}
