"""What every test run needs: Hypothesis profiles, and proof that the right `autograd` is tested."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

import autograd
from autograd.engine import leaving
from autograd.jit import noticing

settings.register_profile("quick", max_examples=5, deadline=None)
settings.register_profile("dev", max_examples=30, deadline=None)
settings.register_profile("ci", max_examples=150, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=1500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def nodes_are_as_in_a_new_process(monkeypatch):
    """Let no test inherit what many recordings leave behind."""
    monkeypatch.setattr(noticing, "_changes", 0)
    yield
    noticing._exchange(noticing._PLAIN)


@pytest.fixture(autouse=True)
def every_test_is_told(monkeypatch):
    """Warn in each test, not in the first one alone, of a node that becomes a plain number."""
    monkeypatch.setattr(leaving, "_told", False)


def pytest_sessionstart():
    found = Path(autograd.__file__).resolve()
    if found.parents[1] != CHECKOUT:
        pytest.exit(
            f"These tests belong to the package autograd in {CHECKOUT}, but Python imports the one "
            f"in {found.parent}. The PyPI project autograd has the same name: uninstall it, or run "
            "the tests in an environment of their own.",
            returncode=pytest.ExitCode.USAGE_ERROR,
        )


# Tests and what they import stay to the end: the garbage collector need not look at them, neither
# while they are collected nor later, which saves a fifth of all time.
gc.disable()


def pytest_collection_finish():
    gc.freeze()
    gc.enable()
