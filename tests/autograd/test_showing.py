"""Objects give their repr, and what a painter of their class adds."""

import pytest

from autograd import Value, showing, tanh


class Thing:
    """Something that shows itself."""

    _repr_mimebundle_ = showing.bundle

    def __repr__(self):
        return "a thing"


class Other(Thing):
    """Something that follows from it."""


NAME = f"{__name__.partition('.')[0]}.Thing"


@pytest.fixture
def painted(monkeypatch):
    """Let things be painted by some function."""
    monkeypatch.setattr(showing, "_painters", {})
    return lambda paint: showing.register(NAME, paint)


def test_where_nobody_paints_it_is_its_repr(painted):
    assert Thing()._repr_mimebundle_(include=None, exclude=None) == {"text/plain": "a thing"}
    assert Value(2.0)._repr_mimebundle_() == {"text/plain": "Value(2.0)"}
    assert tanh._repr_mimebundle_() == {"text/plain": "<op tanh>"}


def test_a_painter_adds_to_the_repr_of_its_class_and_those_that_follow(painted):
    painted(lambda thing: {"text/html": "<b>thing</b>", "text/plain": "else"})
    for thing in (Thing(), Other()):
        assert thing._repr_mimebundle_() == {"text/html": "<b>thing</b>", "text/plain": "a thing"}
    assert Value(2.0)._repr_mimebundle_() == {"text/plain": "Value(2.0)"}


def test_a_painter_that_fails_breaks_no_cell(painted):
    painted(lambda thing: 1 / 0)
    assert Thing()._repr_mimebundle_() == {"text/plain": "a thing"}
