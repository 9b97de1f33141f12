"""An optimizer turns gradients into steps; here is what all of them share."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any

import numpy as np

from autograd import DomainError, GraphError, InfiniteGradientError, Node
from autograd.dialects import answer_keywords
from autograd.engine import all_finite

from .options import check_options, plain
from .parameter_blocks import Array, Part, State, parts
from .state_dict import Group, read_state

Parameters = Iterable[Node] | Iterable[Mapping[str, Any]]


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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        answer_keywords(cls)

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
        self.check(complete)
        self.param_groups.append(complete)
        self._parts.append(parts(params, [{} for _ in params]))

    def update(self, grad: Array, data: Array, state: State, *args: Any, **options: Any) -> Array:
        """Compute what is subtracted from the data; every subclass has its own.

        Parameters
        ----------
        grad, data : array
            Of one Tensor, or of Values; not to be changed in place. Where numbers overflow, or are
            none, NumPy raises an error, and nothing is changed.
        state : dict
            What was remembered, empty at first; new arrays are bound to its names.
        **options
            Of the parameter group.
        """
        raise NotImplementedError(f"{self._name}: write its update(self, grad, data, state, ...).")

    def check(self, group: Group) -> None:
        """See that the options of a group are in range; a subclass may know more about its own."""
        check_options(self._name, {name: group[name] for name in self.defaults})

    def step(self) -> None:
        """Change every parameter that has a gradient; if something fails, none is changed.

        Frozen parameters, which are constants, stay as they are.

        Raises
        ------
        InfiniteGradientError
            If a gradient is not finite.
        DomainError
            If a parameter, or what is remembered of it, would become so large that it is not.
        """
        self._parts = [[*chain(*(part.divided() for part in group))] for group in self._parts]
        planned = []
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            for group, found in zip(self.param_groups, self._parts, strict=True):
                options = {name: plain(group[name]) for name in self.defaults}
                planned += [self._plan(part, options) for part in found if part.reached]
        for part, data, state in planned:
            part.bind(data)
            part.state = state

    def zero_grad(self) -> None:
        """Forget all gradients: no parameter is ``reached`` any more."""
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
            {name: plain(x) for name, x in group.items() if name != "params"}
            | {"params": [positions[p] for p in group["params"]]}
            for group in self.param_groups
        ]
        return {"state": dict(sorted(remembered)), "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another optimizer of such parameters was.

        Raises
        ------
        ValueError
            If groups or options differ from the saved ones, or one is out of range, or a number is
            not finite. All is as before then.
        ShapeError
            If a remembered array does not have the shape of its parameter.
        """
        new, found = read_state(self, state_dict)
        for group, options in zip(self.param_groups, new, strict=True):
            group.update(options)
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

    def _plan(self, part: Part, options: Mapping[str, Any]) -> tuple[Part, Any, State]:
        """Compute new data and a new state."""
        state = dict(part.state)
        try:
            grad = part.grad()
            if not all_finite(grad):
                raise self._infinite(part, grad)
            data = part.data()
            step = self.update(grad, data, state, **options)
            if not all_finite(step):
                raise OverflowError("an infinite step")
            return part, part.moved(data, step), state
        except ArithmeticError as error:
            raise self._too_large(part, options, error) from error

    def _infinite(self, part: Part, grad: Array) -> InfiniteGradientError:
        first = int(np.flatnonzero(~np.isfinite(grad))[0])
        return InfiniteGradientError(
            f"{self._name}: the gradient of {self._called(part.owner(first))} holds "
            f"{grad.flat[first]}. No parameter was changed; a smaller lr may help."
        )

    def _too_large(
        self, part: Part, options: Mapping[str, Any], error: ArithmeticError
    ) -> DomainError:
        self.check(dict(options))
        with np.errstate(all="ignore"):
            for other in chain(*self._parts):  # its gradient may have spoiled this step
                if other.reached and not all_finite(other.grad()):
                    return self._infinite(other, other.grad())
            first, state = 0, dict(part.state)
            with suppress(ArithmeticError):
                step = self.update(part.grad(), part.data(), state, **options)
                wrong = [~np.isfinite(x) for x in (part.data() - step, *state.values())]
                first = next((int(np.flatnonzero(x)[0]) for x in wrong if np.any(x)), 0)
        return DomainError(
            f"{self._name}: the step of {self._called(part.owner(first))} leads to no finite "
            f"number: {error}. No parameter was changed; use a smaller lr, or clip the gradients."
        )

    def _called(self, p: Node) -> str:
        return f"parameter {self._positions()[p]}" + (f" ({p.name})" if p.name else "")
