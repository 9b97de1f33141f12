"""Functions that are right but hard to differentiate, and faults that hide where it is hard."""

import math
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from wrong_rules import spoiled

from autograd import (
    Op,
    abs,
    astype,
    cos,
    exp,
    heaviside,
    log,
    logsumexp,
    max,
    maximum,
    relu,
    sign,
    sin,
    square,
    sum,
    tanh,
    where,
)

dice = np.random.default_rng(0)


class Case(NamedTuple):
    """A function, or a pair of a function and its gradient, and where to check it."""

    name: str
    f: Any
    inputs: tuple[Any, ...]


def op(rule: Any, forward: Any = np.sin, name: str = "planted") -> Op:
    """Make an op that the table does not see: a sine, with another rule."""
    copy = spoiled(sin, rule)
    copy.__dict__.update(
        name=name, forward=forward, scalar=lambda x, **_: float(forward(np.float64(x)))
    )
    return copy


def huber(x: Any) -> Any:
    return np.where(np.abs(x) < 1, x * x / 2, np.abs(x) - 0.5)


def mutating(g: Any, y: Any, x: Any) -> Any:
    g *= 2
    return g * cos(x)


def tied(slopes: tuple[float, float]) -> Op:
    """Make a maximum that sends other slopes than halves to operands that are equal."""

    def rules(i: int) -> Any:
        return lambda g, y, a, b: (
            g * (heaviside((a - b) * (1 - 2 * i), 0.0) + (1 - abs(sign(a - b))) * slopes[i])
        )

    return spoiled(maximum, rules(0), rules(1))


def winners(share: Any) -> Op:
    """Make a max over all elements that sends a share of g to each of those that tie."""
    return spoiled(max, lambda g, y, x, axis, keepdims: g * (1 - abs(sign(x - y))) * share)


RIGHT = [
    # Steep, flat, large, tiny.
    Case("steep", lambda x: tanh(x * 1e6), (1e-7,)),
    Case("steep, in single precision", lambda x: sum(tanh(x * 1e3)), (np.float32([1e-4, 2e-3]),)),
    Case("flat", lambda x: exp(-x * x), (6.0,)),
    Case("flat to all orders at 0", lambda x: exp(-1 / (x * x)), (0.05,)),
    Case("high power", lambda x: x**40, (1.5,)),
    Case("large numbers", lambda x: x * x, (1e150,)),
    Case("tiny numbers", lambda x: x * x, (1e-150,)),
    Case("tiny numbers, as a pair", (lambda x: x * x, lambda x: 2 * x), (1e-150,)),
    Case("log of a tiny number", log, (1e-300,)),
    Case("log of a tiny number, as a pair", (np.log, lambda x: 1 / x), (1e-300,)),
    Case("sqrt close to its end", (np.sqrt, lambda x: 0.5 / np.sqrt(x)), (1e-12,)),
    Case("a tiny factor", lambda x: 1e-200 * sin(x), (0.7,)),
    Case("a tiny factor, as a pair", (lambda x: 1e-30 * np.sin(x), lambda x: 1e-30 * np.cos(x)),
         (0.7,)),
    Case("a large factor, as a pair", (lambda x: 1e30 * np.sin(x), lambda x: 1e30 * np.cos(x)),
         (0.7,)),
    Case("a frequency of a thousand", (lambda x: np.sin(1e3 * x), lambda x: 1e3 * np.cos(1e3 * x)),
         (0.7,)),
    Case("far beyond the first period", (np.sin, np.cos), (1e5,)),
    # Cancelling.
    Case("1 - cos near 0", lambda x: 1 - cos(x), (1e-9,)),
    Case("1 - cos near 0, as a pair", (lambda x: 1 - np.cos(x), np.sin), (1e-9,)),
    Case("(exp(x) - 1) / x", lambda x: (exp(x) - 1) / x, (1e-5,)),
    Case("log1p of a small number", (np.log1p, lambda x: 1 / (1 + x)), (1e-18,)),
    Case("a large constant", lambda x: sin(x) + 1e8, (0.7,)),
    Case("a large constant, as a pair", (lambda x: np.sin(x) + 1e6, np.cos), (0.7,)),
    Case("the difference of squares", (lambda x: (x + 1e3) ** 2 - x * x, lambda x: 2e3), (0.3,)),
    Case("variance of numbers far from 0", lambda x: (x - x.mean()) @ (x - x.mean()),
         (1e6 + dice.normal(size=5),)),
    # Piecewise.
    Case("huber at its joint", (huber, lambda x: np.clip(x, -1, 1)), (1.0,)),
    Case("a polynomial joined to a line", lambda x: where(x > 1, 3 * x - 2, x**3), (1.0,)),
    Case("x|x| at 0", lambda x: x * abs(x), (0.0,)),
    Case("close to a kink", lambda x: abs(x - 0.3), (0.3 + 1e-9,)),
    Case("a maximum of equal numbers", maximum, (1.0, 1.0)),
    Case("three that tie", max, ([2.0, 2.0, 2.0],)),
    Case("relu of a difference", lambda a, b: relu(a - b) + b, (0.5, 0.5)),
    Case("kinks that are equal by chance", lambda a, b: relu(a) - relu(-b), (0.0, 0.0)),
    Case("rows that tie", lambda x: sum(max(x, axis=1)), (np.ones((3, 2)),)),
    Case("a layer at 0", lambda x, w: sum(relu(x @ w)), (np.ones((2, 2)), np.zeros((2, 3)))),
    Case("a tie with a constant", lambda a, b: maximum(maximum(a, b), 0.0), (0.0, 0.0)),
    Case("flat on both sides of a step", (lambda x: np.floor(x), lambda x: 0.0), (0.5,)),
    # Sums of many scales.
    Case("sums of many scales", lambda x: sum(x * 10.0 ** np.arange(-12.0, 13.0, 2)),
         (dice.normal(size=13),)),
    Case("softmax with a far tail", lambda x: logsumexp(x), ([0.0, -30.0, 20.0],)),
    Case("Rosenbrock", (lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2,
         lambda x: np.array([-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2),
                             200 * (x[1] - x[0] ** 2)])), (np.array([1.0, 1.0]),)),
    Case("one element of a thousandth", lambda x: sum(square(x)), ([1e-8, 1.0, 1e8],)),
    Case("code for single precision",
         (lambda x: float(np.sin(np.float32(x))), lambda x: float(np.cos(np.float32(x)))), (0.7,)),
    Case("rows for single precision",
         lambda x: astype(sum(tanh(astype(x, np.float32))), np.float64), (np.array([0.7, -0.2]),)),
]  # fmt: skip

# Right, and beyond what can be told: any word will do but "pass" and "wrong".
UNDECIDED = [
    Case("a large argument", lambda x: sin(x * 1e15), (0.7,)),
    Case("a large argument alone", sin, (1e17,)),
    Case("a large argument, as a pair",
         (lambda x: np.sin(1e15 * x), lambda x: 1e15 * np.cos(1e15 * x)), (0.7,)),
    Case("a high frequency, as a pair",
         (lambda x: np.sin(1e11 * x), lambda x: 1e11 * np.cos(1e11 * x)), (0.7,)),
    Case("a slope below rounding", (lambda x: (x + 1e16) - 1e16, lambda x: 1.0), (3.0,)),
]  # fmt: skip

calls = count()

FAULTS = [
    # Claims that are no function of the point.
    Case("noise for a gradient", (np.sin, lambda x: dice.normal() * 1000), (0.7,)),
    Case("a little noise in a gradient", (np.sin, lambda x: np.cos(x) + dice.normal() * 1e-15),
         (0.7,)),
    Case("a rule that draws", op(lambda g, y, x: g * dice.normal()), (0.7,)),
    Case("a rule that draws, in an array", lambda x: sum(op(lambda g, y, x: g * cos(x)
         * dice.uniform(0.5, 1.5))(x)), ([0.7, 0.2],)),
    Case("a rule that counts its calls", op(lambda g, y, x: g * cos(x) * next(calls)), (0.7,)),
    Case("a rule that changes g", lambda x: sum(op(mutating)(x) * 1.0), ([0.7, 0.2],)),
    # Claims that are wrong in one place only.
    Case("wrong at one point", (lambda x: x * x, lambda x: 2 * x if x != 2 else 99.0), (2.0,)),
    Case("no slope at one point", (lambda x: x * x, lambda x: 2 * x if x != 2 else 0.0), (2.0,)),
    Case("a rule wrong at one point",
         op(lambda g, y, x: g * (cos(x) + 99 * (1 - abs(sign(x - 2))))), (2.0,)),
    Case("huber, wild at the joint", (huber, lambda x: 300.0 if x == 1 else np.clip(x, -1, 1)),
         (1.0,)),
    Case("huber, twice at the joint", (huber, lambda x: 2.0 if x == 1 else np.clip(x, -1, 1)),
         (1.0,)),
    Case("wild beside its point", (np.sin, lambda x: np.cos(x) + 1e3 * np.sin(1e17 * x)), (0.7,)),
    # Large arguments.
    Case("the sign at a large argument", lambda x: spoiled(sin, lambda g, y, x: -g * cos(x))
         (x * 1e17), (0.7,)),
    Case("the sign at a large argument, as a pair",
         (lambda x: np.sin(1e17 * x), lambda x: -1e17 * np.cos(1e17 * x)), (0.7,)),
    Case("twice, far beyond the first period", (np.sin, lambda x: 2 * np.cos(x)), (1e5,)),
    Case("the sign at a high frequency",
         (lambda x: np.sin(1e11 * x), lambda x: -1e11 * np.cos(1e11 * x)), (0.7,)),
    # Ties.
    Case("nothing at a tie", tied((0.0, 0.0)), (1.0, 1.0)),
    Case("twice at a tie", tied((1.0, 1.0)), (1.0, 1.0)),
    Case("too little at a tie", tied((0.3, 0.3)), (1.0, 1.0)),
    Case("all of it to each of three ties", winners(1.0), ([2.0, 2.0, 2.0],)),
    Case("nothing to three ties", winners(0.0), ([2.0, 1.0, 2.0, 2.0],)),
    Case("a tie in the midst of a graph",
         lambda a, b: tied((1.0, 1.0))(tanh(a), b) * 3, (0.5, math.tanh(0.5))),
    Case("a pair at a tie", (lambda a, b: np.maximum(a, b), lambda a, b: (a >= b, b >= a)),
         (1.0, 1.0)),
    Case("a tie of a number and its negative",
         (lambda a, b: np.maximum(a, -b), lambda a, b: (1.0 * (a >= -b), -1.0 * (-b >= a))),
         (1.5, -1.5)),
    Case("ties of two kinds of argument", lambda a, b: sum(tied((1.0, 1.0))(a, b)),
         ([1.0, 2.0], [1.0, 3.0])),
    # nan and 0.
    Case("nan for a slope", (np.sin, lambda x: np.nan), (0.7,)),
    Case("a rule that gives nan", op(lambda g, y, x: g * (x * np.nan)), (0.7,)),
    Case("inf for a slope", (np.sin, lambda x: np.inf), (0.7,)),
    Case("nan where a branch is not taken", (lambda x: np.where(x > 0, np.sqrt(np.abs(x)), x),
         lambda x: np.float64(x) * np.nan), (-1.0,)),
    # Scales.
    Case("a tiny factor forgotten", (lambda x: 1e-12 * np.sin(x), lambda x: 2e-12 * np.cos(x)),
         (0.7,)),
    Case("0 for a tiny slope", (lambda x: 1e-30 * np.sin(x), lambda x: 0.0), (0.7,)),
    Case("a slope of a tiny factor", op(lambda g, y, x: g * cos(x) * 2e-30,
         lambda x: 1e-30 * np.sin(x)), (0.7,)),
    Case("twice a slope of 1e-200", op(lambda g, y, x: g * cos(x) * 2e-200,
         lambda x: 1e-200 * np.sin(x)), (0.7,)),
    Case("too large by 1e-16 where it is 1e-150", (lambda x: x * x, lambda x: 2 * x + 1e-16),
         (1e-150,)),
    Case("too large by a millionth", (np.sin, lambda x: np.cos(x) * (1 + 1e-6)), (0.7,)),
    Case("too large by a billionth, steep", lambda x: spoiled(tanh, lambda g, y, x:
         g * (1 - y * y) * (1 + 1e-9))(x * 1e6), (1e-7,)),
    Case("wrong at a large constant", (lambda x: np.sin(x) + 1e6, lambda x: -np.cos(x)), (0.7,)),
    Case("wrong where log is steep", (np.log, lambda x: 2 / x), (1e-300,)),
    Case("wrong where 1 - cos cancels", spoiled(square, lambda g, y, x: g * x), (1e-9,)),
    Case("one element among scales", (lambda x: float(x @ (10.0 ** np.arange(-3.0, 4.0))),
         lambda x: 10.0 ** np.arange(-3.0, 4.0) * np.array([2.0] + [1.0] * 6)),
         (dice.normal(size=7),)),
    Case("code for single precision, wrong",
         (lambda x: float(np.sin(np.float32(x))), lambda x: 1.01 * float(np.cos(np.float32(x)))),
         (0.7,)),
]  # fmt: skip
