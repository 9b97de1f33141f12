"""Where torch is installed: counterparts of NumPy's functions give the same numbers."""

import numpy as np
import pytest

from autograd.tape.export.torch_functions import (
    _OF_TENSORS,
    _OTHER,
    _SHARED,
    found,
    numpy_dtype,
    torch_dtype,
)

torch = pytest.importorskip("torch")

X = np.array([[0.5, -1.5, 2.0], [-0.25, 0.75, -2.0]])
CALLS = {
    "power": (X * X, 1.5),
    "maximum": (X, 0.0),
    "minimum": (0.5, X),
    "sum": (X, (0, 1)),
    "mean": (X, 0),
    "max": (X, 1),
    "min": (X,),
    "prod": (X, (-1, 0)),
    "squeeze": (X[:1], 0),
    "cumsum": (X, 1),
    "cumprod": (X, 0),
    "where": (X > 0, X, 1.5),
    "clip": (X, -1.0, 1.0),
    "heaviside": (np.array([-1.0, 0.0, 2.0, np.nan]), 0.25),
    "pad": (X, ((1, 0), (0, 2)), "constant"),
    "transpose": (X,),
    "moveaxis": (X, 0, -1),
    "swapaxes": (X, 0, 1),
    "reshape": (X, (3, -1)),
    "expand_dims": (X, 1),
    "flip": (X, 0),
    "concatenate": ([X, X], 1),
    "stack": ([X, X], 1),
    "zeros_like": (X,),
    "ones_like": (X,),
}


OPTIONS = {"sum": {"keepdims": True}, "max": {"keepdims": True}}


def in_torch(x):
    if isinstance(x, list):
        return list(map(in_torch, x))
    return torch.tensor(x) if isinstance(x, np.ndarray) else x


@pytest.mark.parametrize("name", CALLS)
def test_the_counterpart_gives_the_same_numbers(name):
    options = OPTIONS.get(name, {})
    ours = getattr(np, name)(*CALLS[name], **options)
    theirs = found(name)(*map(in_torch, CALLS[name]), **options)
    np.testing.assert_allclose(theirs.numpy(), ours, rtol=1e-15)


@pytest.mark.parametrize("name", sorted(_SHARED | _OF_TENSORS | _OTHER.keys()))
def test_every_name_that_is_listed_has_a_counterpart(name):
    assert callable(found(name))


def test_what_torch_does_not_have_is_not_found():
    assert found("real_if_close") is None


def test_types_have_the_same_names():
    for kind in (np.float32, np.float64, np.int64, np.bool_):
        assert numpy_dtype(torch_dtype(kind)) == np.dtype(kind)


def test_the_step_has_a_derivative_which_is_zero():
    x = torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
    found("heaviside")(x, 0.5).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.0]
