"""Where torch is installed: the same numbers, and gradients by torch that equal those here."""

import sys

import numpy as np
import pytest
from agreement import CALLS, GRAPHS, apart, tape_with_gradients
from hypothesis import given, settings

from autograd import GraphError, Op, Tape, Tensor, Value, gradients, noise, square
from autograd.strategies import graphs

torch = pytest.importorskip("torch")

TOLERANCE = 1e-12
few = settings(max_examples=max(10, settings.default.max_examples // 3))
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")


def agree(ours, theirs):
    for a, b in zip(theirs, ours, strict=True):
        assert apart(a.detach() if isinstance(a, torch.Tensor) else a, b) <= TOLERANCE


def watched(*arrays):
    return [torch.tensor(np.array(x), requires_grad=True) for x in arrays]


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_every_row_and_its_slopes_agree(call):
    leaves = call.leaves()
    y = call(*leaves)
    f = Tape([y], inputs=leaves).to_torch()
    inputs = watched(*call.operands)
    (z,) = f(*inputs)
    agree([y.data], [z])
    if None in call.rules() or not z.requires_grad or not y.size:
        return
    weights = call.dice().normal(size=y.shape)
    found = torch.autograd.grad(z, inputs, torch.tensor(weights), allow_unused=True)
    expected = gradients(y, leaves, Tensor(weights))
    agree(
        [x.data for x in expected],
        [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, found, strict=True)],
    )


@few
@given(graphs())
def test_any_graph_agrees_also_on_a_batch(program):
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    tape = tape_with_gradients(leaves, nodes[program.output])
    f = tape.to_torch()
    inputs = watched(*program.inputs)
    outputs = f(*inputs)
    ours = tape(*program.inputs)
    agree(ours, outputs)
    if outputs[0].requires_grad:
        found = torch.autograd.grad(outputs[0], inputs, allow_unused=True)
        agree(ours[1:], [torch.zeros(()) if g is None else g for g in found])
    batch = [np.full(3, x) for x in program.inputs]
    agree(tape(*batch), [torch.broadcast_to(x, (3,)) for x in f(*batch)])


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_and_their_gradients_agree(name):
    leaves, output = GRAPHS[name]
    tape = tape_with_gradients(leaves, output, inputs=leaves[:1])
    f = tape.to_torch()
    assert list(f.params) == [x.name for x in leaves[1:]]
    ours = tape(leaves[0].data)
    agree(ours, f(leaves[0].data))
    x, *params = watched(*[x.data for x in leaves])
    (loss, *_) = f(x, params=dict(zip(f.params, params, strict=True)))
    agree(ours[1:], torch.autograd.grad(loss, [x, *params]))


@pytest.mark.parametrize("name", ["loss", "network", "convolution"])
def test_torch_compiles_it_as_one_graph(name):
    leaves, output = GRAPHS[name]
    f = tape_with_gradients(leaves, output).to_torch()
    inputs = watched(*[x.data for x in leaves])
    compiled = torch.compile(f, backend="aot_eager", fullgraph=True)
    agree([x.detach() for x in f(*inputs)], compiled(*inputs))
    (slope, *_) = torch.autograd.grad(compiled(*inputs)[0], inputs)
    agree([f(*inputs)[1].detach()], [slope])


def test_gradients_stop_where_they_stop_here():
    for x in (Tensor([3.0, -2.0], name="x"), Value(3.0, name="x")):
        f = Tape([x * x.detach()], inputs=[x]).to_torch()
        given = torch.tensor(np.full(np.shape(x.data), 5.0), requires_grad=True)
        f(given)[0].sum().backward()
        assert torch.equal(given.grad, given)


def test_slopes_of_slopes_and_samples_that_become_batches():
    leaves, output = GRAPHS["network"]
    f = tape_with_gradients(leaves, output).to_torch()
    x, *others = [torch.tensor(np.array(x.data)) for x in leaves]
    first, second = (torch.func.grad(lambda w, k=k: f(x, w, *others[1:])[k].sum()) for k in (0, 2))
    w = others[0]
    agree([f(x, *others)[2]], [first(w)])
    twice = torch.func.grad(lambda w: first(w).sum())(w)
    agree([twice], [second(w)])
    many = torch.func.vmap(lambda w: f(x, w, *others[1:])[0])(torch.stack([w, 2 * w]))
    agree([f(x, w, *others[1:])[0], f(x, 2 * w, *others[1:])[0]], many)


@pytest.mark.parametrize("name", ["chain", "network", "convolution", "attention", "logsumexp"])
def test_it_runs_where_its_numbers_are(name):
    leaves, output = GRAPHS[name]
    f = tape_with_gradients(leaves, output).to_torch()
    f.module.to("meta")  # a device that every machine has
    found = f(*[torch.empty(np.shape(x.data), dtype=torch.float64, device="meta") for x in leaves])
    assert {x.device.type for x in found} == {"meta"}


def test_random_numbers_are_inputs_and_constants_are_outputs():
    x = Value(2.0, name="x")
    drawn = noise(np.random.default_rng(0).random)
    f = Tape([x * drawn, Value(3.0, constant=True)], inputs=[x]).to_torch()
    assert [float(y) for y in f(3.0, 0.5)] == [1.5, 3.0]


def test_mistakes_are_named():
    x, w = Value(2.0, name="x"), Value(3.0, name="w")
    f = Tape([x * w], inputs=[x]).to_torch()
    with pytest.raises(TypeError, match=r"^Give x, and params with the keys w\."):
        f(1.0, params={})
    for forward, what in [
        (lambda x: np.asarray(x) + 1, r"np\.array or np\.asarray"),
        (lambda x: x if x > 0 else -x, "a Python branch"),
        (np.spacing, r"np\.spacing"),
    ]:
        y = square(x)
        y.op = Op(name="torched", forward=forward, vjps=(None,), latex="{0}", doc="In torch.")
        with pytest.raises(GraphError, match=f"^to_torch: torched uses {what}, which has no"):
            Tape([y], inputs=[x]).to_torch()


def test_without_torch_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    x = Value(1.0)
    with pytest.raises(ImportError, match=r"^to_torch needs torch: pip install torch$"):
        Tape([x + 1.0], inputs=[x]).to_torch()
