"""The table: every function of numbers that stepgrad can differentiate is one row here.

Rows on whole arrays are in shapes.py, reductions.py and products.py. In a rule, `g` is
the adjoint of the result, `y` the result, `a, b` or `x` the operands as they were. Rules are
written in operators and other rows only; that is why one rule serves floats, arrays, nodes of a
graph (whose gradient is then a graph) and symbols (whose gradient is then a formula).
"""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

import math
import operator
from typing import Any

import numpy as np

from .op import NONZERO, POSITIVE, REALS, Domain, Op, flat

__all__ = [
    "abs",
    "add",
    "alias",
    "arccos",
    "arcsin",
    "arctan",
    "bce_with_logits",
    "clip",
    "cos",
    "cosh",
    "detach",
    "div",
    "elu",
    "equal",
    "exp",
    "expm1",
    "heaviside",
    "leaky_relu",
    "log",
    "log1p",
    "logistic_error",
    "maximum",
    "minimum",
    "mul",
    "neg",
    "pow",
    "relu",
    "sech2",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "square",
    "step",
    "sub",
    "tan",
    "tanh",
    "where",
    "xlogy",
]

add = Op(
    name="add",
    forward=np.add,
    scalar=operator.add,
    vjps=(lambda g, y, a, b: g, lambda g, y, a, b: g),
    latex="{0} + {1}",
    precedence=1,
    doc="Sum of two numbers.",
)

sub = Op(
    name="sub",
    forward=np.subtract,
    scalar=operator.sub,
    vjps=(lambda g, y, a, b: g, lambda g, y, a, b: -g),
    latex="{0} - {1}",
    precedence=1,
    doc="Difference of two numbers.",
)

mul = Op(
    name="mul",
    forward=np.multiply,
    scalar=operator.mul,
    vjps=(lambda g, y, a, b: g * b, lambda g, y, a, b: g * a),
    latex=r"{0} \cdot {1}",
    precedence=2,
    doc="Product of two numbers.",
)

div = Op(
    name="div",
    forward=np.divide,
    scalar=operator.truediv,
    vjps=(lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b),
    latex=r"\frac{{{0}}}{{{1}}}",
    precedence=2,
    domain=(REALS, NONZERO),
    doc="Quotient of two numbers.",
)

pow = Op(
    name="pow",
    forward=np.power,
    scalar=math.pow,
    vjps=(
        # The base is a, but 1 where both are 0: the slope of x**0 is 0 there, not 0 * 0**-1.
        lambda g, y, a, b: g * b * where(a, a, where(b, a, 1.0)) ** (b - 1),
        lambda g, y, a, b: g * xlogy(y, a),
    ),
    latex="{0}^{{{1}}}",
    precedence=4,
    domain=(POSITIVE, REALS),
    doc="First number to the power of the second; a negative base needs a whole exponent.",
)

alias = Op(
    name="alias",
    forward=np.positive,
    scalar=operator.pos,
    vjps=(lambda g, y, x: g,),
    latex="{0}",
    precedence=4,
    doc="The same number as a node of its own.",
)

detach = Op(
    name="detach",
    forward=np.positive,
    scalar=operator.pos,
    vjps=(flat,),
    latex=r"\operatorname{{stop}}\left({0}\right)",
    doc="The same number as a constant: gradients stop here, and a tape computes it anew.",
)

neg = Op(
    name="neg",
    forward=np.negative,
    scalar=operator.neg,
    vjps=(lambda g, y, x: -g,),
    latex="-{0}",
    precedence=3,
    doc="The number with its sign changed.",
)

abs = Op(
    name="abs",
    forward=np.abs,
    scalar=math.fabs,
    vjps=(lambda g, y, x: g * sign(x),),
    latex=r"\left|{0}\right|",
    kinks=lambda x: x,
    doc="Distance from zero; slope 0 at 0.",
)

square = Op(
    name="square",
    forward=np.square,
    scalar=lambda x: x * x,
    vjps=(lambda g, y, x: g * (2 * x),),
    latex="{0}^{{2}}",
    precedence=4,
    doc="The number times itself.",
)

sqrt = Op(
    name="sqrt",
    forward=np.sqrt,
    scalar=math.sqrt,
    vjps=(lambda g, y, x: g / (2 * y),),
    latex=r"\sqrt{{{0}}}",
    domain=(POSITIVE,),
    doc="Square root; at 0 it has a value but no finite slope.",
)

exp = Op(
    name="exp",
    forward=np.exp,
    scalar=math.exp,
    vjps=(lambda g, y, x: g * y,),
    latex="e^{{{0}}}",
    precedence=4,
    doc="e to the power of the number.",
)

expm1 = Op(
    name="expm1",
    forward=np.expm1,
    scalar=math.expm1,
    vjps=(lambda g, y, x: g * exp(x),),
    latex="e^{{{0}}} - 1",
    precedence=1,
    doc="exp(x) - 1, exact near 0.",
)

log = Op(
    name="log",
    forward=np.log,
    scalar=math.log,
    vjps=(lambda g, y, x: g / x,),
    latex=r"\ln\left({0}\right)",
    domain=(POSITIVE,),
    doc="Natural logarithm.",
)

log1p = Op(
    name="log1p",
    forward=np.log1p,
    scalar=math.log1p,
    vjps=(lambda g, y, x: g / (1 + x),),
    latex=r"\ln\left(1 + {0}\right)",
    domain=(Domain("greater than -1", low=-1.0),),
    doc="log(1 + x), exact near 0.",
)

xlogy = Op(
    name="xlogy",
    forward=lambda a, b: np.where(a == 0, 0.0, a * np.log(np.where(a == 0, 1.0, b))),
    scalar=lambda a, b: a * math.log(b) if a else 0.0,
    vjps=(lambda g, y, a, b: g * log(b), lambda g, y, a, b: g * a / b),
    latex=r"{0} \cdot \ln\left({1}\right)",
    precedence=2,
    domain=(REALS, POSITIVE),
    doc="a * log(b), and 0 where a is 0 whatever b is.",
)

sin = Op(
    name="sin",
    forward=np.sin,
    scalar=math.sin,
    vjps=(lambda g, y, x: g * cos(x),),
    latex=r"\sin\left({0}\right)",
    doc="Sine of an angle in radians.",
)

cos = Op(
    name="cos",
    forward=np.cos,
    scalar=math.cos,
    vjps=(lambda g, y, x: -g * sin(x),),
    latex=r"\cos\left({0}\right)",
    doc="Cosine of an angle in radians.",
)

tan = Op(
    name="tan",
    forward=np.tan,
    scalar=math.tan,
    vjps=(lambda g, y, x: g * (1 + y * y),),
    latex=r"\tan\left({0}\right)",
    domain=(Domain("away from odd multiples of pi/2", poles=np.cos),),
    doc="Tangent of an angle in radians.",
)

sinh = Op(
    name="sinh",
    forward=np.sinh,
    scalar=math.sinh,
    vjps=(lambda g, y, x: g * cosh(x),),
    latex=r"\sinh\left({0}\right)",
    doc="Hyperbolic sine.",
)

cosh = Op(
    name="cosh",
    forward=np.cosh,
    scalar=math.cosh,
    vjps=(lambda g, y, x: g * sinh(x),),
    latex=r"\cosh\left({0}\right)",
    doc="Hyperbolic cosine.",
)

tanh = Op(
    name="tanh",
    forward=np.tanh,
    scalar=math.tanh,
    vjps=(lambda g, y, x: g * sech2(x),),
    written=(lambda g, y, x: g * (1 - y * y),),
    latex=r"\tanh\left({0}\right)",
    doc="Hyperbolic tangent: squashes any number into (-1, 1).",
)


def _decay(x: Any, rate: float = 1.0) -> Any:
    """exp(-rate |x|), which cannot overflow, in a form that is analytic on either side of 0."""
    # -0.0 + 0.0 is 0.0, which belongs to the same side in all that uses this.
    return np.exp(np.copysign(rate, np.real(x) + 0.0) * -x)


def _sech2_of_arrays(x: Any) -> Any:
    decay = _decay(x, 2.0)
    y = 4.0 * decay / np.square(1.0 + decay)
    if np.iscomplexobj(x):  # its slope by a complex step would cancel near 0
        small = np.abs(x) < 1.0
        return np.where(small, 1.0 / np.square(np.cosh(np.where(small, x, 0.0))), y)
    return y


def _sech2(x: float) -> float:
    decay = math.exp(-2.0 * x if x > 0 else 2.0 * x)
    return 4.0 * decay / ((1.0 + decay) * (1.0 + decay))


sech2 = Op(
    name="sech2",
    forward=_sech2_of_arrays,
    scalar=_sech2,
    vjps=(lambda g, y, x: -g * (2 * y * tanh(x)),),
    latex=r"\operatorname{{sech}}^{{2}}\left({0}\right)",
    doc="1 / cosh(x)**2: the slope of tanh, 1 - tanh(x)**2, exact where tanh has reached 1.",
)

arcsin = Op(
    name="arcsin",
    forward=np.arcsin,
    scalar=math.asin,
    vjps=(lambda g, y, x: g / sqrt((1 - x) * (1 + x)),),
    latex=r"\arcsin\left({0}\right)",
    domain=(Domain("between -1 and 1", low=-1.0, high=1.0),),
    doc="Angle in radians whose sine is the number.",
)

arccos = Op(
    name="arccos",
    forward=np.arccos,
    scalar=math.acos,
    vjps=(lambda g, y, x: -g / sqrt((1 - x) * (1 + x)),),
    latex=r"\arccos\left({0}\right)",
    domain=(Domain("between -1 and 1", low=-1.0, high=1.0),),
    doc="Angle in radians whose cosine is the number.",
)

arctan = Op(
    name="arctan",
    forward=np.arctan,
    scalar=math.atan,
    vjps=(lambda g, y, x: g / (1 + x * x),),
    latex=r"\arctan\left({0}\right)",
    doc="Angle in radians whose tangent is the number.",
)


def _sigmoid_of_arrays(x: Any) -> Any:
    decay = _decay(x)
    return np.where(np.real(x) >= 0, 1.0, decay) / (1.0 + decay)


def _sigmoid(x: float) -> float:
    decay = math.exp(-math.fabs(x))
    return (1.0 if x >= 0 else decay) / (1.0 + decay)


sigmoid = Op(
    name="sigmoid",
    forward=_sigmoid_of_arrays,
    scalar=_sigmoid,
    vjps=(lambda g, y, x: g * (sech2(x / 2) / 4),),
    written=(lambda g, y, x: g * (y * (1 - y)),),
    latex=r"\sigma\left({0}\right)",
    doc="1 / (1 + exp(-x)): squashes any number into (0, 1).",
)

softplus = Op(
    name="softplus",
    forward=lambda x: np.where(np.real(x) >= 0, x, 0.0) + np.log1p(_decay(x)),
    scalar=lambda x: (x if x > 0 else 0.0) + math.log1p(math.exp(-math.fabs(x))),
    vjps=(lambda g, y, x: g * sigmoid(x),),
    latex=r"\operatorname{{softplus}}\left({0}\right)",
    doc="log(1 + exp(x)), a smooth relu, without overflow.",
)

bce_with_logits = Op(
    name="bce_with_logits",
    # What a logit is multiplied by is exactly 0 where it is on the side of a target 0 or 1.
    forward=lambda z, t: np.where(np.real(z) >= 0, 1.0 - t, -t) * z + np.log1p(_decay(z)),
    scalar=lambda z, t: (1.0 - t if z >= 0 else -t) * z + math.log1p(math.exp(-math.fabs(z))),
    vjps=(lambda g, y, z, t: g * logistic_error(z, t), lambda g, y, z, t: -g * z),
    written=(lambda g, y, z, t: g * (sigmoid(z) - t), lambda g, y, z, t: -g * z),
    composition=lambda z, t: softplus(z) - t * z,
    latex=r"\operatorname{{BCE}}\left({0}, {1}\right)",
    doc="Log loss of sigmoid(z) for a target t from 0 to 1, without overflow.",
)


def _logistic_error_of_arrays(z: Any, t: Any) -> Any:
    near = np.abs(np.real(z)) < 1.0
    decay = _decay(z)
    tail = decay / (1.0 + decay)
    far = np.where(np.real(z) >= 0, 1.0 - t - tail, tail - t)
    return np.where(near, 0.5 - t + 0.5 * np.tanh(0.5 * np.where(near, z, 0.0)), far)


def _logistic_error(z: float, t: float) -> float:
    if math.fabs(z) < 1.0:
        return 0.5 - t + 0.5 * math.tanh(0.5 * z)
    decay = math.exp(-math.fabs(z))
    tail = decay / (1.0 + decay)
    return 1.0 - t - tail if z >= 0 else tail - t


logistic_error = Op(
    name="logistic_error",
    forward=_logistic_error_of_arrays,
    scalar=_logistic_error,
    vjps=(lambda g, y, z, t: g * (sech2(z / 2) / 4), lambda g, y, z, t: -g),
    composition=lambda z, t: sigmoid(z) - t,
    latex=r"\sigma\left({0}\right) - {1}",
    precedence=1,
    doc="sigmoid(z) - t: the slope of bce_with_logits, exact where the two are nearly equal.",
)

relu = Op(
    name="relu",
    forward=lambda x, at_zero=0.0: np.maximum(x, 0.0),
    scalar=lambda x, at_zero: 0.0 if x <= 0 else x,
    vjps=(lambda g, y, x, at_zero: g * heaviside(x, at_zero),),
    latex=r"\operatorname{{ReLU}}\left({0}\right)",
    kinks=lambda x, at_zero: x,
    doc="x where x is positive, else 0; slope at_zero (0 by default) at 0.",
)

leaky_relu = Op(
    name="leaky_relu",
    forward=lambda x, slope=0.01, at_zero=0.0: np.where(x > 0, x, slope * x),
    scalar=lambda x, slope, at_zero: x if x > 0 else slope * x,
    vjps=(lambda g, y, x, slope, at_zero: g * (slope + (1 - slope) * heaviside(x, at_zero)),),
    latex=r"\operatorname{{LeakyReLU}}\left({0}\right)",
    kinks=lambda x, slope, at_zero: x,
    doc="x where x is positive, else slope * x; at 0 the lower slope, the upper for at_zero=1.",
)

elu = Op(
    name="elu",
    forward=lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0))),
    scalar=lambda x, alpha: x if x > 0 else alpha * math.expm1(x),
    vjps=(  # relu gives what is below 0; both factors keep nan, which a choice would not
        lambda g, y, x, alpha: g * exp(-relu(-x, 1.0)) * (alpha + (1 - alpha) * heaviside(x)),
    ),
    written=(lambda g, y, x, alpha: g * where(heaviside(x), 1.0, y + alpha),),
    latex=r"\operatorname{{ELU}}\left({0}\right)",
    kinks=lambda x, alpha: x,
    doc="x where x is positive, else alpha * (exp(x) - 1); slope alpha at 0.",
)

step = Op(
    name="step",
    forward=lambda x: np.heaviside(x, 0.0),
    scalar=lambda x: 1.0 if x > 0 else 0.0 if x <= 0 else x,
    vjps=(None,),
    latex=r"\operatorname{{step}}\left({0}\right)",
    kinks=lambda x: x,
    doc="1 where x is greater than 0, else 0: the perceptron fires or not. It has no gradient.",
)


def _heaviside(x: Any, at_zero: float = 0.0) -> Any:
    if not at_zero and x.__class__ is np.ndarray and x.dtype.kind == "f":
        lowest = np.minimum.reduce(x, None, initial=0.0)  # fast in any order of axes in memory
        if lowest == lowest:  # there is no nan, which would have to stay
            return np.greater(x, 0.0).astype(x.dtype)
    if np.iscomplexobj(x):
        raise TypeError("it takes real numbers")
    sign = np.sign(x)  # np.heaviside takes several times as long, np.where longer than products
    if at_zero == 0.5:
        return (sign + 1.0) * 0.5
    rises = np.maximum(sign, 0.0)
    return np.where(np.equal(x, 0.0), at_zero, rises) if at_zero else rises


heaviside = Op(
    name="heaviside",
    forward=_heaviside,
    scalar=lambda x, at_zero: 1.0 if x > 0 else 0.0 if x < 0 else float(at_zero) if x == 0 else x,
    vjps=(flat,),
    latex="[{0} > 0]",
    kinks=lambda x, at_zero: x,
    doc="1 above 0, 0 below, at_zero at 0: the slope of relu. Its own slope is 0.",
)

sign = Op(
    name="sign",
    forward=np.sign,
    scalar=lambda x: 1.0 if x > 0 else -1.0 if x < 0 else x,
    vjps=(flat,),
    latex=r"\operatorname{{sign}}\left({0}\right)",
    kinks=lambda x: x,
    doc="1 above 0, -1 below, 0 at 0: the slope of abs. Its own slope is 0.",
)

equal = Op(
    name="equal",
    forward=lambda a, b: np.equal(a, b).astype(np.result_type(a, b)),
    scalar=lambda a, b: 1.0 if a == b else 0.0,
    vjps=(flat, flat),
    latex="[{0} = {1}]",
    kinks=lambda a, b: a - b,
    doc="1 where two numbers are equal, else 0: who shares a maximum. Its slope is 0.",
)

maximum = Op(
    name="maximum",
    forward=np.maximum,
    scalar=lambda a, b: a if a > b or a != a else b,
    vjps=(
        lambda g, y, a, b: g * heaviside(a - b, 0.5),
        lambda g, y, a, b: g * heaviside(b - a, 0.5),
    ),
    latex=r"\max\left({0}, {1}\right)",
    kinks=lambda a, b: a - b,
    doc="The larger of two numbers; at a tie each gets half of the gradient.",
)

minimum = Op(
    name="minimum",
    forward=np.minimum,
    scalar=lambda a, b: a if a < b or a != a else b,
    vjps=(
        lambda g, y, a, b: g * heaviside(b - a, 0.5),
        lambda g, y, a, b: g * heaviside(a - b, 0.5),
    ),
    latex=r"\min\left({0}, {1}\right)",
    kinks=lambda a, b: a - b,
    doc="The smaller of two numbers; at a tie each gets half of the gradient.",
)

where = Op(
    name="where",
    forward=lambda condition, a, b: np.where(condition, a, b),
    scalar=lambda condition, a, b: a if condition else b,
    vjps=(
        flat,
        lambda g, y, condition, a, b: where(condition, g, 0.0),
        lambda g, y, condition, a, b: where(condition, 0.0, g),
    ),
    latex=r"\begin{{cases}} {1} & \text{{if }} {0} \\ {2} & \text{{else}} \end{{cases}}",
    kinks=lambda condition, a, b: condition,
    doc="a where the condition is not 0, else b; the branch not taken gets exactly nothing.",
)

clip = Op(
    name="clip",
    forward=lambda x, low, high: np.clip(x, low, high),
    scalar=lambda x, low, high: float(high if x > high or low > high else low if x < low else x),
    vjps=(lambda g, y, x, low, high: g * (heaviside(x - low, 1.0) * heaviside(high - x, 1.0)),),
    latex=r"\operatorname{{clip}}\left({0}\right)",
    kinks=lambda x, low, high: (x - low) * (x - high),
    doc="x kept between low and high; slope 1 at the bounds themselves.",
)
