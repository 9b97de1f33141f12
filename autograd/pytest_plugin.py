"""A pytest plugin: the fixture ``check_gradients``, which keeps the graph of a check that fails.

Installing stepgrad is enough for pytest to find it. In a test::

    def test_my_loss(check_gradients):
        check_gradients(my_loss, [0.1, 0.2], [1.0, 0.0])

``pytest --grad-order 2`` checks second derivatives, too; ``grad_order = 2`` in pytest's settings
does so always. Ops that a file of tests makes are in the table `OPS` only while its tests run.
"""

import re
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .checking import Report
    from .engine import Node
    from .errors import GradientError
    from .ops import Op

_ORDERS = ("1", "2", "3")
_failed = pytest.StashKey[tuple["GradientError", "Report"]]()
# The ops of each file of tests; None of a file of which only the examples were seen.
_own = pytest.StashKey[dict[Path, list["Op"] | None]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--grad-order``, and ``grad_order`` in the settings."""
    what = "up to which derivative the fixture check_gradients checks"
    parser.addini("grad_order", f"{what} (default: 1)", default="1")
    parser.getgroup("gradients", "gradient checks").addoption(
        "--grad-order", choices=_ORDERS, help=f"{what} (default: grad_order in the settings, or 1)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse settings that are no order."""
    given = config.getini("grad_order")
    if given not in _ORDERS:
        raise pytest.UsageError(f"grad_order: got {given!r}. Give 1, 2 or 3.")
    config.stash[_own] = {}


# Of the session, for Hypothesis asks that a fixture does not change from example to example.
@pytest.fixture(name="check_gradients", scope="session")
def _check_gradients(request: pytest.FixtureRequest) -> Callable[..., "Report"]:
    """Check gradients as `autograd.check_gradients` does, by default up to ``--grad-order``.

    When a test fails by it, the graph is saved in the cache of pytest, as text and as a picture.
    """
    from .checking import examined, highest_order  # here, for every pytest run imports this file
    from .errors import GradientError

    config = request.config
    usual = int(config.getoption("--grad-order") or config.getini("grad_order"))

    def check_gradients(
        f: Any, *inputs: Any, order: int | None = None, **keywords: Any
    ) -> "Report":
        __tracebackhide__ = True  # what a report shows is the line of the test
        report = examined(f, inputs, keywords, order or min(usual, highest_order(f)))
        if report.failure:
            error = GradientError(report.complaint)
            config.stash[_failed] = error, report
            raise error from report.failure.cause
        return report

    return check_gradients


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Save the graph of the check that a test failed by: once, whatever Hypothesis has tried."""
    error, report = item.config.stash.get(_failed, (None, None))
    raised = call.excinfo and call.excinfo.value
    if report and (raised is error or error in getattr(raised, "exceptions", ())):
        del item.config.stash[_failed]
        if report.output and hasattr(item.config, "cache"):
            for path in _saved(report.output, report, _folder(item)):
                error.add_note(f"saved: {path}")  # type: ignore[union-attr]
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Keep what a file of tests makes out of the table, unless something else imported it first."""
    own, path = collector.config.stash[_own], collector.path
    imported = path not in own and _ops_of(path)
    report = yield
    if type(collector) is pytest.Module and not imported:
        own[path] = made = _ops_of(path)
        _withdraw(made)
    elif isinstance(collector, pytest.Module) and not imported:
        own.setdefault(path, None)  # with --doctest-modules its examples come first
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Give a test the ops of its file, and take away those that it makes."""
    own = item.config.stash[_own].get(item.path)
    if own is None:
        return (yield)
    if own:
        from .ops import enter

        enter(own)
    try:
        return (yield)
    finally:
        _withdraw(_ops_of(item.path))


def _ops_of(path: Path) -> list["Op"]:
    """List the ops in the table that were made in a file."""
    ops = sys.modules.get("autograd.ops")  # where nothing loads it, there are none
    if ops is None:
        return []
    names = {op.__module__ for op in ops.OPS.values()}  # far fewer than ops
    here = {x for x in names if getattr(sys.modules.get(x), "__file__", None) == str(path)}
    return [op for op in ops.OPS.values() if op.__module__ in here]


def _withdraw(made: list["Op"]) -> None:
    if made:
        from .ops import withdraw

        withdraw(made)


def _folder(item: pytest.Item) -> Path:
    """Make a folder for a test."""
    assert item.config.cache
    folder = item.config.cache.mkdir("gradients") / re.sub(r"[^\w.-]+", "_", item.nodeid)[-150:]
    folder.mkdir(exist_ok=True)
    return folder


def _saved(output: "Node", report: "Report", folder: Path) -> Iterator[Path]:
    """Write the graph as text and, where a drawer is installed, as a picture."""
    from .engine import trace
    from .ops import brief

    listing, svg = _drawn(output, report)
    if not listing:
        listing = "\n".join(map(brief, trace(output)))
    files = {"graph.txt": f"{report.complaint}\n\n{listing}\n", "graph.svg": svg}
    for name, content in files.items():
        path = folder / name
        path.unlink(missing_ok=True)  # that of an earlier run
        if content:
            path.write_text(content, encoding="utf-8")
            yield path


def _drawn(output: "Node", report: "Report") -> tuple[str, str]:
    """Draw a graph with its gradients; a failure to do so must not hide that of the check.

    What draws registers itself by an entry point: a function of a Graph, and of remarks by the
    index of a node, that gives text and SVG.
    """
    from .engine import Graph, backprop, trace

    grads: dict[int, Any] = {}
    with suppress(Exception):
        steps = {step.node: step.grad for step in backprop(output)}
        grads = {i: steps[node] for i, node in enumerate(trace(output)) if node in steps}
    for drawer in entry_points(group="stepgrad.drawers"):
        with suppress(Exception):
            text, svg = drawer.load()(Graph(output).with_grads(grads), report.marks)
            return f"{text}", f"{svg}"
    return "", ""
