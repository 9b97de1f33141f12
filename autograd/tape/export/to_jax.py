"""Makes a recorded program a function of JAX."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from ..program import Code
from .numpy_dispatch import Foreign, arguments, at_numbers, pairs, run


def to_jax(code: Code) -> Callable[..., list[Any]]:
    """Make a pure function of JAX of a program.

    Raises
    ------
    ImportError
        If jax is not installed.
    GraphError
        If an op uses a function that JAX does not have.
    """
    try:
        import jax
    except ImportError:
        raise ImportError("to_jax needs jax: pip install jax") from None
    names = code.names[len(code.inputs) :]

    def f(*inputs: Any, params: Any = None) -> list[Any]:
        held = f.params if params is None else params  # type: ignore[attr-defined]
        return run(code, "to_jax", arguments(code, inputs, held), _Jax)

    f.params = {  # type: ignore[attr-defined]
        name: jax.numpy.asarray(x._held) for name, x in zip(names, code.leaves, strict=True)
    }
    jax.eval_shape(f, *(x._held for x in code.inputs))  # says now what is missing
    return f


class _Jax(Foreign):
    __slots__ = ()

    @classmethod
    def of(cls, x: Any) -> Foreign:
        from jax import numpy as jnp

        return cls(jnp.asarray(x))

    @staticmethod
    def function(name: str) -> Callable[..., Any] | None:
        from jax import numpy as jnp

        if name in _OTHER:
            return _OTHER[name]
        found = reduce(lambda owner, part: getattr(owner, part, None), name.split("."), jnp)
        return at_numbers(found) if name in _REDUCING else found

    @staticmethod
    def is_array(x: Any) -> bool:
        import jax

        return isinstance(x, jax.Array)

    def picked(self, index: tuple[Any, ...]) -> Any:
        return self.held[index]

    def changed(self, index: tuple[Any, ...], x: Any, add: bool) -> Any:
        place = self.held.at[index]
        return place.add(x) if add else place.set(x)

    def stopped(self) -> Any:
        from jax import lax

        return lax.stop_gradient(self.held)

    def astype(self, dtype: Any) -> Foreign:
        return _Jax(self.held.astype(dtype))

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.held.dtype  # type: ignore[no-any-return]


def _padded(x: Any, widths: Any, mode: str = "constant", **options: Any) -> Any:
    from jax import numpy as jnp

    return jnp.pad(x, pairs(widths, x.ndim), mode, **options)


def _windows(x: Any, size: Any, axis: Any) -> Any:
    """Give what sliding_window_view gives: the axes within a window come last."""
    from jax import numpy as jnp

    for n, k in zip(size, [k % x.ndim for k in axis], strict=True):
        places = np.arange(x.shape[k] - n + 1)[:, None] + np.arange(n)
        x = jnp.moveaxis(jnp.take(x, places, axis=k), k + 1, -1)
    return x


_REDUCING = {"add.reduce", "maximum.reduce", "sum", "mean", "max", "min", "prod", "squeeze"}
_OTHER: dict[str, Callable[..., Any]] = {"pad": _padded, "sliding_window_view": _windows}
