"""In IPython a node is its picture, and where there is no IPython nothing happens."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[3]


def python(code):
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        cwd=CHECKOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SHELL = """
import json
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.displayhook.write_format_data = lambda bundle, _=None: shown.append(bundle)
for cell in {cells!r}:
    shown = []
    shell.run_cell(cell, store_history=True).raise_error()
print("\\n" + json.dumps(shown))
"""


def displayed(*cells):
    """What the last cell shows, by MIME type."""
    *_, shown = python(SHELL.format(cells=cells)).splitlines()
    (bundle,) = json.loads(shown)
    return bundle


def labels(bundle):
    """What the nodes are called in the text that stands for a picture."""
    description = bundle["text/html"].partition('alt="')[2].partition('"')[0]
    return [line.partition(" = ")[0].rstrip() for line in description.splitlines() if "=" in line]


def test_importing_viz_imports_no_ipython():
    assert python("import viz, sys; print('IPython' in sys.modules)") == "False\n"


@pytest.mark.parametrize("module", ["anywidget", "traitlets", "matplotlib", "ipywidgets"])
def test_importing_viz_imports_no_extra(module):
    assert python(f"import viz, sys; print({module!r} in sys.modules)") == "False\n"


def test_ipython_installed_but_not_running_is_let_be():
    assert python("import IPython, viz; print(viz.draw is not None)") == "True\n"


def test_a_node_is_shown_as_its_picture_named_after_variables():
    bundle = displayed(
        "import viz; from autograd import Value",
        "x, weights = Value(2.0), [Value(3.0)]",
        "f = x * weights[0] + 1\nf",
    )
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == "Value(7.0, op=add)"
    assert bundle["text/html"].startswith("<img ")
    assert labels(bundle) == ["x", "weights[0]", "v₁", "f"]


def test_the_history_of_outputs_names_nothing():
    setup = "import viz; from autograd import Value; x = Value(2.0)"
    assert labels(displayed(setup, "x * x")) == ["x", "v₁"]
    assert labels(displayed(setup, "x * x", "_ * 3")) == ["x", "v₁", "v₂"]


def test_a_graph_and_a_stepper_are_shown_too():
    setup = "import viz; from autograd import Graph, Value; x = Value(2.0, name='x')"
    assert displayed(setup, "Graph(x * x)")["text/html"].startswith("<img ")
    assert "<iframe " in displayed(setup, "viz.step(x * x)")["text/html"]


def test_a_list_of_nodes_stays_a_list():
    bundle = displayed("import viz; from autograd import Value", "[Value(2.0)]")
    assert set(bundle) == {"text/plain"}


def test_a_graph_that_cannot_be_drawn_breaks_no_cell():
    bundle = displayed(
        "import viz, os; from autograd import Value; import sysconfig",
        "os.environ['PATH'] = ''; sysconfig.get_path = lambda _: '/nowhere'",
        "Value(2.0) * 3",
    )
    assert bundle == {"text/plain": "Value(6.0, op=mul)"}
