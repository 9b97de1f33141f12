"""Derivatives of functions, given as functions: they nest, and so have any order.

All of them accept numbers, arrays and nodes, and give back what they were given: numbers and arrays
for numbers and arrays, nodes for nodes. A number becomes a Value; beside an array, a Tensor.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from typing import Any

import numpy as np

from ..engine import Node, Tensor, Value, gradients
from ..ops import reshape, stack, sum
from .call import Run, direction

Function = Callable[..., Any]
Transform = Callable[..., Function]
Argnums = int | Sequence[int]


def _of_anything(transform: Transform) -> Transform:
    """Let a function that has a method ``__apply_transform__`` interpret the transform itself."""

    @wraps(transform)
    def of(f: Function, argnums: Argnums = 0) -> Function:
        interpret = getattr(f, "__apply_transform__", None)
        if interpret is not None:
            return interpret(partial(transform, argnums=argnums))  # type: ignore[no-any-return]
        return transform(f, argnums)

    return of


@_of_anything
def grad(f: Function, argnums: Argnums = 0) -> Function:
    """Give the function that computes the gradient of `f`.

    Parameters
    ----------
    f : callable
        Of numbers, arrays or nodes; it returns one number, as a node.
    argnums : int or sequence of int
        Which positional arguments to differentiate by.

    Returns
    -------
    callable
        With the arguments of `f`. It gives d(f)/d(argument) in the shape of the argument, a tuple
        of them if `argnums` is a sequence.

    Raises
    ------
    TypeError
        If `f` makes a plain number of something that depends on its arguments, by ``float(x)`` or
        a function of `math` or NumPy, so that no gradient would flow through it. ``x.data``,
        ``x.item()`` and ``x.detach()`` say that none is to flow.

    Notes
    -----
    `f` decides as it does on numbers: ``x == 0``, ``if x`` and ``x in [0, 1]`` look at the number.
    Sets and dictionaries do not: they look for the node. Look for ``x.item()`` in them.

    Examples
    --------
    >>> from autograd import sin
    >>> grad(sin)(0.0), grad(grad(grad(sin)))(0.0)
    (1.0, -1.0)
    >>> grad(lambda x, y: x * y**2, argnums=(0, 1))(2.0, 3.0)
    (9.0, 12.0)
    """
    both = value_and_grad(f, argnums)
    return wraps(f)(lambda *args, **kwargs: both(*args, **kwargs)[1])


@_of_anything
def value_and_grad(f: Function, argnums: Argnums = 0) -> Function:
    """Give the function that computes `f` and its gradient; see `grad`.

    Examples
    --------
    >>> value_and_grad(lambda x: x**2)(3.0)
    (9.0, 6.0)
    """

    @wraps(f)
    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run = Run(f, args, kwargs, argnums)
        return run.given(run.output), run.matched(gradients(run.output, run.nodes))

    return both


@_of_anything
def jacobian(f: Function, argnums: Argnums = 0) -> Function:
    """Give the function that computes all derivatives of all numbers that `f` returns.

    Returns
    -------
    callable
        It gives an array of shape ``(*output.shape, *argument.shape)``, a tuple of them if
        `argnums` is a sequence.

    Examples
    --------
    >>> jacobian(lambda x: x**2)([1.0, 2.0])
    array([[2., 0.],
           [0., 4.]])
    """

    @wraps(f)
    def rows(*args: Any, **kwargs: Any) -> Any:
        run = Run(f, args, kwargs, argnums)
        if isinstance(run.output, Value):
            return run.matched(gradients(run.output, run.nodes))
        shape = run.output.shape
        units = np.eye(run.output.size).reshape(run.output.size, *shape)
        seeds = (Tensor(unit.astype(run.output.dtype), constant=True) for unit in units)
        found = [gradients(run.output, run.nodes, seed) for seed in seeds]
        columns = zip(*found, strict=True) if found else ((),) * len(run.nodes)
        return run.matched(
            [
                reshape(stack(list(column)), (*shape, *x.shape))
                if column
                else Tensor(np.zeros((*shape, *x.shape), x.dtype), constant=True)
                for x, column in zip(run.nodes, columns, strict=True)
            ]
        )

    return rows


@_of_anything
def hessian(f: Function, argnums: Argnums = 0) -> Function:
    """Give the function that computes all second derivatives of `f`, which returns one number.

    Returns
    -------
    callable
        It gives an array of shape ``(*argument.shape, *argument.shape)``; if `argnums` is a
        sequence, a tuple of tuples of them, a mixed derivative for each pair.

    Examples
    --------
    >>> hessian(lambda x: x[0] ** 2 * x[1])([1.0, 2.0])
    array([[4., 2.],
           [2., 0.]])
    """
    if not isinstance(argnums, Iterable):
        return jacobian(grad(f, argnums), argnums)
    blocks = [jacobian(grad(f, i), argnums) for i in argnums]
    return wraps(f)(lambda *args, **kwargs: tuple(row(*args, **kwargs) for row in blocks))


def vjp(f: Function, *primals: Any) -> tuple[Any, Function]:
    """Compute `f`, and give the function that pulls an adjoint of its output back to the inputs.

    Parameters
    ----------
    f : callable
    *primals : numbers, arrays or nodes
        All arguments of `f`.

    Returns
    -------
    output
    callable
        ``pull(v)`` gives the product of v, in the shape of the output, with the Jacobian: in the
        shape of the argument, a tuple if there are several.

    Examples
    --------
    >>> output, pull = vjp(lambda x: x**2, [1.0, 2.0])
    >>> pull([1.0, 10.0])
    array([ 2., 40.])
    """
    run = Run(f, primals, {}, range(len(primals)))

    def pull(v: Any) -> Any:
        return run.single(gradients(run.output, run.nodes, direction(run.output, v)), beside=v)

    return run.given(run.output), pull


def jvp(f: Function, primals: Any, tangents: Any, argnums: Argnums | None = None) -> Any:
    """Compute `f`, and how its output moves when the inputs move along the tangents.

    Parameters
    ----------
    f : callable
    primals : tuple of numbers, arrays or nodes
        All arguments of `f`; a single one may stand by itself.
    tangents : tuple
        A direction for each argument, in its shape.
    argnums : int or sequence of int, optional
        Which arguments move, if not all: those that `tangents` belong to.

    Returns
    -------
    output, tangent
        The product of the Jacobian with the tangents, in the shape of the output.

    Notes
    -----
    What a backward pass computes is linear in its seed; differentiating by the seed turns the pass
    around. So no op needs a second rule for this direction.

    Examples
    --------
    >>> jvp(lambda x: x**2, [1.0, 2.0], [1.0, 0.5])[1]
    array([2., 2.])
    """
    run = Run(f, *_moved(primals, argnums))
    moves = run.tangents(tangents)
    seed = run.output._kind(np.zeros_like(run.output._held))
    pulled = _dot(gradients(run.output, run.nodes, seed), moves)
    return run.given(run.output), run.given(gradients(pulled, [seed])[0])


def hvp(f: Function, primals: Any, tangents: Any, argnums: Argnums | None = None) -> Any:
    """Multiply the matrix of second derivatives of `f` with tangents, without computing it.

    Parameters are those of `jvp`; `f` returns one number.

    Returns
    -------
    product
        In the shape of the argument, a tuple if there are several.

    References
    ----------
    Pearlmutter 1994, Fast exact multiplication by the Hessian.

    Examples
    --------
    >>> hvp(lambda x: (x**3).sum(), [1.0, 2.0], [1.0, 1.0])
    array([ 6., 12.])
    """
    run = Run(f, *_moved(primals, argnums))
    moves = run.tangents(tangents)
    slope = _dot(gradients(run.output, run.nodes), moves)
    return run.single(gradients(slope, run.nodes))


def _moved(primals: Any, argnums: Argnums | None) -> tuple[Any, dict[str, Any], Argnums]:
    args = primals if isinstance(primals, tuple) else (primals,)
    return args, {}, range(len(args)) if argnums is None else argnums


def _dot(found: list[Node], tangents: list[Node]) -> Node:
    first, *rest = (
        g * v if isinstance(g, Value) else sum(g * v) for g, v in zip(found, tangents, strict=True)
    )
    for product in rest:
        first = first + product
    return first
