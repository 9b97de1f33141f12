"""Notebooks are run as they are, with warnings as errors; their sources are no modules."""

import pytest
from percent import SURROUNDINGS

collect_ignore_glob = ["[0-9]*.py"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    with pytest.MonkeyPatch.context() as patch:
        for name, setting in SURROUNDINGS.items():
            patch.setenv(name, setting)
        return (yield)
