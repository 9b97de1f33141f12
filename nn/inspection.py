"""Shows what goes on in a model: what every layer gives, its shapes, its parameters."""

from collections.abc import Iterator
from contextvars import ContextVar
from math import prod
from typing import Any

import numpy as np

from autograd import Node, Tensor

calls: ContextVar[list[tuple[Any, Any]] | None] = ContextVar("calls", default=None)


class Inspected:
    """What a module can be asked about itself."""

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        """Yield this module and those in it; see `Module`."""
        raise NotImplementedError

    def activations(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Call the module, and keep what every module in it gave, in the order of their calls.

        Returns
        -------
        dict
            First ``input``, the first argument; then outputs by the path of their module, from the
            second call of the same one on with a number, ``path#2``; last ``output``.

        Examples
        --------
        >>> from nn import MLP
        >>> list(MLP(2, [2, 1]).activations([0.5, 1.0]))[:4]
        ['input', 'layers.0.neurons.0', 'layers.0.neurons.1', 'layers.0']
        """
        paths = {id(module): path for path, module in self.named_modules()}
        token = calls.set([])
        try:
            output = self(*args, **kwargs)  # type: ignore[operator]
            made = calls.get() or []
        finally:
            calls.reset(token)
        found = {"input": args[0] if args else None}
        for module, y in made[:-1]:
            path = paths[id(module)]
            again = sum(name.partition("#")[0] == path for name in found)
            found[f"{path}#{again + 1}" if again else path] = y
        return {**found, "output": output}

    def summary(self, input_shape: tuple[int, ...] | int) -> str:
        """Write a table of the modules in it, of the shapes they give and of their parameters.

        Parameters
        ----------
        input_shape : tuple of int, or int
            Shape of one sample, without the axis of the batch.

        Examples
        --------
        >>> from nn import Linear, Sequential, Tanh
        >>> print(Sequential(Linear(2, 3), Tanh(), Linear(3, 1)).summary(2))
        layer  module        output shape  parameters
        0      Linear(2, 3)  (3,)                   9
        1      Tanh()        (3,)                   0
        2      Linear(3, 1)  (1,)                   4
        total                                      13
        """
        sample = (input_shape,) if isinstance(input_shape, int) else tuple(input_shape)
        modules = dict(self.named_modules())
        modes = {path: module.training for path, module in modules.items()}
        for module in modules.values():
            module.training = False
        try:
            found = self.activations(Tensor(np.zeros((1, *sample)), constant=True))
        finally:
            for path, module in modules.items():
                module.training = modes[path]
        rows = [("layer", "module", "output shape", "parameters")]
        for path, y in found.items():
            module = modules.get(path.partition("#")[0])
            if module is not None and not any(p.startswith(f"{path}.") for p in modules):
                count = "again" if "#" in path else f"{_count(module):,}"
                rows.append((path, f"{module!r}", f"{np.shape(y)[1:]}", count))
        rows.append(("total", "", "", f"{_count(modules['']):,}"))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            f"{path:{widths[0]}}  {kind:{widths[1]}}  {shape:{widths[2]}}  {count:>{widths[3]}}"
            for path, kind, shape, count in rows
        )


def _count(module: Any) -> int:
    """Count the numbers that training may change, or that are frozen."""
    buffers = {leaf for _, leaf in module.named_buffers()}
    leaves: set[Node] = {leaf for _, leaf in module.named_leaves()} - buffers
    return sum(prod(np.shape(leaf)) for leaf in leaves)
