"""A Tape is a graph recorded once, which computes its outputs again and again."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np

from .code import record
from .errors import GraphError, ShapeError
from .executors.numba import Compiled, compiles
from .executors.numpy import Batches
from .executors.tensors import Buffers
from .graph import Graph
from .node import Node
from .symbol import Symbol, applied, written
from .tensor import Tensor
from .value import Value
from .words import brief

_CALL = 0.5  # microseconds that NumPy takes for one line of a program, roughly
_SAMPLE = 0.0005  # and for each sample of it
_PATIENCE = 2e6  # microseconds of NumPy's work after which a compiled loop pays


class Tape:
    """A recorded computation, which can be replayed on other numbers.

    Parameters
    ----------
    outputs : sequence of Value or of Tensor
        What is computed, gradients too.
    inputs : sequence of Value or of Tensor
        What is given at each call. Other leaves are parameters: a call reads what they hold then.
        Data and literals (``constant=True``) that are not inputs are part of the program; `noise`
        is drawn at each call.
    executor : {'auto', 'numpy', 'numba'}
        How Values are computed. 'numpy' calls NumPy once a line, 'numba' (extra ``fast``) runs a
        compiled loop. 'auto' changes from the first to the second once it has done the work of
        two seconds or so: a program that is run so often is worth the wait for the compiler.

    Attributes
    ----------
    code : Code
        The program.
    executor : str
        What the last call was computed with, or the next one if there was none.

    Raises
    ------
    GraphError
        If Values and Tensors are mixed, or an input is listed twice.

    Notes
    -----
    Single numbers are computed bit for bit as the graph computed them, except that x + 0 is x,
    even where x is -0.0. Over a batch, exp, tanh and their like may differ in the last bit from
    executor to executor, and ``reduce`` adds up in an order of its own.

    Python's branches are not recorded: a tape goes the way that was gone once. `compile` knows
    them.

    Examples
    --------
    >>> from autograd import Value, gradients
    >>> w, x, y = Value(0.5, name="w"), Value(1.0, name="x"), Value(2.0, name="y")
    >>> loss = (w * x - y) ** 2
    >>> tape = Tape([loss, *gradients(loss, [w])], inputs=[x, y])
    >>> tape([1.0, 2.0], [2.0, 5.0], reduce="mean")
    [9.125, -9.5]
    >>> print(tape)
    5 of 10 recorded results are computed
    given x, y
    read w
    v1 = w·x
    v2 = v1 - y
    v3 = v2²
    v4 = 2·v2
    v5 = v4·x
    give v3, v5
    """

    def __init__(
        self,
        outputs: Sequence[Node],
        inputs: Sequence[Node] = (),
        executor: Literal["auto", "numpy", "numba"] = "auto",
    ) -> None:
        self._on_tensors = _check(outputs, inputs)
        if executor not in ("auto", "numpy", "numba"):
            raise ValueError(f"Tape: got the executor {executor!r}. Use auto, numpy or numba.")
        if executor == "numba" and self._on_tensors:
            raise GraphError("Tape: numba runs tapes of Values. Leave Tensors to NumPy.")
        self.code = record(outputs, inputs)
        self.executor = "numba" if executor == "numba" else "numpy"
        self._is_settled = executor != "auto" or self._on_tensors
        self._work = 0.0  # which NumPy has done
        self._plans: dict[Any, Batches | Compiled] = {}

    @property
    def params(self) -> list[Any]:
        """What the leaves hold that a call reads, in the order of ``code.leaves``."""
        return [x._data for x in self.code.leaves]

    def __call__(
        self,
        *inputs: Any,
        reduce: Literal["mean", "sum"] | None = None,
        params: Sequence[Any] | None = None,
    ) -> list[Any]:
        """Compute the outputs.

        Parameters
        ----------
        *inputs : float or array
            One for each input. Of Values a float, or an array of shape (batch,); a float is the
            same for all samples. Of Tensors an array in the shape that was recorded.
        reduce : {'mean', 'sum'}, optional
            What to make of a batch of Values; without it outputs keep its axis.
        params : sequence of float or of array, optional
            Numbers to use in place of those that the leaves hold, in the order of ``params``.

        Returns
        -------
        list of float or array
            One for each output.

        Raises
        ------
        ShapeError
            If an input has a wrong shape, or batches differ in length.
        DomainError
            If single numbers lie where an op has no value; in a batch they give nan or inf.
        """
        drawn = self.code.noise
        given = self.code.inputs[: len(self.code.inputs) - len(drawn)]
        if len(inputs) != len(given):
            raise TypeError(
                f"Tape: got {len(inputs)} inputs, recorded were {len(given)}. "
                "Give one array or number for each."
            )
        if reduce not in (None, "mean", "sum"):
            raise ValueError(f"Tape: got reduce={reduce!r}. Use 'mean', 'sum' or None.")
        held = self.params if params is None else self._checked(params)
        if self._on_tensors:
            if reduce is not None:
                raise ShapeError(f"Tape: Tensors have no batch to {reduce}. Record {reduce}(x).")
            arrays = [_in_shape(x, node) for x, node in zip(inputs, given, strict=True)]
            arrays += [_in_shape(x.params["draw"](size=x._data.shape), x) for x in drawn]
            return self._buffers.run(arrays, held)
        numbers: list[Any] = [x if x.__class__ is float else _column(x) for x in inputs]
        lengths = {len(x) for x in numbers if x.__class__ is not float}
        if len(lengths) > 1 or 0 in lengths:
            raise ShapeError(
                f"Tape: got batches of {sorted(lengths)} samples. Give as many of each, at least 1."
            )
        count = lengths.pop() if lengths else None
        numbers += [_column(x.params["draw"](size=count)) for x in drawn]
        self._settle(count or 1)
        batched = tuple([x.__class__ is not float for x in numbers])
        return self._plan(batched, reduce).run(numbers, held)

    @property
    def graph(self) -> Graph:
        """The program as a graph, with the numbers that its nodes hold, for pictures."""
        code = self.code
        kind = Tensor if self._on_tensors else Value
        held = [x._data for x in (*code.inputs, *code.leaves)]
        slots: list[Node] = [kind(x, name=name) for x, name in zip(held, code.names, strict=True)]
        slots += [kind(x, constant=True) for x in code.constants]
        for k, (op, operands, params) in enumerate(code.lines, start=1):
            inputs = tuple(slots[x] for x in operands)
            slots.append(inputs[0].__apply_op__(op, inputs, params))
            slots[-1].name = f"v{k}"
        output, *others = (slots[x] for x in code.outputs)
        return Graph(output, beside=others)

    def __str__(self) -> str:
        """Write the program down, one line a result."""
        code = self.code
        given, read = code.names[: len(code.inputs)], code.names[len(code.inputs) :]
        results = [f"v{k}" for k in range(1, len(code.lines) + 1)]
        slots: list[Any] = [*map(Symbol, [*given, *read]), *code.constants, *map(Symbol, results)]
        lines = [
            f"{len(code.lines)} of {code.recorded} recorded results are computed",
            f"given {', '.join(given)}",
            f"read {', '.join(read)}",
        ]
        for name, (op, operands, params) in zip(results, code.lines, strict=True):
            formula = applied(op, tuple(slots[x] for x in operands), params)
            lines.append(f"{name} = {written(formula)}")
        lines.append(f"give {', '.join(written(slots[x]) for x in code.outputs)}")
        return "\n".join(line for line in lines if line not in ("given ", "read "))

    @cached_property
    def _buffers(self) -> Buffers:
        return Buffers(self.code)

    def _settle(self, count: int) -> None:
        """Change to the compiled loop if the work that was done is worth it."""
        if self._is_settled:
            return
        self._work += len(self.code.lines) * (_CALL + _SAMPLE * count)
        if self._work > _PATIENCE:
            self._is_settled = True
            if compiles(self.code):
                self.executor = "numba"
                self._plans.clear()

    def _plan(self, *how: Any) -> "Batches | Compiled":
        """Prepare the program, once for each way in which it is called."""
        if how not in self._plans:
            kind = Compiled if self.executor == "numba" else Batches
            self._plans[how] = kind(self.code, *how)
        return self._plans[how]

    def _checked(self, params: Sequence[Any]) -> list[Any]:
        leaves = self.code.leaves
        if len(params) != len(leaves):
            raise ShapeError(
                f"Tape: got {len(params)} params for {len(leaves)} leaves. Give one for each."
            )
        if self._on_tensors:
            return [_in_shape(x, leaf) for x, leaf in zip(params, leaves, strict=True)]
        return np.asarray(params, float).tolist()  # type: ignore[no-any-return]


def _check(outputs: Any, inputs: Any) -> bool:
    """Check what is to be recorded; say whether it is Tensors."""
    kinds = set()
    for given in (outputs, inputs):
        if isinstance(given, Node):
            raise TypeError(f"Tape: got {brief(given)}. Give a list of nodes: Tape([loss], [x]).")
        for x in given:
            if not isinstance(x, Node):
                raise TypeError(f"Tape: got {brief(x)}, a {type(x).__name__}. Give nodes.")
            kinds.add(type(x))
    if not outputs:
        raise GraphError("Tape: got no outputs. Give what is to be computed, in a list.")
    if len(kinds) > 1:
        raise GraphError("Tape: got Values and Tensors. Record a tape of each.")
    if len(set(inputs)) < len(inputs):
        raise GraphError("Tape: an input is listed twice. List each once.")
    return Tensor in kinds


def _column(x: Any) -> Any:
    """Give an input of Values as a float, or as an array of one number a sample."""
    array = np.asarray(x, dtype=float)
    if array.ndim > 1:
        raise ShapeError(
            f"Tape: got an input of shape {array.shape}. Give a number, or one for each "
            "sample; of a table X, the columns: *X.T."
        )
    return array if array.ndim else float(array)


def _in_shape(x: Any, node: Node) -> Any:
    """Give an input of Tensors in the type that was recorded."""
    array = np.asarray(x, dtype=node._data.dtype)
    if array.shape != node._data.shape:
        raise ShapeError(
            f"Tape: got an input of shape {array.shape} where {node._data.shape} was recorded. "
            "Record a tape for each shape, or let compile do that."
        )
    return array
