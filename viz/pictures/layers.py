"""Reads the fully connected layers of a model off the graph of what it computes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import GraphError, Node, Op, ShapeError, Tensor, Value
from autograd.formulas import Symbol, written

Array = NDArray[Any]
_ALONG_ROWS = ("softmax", "log_softmax")  # activations of a whole layer
_FLATTEN = "reshape"  # leaves one sample as it is


@dataclass(frozen=True)
class AppliedOp:
    """An op of an activation; of its operands one is what comes in, and stands as None."""

    op: Op
    operands: tuple[Any, ...]
    params: Mapping[str, Any]

    def __call__(self, row: Array) -> Array:
        """Compute it of a row of numbers."""
        operands = [row if x is None else x for x in self.operands]
        return np.asarray(self.op(*operands, **self.params))

    def __str__(self) -> str:
        if len(self.operands) == 1:
            return self.op.name
        return written(self.op(*[Symbol("z") if x is None else x for x in self.operands]))


@dataclass(frozen=True)
class Layer:
    """A column of units, and how they are computed from those of the column before.

    Attributes
    ----------
    title : str
        Path of the module in its model; what it is where it has none.
    size : int
    weight, weight_grad : array, shape (size, size of the layer before), or None
        Inputs have no weights, nor have layers of which only the sizes are known.
    bias, bias_grad : array, shape (size,), or None
    ops : tuple of AppliedOp
        Its activation.
    leaves : tuple of (leaves of weights, leaves of biases or None)
        As arrays of nodes, or as Tensors; weights in the order of `weight`, or the other way round
        where they are ``transposed``.
    units : list of Value, or Tensor
        What it gives.
    """

    title: str
    size: int
    weight: Array | None = None
    bias: Array | None = None
    weight_grad: Array | None = None
    bias_grad: Array | None = None
    ops: tuple[AppliedOp, ...] = ()
    leaves: tuple[Any, Any] = (None, None)
    transposed: bool = False
    units: Any = None

    @property
    def activation(self) -> str:
        """Its name; that of a layer without one is ``linear``, as in the text of an `MLP`."""
        names = [str(op) for op in self.ops if op.op.name != _FLATTEN]
        return ", ".join(names) or ("linear" if self.weight is not None else "")

    def __call__(self, row: Array) -> Array:
        """Compute its units from those of the layer before."""
        assert self.weight is not None
        row = row.reshape(1, -1) @ self.weight.T + (0.0 if self.bias is None else self.bias)
        for op in self.ops:
            row = op(row)
        return row.reshape(-1)


def layers_of_sizes(sizes: Sequence[int]) -> list[Layer]:
    """Make layers that are known by their sizes only."""
    if len(sizes) < 2 or not all(isinstance(n, int) and n >= 1 for n in sizes):
        raise ValueError(
            f"network: got the sizes {sizes!r:.80}. Give two or more whole numbers from 1 on, "
            "the first that of the inputs, such as [3, 3, 2, 1]."
        )
    return [Layer(f"layer {k}" if k else "inputs", n) for k, n in enumerate(sizes)]


def layers_of_model(model: Any, x: Any) -> tuple[list[Layer], Array | None]:
    """Find the layers of a model, and the sample that it is shown.

    The model computes something, for zeros if `x` is not given, and its graph is read from the
    end: weighted sums, and between them ops of one operand. So what is found is what is computed,
    however the model is written.

    Returns
    -------
    layers : list of Layer
        The first is that of the inputs.
    sample : array, shape (inputs,), or None

    Raises
    ------
    GraphError
        If it is no chain of such layers.
    ShapeError
        If `x` is not one sample.
    ValueError
        If there is no `x`, and the model does not tell the shape of one.
    """
    leaves = dict(model.named_leaves())
    shape = model.input_shape
    if shape is None and x is None:
        path, first = next(iter(leaves.items()), ("", None))
        if first is None:
            raise _refusal(model, "it has no weights")
        if np.ndim(first.data) != 2:
            raise _refusal(model, f"{path} has shape {np.shape(first.data)}")
        raise ValueError(
            f"network: {type(model).__name__} does not tell how many inputs it has. Give x, one "
            "sample, such as np.zeros(3)."
        )
    given = np.zeros(shape) if x is None else _sample(x)
    is_of_values = any(isinstance(leaf, Value) for leaf in leaves.values())
    with np.errstate(all="ignore"):  # weights that are not finite are shown
        if is_of_values:
            inputs: Any = [Value(number, constant=True) for number in given.reshape(-1)]
            layers = layers_of_graph(model, inputs, model.example(inputs))
        else:
            rows = Tensor(given[None] if given.shape == shape else given, constant=True)
            layers = layers_of_graph(model, [rows], model.example(rows))
    if x is None:
        return layers, None
    if given.size != layers[0].size:
        raise ShapeError(
            f"network: got x of shape {given.shape} for {layers[0].size} inputs. "
            "It shows one sample, such as X[0]."
        )
    return layers, given.reshape(-1)


def layers_of_graph(model: Any, inputs: Sequence[Node], outputs: Sequence[Node]) -> list[Layer]:
    """Find the layers by which a model made outputs of inputs: Values, or one Tensor each.

    Raises
    ------
    GraphError
        If it is no chain of such layers.
    """
    reader = _Reader(model, dict(model.named_leaves()), inputs)
    of_tensors = isinstance(inputs[0], Tensor)
    return reader.of_tensors(outputs) if of_tensors else reader.of_values(outputs)


def _sample(x: Any) -> Array:
    if isinstance(x, list | tuple):
        x = [part.data if isinstance(part, Node) else part for part in x]
    return np.array(x.data if isinstance(x, Node) else x, float)


def _refusal(model: Any, met: str) -> GraphError:
    return GraphError(
        f"network: {type(model).__name__} is not a chain of fully connected layers: {met}. "
        "viz.draw(model) shows any model."
    )


class _Reader:
    """Reads graphs that a model made of some inputs."""

    def __init__(self, model: Any, leaves: Mapping[str, Node], inputs: Sequence[Node]) -> None:
        self.model = model
        self.inputs = inputs
        # The first of several paths of a leaf stays.
        self.paths = {leaf: path for path, leaf in reversed(list(leaves.items()))}

    def of_tensors(self, outputs: Sequence[Node]) -> list[Layer]:
        """Read a graph of Tensors, in which a layer is one product."""
        if len(outputs) != 1:
            raise _refusal(self.model, f"it gives {len(outputs)} Tensors")
        found: list[Layer] = []
        above = outputs[0]
        node, ops = self._peeled(above)
        while node not in self.inputs:
            node, weight, bias, is_transposed = self._product(node)
            arrays = [*_arrays(weight), *((None, None) if bias is None else _arrays(bias))]
            arrays[:2] = [w.T if is_transposed and w is not None else w for w in arrays[:2]]
            layer = self._layer([weight] if bias is None else [weight, bias], arrays, ops)
            leaves = weight, bias
            found.append(replace(layer, leaves=leaves, transposed=is_transposed, units=above))
            above = node
            node, ops = self._peeled(node)
        if any(op.op.name != _FLATTEN for op in ops):
            raise _refusal(self.model, f"{ops[0]} comes before the first weights")
        return self._from_inputs(found)

    def of_values(self, outputs: Sequence[Node]) -> list[Layer]:
        """Read a graph of Values, in which each unit is a sum."""
        found: list[Layer] = []
        units = outputs
        while units != self.inputs:
            peeled = [self._peeled(unit) for unit in units]
            ops = peeled[0][1]
            if any(others != ops for _, others in peeled):
                raise _refusal(self.model, "units of one layer have several activations")
            sums = [self._sum(node) for node, _ in peeled]
            seen = list(sums[0][0])
            if any(weight_of.keys() != sums[0][0].keys() for weight_of, _ in sums):
                raise _refusal(self.model, "units of one layer see different inputs")
            if not set(self.inputs).isdisjoint(seen) and set(seen) != set(self.inputs):
                raise _refusal(self.model, "a unit does not see all inputs, or skips a layer")
            below = self.inputs if seen[0] in self.inputs else seen
            weights = [[weight_of[x] for x in below] for weight_of, _ in sums]
            biases = [bias for _, bias in sums if bias is not None]
            if len(biases) not in (0, len(units)):
                raise _refusal(self.model, "some units of a layer have a bias, and some have none")
            arrays = [*_arrays(weights), *(_arrays(biases) if biases else (None, None))]
            layer = self._layer([*biases, *chain(*weights)], arrays, ops)
            found.append(replace(layer, leaves=(weights, biases or None), units=units))
            units = below
        return self._from_inputs(found)

    def _peeled(self, node: Node) -> tuple[Node, tuple[AppliedOp, ...]]:
        """Take off the ops of one operand that a computation ends with."""
        ops: list[AppliedOp] = []
        while node.op is not None:
            moving = [x for x in node.inputs if not self._is_written(x)]
            is_activation = node.op.elementwise or node.op.name in (*_ALONG_ROWS, _FLATTEN)
            if len(moving) != 1 or not is_activation:
                break
            operands = tuple(None if x is moving[0] else x.data for x in node.inputs)
            ops.insert(0, AppliedOp(node.op, operands, node.params))
            node = moving[0]
        return node, tuple(ops)

    def _is_written(self, x: Node) -> bool:
        """Whether it is a number that stands in the code of the model."""
        return x.op is None and x.constant and x not in self.paths and x not in self.inputs

    def _product(self, node: Node) -> tuple[Node, Node, Node | None, bool]:
        """Read ``x @ weight.T + bias``; the last of what is returned is whether there was no .T."""
        bias = None
        product = node
        if _is(node, "linear"):
            x, weight, bias = node.inputs
            return x, weight, bias, False
        if _is(node, "add"):
            product, bias = sorted(node.inputs, key=lambda x: x in self.paths)
        if _is(product, "matmul"):
            x, weight = product.inputs
            is_transposed = not _is(weight, "transpose")
            weight = weight if is_transposed else weight.inputs[0]
            is_whole = bias is None or np.size(bias.data) == np.shape(node.data)[-1]
            if weight in self.paths and is_whole:
                return x, weight, bias, is_transposed
        raise self._met(node)

    def _sum(self, node: Node) -> tuple[dict[Node, Node], Node | None]:
        """Read ``b + w1 * x1 + w2 * x2``: the weight of each operand, and the bias."""
        weight_of: dict[Node, Node] = {}
        bias = None
        terms = [node]
        while terms:
            term = terms.pop()
            if _is(term, "add"):
                terms += term.inputs
            elif bias is None and (term in self.paths or self._is_written(term)):
                bias = term
            elif _is(term, "mul") and len(self.paths.keys() & set(term.inputs)) == 1:
                x, weight = sorted(term.inputs, key=lambda x: x in self.paths)
                if x in weight_of:
                    raise _refusal(self.model, "a unit has two weights for one input")
                weight_of[x] = weight
            else:
                raise self._met(term)
        if not weight_of:
            raise self._met(node)
        return dict(reversed(weight_of.items())), bias

    def _met(self, node: Node) -> GraphError:
        """Refuse a model for an op that is no part of a layer, and say where it is."""
        met = f"its graph has {node.op.name}" if node.op else "an input has no weight"
        if node in self.paths:
            met = f"a unit has one more bias, {self.paths[node]}"
        for path, module in self.model.named_modules():
            if path and node.scope and module is node.scope.called:
                met += f" in {path}, {type(module).__name__}"
        return _refusal(self.model, met)

    def _layer(self, leaves: list[Node], arrays: list[Any], ops: tuple[AppliedOp, ...]) -> Layer:
        """Make a layer of weights, their gradients, biases and theirs."""
        weight, weight_grad, bias, bias_grad = arrays
        if bias is not None:
            bias = bias.reshape(-1)
            bias_grad = None if bias_grad is None else bias_grad.reshape(-1)
        title = self._title([self.paths[leaf] for leaf in leaves if leaf in self.paths])
        return Layer(title, len(weight), weight, bias, weight_grad, bias_grad, ops)

    def _title(self, paths: list[str]) -> str:
        """Find the outermost module in the model that holds just these leaves."""
        for path, _ in self.model.named_modules():
            inside = f"{path}."
            if path and min(paths).startswith(inside) and max(paths).startswith(inside):
                held = [held for held in self.paths.values() if held.startswith(inside)]
                if len(held) == len(set(paths)):
                    return str(path)
        whole = len(self.paths) == len(set(paths))
        return type(self.model).__name__ if whole else paths[0]

    def _from_inputs(self, found: list[Layer]) -> list[Layer]:
        if not found or found[-1].weight is None:
            raise _refusal(self.model, "it has no weights")
        return [Layer("inputs", found[-1].weight.shape[1]), *reversed(found)]


def _is(node: Node, name: str) -> bool:
    return node.op is not None and node.op.name == name


def _arrays(leaves: Any) -> tuple[Array, Array | None]:
    """Take what a Tensor, or Values in nested lists, hold: numbers, and gradients if any."""
    if isinstance(leaves, Node):
        return leaves.data, None if leaves.grad is None else np.array(leaves.grad)
    nested = np.array(leaves, object)
    numbers = np.vectorize(lambda leaf: leaf.data, [float])(nested)
    if not any(leaf.reached for leaf in nested.flat):
        return numbers, None
    return numbers, np.vectorize(lambda leaf: leaf.grad, [float])(nested)
