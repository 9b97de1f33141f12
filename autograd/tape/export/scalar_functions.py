"""Writes small Python functions of floats as functions of another language."""

import ast
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from inspect import signature
from types import FunctionType
from typing import Any

from ...ops import Op, written
from .dialects import INFIX, Dialect
from .identifiers import identifiers
from .source import definition, lookup
from .terms import (
    AND,
    ATOM,
    OR,
    SIGN,
    Term,
    Untranslatable,
    called,
    choice,
    infix,
    joined,
    negative,
)

Options = Mapping[str, Term]


class Functions:
    """The functions that a program calls, each written once.

    Parameters
    ----------
    dialect : Dialect
    taken : iterable of str
        Names of the program that no function may have.

    Attributes
    ----------
    dialect : Dialect
    definitions : list of str
        Texts, each after those it calls.
    names : set of str
    """

    def __init__(self, dialect: Dialect, taken: Iterable[str]) -> None:
        self.dialect = dialect
        self.definitions: list[str] = []
        self.names: set[str] = set()
        self._taken = {*dialect.taken, *taken}
        self._known: dict[FunctionType, tuple[str, list[int]]] = {}

    def call(
        self, function: Any, operands: Sequence[Term], options: Options, name: str | None = None
    ) -> Term:
        """Write a call of a function of floats, or of an op by what it does with floats.

        Raises
        ------
        Untranslatable
            If there is no such function, and no source to make one of.
        """
        number = self.dialect.number
        if isinstance(function, Op):
            given = [*options, *list(function.defaults)[: len(operands) - (function.arity or 0)]]
            usual = {k: number(v) for k, v in function.defaults.items() if k not in given}
            is_given = not isinstance(function.scalar, partial)
            numeric = written(function.scalar if is_given else function.forward)
            return self.call(numeric, operands, {**usual, **options}, function.name)
        if isinstance(function, FunctionType):
            bound = signature(function).bind(*operands, **options)
            bound.apply_defaults()
            word, kept = self._defined(function, name or function.__name__)
            terms = list(bound.arguments.values())
            return called(
                word,
                [x if isinstance(x, Term) else number(x) for x in map(terms.__getitem__, kept)],
            )
        term = None if options else self.dialect.builtin(function, operands)
        if term is None:
            word = getattr(function, "__name__", f"{function!r:.60}")
            library = self.dialect.library
            raise Untranslatable(f"{word} of {len(operands)} is not in {library}")
        return term

    def _defined(self, function: FunctionType, name: str) -> tuple[str, list[int]]:
        """Define a function; tell what it is called, and which of its parameters it reads."""
        if function not in self._known:
            try:
                node = definition(function)
            except OSError as error:
                raise Untranslatable(f"its source cannot be read: {error}") from None
            body: list[ast.stmt]
            body = node.body if isinstance(node, ast.FunctionDef) else [ast.Return(node.body)]
            used = {x.id for x in _names(body)}
            parameters = list(signature(function).parameters)
            kept = [k for k, parameter in enumerate(parameters) if parameter in used]
            (word,) = identifiers([name], self._taken | self.names, ascii=True)
            self.names.add(word)
            self._known[function] = word, kept
            text = _Body(self, word, function, [parameters[k] for k in kept], body).text
            self.definitions.append(text)
        return self._known[function]


class _Body:
    """The definition of a function.

    Attributes
    ----------
    text : str
    """

    def __init__(
        self,
        functions: Functions,
        word: str,
        function: FunctionType,
        kept: list[str],
        body: list[ast.stmt],
    ) -> None:
        self._functions = functions
        self._dialect = dialect = functions.dialect
        self._function = function
        times = Counter(x.id for x in _names(body) if isinstance(x.ctx, ast.Store))
        names = [*kept, *(name for name in times if name not in kept)]
        words = identifiers(names, dialect.taken | functions.names, ascii=True)
        self._words = dict(zip(names, words, strict=True))
        self._constants = {
            target.id
            for statement in body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name) and times[target.id] == 1 and target.id not in kept
        }
        parameters = [dialect.parameter.format(name=self._words[name]) for name in kept]
        given = ", ".join(parameters) or dialect.nothing
        lines = [dialect.head.format(name=word, parameters=given)]
        for name in names[len(kept) :]:
            if name not in self._constants:
                lines.append(f"    {dialect.variable} {self._words[name]} = 0.0;")
        self.text = "\n".join([*lines, *self._statements(body, 1, True), "}"])

    def _statements(self, body: list[ast.stmt], depth: int, last: bool) -> Iterator[str]:
        """Write statements; those that come last have to return."""
        indent = "    " * depth
        for i, statement in enumerate(body):
            ends = last and i == len(body) - 1
            match statement:
                case ast.Expr(ast.Constant(str())) | ast.Pass():
                    pass
                case ast.Return(ast.expr() as value):
                    yield f"{indent}return {self._number(value).text};"
                    ends = False
                case ast.Assign([ast.Name(name)], value):
                    kind = f"{self._dialect.constant} " if name in self._constants else ""
                    yield f"{indent}{kind}{self._words[name]} = {self._number(value).text};"
                case ast.AnnAssign(ast.Name(name), _, ast.expr() as value):
                    yield f"{indent}{self._words[name]} = {self._number(value).text};"
                case ast.AugAssign(ast.Name(name), op, value):
                    changed = ast.BinOp(ast.Name(name), op, value)
                    yield f"{indent}{self._words[name]} = {self._number(changed).text};"
                case ast.If(test, then, otherwise):
                    yield f"{indent}if ({self._truth(test).text}) {{"
                    yield from self._statements(then, depth + 1, ends)
                    if otherwise:
                        yield f"{indent}}} else {{"
                        yield from self._statements(otherwise, depth + 1, ends)
                    yield f"{indent}}}"
                    ends = ends and not otherwise
                case _:
                    raise self._no_counterpart(statement)
            if ends:
                raise Untranslatable(f"it may end without a result: `{ast.unparse(statement)}`")

    def _truth(self, node: ast.expr) -> Term:
        """Write whether an expression is true; a number is where it is not 0."""
        match node:
            case ast.BoolOp(ast.And(), values):
                return joined("&&", AND, [self._truth(x) for x in values])
            case ast.BoolOp(ast.Or(), values):
                return joined("||", OR, [self._truth(x) for x in values])
            case ast.UnaryOp(ast.Not(), operand):
                return Term(f"!{self._truth(operand).within(ATOM)}", SIGN, condition=True)
            case ast.Constant(bool(held)):
                return Term(str(int(held)), condition=True)
            case ast.Compare(left, ops, rest):
                terms = [self._number(x) for x in (left, *rest)]
                pairs = [
                    self._dialect.compared(*x) for x in zip(ops, terms, terms[1:], strict=False)
                ]
                return joined("&&", AND, pairs) if pairs[1:] else pairs[0]
        term = self._value(node)
        if term.condition:
            return term
        return self._dialect.compared(ast.NotEq(), term, self._dialect.number(0.0))

    def _number(self, node: ast.expr) -> Term:
        """Write an expression as a number: 1 for what is true."""
        term = self._value(node)
        if not term.condition:
            return term
        return Term(f"{self._dialect.as_number}{term.within(ATOM)}", SIGN)

    def _value(self, node: ast.expr) -> Term:  # noqa: C901, a case for each kind of expression
        match node:
            case ast.Constant(bool()) | ast.Compare() | ast.UnaryOp(ast.Not()):
                return self._truth(node)
            case ast.Constant(held):
                return self._dialect.number(held)
            case ast.Name(name) if name in self._words:
                return Term(self._words[name])
            case ast.Name() | ast.Attribute():
                meaning = self._meaning(node)
                if not isinstance(meaning, int | float):
                    raise self._no_counterpart(node)
                return self._dialect.number(meaning)
            case ast.BinOp(left, ast.Pow(), right):
                operands = [self._number(left), self._number(right)]
                return self._functions.call(math.pow, operands, {})
            case ast.BinOp(left, op, right) if type(op) in INFIX:
                return infix(*INFIX[type(op)], self._number(left), self._number(right))
            case ast.UnaryOp(ast.USub(), operand):
                return negative(self._number(operand))
            case ast.UnaryOp(ast.UAdd(), operand):
                return self._number(operand)
            case ast.IfExp(test, then, otherwise):
                return choice(self._truth(test), self._number(then), self._number(otherwise))
            case ast.BoolOp(op, [*before, last]):  # Python gives the operand that decided
                term = self._number(last)
                for x in reversed(before):
                    other = self._number(x)
                    pair = (term, other) if isinstance(op, ast.And) else (other, term)
                    term = choice(self._truth(x), *pair)
                return term
            case ast.Call(function, arguments, keywords):
                terms = [self._number(x) for x in arguments]
                options = {str(x.arg): self._number(x.value) for x in keywords}
                return self._functions.call(self._meaning(function), terms, options)
        raise self._no_counterpart(node)

    def _meaning(self, node: ast.expr) -> Any:
        """Find what stands outside of the function: numbers, modules, other functions."""
        match node:
            case ast.Name(name):
                return lookup(self._function, name)
            case ast.Attribute(ast.expr() as owner, name):
                return getattr(self._meaning(owner), name, None)
        raise self._no_counterpart(node)

    def _no_counterpart(self, node: ast.AST) -> Untranslatable:
        language = self._dialect.name
        return Untranslatable(f"`{ast.unparse(node)}` has no counterpart in {language}")


def _names(body: list[ast.stmt]) -> Iterator[ast.Name]:
    return (x for statement in body for x in ast.walk(statement) if isinstance(x, ast.Name))
