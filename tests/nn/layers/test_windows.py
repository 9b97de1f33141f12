"""Convolution and pooling do what loops over their windows do, and know where gradients belong."""

from itertools import product

import numpy as np
import pytest
from golden import EXAMPLES
from hypothesis import given
from hypothesis import strategies as st

from autograd import ShapeError, Tape, Tensor, check_gradients, compile, gradients, sum
from nn import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, MinPool2d, Sequential

POOLS = {MaxPool2d: np.max, MinPool2d: np.min, AvgPool2d: np.mean}
OVER_THE_EDGE = {MaxPool2d: -np.inf, MinPool2d: np.inf, AvgPool2d: 0.0}
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
each_pool = pytest.mark.parametrize("pool", POOLS)


def made(name, dtype=np.float64):
    layer, arguments = LAYERS[name]
    return layer(*arguments, dtype=dtype, rng=0) if layer is Conv2d else layer(*arguments)


def different(*shape):
    """Give numbers of which no two are near each other."""
    size = int(np.prod(shape))
    return (np.random.default_rng(size).permutation(size) / size - 0.5).reshape(shape)


def windows(x, layer, beyond=0.0):
    """Yield (row, column, window of all samples and channels), one by one."""
    (down, right), (height, width) = layer.padding, layer.kernel_size
    x = np.pad(x, [(0, 0), (0, 0), (down, down), (right, right)], constant_values=beyond)
    for i, top in enumerate(range(0, x.shape[2] - height + 1, layer.stride[0])):
        for j, left in enumerate(range(0, x.shape[3] - width + 1, layer.stride[1])):
            yield i, j, x[:, :, top : top + height, left : left + width]


sizes = st.tuples(st.integers(1, 4), st.integers(1, 4))
steps = st.tuples(st.integers(1, 3), st.integers(1, 3))
counts = st.tuples(*[st.integers(1, 3)] * 3)


@given(counts, sizes, steps, st.tuples(st.integers(0, 2), st.integers(0, 2)), sizes)
def test_convolution_is_a_loop_over_windows(counts, kernel_size, stride, padding, more):
    samples, inputs, outputs = counts
    layer = Conv2d(inputs, outputs, kernel_size, stride, padding, rng=0)
    layer.bias.data = np.arange(outputs)
    height, width = (
        max(1, n - 2 * p) + m for n, p, m in zip(kernel_size, padding, more, strict=True)
    )
    x = different(samples, inputs, height, width)
    y = layer(x).data
    for i, j, window in windows(x, layer):
        for n, k in np.ndindex(samples, outputs):
            expected = np.sum(window[n] * layer.weight.data[k]) + k
            assert y[n, k, i, j] == pytest.approx(expected, abs=1e-12)
    assert y.shape == (samples, outputs, i + 1, j + 1)


@each_pool
@given(sizes, steps, st.data(), sizes)
def test_pooling_is_a_loop_over_windows(pool, kernel_size, stride, data, more):
    padding = tuple(data.draw(st.integers(0, n // 2)) for n in kernel_size)
    layer = pool(kernel_size, stride, padding)
    x = different(2, 3, *np.add(kernel_size, more))
    y = layer(x)
    for i, j, window in windows(x, layer, OVER_THE_EDGE[pool]):
        np.testing.assert_allclose(y[:, :, i, j], POOLS[pool](window, axis=(2, 3)), atol=1e-15)
    assert y.shape == (2, 3, i + 1, j + 1)


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


def test_worked_example_of_convolution():
    inputs, expected = EXAMPLES["WE47"]["inputs"], EXAMPLES["WE47"]["recomputed"]
    layer, x = Conv2d(1, 1, 3), Tensor([[inputs["x"]]])
    layer.weight.data, layer.bias.data = [[inputs["kernel"]]], [inputs["b"]]
    y = layer(x)
    y.backward([[inputs["upstream_gradient"]]])
    close = np.testing.assert_allclose
    close(y.data[0, 0], expected["y"])
    close(x.grad[0, 0], expected["dx"])
    close(layer.weight.grad[0, 0], expected["dkernel"])
    close(layer.bias.grad, [expected["db"]])


@each_pool
def test_worked_example_of_pooling(pool):
    inputs = EXAMPLES["WE46"]["inputs"]
    expected = EXAMPLES["WE46"]["recomputed"][pool.__name__[:3].lower()]
    x = Tensor([[inputs["x"]]])
    y = pool(inputs["window"], inputs["stride"])(x)
    y.sum().backward()
    np.testing.assert_array_equal(y.data[0, 0], expected["y"])
    np.testing.assert_array_equal(x.grad[0, 0], expected["grad_of_sum"])


@given(st.integers(0, 3), st.integers(0, 3))
def test_a_shifted_image_gives_a_shifted_map(down, right):
    layer = Conv2d(2, 3, 3, rng=0)
    image = np.zeros((1, 2, 12, 12))
    image[:, :, 3:7, 3:7] = different(1, 2, 4, 4)
    shifted = np.roll(image, (down, right), axis=(2, 3))
    expected = np.roll(layer(image).data, (down, right), axis=(2, 3))
    np.testing.assert_allclose(layer(shifted).data, expected, atol=1e-15)


def test_weights_are_shared_by_all_places():
    layer = Conv2d(1, 6, 5, padding=2, rng=0)
    counts = [layer.summary((1, n, n)).split()[-1] for n in (28, 64)]
    assert counts == ["156", "156"]


@pytest.mark.parametrize("pool", [MaxPool2d, MinPool2d])
@given(st.integers(1, 3), st.integers(1, 3), st.integers(0, 100))
def test_the_first_of_equal_numbers_gets_the_gradient(pool, size, stride, seed):
    x = Tensor(np.random.default_rng(seed).integers(0, 2, (1, 1, 6, 5)))
    layer = pool(size, stride)
    y = layer(x)
    weights = different(*y.shape)
    y.backward(weights)
    expected = np.zeros((6, 5))
    first = np.argmax if pool is MaxPool2d else np.argmin
    for i, j, window in windows(x.data, layer):
        row, column = np.unravel_index(first(window[0, 0]), (size, size))
        expected[i * stride + row, j * stride + column] += weights[0, 0, i, j]
    np.testing.assert_allclose(x.grad[0, 0], expected, atol=1e-15)


@pytest.mark.parametrize("pool", [MaxPool2d, MinPool2d])
def test_pooling_gives_numbers_that_it_got(pool):
    x = np.random.default_rng(0).normal(size=(2, 3, 8, 8)) * 10.0 ** np.arange(-4, 4)
    assert np.isin(pool(3, 2)(x), x).all()


@pytest.mark.parametrize("pool", [MaxPool2d, MinPool2d])
def test_pooling_does_not_hide_what_is_not_a_number(pool):
    x = np.zeros((1, 1, 2, 4))
    x[0, 0, 0, 0] = x[0, 0, 1, 3] = np.nan
    assert np.isnan(pool(2)(x).data).all()


@pytest.mark.parametrize("pool", [MaxPool2d, MinPool2d])
def test_pooling_takes_infinite_numbers(pool):
    x = np.array([[-np.inf, -np.inf, np.inf, 1.0], [-np.inf, 2.0, np.inf, np.inf]])[None, None]
    extreme = x.max(axis=2) if pool is MaxPool2d else x.min(axis=2)
    np.testing.assert_array_equal(pool((2, 1))(x)[0, 0, 0], extreme[0, 0])


def test_start_is_small_and_seeded():
    layer = Conv2d(3, 8, (5, 4), rng=7)
    assert np.abs(layer.weight.data).max() <= 1 / np.sqrt(60)
    assert np.abs(layer.weight.data).max() > 0.95 / np.sqrt(60)
    assert not layer.bias.data.any()
    np.testing.assert_array_equal(layer.weight.data, Conv2d(3, 8, (5, 4), rng=7).weight.data)


def test_no_gradient_is_computed_for_constant_images():
    x = Tensor(different(1, 2, 4, 4), constant=True)
    y = Conv2d(2, 1, 3)(x)
    y.sum().backward()
    assert x.grad is None


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
