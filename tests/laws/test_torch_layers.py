"""Layers and models agree with PyTorch's, weights travel both ways."""

import numpy as np
import pytest

import nn
from autograd import Tensor

torch = pytest.importorskip("torch")

X = np.random.default_rng(0).normal(size=(5, 4))
LAYERS = {
    "linear": lambda n: n.Linear(4, 3),
    "without bias": lambda n: n.Linear(4, 3, bias=False),
    "ReLU": lambda n: n.ReLU(),
    "LeakyReLU": lambda n: n.LeakyReLU(0.2),
    "ELU": lambda n: n.ELU(0.7),
    "Sigmoid": lambda n: n.Sigmoid(),
    "Tanh": lambda n: n.Tanh(),
    "Softplus": lambda n: n.Softplus(),
    "Softmax": lambda n: n.Softmax(dim=-1),
    "Identity": lambda n: n.Identity(),
    "Flatten": lambda n: n.Flatten(),
    "evaluated dropout": lambda n: n.Dropout(0.5).eval(),
    "deep": lambda n: n.Sequential(
        n.Linear(4, 8), n.Tanh(), n.Sequential(n.Linear(8, 6), n.ELU()), n.Linear(6, 3)
    ),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("back", [False, True])
def test_outputs_and_gradients_agree(name, back):
    ours, theirs = LAYERS[name](nn), LAYERS[name](torch.nn).double()
    if back:  # weights go there, or come from there
        theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    else:
        ours.load_state_dict(theirs.state_dict())
    x, x_torch = Tensor(X), torch.tensor(X, requires_grad=True)
    y, y_torch = ours(x), theirs(x_torch)
    seed = np.arange(1.0, y.size + 1).reshape(y.shape)
    y.backward(seed)
    y_torch.backward(torch.tensor(seed))
    close = {"rtol": 1e-10, "atol": 1e-12}
    np.testing.assert_allclose(y.data, y_torch.detach().numpy(), **close)
    np.testing.assert_allclose(x.grad, x_torch.grad.numpy(), **close)
    grads = {path: p.grad.numpy() for path, p in theirs.named_parameters()}
    assert [path for path, _ in ours.named_parameters()] == list(grads)
    for path, p in ours.named_parameters():
        np.testing.assert_allclose(p.grad, grads[path], **close)


def test_lenet_is_the_same_network_there():
    ours = nn.LeNet5(rng=0)
    t = torch.nn
    theirs = t.Sequential(
        *(t.Conv2d(1, 6, 5), t.ReLU(), t.MaxPool2d(2)),
        *(t.Conv2d(6, 16, 5), t.ReLU(), t.MaxPool2d(2)),
        *(t.Flatten(), t.Linear(400, 120), t.ReLU(), t.Linear(120, 84), t.ReLU(), t.Linear(84, 10)),
    ).double()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    images = np.random.default_rng(0).normal(size=(3, 1, 32, 32))
    loss = nn.cross_entropy(ours(Tensor(images)), [1, 7, 3])
    loss.backward()
    expected = t.functional.cross_entropy(theirs(torch.tensor(images)), torch.tensor([1, 7, 3]))
    expected.backward()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-12)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-9, atol=1e-12)
