"""What a training is made of, in plain words and numbers, so that a later one can be compared."""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from types import CodeType, MethodType
from typing import Any

import numpy as np

from autograd import Node, Op

from ..module import Module
from ..optim import Schedule

_SMALL = 2**20  # bytes of an array whose numbers are compared
_FEW = 1000  # things in a list that are
_CODE = "code of Python "  # each version of which makes its own
_NO_MATTER = {Module: {"training"}, Schedule: {"optimizer", "last_epoch"}}
CHANGES = "changes while it is trained"  # in place of what does, and tells nothing apart


def described(**things: Any) -> dict[str, Any]:
    """Say what things are, by paths such as ``schedule.T_max``.

    A function is known by its name, one without a name by its code; a partial one by its arguments
    too; an object that can be called, a module or a schedule by its attributes. Numbers of leaves
    are left out.

    Examples
    --------
    >>> from nn import Dropout, huber_loss
    >>> described(model=Dropout(0.3), loss=partial(huber_loss, delta=2.0))
    ... # doctest: +NORMALIZE_WHITESPACE
    {'model': 'Dropout', 'model.p': 0.3, 'model.inverted': True,
     'loss': 'huber_loss', 'loss.delta': 2.0}
    """
    return {path: x for name, thing in things.items() for path, x in _facts(name, thing, ())}


def lasting(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of a description what training has not changed."""
    paths = dict.fromkeys([*before, *now])
    return {x: now[x] if x in now and before.get(x) == now[x] else CHANGES for x in paths}


def differing(saved: Mapping[str, Any], here: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give by their paths what was, and what is, where that is not the same."""
    paths = [x for x in dict.fromkeys([*saved, *here]) if saved.get(x) != CHANGES]
    paths = [x for x in paths if _CODE not in x or (x in saved and x in here)]
    return {x: (saved.get(x), here.get(x)) for x in paths if saved.get(x) != here.get(x)}


def _facts(path: str, thing: Any, around: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
    if id(thing) in around or isinstance(thing, Node | np.random.Generator):
        return
    name, parts = _named(thing)
    if name is not None or not parts:
        yield path, name
    for key, part in parts.items():
        yield from _facts(f"{path}.{key}", part, (*around, id(thing)))


def _named(thing: Any) -> tuple[Any, Mapping[Any, Any]]:
    """Give a name, or a plain number, and the parts of a thing."""
    if isinstance(thing, np.generic):
        return _named(thing.item())
    if isinstance(thing, float) and thing - thing != 0:
        return str(thing), {}
    if isinstance(thing, str | int | float | None):
        return thing, {}
    if isinstance(thing, Mapping):
        return None, thing
    if isinstance(thing, list | tuple):
        return (
            (None, dict(enumerate(thing))) if len(thing) <= _FEW else (f"{len(thing)} things", {})
        )
    if isinstance(thing, partial):
        name, parts = _named(thing.func)
        return name, {**parts, **dict(enumerate(thing.args)), **thing.keywords}
    if isinstance(thing, np.ndarray):
        is_small = thing.nbytes <= _SMALL and thing.dtype != object
        return f"array {thing.dtype} {thing.shape} {_digest(thing.tobytes()) * is_small}", {}
    if isinstance(thing, Op):
        return thing.name, {}
    return _named_by_python(thing)


def _named_by_python(thing: Any) -> tuple[str, Mapping[Any, Any]]:
    if isinstance(thing, MethodType):
        return thing.__name__, {"self": thing.__self__}
    name = getattr(thing, "__name__", None)
    if isinstance(name, str):  # a function or a class
        code = getattr(thing, "__code__", None)
        return name, _inside(thing, code) if isinstance(code, CodeType) else {}
    kind = type(thing).__name__
    if not callable(thing) and not isinstance(thing, Schedule):
        return kind, {}
    ignored = set().union(*(x for base, x in _NO_MATTER.items() if isinstance(thing, base)))
    attributes = getattr(thing, "__dict__", {})
    return kind, {key: x for key, x in attributes.items() if key not in ignored}


def _inside(function: Any, code: CodeType) -> dict[str, Any]:
    """Give what a function has closed over, and a sum of its code if it has no name."""
    cells = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
    found = {}
    for name, cell in cells.items():
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not bound yet
            continue
    version = f"{_CODE}{sys.version_info.major}.{sys.version_info.minor}"
    return found | ({version: _sum(code)} if function.__name__ == "<lambda>" else {})


def _sum(code: CodeType) -> str:
    constants = [
        _sum(x)
        if isinstance(x, CodeType)
        else sorted(map(repr, x))
        if isinstance(x, frozenset)
        else repr(x)
        for x in code.co_consts
    ]
    return _digest(repr((code.co_code, code.co_names, constants)).encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]
