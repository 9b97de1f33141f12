"""Layers with windows agree wherever they run, and refuse what fits into no window."""

from itertools import product

import numpy as np
import pytest
from sliding import POOLS, different

from autograd import ShapeError, Tape, Tensor, check_gradients, compile, gradients, sum, trace
from nn import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, MinPool2d, Sequential

LAYERS = {
    "Conv2d": (Conv2d, (2, 3, 3)),
    "Conv2d with steps": (Conv2d, (2, 3, (3, 2), (1, 2), (1, 0))),
    "Conv2d without bias": (Conv2d, (2, 3, 2, 2, 1, False)),
    **{
        f"{pool.__name__}{arguments}": (pool, arguments)
        for pool, arguments in product(POOLS, [(2,), (3, 2), ((2, 3), (1, 2), 1)])
    },
}
each_layer = pytest.mark.parametrize("name", LAYERS)


def made(name, dtype=np.float64):
    layer, arguments = LAYERS[name]
    return layer(*arguments, dtype=dtype, rng=0) if layer is Conv2d else layer(*arguments)


@each_layer
def test_a_layer_is_one_step(name):
    y = made(name)(Tensor(different(2, 2, 5, 6)))
    assert [x for x in trace(y) if x.op] == [y]


@pytest.mark.slow
@each_layer
def test_gradients_are_right(name):
    check_gradients(made(name), different(2, 2, 5, 6), order=2)


@each_layer
def test_single_precision_stays(name):
    layer, x = made(name, np.float32), Tensor(different(2, 2, 5, 6).astype(np.float32))
    y = layer(x)
    y.sum().backward()
    found = [y.dtype, x.grad.dtype, *(p.grad.dtype for p in layer.parameters())]
    assert {dtype.name for dtype in found} == {"float32"}


@each_layer
def test_a_tape_computes_the_same(name):
    layer, x = made(name), Tensor(different(2, 2, 5, 6))
    y = sum(layer(x) ** 2)
    tape = Tape([y, *gradients(y, [x, *layer.parameters()])], inputs=[x])
    other = Tensor(-x.data)
    y = sum(layer(other) ** 2)
    y.backward()
    expected = [y.data, other.grad, *(p.grad for p in layer.parameters())]
    for found, its in zip(tape(other.data), expected, strict=True):
        np.testing.assert_allclose(found, its, rtol=1e-12, atol=1e-12)


@each_layer
def test_a_compiled_layer_computes_the_same(name):
    layer = made(name)
    compiled = compile(layer.forward)
    for x in (different(2, 2, 5, 6), 1 - different(2, 2, 5, 6)):
        np.testing.assert_allclose(compiled(x), layer(Tensor(x)).data, atol=1e-12)
    assert compiled.recordings == 1


def test_an_empty_batch_gives_an_empty_batch():
    net = Sequential(Conv2d(1, 2, 3, padding=1), MaxPool2d(2))
    assert net(np.zeros((0, 1, 4, 4))).shape == (0, 2, 2, 2)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Conv2d(3, 96, 11, 4), "Conv2d(3, 96, kernel_size=11, stride=4)"),
        (Conv2d(1, 2, (3, 5), 1, (0, 2), False), "Conv2d(1, 2, kernel_size=(3, 5), padding=(0, 2), "
         "bias=False)"),
        (MaxPool2d(2), "MaxPool2d(kernel_size=2)"),
        (MinPool2d(2, 2), "MinPool2d(kernel_size=2)"),
        (AvgPool2d((3, 2), 1, 1), "AvgPool2d(kernel_size=(3, 2), stride=1, padding=1)"),
    ],
)  # fmt: skip
def test_repr_names_what_is_not_as_usual(layer, words):
    assert repr(layer) == words


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (Conv2d(3, 8, 5), (3, 28, 28), r"Conv2d\(3, 8, kernel_size=5\): got shape \(3, 28, 28\)\. "
         r"Give images as \(samples, 3 channels, height, width\); one alone is x\[None\]\."),
        (Conv2d(3, 8, 5), (2, 1, 28, 28), r"got shape \(2, 1, 28, 28\)\. Give .* 3 channels"),
        (Conv2d(3, 8, 5, padding=1), (2, 3, 2, 9), r"A window of \(5, 5\) does not fit into "
         r"\(4, 11\), padding included\. Give larger images, or pool less before\."),
        (MaxPool2d(3), (2, 1, 3, 2), r"MaxPool2d\(kernel_size=3\): .* fit into \(3, 2\)"),
        (AvgPool2d(3), (28, 28), r"\(samples, channels, height, width\)"),
    ],
)  # fmt: skip
def test_images_that_do_not_fit_are_refused(layer, shape, words):
    with pytest.raises(ShapeError, match=words):
        layer(np.zeros(shape))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Conv2d(1, 1, 0), r"^Conv2d: kernel_size=0\. Give one whole number or two, \(down, "
         r"right\), of 1 or more\."),
        (lambda: Conv2d(1, 1, 3, stride=(1, 0)), r"^Conv2d: stride=\(1, 0\)"),
        (lambda: Conv2d(1, 1, 3, padding=-1), r"^Conv2d: padding=-1.* of 0 or more"),
        (lambda: Conv2d(1, 1, (3, 3, 3)), r"^Conv2d: kernel_size=\(3, 3, 3\)"),
        (lambda: MaxPool2d(2.0), r"^MaxPool2d: kernel_size=2\.0"),
        (lambda: MinPool2d(3, padding=2), r"^MinPool2d: got padding=2 for kernel_size=3\."),
    ],
)  # fmt: skip
def test_sizes_that_make_no_sense_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.slow
def test_a_small_net_learns_where_bars_lie():
    rng = np.random.default_rng(0)
    upright = rng.integers(0, 2, 64)
    images = rng.normal(scale=0.1, size=(64, 1, 8, 8))
    for image, is_upright, place in zip(images[:, 0], upright, rng.integers(0, 8, 64), strict=True):
        (image.T if is_upright else image)[place] += 1
    net = Sequential(
        Conv2d(1, 4, 3, padding=1, rng=0), MaxPool2d(8), Flatten(), Linear(4, 1, rng=1)
    )
    x, sign = Tensor(images, constant=True), Tensor(2.0 * upright[:, None] - 1, constant=True)
    for _ in range(100):
        net.zero_grad()
        ((net(x) - sign) ** 2).mean().backward()
        for p in net.parameters():
            p.data -= 0.1 * p.grad
    assert (np.sign(net(x).data) == sign.data).all()


def test_images_of_whole_numbers_are_images():
    for kind, expected in ((MaxPool2d, 200.0), (MinPool2d, 0.0), (AvgPool2d, 150.0)):
        images = np.array([[[[0, 200], [200, 200]]]], np.uint8)
        assert kind(2)(images).data.tolist() == [[[[expected]]]]
        assert kind(2)(images.tolist()).data.tolist() == [[[[expected]]]]
    layer = Conv2d(1, 2, 2, rng=0)
    np.testing.assert_array_equal(layer(images.tolist()).data, layer(images.astype(float)).data)
