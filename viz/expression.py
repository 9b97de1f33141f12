"""Expressions typed by a user become graphs: parsed by Python's `ast`, never evaluated by it."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any
from unicodedata import normalize

from autograd import OPS, AutogradError, Op, Value
from autograd.texts import cells, quoted

_LINE = 100  # characters of an expression that an error shows
CONSTANTS = {"e": math.e, "pi": math.pi}
_OPERATORS: Mapping[type[ast.AST], Any] = {
    ast.Add: OPS["add"],
    ast.Sub: OPS["sub"],
    ast.Mult: OPS["mul"],
    ast.Div: OPS["div"],
    ast.Pow: OPS["pow"],
    ast.USub: OPS["neg"],
    ast.UAdd: operator.pos,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class ExpressionError(AutogradError, ValueError):
    """An expression that cannot be computed; the message points at the place."""


def functions() -> dict[str, Op]:
    """Give the ops that can be called in an expression, which are those on single numbers."""
    return {name: op for name, op in OPS.items() if op.elementwise}


def compute(expression: str, variables: Mapping[str, float]) -> Value:
    """Compute an expression as a graph.

    Parameters
    ----------
    expression : str
        Numbers, variables, ``e``, ``pi``, ``+ - * / **``, parentheses, comparisons, and calls of
        the ops of the table.
    variables : mapping from str to float
        Each becomes a leaf of that name.

    Returns
    -------
    Value
        The output, named ``f``; ``f_`` if a variable has that name.

    Raises
    ------
    ExpressionError
        If anything else is written, a variable is missing, or a value lies outside the domain of
        an op.

    Examples
    --------
    >>> compute("(x + y) * z", {"x": -2.0, "y": 5.0, "z": -4.0}).data
    -12.0
    >>> compute("x + q", {"x": 1.0})
    Traceback (most recent call last):
    ...
    viz.expression.ExpressionError: no value for 'q'
      x + q
          ^
    Add q=1.5 after the expression.
    """
    source = " ".join(expression.split())
    if not source:
        raise ExpressionError("the expression is empty. Write one, such as (x + y) * z.")
    # Python's parser normalizes names, so the names given are normalized too.
    known = {normalize("NFKC", name): number for name, number in variables.items()}
    leaves = {name: Value(number, name=name) for name, number in known.items()}
    try:
        tree = ast.parse(source, mode="eval").body
        result = _Reader(source, leaves).read(tree)
    except SyntaxError as error:
        at = error.offset - 1 if error.offset else len(source)
        raise ExpressionError(_pointed(source, at, at + 1, error.msg, "")) from None
    except UnicodeError:
        raise ExpressionError(f"{quoted(source)} holds signs that are no text.") from None
    except (RecursionError, MemoryError):
        raise ExpressionError(
            "the expression is nested too deep. Build it in Python with Value instead."
        ) from None
    if isinstance(result, bool):
        raise ExpressionError(f"{source} is true or false. Use it as where({source}, 1, 0) * x.")
    if not isinstance(result, Value):
        raise ExpressionError(
            f"{source} has no variable, so there is no gradient. Write one: x * ({source})."
        )
    if result.op is not None:
        result.name = "f"
        while result.name in leaves:
            result.name += "_"
    return result


class _Reader:
    """Computes a syntax tree, and points at the part that cannot be."""

    def __init__(self, source: str, leaves: Mapping[str, Value]) -> None:
        self.source = source
        self.leaves = leaves

    def read(self, tree: ast.AST) -> Any:
        match tree:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return self.apply(tree, float, [number])
            case ast.Name(id=name):
                return self.variable(tree, name)
            case ast.UnaryOp(op=sign, operand=x) if type(sign) in _OPERATORS:
                return self.apply(tree, _OPERATORS[type(sign)], [self.read(x)])
            case ast.BinOp(left=a, op=sign, right=b) if type(sign) in _OPERATORS:
                return self.apply(tree, _OPERATORS[type(sign)], [self.read(a), self.read(b)])
            case ast.Compare(left=a, ops=[sign], comparators=[b]) if type(sign) in _OPERATORS:
                return self.apply(tree, _OPERATORS[type(sign)], [self.read(a), self.read(b)])
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
                return self.call(tree, name, args, keywords)
            case ast.BinOp(op=ast.BitXor()):
                raise self.error(tree, "^ is not an operator here", "Write powers as x ** 2.")
        raise self.error(
            tree,
            "not part of an expression",
            "Use numbers, variables, + - * / **, parentheses, comparisons and ops.",
        )

    def variable(self, tree: ast.AST, name: str) -> Any:
        if name in self.leaves:
            return self.leaves[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in functions():
            raise self.error(tree, f"{name} is an op", f"Call it: {name}(x).")
        raise self.error(tree, f"no value for {name!r}", f"Add {name}=1.5 after the expression.")

    def call(
        self, tree: ast.AST, name: str, args: list[ast.expr], keywords: list[ast.keyword]
    ) -> Any:
        known = functions()
        if name not in known:
            near = get_close_matches(name, known, n=2)
            advice = f"Did you mean {' or '.join(near)}? " if near else ""
            raise self.error(tree, f"no op is called {name!r}", f"{advice}Ops: {', '.join(known)}.")
        named = {keyword.arg or "**": self.read(keyword.value) for keyword in keywords}
        return self.apply(tree, partial(known[name], **named), [self.read(x) for x in args])

    def apply(self, tree: ast.AST, function: Callable[..., Any], operands: list[Any]) -> Any:
        try:
            return function(*operands)
        except (AutogradError, TypeError, ArithmeticError) as error:
            raise self.error(tree, str(error), "") from None

    def error(self, tree: Any, problem: str, advice: str) -> ExpressionError:
        text = self.source.encode()
        start = len(text[: tree.col_offset].decode())
        end = len(text[: tree.end_col_offset].decode())
        return ExpressionError(_pointed(self.source, start, end, problem, advice))


def _pointed(source: str, start: int, end: int, problem: str, advice: str) -> str:
    """Underline the place of a problem, in as much of the expression as fits a line."""
    left = max(0, min(start - 20, len(source) - _LINE))
    part = "".join(sign if sign.isprintable() else "�" for sign in source[left : left + _LINE])
    before, wrong = cells(part[: start - left]), cells(part[start - left : end - left])
    carets = f"{' ' * before}{'^' * max(wrong, 1)}"
    lines = [f"{problem:.300}", f"  {part}", f"  {carets}", advice]
    return "\n".join(lines).rstrip()
