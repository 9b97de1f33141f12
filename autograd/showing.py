"""Objects show themselves in notebooks once somebody is there who can paint them."""

from collections.abc import Callable, Mapping
from typing import Any

Painter = Callable[[Any], Mapping[str, str]]

_painters: dict[str, Painter] = {}


def register(kind: str, paint: Painter) -> None:
    """Say how objects of a class are shown in a notebook.

    Parameters
    ----------
    kind : str
        The package and the name of the class, such as ``"nn.Module"``. It need not be loaded.
    paint : callable
        Of an object: what shows it, by MIME type.
    """
    _painters[kind] = paint


def bundle(thing: Any, **_: Any) -> dict[str, str]:
    """Give a notebook what shows an object: its `repr`, and what a painter adds.

    Classes have it as their ``_repr_mimebundle_``, which IPython and marimo read. A painter that
    fails breaks no cell.

    Examples
    --------
    >>> from autograd import Step
    >>> bundle(Step(None, 1.0, ()))
    {'text/plain': 'Step(node=None, grad=1.0, contributions=())'}
    """
    text = {"text/plain": repr(thing)}
    for kind in type(thing).__mro__:
        paint = _painters.get(f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}")
        if paint is not None:
            try:
                return {**paint(thing), **text}
            except Exception:  # whatever it is, the text is worth having
                return text
    return text
