"""Nodes, and the backward pass through them: values and gradients, step by step."""

from ..pickles import publish as _publish
from .arrays import all_finite, fingerprint, same_numbers
from .core import FIELDS, IMPLEMENTATION, next_id
from .differentiated import differentiating, is_computed_from
from .gradients import backprop, gradients
from .hooks import current_watch, refuse, watch_here, watch_of, watching
from .integers import Integers
from .node import Node, grads_of, numbers_of, set_grads
from .order import trace, walk
from .random_nodes import draw, is_noise, noise
from .scope import Scope, entered
from .snapshot import Graph, GraphNode
from .steps import Step, explained, latest_first
from .tensor import Tensor
from .value import Value

__all__ = [
    "FIELDS",
    "IMPLEMENTATION",
    "Graph",
    "GraphNode",
    "Integers",
    "Node",
    "Scope",
    "Step",
    "Tensor",
    "Value",
    "all_finite",
    "backprop",
    "current_watch",
    "differentiating",
    "draw",
    "entered",
    "explained",
    "fingerprint",
    "gradients",
    "grads_of",
    "is_computed_from",
    "is_noise",
    "latest_first",
    "next_id",
    "noise",
    "numbers_of",
    "refuse",
    "same_numbers",
    "set_grads",
    "trace",
    "walk",
    "watch_here",
    "watch_of",
    "watching",
]

_publish(__name__, globals(), __all__)
