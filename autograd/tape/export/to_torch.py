"""Makes a recorded program a function of torch."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..program import Code
from .numpy_dispatch import Foreign, arguments, run


def to_torch(code: Code) -> Callable[..., list[Any]]:
    """Make a function of torch of a program.

    The program is run once, on the numbers that were recorded, while torch writes down which of
    its functions are called: these are what is called later.

    Raises
    ------
    ImportError
        If torch is not installed.
    GraphError
        If an op uses a function that has no counterpart in torch.
    """
    try:
        import torch
        from torch.fx.experimental.proxy_tensor import make_fx
    except ImportError:
        raise ImportError("to_torch needs torch: pip install torch") from None
    names = code.names[len(code.inputs) :]
    params = {name: _tensor(x._held) for name, x in zip(names, code.leaves, strict=True)}

    def program(*numbers: Any) -> list[Any]:
        return run(code, "to_torch", numbers, _Torch)

    given = [_tensor(x._held) for x in code.inputs]
    with torch.no_grad():
        module = make_fx(program)(*given, *params.values())

    def f(*inputs: Any, params: Any = None) -> list[Any]:
        held = f.params if params is None else params  # type: ignore[attr-defined]
        return module(*map(_tensor, arguments(code, inputs, held)))  # type: ignore[no-any-return]

    f.params = params  # type: ignore[attr-defined]
    f.module = module  # type: ignore[attr-defined]
    return f


class _Torch(Foreign):
    __slots__ = ()

    @classmethod
    def of(cls, x: Any) -> Foreign:
        return cls(_tensor(x))

    @staticmethod
    def function(name: str) -> Callable[..., Any] | None:
        from .torch_functions import found

        return found(name)

    @staticmethod
    def is_array(x: Any) -> bool:
        import torch

        return isinstance(x, torch.Tensor)

    def picked(self, index: tuple[Any, ...]) -> Any:
        if all(map(_is_basic, index)):
            return self.held[index]
        places = self._places(index)
        return self.held.reshape(-1)[_tensor(places.reshape(-1))].reshape(places.shape)

    def changed(self, index: tuple[Any, ...], x: Any, add: bool) -> Any:
        import torch

        places = self._places(index)
        flat = torch.broadcast_to(x, places.shape).reshape(-1)
        where = (_tensor(places.reshape(-1)),)
        return self.held.reshape(-1).index_put(where, flat, add).reshape(self.shape)

    def _places(self, index: tuple[Any, ...]) -> np.ndarray[Any, Any]:
        """Let NumPy find which elements an index means, counted through the whole array."""
        return np.asarray(np.arange(self.size).reshape(self.shape)[index])

    def stopped(self) -> Any:
        return self.held.detach()

    def astype(self, dtype: Any) -> Foreign:
        from .torch_functions import torch_dtype

        return _Torch(self.held.to(torch_dtype(dtype)))

    @property
    def dtype(self) -> np.dtype[Any]:
        from .torch_functions import numpy_dtype

        return numpy_dtype(self.held.dtype)


def _tensor(x: Any) -> Any:
    import torch

    return x if isinstance(x, torch.Tensor) else torch.from_numpy(np.array(x))


def _is_basic(part: Any) -> bool:
    """Whether torch takes a part of an index as NumPy does, and makes no copy."""
    if isinstance(part, slice):
        return part.step is None or part.step > 0
    return part is None or part is ... or (isinstance(part, int) and not isinstance(part, bool))
