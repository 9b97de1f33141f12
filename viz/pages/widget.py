"""Stepper and playground as live widgets, for JupyterLab, VS Code, Colab and marimo."""

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise ImportError("widget() needs anywidget: pip install 'stepgrad[jupyter]'") from error

from typing import Any

from .page import bundle, playground_module, static


class StepperWidget(anywidget.AnyWidget):
    """The page of `Stepper.save` with its place shared: read and set ``room`` and ``index``.

    A ``room`` that ``rooms`` does not hold is one that the page asks for: it is shown as soon as
    ``rooms`` has it.
    """

    _esm = bundle("stepper.js")
    _css = static("stepper.css")
    title = traitlets.Unicode().tag(sync=True)
    room = traitlets.Unicode().tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
    guess = traitlets.Bool(False).tag(sync=True)
    rooms: Any = traitlets.Dict().tag(sync=True)
    kernel = traitlets.Bool(False).tag(sync=True)  # whether rooms that are asked for come


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
