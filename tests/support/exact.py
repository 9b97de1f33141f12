"""Fifty digits beside every row: what an op should give, and how far off it is.

The errors stand in docs/ops.md and are bounded in tests/laws/test_accuracy.py.
"""

import math
import operator
import random
from functools import cache, partial, partialmethod
from inspect import Parameter
from typing import Any, NamedTuple

import mpmath
import numpy as np
from numerics import replaced
from samples import ARRAY_CALLS, Call

from autograd import OPS, flat

TABLE = tuple(OPS.values())  # as imported, for examples and tests may add rows of their own


class Error(NamedTuple):
    """How far off one call is, and its worst slope if it has any, in units of the last place."""

    operands: tuple[Any, ...]
    value: float
    slope: float | None


@cache
def errors(op):
    """Measure an op on a fixed sample: a hundred calls on floats, or all calls on small arrays."""
    with mpmath.workdps(50):
        if op.elementwise:
            return [_on_floats(op, operands) for operands in spread(op, 100)]
        return [*map(_on_arrays, calls(op))]


# On floats

# What a row should be, written a second time; a row that is not listed is its own forward function.
EXACT = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "neg": lambda x: -x,
    "alias": lambda x: x,
    "detach": lambda x: x,
    "square": lambda x: x**2,
    "sqrt": mpmath.sqrt,
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "xlogy": lambda a, b: a * mpmath.log(b),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "sech2": lambda x: mpmath.sech(x) ** 2,
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "arctan": mpmath.atan,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "bce_with_logits": lambda z, t: mpmath.log1p(mpmath.exp(z)) - t * z,
    "logistic_error": lambda z, t: (
        1 / (1 + mpmath.exp(-z)) - t
        if abs(mpmath.re(z)) > 1
        else mpmath.mpf(0.5) - t + mpmath.tanh(z / 2) / 2
    ),
    "elu": lambda x, alpha=1: x if mpmath.re(x) > 0 else alpha * mpmath.expm1(x),
    "step": lambda x: mpmath.mpf(x > 0),
    "heaviside": lambda x: mpmath.mpf(x > 0),
}


def spread(op, count):
    """Operands of all sizes, and close to the ends of a domain."""
    dice = random.Random(op.name)
    for _ in range(count):
        operands = []
        for low, high in ((domain.low, domain.high) for domain in op.domain):
            size = 10 ** dice.uniform(-8, 1.2) / (16 if math.isfinite(high) else 1)
            near = (size, -size, low + size, high - size)
            operands.append(dice.choice([x for x in near if low < x < high]))
        yield tuple(operands)


def params(op):
    """Params of a row: its defaults, and 0, 1 and so on for those that have none."""
    counted = (float(i) for i in range(len(op.defaults)))
    return {
        name: next(counted) if usual is Parameter.empty else usual
        for name, usual in op.defaults.items()
    }


def exact_function(op):
    """What a row should be, as a function of numbers of mpmath."""
    return EXACT.get(op.name) or (
        lambda *xs: _forward(Call(op, tuple([x] for x in xs), params(op)))[0]
    )


def exact_slope(f, numbers, i):
    """The complex step, carried out with digits to spare; a list where f gives one."""
    h = mpmath.mpf("1e-60") * _step_size(numbers, i)
    with mpmath.workdps(max(mpmath.mp.dps, 100 + _digits(*numbers, h))):
        y = f(*replaced(numbers, i, mpmath.mpc(numbers[i], h)))
        return [mpmath.im(each) / h for each in y] if isinstance(y, list) else mpmath.im(y) / h


def exact_second_slope(f, numbers, i):
    """A difference of complex steps, so small that only digits to spare cancel."""
    k = mpmath.mpf("1e-40") * _step_size(numbers, i)
    with mpmath.workdps(400 + 2 * _digits(*numbers, k)):
        below, above = (
            exact_slope(f, replaced(numbers, i, x), i) for x in (numbers[i] - k, numbers[i] + k)
        )
        return (above - below) / (2 * k)


def _step_size(numbers, i):
    """What is small beside one of the numbers, beside 1, and as a share of the largest."""
    size = min(mpmath.fabs(numbers[i]), mpmath.mpf(1)) or mpmath.mpf("1e-330")
    return size / max(1, *map(mpmath.fabs, numbers))


def _digits(*numbers):
    """How many digits lie between numbers and 1, roughly."""
    return sum(abs(mpmath.mag(x)) // 3 + 1 for x in numbers if x)


def error_in_ulps(found, exact, largest=0.0):
    return float(mpmath.fabs(found - exact) / math.ulp(max(abs(float(exact)), largest)))


def _on_floats(op, operands):
    given = params(op)
    f = exact_function(op)
    numbers = tuple(map(mpmath.mpf, operands))
    y = op(*operands, **given)
    slopes = [
        error_in_ulps(rule(1.0, y, *operands, **given), exact_slope(f, numbers, i))
        for i, rule in enumerate(op.vjps)
        if rule not in (None, flat)
    ]
    return Error(operands, error_in_ulps(y, f(*numbers)), max(slopes, default=None))


# On arrays


def calls(op):
    """The calls on which arrays are tested, with elements of all sizes and both signs."""
    for call in ARRAY_CALLS:
        if call.op is op and np.size(call(*call.operands)):
            yield call.on(map(partial(_of_all_sizes, random.Random(str(call))), call.operands))


def _of_all_sizes(dice, x):
    numbers = [dice.choice([-1, 1]) * 10 ** dice.uniform(-8, 1.2) for _ in range(x.size)]
    return np.reshape(numbers, x.shape)


def _on_arrays(call):
    """The same for arrays, in units in the last place of the largest element of each."""
    y = call(*call.operands)
    dice = random.Random(str(call))
    g = np.reshape([dice.gauss() for _ in range(np.size(y))], np.shape(y))
    slopes = []
    for i, rule in enumerate(call.rules()):
        if (slope := rule(g, y, *call.operands, **call.options)) is not None:
            terms = _exact_terms(call, i, g.ravel().tolist())
            # The terms of the sums that the slope of a row of several steps is.
            sizes = [abs(float(x)) for each in terms for x in each] if call.op.composition else []
            slopes.append(_worst(slope, [*map(mpmath.fsum, terms)], max(sizes, default=0.0)))
    return Error(call.operands, _worst(y, _forward(call)), max(slopes, default=None))


def _exact_terms(call, i, g):
    """For each element of operand `i` what flows to it from each of the result: complex steps."""
    x = call.operands[i]

    def passed(*elements):
        moved = np.reshape(np.array(elements, object), x.shape)
        return _forward(call.on(replaced(call.operands, i, moved)))

    numbers = tuple(map(mpmath.mpf, x.flat))
    slopes = (exact_slope(passed, numbers, k) for k in range(len(numbers)))
    return [[a * b for a, b in zip(g, column, strict=True)] for column in slopes]


def _worst(found, exact, largest=0.0):
    largest = max([largest, *(abs(float(number)) for number in exact)])
    pairs = zip(np.ravel(found).tolist(), exact, strict=True)
    return max((error_in_ulps(x, number, largest) for x, number in pairs), default=0.0)


def _forward(call):
    """Run a forward function itself on numbers of mpmath; give the elements of the result."""
    lift = np.frompyfunc(Exact, 1, 1)  # of a single number it makes no array
    operands = [np.asarray(lift(np.asarray(x, object)), object) for x in call.operands]
    return [Exact(y).number for y in np.ravel(call.op.forward(*operands, **call.options))]


class Exact:
    """A number of mpmath in the clothes of a float: NumPy computes on arrays of them.

    It is compared by its real part; the imaginary part is the trace of a complex step.
    """

    __hash__ = None

    def __init__(self, number):
        self.number = number.number if isinstance(number, Exact) else mpmath.mpmathify(number)

    def _of(self, f):
        return Exact(f(self.number))

    def _with(self, f, other):
        return Exact(f(self.number, Exact(other).number))

    def _after(self, f, other):
        return Exact(f(Exact(other).number, self.number))

    def _beside(self, compare, other):
        return compare(mpmath.re(self.number), mpmath.re(Exact(other).number))

    def __float__(self):
        return float(mpmath.re(self.number))

    def __bool__(self):
        return self != 0

    def __abs__(self):
        return -self if self < 0 else self

    __neg__ = partialmethod(_of, operator.neg)
    exp = partialmethod(_of, mpmath.exp)
    log = partialmethod(_of, mpmath.log)
    sqrt = partialmethod(_of, mpmath.sqrt)

    __add__ = partialmethod(_with, operator.add)
    __sub__ = partialmethod(_with, operator.sub)
    __mul__ = partialmethod(_with, operator.mul)
    __truediv__ = partialmethod(_with, operator.truediv)
    __pow__ = partialmethod(_with, operator.pow)

    __radd__ = partialmethod(_after, operator.add)
    __rsub__ = partialmethod(_after, operator.sub)
    __rmul__ = partialmethod(_after, operator.mul)
    __rtruediv__ = partialmethod(_after, operator.truediv)
    __rpow__ = partialmethod(_after, operator.pow)

    __eq__ = partialmethod(_beside, operator.eq)
    __ne__ = partialmethod(_beside, operator.ne)
    __lt__ = partialmethod(_beside, operator.lt)
    __le__ = partialmethod(_beside, operator.le)
    __gt__ = partialmethod(_beside, operator.gt)
    __ge__ = partialmethod(_beside, operator.ge)
