"""NumPy brings arrays of (n, 1) and (n,) to (n, n), and a loss goes wrong without an error."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Tensor
from autograd.engine import numbers_of

_ROWS = 32  # are enough to see it


def about_pairing(
    function: Callable[[Any, Any], Any], shape: tuple[int, ...], y: NDArray[Any]
) -> str | None:
    """Say that a loss or a metric compares each output with all targets, if it does.

    It is tried with numbers of its own in place of outputs, in this shape, as a column and as a
    row; one that brings them to one shape itself is left in peace.

    Parameters
    ----------
    function : callable
        From predictions, a constant Tensor, and targets to one number.
    shape : tuple of int
        Of what the model gives for some samples.
    y : array
        Targets.
    """
    if {shape[1:], y.shape[1:]} != {(), (1,)}:
        return None
    target = y[:_ROWS].reshape(-1)
    output = np.linspace(0.1, 0.9, len(target))  # all different
    forms = [(-1, *shape[1:]), (-1, *y.shape[1:])], [(-1,), (-1,)], [(-1, 1), (-1, 1)]
    try:
        given, of_rows, of_columns = (
            float(
                numbers_of(
                    function(Tensor(output.reshape(form), constant=True), target.reshape(other))
                )
            )
            for form, other in forms
        )
    except Exception:  # it knows what it takes
        return None
    if not np.isclose(of_rows, of_columns) or np.isclose(given, of_rows):
        return None
    named = {(): "(n,)", (1,): "(n, 1)"}
    return (
        f"outputs have shape {named[shape[1:]]} and targets {named[y.shape[1:]]}, and it compares "
        "each output with all targets: arrays of these shapes are broadcast to (n, n). Give "
        f"y.reshape({'-1, 1' if shape[1:] else '-1'})."
    )
