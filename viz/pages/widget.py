"""Stepper and playground as live widgets, for JupyterLab, VS Code, Colab and marimo."""

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise ImportError("widget() needs anywidget: pip install 'stepgrad[jupyter]'") from error

from collections.abc import Mapping
from typing import Any

from autograd import texts
from autograd.engine import all_finite
from autograd.ops import real_numbers

from .page import playground_module, static, stepper_module


class StepperWidget(anywidget.AnyWidget):
    """The page of `Stepper.save` with its place shared: read and set ``room`` and ``index``.

    A ``room`` that ``rooms`` does not hold is one that the page asks for: it is shown as soon as
    ``rooms`` has it. The numbers in ``values`` are those of the leaves, here as in the page.
    """

    _esm: Any = traitlets.Unicode().tag(sync=True)
    _css = static("stepper.css")
    title = traitlets.Unicode().tag(sync=True)
    room = traitlets.Unicode().tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
    guess = traitlets.Bool(False).tag(sync=True)
    rooms: Any = traitlets.Dict().tag(sync=True)
    kernel = traitlets.Bool(False).tag(sync=True)  # whether rooms that are asked for come
    values: Any = traitlets.Dict().tag(sync=True)
    live: Any = traitlets.Dict().tag(sync=True)
    why: Any = traitlets.Dict().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, leaves: Mapping[str, Any] | None = None, program: str | None = None, **state: Any
    ) -> None:
        self._leaves = leaves or {}
        super().__init__(_esm=stepper_module(program), **state)

    def read_values(self) -> None:
        """Show the numbers that the leaves hold now, as after an update in Python."""
        self.values = {label: leaf.data for label, leaf in self._leaves.items()}

    @traitlets.validate("values")
    def _take(self, proposal: Any) -> Any:
        """Let the leaves follow, those that are named; what does not fit is refused."""
        given = proposal["value"]
        numbers = real_numbers("widget.values", [*given.values()])
        if not given.keys() <= self._leaves.keys() or not all_finite(numbers):
            raise ValueError(
                f"widget.values: got {dict(given)!r:.200}. Give finite numbers to some of "
                f"{texts.listed(self._leaves)}."
            )
        for label, x in given.items():
            self._leaves[label].data = float(x)
        return {label: leaf.data for label, leaf in self._leaves.items()}


class PlaygroundWidget(anywidget.AnyWidget):
    """The page of `Playground.save`, with ``weights``, ``points`` and ``settings`` shared.

    What the page changes is taken over by the model and the data; what is set here, the page shows.
    """

    _esm: Any = traitlets.Unicode().tag(sync=True)
    _css = static("playground/playground.css")
    title = traitlets.Unicode().tag(sync=True)
    about: Any = traitlets.Dict().tag(sync=True)
    weights: Any = traitlets.List(traitlets.Float()).tag(sync=True)
    points: Any = traitlets.Dict().tag(sync=True)
    settings: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, play: Any, program: str) -> None:
        self._play = play
        super().__init__(_esm=playground_module(program), **play.state())

    def read_model(self) -> None:
        """Show the numbers that the model holds now, as after a training in Python."""
        self.weights = self._play.weights()

    @traitlets.validate("weights", "points", "settings")
    def _take(self, proposal: Any) -> Any:
        """Let the model, the data or the settings follow; what does not fit is refused."""
        takes = {"weights": self._play.take, "points": self._play.take_points}
        takes["settings"] = self._play.take_settings
        takes[proposal["trait"].name](proposal["value"])
        return proposal["value"]
