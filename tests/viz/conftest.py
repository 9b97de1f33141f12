"""What several tests of pictures need: formulas as numbers, and a machine without `dot`."""

import sysconfig

import pytest

from autograd import OPS
from autograd.formulas import Symbol


def _computed(formula, known, table=OPS):
    if not isinstance(formula, Symbol):
        return formula
    if formula.op is None:
        return known[formula.name]
    operands = [_computed(x, known, table) for x in formula.operands]
    return table[formula.op.name](*operands, **formula.params)


@pytest.fixture(scope="session")
def computed():
    """Compute a formula as the tree that it is, from what its names stand for."""
    return _computed


@pytest.fixture
def nothing_to_draw_with(monkeypatch, tmp_path_factory):
    """Hide the system's `dot` and the one of graphviz-pure."""
    nowhere = str(tmp_path_factory.mktemp("nowhere"))
    monkeypatch.setenv("PATH", nowhere)
    monkeypatch.setattr(sysconfig, "get_path", lambda _: nowhere)
