"""Turns the names that people gave into identifiers of a programming language."""

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 60  # letters of a name


def identifiers(names: Iterable[str], taken: Iterable[str], *, ascii: bool = False) -> list[str]:
    """Find an identifier for each name, none twice and none that is taken.

    Parameters
    ----------
    names : iterable of str
        Anything: ``W[0,1]``, ``class``, ``θ``.
    taken : iterable of str
        Words that mean something else already.
    ascii : bool
        Whether letters of other alphabets are spelled out.

    Examples
    --------
    >>> identifiers(["x", "x'", "W[0,1]", "for", "θ"], ["for"], ascii=True)
    ['x', 'x_', 'W_0_1', 'for_', 'theta']
    """
    used = set(taken)
    found = []
    for name in names:
        word = _identifier(name, ascii)
        while word in used:
            word += "_"
        used.add(word)
        found.append(word)
    return found


def _identifier(name: str, ascii: bool) -> str:
    if len(name) > _LONGEST:
        name = f"{name[: _LONGEST // 2]}_{name[-_LONGEST // 2 :]}"
    letters = unicodedata.normalize("NFKC", name)  # as Python reads identifiers
    if ascii:
        letters = "".join(map(_spelled, letters))
    word = "".join(c if f"x{c}".isidentifier() else "_" for c in letters)
    word = re.sub("_+", "_", word).strip("_")
    word = word if word.isidentifier() else f"x{word}"
    return unicodedata.normalize("NFKC", word)  # an accent joins the letter before it


def _spelled(letter: str) -> str:
    """Spell a letter: sigma for both σ and Σ."""
    return letter if letter.isascii() else unicodedata.name(letter, "_").split()[-1].lower()
