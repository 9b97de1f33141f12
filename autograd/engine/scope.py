"""A scope says which module call, or which named block, made a node; pictures fold by it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, Self

from ..errors import GraphError
from ..texts import quoted


class Scope:
    """A block of code whose nodes belong together, so that a picture can fold them into one box.

    Parameters
    ----------
    name : str
        What the folded box is called.
    called : object, optional
        The module or function that is called in it.

    Attributes
    ----------
    outer : Scope or None
        The scope around this one, known once it has been entered.

    Examples
    --------
    >>> from autograd import Scope, Value
    >>> with Scope("distance"):
    ...     d = (Value(3.0) ** 2 + Value(4.0) ** 2) ** 0.5
    >>> d.scope.name
    'distance'
    """

    __slots__ = ("_token", "called", "name", "outer")

    def __init__(self, name: str, called: Any = None) -> None:
        self.name = name
        self.called = called
        self.outer: Scope | None = None
        self._token: Token[Scope | None] | None = None

    def __enter__(self) -> Self:
        if self._token is not None:
            raise GraphError(
                f"Scope {quoted(self.name)} was entered before. Make a new one each time."
            )
        self.outer = current_scope()
        self._token = _set(self)
        return self

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        """Copy and pickle where it is, not what was called; that it was entered it forgets."""
        return None, {"name": self.name, "outer": self.outer, "_token": None, "called": None}

    def __exit__(self, *_: object) -> None:
        assert self._token is not None
        _scope.reset(self._token)


def call_label(scope: Scope, paths: dict[int, dict[int, str]]) -> str:
    """Say what tells a scope from others: where its module is in the one around it, or its name.

    Parameters
    ----------
    scope : Scope
    paths : dict
        Where parts of modules are, as far as it was looked up; more is added.
    """
    called = (each.called for each in reversed(scopes_around(scope.outer)))
    around = next((each for each in called if each is not None), None)
    if around is None or not hasattr(around, "named_modules"):
        return scope.name
    if id(around) not in paths:
        paths[id(around)] = {id(part): path for path, part in around.named_modules()}
    path = paths[id(around)].get(id(scope.called), "")
    return f"{scope.name} {path}".rstrip() if path.isdigit() or not path else path


def scopes_around(scope: Scope | None) -> list[Scope]:
    """List a scope and those around it, outermost first."""
    chain = []
    while scope is not None:
        chain.append(scope)
        scope = scope.outer
    return chain[::-1]


@contextmanager
def entered(scope: Scope | None) -> Iterator[None]:
    """Enter a scope again, for nodes that are made in its place."""
    token = _set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def _set(scope: Scope | None) -> Token[Scope | None]:
    if before_first:
        for call in before_first:
            call()
        before_first.clear()
    return _scope.set(scope)


before_first: list[Callable[[], object]] = []  # to be called before the first scope is entered
_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
current_scope = _scope.get
