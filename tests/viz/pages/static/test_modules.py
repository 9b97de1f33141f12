"""The modules of the page, by themselves and joined: node runs the tests of those that are pure."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

from viz.pages.page import bundle, static

HERE = Path(__file__).parent
SOURCES = Path(__file__).parents[4] / "viz" / "pages" / "static"
OF_PLAYGROUND = sorted(f"playground/{path.name}" for path in SOURCES.glob("playground/*.js"))
OF_STEPPER = sorted(path.name for path in SOURCES.glob("*.js"))
BUNDLES = {"stepper.js": OF_STEPPER, "playground/playground.js": [*OF_PLAYGROUND, "store.js"]}
MODULES = [*OF_STEPPER, *OF_PLAYGROUND]
each_bundle = pytest.mark.parametrize("name", BUNDLES)
TOP_LEVEL = re.compile(
    r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) (\w+)", re.MULTILINE
)
IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "(\.\.?/\w+\.js)";$', re.MULTILINE)


def needed_by(module):
    """Yield the names that a module imports, and from which."""
    for names, place in IMPORT.findall(static(module)):
        yield names.split(", "), normpath(join(dirname(module), place))


@pytest.fixture
def node():
    found = shutil.which("node")
    if found is None:
        problem = "no node on this machine: apt-get install nodejs"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(problem)

    def run(*arguments):
        done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    return run


def test_the_pure_modules_pass_their_tests(node):
    node("--test", *map(str, HERE.rglob("*.test.mjs")))


@each_bundle
def test_the_bundle_is_one_module_that_node_can_parse(node, tmp_path, name):
    path = tmp_path / "bundle.mjs"
    path.write_text(bundle(name), encoding="utf-8")
    node("--check", str(path))


@each_bundle
def test_no_two_modules_use_a_name_at_the_top_level(name):
    names = [name for module in BUNDLES[name] for name in TOP_LEVEL.findall(static(module))]
    assert {"memoryStore", {"stepper.js": "mount"}.get(name, "mountPlayground")} <= set(names)
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_what_another_one_exports_and_in_the_form_that_is_joined(module):
    source = static(module)
    assert len(re.findall(r"^import\b", source, re.MULTILINE)) == len(IMPORT.findall(source))
    for names, of in needed_by(module):
        for name in names:
            assert re.search(rf"^export (function|class|const) {name}\b", static(of), re.MULTILINE)


@each_bundle
def test_the_bundle_holds_each_module_once_after_what_it_needs(name):
    text = bundle(name)
    places = {}
    for module in BUNDLES[name]:
        opening = static(module).partition("\n")[0]
        assert text.count(opening) == 1
        places[module] = text.index(opening)
    for module in BUNDLES[name]:
        for _, needed in needed_by(module):
            assert places[needed] < places[module]
    assert "import {" not in text
    exported = re.findall(r"^export \w+", text, re.MULTILINE)
    assert exported == re.findall(r"^export \w+", static(name), re.MULTILINE)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_opens_with_why_it_exists_and_stays_small(module):
    first, *rest = static(module).splitlines()
    assert re.fullmatch(r"// [A-Z].*[.?]", first)
    assert len(rest) < 250
