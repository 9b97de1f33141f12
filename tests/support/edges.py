"""Numbers at which programs go wrong, what a row is there, and everything that can compute it."""

import itertools
import math
from functools import cache, partial
from importlib.util import find_spec

import mpmath
import numpy as np
from compiled_c import in_c
from exact import exact_function, exact_second_slope, exact_slope, params
from javascript import HAS_NODE, in_javascript
from numerics import replaced
from samples import elementwise

from autograd import AutogradError, Tape, Tensor, Value, flat, gradients

LARGEST, LEAST_NORMAL = 1.7976931348623157e308, 2.2250738585072014e-308

SIZES = (
    *(0.0, 5e-324, 1e-310, 2.3e-308, 1e-160, 1e-20, 1e-8, 0.25, 0.5, 1.5, 3.0, 8.0, 19.0),
    *(1 - 2**-53, 1.0, 1 + 2**-52, math.nextafter(math.pi / 2, 0), math.pi / 2),
    *(30.0, 40.0, 88.0, 355.0, 373.0, 700.0, 709.5, 740.0, 745.0),
    *(1e10, 1e154, 1e160, 1e200, 1e300, 1.7e308),
)
OF_TWO = (0.0, 1e-100, 1e-8, 0.5, 1 + 2**-52, 40.0, 745.0, 1e100)  # their cubes are finite
OF_THREE = (0.0, 1.5)


# What is right


def samples(op):
    """Operands of all sizes, inside the domain and off kinks."""
    sizes = (SIZES, OF_TWO, OF_THREE)[op.arity - 1]
    numbers = [*(-x for x in sizes), *sizes]
    return [xs for xs in itertools.product(numbers, repeat=op.arity) if is_smooth(op, xs)]


def is_smooth(op, operands):
    """Whether a row has a value there, and a slope that does not jump."""
    for domain, x in zip(op.domain, operands, strict=True):
        if not domain.low < x < domain.high or (domain.poles and domain.poles(x) == 0):
            return False
    return not (op.kinks and op.kinks(*operands, **params(op)) == 0)


@cache
def exactly(op, operands):
    """The value, the slope by each operand, and the second slope by each."""
    f, numbers = exact_function(op), tuple(map(mpmath.mpf, operands))
    moving = [i for i, rule in enumerate(op.vjps) if rule not in (None, flat)]
    with mpmath.workdps(50):
        found = [mpmath.mpf(0)] * 2 * op.arity
        for i in moving:
            found[i] = exact_slope(f, numbers, i)
            found[op.arity + i] = exact_second_slope(f, numbers, i)
        return [f(*numbers), *found]


# What computes it: each gives a list as above for each sample, or the error in its place


def derived(op, leaves):
    """Nodes for the value, the slopes and the second slopes."""
    y = op(*leaves, **params(op))
    if None in op.vjps:
        return [y]
    firsts = gradients(_total(y), leaves)
    pairs = zip(firsts, leaves, strict=True)
    return [y, *firsts, *(_slope(first, x) for first, x in pairs)]


def _slope(y, x):
    return x * 0.0 if y.constant else gradients(_total(y), [x])[0]


def _total(y):
    return y.sum() if isinstance(y, Tensor) else y


def _by_nodes(kind, op, operands, folder):
    return [_tried(lambda leaves: derived(op, leaves), kind, xs) for xs in operands]


def _by_backward(kind, op, operands, folder):
    def found(leaves):
        y = op(*leaves, **params(op))
        if None in op.vjps:
            return [y]
        _total(y).backward()
        return [y, *(Value(0.0) if x.grad is None else kind(x.grad) for x in leaves)]

    return [_tried(found, kind, xs) for xs in operands]


def _tried(found, kind, operands):
    try:
        return [np.ravel(x.data).item() for x in found([kind(x) for x in operands])]
    except AutogradError as error:
        return error


def _tape(op, kind=Value, **options):
    leaves = [kind(x) for x in elementwise(op, *[()] * op.arity).operands]
    return Tape(derived(op, leaves), inputs=leaves, **options)


def _by_executor(executor, op, operands, folder):
    return _rows(_tape(op, executor=executor), operands)


def _by_tape_of_tensors(op, operands, folder):
    tape = _tape(op, lambda x: Tensor(np.full(len(operands), float(x))))
    return _rows(tape, operands)


def _by_python(op, operands, folder):
    space = {}
    exec(_tape(op).to_python(), space)
    return _rows(space["program"], operands)


def _by_c(op, operands, folder):
    if op not in _IN_C:
        _IN_C[op] = in_c(_tape(op), folder)
    return [_IN_C[op](*xs) for xs in operands]


_IN_C = {}  # each row is compiled once, for all tests


def _by_javascript(op, operands, folder):
    return in_javascript(_tape(op))(operands)


def _by_torch(op, operands, folder):
    import torch

    program = _tape(op).to_torch()
    return _rows(lambda *columns: program(*map(torch.from_numpy, columns)), operands)


def _by_jax(op, operands, folder):
    import jax

    with jax.enable_x64(True):
        return _rows(_tape(op).to_jax(), operands)


def _rows(program, operands):
    columns = [np.array(column) for column in zip(*operands, strict=True)]
    found = [np.broadcast_to(np.asarray(y), columns[0].shape) for y in program(*columns)]
    return np.transpose(found).tolist()


INTERPRETERS = {
    "Values": partial(_by_nodes, Value),
    "Tensors": partial(_by_nodes, lambda x: Tensor(np.array([x]))),
    "backward of Values": partial(_by_backward, Value),
    "backward of Tensors": partial(_by_backward, lambda x: Tensor(np.ravel(x))),
    "tape, numpy": partial(_by_executor, "numpy"),
    "tape, numba": partial(_by_executor, "numba"),
    "tape of Tensors": _by_tape_of_tensors,
    "to_python": _by_python,
    "to_c": _by_c,
    "to_javascript": _by_javascript,
    "to_torch": _by_torch,
    "to_jax": _by_jax,
}
NEEDED = {"tape, numba": "numba", "to_torch": "torch", "to_jax": "jax"}


def is_here(interpreter):
    if interpreter == "to_javascript":
        return HAS_NODE
    return interpreter not in NEEDED or find_spec(NEEDED[interpreter]) is not None


# How the two are compared


def is_right(found, exact, limit):
    """Whether a number is right, to so many units in the last place unless it underflows.

    One that is too large may be inf, or no number.
    """
    if mpmath.fabs(exact) > LARGEST:
        return math.isnan(found) or found == math.copysign(math.inf, exact)
    if not math.isfinite(found):
        return False
    error = mpmath.fabs(mpmath.mpf(found) - exact)
    return error <= limit * math.ulp(float(exact)) + 4 * LEAST_NORMAL


def wrong(op, interpreter, folder):
    """The samples at which something is not right, with what was found and what is exact."""
    operands = samples(op)
    with np.errstate(all="ignore"):
        rows = INTERPRETERS[interpreter](op, operands, folder)
    for xs, row in zip(operands, rows, strict=True):
        exact = exactly(op, xs)
        if isinstance(row, AutogradError):
            fits = any(mpmath.fabs(y) > LARGEST for y in exact)
        else:
            # the exponent of pow's slope is rounded: that costs |log(a)| times as much
            bent = 8 * math.fabs(math.log(xs[0])) if op.name == "pow" else 0.0
            limits = [4.0] + [8.0 + bent] * 2 * op.arity
            fits = all(map(is_right, row, exact, limits))
        if not fits:
            yield xs, row, [*map(float, exact)]


def depending(op, operands, i):
    """Which of value, slopes and second slopes depend on an operand."""
    others = (replaced(operands, i, x) for x in (-40.0, -2.5, -0.5, 0.25, 0.75, 2.5, 40.0))
    seen = [exactly(op, xs) for xs in (operands, *others) if is_smooth(op, xs)]
    return [len(set(map(float, column))) > 1 for column in zip(*seen, strict=True)]


def at_infinity(op, operands, i, sign):
    """Limits of value, slopes and second slopes; None of what goes to and fro."""
    far = [replaced(operands, i, sign * x) for x in (1e100, 1e200, 1e300)]
    return [*map(_limit, *(exactly(op, xs) for xs in far))]


def _limit(a, b, c):
    if float(a) == float(b) == float(c):
        return float(c)
    sizes = [*map(mpmath.fabs, (a, b, c))]
    if sizes == sorted(sizes) and a * c > 0:
        return math.copysign(math.inf, c)
    return 0.0 if sizes == sorted(sizes, reverse=True) else None
