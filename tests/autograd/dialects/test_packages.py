"""Who asks our packages for a name of another library is told ours."""

import pytest
from taught import rows

import autograd
import nn
from autograd.dialects import unknown


def test_a_name_of_another_library_is_answered_with_ours():
    for owner, name, way in rows("OF_AUTOGRAD", "OF_NN", "OF_MODELS"):
        assert not hasattr(owner, name), (owner, name)
        with pytest.raises(AttributeError) as error:
            getattr(owner, name)
        assert str(error.value).endswith(f"has no attribute {name!r}. Write {way}")


def test_functions_of_the_root_are_found_from_nn():
    with pytest.raises(
        AttributeError, match=r"^module 'nn' has no attribute 'tanh'. Write autograd"
    ):
        getattr(nn, "tanh")  # noqa: B009


def test_an_import_fails_as_imports_do():
    assert not hasattr(autograd, "no_grad")
    with pytest.raises(ImportError, match="cannot import name 'no_grad'"):
        exec("from autograd import no_grad")


def test_the_first_table_that_knows_a_name_answers():
    tables = {"a": "x"}, {"a": "y", "b": "z"}
    assert str(unknown("this", "a", *tables)) == "this has no attribute 'a'. Write x"
    assert str(unknown("this", "b", *tables, way="w")) == "this has no attribute 'b'. Write z"
    assert str(unknown("this", "c", *tables, way="w")) == "this has no attribute 'c'. Write w"
    assert str(unknown("this", "c", *tables)) == "this has no attribute 'c'"
