"""A module is anything that holds parameters; it finds them by looking at its own attributes."""

from collections.abc import Iterator, Mapping
from reprlib import recursive_repr
from textwrap import indent
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd import Node, Scope

from .inspection import Inspected, calls

T = TypeVar("T")


class Module(Inspected):
    """Base of all models: write ``forward``, keep leaves in attributes, and call the object.

    A leaf node stored in an attribute, or in a list, tuple or dict of one, is a parameter; so are
    the parameters of modules stored there. A constant leaf is a frozen parameter, or a buffer;
    numbers and arrays are neither.

    Attributes
    ----------
    training : bool
        Whether it is being trained: some layers compute something else then.
    buffers : tuple of str
        Names of attributes with constant leaves that are saved with the model, but never trained.
        A subclass that has any lists them.

    Examples
    --------
    >>> from autograd import Value
    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...
    ...     def forward(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line(3.0).data
    7.0
    >>> [name for name, _ in line.named_parameters()]
    ['slope', 'offset']
    """

    training: bool = True
    buffers: ClassVar[tuple[str, ...]] = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run ``forward``; the nodes it makes remember this call as their `Scope`."""
        with Scope(type(self).__name__):
            y = self.forward(*args, **kwargs)
        made = calls.get()
        if made is not None:
            made.append((self, y))
        return y

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; every subclass has its own."""
        raise NotImplementedError(f"{type(self).__name__}: write its forward(self, ...).")

    def parameters(self) -> list[Node]:
        """List the leaves that training may change, each once."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_parameters(self) -> Iterator[tuple[str, Node]]:
        """Yield parameters with their dotted paths, such as ``layers.0.weight``, each once.

        Yields
        ------
        (str, Node)
        """
        known: set[Node] = set()
        for path, leaf in self.named_leaves():
            if not leaf.constant and leaf not in known:
                known.add(leaf)
                yield path, leaf

    def named_buffers(self) -> Iterator[tuple[str, Node]]:
        """Yield leaves that are saved but never trained, with their dotted paths.

        Yields
        ------
        (str, Node)
        """
        for path, module in self.named_modules():
            for name in module.buffers:
                yield _joined(path, name), getattr(module, name)

    def named_leaves(self) -> Iterator[tuple[str, Node]]:
        """Yield parameters, frozen or not, and buffers: under each of their dotted paths.

        Yields
        ------
        (str, Node)
        """
        for path, module in self.named_modules():
            for name, leaf in _parts(module, Node):
                if leaf.op is None:
                    yield _joined(path, name), leaf

    def named_modules(self) -> Iterator[tuple[str, "Module"]]:
        """Yield this module, under the name ``""``, and all modules in it, each once.

        Yields
        ------
        (str, Module)
        """
        entered = set()
        stack: list[tuple[str, Module]] = [("", self)]
        while stack:
            path, module = stack.pop()
            if id(module) not in entered:
                entered.add(id(module))
                yield path, module
                parts = [(_joined(path, name), part) for name, part in _parts(module, Module)]
                stack += reversed(parts)

    def train(self, mode: bool = True) -> Self:
        """Tell this module, and all in it, that they are being trained."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Tell this module, and all in it, that they are being used: ``train(False)``."""
        return self.train(False)

    def freeze(self) -> Self:
        """Make constants of all parameters, so that no gradient reaches them."""
        for parameter in self.parameters():
            parameter.constant = True
        return self

    def unfreeze(self) -> Self:
        """Make parameters again of all constants that are not buffers."""
        buffers = {leaf for _, leaf in self.named_buffers()}
        for _, leaf in self.named_leaves():
            leaf.constant = leaf in buffers
        return self

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Copy the numbers of all parameters, frozen or not, and buffers, by their paths."""
        return {path: np.array(leaf.data) for path, leaf in self.named_leaves()}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> None:
        """Take over numbers that `state_dict` gave, here or in PyTorch.

        Parameters
        ----------
        state : mapping from str to array_like
        strict : bool
            Whether the names must be the same; without it, those that both have are taken.

        Raises
        ------
        ValueError
            If names or shapes differ: it lists all that do, and nothing is changed.
        """
        leaves = dict(self.named_leaves())
        faults = [f"{path} is missing" for path in leaves if strict and path not in state]
        faults += [f"{path} is not known here" for path in state if strict and path not in leaves]
        found = {path: np.asarray(state[path]) for path in leaves if path in state}
        for path, array in found.items():
            shape = np.shape(leaves[path].data)
            if array.shape != shape:
                faults.append(f"{path} has shape {array.shape}, here {shape}")
        if faults:
            raise ValueError(
                f"load_state_dict: {'; '.join(faults)}. Give the state of a model of the same "
                "layers, or take what fits by strict=False."
            )
        for path, array in found.items():
            leaves[path].data = array

    def zero_grad(self) -> None:
        """Forget all gradients: every ``grad`` is None again."""
        for parameter in self.parameters():
            parameter.grad = None

    def extra_repr(self) -> str:
        """Say in a few words what this module is; empty to show its parts instead."""
        return ""

    @recursive_repr()
    def __repr__(self) -> str:
        name, extra = type(self).__name__, self.extra_repr()
        if extra:
            return f"{name}({extra})"
        lines = [f"({path}): {part!r}" for path, part in _parts(self, Module)]
        if not lines:
            return f"{name}()"
        return f"{name}(\n" + indent("\n".join(lines), "  ") + "\n)"


def _parts(module: Module, kind: type[T]) -> list[tuple[str, T]]:
    """List objects of a kind in the attributes of a module and the containers in them."""
    found = []
    entered = set()
    stack: list[tuple[str, Any]] = [("", vars(module))]
    while stack:
        path, thing = stack.pop()
        if isinstance(thing, kind):
            found.append((path, thing))
        elif isinstance(thing, dict | list | tuple) and id(thing) not in entered:
            entered.add(id(thing))
            items = thing.items() if isinstance(thing, dict) else enumerate(thing)
            stack += reversed([(_joined(path, str(key)), part) for key, part in items])
    return found


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
