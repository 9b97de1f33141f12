"""The root gives what users call, and says where the rest has gone."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import pytest

import autograd
import nn
import viz
from autograd import _HOMES, _MOVED, _WINGS
from autograd.ops import FUNCTIONS

ROOT = Path(__file__).resolve().parents[2]
FORMER_NAMES = {  # what `from autograd import *` gave in version 0.1, or users could import by name
    *("ATOM", "OPERATORS", "Operand", "Params", "Formula", "Symbol", "applied", "loose", "number"),
    *("options", "rule", "slope", "written", "Recorded", "recorded", "untouched"),
}


@pytest.mark.parametrize("name", _MOVED)
def test_a_name_that_has_moved_still_works_and_says_where_it_is(name):
    words = f"autograd.{name} has moved: from autograd.{_MOVED[name]} import {name}"
    with pytest.warns(DeprecationWarning, match=f"^{re.escape(words)}$") as caught:
        found = getattr(autograd, name)
    assert [warning.filename for warning in caught] == [__file__]
    space = {}
    exec(words.partition(": ")[2], space)  # the advice is code that runs
    assert found is space[name]
    with pytest.warns(DeprecationWarning, match=f"autograd.{name} has moved"):
        exec(f"from autograd import {name}", {})


@pytest.mark.parametrize("wing", sorted(_WINGS))
def test_a_wing_is_there_without_being_imported(wing):
    code = f"import autograd; print(hasattr(autograd, 'nothing'), autograd.{wing}.__name__)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", f"autograd.{wing}"]


def test_names_with_an_underscore_load_nothing():
    code = "import autograd, sys; print(hasattr(autograd, '_anything'), 'numpy' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_all_names_that_have_moved_are_known():
    assert _MOVED.keys() == FORMER_NAMES
    assert _MOVED.keys().isdisjoint({*_HOMES, *FUNCTIONS})


def test_a_star_import_gives_the_public_names_and_no_others():
    space = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec("from autograd import *", space)
    hiding = {name for name in {*_HOMES, *FUNCTIONS} if name in dir(__import__("builtins"))}
    assert {"sum", "max", "compile"} < hiding
    assert space.keys() - {"__builtins__"} == {*_HOMES, *FUNCTIONS} - hiding


def test_dir_lists_the_public_names():
    listed = {name for name in dir(autograd) if name[0] != "_"}
    assert {*_HOMES, *FUNCTIONS} <= listed
    assert listed.isdisjoint(_MOVED)
    assert dir(autograd) == sorted(dir(autograd))


@pytest.mark.parametrize("name", sorted({*_HOMES, *FUNCTIONS}))
def test_a_public_name_is_that_of_its_wing(name):
    wing = importlib.import_module(f"autograd.{_HOMES.get(name, 'ops')}")
    assert getattr(autograd, name) is getattr(wing, name)


def test_type_checkers_see_what_is_there():
    """What stands under TYPE_CHECKING says the same as the tables that names are loaded by."""
    tree = ast.parse(Path(autograd.__file__).read_text(encoding="utf-8"))
    block = next(x for x in tree.body if isinstance(x, ast.If) and "TYPE_CH" in ast.unparse(x.test))
    single, starred = {}, set()
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        assert node.level == 1
        for alias in node.names:
            if alias.name == "*":
                starred |= {*importlib.import_module(f"autograd.{node.module}").__all__}
            else:
                assert alias.asname == alias.name  # without it, it is no export
                single[alias.name] = node.module
    assert single == {**_HOMES, **_MOVED}
    assert starred == FUNCTIONS


@pytest.mark.parametrize("name", ["Valeu", "numpy", "__path_hooks__", "engines", "_missing"])
def test_an_unknown_name_is_refused_as_python_does_it(name):
    message = f"^module 'autograd' has no attribute '{name}'$"
    with pytest.raises(AttributeError, match=message) as refused:
        getattr(autograd, name)
    assert (refused.value.name, refused.value.obj) == (name, autograd)
    with pytest.raises(ImportError, match=f"cannot import name '{name}' from 'autograd'"):
        exec(f"from autograd import {name}", {})


IN_PYTHON_3_12 = pytest.mark.skipif(sys.version_info < (3, 12), reason="Python learned it in 3.12")


@pytest.mark.parametrize(
    "code",
    [
        "import autograd; autograd.Valeu",
        pytest.param("from autograd import Valeu", marks=IN_PYTHON_3_12),
    ],
)
def test_python_says_what_may_have_been_meant(code):
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "Did you mean: 'Value'?" in done.stderr


def test_the_packages_have_one_version():
    assert nn.__version__ is viz.__version__ is autograd.__version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "autograd.__version__"}
    tree = ast.parse(Path(autograd.__file__).read_text(encoding="utf-8"))
    written = [x.value for x in tree.body if "__version__" in ast.unparse(x).split(" = ")]
    assert [ast.literal_eval(x) for x in written] == [autograd.__version__]  # what setuptools reads
