"""The borders between wings, and the habits of files, hold because they are tested."""

import ast
import builtins
import importlib
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from autograd import Op
from autograd.pickles import _FORMER

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("autograd", "nn", "viz")

# What each wing imports, no more and no less, those without imports first. A wing is a folder, or
# a file beside the folders. Each wing stands below those that it imports.
BORDERS = {
    "autograd": {
        "dialects": "",
        "errors": "",
        "pickles": "",
        "showing": "",
        "texts": "",
        "files": "texts",
        "ops": "dialects errors pickles showing texts",
        "engine": "dialects errors ops pickles showing texts",
        "formulas": "ops pickles texts",
        "functional": "engine errors ops pickles",
        "tape": "engine errors files formulas ops pickles showing texts",
        "checking": "engine errors formulas ops pickles showing tape texts",
        "jit": "engine errors functional ops pickles tape texts",
        "strategies": "checking ops",
        "pytest_plugin": "checking engine errors ops",
        "__init__": "checking dialects engine errors formulas functional jit ops pickles tape",
        "__main__": "__init__ checking engine errors ops",
    },
    "nn": {
        "frozen_layers": "",
        "randomness": "",
        "init": "randomness",
        "inspection": "",
        "losses": "",
        "optim": "",
        "state_dict": "",
        "module": "inspection state_dict",
        "layers": "init module randomness",
        "models": "layers module randomness",
        "saving": "module optim state_dict",
        "health": "frozen_layers inspection layers",
        "training": "frozen_layers health inspection losses module optim randomness saving "
        "state_dict",
        "preflight": "health inspection losses optim training",
        "estimators": "init layers losses module optim training",
        "__init__": "estimators health init layers losses models module optim preflight "
        "randomness saving training",
    },
    "viz": {
        "expression": "",
        "names": "",
        "given": "names",
        "moments": "names",
        "pictures": "given moments names",
        "plots": "",
        "pages": "given moments names pictures",
        "shows": "moments names pictures plots",
        "__init__": "moments pages pictures plots shows",
        "__main__": "expression pages",
    },
}
PUBLIC_WINGS = set(BORDERS["autograd"]) - {"pytest_plugin", "__init__"}
UNKNOWN = "a module that is named at run time"


def files(*packages):
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


EVERY_FILE = files(*PACKAGES, "tests", "benchmarks", "examples")


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def named(paths):
    return pytest.mark.parametrize(
        "path", paths, ids=[str(path.relative_to(ROOT)) for path in paths]
    )


@cache
def imports(path):
    """List (module, name or None) of all imports of a file, those inside functions too."""
    here = path.relative_to(ROOT).with_suffix("").parts
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = here[: len(here) - node.level] if node.level else ()
            module = ".".join([*start, *filter(None, [node.module])])
            found += [(module, alias.name) for alias in node.names]
        elif isinstance(node, ast.Call) and is_importing(node.func):
            place = node.args[0] if node.args else None
            is_plain = isinstance(place, ast.Constant) and not place.value.startswith(".")
            found.append((place.value if is_plain else UNKNOWN, None))
    return found


def is_importing(function):
    return ast.unparse(function).rpartition(".")[2] in ("import_module", "__import__")


def wing_of(path):
    """Name the wing that a file is in: that of a folder, or the file itself."""
    return path.relative_to(ROOT).with_suffix("").parts[1]


def wing_imported(package, module, name):
    """Name the wing of a package that an import reaches; None if it reaches something else."""
    first, *rest = module.split(".")
    if first != package:
        return None
    if rest:
        return rest[0]
    place = ROOT / package / str(name)
    return name if place.is_dir() or place.with_suffix(".py").exists() else "__init__"


def edges(package):
    found = {}
    for path in files(package):
        wing = wing_of(path)
        reached = {wing_imported(package, *x) for x in imports(path)} - {wing, None}
        found.setdefault(wing, set()).update(reached)
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_wings_import_what_the_borders_say(package):
    allowed = {wing: set(others.split()) for wing, others in BORDERS[package].items()}
    assert edges(package) == allowed


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_flow_one_way(package):
    above = set()
    for wing, others in BORDERS[package].items():
        assert set(others.split()) <= above
        above.add(wing)


@named(files(*PACKAGES))
def test_a_wing_is_entered_by_its_door(path):
    """Other wings are imported from as a whole: what is in which file is their own affair."""
    package, *_ = path.relative_to(ROOT).parts
    for module, name in imports(path):
        first, *rest = module.split(".")
        inside = package == first and rest[:1] in ([], [wing_of(path)])
        if first not in PACKAGES or inside or wing_of(path) == "__init__":
            continue
        assert len(rest) <= 1, f"{module}: import {name} from {'.'.join([first, *rest[:1]])}"
        if first != package:
            assert first == "autograd", f"{path.name} imports {module}"
            assert not rest or rest[0] in PUBLIC_WINGS, f"{module} is not public"
        door = importlib.import_module(module)
        assert name in exported(door), f"{module} does not export {name}"


def exported(module):
    """List what a module exports: the names of its ``__all__``, and those of builtins."""
    if not hasattr(module, "__all__"):
        return {name for name in vars(module) if not name.startswith("_")}
    hidden = {name for name in vars(builtins) if isinstance(vars(module).get(name), Op)}
    if module.__name__ in ("autograd", "autograd.jit"):
        hidden.add("compile")
    if module.__name__ == "autograd.ops":
        hidden.add("elementwise")  # the compiled loop reads this file
    if "." not in module.__name__:
        hidden |= set(BORDERS[module.__name__])
    return {*module.__all__, *hidden}


@named(files(*PACKAGES))
def test_modules_are_imported_by_names_that_stand_in_the_code(path):
    by_name = {"autograd/__init__.py", "autograd/pickles.py"}  # they load what they are asked for
    if str(path.relative_to(ROOT)) not in by_name:
        assert UNKNOWN not in {module for module, _ in imports(path)}


@named(files("autograd", "nn", "viz"))
def test_packages_know_only_what_stands_below_them(path):
    package = path.relative_to(ROOT).parts[0]
    allowed = {"autograd": {"autograd"}, "nn": {"autograd", "nn"}, "viz": {"autograd", "viz"}}
    known = {module.split(".")[0] for module, _ in imports(path)} & set(PACKAGES)
    assert known <= allowed[package]


def loaded_by(code, first="pass"):
    """List the modules that some code loads after some other."""
    new = "print(*set(sys.modules) - before)"
    code = f"import sys; {first}; before = set(sys.modules); {code}; {new}"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("package", ["autograd", "autograd.pytest_plugin", "autograd.errors"])
def test_nothing_is_loaded_before_it_is_asked_for(package):
    """Every pytest run on a machine where stepgrad is installed imports these."""
    loaded = {name.split(".")[0] for name in loaded_by(f"import pytest, {package}")}
    assert "numpy" not in loaded
    ours = {x for x in loaded_by(f"import {package}") if x.split(".")[0] == "autograd"}
    assert ours <= {"autograd", "autograd.errors", "autograd.pickles", package}


def test_a_value_needs_no_more_than_the_table_and_the_engine():
    loaded = loaded_by("from autograd import Value, Tensor")
    found = {name.split(".")[1] for name in loaded if name.startswith("autograd.")}
    assert found == {"dialects", "errors", "pickles", "showing", "texts", "ops", "engine"}


@pytest.mark.parametrize("names", ["autograd", "autograd.jit, autograd.checking", "nn"])
def test_importing_brings_in_numpy_and_nothing_else(names):
    loaded = {name.split(".")[0] for name in loaded_by(f"import {names}", "import numpy.random")}
    assert loaded - sys.stdlib_module_names <= {"autograd", "nn", "numpy"}


def wings(*packages):
    """List the modules that export something: packages, their folders, and files beside them."""
    for package in packages:
        yield package
        for path in sorted((ROOT / package).iterdir()):
            if (path / "__init__.py").exists():
                yield f"{package}.{path.name}"


WINGS = list(wings(*PACKAGES))


@pytest.mark.parametrize("name", WINGS)
def test_the_public_list_is_sorted_and_complete(name):
    module = importlib.import_module(name)
    inside = {path.stem for path in Path(module.__file__).parent.iterdir()}
    inside |= {place.removeprefix(f"{name}.") for place in _FORMER}  # if an old pickle was read
    public = {
        name
        for name, thing in vars(module).items()
        if name.isidentifier()  # pytest leaves names in the modules of a plugin's package
        and not name.startswith("_")
        and not (name in inside and isinstance(thing, ModuleType))
        and not hasattr(builtins, name)
    } - {"TYPE_CHECKING", "Any", "builtins"}
    if name != "autograd":  # it has names only once they were asked for
        assert set(module.__all__) == public


@pytest.mark.parametrize("name", WINGS)
def test_a_star_import_hides_no_builtin(name):
    space = {}
    exec(f"from {name} import *", space)
    assert set(vars(builtins)).isdisjoint(space.keys() - {"__builtins__", "__doc__"})


def test_every_file_opens_with_one_plain_sentence():
    def opens_so(path):
        docstring = ast.get_docstring(tree(path))
        return docstring and docstring.split("\n")[0].endswith((".", "?"))

    assert [path for path in EVERY_FILE if not opens_so(path)] == []


TABLES = {"elementwise.py"}  # one row after another: as long as there are functions


def code_lines(path):
    """List the lines of code: neither blank, nor comments, nor docstrings."""
    text = path.read_text(encoding="utf-8")
    lines = {
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.strip().startswith("#")
    }
    for node in ast.walk(tree(path)):
        body = getattr(node, "body", None)
        if isinstance(body, list) and isinstance(body[0], ast.Expr):
            docstring = body[0]
            if isinstance(docstring.value, ast.Constant):
                lines -= set(range(docstring.lineno, docstring.end_lineno + 1))
    return lines


@named([path for path in files(*PACKAGES) if path.name not in TABLES])
def test_a_file_past_250_lines_of_code_is_doing_two_things(path):
    assert len(code_lines(path)) <= 250


def test_nobody_uses_names_of_former_versions():
    """They are there for pickles, and what they give is not the module itself."""

    def uses_some(path):
        used = {module for module, _ in imports(path)}
        used |= {f"{module}.{name}" for module, name in imports(path) if module not in PACKAGES}
        return not used.isdisjoint(_FORMER)

    found = [path.name for path in EVERY_FILE if uses_some(path)]
    assert found == ["test_former_versions.py"]


def test_tests_have_no_packages():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_the_map_in_contributing_is_the_tree():
    """Every wing stands in the map, and what stands there exists."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = text.partition("## Where things are")[2].split("```")[1].strip("\n")
    mapped = {}
    for line in block.splitlines():
        names = re.split(r"\s{3,}", line.strip())[0].split()
        if not line.startswith(" "):
            inside = mapped[names[0].strip("/")] = set()
            folder = ROOT / names[0]
            assert folder.is_dir()
        else:
            inside.update(name.strip("/") for name in names)
            for name in names:
                assert (folder / name).is_dir() or (folder / f"{name}.py").is_file(), name
    for package in PACKAGES:
        assert set(BORDERS[package]) - {"__init__", "__main__"} <= mapped[package]
