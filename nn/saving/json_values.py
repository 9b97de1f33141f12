"""Plain things, made of numbers, texts, lists and dicts, become JSON and come back as they were."""

import json
from typing import Any

from autograd.texts import shown

_PLAIN = {str, int, float, bool, type(None)}


def to_json(thing: Any, place: str) -> str:
    """Write a thing as JSON.

    Raises
    ------
    TypeError
        If it is not plain; `place` says in its message where the thing is from.
    """
    try:
        _check(thing, place)
        return json.dumps(thing)
    except (RecursionError, ValueError):
        raise TypeError(f"{place} is too deep or too large for JSON.") from None


def from_json(text: str, pattern: Any, name: str) -> Any:
    """Read a thing from JSON.

    Parameters
    ----------
    text : str
    pattern : Any
        A type; a list of one pattern, for any number of such things; or a dict of patterns by
        names, or by `str` for any names.
    name : str
        Of the thing, for messages.

    Raises
    ------
    ValueError
        If it is no JSON, or not of this pattern.
    """
    try:
        thing = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"{name} is no JSON") from None
    if not _is_like(thing, pattern):
        raise ValueError(f"{name} is not what was saved")
    return thing


def _check(thing: Any, place: str) -> None:
    """See that JSON can hold a thing as it is; of keys, it would make texts."""
    if isinstance(thing, dict):
        for name, x in thing.items():
            if not isinstance(name, str):
                raise TypeError(f"{place} has the key {shown(repr(name))}. Use texts.")
            _check(x, f"{place}.{shown(name)}")
    elif isinstance(thing, list | tuple):
        if not {*map(type, thing)} <= _PLAIN:
            for i, x in enumerate(thing):
                _check(x, f"{place}.{i}")
    elif not isinstance(thing, str | int | float | None):
        raise TypeError(
            f"{place} is a {type(thing).__name__}. Give numbers, texts, lists "
            "and dicts; float(x) makes a number of NumPy's, x.tolist() a list of an array."
        )


def _is_like(thing: Any, pattern: Any) -> bool:
    if isinstance(pattern, list):
        return isinstance(thing, list) and all(_is_like(x, pattern[0]) for x in thing)
    if isinstance(pattern, dict):
        if not isinstance(thing, dict):
            return False
        if str in pattern:
            return all(_is_like(x, pattern[str]) for x in thing.values())
        return thing.keys() == pattern.keys() and all(
            _is_like(thing[name], pattern[name]) for name in pattern
        )
    return type(thing) is pattern
