"""A reverse-mode autograd engine whose every step can be seen."""

from typing import TYPE_CHECKING, Any

from .pickles import find_former_places as _find_former_places

__version__ = "0.2.0"
_find_former_places()

# Nothing is loaded before it is asked for: a pytest run pays for the plugin, not for the engine.
_HOMES = {
    "AutogradError": "errors",
    "DomainError": "errors",
    "GradientError": "errors",
    "GraphError": "errors",
    "InfiniteGradientError": "errors",
    "ShapeError": "errors",
    "OPS": "ops",
    "Domain": "ops",
    "Each": "ops",
    "Op": "ops",
    "flat": "ops",
    "Graph": "engine",
    "GraphNode": "engine",
    "Node": "engine",
    "Scope": "engine",
    "Step": "engine",
    "Tensor": "engine",
    "Value": "engine",
    "backprop": "engine",
    "gradients": "engine",
    "noise": "engine",
    "trace": "engine",
    "grad": "functional",
    "hessian": "functional",
    "hvp": "functional",
    "jacobian": "functional",
    "jvp": "functional",
    "unroll": "functional",
    "value_and_grad": "functional",
    "vjp": "functional",
    "Tape": "tape",
    "compile": "jit",
    "Report": "checking",
    "Verdict": "checking",
    "check_gradients": "checking",
    "check_op": "checking",
    "from_hips": "checking",
    "from_jax": "checking",
    "from_mygrad": "checking",
    "from_torch": "checking",
}

_WINGS = frozenset(
    [*_HOMES.values(), "dialects", "files", "formulas", "pickles", "showing", "texts"]
)

# Names that were here in version 0.1; they go with version 0.3.
_MOVED = {
    "ATOM": "ops",
    "OPERATORS": "ops",
    "Operand": "ops",
    "Params": "ops",
    "Formula": "formulas",
    "Symbol": "formulas",
    "applied": "formulas",
    "loose": "formulas",
    "number": "formulas",
    "options": "formulas",
    "rule": "formulas",
    "slope": "formulas",
    "written": "formulas",
    "Recorded": "jit",
    "recorded": "jit",
    "untouched": "jit",
}

if TYPE_CHECKING:
    from .checking import Report as Report
    from .checking import Verdict as Verdict
    from .checking import check_gradients as check_gradients
    from .checking import check_op as check_op
    from .checking import from_hips as from_hips
    from .checking import from_jax as from_jax
    from .checking import from_mygrad as from_mygrad
    from .checking import from_torch as from_torch
    from .engine import Graph as Graph
    from .engine import GraphNode as GraphNode
    from .engine import Node as Node
    from .engine import Scope as Scope
    from .engine import Step as Step
    from .engine import Tensor as Tensor
    from .engine import Value as Value
    from .engine import backprop as backprop
    from .engine import gradients as gradients
    from .engine import noise as noise
    from .engine import trace as trace
    from .errors import AutogradError as AutogradError
    from .errors import DomainError as DomainError
    from .errors import GradientError as GradientError
    from .errors import GraphError as GraphError
    from .errors import InfiniteGradientError as InfiniteGradientError
    from .errors import ShapeError as ShapeError
    from .formulas import Formula as Formula
    from .formulas import Symbol as Symbol
    from .formulas import applied as applied
    from .formulas import loose as loose
    from .formulas import number as number
    from .formulas import options as options
    from .formulas import rule as rule
    from .formulas import slope as slope
    from .formulas import written as written
    from .functional import grad as grad
    from .functional import hessian as hessian
    from .functional import hvp as hvp
    from .functional import jacobian as jacobian
    from .functional import jvp as jvp
    from .functional import unroll as unroll
    from .functional import value_and_grad as value_and_grad
    from .functional import vjp as vjp
    from .jit import Recorded as Recorded
    from .jit import compile as compile
    from .jit import recorded as recorded
    from .jit import untouched as untouched
    from .ops import ATOM as ATOM
    from .ops import OPERATORS as OPERATORS
    from .ops import OPS as OPS
    from .ops import Domain as Domain
    from .ops import Each as Each
    from .ops import Op as Op
    from .ops import Operand as Operand
    from .ops import Params as Params
    from .ops import flat as flat
    from .ops.convolution import *
    from .ops.elementwise import *
    from .ops.layers import *
    from .ops.losses import *
    from .ops.pooling import *
    from .ops.products import *
    from .ops.reductions import *
    from .ops.shapes import *
    from .tape import Tape as Tape
else:

    def __getattr__(name: str) -> Any:
        """Load what is asked for, from the wing that it belongs to."""
        if name == "__all__":
            import builtins

            return [x for x in _public() if not hasattr(builtins, x)]
        if name.startswith("_"):
            raise AttributeError(f"module 'autograd' has no attribute {name!r}")
        from importlib import import_module

        if name in _WINGS:
            return import_module(f".{name}", __name__)
        home = _HOMES.get(name) or _MOVED.get(name) or "ops"
        wing = import_module(f".{home}", __name__)
        if home == "ops" and name not in {*_HOMES, *_MOVED, *wing.FUNCTIONS}:
            from .dialects import OF_ARRAYS, OF_AUTOGRAD, OF_NUMPY, unknown

            raise unknown("module 'autograd'", name, OF_AUTOGRAD, OF_ARRAYS, OF_NUMPY)
        if name in _MOVED:
            from warnings import warn

            warn(
                f"autograd.{name} has moved: from autograd.{home} import {name}",
                DeprecationWarning,
                stacklevel=2,
            )
            return getattr(wing, name)
        globals()[name] = found = getattr(wing, name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *_public(), *_WINGS} - {"TYPE_CHECKING", "Any"})

    def _public() -> list[str]:
        from .ops import FUNCTIONS

        return sorted({*_HOMES, *FUNCTIONS})
