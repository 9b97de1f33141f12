"""Convolution, pooling and normalization agree with PyTorch, with their gradients."""

import numpy as np
import pytest

from autograd import Tensor
from nn import (
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    LayerNorm,
    Linear,
    MaxPool2d,
    MinPool2d,
    ReLU,
    Sequential,
)

torch = pytest.importorskip("torch")

LAYERS = [
    *(
        (Conv2d, torch.nn.Conv2d, arguments, (2, 3, 11, 12))
        for arguments in [
            {"kernel_size": 3},
            {"kernel_size": 1},
            {"kernel_size": (2, 5), "stride": (3, 2), "padding": (1, 0)},
            {"kernel_size": 4, "stride": 4, "padding": 2, "bias": False},
        ]
        for arguments in [{"in_channels": 3, "out_channels": 4, **arguments}]
    ),
    *(
        (ours, theirs, arguments, (2, 3, 9, 8))
        for ours, theirs in [(MaxPool2d, torch.nn.MaxPool2d), (AvgPool2d, torch.nn.AvgPool2d)]
        for arguments in [
            {"kernel_size": 2},
            {"kernel_size": 3, "stride": 2},
            {"kernel_size": (3, 4), "stride": (1, 3), "padding": (1, 2)},
        ]
    ),
    *(
        (BatchNorm1d, torch.nn.BatchNorm1d, arguments, shape)
        for arguments in [{}, {"eps": 0.1, "momentum": 0.3}, {"affine": False}, {"momentum": None}]
        for shape in [(6, 3), (4, 3, 5)]
        for arguments in [{"num_features": 3, **arguments}]
    ),
    (BatchNorm2d, torch.nn.BatchNorm2d, {"num_features": 3}, (4, 3, 5, 2)),
    *(
        (LayerNorm, torch.nn.LayerNorm, {"normalized_shape": shape, **arguments}, (4, 3, 5))
        for shape in [5, (3, 5)]
        for arguments in [{}, {"eps": 0.1, "bias": False}, {"elementwise_affine": False}]
    ),
]
each_layer = pytest.mark.parametrize(
    ("ours", "theirs", "arguments", "shape"),
    LAYERS,
    ids=[f"{ours.__name__}-{arguments}-{shape}" for ours, _, arguments, shape in LAYERS],
)


def close(x, y):
    np.testing.assert_allclose(x, y.detach().numpy(), rtol=1e-10, atol=1e-10)


def images(shape, seed=0):
    """Draw numbers of which many are equal, so that there are ties."""
    return np.random.default_rng(seed).integers(-4, 5, shape) / 4


def twins(ours, theirs, arguments):
    """Make a layer here and there, with the same parameters, which are not as at the start."""
    layer, twin = ours(**arguments), theirs(**arguments).double()
    rng = np.random.default_rng(1)
    for p in layer.parameters():
        p.data = rng.standard_normal(p.shape)
    twin.load_state_dict({k: torch.from_numpy(x) for k, x in layer.state_dict().items()})
    return layer, twin


def same_passes(layer, twin, x):
    """Compare outputs and all gradients."""
    leaf, its = Tensor(x), torch.tensor(x, requires_grad=True)
    y, theirs = layer(leaf), twin(its)
    close(y.data, theirs)
    seed = np.random.default_rng(2).standard_normal(y.shape)
    layer.zero_grad()
    twin.zero_grad()
    y.backward(seed)
    theirs.backward(torch.from_numpy(seed))
    close(leaf.grad, its.grad)
    parameters = dict(twin.named_parameters())
    assert [name for name, _ in layer.named_parameters()] == list(parameters)
    for name, p in layer.named_parameters():
        close(p.grad, parameters[name].grad)


@each_layer
def test_outputs_and_gradients_agree(ours, theirs, arguments, shape):
    layer, twin = twins(ours, theirs, arguments)
    same_passes(layer, twin, images(shape))
    for seed in (1, 2):  # statistics have changed in between
        same_passes(layer, twin, 10 + 3 * images(shape, seed))
    same_passes(layer.eval(), twin.eval(), images(shape, 3))


@pytest.mark.parametrize("stride", [1, 2])
def test_min_pooling_is_max_pooling_of_negatives(stride):
    layer, twin = MinPool2d(3, stride, 1), torch.nn.MaxPool2d(3, stride, 1)
    x = images((2, 3, 9, 8))
    leaf, its = Tensor(x), torch.tensor(x, requires_grad=True)
    y, theirs = layer(leaf), -twin(-its)
    close(y.data, theirs)
    y.sum().backward()
    theirs.sum().backward()
    close(leaf.grad, its.grad)


@each_layer
def test_states_travel_both_ways(ours, theirs, arguments, shape):
    _, twin = twins(ours, theirs, arguments)
    twin(torch.from_numpy(images(shape)))
    fresh = ours(**arguments)
    fresh.load_state_dict({k: x.numpy() for k, x in twin.state_dict().items()})
    assert list(fresh.state_dict()) == list(twin.state_dict())
    same_passes(fresh.eval(), twin.eval(), images(shape, 1))
    back = theirs(**arguments).double()
    back.load_state_dict({k: torch.from_numpy(x) for k, x in fresh.state_dict().items()})
    for name, x in twin.state_dict().items():
        assert torch.equal(back.state_dict()[name], x), name


def test_a_small_net_agrees():
    net = Sequential(
        *(Conv2d(1, 4, 5, padding=2), BatchNorm2d(4), ReLU(), MaxPool2d(2)),
        *(Conv2d(4, 6, 3), ReLU(), AvgPool2d(2), Flatten(), LayerNorm(24), Linear(24, 3)),
    )
    twin = torch.nn.Sequential(
        *(torch.nn.Conv2d(1, 4, 5, padding=2), torch.nn.BatchNorm2d(4), torch.nn.ReLU()),
        *(torch.nn.MaxPool2d(2), torch.nn.Conv2d(4, 6, 3), torch.nn.ReLU(), torch.nn.AvgPool2d(2)),
        *(torch.nn.Flatten(), torch.nn.LayerNorm(24), torch.nn.Linear(24, 3)),
    ).double()
    net.load_state_dict({k: x.numpy() for k, x in twin.state_dict().items()})
    same_passes(net, twin, np.random.default_rng(0).standard_normal((5, 1, 12, 12)))
