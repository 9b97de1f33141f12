"""A scope says which module call, or which named block, made a node; pictures fold by it."""

from collections.abc import Iterator
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

    __slots__ = ("_token", "name", "outer")

    def __init__(self, name: str) -> None:
        self.name = name
        self.outer: Scope | None = None
        self._token: Token[Scope | None] | None = None

    def __enter__(self) -> Self:
        if self._token is not None:
            raise GraphError(
                f"Scope {quoted(self.name)} was entered before. Make a new one each time."
            )
        self.outer = current_scope()
        self._token = _scope.set(self)
        return self

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        """Copy and pickle where it is; that it was entered is known to its own process only."""
        return None, {"name": self.name, "outer": self.outer, "_token": None}

    def __exit__(self, *_: object) -> None:
        assert self._token is not None
        _scope.reset(self._token)


@contextmanager
def entered(scope: Scope | None) -> Iterator[None]:
    """Enter a scope again, for nodes that are made in its place."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
current_scope = _scope.get
