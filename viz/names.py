"""Names of nodes, picked up from the variables that hold them."""

import sys
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from autograd import Node


def caller_names(depth: int) -> dict[Any, str]:
    """Map nodes and modules to variables of the function `depth` calls above the one that asks."""
    frame = sys._getframe(depth + 1)
    near, far = frame.f_locals, frame.f_globals
    # Locals come first, because the first name of a node wins, and last, because they hide globals.
    return variable_names({**near, **far, **near})


def variable_names(variables: Mapping[str, Any]) -> dict[Any, str]:
    """Map nodes to variables, to elements of variables and to parameters of modules, and modules.

    A name that starts with an underscore names nothing: notebooks keep their outputs in such.

    Examples
    --------
    >>> from autograd import Value
    >>> x, w = Value(1.0), [Value(2.0)]
    >>> list(variable_names({"x": x, "w": w}).values())
    ['x', 'w[0]']
    """
    history = variables.get("_oh")  # IPython's; it is public as Out
    public = {
        name: thing
        for name, thing in variables.items()
        if not name.startswith("_") and thing is not history
    }
    names: dict[Any, str] = {
        thing: name
        for name, thing in reversed(public.items())
        if isinstance(thing, Node) or (is_module(thing) and isinstance(thing, Hashable))
    }
    for name, thing in public.items():
        for path, node in _inside(thing):
            names.setdefault(node, name + path)
    return names


def is_module(thing: Any) -> bool:
    """Whether something finds its parameters by itself, as a module of nn does."""
    return hasattr(type(thing), "named_parameters")


def _inside(thing: Any) -> Iterator[tuple[str, Node]]:
    items: Iterator[tuple[str, Any]]
    if isinstance(thing, list | tuple):
        items = ((f"[{i}]", part) for i, part in enumerate(thing))
    elif isinstance(thing, dict):
        items = ((f"[{key!r}]", part) for key, part in thing.items())
    elif is_module(thing):
        items = ((f".{path}", part) for path, part in thing.named_parameters())
    else:
        return
    yield from ((path, part) for path, part in items if isinstance(part, Node))
