"""The notebook that something is shown in: its variables, and whether it shows pictures at all."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..names import variable_names


def shell() -> Any:
    """Give the running shell of IPython; None if there is none."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def variables_by_name() -> Mapping[str, Any]:
    """Give the variables of the notebook; those of the main module where it is none of IPython."""
    running = shell()
    return vars(sys.modules["__main__"]) if running is None else running.user_ns


def variables() -> dict[Any, str]:
    """Map nodes to the variables of the notebook that hold them."""
    return variable_names(variables_by_name())


def shows_pictures() -> bool:
    """Whether pictures are worth while: a terminal shows the text alone."""
    running = shell()
    return running is None or "text/html" in running.display_formatter.active_types


def show_arrays(paint: Callable[[Any], Any]) -> None:
    """Let a running IPython show arrays, which cannot do it themselves."""
    running = shell()
    if running is not None:
        formatter = running.display_formatter.mimebundle_formatter
        if np.ndarray not in formatter.type_printers:
            formatter.for_type(np.ndarray, lambda array, **_: paint(array))
