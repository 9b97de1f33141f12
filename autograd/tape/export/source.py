"""Finds the source of a function that is running, as a syntax tree."""

import ast
import builtins
import inspect
from functools import cache
from types import CodeType, FunctionType
from typing import Any

from ...ops import written

Definition = ast.FunctionDef | ast.Lambda


def definition(function: FunctionType) -> Definition:
    """Find where a function is defined.

    Several lambdas may stand in one line: it is the one that compiles to the code of the function.

    Raises
    ------
    OSError
        If there is no file, or if it was edited since it was imported.

    Examples
    --------
    >>> from autograd import OPS
    >>> ast.unparse(definition(OPS["square"].scalar))
    'lambda x: x * x'
    """
    lines, _ = inspect.findsource(written(function))
    tree, code = _tree("".join(lines)), written(function).__code__
    for node in ast.walk(tree):
        if isinstance(node, Definition) and code in _compiled(node, tree, code):
            return node
    raise OSError(f"{function.__name__} is not in its file any more")


def lookup(function: FunctionType, name: str) -> Any:
    """Find what a name means inside a function that does not bind it itself."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    if name in cells:
        return cells[name].cell_contents
    return function.__globals__.get(name, getattr(builtins, name, None))


@cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def _compiled(node: Definition, tree: ast.Module, code: CodeType) -> list[CodeType]:
    """Compile a definition where it finds what it found at home: imports, outer variables."""
    if min(x.lineno for x in (node, *getattr(node, "decorator_list", ()))) != code.co_firstlineno:
        return []
    inner = ast.Return(node) if isinstance(node, ast.Lambda) else node
    home = ast.parse(f"def home({', '.join(code.co_freevars)}): pass")
    home.body[0].body = [inner]  # type: ignore[attr-defined]
    home.body[:0] = [x for x in tree.body if isinstance(x, ast.Import | ast.ImportFrom)]
    (outer,) = _codes(compile(ast.fix_missing_locations(home), "", "exec"))
    return [found.replace(co_flags=code.co_flags) for found in _codes(outer)]


def _codes(code: CodeType) -> list[CodeType]:
    return [x for x in code.co_consts if isinstance(x, CodeType)]


def imported(function: FunctionType, name: str) -> str | None:
    """Find the statement that imports a name from another package, in the file of a function."""
    lines, _ = inspect.findsource(function)
    for statement in _tree("".join(lines)).body:
        if isinstance(statement, ast.ImportFrom) and not statement.level:
            for alias in statement.names:
                if name == (alias.asname or alias.name):
                    return ast.unparse(ast.ImportFrom(statement.module, [alias], 0))
    return None
