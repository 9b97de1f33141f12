"""Expressions of a language of the family of C, with as few parentheses as they need."""

from collections.abc import Sequence
from typing import NamedTuple

CHOICE, OR, AND, EQUAL, LESS, SUM, PRODUCT, SIGN, ATOM = range(9)  # how tightly signs bind


class Untranslatable(Exception):
    """Something of Python that has no counterpart in another language."""


class Term(NamedTuple):
    """An expression, how tightly it holds together, and whether it is a condition."""

    text: str
    level: int = ATOM
    condition: bool = False

    def within(self, level: int) -> str:
        """Write it beside a sign that binds as tightly as this level."""
        return self.text if self.level >= level else f"({self.text})"


def infix(sign: str, level: int, a: Term, b: Term) -> Term:
    """Write a sign between two expressions; of equal ones, the left comes first."""
    return Term(f"{a.within(level)} {sign} {b.within(level + 1)}", level)


def negative(x: Term) -> Term:
    """Write -x; no second - may follow directly."""
    return Term(f"-{x.within(ATOM)}", SIGN)


def joined(sign: str, level: int, parts: Sequence[Term]) -> Term:
    """Write conditions with && or || between them."""
    return Term(f" {sign} ".join(x.within(EQUAL) for x in parts), level, condition=True)


def choice(test: Term, a: Term, b: Term) -> Term:
    """Write a where a test holds, else b."""
    return Term(f"{test.within(OR)} ? {a.within(OR)} : {b.text}", CHOICE)


def called(name: str, operands: Sequence[Term]) -> Term:
    """Write a call."""
    return Term(f"{name}({', '.join(x.text for x in operands)})")
