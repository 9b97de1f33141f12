"""The engine once more, so short that it is plainly right: a second opinion for the tests."""

import math
from functools import cache, partial

NOTHING = None  # in place of a slope: nothing flows to this operand


def above(x):
    return 1.0 if x > 0 else 0.0


def sigma(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else math.exp(x)


# Each row: the function, then its slope by each operand, worked out with pencil and paper.
TABLE = {
    "add": (lambda a, b: a + b, lambda a, b: 1.0, lambda a, b: 1.0),
    "sub": (lambda a, b: a - b, lambda a, b: 1.0, lambda a, b: -1.0),
    "mul": (lambda a, b: a * b, lambda a, b: b, lambda a, b: a),
    "div": (lambda a, b: a / b, lambda a, b: 1 / b, lambda a, b: -a / b**2),
    "pow": (
        lambda a, b: a**b,
        lambda a, b: b * a ** (b - 1) if b else 0.0,
        lambda a, b: a**b * math.log(a),
    ),
    "neg": (lambda x: -x, lambda x: -1.0),
    "alias": (lambda x: x, lambda x: 1.0),
    "equal": (lambda a, b: 1.0 if a == b else 0.0, NOTHING, NOTHING),
    "abs": (lambda x: max(x, -x), lambda x: above(x) - above(-x)),
    "square": (lambda x: x**2, lambda x: 2 * x),
    "sqrt": (lambda x: x**0.5, lambda x: 0.5 * x**-0.5),
    "exp": (math.exp, math.exp),
    "expm1": (math.expm1, math.exp),
    "log": (math.log, lambda x: 1 / x),
    "bce_with_logits": (
        lambda z, t: -t * math.log(sigma(z)) - (1 - t) * math.log(sigma(-z)),
        lambda z, t: sigma(z) - t,
        lambda z, t: -z,
    ),
    "logistic_error": (
        lambda z, t: sigma(z) - t,
        lambda z, t: sigma(z) * sigma(-z),
        lambda z, t: -1.0,
    ),
    "log1p": (math.log1p, lambda x: 1 / (1 + x)),
    "xlogy": (
        lambda a, b: a * math.log(b) if a else 0.0,
        lambda a, b: math.log(b),
        lambda a, b: a / b,
    ),
    "sin": (math.sin, math.cos),
    "cos": (math.cos, lambda x: -math.sin(x)),
    "tan": (math.tan, lambda x: 1 / math.cos(x) ** 2),
    "sinh": (math.sinh, math.cosh),
    "cosh": (math.cosh, math.sinh),
    "tanh": (math.tanh, lambda x: 1 / math.cosh(x) ** 2),
    "sech2": (
        lambda x: 1 / math.cosh(x) ** 2,
        lambda x: -2 * math.tanh(x) / math.cosh(x) ** 2,
    ),
    "arcsin": (math.asin, lambda x: 1 / math.sqrt(1 - x**2)),
    "arccos": (math.acos, lambda x: -1 / math.sqrt(1 - x**2)),
    "arctan": (math.atan, lambda x: 1 / (1 + x**2)),
    "sigmoid": (sigma, lambda x: sigma(x) * sigma(-x)),
    "softplus": (lambda x: math.log(1 + math.exp(x)), sigma),
    "relu": (lambda x, at_zero: max(x, 0.0), lambda x, at_zero: above(x) if x else at_zero),
    "leaky_relu": (
        lambda x, slope, at_zero: x if x > 0 else slope * x,
        lambda x, slope, at_zero: 1.0 if x > 0 else slope if x else slope + (1 - slope) * at_zero,
    ),
    "elu": (
        lambda x, alpha: x if x > 0 else alpha * (math.exp(x) - 1),
        lambda x, alpha: 1.0 if x > 0 else alpha * math.exp(x),
    ),
    "step": (above, NOTHING),
    "heaviside": (lambda x, at_zero: above(x) if x else at_zero, NOTHING),
    "sign": (lambda x: above(x) - above(-x), NOTHING),
    "maximum": (
        lambda a, b: max(a, b),
        lambda a, b: (above(a - b) + 1 - above(b - a)) / 2,
        lambda a, b: (above(b - a) + 1 - above(a - b)) / 2,
    ),
    "minimum": (
        lambda a, b: min(a, b),
        lambda a, b: (above(b - a) + 1 - above(a - b)) / 2,
        lambda a, b: (above(a - b) + 1 - above(b - a)) / 2,
    ),
    "where": (
        lambda condition, a, b: a if condition else b,
        NOTHING,
        lambda condition, a, b: 1.0 if condition else 0.0,
        lambda condition, a, b: 0.0 if condition else 1.0,
    ),
    "clip": (
        lambda x, low, high: max(low, min(x, high)),
        lambda x, low, high: 1.0 if low <= x <= high else 0.0,
    ),
}


class Twin:
    """One number, what it was made from, and the slopes as they were then."""

    def __init__(self, data, constant=False, inputs=(), slopes=()):
        self.data, self.constant, self.inputs, self.slopes = data, constant, inputs, slopes
        self.grad = None


def apply(name, *operands, **params):
    inputs = [x if isinstance(x, Twin) else Twin(x, constant=True) for x in operands]
    seen = [x.data for x in inputs]
    f, *slopes = [function and partial(function, *seen, **params) for function in TABLE[name]]
    return Twin(f(), all(x.constant for x in inputs), inputs, slopes)


def slope(output, wrt):
    """d(output)/d(wrt), read from the output inwards; None where nothing flows."""

    @cache
    def of(node):
        if node is wrt:
            return 1.0
        ways = [
            outer() * of(x)
            for x, outer in zip(node.inputs, node.slopes, strict=True)
            if outer and not x.constant and of(x) is not None
        ]
        return sum(ways) if ways else None

    return of(output)


def history(output, found=None):
    """The output and all it was made from, constants left out."""
    found = set() if found is None else found
    if output not in found and not output.constant:
        found.add(output)
        for x in output.inputs:
            history(x, found)
    return found


def backward(output):
    """Leaves add what reaches them; results show this pass only."""
    for node in history(output):
        found = slope(output, node)
        if node.inputs or node.grad is None:
            node.grad = found
        elif found is not None:
            node.grad += found


def twins_of(program):
    """All numbers of a program as twins, by name."""
    leaves = {name: Twin(x) for name, x in program.leaves.items()}
    constants = {name: Twin(x, constant=True) for name, x in program.constants.items()}
    return program.run(leaves | constants, apply)
