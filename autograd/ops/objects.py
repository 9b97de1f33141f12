"""Applies rows to arrays of nodes, so that ``np.array([x, y])`` of Values keeps its graph."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .elementwise import add, maximum, minimum
from .messages import wrong_operand
from .op import Op, Params, holds_nodes, holds_objects
from .operators import Operand
from .real_numbers import real_numbers
from .reductions import max, min
from .shapes import plain_numbers


class Cells(np.ndarray[Any, np.dtype[np.object_]]):
    """An array of nodes. NumPy leaves a single one in its array instead of taking it out."""

    def __array_wrap__(
        self, array: NDArray[Any], context: Any = None, return_scalar: bool = False
    ) -> Any:
        return array.view(Cells)


def on_objects(op: Op, operands: tuple[Any, ...], params: Params) -> Any:
    """Compute a row on arrays of nodes, beside which there may be nodes and numbers.

    What is elementwise is applied to each; NumPy does the rest by Python's operators.
    """
    if op.elementwise or op.composition is None:  # whose rows see to it themselves
        operands = tuple(x.view(Cells) if holds_objects(x) else x for x in operands)
    if op.elementwise:
        cells = [x if isinstance(x, np.ndarray) else np.asarray(x, object) for x in operands]
        made = np.frompyfunc(lambda *xs: op(*xs, **params), len(cells), 1)(*cells)
    elif op in (max, min):
        made = _extreme(op, operands[0], **params)
    else:
        made = op.expanded(map(_of_nodes, operands), params)
    if not isinstance(made, np.ndarray):
        return made
    is_single = made.ndim == 0 and any(np.ndim(x) for x in operands)
    return made.item() if is_single else made.view(np.ndarray)


def on_lists(op: Op, operands: tuple[Any, ...], params: Params) -> Any:
    """Compute a row on lists of Values, or on lists of such lists; arrays become lists again.

    Raises
    ------
    TypeError
        If there is no node in the lists, or some in them are longer than others.
    """
    lists = [x for x in operands if isinstance(x, list | tuple)]
    arrays = tuple(_array(op, x) if isinstance(x, list | tuple) else x for x in operands)
    if not any(map(holds_nodes, arrays)):
        raise wrong_operand(op, lists[0])
    made = on_objects(op, arrays, params)
    return made.tolist() if isinstance(made, np.ndarray) else made


def _array(op: Op, x: Sequence[Any]) -> NDArray[Any]:
    cells = np.array(x, object)
    if any(isinstance(each, list | tuple) for each in cells.flat):
        raise wrong_operand(op, x)
    return cells if holds_nodes(cells) else real_numbers(op.name, x)


def _of_nodes(x: Any) -> Any:
    """Make constants of the numbers in an array of nodes, which have no methods such as exp."""
    if isinstance(x, int | float):
        return np.asarray(x)
    each_of = x.flat if isinstance(x, np.ndarray) else ()
    kind: Any = next((type(each) for each in each_of if isinstance(each, Operand)), None)
    if kind is None:
        return x
    of_node = np.frompyfunc(lambda n: n if isinstance(n, kind) else kind(n, constant=True), 1, 1)
    return np.asanyarray(of_node(x), object)  # a single one, too, in an array


def _extreme(op: Op, x: NDArray[Any], axis: Any, keepdims: bool) -> Any:
    """Compare in pairs; those that tie are averaged first, so that they share the gradient."""
    pair = maximum if op is max else minimum
    numbers = plain_numbers(x)
    extremes = op.forward(numbers, axis=axis, keepdims=True)
    found = np.empty(extremes.shape, object)
    for index in np.ndindex(extremes.shape):
        across = (slice(None) if n == 1 else i for i, n in zip(index, found.shape, strict=True))
        place = (..., *across)
        ties = numbers[place] == extremes[index]  # none is equal to nan
        tied, rest = list(x[place][ties]), list(x[place][~ties])
        ahead = [reduce(add, tied) / len(tied)] if tied[1:] else tied
        found[index] = reduce(pair, ahead + rest)
    return found if keepdims else np.squeeze(found, axis)
