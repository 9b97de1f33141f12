"""Sequential: layers in a row."""

from collections.abc import Iterator
from typing import Any

from ..module import Module


class Sequential(Module):
    """Layers in a row: each takes what the one before gives.

    Parameters
    ----------
    *layers : Module
        Their parameters are called ``0.weight``, ``0.bias``, ``1.weight``, ...

    Examples
    --------
    >>> from nn import Linear, Tanh
    >>> model = Sequential(Linear(4, 8, rng=0), Tanh(), Linear(8, 3, rng=1))
    >>> model
    Sequential(
      (0): Linear(4, 8)
      (1): Tanh()
      (2): Linear(8, 3)
    )
    >>> [name for name, _ in model[:2].named_parameters()]
    ['0.weight', '0.bias']
    """

    def __init__(self, *layers: Module) -> None:
        for i, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(
                    f"Sequential: got {layer!r}, a {type(layer).__name__}. Give modules; "
                    "Activation(op) makes one of an op."
                )
            setattr(self, str(i), layer)

    def forward(self, x: Any) -> Any:
        for layer in self:
            x = layer(x)
        return x

    def to_tensors(self) -> "Sequential":
        """Give the same layers on Tensors: of each `Layer` of Values a `Linear` and an activation.

        Layers on Tensors are taken as they are.
        """
        parts = (getattr(layer, "to_tensors", lambda layer=layer: [layer])() for layer in self)
        return Sequential(*(layer for part in parts for layer in part))

    def __iter__(self) -> Iterator[Module]:
        return (part for part in vars(self).values() if isinstance(part, Module))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __getitem__(self, index: int | slice) -> Module:
        layers = list(self)
        return Sequential(*layers[index]) if isinstance(index, slice) else layers[index]
