"""Calls programs in JavaScript: one process of node runs all that a session of tests writes."""

import atexit
import base64
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest

HAS_NODE = shutil.which("node") is not None or "CI" in os.environ  # there it may not be missing
needs_node = pytest.mark.skipif(not HAS_NODE, reason="no node: apt-get install nodejs")


@cache
def _node():
    command = ["node", str(Path(__file__).with_suffix(".mjs"))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)  # the end of its input ends it
    return process


def compiled_javascript(source):
    """Give a function of many samples, each a list of numbers, and the parameters, which may be
    None for those that the text holds, and of how many outputs there are."""

    def run(samples, params, count):
        held = params if params is None else _encoded(params)
        given = [[_encoded(inputs), held] for inputs in samples]
        outputs = _asked(source=source, samples=given, count=count)["outputs"]
        return [_decoded(text).tolist() for text in outputs]

    return run


def called(source, name, *given):
    """Call a function that a module exports; what goes in and comes out is JSON."""
    return _asked(source=source, call=name, given=given)["result"]


def _asked(**request):
    process = _node()
    process.stdin.write(f"{json.dumps(request)}\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    assert "error" not in answer, answer["error"]
    return answer


def in_javascript(tape):
    """Give a function of a list of samples, with the parameters of a tape as they are now."""
    program = compiled_javascript(tape.to_javascript())
    params = [x.data for x in tape.code.leaves]
    return lambda samples: program(samples, params, len(tape.code.outputs))


def _encoded(numbers):
    return base64.b64encode(np.array([*numbers], float).tobytes()).decode()


def _decoded(text):
    return np.frombuffer(base64.b64decode(text))
