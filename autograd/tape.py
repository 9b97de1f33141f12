"""A Tape is a graph recorded once, which computes its outputs again and again."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from .code import record
from .errors import GraphError, ShapeError
from .executors.numpy import Plan
from .symbol import Symbol, applied, written
from .value import Value
from .words import brief


class Tape:
    """A recorded computation of Values, which can be replayed on other numbers.

    Parameters
    ----------
    outputs : sequence of Value
        What is computed, gradients too.
    inputs : sequence of Value
        What is given at each call. Other leaves are parameters: a call reads what they hold then.

    Raises
    ------
    GraphError
        If an output does not follow from nodes, or an input is given twice.

    Notes
    -----
    Python's branches are not recorded: a tape always goes the way that was gone once.

    Examples
    --------
    >>> from autograd import gradients
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

    def __init__(self, outputs: Sequence[Value], inputs: Sequence[Value] = ()) -> None:
        outputs, inputs = list(outputs), list(inputs)
        for x in (*outputs, *inputs):
            if not isinstance(x, Value):
                raise TypeError(f"Tape: got {brief(x)}, a {type(x).__name__}. Give Values.")
        if len(set(inputs)) < len(inputs):
            raise GraphError("Tape: an input is listed twice. List each once.")
        self.code = record(outputs, inputs)
        self._plans: dict[tuple[bool, ...], Plan] = {}

    def __call__(self, *inputs: Any, reduce: Literal["mean", "sum"] | None = None) -> list[Any]:
        """Compute the outputs.

        Parameters
        ----------
        *inputs : float or array, shape (batch,)
            One for each input; a float is the same for all samples.
        reduce : {'mean', 'sum'}, optional
            What to make of a batch; without it outputs keep its axis.
        """
        numbers = [self._checked(x) for x in inputs]
        if len(numbers) != len(self.code.inputs):
            raise TypeError(
                f"Tape: got {len(numbers)} inputs, recorded were {len(self.code.inputs)}. "
                "Give one array or number for each."
            )
        lengths = {len(x) for x in numbers if isinstance(x, np.ndarray)}
        if len(lengths) > 1:
            raise ShapeError(
                f"Tape: got batches of {sorted(lengths)} samples. Give as many of each."
            )
        batched = tuple(isinstance(x, np.ndarray) for x in numbers)
        if batched not in self._plans:
            self._plans[batched] = Plan(self.code, batched)
        leaves = [x._data for x in self.code.leaves]
        return self._plans[batched].run(numbers, leaves, reduce)

    @staticmethod
    def _checked(x: Any) -> Any:
        array = np.asarray(x, dtype=float)
        if array.ndim > 1:
            raise ShapeError(
                f"Tape: got an input of shape {array.shape}. Give a number, or one for each "
                "sample; of a table X, the columns: *X.T."
            )
        return array if array.ndim else float(array)

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
