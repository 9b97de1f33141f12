"""An optimizer turns gradients into steps; here is what all of them share."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autograd import GraphError, InfiniteGradientError, Node

from .parts import Array, Part, State, parts

Group = dict[str, Any]
Parameters = Iterable[Node] | Iterable[Mapping[str, Any]]

_SHARES = {"betas"}  # options below 1; no option is below 0
_NUMBERS = {"lr", "momentum", "weight_decay", "eps"}  # others may be words


class Optimizer:
    """Base of all optimizers: write ``update``, plain arithmetic on arrays.

    Parameters
    ----------
    params : iterable of Node, or of dict
        Leaves to change: Values, Tensors or both. Dicts are parameter groups: each has its
        ``"params"`` and options that differ from those of the others.
    **options
        Options of all groups that do not say otherwise. They are read at every step, so
        ``optimizer.param_groups[0]["lr"] = 0.01`` works at any time.

    Attributes
    ----------
    param_groups : list of dict
    defaults : dict

    Examples
    --------
    >>> from autograd import Value
    >>> class SignDescent(Optimizer):
    ...     def __init__(self, params, lr=0.5):
    ...         super().__init__(params, lr=lr)
    ...
    ...     def update(self, grad, data, state, lr):
    ...         return lr * np.sign(grad)
    >>> x = Value(3.0)
    >>> optimizer = SignDescent([x])
    >>> (x * x).backward()
    >>> optimizer.step()
    >>> x.data
    2.5
    """

    def __init__(self, params: Parameters, **options: Any) -> None:
        self.defaults = options
        self.param_groups: list[Group] = []
        self._parts: list[list[Part]] = []  # of each group
        if isinstance(params, Node | Mapping):
            raise TypeError(f"{self._name}: got a single {type(params).__name__}. Give a list.")
        given: list[Any] = list(params)
        if not given:
            raise ValueError(f"{self._name}: got no parameters. Give model.parameters().")
        groups = given if isinstance(given[0], Mapping) else [{"params": given}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Take in more parameters, with options of their own.

        Raises
        ------
        TypeError
            If they are no nodes, or none are given, or an option is unknown or no number.
        GraphError
            If one is no leaf: its data follow from its inputs.
        ValueError
            If one is here already, or an option is out of range.
        """
        if not isinstance(group, Mapping) or "params" not in group:
            raise TypeError(f"{self._name}: got the group {group!r}. Give a dict with 'params'.")
        params = group["params"]
        params = [params] if isinstance(params, Node) else list(params)
        unknown = group.keys() - self.defaults.keys() - {"params"}
        if unknown:
            raise TypeError(
                f"{self._name}: got the option {min(unknown)!r}. It has {', '.join(self.defaults)}."
            )
        here = {p for other in self.param_groups for p in other["params"]}
        for i, p in enumerate(params):
            if not isinstance(p, Node):
                raise TypeError(
                    f"{self._name}: parameter {i} is a {type(p).__name__}. Give Values or Tensors."
                )
            if p.op is not None:
                raise GraphError(
                    f"{self._name}: parameter {i} is a result of {p.op.name}. Give the leaves "
                    "that it was made from."
                )
            if p in here:
                raise ValueError(f"{self._name}: parameter {i} is here already. Give it once.")
            here.add(p)
        complete = {**self.defaults, **group, "params": params}
        self._check(complete)
        self.param_groups.append(complete)
        self._parts.append(parts(params, [{} for _ in params]))

    def update(self, grad: Array, data: Array, state: State, *args: Any, **options: Any) -> Array:
        """Compute what is subtracted from the data; every subclass has its own.

        Parameters
        ----------
        grad, data : array
            Of one Tensor, or of Values; not to be changed in place.
        state : dict
            What was remembered, empty at first; new arrays are bound to its names.
        **options
            Of the parameter group.
        """
        raise NotImplementedError(f"{self._name}: write its update(self, grad, data, state, ...).")

    def step(self) -> None:
        """Change every parameter that has a gradient; if something fails, none is changed.

        Frozen parameters, which are constants, stay as they are.

        Raises
        ------
        InfiniteGradientError
            If a gradient is not finite.
        """
        self._parts = [
            [piece for part in group for piece in part.divided()] for group in self._parts
        ]
        planned = []
        for group, found in zip(self.param_groups, self._parts, strict=True):
            options = {name: _plain(group[name]) for name in self.defaults}
            planned += [self._plan(part, options) for part in found if part.reached]
        for part, step, state in planned:
            part.subtract(step)
            part.state = state

    def zero_grad(self) -> None:
        """Forget all gradients: every ``grad`` is None again."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None

    def state_dict(self) -> dict[str, Any]:
        """Give all that is needed to go on later, bit for bit, as numbers and arrays.

        Returns
        -------
        dict
            ``"state"``: what is remembered of each parameter, by position. ``"param_groups"``: the
            options, with positions in place of parameters.
        """
        positions = self._positions()
        remembered = [
            (positions[p], state)
            for group in self._parts
            for part in group
            for p, state in zip(part.params, part.states(), strict=True)
            if state
        ]
        groups = [
            {**group, "params": [positions[p] for p in group["params"]]}
            for group in self.param_groups
        ]
        return {"state": dict(sorted(remembered)), "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another optimizer of such parameters was.

        Raises
        ------
        ValueError
            If groups or options differ from the saved ones.
        ShapeError
            If a remembered array does not have the shape of its parameter.
        """
        saved = state_dict["param_groups"]
        here, there = _sizes(self.param_groups), _sizes(saved)
        if here != there:
            raise ValueError(
                f"load_state_dict: got groups of {there} parameters for groups of {here}. "
                "Build the optimizer as the saved one was."
            )
        for group in saved:
            missing = self.defaults.keys() - group.keys()
            if missing:
                raise ValueError(
                    f"load_state_dict: {self._name} needs {min(missing)!r}, which was not saved. "
                    "Was it another optimizer?"
                )
        found = []
        for group, new in zip(self.param_groups, saved, strict=True):
            states = [state_dict["state"].get(i, {}) for i in new["params"]]
            found.append(parts(group["params"], states))
        for group, new in zip(self.param_groups, saved, strict=True):
            group.update({name: x for name, x in new.items() if name != "params"})
        self._parts = found

    def __repr__(self) -> str:
        count = sum(len(group["params"]) for group in self.param_groups)
        options = ", ".join(f"{name}={self.param_groups[0][name]!r}" for name in self.defaults)
        more = f", {len(self.param_groups)} groups" if len(self.param_groups) > 1 else ""
        return f"{self._name}({count} parameters{more}, {options})"

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _positions(self) -> dict[Node, int]:
        nodes = (p for group in self.param_groups for p in group["params"])
        return {p: i for i, p in enumerate(nodes)}

    def _check(self, group: Group) -> None:
        for name in self.defaults:
            for x in np.ravel(group[name]):
                if isinstance(x, str):
                    if name in _NUMBERS:
                        raise TypeError(f"{self._name}: got {name}={str(x)!r}. Give a number.")
                elif not (0 <= x < 1 if name in _SHARES else x >= 0):
                    wanted = "at least 0 and less than 1" if name in _SHARES else "at least 0"
                    raise ValueError(f"{self._name}: got {name}={group[name]!r}. Give {wanted}.")

    def _plan(self, part: Part, options: Mapping[str, Any]) -> tuple[Part, Array, State]:
        grad, state = part.grad(), dict(part.state)
        if not np.isfinite(grad).all():
            raise self._infinite(part, grad)
        return part, self.update(grad, part.data(), state, **options), state

    def _infinite(self, part: Part, grad: Array) -> InfiniteGradientError:
        first = int(np.flatnonzero(~np.isfinite(grad))[0])
        p = part.owner(first)
        name = f" ({p.name})" if p.name else ""
        return InfiniteGradientError(
            f"{self._name}: the gradient of parameter {self._positions()[p]}{name} holds "
            f"{grad.flat[first]}. No parameter was changed; a smaller lr may help."
        )


def _sizes(groups: list[Group]) -> list[int]:
    return [len(group["params"]) for group in groups]


def _plain(option: Any) -> Any:
    """Make Python's numbers of NumPy's, which would make float64 of float32."""
    if isinstance(option, tuple | list):
        return tuple(map(_plain, option))
    return option.item() if isinstance(option, np.generic) else option
