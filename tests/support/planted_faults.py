"""Functions of NumPy with a gradient that is right or has a fault, which every library can check.

The kinds are those that people report: slopes too small for an absolute tolerance, errors too small
for a relative one, kinks, ties, scales, rounding, state, and rules taken from the wrong formula.
"""

import math
from itertools import count

import numpy as np
from hard_cases import Case

dice = np.random.default_rng(1)
calls = count()
x3 = np.array([0.4, -1.1, 0.9])
x4 = np.array([0.3, -0.2, 1.5, 0.8])
A = np.array([[2.0, 0.3, -0.5], [0.1, 1.5, 0.4], [0.7, -0.2, 1.8]])
S = A + A.T
b3 = np.array([1.0, -2.0, 0.5])
many = dice.normal(size=500)
ranks = np.array([3.0, 1.0, -2.0, 0.5])
repeated = np.array([0, 2, 2, 1, 2])
kernel = np.array([0.5, -1.0, 0.25])
grid, heights = np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.0, 2.0, 1.0, 5.0])


def logistic(x):
    return 1 / (1 + math.exp(-x))


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def logsumexp(x):
    return x.max() + np.log(np.exp(x - x.max()).sum())


def normalized(x):
    return float(((x - x.mean()) / x.std()) @ b3)


def normalized_slope(x, complete=True):
    z, n = (x - x.mean()) / x.std(), x.size
    return (b3 - complete * b3.mean() - z * (b3 @ z) / n) / x.std()


def smooth_step(x):
    return 3 * x * x - 2 * x**3 if 0 < x < 1 else float(x >= 1)


def heron(x):
    """Compute the square root, until nothing changes."""
    y, before = x, math.inf
    while abs(y - before) > 1e-15 * abs(y):
        y, before = (y + x / y) / 2, y
    return y


def anomaly(m, e):
    """Solve Kepler's equation E - e sin E = m."""
    E = m
    for _ in range(50):
        E -= (E - e * math.sin(E) - m) / (1 - e * math.cos(E))
    return E


def anomaly_slope(m, e):
    E = anomaly(m, e)
    return 1 / (1 - e * math.cos(E)), math.sin(E) / (1 - e * math.cos(E))


def greatest(s):
    return float(np.linalg.eigvalsh((s + s.T) / 2)[-1])


def direction(s, which):
    v = np.linalg.eigh((s + s.T) / 2)[1][:, which]
    return np.outer(v, v)


def nuclear(a):
    return float(np.linalg.svd(a, compute_uv=False).sum())


def nuclear_slope(a):
    u, _, v = np.linalg.svd(a)
    return u @ v


def scattered(g):
    found = np.zeros(3)
    np.add.at(found, repeated, g)
    return found


def of(x, *places):
    """Stand for an array with ones in some places."""
    found = np.zeros_like(x)
    for place in places:
        found[place] = 1.0
    return found


class Stale:
    """A gradient that remembers the first point that it was asked at."""

    def __init__(self, slope):
        self.slope, self.known = slope, None

    def __call__(self, x):
        if self.known is None:
            self.known = 0.0
            return self.slope(x)
        return self.known


def normal(x, mu, sigma):
    return -((x - mu) ** 2) / (2 * sigma**2) - math.log(sigma)


def normal_slope(x, mu, sigma, log=1.0):
    z = (x - mu) / sigma
    return -z / sigma, z / sigma, (z * z - log) / sigma


def case(name, f, gradient, *inputs):
    return Case(name, (f, gradient), inputs)


RIGHT = [
    # Slopes of 0, and slopes beside them.
    case("x³ at 0", lambda x: x**3, lambda x: 3 * x * x, 0.0),
    case("x² at 0", lambda x: x * x, lambda x: 2 * x, 0.0),
    case("a constant", lambda x: 3.0, lambda x: 0.0, 0.7),
    case("cos at 0", np.cos, lambda x: -np.sin(x), 0.0),
    case("the logistic function at 40", logistic, lambda x: logistic(x) * logistic(-x), 40.0),
    case("the logistic function at -40", logistic, lambda x: logistic(x) * logistic(-x), -40.0),
    case("erf at 3", math.erf, lambda x: 2 / math.sqrt(math.pi) * math.exp(-x * x), 3.0),
    case("a bell far out", lambda x: math.exp(-x * x), lambda x: -2 * x * math.exp(-x * x), 5.0),
    # Steep, large, tiny.
    case("exp(100 x)", lambda x: math.exp(100 * x), lambda x: 100 * math.exp(100 * x), 1.0),
    case("1/x at 1e6", lambda x: 1 / x, lambda x: -1 / x**2, 1e6),
    case("1/x at 1e-6", lambda x: 1 / x, lambda x: -1 / x**2, 1e-6),
    case("tan beside its pole", np.tan, lambda x: 1 + np.tan(x) ** 2, 1.5707),
    case("sin(1/x)", lambda x: np.sin(1 / x), lambda x: -np.cos(1 / x) / x**2, 0.01),
    case("x log x near 0", lambda x: x * np.log(x), lambda x: np.log(x) + 1, 1e-8),
    case("x^1.5 near 0", lambda x: x**1.5, lambda x: 1.5 * x**0.5, 1e-4),
    case("expm1 near 0", np.expm1, np.exp, 1e-12),
    case("sin(1e8 x) near 0", lambda x: np.sin(1e8 * x), lambda x: 1e8 * np.cos(1e8 * x), 1e-8),
    case("x² on a large constant", lambda x: 1e12 + x * x, lambda x: 2 * x, 3.0),
    case("Lennard-Jones", lambda r: r**-12.0 - r**-6.0,
         lambda r: -12 * r**-13.0 + 6 * r**-7.0, 1.1),
    case("Planck's law", lambda x: x**3 / math.expm1(x), lambda x: 3 * x * x / math.expm1(x)
         - x**3 * math.exp(x) / math.expm1(x) ** 2, 1e-3),
    case("sin(x)/x near 0", lambda x: np.sin(x) / x, lambda x: (x * np.cos(x) - np.sin(x)) / x**2,
         1e-2),
    case("a quotient", lambda a, b: a / b, lambda a, b: (1 / b, -a / b**2), 2.0, 1e-3),
    case("a power", lambda a, b: a**b, lambda a, b: (b * a ** (b - 1), a**b * np.log(a)), 0.3, 2.5),
    case("hypot", np.hypot, lambda a, b: (a / np.hypot(a, b), b / np.hypot(a, b)), 3.0, 4.0),
    case("the angle", np.arctan2,
         lambda y, x: (x / (x * x + y * y), -y / (x * x + y * y)), 1., -2.),
    case("a period of a power of 2", lambda x: np.sin(128 * math.pi * x),
         lambda x: 128 * math.pi * np.cos(128 * math.pi * x), 0.3),
    case("too fast for coarse steps", lambda x: np.sin(25660680 * x),
         lambda x: 25660680 * np.cos(25660680 * x), 3.7376e-8),
    case("many triangles", lambda x: abs((x * 2**20) % 2 - 1),
         lambda x: 2.0**20 * np.sign((x * 2**20) % 2 - 1), 0.3),
    case("a root rounded at 0", lambda x: math.sqrt(x * x + 1e-12),
         lambda x: x / math.sqrt(x * x + 1e-12), 1e-7),
    case("cos beside its top", lambda x: x - math.sin(x), lambda x: 2 * math.sin(x / 2) ** 2, 1e-3),
    case("Weierstrass' sum", lambda x: sum(0.5**k * math.cos(7.0**k * x) for k in range(10)),
         lambda x: -sum(3.5**k * math.sin(7.0**k * x) for k in range(10)), 0.3),
    case("a bump at its end", lambda x: math.exp(-1 / (1 - x * x)) if abs(x) < 1 else 0.0,
         lambda x: math.exp(-1 / (1 - x * x)) * -2 * x / (1 - x * x) ** 2, 0.9999),
    case("a kink close by", lambda x: max(x, 1e-9), lambda x: 0.0, 0.0),
    case("a jump close by", lambda x: float(x > 1e-7), lambda x: 0.0, 0.0),
    case("x to 3/2, odd", lambda x: math.copysign(abs(x) ** 1.5, x),
         lambda x: 1.5 * abs(x) ** 0.5, 0.0),
    case("close to overflow", lambda x: math.exp(709 * x), lambda x: 709 * math.exp(709 * x), 1.0),
    case("the largest float", lambda x: x / 2, lambda x: 0.5, 1.7e308),
    case("Wilkinson's polynomial", lambda x: float(np.prod(x - np.arange(1.0, 21))),
         lambda x: sum(np.prod([x - j for j in range(1, 21) if j != i]) for i in range(1, 21)),
         10.3),
    # Kinks and ties.
    case("relu at 0, a half", lambda x: max(x, 0.0),
         lambda x: 0.5 if x == 0 else float(x > 0), 0.0),
    case("relu beside 0", lambda x: max(x, 0.0), lambda x: float(x > 0), 1e-6),
    case("abs beside 0", abs, np.sign, -1e-6),
    case("abs at 0", abs, np.sign, 0.0),
    case("the norm at 0", lambda x: float(np.sqrt(x @ x)), np.zeros_like, np.zeros(3)),
    case("the first of a tie", max, lambda a, b: (1.0, 0.0), 2.0, 2.0),
    case("clip at its bound", lambda x: float(np.clip(x, -1, 1)), lambda x: 1.0, 1.0),
    case("interpolated at a joint", lambda x: np.interp(x, grid, heights), lambda x: 0.5, 1.0),
    case("interpolated", lambda x: np.interp(x, grid, heights), lambda x: -1.0, 1.4),
    case("x mod 1", lambda x: x % 1.0, lambda x: 1.0, 5.3),
    case("a smooth step at its end", smooth_step, lambda x: 6 * x * (1 - x) * (0 < x < 1), 1.0),
    case("the greatest", lambda x: x.max(), lambda x: of(x, 2), x4),
    case("the median", lambda x: np.median(x), lambda x: of(x, 0), x3),
    case("in order of size", lambda x: float(np.sort(x) @ ranks),
         lambda x: ranks[np.argsort(np.argsort(x))], x4),
    # Arrays.
    case("the norm", lambda x: float(np.sqrt(x @ x)), lambda x: x / np.sqrt(x @ x), x3),
    case("the norm near 0", lambda x: float(np.sqrt(x @ x)),
         lambda x: x / np.sqrt(x @ x), x3 * 1e-8),
    case("five hundred squares", lambda x: float(x @ x), lambda x: 2 * x, many),
    case("cross entropy", lambda x: logsumexp(x) - x[1], lambda x: softmax(x) - of(x, 1), x4),
    case("logsumexp of far numbers", logsumexp, softmax, np.array([-700.0, 0.0, 710.0])),
    case("a determinant", lambda a: np.linalg.det(a),
         lambda a: np.linalg.det(a) * np.linalg.inv(a).T, A),
    case("its logarithm", lambda a: np.linalg.slogdet(a)[1], lambda a: np.linalg.inv(a).T, A),
    case("the trace of an inverse", lambda a: np.trace(np.linalg.inv(a)),
         lambda a: -(np.linalg.inv(a) @ np.linalg.inv(a)).T, A),
    case("a quadratic form", lambda x: float(x @ A @ x), lambda x: (A + A.T) @ x, x3),
    case("the greatest eigenvalue", greatest, lambda s: direction(s, -1), S),
    case("a nuclear norm", nuclear, nuclear_slope, A),
    case("repeated places", lambda x: float((x[repeated] ** 2).sum()),
         lambda x: scattered(2 * x[repeated]), x3),
    case("running sums", lambda x: float(np.cumsum(x) @ ranks),
         lambda x: np.cumsum(ranks[::-1])[::-1], x4),
    case("a convolution", lambda x: float(np.convolve(x, kernel, "valid").sum()),
         lambda x: np.convolve(np.ones(2), kernel[::-1]), x4),
    case("numbers normalized", normalized, normalized_slope, x3),
    case("an outer sum", lambda a, b: float(((a + b) ** 2).sum()),
         lambda a, b: (2 * (a + b).sum(1, keepdims=True), 2 * (a + b).sum(0, keepdims=True)),
         x3[:, None], x4[None]),
    # Found by iterations.
    case("Heron's root", heron, lambda x: 0.5 / math.sqrt(x), 2.0),
    case("Kepler's equation", anomaly, anomaly_slope, 0.7, 0.4),
    case("a likelihood", normal, normal_slope, 0.5, 1.5, 0.8),
]  # fmt: skip

FAULTS = [
    # Too small for a tolerance.
    case("off by a ten-thousandth", np.sin, lambda x: np.cos(x) * 1.0001, 0.7),
    case("off by half a thousandth", np.exp, lambda x: np.exp(x) * 1.0005, 0.7),
    case("five millionths too much", np.sin, lambda x: np.cos(x) + 5e-6, 0.7),
    case("0 for a millionth", lambda x: 1e-6 * np.sin(x), lambda x: 0.0, 0.7),
    case("the sign of a slope of 1e-7", lambda x: 1e-7 * np.sin(x),
         lambda x: -1e-7 * np.cos(x), 0.7),
    case("0 for a small element beside large ones", lambda x: float(x @ [1e-7, 1.0, 1e3]),
         lambda x: np.array([0.0, 1.0, 1e3]), x3),
    case("one of 500 off by a thousandth", lambda x: float(x @ x),
         lambda x: 2 * x * (1 + 1e-3 * of(x, 321)), many),
    case("two of 500 exchanged", lambda x: float(x @ x),
         lambda x: 2 * np.concatenate([x[:100], x[101:99:-1], x[102:]]), many),
    case("two that cancel in the sum", lambda x: float(x.sum()),
         lambda x: np.array([1.001, 0.999, 1.0]), x3),
    case("rounded to three digits", np.sin, lambda x: round(float(np.cos(x)), 3), 0.7),
    case("cut to a whole number", lambda x: x * x, lambda x: int(2 * x), 0.7),
    case("a difference over a thousandth", np.sin,
         lambda x: (np.sin(x + 1e-3) - np.sin(x)) / 1e-3, 0.7),
    case("a tenth on a large constant", lambda x: 1e6 + x * x, lambda x: 2.2 * x, 3.0),
    case("three halves of a tiny slope", lambda x: x * x, lambda x: 3 * x, 1e-8),
    case("the tail of the logistic function", logistic,
         lambda x: 2 * logistic(x) * logistic(-x), -20.0),
    # Too large to be seen.
    case("a thousandth where log is steep", np.log, lambda x: 1.001 / x, 1e-10),
    case("a thousandth of exp(100 x)", lambda x: math.exp(100 * x),
         lambda x: 100.1 * math.exp(100 * x), 1.0),
    case("a hundredth beside a pole", np.tan, lambda x: 1.01 * (1 + np.tan(x) ** 2), 1.5707),
    case("an exponent", lambda r: r**-12.0, lambda r: -12 * r**-12.0, 1.1),
    case("the inner slope of sin(1/x)", lambda x: np.sin(1 / x),
         lambda x: -np.cos(1 / x) / x, 0.01),
    case("0 for a period of a power of 2", lambda x: np.sin(128 * math.pi * x), lambda x: 0.0, 0.3),
    case("0 for many triangles", lambda x: abs((x * 2**20) % 2 - 1), lambda x: 0.0, 0.3),
    case("1 for a ripple on a line", lambda x: x + np.sin(128 * math.pi * x) / 400,
         lambda x: 1.0, 0.3),
    case("a jump close by, with a slope", lambda x: float(x > 1e-7), lambda x: 1.0, 0.0),
    case("Weierstrass' sum, a hundredth",
         lambda x: sum(0.5**k * math.cos(7.0**k * x) for k in range(10)),
         lambda x: -1.01 * sum(3.5**k * math.sin(7.0**k * x) for k in range(10)), 0.3),
    # Kinks and ties.
    case("2 at relu's kink", lambda x: max(x, 0.0), lambda x: 2.0 if x == 0 else float(x > 0), 0.0),
    case("-1.5 at abs' kink", abs, lambda x: np.sign(x) if x else -1.5, 0.0),
    case("clip, twice at its bound", lambda x: float(np.clip(x, -1, 1)),
         lambda x: 2.0 if x == 1 else float(abs(x) < 1), 1.0),
    case("clip, 1 outside", lambda x: float(np.clip(x, -1, 1)), lambda x: 1.0, 1.5),
    case("ones for the norm at 0", lambda x: float(np.sqrt(x @ x)), np.ones_like, np.zeros(3)),
    case("a tie that gets nothing", max, lambda a, b: (0.0, 0.0), 2.0, 2.0),
    case("three ties that get all", lambda x: x.max(), lambda x: (x == x.max()) * 1.0, np.ones(3)),
    case("relu for abs", abs, lambda x: float(x > 0), -0.5),
    case("the next cell", lambda x: np.interp(x, grid, heights), lambda x: 2.0, 1.4),
    case("straight through", lambda x: np.round(x), lambda x: 1.0, 0.3),
    case("the second greatest", lambda x: x.max(), lambda x: of(x, 3), x4),
    case("not put back in order", lambda x: float(np.sort(x) @ ranks), lambda x: ranks, x4),
    case("the place in the other order", lambda x: float(np.sort(x) @ ranks),
         lambda x: ranks[np.argsort(x)], np.array([0.3, 1.5, -0.2, 0.8])),
    # The wrong formula.
    case("y (1 + y)", logistic, lambda x: logistic(x) * (1 + logistic(x)), 0.5),
    case("no target", lambda x: logsumexp(x) - x[1], softmax, x4),
    case("the target beside it", lambda x: logsumexp(x) - x[1],
         lambda x: softmax(x) - of(x, 2), x4),
    case("weights forgotten", logsumexp, lambda x: np.full(x.shape, 1 / x.size), x4),
    case("a determinant, not transposed", lambda a: np.linalg.det(a),
         lambda a: np.linalg.det(a) * np.linalg.inv(a), A),
    case("its logarithm, not transposed", lambda a: np.linalg.slogdet(a)[1], np.linalg.inv, A),
    case("the trace of an inverse, its sign", lambda a: np.trace(np.linalg.inv(a)),
         lambda a: (np.linalg.inv(a) @ np.linalg.inv(a)).T, A),
    case("as if symmetric", lambda x: float(x @ A @ x), lambda x: 2 * A @ x, x3),
    case("another eigenvector", greatest, lambda s: direction(s, 0), S),
    case("a nuclear norm, transposed", nuclear, lambda a: nuclear_slope(a).T, A),
    case("the norm's square", lambda x: float(np.sqrt(x @ x)), lambda x: x / (x @ x), x3),
    case("n - 1 for n", lambda x: x.var(), lambda x: 2 * (x - x.mean()) / (x.size - 1), x3),
    case("the mean's share forgotten", normalized, lambda x: normalized_slope(x, False), x3),
    case("repeated places count once", lambda x: float((x[repeated] ** 2).sum()),
         lambda x: 2 * x, x3),
    case("running sums, forward", lambda x: float(np.cumsum(x) @ ranks),
         lambda x: np.cumsum(ranks), x4),
    case("a convolution, not flipped", lambda x: float(np.convolve(x, kernel, "valid").sum()),
         lambda x: np.convolve(np.ones(2), kernel), x4),
    case("the mean for the sum over what was repeated", lambda a, b: float(((a + b) ** 2).sum()),
         lambda a, b: (2 * (a + b).mean(1, keepdims=True), 2 * (a + b).sum(0, keepdims=True)),
         x3[:, None], x4[None]),
    case("a term of the likelihood", normal, lambda *xs: normal_slope(*xs, log=0.0), 0.5, 1.5, 0.8),
    case("the angle, its arguments exchanged", np.arctan2,
         lambda y, x: (-y / (x * x + y * y), x / (x * x + y * y)), 1.0, -2.0),
    case("the logarithm of the base", lambda a, b: a**b,
         lambda a, b: (b * a ** (b - 1), a**b), 0.3, 2.5),
    case("not squared", lambda a, b: a / b, lambda a, b: (1 / b, -a / b), 2.0, 0.3),
    case("Kepler's equation, one term", anomaly,
         lambda m, e: (1.0, math.sin(anomaly(m, e))), 0.7, 0.4),
    case("half of a product detached", lambda x: x * x, lambda x: x, 0.7),
    case("clipped", lambda x: x**3, lambda x: float(np.clip(3 * x * x, -1, 1)), 1.0),
    case("a mask that is not the one used", lambda x: float(x @ [1.0, 0.0, 2.0]),
         lambda x: np.array([0.0, 1.0, 2.0]), x3),
    # Not functions, not numbers, not shapes.
    case("noise of a ten-thousandth", np.sin, lambda x: np.cos(x) + 1e-4 * dice.normal(), 0.7),
    case("right every other time", np.sin, lambda x: np.cos(x) * (1 + next(calls) % 2), 0.7),
    case("right the first time", np.sin, Stale(np.cos), 0.7),
    case("a function that draws", lambda x: np.sin(x) + 1e-9 * dice.normal(), np.cos, 0.7),
    case("wrong at whole numbers", lambda x: x * x, lambda x: 2 * x * (x != round(x)), 2.0),
    case("nan in one place", lambda x: float(x @ x), lambda x: np.where(x > 1, np.nan, 2 * x), x4),
    case("0/0", lambda x: float(np.prod(x)), lambda x: np.prod(x) / x, np.array([2.0, 0.0, 3.0])),
    case("another shape", lambda x: float(x @ x), lambda x: 2 * x[:, None], x3),
    case("one number for an array", lambda x: float(x.sum()), lambda x: 1.0, x3),
    case("one of two arguments", lambda a, b: a * b, lambda a, b: (b,), 0.5, 2.0),
    case("nothing at all", np.sin, lambda x: None, 0.7),
    case("an error", np.sin, lambda x: 1 / 0, 0.7),
]  # fmt: skip

# Right, and beyond what differences can resolve: any word will do but "pass" and "wrong".
UNDECIDED = [
    case("noise above the slope", lambda x: 1e-9 * x + np.sin(1e15 * x),
         lambda x: 1e-9 + 1e15 * np.cos(1e15 * x), 0.7),
]  # fmt: skip
