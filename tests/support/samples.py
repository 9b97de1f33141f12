"""Calls of every row of the table on arrays, so small that each element can be checked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any
from zlib import crc32

import numpy as np

from autograd import OPS, Op, Tensor, detach

MARGIN = 0.1  # how far operands keep from kinks, poles and the ends of a domain


@dataclass(frozen=True, eq=False)
class Call:
    """A row, arrays to apply it to, and its params."""

    op: Op
    operands: tuple[np.ndarray[Any, Any], ...]
    params: dict[str, Any]

    def __call__(self, *operands: Any) -> Any:
        """Apply the row to other operands."""
        if self.op.arity is None:
            return self.op(list(operands), **self.params)
        return self.op(*operands, **self.params)

    def on(self, operands: Iterable[Any]) -> "Call":
        """Make the same call on other arrays."""
        return replace(self, operands=tuple(map(np.asarray, operands)))

    def on_labels(self, labels: np.ndarray[Any, Any]) -> "Call":
        """Make the same call with classes as the last operand."""
        return self.on([*self.operands[:-1], labels.astype(float)])

    def leaves(self, dtype: type = np.float64) -> list[Tensor]:
        return [Tensor(x.astype(dtype), name=f"x{i}") for i, x in enumerate(self.operands)]

    @property
    def options(self) -> dict[str, Any]:
        """All params, those too that were not given."""
        return {**self.op.defaults, **self.params}

    def rules(self) -> list[Any]:
        return [self.op.vjps[i] for i in range(len(self.operands))]

    def dice(self) -> np.random.Generator:
        return np.random.default_rng(crc32(str(self).encode()))

    def __str__(self) -> str:
        shapes = ", ".join(str(x.shape) for x in self.operands)
        params = "".join(f", {name}={value!r}" for name, value in self.params.items())
        return " ".join(f"{self.op.name}({shapes}{params})".split())


def call(name: str, *shapes: tuple[int, ...], **params: Any) -> Call:
    """Make a call of a row on numbers that are all different and none of which is 0."""
    empty = Call(OPS[name], tuple(map(np.empty, shapes)), params)
    dice, counts = empty.dice(), list(map(prod, shapes))
    steps = dice.permutation(sum(counts)) + dice.uniform(0.3, 0.7, sum(counts))
    parts = np.split(4 * steps / max(1, sum(counts)) - 2, np.cumsum(counts)[:-1])
    return empty.on(x.reshape(shape) for x, shape in zip(parts, shapes, strict=True))


def elementwise(op: Op, *shapes: tuple[int, ...]) -> Call:
    """Make a call of an elementwise row on numbers inside its domain and off its kinks."""
    params = {"low": -1.0, "high": 1.0} if op.name == "clip" else {}
    empty = Call(op, tuple(map(np.empty, shapes)), params)
    dice = empty.dice()
    while True:
        operands = tuple(
            dice.uniform(max(d.low, -3) + MARGIN, min(d.high, 3) - MARGIN, shape)
            for d, shape in zip(op.domain, shapes, strict=True)
        )
        far = [d.poles(x) for d, x in zip(op.domain, operands, strict=True) if d.poles]
        if op.kinks:
            far.append(op.kinks(*operands, **empty.options))
        if all(np.all(np.abs(x) > MARGIN) for x in far):
            return empty.on(operands)


# The rule of detach is not its slope, and is not meant to be: it has tests of its own.
ELEMENTWISE = [op for op in OPS.values() if op.elementwise and op is not detach]
ELEMENTWISE_CALLS = [
    elementwise(op, *[shape] * op.arity)
    for op in ELEMENTWISE
    for shape in [(), (1,), (2, 3), (0,), (2, 0)]
] + [
    elementwise(op, *shapes[: op.arity])
    for op in ELEMENTWISE
    if op.arity > 1
    for shapes in [((2, 3), (3,), (2, 1)), ((), (2,), (1, 1)), ((2, 1), (1, 3), (0, 1, 1))]
]

AXES = [
    ((), None),
    ((4,), 0),
    ((2, 3), None),
    ((2, 3), 0),
    ((2, 3), -1),
    ((2, 3), (0, 1)),
    ((2, 3, 2), (-1, 0)),
    ((2, 1, 3), 1),
    ((0, 3), 1),
]
REDUCTIONS = [
    call(name, shape, axis=axis, keepdims=keepdims)
    for name in ("sum", "mean", "var", "max", "min", "prod", "logsumexp")
    for (shape, axis), keepdims in product(AXES, (False, True))
]
# An empty sum is 0 and an empty product 1; other rows need an element.
REDUCTIONS += [call(name, (0, 3), axis=axis) for name in ("sum", "prod") for axis in (None, 0)]
REDUCTIONS += [call("var", (4, 2), axis=axis, ddof=1) for axis in (None, 0, -1)]
REDUCTIONS += [call("sum", (2, 3), axis=())]
REDUCTIONS += [call(name, (), axis=0) for name in ("sum", "max", "prod", "others", "logsumexp")]

ALONG = [
    *(call("others", shape, axis=axis) for shape, axis in [*AXES, ((0, 3), 0), ((0, 3), None)]),
    *(
        call("cumsum", shape, axis=axis, reverse=reverse)
        for shape, axis in [((), None), ((4,), 0), ((2, 3), None), ((2, 3), 0), ((2, 3, 2), -2)]
        for reverse in (False, True)
    ),
    *(
        call(name, shape, axis=axis)
        for name in ("softmax", "log_softmax")
        for shape, axis in [((4,), -1), ((2, 3), 0), ((2, 3), (0, 1)), ((0, 3), 1), ((2, 3), None)]
    ),
]

SHAPES = [
    call("spread", (), shape=(2, 3)),
    call("spread", (3,), shape=(2, 3), axis=0),
    call("spread", (3,), shape=(2, 3, 2), axis=(-1, 0)),
    call("spread", (2, 1), shape=(2, 3), axis=1, keepdims=True),
    call("reshape", (2, 3), shape=(3, 2)),
    call("reshape", (2, 3), shape=(-1,)),
    call("reshape", (1, 1), shape=()),
    call("reshape", (), shape=[1, 1]),
    call("reshape", (0, 3), shape=(3, 0, 2)),
    call("transpose", ()),
    call("transpose", (2, 3)),
    call("transpose", (2, 3, 4), axes=(1, 2, 0)),
    call("transpose", (2, 3, 4), axes=(-1, 0, -2)),
    *(
        call(name, shapes[way], shape=shapes[1 - way])
        for way, name in enumerate(["broadcast_to", "sum_to"])
        for shapes in [
            ((), (2, 3)),
            ((3,), (2, 3)),
            ((2, 1), (2, 3)),
            ((1, 2), (3, 1, 2)),
            ((1,), (0,)),
            ((2, 3), (2, 3)),
        ]
    ),
    call("astype", (2, 3), dtype=np.float64),
    call("astype", (), dtype=np.float64),
]

JOINED = [
    call("concatenate", (2, 3)),
    call("concatenate", (2,), (3,), (1,)),
    call("concatenate", (2, 3), (2, 1), axis=1),
    call("concatenate", (2, 3), (0, 3), (1, 3), axis=-2),
    call("concatenate", (2, 1, 2), (2, 2, 2), axis=-2),
    call("stack", (3,)),
    call("stack", (), (), ()),
    call("stack", (2, 3), (2, 3), axis=1),
    call("stack", (2, 3), (2, 3), axis=-1),
    call("stack", (2, 3), (2, 3), (2, 3), axis=-2),
    call("stack", (0,), (0,), axis=-2),
]

MASK = np.array([[True, False, True], [False, False, False], [True, True, False], [False] * 3])
INDICES = [
    1,
    -1,
    None,
    ...,
    True,
    (),
    slice(None, None, -1),
    slice(3, 0, -2),
    slice(2, 2),
    (1, -1),
    (slice(1, None), 0),
    (..., slice(None, None, 2)),
    (None, slice(None), None, 2),
    MASK,
    ~MASK[:, 0],
    (slice(None), MASK[2]),
    (MASK[:, 0], [1, 1]),
    [0, 0, 3, 0],
    [],
    [[0, 1], [1, 1]],
    ([0, 3, 0], [2, 1, 2]),
    (slice(None, None, -1), [0, 0]),
    ([-1, 3], slice(1)),
    ([[0], [2]], [0, 0, 1]),
    (None, [2, 2], None, slice(1, None)),
    (1, [2, 2, 0]),
]
ELEMENTS = [
    *(call("getitem", (4, 3), index=index) for index in INDICES),
    *(call("getitem", (), index=index) for index in [(), None, ..., True]),
    *(call("put", np.empty((4, 3))[index].shape, shape=(4, 3), index=index) for index in INDICES),
    *(
        call("pad", (2, 3), widths=widths)
        for widths in [0, 1, (2,), (1, 2), ((1, 2),), ((1, 0), (0, 2)), [[1], [2]]]
    ),
    call("pad", (3,), widths=(1, 0), value=2.5),
    call("pad", (0, 2), widths=1),
    call("pad", (2, 1, 2), widths=((0, 0), (1, 2), (0, 1)), value=-1),
]

PRODUCTS = [
    *(
        call("matmul", *shapes)
        for shapes in [
            ((2, 3), (3, 4)),
            ((3,), (3,)),
            ((3,), (3, 2)),
            ((2, 3), (3,)),
            ((4, 2, 3), (3,)),
            ((3,), (4, 3, 2)),
            ((4, 2, 3), (3, 2)),
            ((2, 3), (4, 3, 2)),
            ((4, 1, 2, 3), (2, 3, 1)),
            ((1, 2, 3), (4, 3, 2)),
            ((2, 0), (0, 3)),
            ((0, 3), (3, 2)),
            ((0,), (0,)),
        ]
    ),
    *(
        call("einsum", *shapes, subscripts=subscripts)
        for subscripts, *shapes in [
            ("ij,jk->ik", (2, 3), (3, 4)),
            ("i,j->ij", (2,), (3,)),
            ("i,i->", (3,), (3,)),
            ("ij->", (2, 3)),
            ("ij->j", (2, 3)),
            ("ij->ji", (2, 3)),
            ("->", ()),
            (",i->i", (), (3,)),
            ("bij,bjk,k->bi", (2, 2, 3), (2, 3, 2), (2,)),
            ("bij,bjk->ik", (2, 2, 3), (2, 3, 2)),
            ("ij,k->i", (2, 3), (2,)),
            ("ij,ij->ij", (3, 1), (3, 2)),
            ("ij,kj->ik", (2, 1), (3, 4)),
            ("ij,jk->ik", (2, 0), (0, 3)),
        ]
    ),
]

SLIDING = [  # shape, size, stride
    ((6,), (3,), 1),
    ((6,), (3,), 2),
    ((7,), (2,), 3),
    ((4,), (1,), 1),
    ((4,), (4,), 2),
    ((2, 5), (3,), 2),
    ((4, 5), (2, 3), 1),
    ((4, 5), (2, 2), 2),
    ((5, 5), (1, 2), (3, 1)),
    ((2, 4, 4), (3, 2), (1, 2)),
    ((3, 4, 3), (2, 2, 2), 1),
    ((3, 4, 3), (2, 3, 1), (1, 1, 2)),
]
WINDOWS = [
    made
    for shape, size, stride in SLIDING
    for unfolded in [call("unfold", shape, size=size, stride=stride)]
    for made in [
        unfolded,
        call("fold", unfolded(*unfolded.operands).shape, shape=shape, size=size, stride=stride),
    ]
]

LAYERS = [
    *(
        call("linear", shape, (4, shape[-1]), (4,))
        for shape in [(2, 3), (3,), (1, 3), (0, 3), (2, 2, 3), (2, 0, 3), (2, 1)]
    ),
    call("linear", (2, 0), (3, 0), (3,)),
    *(
        call("layer_norm", shape, weight, bias, axis=axis)
        for shape, weight, bias, axis in [
            ((2, 3), (3,), (3,), -1),
            ((4,), (4,), (4,), 0),
            ((2, 3), (), (), -1),
            ((2, 3, 2), (3, 2), (2,), (-2, -1)),
            ((0, 3), (3,), (3,), -1),
        ]
    ),
    call("layer_norm", (2, 3), (3,), (), eps=0.5),
    *(
        call("batch_norm", shape, weight, bias)
        for shape, weight, bias in [
            ((3, 2), (2,), (2,)),
            ((3, 2), (), ()),
            ((2, 3, 2), (3,), (3,)),
            ((2, 1, 2, 2), (1,), ()),
        ]
    ),
    call("batch_norm", (3, 2), (2,), (2,), eps=0.5),
]
LOSSES = [
    *(
        call(name, shape, shape, axis=axis)
        for name in ("cross_entropy", "softmax_error")
        for shape, axis in [((2, 3), -1), ((3,), -1), ((2, 3), 1), ((2, 3, 2), 1), ((0, 3), -1)]
    ),
    *(
        call(name, shape, labels.shape, axis=axis).on_labels(labels)
        for name in ("cross_entropy", "softmax_error")
        for shape, axis, labels in [
            ((3, 4), -1, np.array([2, 0, 3])),
            ((3,), -1, np.array(1)),
            ((2, 3, 2), 1, np.array([[0, 1], [2, 2]])),
            ((2, 3, 2), -2, np.array([[0, 1], [2, 2]])),
            ((2, 3), -1, np.array([1, 7])),  # there is no class 7: it costs nothing
            ((0, 3), -1, np.zeros(0)),
        ]
    ),
    *(
        call(name, (2, 3), (2, 3)).on([[[0.5, -1.0, 2.0], [1.0, 0.0, -0.5]], shares])
        for name in ("cross_entropy", "softmax_error")
        for shares in [[[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]]]
    ),
    *(
        call("one_hot", labels.shape, count=3, axis=axis).on_labels(labels)
        for labels, axis in [
            (np.array([2, 0, 1, 1]), -1),
            (np.array([[2, 0], [1, 3]]), 1),
            (np.array([[2, 0], [1, 1]]), -3),
            (np.array(1), -1),
            (np.zeros(0), 0),
        ]
    ),
]

CONVOLUTIONS = [
    made
    for x, weight, options in [
        ((2, 2, 3, 4), (3, 2, 2, 2), {}),
        ((1, 1, 3, 3), (1, 1, 3, 3), {"padding": 1}),
        ((1, 2, 4, 5), (2, 2, 2, 3), {"stride": 2, "padding": 1}),
        ((2, 1, 3, 4), (1, 1, 1, 2), {"stride": (3, 1), "padding": (0, 2)}),
        ((0, 1, 3, 3), (2, 1, 2, 2), {}),
    ]
    for correlated in [call("correlate2d", x, weight, **options)]
    for places in [correlated(*correlated.operands).shape]
    for made in [
        correlated,
        call("conv2d", x, weight, weight[:1], **options),
        call("conv_transpose2d", places, weight, size=x[2:], **options),
        call("conv2d_weight", x, places, kernel_size=weight[2:], **options),
    ]
]
POOLINGS = [
    made
    for x, options in [
        ((2, 2, 4, 4), {"kernel_size": 2}),
        ((1, 2, 3, 5), {"kernel_size": (2, 3), "stride": 1}),
        ((1, 1, 5, 4), {"kernel_size": (3, 2), "stride": (2, 3), "padding": 1}),
        ((1, 1, 2, 3), {"kernel_size": 1, "stride": 2}),
        ((0, 1, 2, 2), {"kernel_size": 2}),
    ]
    for pooled in [call("max_pool2d", x, **options)]
    for places in [pooled(*pooled.operands).shape]
    for made in [
        pooled,
        call("min_pool2d", x, **options),
        call("avg_pool2d", x, **options),
        call("avg_unpool2d", places, size=x[2:], **options),
        call("max_scatter2d", places, x, **options),
        call("max_gather2d", x, x, **options),
    ]
]

ARRAY_CALLS = REDUCTIONS + ALONG + SHAPES + JOINED + ELEMENTS + PRODUCTS + WINDOWS
ARRAY_CALLS += LAYERS + LOSSES + CONVOLUTIONS + POOLINGS
LINEAR = {
    *("sum", "spread", "mean", "cumsum", "reshape", "transpose", "broadcast_to", "sum_to"),
    *("astype", "concatenate", "stack", "getitem", "put", "pad", "unfold", "fold"),
    *("avg_pool2d", "avg_unpool2d"),
}
