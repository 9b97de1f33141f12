"""Which object is shown by which function; the engine and nn know nothing of it."""

from collections.abc import Callable, Mapping
from typing import Any

from autograd import showing

from . import modules, nodes, ops, reports, steps, training
from .notebook import show_arrays, shows_pictures

Painter = Callable[[Any], dict[str, str]]

PAINTERS: Mapping[str, Painter] = {
    "autograd.Graph": nodes.picture,
    "autograd.Node": nodes.picture,
    "autograd.Op": ops.op,
    "autograd.Report": reports.gradient_check,
    "autograd.Step": steps.step,
    "autograd.Tape": nodes.tape,
    "nn.Descent": training.descent,
    "nn.Health": training.health,
    "nn.History": training.history,
    "nn.Module": modules.module,
    "nn.Preflight": reports.preflight,
    "viz.Frame": steps.frame,
    "viz.Path": steps.path,
}


def register() -> None:
    """Show objects as pictures and formulas wherever a notebook asks them."""
    for kind, paint in PAINTERS.items():
        showing.register(kind, _where_it_is_seen(paint))
    show_arrays(_where_it_is_seen(nodes.array))


def _where_it_is_seen(paint: Painter) -> Painter:
    def painted(thing: Any) -> dict[str, str]:
        show_arrays(
            _where_it_is_seen(nodes.array)
        )  # the notebook may have been started after the import of viz
        return paint(thing) if shows_pictures() else {}

    return painted
