"""Tells IPython how to show nodes and graphs; the engine itself knows nothing of it."""

import sys
from typing import Any

from autograd import Graph, Node

from .pictures import draw


def register() -> None:
    """Show nodes and graphs as pictures, if IPython is running."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return
    for kind in (Node, Graph):
        shell.display_formatter.mimebundle_formatter.for_type(kind, _bundle)


def _bundle(thing: Any, **_: Any) -> dict[str, str]:
    from IPython import get_ipython

    bundle = draw(thing, names=get_ipython().user_ns)._repr_mimebundle_()
    return bundle | {"text/plain": repr(thing)}
