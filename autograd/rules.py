"""Kinds of rules that say something by being used, rather than by what they compute."""

from collections.abc import Callable
from functools import partial
from typing import Any

Rule = Callable[..., Any]


def flat(*_: Any, **__: Any) -> None:
    """Rule of an operand whose slope is zero wherever it exists: nothing flows."""


class Each:
    """The rules of an op of any number of operands: ``rule(i, g, y, *operands, **params)``."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    __iter__ = None  # there is no last one

    def __getitem__(self, i: int) -> Rule:
        return partial(self._rule, i)
