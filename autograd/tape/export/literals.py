"""Writes what a program holds as Python source: numbers, arrays, indices, options."""

import ast
import math
import sys
from typing import Any

import numpy as np


class Unwritten(Exception):
    """Something that has no form in source text."""


def parsed(text: str) -> ast.expr:
    """Read an expression."""
    return ast.parse(text, mode="eval").body


def literal(x: Any, index: bool = False) -> ast.expr:  # noqa: C901, a case for each type
    """Write a number or an option; between the brackets of an index, slices have colons.

    Examples
    --------
    >>> ast.unparse(literal((-1.5, None, [np.float64], slice(2))))
    '(-1.5, None, [np.float64], slice(None, 2, None))'
    """
    match x:
        case float() | int() if not isinstance(x, bool):
            if not math.isfinite(x):
                return parsed("np.nan" if x != x else "np.inf" if x > 0 else "-np.inf")
            negative = math.copysign(1.0, x) < 0
            size = ast.Constant(type(x)(-x) if negative else x)
            return ast.UnaryOp(ast.USub(), size) if negative else size
        case None | bool() | str() | complex():
            return ast.Constant(x)
        case _ if x is ...:
            return ast.Constant(...)
        case slice(start=start, stop=stop, step=step):
            parts = [literal(part) for part in (start, stop, step)]
            if index:
                return ast.Slice(*(None if _is_none(part) else part for part in parts))
            return ast.Call(ast.Name("slice"), parts, [])
        case tuple():
            return ast.Tuple([literal(part, index) for part in x], ast.Load())
        case list():
            return ast.List([literal(part) for part in x], ast.Load())
        case range():
            return ast.Call(ast.Name("range"), [literal(n) for n in (x.start, x.stop, x.step)], [])
        case dict():
            return ast.Dict([literal(k) for k in x], [literal(v) for v in x.values()])
        case np.ndarray():
            return parsed(array(x))
        case np.dtype() | type() if _scalar_type(x):
            return parsed(f"np.{np.dtype(x).name}")
    raise Unwritten(f"{x!r:.60} has no form in source text")


def array(x: np.ndarray[Any, Any]) -> str:
    """Write an array, to the last digit."""
    kind = "" if x.dtype in (np.float64, np.int64, np.bool_) else f", dtype=np.{x.dtype.name}"
    if not x.size:
        return f"np.zeros({x.shape}, dtype=np.{x.dtype.name})"
    numbers = np.array2string(
        x,
        separator=", ",
        threshold=sys.maxsize,
        max_line_width=96,
        prefix="    ",
        formatter={"float_kind": _digits},
    )
    long = "\n" in numbers
    return f"np.array(\n    {numbers}{kind}\n)" if long else f"np.array({numbers}{kind})"


def _digits(x: Any) -> str:
    return str(x) if math.isfinite(x) else ast.unparse(literal(float(x)))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _scalar_type(x: Any) -> bool:
    return isinstance(x, np.dtype) or x in (float, int, bool) or issubclass(x, np.generic)
