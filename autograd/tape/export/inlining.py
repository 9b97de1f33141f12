"""Writes the body of a lambda in the place of its call, where that is a plain call of NumPy."""

import ast
import inspect
from copy import deepcopy
from typing import Any

import numpy as np

from ...ops import Op, Params, written
from .literals import literal, parsed


class Placed(ast.NodeTransformer):
    """Puts operands and params in the place of their names."""

    def __init__(self, named: dict[str, ast.expr], options: Params) -> None:
        self._named = named
        self._options = options

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._options:
            return literal(self._options[node.id])
        return self._named.get(node.id, node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.slice, ast.Name) and node.slice.id in self._options:
            index = literal(self._options[node.slice.id], index=True)
            return ast.Subscript(self.visit(node.value), index, ast.Load())
        return self.generic_visit(node)  # type: ignore[return-value]

    def visit_Call(self, node: ast.Call) -> ast.expr:
        args: list[ast.expr] = []
        for x in node.args:
            held = self.visit(x.value) if isinstance(x, ast.Starred) else None
            args += held.elts if isinstance(held, ast.Tuple) else [self.visit(x)]
        options = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        if ast.unparse(node.func) == "np.add.reduce" and len(args) == 2:
            options.insert(0, ast.keyword("axis", args.pop()))
            return ast.Call(parsed("np.sum"), *_unusual(np.sum, args, options))
        return ast.Call(node.func, *_unusual(_meant(node.func), args, options))


def in_place(op: Op, node: ast.Lambda, operands: list[ast.expr], params: Params) -> ast.expr | None:
    """Write the body of a lambda itself where it is one plain call of NumPy, or an index."""
    named = [x.arg for x in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    many = node.args.vararg.arg if node.args.vararg else None
    match node.body:
        case ast.Call(function, args, keywords) if _meant(function) is not None:
            parts = [x.value if isinstance(x, ast.Starred) else x for x in args]
            parts += [x.value for x in keywords]
        case ast.Subscript(value, index):
            parts = [value, index]
        case _:
            return None
    if written(op.forward).__globals__.get("np") is not np or not all(
        isinstance(x, ast.Constant) or (isinstance(x, ast.Name) and x.id in {*named, many})
        for x in parts
    ):
        return None
    given: dict[str, ast.expr] = dict(zip(named, operands, strict=False))
    if many:
        given = {many: ast.Tuple(operands, ast.Load())}
    made: ast.expr = Placed(given, params).visit(deepcopy(node.body))
    return made


def _meant(function: ast.expr) -> Any:
    """Find the function of NumPy that is called; None if it is no such function."""
    words = ast.unparse(function).split(".")
    thing: Any = np if words[0] == "np" else None
    for word in words[1:]:
        thing = getattr(thing, word, None)
    return thing


def _unusual(
    function: Any, args: list[ast.expr], options: list[ast.keyword]
) -> tuple[list[ast.expr], list[ast.keyword]]:
    """Leave out what a function of NumPy takes to be so anyway."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return args, options
    usual = {p.name: False if p.default is np._NoValue else p.default for p in parameters}
    kept = [x for x in options if not _is(x.value, usual.get(str(x.arg), inspect.Parameter.empty))]
    while args and _is(args[-1], parameters[min(len(args), len(parameters)) - 1].default):
        args = args[:-1]
    return args, kept


def _is(node: ast.expr, value: Any) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
