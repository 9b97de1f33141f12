"""A module is anything that holds parameters; it finds them by looking at its own attributes."""

from collections.abc import Iterator
from reprlib import recursive_repr
from textwrap import indent
from typing import Any, TypeVar

from autograd import Node, Scope

T = TypeVar("T")


class Module:
    """Base of all models: write ``forward``, keep leaves in attributes, and call the object.

    A leaf node stored in an attribute, or in a list, tuple or dict of one, is a parameter; so are
    the parameters of modules stored there. Constants, numbers and arrays are not.

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

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run ``forward``; the nodes it makes remember this call as their `Scope`."""
        with Scope(type(self).__name__):
            return self.forward(*args, **kwargs)

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
        seen: set[Node] = set()
        for path, part in _find(self, Node):
            if part.op is None and not part.constant and part not in seen:
                seen.add(part)
                yield path, part

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
        lines = [f"({path}): {part!r}" for path, part in _find(self, Module, deep=False)]
        if not lines:
            return f"{name}()"
        return f"{name}(\n" + indent("\n".join(lines), "  ") + "\n)"


def _find(whole: Any, kind: type[T], *, deep: bool = True) -> Iterator[tuple[str, T]]:
    """Yield objects of a kind from the attributes of a module and the containers in them.

    With `deep`, look into the modules found in there too; each module is entered once.
    """
    entered = {id(whole)}
    stack = [("", whole)]
    while stack:
        path, thing = stack.pop()
        if path and isinstance(thing, kind):
            yield path[1:], thing
        if isinstance(thing, Module):
            if (path and not deep) or (path and id(thing) in entered):
                continue
            entered.add(id(thing))
            items = list(vars(thing).items())
        elif isinstance(thing, dict):
            items = list(thing.items())
        elif isinstance(thing, (list, tuple)):
            items = [(str(i), part) for i, part in enumerate(thing)]
        else:
            continue
        stack.extend((f"{path}.{key}", part) for key, part in reversed(items))
