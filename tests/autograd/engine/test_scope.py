"""A scope is entered and left like any block: nested, after errors, and in each thread alone."""

import contextvars
import copy
import pickle
import threading

import pytest

from autograd import GraphError, Scope, Value, gradients


def scope_now():
    return Value(0.0).scope


def test_scopes_nest_and_are_left_again():
    assert scope_now() is None
    with Scope("outer") as outer:
        assert scope_now() is outer
        with Scope("inner") as inner:
            assert scope_now() is inner
            assert inner.outer is outer
        assert scope_now() is outer
    assert scope_now() is None
    assert outer.outer is None


def leave_with_an_error():
    with Scope("outer"), Scope("inner"):
        raise KeyError("inside")


def test_an_error_leaves_the_scope():
    with pytest.raises(KeyError):
        leave_with_an_error()
    assert scope_now() is None


def test_threads_do_not_see_each_others_scope():
    found = []
    with Scope("main") as scope:
        thread = threading.Thread(target=lambda: found.append(scope_now()))
        thread.start()
        thread.join()
        assert scope_now() is scope
    assert found == [None]


def test_a_scope_is_one_block_of_code():
    scope = Scope("once")
    with scope:
        pass
    with (
        pytest.raises(GraphError, match=r"^Scope 'once' was entered before\. Make a new one"),
        scope,
    ):
        pass


def test_a_scope_is_not_entered_inside_itself():
    scope = Scope("self")

    def twice():
        with scope, scope:
            pass

    context = contextvars.copy_context()
    with pytest.raises(RuntimeError):
        context.run(twice)
    assert context.run(scope_now) is None


def test_copies_and_pickles_forget_what_was_called():
    with Scope("call", called=[]) as scope:
        pass
    for again in (copy.deepcopy(scope), pickle.loads(pickle.dumps(scope))):
        assert (again.name, again.called) == ("call", None)


def test_gradients_are_made_in_a_scope_that_names_them():
    x = Value(2.0)
    (slope,) = gradients(x**3, [x])
    assert (slope.scope.name, slope.scope.called) == ("gradients", gradients)
    assert scope_now() is None
