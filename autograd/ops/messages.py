"""Puts into words what is wrong with an op, or with a call of one."""

from inspect import signature
from itertools import zip_longest
from math import inf
from typing import Any

import numpy as np

from ..dialects import keyword_advice
from ..errors import DomainError, ShapeError
from ..texts import shown

Op = Any  # op.py imports this file
Params = Any

_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def wrong_latex(op: Op) -> ValueError:
    """Say that a formula cannot be written with the names of operands."""
    return ValueError(
        f"Op: {op.name} got latex={op.latex!r}, which is no format string. Write {{0}} for the "
        "first operand, and braces of LaTeX twice: {{ and }}."
    )


def needs(op: Op) -> str:
    """Put the domain of a row into words; nothing where any real number will do."""
    limited = [
        (place, domain.text)
        for place, domain in zip(_PLACES, op.domain, strict=False)
        if (domain.low, domain.high) != (-inf, inf) or domain.poles
    ]
    if op.arity == 1:
        return "".join(f"its operand {text}" for _, text in limited)
    return " and ".join(f"the {place} {text}" for place, text in limited)


def wrong_call(op: Op, operands: tuple[Any, ...], params: Params) -> TypeError:
    """Say how an op is called."""
    words = [*map(brief, operands), *(f"{name}={brief(x)}" for name, x in params.items())]
    usage = f"{op.name}{signature(op)}"
    advice = keyword_advice(name for name in params if name not in op.defaults)
    return TypeError(f"{op.name}: got ({', '.join(words)}). Call it as {usage}.{advice}")


def node_as_param(op: Op, name: str, node: Any) -> TypeError:
    """Say that an option is no operand."""
    return TypeError(
        f"{op.name}: got {name}={brief(node)}. Call it as {op.name}{signature(op)}. {name} is a "
        f"number, to which no gradient flows: give {name}=x.data, or write it with other ops, as a "
        "clip with maximum and minimum."
    )


def wrong_param(op: Op, params: Params, cause: Exception) -> TypeError:
    """Say that an op cannot work with what it was given besides its operands."""
    if str(cause).startswith(f"{op.name}: "):  # the op has put it into words itself
        return TypeError(str(cause))
    given = ", ".join(f"{name}={brief(x)}" for name, x in params.items())
    return TypeError(f"{op.name}: got {given}: {cause}. Call it as {op.name}{signature(op)}.")


def wrong_operand(op: Op, operand: Any) -> TypeError:
    """Say what an op can be applied to."""
    advice = "Operands are nodes, numbers and NumPy arrays."
    if isinstance(operand, list | tuple):
        advice += (
            " Make a Tensor of a list of numbers; Values in a list are combined one by one."
            if op.elementwise
            else " Make a Tensor of a list of numbers; lists of Values have equal lengths."
        )
    return TypeError(f"{op.name}: got {brief(operand)}, a {type(operand).__name__}. {advice}")


def wrong_companion(op: Op, operand: Any, face: str) -> TypeError:
    """Say what may stand beside a node of this kind, where something else does."""
    advice = f"{companions(face)}."
    if face == "Value" and isinstance(operand, np.ndarray):
        advice += " Beside an array, make it Tensor(2.0); for grad(f), np.array(2.0)."
    if hasattr(operand, "__apply_op__"):
        advice += " unroll(tensor) gives Values, Tensor(value.data) a Tensor that starts anew."
    return TypeError(f"{op.name}: got {brief(operand)}, a {type(operand).__name__}. {advice}")


def companions(face: str) -> str:
    """Say what may stand beside a node of this kind."""
    return {
        "Value": "Operands of a Value are Values and numbers",
        "Tensor": "Operands of a Tensor are Tensors, arrays and numbers",
    }[face]


def one_number(op: Op) -> TypeError:
    """Say that an op for arrays has nothing to do on a single number."""
    return TypeError(
        f"{op.name}: got a Value, which holds one number; it works on Tensors. Make a Tensor of "
        "the numbers, or combine Values with operators and Python's own sum and max."
    )


def domain_error(op: Op, numbers: tuple[float, ...], cause: Exception) -> DomainError:
    """Say why an op has no value at these numbers."""
    call = f"{op.name}({', '.join(map(_short, numbers))})"
    if isinstance(cause, OverflowError) or "overflow" in str(cause):
        return DomainError(
            f"{call}: the result is beyond the largest float, about 1.8e308. "
            "Scale the operands down, or work with their logarithms."
        )
    return DomainError(
        f"{call}: no real value here. It needs {needs(op) or 'finite operands'}. "
        "Move the input inside, or keep it there with maximum(x, 1e-12) or clip(x, low, high)."
    )


def not_elementwise(op: Op, arrays: tuple[Any, ...], result: Any) -> ShapeError:
    """Say that an op does not do what it was said to do."""
    shapes = ", ".join(str(np.shape(x)) for x in arrays)
    return ShapeError(
        f"{op.name}({shapes}): the result has shape {np.shape(result)}, so it is not computed "
        "element by element. Make the op with elementwise=False."
    )


def shape_error(op: Op, arrays: tuple[Any, ...], params: Params, cause: Exception) -> Exception:
    """Say why an op cannot be applied to arrays of these shapes."""
    shapes = [np.shape(x) for x in arrays]
    if op.name == "matmul":
        return ShapeError(_no_product(*shapes))
    if str(cause).startswith(f"{op.name}: "):  # the op has put it into words itself
        return ShapeError(str(cause))
    options = "".join(f", {name}={brief(value)}" for name, value in params.items())
    call = f"{op.name}({', '.join(map(str, shapes))}{options})"
    apart = _no_broadcast(shapes) if op.elementwise else ""
    if apart:
        return ShapeError(f"{call}: {apart}. Reshape one, or reduce the other.")
    if op.name == "getitem" and isinstance(cause, IndexError):
        return IndexError(f"{call}: {cause}. Index with whole numbers, slices and masks inside it.")
    return ShapeError(f"{call}: {cause}. Check the shapes and the options.")


def _no_product(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    call = f"matmul: {a} @ {b}"
    if not a or not b:
        return f"{call}: a single number is no matrix. Use * instead."
    rows = b[-2] if len(b) > 1 else b[-1]
    if a[-1] != rows:
        return f"{call}: {a[-1]} columns meet {rows} rows. Transpose one, or check in_features."
    return f"{call}: the batches {a[:-2]} and {b[:-2]} do not broadcast. Reshape one."


def _no_broadcast(shapes: list[tuple[int, ...]]) -> str:
    """Name the axis at which shapes first disagree, counted from the last; nothing if none does."""
    columns = zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1)
    for axis, lengths in enumerate(columns, start=1):
        different = sorted(set(lengths) - {1})
        if len(different) > 1:
            return f"axis -{axis} has length {' and '.join(map(str, different))}"
    return ""


def brief(x: Any) -> str:
    """Write anything in one short line."""
    return shown(" ".join(f"{x!r:.80}".split()), 160)


def _short(x: float) -> str:
    """Write a number short, however large an integer it is."""
    return f"{x:g}" if isinstance(x, float) else f"{x!r:.20}"
