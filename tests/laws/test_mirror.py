"""A newcomer finds the tests of a module: they have its name, in the same place of the tree."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("autograd", "nn", "viz")
MODULES = [
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if path.name != "__init__.py"
]


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_has_a_file_of_tests_by_its_name(module):
    tests = ROOT / "tests" / module.with_name(f"test_{module.stem.strip('_')}.py")
    assert tests.exists(), f"write {tests.relative_to(ROOT)}, for {module}"
    assert "\ndef test_" in tests.read_text("utf-8")
