"""The borders of the packages, and the habits of their files, hold because they are tested."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("autograd", "nn", "viz")

# Each file may import from those before it. node and scope stand side by side.
ORDER = [
    "errors",
    "words",
    "domain",
    "rules",
    "op",
    "ops",
    "shapes",
    "sums",
    "exponentials",
    "products",
    "operand",
    "symbol",
    "scope",
    "watch",
    "node",
    "trace",
    "explain",
    "sweep",
    "backprop",
    "backward",
    "frozen",
    "value",
    "tensor",
    "plain",
    "graph",
    "run",
    "unroll",
    "noise",
    "code",
    "simplify",
    "show",
    "feed",
    "once",
    "lines",
    "levels",
    "numpy",
    "schedule",
    "loop",
    "numba",
    "tensors",
    "identifiers",
    "source",
    "c_terms",
    "c_functions",
    "c",
    "literals",
    "in_place",
    "helpers",
    "python",
    "foreign",
    "jax",
    "torch_functions",
    "torch",
    "handover",
    "tape",
    "recording",
    "alike",
    "randomness",
    "surroundings",
    "arguments",
    "compile",
    "scene",
    "strict",
    "transforms",
    "reference",
    "rerun",
    "subject",
    "trial",
    "verdict",
    "examine",
    "check",
    "program",
    "strategies",
    "pytest_plugin",
]


def files(*packages):
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def names(paths):
    return pytest.mark.parametrize(
        "path", paths, ids=[str(path.relative_to(ROOT)) for path in paths]
    )


def imports(path):
    """Yield (dots, module) of all imports of a file, those inside functions too."""
    for statement in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(statement, ast.ImportFrom):
            if statement.level and not statement.module:
                yield from ((statement.level, alias.name) for alias in statement.names)
            else:
                yield statement.level, statement.module
        elif isinstance(statement, ast.Import):
            yield from ((0, alias.name) for alias in statement.names)


@names([path for path in files("autograd") if path.stem != "__init__"])
def test_imports_inside_autograd_flow_one_way(path):
    assert path.stem in ORDER, f"give {path.name} a place in ORDER"
    for dots, module in imports(path):
        assert module.split(".")[0] not in PACKAGES or dots, f"{module}: import it relatively"
        if dots:
            before = module.split(".")[-1]
            assert ORDER.index(before) < ORDER.index(path.stem), f"{path.name} imports {module}"


@names(files("autograd"))
def test_autograd_knows_neither_nn_nor_viz(path):
    assert {module.split(".")[0] for _, module in imports(path)}.isdisjoint({"nn", "viz"})


@names(files("nn"))
def test_nn_does_not_know_viz(path):
    assert "viz" not in {module.split(".")[0] for _, module in imports(path)}


@names(files("nn", "viz"))
def test_others_import_autograd_from_its_root(path):
    for dots, module in imports(path):
        assert dots or not module.startswith("autograd."), f"{path.name} imports {module}"


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_importing_brings_in_numpy_and_nothing_else(package):
    code = f"""
import sys, numpy.random
before = set(sys.modules)
import {package}
print(*{{name.split(".")[0] for name in set(sys.modules) - before}})
"""
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert set(printed.split()) - sys.stdlib_module_names <= {"autograd", "nn", "numpy"}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_public_list_is_sorted_and_complete(package):
    module = importlib.import_module(package)
    inside = {path.stem for path in (ROOT / package).iterdir()}
    public = {
        name
        for name, thing in vars(module).items()
        if name.isidentifier()  # pytest leaves names in the modules of a plugin's package
        and not name.startswith("_")
        and not (name in inside and isinstance(thing, ModuleType))
    }
    assert module.__all__ == sorted(public, key=constants_then_classes_then_functions)


def constants_then_classes_then_functions(name):
    return not name.isupper(), not name[0].isupper(), name


@names(files(*PACKAGES, "tests", "benchmarks"))
def test_every_file_opens_with_one_plain_sentence(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, "it has no docstring"
    assert docstring.split("\n")[0].endswith((".", "?"))


TABLES = {"ops.py"}  # one row after another: as long as there are functions


@names([path for path in files(*PACKAGES) if path.name not in TABLES])
def test_a_file_past_250_lines_is_doing_two_things(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


def test_tests_have_no_packages():
    assert list((ROOT / "tests").rglob("__init__.py")) == []
