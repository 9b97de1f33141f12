"""Whatever somebody called a thing, its name in a text is one short piece that misleads nobody."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from os.path import commonprefix
from unicodedata import bidirectional, category, east_asian_width

LONGEST = 60  # characters, and cells of a terminal, of a name
_MOST = 10  # names of a list
_JOINERS = "\u200c\u200d"  # of Persian and Indic letters and of emoji
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]{1,16}\U000e007f"  # of England, Scotland, Wales
_JOINED = f"[^\x00-\x7f{_JOINERS}]"  # a joiner elsewhere would only hide
_KEPT = f"{_FLAG}|(?<={_JOINED})[{_JOINERS}](?={_JOINED})"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
# Letters and signs written from left to right, in one cell or two: nearly all names hold no others.
_USUAL = re.compile("[ -\u02ff\u0370-\u058f\u2010-\u2e7f]*").fullmatch
_APART, _AGAIN = "\u2068", "\u2069"  # isolates, which end the influence of letters on what follows
_ISOLATED = re.compile(f"{_APART}[^{_APART}{_AGAIN}]+{_AGAIN}")
_PIECE = re.compile(f"({_KEPT})|{_ISOLATED.pattern}|.", re.DOTALL)


def shown(name: object, most: int = LONGEST) -> str:
    r"""Write a name for a reader.

    What cannot be seen, and what would turn the text around it, is escaped as `repr` does it; the
    joiners of emoji, of Persian and of Indic letters stay. A long name loses its middle. One that
    is written from right to left is isolated from the text around it. What was shown is shown as
    it is, so that names may be put together and shown again.

    Parameters
    ----------
    name : object
        A text, or what `str` makes one of.
    most : int
        Characters, and cells of a terminal, at most.

    Examples
    --------
    >>> print(shown("a\nb\x1b[31m"), shown("encoder.layer.0.attention.weight", 16))
    a\nb\x1b[31m encoder.….weight
    """
    text = str(name)
    if len(text) * (1 if text.isascii() else 2) <= most and _USUAL(text) and text.isprintable():
        return text
    if len(text) > 4 * most:
        text = text[: 2 * most] + text[-2 * most :]
    return _shown(text, most)


def quoted(name: object, most: int = LONGEST) -> str:
    r"""Write a name in quotes, as `repr` does, where a sentence or code goes on behind it.

    Examples
    --------
    >>> print(quoted("it's"), quoted("a\\b\n"))
    "it's" 'a\\b\n'
    """
    text = shown(str(name).replace("\\", "\\\\"), most)
    if "'" in text and '"' not in text:
        return f'"{text}"'
    return "'" + text.replace("'", r"\'") + "'"


def listed(names: Iterable[object], most: int = _MOST) -> str:
    """Write names one after the other, and of many how many more there are.

    Examples
    --------
    >>> listed(range(20_000), 3)
    '0, 1, 2 and 19,997 more'
    """
    return some(list(map(shown, names)), most)


def some(texts: Sequence[str], most: int = _MOST, between: str = ", ") -> str:
    """Join texts as `listed` does, that may be written in a sentence as they are.

    Examples
    --------
    >>> some(["W is missing", "b is missing", "c is missing"], 2, "; ")
    'W is missing; b is missing and 1 more'
    """
    left = len(texts) - most
    return between.join(texts[:most]) + (f" and {left:,} more" if left > 0 else "")


def apart(names: Iterable[str], most: int = LONGEST) -> dict[str, str]:
    """Write names so that no two of them look the same, where what differs fits at all.

    Those that would lose what tells them apart are cut where they are the same.

    Examples
    --------
    >>> list(apart(["layer.attention.0.weight", "layer.attention.1.weight"], 16).values())
    ['la….0.weight', 'la….1.weight']
    """
    texts = {name: shown(name, most) for name in names}
    alike = defaultdict(list)
    for name, text in texts.items():
        alike[text].append(name)
    for group in alike.values():
        same = len(commonprefix(group))  # noqa: RUF071, of letters
        for name in group if len(group) > 1 else ():
            texts[name] = shown(f"{name[: most // 8]}…{name[max(same - 1, 0) :]}", most)
    return texts


def cells(text: str) -> int:
    r"""Count the cells that a text takes in a terminal.

    Examples
    --------
    >>> cells("abc"), cells("入力"), cells("e\u0301")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text up with spaces to so many cells; with them first where it is to stand right."""
    space = " " * (width - cells(text))
    return space + text if right else text + space


def columns(rows: Sequence[Sequence[str]], gap: str = "  ", right: Iterable[int] = ()) -> str:
    """Write rows of text in columns that line up, those in `right` to the right.

    Examples
    --------
    >>> print(columns([("layer", "size"), ("入力", "12"), ("x", "4")], right=[1]))
    layer  size
    入力     12
    x         4
    """
    right = set(right)
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    lines = (
        gap.join(
            padded(cell, width, right=k in right)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


@lru_cache(4096)
def _shown(text: str, most: int) -> str:
    text = _cut([piece[1] or _escaped(piece[0]) for piece in _PIECE.finditer(text)], most)
    outside = _ISOLATED.sub("", text)
    is_turned = not _RIGHT_TO_LEFT.isdisjoint(map(bidirectional, outside))
    return f"{_APART}{text}{_AGAIN}" if is_turned else text


def _escaped(piece: str) -> str:
    if _is_isolated(piece) and piece == shown(piece[1:-1], len(piece)):
        return piece
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in piece)


def _is_isolated(piece: str) -> bool:
    return len(piece) > 1 and piece[0] == _APART


def _cut(pieces: list[str], most: int) -> str:
    """Join pieces; where they are too many, an ellipsis stands for those in the middle."""
    if _size(pieces) <= most:
        return "".join(pieces)
    head = _fitting(pieces, most // 2)
    tail = _fitting(pieces[::-1], most - 1 - most // 2)[::-1]
    while tail and _continues(tail[0]):
        tail = tail[1:]  # marks belong to a letter that is not there
    return "".join([*head, "…", *tail])


def _fitting(pieces: list[str], most: int) -> list[str]:
    """Give as many of the first pieces as fit, but half of nothing that belongs together."""
    end, size = 0, 0
    while end < len(pieces) and size + _size(pieces[end : end + 1]) <= most:
        size += _size(pieces[end : end + 1])
        end += 1
    while end and (_continues(pieces[end : end + 1]) or pieces[end - 1] in _JOINERS):
        end -= 1
    return pieces[:end]


def _continues(piece: Sequence[str]) -> bool:
    """Whether it belongs to what stands before it: an accent, a joiner."""
    return any(x in _JOINERS or category(x[0])[0] == "M" for x in piece)


def _size(pieces: list[str]) -> int:
    marks = 2 * sum(map(_is_isolated, pieces))
    return sum(max(len(piece), cells(piece)) for piece in pieces) - marks


def _width(sign: str) -> int:
    if category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(sign) in "WF" else 1
