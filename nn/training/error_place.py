"""Says where training went out of range: in which epoch, batch and layer."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import AutogradError, DomainError, Tensor
from autograd.texts import quoted

from ..inspection import batch_of, evaluating, is_of_values, type_of
from ..optim import Optimizer

Array = NDArray[Any]


def located(
    error: Exception, epoch: int, batch: int, model: Any, X: Array, optimizer: Optimizer
) -> Exception:
    """Give an error that says where in training it came, and what may help."""
    place = f"fit: epoch {epoch}, batch {batch}"
    advice = "Model and optimizer are as before this batch."
    if isinstance(error, DomainError):
        place += _layer(model, X)
        rate = optimizer.param_groups[0].get("lr", "this")
        advice += f" A smaller rate than lr={rate} may help, or data of a smaller scale."
    optimizer.zero_grad()
    return said_at(place, error, advice)


def said_at(place: str, error: Exception, advice: str = "") -> Exception:
    """Give an error of the same kind that says where it came."""
    if isinstance(error, AutogradError) or type(error) in (TypeError, ValueError):
        words = str(error).removeprefix("fit: ")
        if advice and not words.endswith("."):
            words += "."
        return type(error)(f"{place}: {words} {advice}".strip())
    error.add_note(f"{place} {advice}".strip())
    return error


def of_rows(X: Array) -> str:
    """Say how samples become rows, if each is a single number."""
    if X.ndim > 1:
        return ""
    return (
        f"X has shape {X.shape}, a single number for each sample; to a model that takes rows, give "
        "X.reshape(-1, 1)."
    )


def _layer(model: Any, X: Array) -> str:
    """Name the layer whose output is the first that is not finite, or is the largest."""
    if is_of_values(model):
        return _last_with_such_gradient(model)
    with evaluating(model), np.errstate(all="ignore"):
        found = model.activations(batch_of(X, type_of(model))).items()
    sizes = {
        path: np.abs(np.asarray(y.data)).max()
        for path, y in found
        if isinstance(y, Tensor) and y.size and path not in ("input", "output")
    }
    largest = max(sizes, key=lambda path: np.nan_to_num(sizes[path], nan=np.inf), default="")
    return (
        f", layer {quoted(largest)}, which gives numbers up to {sizes[largest]:.3g}"
        if sizes
        else ""
    )


def _last_with_such_gradient(model: Any) -> str:
    for path, p in reversed(list(model.named_parameters())):
        if p.reached and not np.isfinite(p.grad):
            return f", at the latest in {quoted(path)}"
    return ""
