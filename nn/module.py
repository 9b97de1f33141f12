"""A module is anything that holds parameters; it finds them by looking at its own attributes."""

from collections.abc import Iterator, Mapping
from reprlib import recursive_repr
from textwrap import indent
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd import Node, Scope
from autograd.dialects import OF_MODELS, answer_keywords, unknown
from autograd.showing import bundle
from autograd.texts import shown

from .inspection import activations, calls, example, summary
from .state_dict import by_path, take_over

T = TypeVar("T")


class Module:
    """Base of all models: write ``forward``, keep leaves in attributes, and call the object.

    A leaf node stored in an attribute, or in a list, tuple or dict of one, is a parameter; so are
    the parameters of modules stored there. A constant leaf is a frozen parameter, or a buffer;
    numbers, arrays and results of ops are neither, and none can be put in a parameter's place.

    Attributes
    ----------
    training : bool
        Whether it is being trained: some layers compute something else then.
    buffer_names : tuple of str
        Attributes with leaves that are saved with the model, but never trained. A subclass that
        has any lists them.

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
    buffer_names: ClassVar[tuple[str, ...]] = ()

    def __setattr__(self, name: str, new: Any) -> None:
        """Set an attribute; what training could not change does not replace what it can.

        Raises
        ------
        TypeError
            If there is a parameter, and a result, an array or a number is to take its place.
        """
        old = vars(self).get(name)
        if isinstance(old, Node | list | tuple | dict):
            self._refuse_to_lose(name, old, new)
        object.__setattr__(self, name, new)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        answer_keywords(cls)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Say what a name of another library is called here; there is none of that name."""
            raise unknown(f"{type(self).__name__!r} object", name, OF_MODELS)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run ``forward``; the nodes it makes remember this call as their `Scope`."""
        with Scope(type(self).__name__, self):
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
        """Yield parameters with their dotted paths, such as ``layers.0.weight``, each once."""
        known = set(self.buffers())
        for path, leaf in self.named_leaves():
            if not leaf.constant and leaf not in known:
                known.add(leaf)
                yield path, leaf

    def buffers(self) -> list[Node]:
        """List the leaves that are saved but never trained."""
        return [leaf for _, leaf in self.named_buffers()]

    def named_buffers(self) -> Iterator[tuple[str, Node]]:
        """Yield leaves that are saved but never trained, with their dotted paths.

        Yields
        ------
        (str, Node)
        """
        for path, module in self.named_modules():
            for name in module.buffer_names:
                yield joined(path, name), getattr(module, name)

    def named_leaves(self) -> Iterator[tuple[str, Node]]:
        """Yield parameters, frozen or not, and buffers: under each of their dotted paths.

        Yields
        ------
        (str, Node)
        """
        for path, module in self._every_module():
            for name, leaf in parts_of(module, Node):
                if leaf.op is None:
                    yield joined(path, name), leaf

    def named_modules(self) -> Iterator[tuple[str, "Module"]]:
        """Yield this module, under the name ``""``, and all modules in it, each once.

        Yields
        ------
        (str, Module)
        """
        known = set()
        for path, module in self._every_module():
            if id(module) not in known:
                known.add(id(module))
                yield path, module

    def train(self, mode: bool = True) -> Self:
        """Tell this module, and all in it, that they are being trained."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Tell this module, and all in it, that they are being used: ``train(False)``."""
        return self.train(False)

    def freeze(self) -> Self:
        """Make constants of all parameters, and forget gradients: none will reach them."""
        for parameter in self.parameters():
            parameter.constant = True
            parameter.grad = None
        return self

    def unfreeze(self) -> Self:
        """Make parameters again of all constants that are not buffers."""
        buffers = set(self.buffers())
        for _, leaf in self.named_leaves():
            leaf.constant = leaf in buffers
        return self

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Copy the numbers of all parameters, frozen or not, and buffers, by their paths."""
        return {path: np.array(leaf.data) for path, leaf in by_path(self).items()}

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
        take_over(by_path(self), state, strict)

    def zero_grad(self) -> None:
        """Forget all gradients, of frozen parameters too: no leaf is ``reached`` any more."""
        for _, leaf in self.named_leaves():
            leaf.grad = None

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
        return activations(self, args, kwargs)

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
        return summary(self, input_shape)

    @property
    def input_shape(self) -> tuple[int, ...] | None:
        """Shape of one sample, where the first layer with parameters tells it; else None."""
        parts = (part for _, part in parts_of(self, Module))
        first = next((part for part in parts if any(part.named_leaves())), None)
        return None if first is None else first.input_shape

    def example(self, x: Any = None) -> list[Node]:
        """Compute what it gives for some input, as when it is used, for pictures of it.

        Parameters
        ----------
        x : array_like, Node or list of Node, optional
            Zeros in the shape of one sample if not given.

        Returns
        -------
        list of Node

        Raises
        ------
        ValueError
            If there is no `x`, and the first layer takes arrays of many shapes.

        Examples
        --------
        >>> from nn import Linear
        >>> (y,) = Linear(2, 3).example()
        >>> y.shape, y.inputs[0].name
        ((1, 3), 'x')
        """
        return example(self, x)

    def extra_repr(self) -> str:
        """Say in a few words what this module is; empty to show its parts instead."""
        return ""

    _repr_mimebundle_ = bundle

    @recursive_repr()
    def __repr__(self) -> str:
        name, extra = type(self).__name__, self.extra_repr()
        if extra:
            return f"{name}({extra})"
        lines = [f"({shown(path)}): {part!r}" for path, part in parts_of(self, Module)]
        if not lines:
            return f"{name}()"
        return f"{name}(\n" + indent("\n".join(lines), "  ") + "\n)"

    def _refuse_to_lose(self, name: str, old: Any, new: Any) -> None:
        leaves = [x for _, x in _contents(old) if isinstance(x, Node) and x.op is None]
        if not leaves:
            return
        is_constant = all(x.constant for x in leaves) and name not in self.buffer_names
        for path, x in _contents(new):
            is_result = isinstance(x, Node) and x.op is not None
            if is_constant and is_result:  # a state that forward computes
                continue
            if is_result or not isinstance(x, Node | Module | None):
                place = joined(name, path) if path else name
                what = f"a result of {x.op.name}" if is_result else f"a {type(x).__name__}"
                raise TypeError(
                    f"{type(self).__name__}: {place} holds a parameter, and {what} cannot take its "
                    f"place: nothing would train it or save it. Set its numbers, {place}.data = "
                    "..., or give a new leaf, made of numbers: Tensor(array)."
                )

    def _every_module(self) -> Iterator[tuple[str, "Module"]]:
        """Yield modules under each of their paths; one that holds itself is entered once."""
        stack: list[tuple[str, Module, frozenset[int]]] = [("", self, frozenset())]
        while stack:
            path, module, around = stack.pop()
            if id(module) not in around:
                yield path, module
                inside = around | {id(module)}
                parts = [(joined(path, name), x, inside) for name, x in parts_of(module, Module)]
                stack += reversed(parts)


def parts_of(module: Module, kind: type[T]) -> list[tuple[str, T]]:
    """List objects of a kind in the attributes of a module and the containers in them."""
    return [(path, thing) for path, thing in _contents(vars(module)) if isinstance(thing, kind)]


def _contents(thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield what containers hold, and the containers in them, with its path."""
    entered = set()
    stack: list[tuple[str, Any]] = [("", thing)]
    while stack:
        path, thing = stack.pop()
        if not isinstance(thing, dict | list | tuple):
            yield path, thing
        elif id(thing) not in entered:
            entered.add(id(thing))
            items = thing.items() if isinstance(thing, dict) else enumerate(thing)
            stack += reversed([(joined(path, str(key)), part) for key, part in items])


def joined(path: str, name: str) -> str:
    """Put a name behind a path."""
    return f"{path}.{name}" if path else name
