"""The stepper as a live widget, for JupyterLab, VS Code, Colab and marimo."""

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise ImportError("widget() needs anywidget: pip install 'stepgrad[jupyter]'") from error

from typing import Any

from .page import bundle, static


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
