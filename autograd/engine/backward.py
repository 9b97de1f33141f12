"""backward() keeps the adjoints of a pass in `grad`."""

from collections.abc import Iterable
from threading import RLock
from typing import Any, Never

import numpy as np
from numpy.typing import ArrayLike

from ..ops import Each
from .arrays import all_finite
from .broadcasting import fitted
from .core import sweep
from .diagnosis import refusal
from .hooks import refuse, watching
from .node import Node
from .steps import explained, latest_first

_one_at_a_time = RLock()  # two passes through the same nodes would mix their sums


def backward(output: Node, seed: ArrayLike) -> None:
    """Run the pass of `backprop` and keep the adjoints in `grad`; if it fails, nothing changes."""
    if watching:
        refuse(
            "it calls backward()",
            "Return gradients(loss, parameters) beside the loss, or use value_and_grad.",
        )
    with _one_at_a_time:
        if sweep(output, seed):
            return
    order = latest_first(output)
    adjoint = output._adjoint(seed)
    keep = keep_floats if adjoint.__class__ is float else _keep_arrays
    with _one_at_a_time:
        before = [node._grad for node in order]
        try:
            for node in order:
                node._grad = None
            output._grad = adjoint
            keep(order)
            if not all(node.op or node._grad is None or all_finite(node._grad) for node in order):
                explain(output, adjoint)
            for node, grad in zip(order, before, strict=True):
                if node.op is None and grad is not None:
                    if node._grad is None:
                        node._grad = grad
                    else:
                        node._grad += grad
        except BaseException:
            for node, grad in zip(order, before, strict=True):
                node._grad = grad
            raise


def explain(output: Node, seed: Any) -> Never:
    """Say where a pass met no finite number."""
    raise explained(latest_first(output), output, seed)


def _keep_arrays(order: Iterable[Node]) -> None:
    """Sum adjoints in `grad` itself: the pass of `backprop` without its steps, for speed."""
    with np.errstate(all="ignore"):  # what is not finite is explained afterwards
        for node in order:
            op, grad = node.op, node._grad
            if grad is None:
                continue
            if op is None:
                node._grad = np.array(grad)  # a leaf shares its adjoint with nobody
                continue
            rules: Any = op.vjps  # calling one that is None ends in refusal
            y, args, params = node._held, node.args, node.params
            try:
                if rules.__class__ is Each:
                    _keep_each(node, rules)
                    continue
                for i, x in enumerate(node.inputs):
                    if not x.constant:
                        passed = rules[i](grad, y, *args, **params)
                        if passed is not None:
                            passed = fitted(op, passed, args[i])
                            x._grad = passed if x._grad is None else x._grad + passed
            except Exception as error:
                raise refusal(node, grad, error) from None


def keep_floats(order: Iterable[Node]) -> None:  # noqa: C901, unrolled
    """Sum adjoints in `grad` itself: as for arrays, written out for speed."""
    for node in order:
        op, grad = node.op, node._grad
        if op is None or grad is None:
            continue
        y, inputs, args, params = node._held, node.inputs, node.args, node.params
        rules: Any = op.vjps
        try:
            if op.arity == 2 and not params:
                a, b = args
                left, right = inputs
                left_rule, right_rule = rules
                if not left.constant:
                    passed = left_rule(grad, y, a, b)
                    if passed is not None:
                        left._grad = passed if left._grad is None else left._grad + passed
                if not right.constant:
                    passed = right_rule(grad, y, a, b)
                    if passed is not None:
                        right._grad = passed if right._grad is None else right._grad + passed
            elif rules.__class__ is Each:
                _keep_each(node, rules)
            else:
                for i, x in enumerate(inputs):
                    if not x.constant:
                        passed = rules[i](grad, y, *args, **params)
                        if passed is not None:
                            x._grad = passed if x._grad is None else x._grad + passed
        except Exception as error:
            raise refusal(node, grad, error) from None


def _keep_each(node: Node, rules: Each) -> None:
    """Do the same for an op of any number of operands, which is asked once for all of them."""
    op: Any = node.op
    places = [i for i, x in enumerate(node.inputs) if not x.constant]
    flows = rules.passed(places, node._grad, node._held, node.args, node.params)
    for i, passed in zip(places, flows, strict=True):
        if passed is not None:
            x = node.inputs[i]
            if isinstance(node._held, np.ndarray):
                passed = fitted(op, passed, node.args[i])
            x._grad = passed if x._grad is None else x._grad + passed
