"""Functions beside their compiled selves: what each gives, and how often Python runs."""

import numpy as np
from hypothesis import settings

from autograd import GradientError, Tensor, Value, compile

LIMIT = 32
some = settings(max_examples=max(20, settings.default.max_examples // 2))


def eager(f, *numbers):
    """Call a function on fresh nodes, and give what they hold."""
    arrays = any(isinstance(x, np.ndarray | list) for x in numbers)
    return held(f(*[(Tensor if arrays else Value)(x) for x in numbers]))


def held(x):
    if isinstance(x, list | tuple):
        return type(x)(map(held, x))
    return x.data if isinstance(x, Value) else np.array(x.data) if isinstance(x, Tensor) else x


def same(found, expected):
    if isinstance(expected, list | tuple):
        return type(found) is type(expected) and all(map(same, found, expected))
    return type(found) in (float, np.float64, type(expected)) and np.array_equal(
        found, expected, equal_nan=True
    )


def counted(f):
    """Compile a function, and count how often Python runs it."""
    calls = []
    compiled = compile(f)
    record, as_it_is = compiled._record, compiled._as_it_is  # f itself would see who counts in it

    def counting(run):
        def counted_run(*how):
            calls.append(1)
            return run(*how)

        return counted_run

    compiled._record, compiled._as_it_is = counting(record), counting(as_it_is)
    return compiled, calls


def outcome(f, point):
    """Give the result, or the error in words."""
    try:
        return f(*point)
    except GradientError as error:
        return type(error), str(error)
