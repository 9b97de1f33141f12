"""The stepper as a live widget, for JupyterLab, VS Code, Colab and marimo."""

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise ImportError("widget() needs anywidget: pip install 'stepgrad[jupyter]'") from error

from typing import Any

from .page import static


class StepperWidget(anywidget.AnyWidget):
    """The page of `Stepper.save` with its position shared: read and set ``widget.index``."""

    _esm = static("stepper.js")
    _css = static("stepper.css")
    title = traitlets.Unicode().tag(sync=True)
    svg = traitlets.Unicode().tag(sync=True)
    frames: Any = traitlets.List().tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
