"""What the README says of other libraries is what they answer, where they are installed."""

import re
from functools import partial

import numpy as np
import pytest

import nn
import viz
from autograd import DomainError, Value, log

LONG = 20_000


def chain(x):
    for _ in range(LONG):
        x = x * 1.0001
    return x


def squared(leaf):
    a = leaf(3.0)
    b = a * 2.0
    return a, b * b


def edited(leaf, edit):
    a, b = leaf(2.0), leaf(3.0)
    product = a * b
    edit(a)
    product.backward()
    return float(b.grad)


def set_data(leaf):
    leaf.data = 10.0


@pytest.fixture
def micrograd():
    return pytest.importorskip("micrograd.engine").Value


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def torch_leaf(torch):
    return partial(torch.tensor, requires_grad=True, dtype=torch.float64)


def test_a_long_chain(micrograd):
    x = Value(1.0)
    chain(x).backward()
    assert x.grad == pytest.approx(1.0001**LONG)
    with pytest.raises(RecursionError):
        chain(micrograd(1.0)).backward()


def test_a_long_chain_in_torch(torch_leaf):
    x = torch_leaf(1.0)
    chain(x).backward()
    assert float(x.grad) == pytest.approx(1.0001**LONG)


def test_a_second_pass_back(micrograd):
    def twice(leaf):
        a, output = squared(leaf)
        output.backward()
        output.backward()
        return a.grad

    assert twice(Value) == 2 * 24.0
    assert twice(micrograd) == 72.0


def test_a_second_pass_back_in_torch(torch_leaf):
    _, output = squared(torch_leaf)
    output.backward()
    with pytest.raises(RuntimeError):
        output.backward()


def test_a_leaf_edited_before_the_pass_back(micrograd):
    assert edited(Value, set_data) == 2.0
    assert edited(micrograd, set_data) == 10.0


def test_a_leaf_edited_before_the_pass_back_in_torch(torch_leaf):
    assert edited(torch_leaf, lambda a: a.data.fill_(10.0)) == 10.0


def test_an_infinite_slope(micrograd):
    x = Value(0.0)
    with pytest.raises(DomainError, match="log"):
        x * log(x)
    assert not hasattr(micrograd, "log")


def test_an_infinite_slope_in_torch(torch, torch_leaf):
    x = torch_leaf(0.0)
    (x * torch.log(x)).backward()
    assert torch.isnan(x.grad)


def test_an_infinite_slope_in_jax():
    jax = pytest.importorskip("jax")
    assert np.isnan(jax.grad(lambda x: x * jax.numpy.log(x))(0.0))


def test_the_picture_of_lenet(tmp_path):
    loss = nn.cross_entropy(nn.LeNet5(rng=0)(np.zeros((2, 1, 32, 32))), np.array([1, 2]))
    loss.backward()
    path = tmp_path / "lenet.dot"
    viz.draw(loss).save(path)
    assert "26 values in 16 boxes" in path.read_text("utf-8")


@pytest.fixture
def lenet_in_torch(torch):
    layers = torch.nn
    return layers.Sequential(
        *(layers.Conv2d(1, 6, 5), layers.Tanh(), layers.AvgPool2d(2)),
        *(layers.Conv2d(6, 16, 5), layers.Tanh(), layers.AvgPool2d(2), layers.Flatten()),
        *(layers.Linear(400, 120), layers.Tanh(), layers.Linear(120, 84), layers.Tanh()),
        layers.Linear(84, 10),
    )


NUMBERS = re.compile(r"\d\.\d{2,}")  # of tensors; sizes in kB have one digit


@pytest.mark.filterwarnings("ignore:distutils")
def test_the_picture_of_lenet_by_torchviz(torch, lenet_in_torch):
    torchviz = pytest.importorskip("torchviz")
    scores = lenet_in_torch(torch.zeros(2, 1, 32, 32))
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor([1, 2]))
    lines = torchviz.make_dot(loss, params=dict(lenet_in_torch.named_parameters())).body
    boxes = [line for line in lines if "[label=" in line]
    assert len(boxes) == 38
    assert not any(map(NUMBERS.search, boxes))


@pytest.mark.filterwarnings("ignore")
def test_the_picture_of_lenet_by_torchlens(torch, lenet_in_torch, tmp_path):
    torchlens = pytest.importorskip("torchlens")
    trace = torchlens.trace(lenet_in_torch, torch.zeros(2, 1, 32, 32))
    drawn = trace.draw(vis_outpath=str(tmp_path / "lenet"), vis_save_only=True)
    boxes = [line for line in drawn.splitlines() if "[label=<" in line and "->" not in line]
    assert len(boxes) == 14
    assert not any(map(NUMBERS.search, boxes))
