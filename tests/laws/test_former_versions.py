"""What version 0.1 wrote is read as it was meant: pickles, checkpoints, weights and graphs."""

import importlib
import json
import pickle
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import keep_version
import pytest

from autograd import OPS, Graph
from autograd.pickles import _FORMER

pytestmark = pytest.mark.slow  # there are very many

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "tests" / "data" / "version_0_1"
NUMBERS = json.loads((KEPT / "numbers.json").read_text(encoding="utf-8"))
NAMES = json.loads((KEPT / "names.json").read_text(encoding="utf-8"))

# Helpers and a base class, which no pickle names.
GONE = {
    "autograd.checking.examine": {"alike"},
    "autograd.checking.trial": {"PairTrial"},
    "autograd.export.c_terms": {"builtin", "compared", "number"},
    "autograd.export.handover": {"HandOver"},
    "autograd.show": {"as_graph"},
    "autograd.strategies": {"array_options"},
    "autograd.sweep": {"finite"},
    "autograd.watch": {"compared", "equals", "is_true", "passed_through", "read"},
    "autograd.words": {"describe"},
    "nn.losses.classes": {"cost_of_classes", "shares_of_classes"},
    "nn.optim.arithmetic": {"all_finite"},
    "nn.optim.schedules": {"along_cosine", "at_least_one"},
    "viz.folding": {"box_keys"},
    "viz.frames": {"_Flow"},
}
EXTRAS = {
    "autograd.strategies": "hypothesis",
    "nn.estimators": "sklearn",
    "viz.widget": "anywidget",
}


def same(found, expected):
    """Compare what is read from JSON, numbers but for what another machine rounds otherwise."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key, x in expected.items():
            same(found[key], x)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for part, x in zip(found, expected, strict=True):
            same(part, x)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-15, nan_ok=True)
    else:
        assert found == expected


def as_read(facts):
    return json.loads(json.dumps(keep_version.plain(facts)))


@pytest.mark.parametrize("name", keep_version.KEPT)
def test_a_pickle_gives_what_it_held(name):
    if name == "classifier":
        pytest.importorskip("sklearn")
    x = pickle.loads((KEPT / name).with_suffix(".pickle").read_bytes())
    same(as_read(keep_version.FACTS[name](x)), NUMBERS[name])


@pytest.mark.parametrize("name", keep_version.FILES)
def test_a_file_of_numbers_gives_what_it_held(name, tmp_path):
    path = (tmp_path / name).with_suffix(".safetensors")
    path.write_bytes((KEPT / path.name).read_bytes())
    same(as_read(keep_version.FILES[name](path)), NUMBERS[name])


def test_a_pickled_op_is_the_op():
    assert pickle.loads((KEPT / "op.pickle").read_bytes()) is OPS["softplus"]


def test_a_graph_in_json_is_read():
    text = (KEPT / "graph.json").read_text(encoding="utf-8")
    assert "version" not in text
    graph = Graph.from_json(text)
    assert as_read([node.record() for node in graph.nodes]) == NUMBERS["graph"]
    assert graph == pickle.loads((KEPT / "graph.pickle").read_bytes())
    assert graph == Graph(keep_version.two_inputs()[0])


def test_a_fresh_process_reads_the_pickles():
    code = "import pickle, sys\nfor path in sys.argv[1:]: print(pickle.load(open(path, 'rb')))"
    paths = sorted(KEPT.glob("*.pickle"))
    assert [path.stem for path in paths] == sorted(keep_version.KEPT)
    subprocess.run([sys.executable, "-c", code, *paths], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("module", NAMES)
def test_a_module_of_0_1_gives_what_it_gave(module):
    for place, extra in EXTRAS.items():
        if module.startswith(place):
            pytest.importorskip(extra)
    found = importlib.import_module(module)
    missing = {name for name in NAMES[module] if not hasattr(found, name)}
    assert missing == GONE.get(module, set())


@pytest.mark.parametrize("module", _FORMER)
def test_a_former_place_is_one_and_leads_somewhere(module):
    """The table is asked only where there is no file of that name; and there was one."""
    assert not is_there(module)
    assert module in NAMES or any(other.startswith(f"{module}.") for other in NAMES)
    assert all(map(is_there, _FORMER[module].split()))
    package = module.rpartition(".")[0]
    assert is_there(package) or package in _FORMER


def is_there(module):
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def test_what_never_was_is_not_found():
    with pytest.raises(ModuleNotFoundError, match=r"autograd\.never_was"):
        importlib.import_module("autograd.never_was")
    with pytest.raises(AttributeError, match=r"module 'autograd\.frozen' has no attribute 'never'"):
        importlib.import_module("autograd.frozen").never  # noqa: B018
    assert not hasattr(importlib.import_module("autograd.frozen"), "__file__")


HIDING = """
import importlib, sys
import autograd
for name, held in zip({names}, {held}):
    if {is_used}:
        getattr(autograd, name)
    getattr(importlib.import_module("autograd." + name), held)
    assert callable(getattr(autograd, name)), name
"""


@pytest.mark.parametrize("is_used", [False, True])
def test_reading_a_pickle_hides_no_function(is_used):
    """Importing would put a module where users find the function of its name."""
    names = [module.removeprefix("autograd.") for module in _FORMER if hides(module)]
    assert {"noise", "trace", "compile"} < {*names}
    held = [NAMES[f"autograd.{name}"][0] for name in names]
    code = HIDING.format(names=names, held=held, is_used=is_used)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def hides(module):
    package, _, name = module.rpartition(".")
    return not isinstance(getattr(importlib.import_module(package), name, sys), ModuleType)
