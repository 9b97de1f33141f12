"""Where torch is installed: the same computations, derivatives of any order, the same numbers."""

import numpy as np
import pytest
from samples import ARRAY_CALLS, ELEMENTWISE_CALLS

import autograd as ag
from autograd import (
    Tensor,
    abs,
    clip,
    concatenate,
    elu,
    exp,
    gradients,
    leaky_relu,
    log_softmax,
    matmul,
    maximum,
    mean,
    minimum,
    pad,
    relu,
    reshape,
    sigmoid,
    sin,
    softmax,
    softplus,
    sqrt,
    tanh,
    unfold,
    var,
    xlogy,
)

torch = pytest.importorskip("torch")
F = torch.nn.functional


def dims(x, axis):
    return tuple(range(x.ndim)) if axis is None else axis


def reduced(f):
    return lambda x, axis, keepdims: f(x, dims(x, axis), keepdim=keepdims) if x.ndim else f(x, 0)


def padded(x, widths, value):
    pairs = np.broadcast_to(widths, (x.ndim, 2)).tolist()
    return F.pad(x, [n for pair in pairs[::-1] for n in pair], value=value)


def cumulated(x, axis, reverse):
    if axis is None:
        x, axis = x.reshape(-1), 0
    return x.flip(axis).cumsum(axis).flip(axis) if reverse else x.cumsum(axis)


def picked(x, index):
    parts = index if isinstance(index, tuple) else (index,)
    arrays = [
        np.array(part, int if part == [] else None) if isinstance(part, list) else part
        for part in parts
    ]
    return x[tuple(torch.tensor(x) if isinstance(x, np.ndarray) else x for x in arrays)]


def layer_norm(x, weight, bias, axis, eps):
    axes = axis if isinstance(axis, tuple) else (axis,)
    return F.layer_norm(x, [x.shape[k] for k in axes], eps=eps) * weight + bias


def batch_norm(x, weight, bias, eps):
    normed = F.batch_norm(x, None, None, training=True, eps=eps).movedim(1, -1)
    return (normed * weight + bias).movedim(-1, 1)


def cross_entropy(z, t, axis):
    rows = z.movedim(axis, -1).reshape(-1, z.shape[axis])
    t = t.movedim(axis, -1).reshape(rows.shape) if t.ndim == z.ndim else t.reshape(-1).long()
    return F.cross_entropy(rows, t, reduction="none").reshape(z.select(axis, 0).shape)


def bce_with_logits(z, t):
    pair = torch.broadcast_tensors(z, t)
    return F.binary_cross_entropy_with_logits(*pair, reduction="none")


def max_scatter2d(numbers, x, **how):
    return torch.autograd.grad(F.max_pool2d(x, **how), x, numbers, create_graph=True)[0]


# Rows that have the same name in torch, and the same options, are not listed.
ROWS = {
    "alias": lambda x: x.clone(),
    "log": torch.log,
    "arcsin": torch.asin,
    "arccos": torch.acos,
    "arctan": torch.atan,
    "softplus": F.softplus,
    "relu": lambda x, at_zero: torch.relu(x),
    "leaky_relu": lambda x, slope, at_zero: F.leaky_relu(x, slope),
    "elu": F.elu,
    "clip": lambda x, low, high: torch.clamp(x, low, high),
    "where": lambda condition, a, b: torch.where(condition != 0, a, b),
    "sum": lambda x, axis, keepdims: torch.sum(x, dims(x, axis), keepdim=keepdims),
    "mean": lambda x, axis, keepdims: torch.mean(x, dims(x, axis), keepdim=keepdims),
    "var": lambda x, axis, keepdims, ddof: torch.var(
        x, dims(x, axis), correction=ddof, keepdim=keepdims
    ),
    "max": reduced(torch.amax),
    "min": reduced(torch.amin),
    "logsumexp": reduced(torch.logsumexp),
    "prod": lambda x, axis, keepdims: torch.prod(x, axis, keepdim=keepdims),
    "cumsum": cumulated,
    "softmax": torch.softmax,
    "log_softmax": torch.log_softmax,
    "reshape": torch.reshape,
    "transpose": lambda x, axes: x.permute(axes or tuple(range(x.ndim))[::-1]),
    "broadcast_to": lambda x, shape: torch.broadcast_to(x, shape),
    "sum_to": lambda x, shape: x.sum_to_size(shape),
    "concatenate": lambda *xs, axis: torch.cat(xs, axis),
    "stack": lambda *xs, axis: torch.stack(xs, axis),
    "getitem": picked,
    "pad": padded,
    "linear": F.linear,
    "layer_norm": layer_norm,
    "batch_norm": batch_norm,
    "cross_entropy": cross_entropy,
    "bce_with_logits": bce_with_logits,
    "conv2d": F.conv2d,
    "correlate2d": F.conv2d,
    "conv_transpose2d": lambda x, weight, size, **how: torch.nn.grad.conv2d_input(
        (len(x), weight.shape[1], *size), weight, x, **how
    ),
    "conv2d_weight": lambda x, numbers, kernel_size, **how: torch.nn.grad.conv2d_weight(
        x, (numbers.shape[1], x.shape[1], *kernel_size), numbers, **how
    ),
    "max_pool2d": F.max_pool2d,
    "min_pool2d": lambda x, **how: -F.max_pool2d(-x, **how),
    "max_scatter2d": max_scatter2d,
    "avg_pool2d": F.avg_pool2d,
    "einsum": lambda *xs, subscripts: torch.einsum(subscripts, *xs),
}


OTHER = {"equal", "heaviside", "put"}  # the same name for another thing, or without a derivative
ONE_AXIS = {"prod", "softmax", "log_softmax"}


def torch_has(call):
    """Whether torch has this row with these options."""
    options, name = call.options, call.op.name
    if name in OTHER or None in call.rules() or not (name in ROWS or hasattr(torch, name)):
        return False
    if name == "getitem":
        parts = options["index"] if isinstance(options["index"], tuple) else (options["index"],)
        return not any(isinstance(part, slice) and (part.step or 1) < 0 for part in parts)
    if name == "var":
        return call.operands[0].size > 0
    if name == "cross_entropy":  # torch refuses classes that do not exist
        z, t = call.operands
        return t.ndim == z.ndim or bool(np.all(t < z.shape[options["axis"]]))
    if name in ("layer_norm", "batch_norm") or "2d" in name:
        return True
    return isinstance(options.get("axis"), int) or (
        name not in ONE_AXIS and options.get("axis") != ()
    )


def in_torch(call, *operands):
    f = ROWS.get(call.op.name) or getattr(torch, call.op.name)
    return f(*operands, **call.options)


def twins(*arrays):
    return [Tensor(x) for x in arrays], [torch.tensor(x, requires_grad=True) for x in arrays]


def agree(found, expected, tolerance=1e-12):
    """One of ours and one of torch's, measured against the largest number of either."""
    found = found.data if isinstance(found, Tensor) else found
    expected = expected.numpy(force=True)
    assert found.shape == expected.shape
    scale = np.max(np.abs([1.0, *expected.ravel()]))
    assert np.all(np.abs(found - expected) <= tolerance * scale)


def in_both(f, g, ours, theirs, order=2):
    """Compare values and derivatives of two functions, up to an order."""
    dice = np.random.default_rng(0)
    y, z = f(*ours), g(*theirs)
    for remaining in reversed(range(order + 1)):
        agree(y, z)
        if not remaining or not z.requires_grad:
            return
        weights = dice.normal(size=y.shape)
        seed = torch.tensor(weights, requires_grad=True)
        first = gradients(y, ours, Tensor(weights))
        theirs_first = torch.autograd.grad(z, theirs, seed, create_graph=True, allow_unused=True)
        for x, slope, expected in zip(theirs, first, theirs_first, strict=True):
            agree(slope, torch.zeros_like(x) if expected is None else expected)
        parts = [
            (ag.sum(slope * np.cos(slope.data)), torch.sum(expected * expected.detach().cos()))
            for slope, expected in zip(first, theirs_first, strict=True)
            if expected is not None
        ]
        if not parts:
            return
        y, z = (sum(side) for side in zip(*parts, strict=True))


@pytest.mark.parametrize(
    "call", [c for c in ELEMENTWISE_CALLS + ARRAY_CALLS if torch_has(c)], ids=str
)
def test_a_row_and_its_derivatives_agree(call):
    ours, theirs = twins(*call.operands)
    in_both(call, lambda *xs: in_torch(call, *xs), ours, theirs)


@pytest.mark.parametrize(
    ("f", "g"),
    [
        (relu, lambda x: torch.relu(x)),
        (abs, lambda x: torch.abs(x)),
        (leaky_relu, lambda x: F.leaky_relu(x)),
        (elu, lambda x: F.elu(x)),
        (lambda x: clip(x, 0.0, 1.0), lambda x: torch.clamp(x, 0.0, 1.0)),
        (lambda x: maximum(x, 2 * x), lambda x: torch.maximum(x, 2 * x)),
        (lambda x: minimum(x, 2 * x), lambda x: torch.minimum(x, 2 * x)),
        (lambda x: ag.max(x * [1.0, 1.0, -1.0]), lambda x: (x * torch.tensor([1, 1, -1])).amax()),
        (lambda x: x**0, lambda x: x**0),
        (lambda x: x**2, lambda x: x**2),
        (lambda x: xlogy(x, 2.0), lambda x: torch.xlogy(x, torch.tensor(2.0))),
        (lambda x: ag.prod(x - 1), lambda x: torch.prod(x - 1)),
    ],
)
def test_the_slopes_taken_at_kinks_are_those_of_torch(f, g):
    ours, theirs = twins(np.array([0.0, 0.0, 1.0]))
    in_both(f, g, ours, theirs, order=1)


# What networks are made of


def test_a_network_with_cross_entropy():
    dice = np.random.default_rng(1)
    x, classes = dice.normal(size=(16, 5)), dice.integers(0, 3, 16)
    ours, theirs = twins(
        *(dice.normal(size=shape) for shape in [(5, 8), (8,), (8, 8), (8,), (8, 3), (3,)])
    )

    def loss(w1, b1, w2, b2, w3, b3):
        h = relu(tanh(x @ w1 + b1) @ w2 + b2)
        return -mean(log_softmax(h @ w3 + b3)[range(16), classes])

    def expected(w1, b1, w2, b2, w3, b3):
        h = torch.relu(torch.tanh(torch.tensor(x) @ w1 + b1) @ w2 + b2)
        return F.cross_entropy(h @ w3 + b3, torch.tensor(classes))

    in_both(loss, expected, ours, theirs)
    loss(*ours).backward()
    expected(*theirs).backward()
    for p, q in zip(ours, theirs, strict=True):
        agree(p.grad, q.grad)


def conv2d(x, w, b, stride, padding):
    (n, *_), (o, _, *size) = x.shape, w.shape
    x = pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = unfold(x, tuple(size), stride)
    *_, height, width = windows.shape
    y = matmul(reshape(w, (o, -1)), reshape(windows, (n, -1, height * width)))
    return reshape(y, (n, o, height, width)) + reshape(b, (o, 1, 1))


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (2, 3)], ids=str)
@pytest.mark.parametrize("stride", [1, 2, (3, 1)], ids=str)
@pytest.mark.parametrize("padding", [0, 2])
def test_a_convolution(size, stride, padding):
    dice = np.random.default_rng(2)
    ours, theirs = twins(
        *(dice.normal(size=shape) for shape in [(2, 3, 7, 6), (4, 3, *size), (4,)])
    )
    in_both(
        lambda x, w, b: conv2d(x, w, b, stride, padding),
        lambda x, w, b: F.conv2d(x, w, b, stride, padding),
        ours,
        theirs,
    )


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_pooling(stride):
    ours, theirs = twins(np.random.default_rng(3).normal(size=(2, 2, 7, 7)))
    for pool, expected in [(ag.max, F.max_pool2d), (mean, F.avg_pool2d)]:
        in_both(
            lambda x, pool=pool: pool(unfold(x, (3, 3), stride), axis=(-4, -3)),
            lambda x, expected=expected: expected(x, 3, stride),
            ours,
            theirs,
        )


def test_a_batch_norm():
    dice = np.random.default_rng(4)
    ours, theirs = twins(*(dice.normal(size=shape) for shape in [(8, 3, 5), (3, 1), (3, 1)]))

    def normed(x, scale, shift):
        axes = (0, 2)
        centered = x - mean(x, axes, keepdims=True)
        return scale * centered / sqrt(var(x, axes, keepdims=True) + 1e-5) + shift

    in_both(
        normed,
        lambda x, scale, shift: F.batch_norm(
            x, None, None, scale.reshape(-1), shift.reshape(-1), training=True
        ),
        ours,
        theirs,
    )


def test_attention_with_a_mask():
    dice = np.random.default_rng(5)
    ours, theirs = twins(*(dice.normal(size=(2, 4, 3)) for _ in "qkv"))
    hidden = np.where(np.tri(4), 0.0, -np.inf)
    in_both(
        lambda q, k, v: softmax(q @ k.mT / np.sqrt(3) + hidden) @ v,
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v, torch.tensor(hidden)),
        ours,
        theirs,
    )


@pytest.mark.parametrize(
    ("f", "g"),
    [
        (lambda x: sin(x) * exp(x), lambda x: torch.sin(x) * torch.exp(x)),
        (lambda x: softplus(x) / (1 + x * x), lambda x: F.softplus(x) / (1 + x * x)),
        (lambda x: tanh(sigmoid(x) ** 3), lambda x: torch.tanh(torch.sigmoid(x) ** 3)),
        (lambda x: ag.prod(concatenate([x, x])), lambda x: torch.prod(torch.cat([x, x]))),
        (lambda x: ag.logsumexp(x * x), lambda x: torch.logsumexp(x * x, 0)),
    ],
)
def test_derivatives_up_to_the_fifth(f, g):
    ours, theirs = twins(np.array([0.3, -0.8, 1.1]))
    in_both(f, g, ours, theirs, order=5)


def test_a_penalty_on_a_gradient_is_trained_through():
    dice = np.random.default_rng(6)
    x = dice.normal(size=(6, 3))
    (w, v), (wt, vt) = twins(dice.normal(size=(3, 4)), dice.normal(size=4))
    data, datat = Tensor(x), torch.tensor(x, requires_grad=True)
    (slope,) = gradients(ag.sum(tanh(data @ w) @ v), [data])
    mean((sqrt(ag.sum(slope**2, axis=1)) - 1) ** 2).backward()
    (slopet,) = torch.autograd.grad((torch.tanh(datat @ wt) @ vt).sum(), datat, create_graph=True)
    ((slopet.norm(dim=1) - 1) ** 2).mean().backward()
    for ours, theirs in [(w, wt), (v, vt), (data, datat)]:
        agree(ours.grad, theirs.grad)
