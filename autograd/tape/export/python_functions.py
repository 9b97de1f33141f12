"""Writes ops in NumPy as their rows compute them, with all the helpers that they call."""

import ast
import builtins
import keyword
from collections.abc import Iterable
from copy import deepcopy
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from ...ops import OPERATORS, Op, Params, written
from .inlining import Placed, in_place
from .literals import Unwritten, literal, parsed
from .source import Definition, definition, imported, lookup

RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "np", "program"})


class Helpers:
    """What a program needs beside its own lines.

    Parameters
    ----------
    taken : iterable of str
        Names that mean something else.

    Attributes
    ----------
    imports : set of str
        Statements.
    definitions : list of str
        Functions and constants, each after those it uses.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self.imports = {"import numpy as np"}
        self.definitions: list[str] = []
        self._taken = {*RESERVED, *taken}
        self._known: dict[int, str] = {id(np): "np"}

    def apply(self, op: Op, operands: list[ast.expr], params: Params) -> ast.expr:
        """Write an op applied to operands.

        Raises
        ------
        Unwritten
            If the source of its forward function cannot be read, or a param cannot be written.
        """
        if op in OPERATORS:
            signs = f"a {OPERATORS[op]} b" if len(operands) == 2 else f"{OPERATORS[op]}a"
            placed = Placed(dict(zip("ab", operands, strict=False)), {})
            return placed.visit(parsed(signs))  # type: ignore[no-any-return]
        forward = written(op.forward)
        if isinstance(forward, np.ufunc):
            return ast.Call(parsed(_ufunc(forward)), operands, [])
        node = _defined(forward)
        if isinstance(node, ast.Lambda) and (made := in_place(op, node, operands, params)):
            return made
        options = [
            ast.keyword(name, literal(value))
            for name, value in params.items()
            if repr(value) != repr(op.defaults[name])
        ]
        return ast.Call(ast.Name(self._row(op)), operands, options)

    def _row(self, op: Op) -> str:
        """Define an op as a function."""
        forward = written(op.forward)
        if isinstance(forward, np.ufunc):
            return _ufunc(forward)
        return self._function(forward, op.name)

    def _function(self, function: Any, name: str) -> str:
        """Define a function, after what it refers to."""
        if id(function) not in self._known:
            node = deepcopy(_defined(function))
            word = self._named(function, name)
            arguments = _plain(node.args)
            body: list[ast.stmt]
            body = node.body if isinstance(node, ast.FunctionDef) else [ast.Return(node.body)]
            made = ast.FunctionDef(name=word, args=arguments, body=body, decorator_list=[])
            made = _Renamed(self, function).visit(made)
            self.definitions.append(ast.unparse(ast.fix_missing_locations(made)))
        return self._known[id(function)]

    def refer(self, home: FunctionType, name: str) -> str:
        """Find, or make, a name for what a function calls by a name of its own."""
        thing = lookup(home, name)
        if thing is getattr(builtins, name, None):
            return name
        if id(thing) in self._known:
            return self._known[id(thing)]
        if isinstance(thing, Op):
            return self._row(thing)
        if isinstance(thing, ModuleType):
            word = self._named(thing, name)
            alias = ast.alias(thing.__name__, None if thing.__name__ == word else word)
            self.imports.add(ast.unparse(ast.Import([alias])))
            return word
        statement = imported(home, name)
        if statement is not None:
            word = self._named(thing, name)
            alias = ast.parse(statement).body[0].names[0]  # type: ignore[attr-defined]
            alias.asname = None if alias.name == word else word
            module = statement.split()[1]
            self.imports.add(f"from {module} import {ast.unparse(alias)}")
            return word
        if isinstance(thing, FunctionType):
            return self._function(thing, name)
        value = ast.unparse(literal(thing))
        word = self._named(thing, name)
        self.definitions.append(f"{word} = {value}")
        return word

    def _named(self, thing: Any, name: str) -> str:
        word = name
        while word in self._taken:
            word += "_"
        self._taken.add(word)
        self._known[id(thing)] = word
        return word


def _defined(function: Any) -> Definition:
    if not isinstance(function, FunctionType):
        raise Unwritten(f"{function!r:.60} is no function of Python")
    try:
        return definition(function)
    except OSError as error:
        raise Unwritten(f"its source cannot be read: {error}") from None


class _Renamed(ast.NodeTransformer):
    """Replaces names that a function finds outside of itself, and drops types."""

    def __init__(self, helpers: Helpers, function: FunctionType) -> None:
        self._helpers = helpers
        self._function = function
        self._own = set(_locals(function.__code__))

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id in self._own:
            return node
        return ast.Name(self._helpers.refer(self._function, node.id), node.ctx)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        assert node.value is not None
        return self.generic_visit(ast.Assign([node.target], node.value))


def _ufunc(function: np.ufunc) -> str:
    if getattr(np, function.__name__, None) is not function:
        raise Unwritten(f"{function!r} is not NumPy's: call it in a lambda")
    return f"np.{function.__name__}"


def _plain(arguments: ast.arguments) -> ast.arguments:
    """Drop the types of parameters."""
    for x in ast.walk(arguments):
        if isinstance(x, ast.arg):
            x.annotation = None
    return arguments


def _locals(code: CodeType) -> list[str]:
    inner = [name for x in code.co_consts if isinstance(x, CodeType) for name in _locals(x)]
    return [*code.co_varnames, *code.co_cellvars, *inner]
