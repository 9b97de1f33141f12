"""Where JAX is installed: the same numbers, through jit, vmap, grad and on several devices."""

import subprocess
import sys

import numpy as np
import pytest
from agreement import CALLS, GRAPHS, apart, tape_of, tape_with_gradients
from hypothesis import given, settings

from autograd import GraphError, Op, Tape, Tensor, Value, noise, sigmoid, square
from autograd.strategies import graphs

jax = pytest.importorskip("jax")

TOLERANCE = 1e-12
few = settings(max_examples=max(10, settings.default.max_examples // 3))


@pytest.fixture(autouse=True, scope="module")
def double_precision():
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def agree(ours, theirs):
    for a, b in zip(theirs, ours, strict=True):
        assert apart(a, b) <= TOLERANCE


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_every_row_agrees(call):
    tape = tape_of(call)
    agree(tape(*call.operands), tape.to_jax()(*call.operands))


@few
@given(graphs())
def test_any_graph_agrees_also_on_a_batch(program):
    nodes = program.nodes()
    leaves = [nodes[name] for name in program.leaves]
    tape = tape_with_gradients(leaves, nodes[program.output])
    f = tape.to_jax()
    agree(tape(*program.inputs), f(*program.inputs))
    batch = [np.full(3, x) for x in program.inputs]
    agree(tape(*batch), [np.broadcast_to(x, 3) for x in f(*batch)])


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_and_their_gradients_agree(name):
    leaves, output = GRAPHS[name]
    numbers = [x.data for x in leaves]
    tape = tape_with_gradients(leaves, output)
    agree(tape(*numbers), jax.jit(tape.to_jax())(*numbers))
    (first, *others) = leaves
    tape = tape_with_gradients(leaves, output, inputs=[first])
    f = tape.to_jax()
    assert list(f.params) == [x.name for x in others]

    def loss(params, x):
        return f(x, params=params)[0]

    ours = tape(first.data)
    slopes, slope = jax.jit(jax.grad(loss, argnums=(0, 1)))(f.params, first.data)
    agree(ours[1:], [slope, *slopes.values()])
    agree(ours, f(first.data))


def test_slopes_of_slopes_and_forward_mode():
    leaves, output = GRAPHS["neuron"]
    f = tape_with_gradients(leaves, output).to_jax()
    numbers = [x.data for x in leaves]
    forward = jax.jacfwd(lambda x: f(x, *numbers[1:])[0])(numbers[0])
    assert apart(forward, f(*numbers)[1]) <= TOLERANCE
    second = jax.hessian(lambda x: f(x, *numbers[1:])[0])(numbers[0])
    assert apart(second, jax.grad(lambda x: f(x, *numbers[1:])[1])(numbers[0])) <= TOLERANCE


def test_gradients_stop_where_they_stop_here():
    x = Tensor([3.0, -2.0], name="x")
    f = Tape([x * x.detach()], inputs=[x]).to_jax()
    assert jax.grad(lambda x: f(x)[0].sum())(np.array([5.0, 1.0])).tolist() == [5.0, 1.0]


def test_a_sample_becomes_a_batch():
    x, y = Tensor([1.0, -2.0, 0.5], name="x"), Value(0.3, name="y")
    w = Tensor(np.arange(6.0).reshape(3, 2) - 2.5, name="w")
    f = Tape([sigmoid(x @ w)], inputs=[x]).to_jax()
    batch = np.random.default_rng(0).normal(size=(5, 3))
    (found,) = jax.vmap(f)(batch)
    for row, one in zip(batch, found, strict=True):
        agree(f(row), [one])
    g = Tape([y * y + 1.0], inputs=[y]).to_jax()
    assert apart(jax.vmap(g)(batch[:, 0])[0], batch[:, 0] ** 2 + 1) <= TOLERANCE


def test_random_numbers_are_inputs_and_constants_are_outputs():
    x = Value(2.0, name="x")
    drawn = noise(np.random.default_rng(0).random)
    f = Tape([x * drawn, Value(3.0, constant=True)], inputs=[x]).to_jax()
    assert [float(y) for y in f(3.0, 0.5)] == [1.5, 3.0]


def test_mistakes_are_named():
    x, w = Value(2.0, name="x"), Value(3.0, name="w")
    f = Tape([x * w], inputs=[x]).to_jax()
    with pytest.raises(TypeError, match=r"^Give x, and params with the keys w\."):
        f()
    with pytest.raises(TypeError, match=r"^Give x, and params with the keys w\."):
        f(1.0, params={})
    for forward, what in [
        (lambda x: np.asarray(x) + 1, r"np\.array or np\.asarray"),
        (lambda x: x if x > 0 else -x, "a Python branch"),
        (lambda x: np.real_if_close(x), r"np\.real_if_close"),
    ]:
        op = Op(name="abroad", forward=forward, vjps=(None,), latex="{0}", doc="Abroad.")
        y = square(x)
        y.op = op
        with pytest.raises(GraphError, match=f"^to_jax: abroad uses {what}, which has no"):
            Tape([y], inputs=[x]).to_jax()


ON_FOUR_DEVICES = """
import numpy as np, jax
from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
jax.config.update("jax_enable_x64", True)
from autograd import Tape, Tensor, gradients, log_softmax, mean, tanh

dice = np.random.default_rng(0)
X, y = dice.normal(size=(32, 5)), np.eye(3)[dice.integers(0, 3, 32)]
shapes = {"w1": (5, 8), "b1": (8,), "w2": (8, 3), "b2": (3,)}
leaves = {name: Tensor(dice.normal(size=shape), name=name) for name, shape in shapes.items()}
x, target = Tensor(X, name="x"), Tensor(y, name="y")
w1, b1, w2, b2 = leaves.values()
loss = -mean(target * log_softmax(tanh(x @ w1 + b1) @ w2 + b2))
tape = Tape([loss, *gradients(loss, leaves.values())], inputs=[x, target])
f = tape.to_jax()


@jax.jit
def step(params, x, y):
    loss, *slopes = f(x, y, params=params)
    return {name: params[name] - 0.5 * slope for name, slope in zip(leaves, slopes)}, loss


def trained(params, x, y):
    losses = []
    for _ in range(20):
        params, loss = step(params, x, y)
        losses.append(float(loss))
    return params, losses


assert len(jax.devices()) == 4
alone, losses = trained(f.params, X, y)
mesh = Mesh(np.array(jax.devices()), ("data",))
rows, everywhere = NamedSharding(mesh, P("data")), NamedSharding(mesh, P())
x4, y4 = jax.device_put(X, rows), jax.device_put(y, rows)
assert len(x4.sharding.device_set) == 4
together, losses4 = trained(jax.device_put(f.params, everywhere), x4, y4)
np.testing.assert_allclose(losses4, losses, rtol=1e-12)
for name in alone:
    np.testing.assert_allclose(together[name], alone[name], rtol=1e-11, atol=1e-13)
for _ in range(20):
    value, *slopes = tape(X, y)
    for w, slope in zip(leaves.values(), slopes):
        w.data = w.data - 0.5 * slope
np.testing.assert_allclose(losses[-1], value, rtol=1e-12)
assert losses[-1] < losses[0]
print("agreed")
"""


def test_training_on_four_devices_gives_what_one_gives():
    run = subprocess.run(
        [sys.executable, "-c", ON_FOUR_DEVICES],
        env={"XLA_FLAGS": "--xla_force_host_platform_device_count=4", "PATH": ""}
        | {"PYTHONPATH": ":".join(x for x in sys.path if x) or "."},
        capture_output=True,
        text=True,
    )
    assert run.stdout == "agreed\n", run.stderr


def test_without_jax_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    x = Value(1.0)
    with pytest.raises(ImportError, match=r"^to_jax needs jax: pip install jax$"):
        Tape([x + 1.0], inputs=[x]).to_jax()
