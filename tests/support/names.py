"""Names that somebody might give, from the harmless to the malicious, and what a text may hold."""

import re
import sys
import unicodedata
from itertools import groupby

ISOLATES = "\u2068\u2069"
_JOINERS = "\u200c\u200d"
_TAGS = "\U000e0020-\U000e007f"  # of a flag

# Of each category of Unicode a few signs: the first, one in the middle, the last; of each
# direction of writing, too.
_SIGNS = {}
for _kind, _signs in groupby(
    map(chr, range(sys.maxunicode + 1)),
    lambda sign: (unicodedata.category(sign), unicodedata.bidirectional(sign)),
):
    _SIGNS.setdefault(_kind, []).extend(_signs)
EVERY_CATEGORY = [
    sign
    for signs in _SIGNS.values()
    for sign in {signs[0]: 0, signs[len(signs) // 2]: 0, signs[-1]: 0}
]

HOSTILE = [
    "\x1b[2J\x1b[31mRED",
    "a\nx = 99",
    "a\rb",
    "a\x07b",
    "a\tb",
    "a\u202eb",
    "a\u2066b",
    "a\u2028b",
    "a\x85b",
    "\ud800",
    "\0",
    '"""',
    "\\",
    "'; --",
    "*/",
    "<b>&amp;</b>",
    "]]>",
    "</script>",
    "a" * 100_000,
    "a\u0301" * 1000,
    "",
    " ",
]
HARMLESS = ["x", "θ", "W[0,1]", "入力", "学习率", "e\u0301", "👨‍👩‍👧", "می‌خواهم", "שלום", "क्‍ष"]


def cells(text):
    """Count the cells of a terminal: two for wide signs, none for those that go with others."""
    wide = {"W": 2, "F": 2}
    hidden = ("Mn", "Me", "Cf")
    return sum(
        0 if unicodedata.category(x) in hidden else wide.get(unicodedata.east_asian_width(x), 1)
        for x in text
    )


def is_plain(text, *, lines=False):
    """Whether a text holds no sign that acts, hides or turns, but joiners and balanced isolates."""
    isolates = re.sub(f"[^{ISOLATES}\n]+", "", text)
    others = re.sub(f"[{_JOINERS}{ISOLATES}{_TAGS}]+", "", text)
    if lines:
        others = others.replace("\n", "")
    return others.isprintable() and re.fullmatch(rf"({ISOLATES}|\n)*", isolates) is not None
