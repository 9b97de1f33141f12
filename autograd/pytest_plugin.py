"""A pytest plugin: the fixture ``check_gradients``, which keeps the graph of a check that fails.

Installing stepgrad is enough for pytest to find it. In a test::

    def test_my_loss(check_gradients):
        check_gradients(my_loss, [0.1, 0.2], [1.0, 0.0])

``pytest --grad-order 2`` checks second derivatives, too.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .checking import Report
    from .engine import Node


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--grad-order``."""
    parser.getgroup("gradients", "gradient checks").addoption(
        "--grad-order",
        type=int,
        choices=(1, 2, 3),
        default=1,
        help="up to which derivative the fixture check_gradients checks (default: 1)",
    )


# Of the session, for Hypothesis asks that a fixture does not change from example to example.
@pytest.fixture(name="check_gradients", scope="session")
def _check_gradients(request: pytest.FixtureRequest) -> Callable[..., "Report"]:
    """Check gradients as `autograd.check_gradients` does, by default up to ``--grad-order``.

    When a check fails, its graph is saved in the cache of pytest, as text and as a picture.
    """
    from .checking import examined, highest_order  # here, for every pytest run imports this file
    from .errors import GradientError

    usual = request.config.getoption("--grad-order")

    def check_gradients(
        f: Any, *inputs: Any, order: int | None = None, **keywords: Any
    ) -> "Report":
        __tracebackhide__ = True  # what a report shows is the line of the test
        report = examined(f, inputs, keywords, order or min(usual, highest_order(f)))
        if report.failure:
            error = GradientError(report.complaint)
            if report.output and hasattr(request.config, "cache"):
                for path in _saved(report.output, report, _folder(request.config)):
                    error.add_note(f"saved: {path}")
            raise error from report.failure.cause
        return report

    return check_gradients


def _folder(config: pytest.Config) -> Path:
    """Make a folder for the test that runs now."""
    assert config.cache
    test = os.environ["PYTEST_CURRENT_TEST"].removesuffix(" (call)")
    folder = config.cache.mkdir("gradients") / re.sub(r"[^\w.-]+", "_", test)[-150:]
    folder.mkdir(exist_ok=True)
    return folder


def _saved(output: "Node", report: "Report", folder: Path) -> Iterator[Path]:
    """Write the graph as text and, where a drawer is installed, as a picture."""
    from .engine import trace
    from .ops import brief

    listing, svg = _drawn(output)
    if not listing:
        listing = "\n".join(map(brief, trace(output)))
    files = {"graph.txt": f"{report.complaint}\n\n{listing}\n", "graph.svg": svg}
    for name, content in files.items():
        path = folder / name
        path.unlink(missing_ok=True)  # that of an earlier run
        if content:
            path.write_text(content, encoding="utf-8")
            yield path


def _drawn(output: "Node") -> tuple[str, str]:
    """Draw a graph with its gradients; a failure to do so must not hide that of the check.

    What draws registers itself by an entry point: a function from a Graph to text and SVG.
    """
    from .engine import Graph, backprop, trace

    grads: dict[int, Any] = {}
    with suppress(Exception):
        steps = {step.node: step.grad for step in backprop(output)}
        grads = {i: steps[node] for i, node in enumerate(trace(output)) if node in steps}
    for drawer in entry_points(group="stepgrad.drawers"):
        with suppress(Exception):
            text, svg = drawer.load()(Graph(output).with_grads(grads))
            return f"{text}", f"{svg}"
    return "", ""
