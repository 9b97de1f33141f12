"""Neurons on Values compute what the formula on paper says, forwards and backwards."""

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive import Twin
from numerics import close, complex_step

import nn
from autograd import OPS, Graph, GraphError, ShapeError, Value, relu, sigmoid, tanh, trace
from nn import MLP, Layer, Neuron, Perceptron

whole = st.integers(-20, 20)
numbers = st.floats(-3, 3).map(lambda x: round(x, 3))


def seeded(seed=0):
    return np.random.default_rng(seed)


# The perceptron


@given(st.lists(st.tuples(whole, whole), min_size=1, max_size=5), whole)
def test_both_forms_of_a_perceptron_agree_with_the_definition(pairs, threshold):
    w, x = zip(*pairs, strict=True)
    fires = sum(wi * xi for wi, xi in pairs) > threshold
    for neuron in (Perceptron(w, threshold=threshold), Perceptron(w, bias=-threshold)):
        assert neuron(x).data == float(fires)


def test_a_perceptron_at_its_threshold_does_not_fire():
    assert Perceptron([2, 3], threshold=5)([1, 1]).data == 0.0
    assert Perceptron([2, 3], bias=-5)([1, 1]).data == 0.0
    assert Perceptron([2, 3], threshold=4)([1, 1]).data == 1.0


def test_a_perceptron_has_no_bias_unless_given_one():
    neuron = Perceptron([1.0])
    assert neuron.b.data == 0.0
    assert [neuron([x]).data for x in (-1, 0, 1)] == [0.0, 0.0, 1.0]


def test_a_threshold_of_zero_is_a_threshold():
    with pytest.raises(ValueError, match=r"^Perceptron: got bias=.* and threshold=0"):
        Perceptron([1.0], bias=1.0, threshold=0)
    assert Perceptron([1.0], threshold=0).b.data == 0.0


def test_a_perceptron_takes_a_bias_or_a_threshold():
    with pytest.raises(ValueError, match=r"^Perceptron: got bias=1 and threshold=2\. Give one"):
        Perceptron([1.0], bias=1, threshold=2)


def test_a_perceptron_cannot_be_trained_by_gradients():
    neuron = Perceptron([1.0, 2.0], threshold=1.0)
    with pytest.raises(GraphError, match=r"^step: it has no gradient"):
        neuron([1, 1]).backward()
    assert not any(p.reached for p in neuron.parameters())


def test_three_perceptrons_make_an_exclusive_or():
    either, both = Perceptron([1, 1], threshold=0), Perceptron([1, 1], threshold=1)
    last = Perceptron([1, -1], threshold=0)
    for a in (0, 1):
        for b in (0, 1):
            assert last([either([a, b]), both([a, b])]).data == float(a != b)


# One neuron, one layer


@given(st.lists(numbers, min_size=3, max_size=3))
def test_a_neuron_is_an_activated_weighted_sum(x):
    for activation in (None, relu, tanh, sigmoid):
        neuron = Neuron(3, activation, seeded())
        neuron.b.data = 0.25
        z = sum(w.data * xi for w, xi in zip(neuron.w, x, strict=True)) + 0.25
        expected = activation(z) if activation else z
        assert neuron(x).data == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_weights_start_between_minus_one_and_one_and_biases_at_zero():
    neuron = Neuron(500, rng=seeded())
    weights = [w.data for w in neuron.w]
    assert -1 <= min(weights) < -0.9 < 0.9 < max(weights) < 1
    assert neuron.b.data == 0.0
    assert all(type(w) is float for w in weights)


def test_a_layer_is_its_neurons():
    layer = Layer(2, 3, tanh, seeded())
    x = [0.5, -1.0]
    assert [y.data for y in layer(x)] == [neuron(x).data for neuron in layer.neurons]
    assert isinstance(Layer(2, 1)(x), Value)


def test_a_layer_reads_plain_numbers_once():
    y = Layer(2, 3, rng=seeded())([0.5, -1.0])
    constants = [node for node in Graph(sum(y)).nodes if node.data in (0.5, -1.0)]
    assert len(constants) == 2
    assert all(node.constant for node in constants)


@pytest.mark.parametrize("sequence", [list, tuple, np.array], ids=lambda f: f.__name__)
def test_any_sequence_of_numbers_is_a_sample(sequence):
    model = MLP(2, [3, 1], rng=seeded())
    assert model(sequence([0.5, -1.0])).data == model([Value(0.5), Value(-1.0)]).data


def test_inputs_can_be_nodes_and_get_gradients():
    x = [Value(0.5), Value(-1.0)]
    neuron = Neuron(2, None, seeded())
    neuron(x).backward()
    assert [xi.grad for xi in x] == [w.data for w in neuron.w]


# The network


def by_hand(model, x):
    """The same network on a NumPy array, real or complex."""
    for layer in model.layers:
        w = np.array([[w.data for w in neuron.w] for neuron in layer.neurons])
        b = np.array([neuron.b.data for neuron in layer.neurons])
        x = w @ x + b
        if layer.neurons[0].activation:
            x = layer.neurons[0].activation.forward(x)
    return x


@given(st.lists(numbers, min_size=2, max_size=2), st.integers(0, 50))
def test_a_network_equals_the_formula_on_arrays(x, seed):
    for activation in (relu, tanh, sigmoid, None):
        model = MLP(2, [4, 3, 2], activation, seeded(seed))
        expected = by_hand(model, np.array(x))
        assert [y.data for y in model(x)] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(st.lists(numbers, min_size=2, max_size=2), st.integers(0, 50))
def test_input_gradients_of_a_network_agree_with_the_complex_step(x, seed):
    model = MLP(2, [4, 3, 1], tanh, seeded(seed))
    leaves = [Value(xi) for xi in x]
    model(leaves).backward()
    for i, leaf in enumerate(leaves):

        def f(z, i=i):
            moved = np.array(x, dtype=complex)
            moved[i] = z
            return by_hand(model, moved).item()

        assert leaf.grad == pytest.approx(complex_step(f, x[i]), rel=1e-11, abs=1e-13)


@given(st.lists(numbers, min_size=2, max_size=2), st.sampled_from([relu, tanh, sigmoid]))
def test_weight_gradients_of_a_network_agree_with_the_naive_twin(x, activation):
    model = MLP(2, [3, 1], activation, seeded())
    output = model(x)
    output.backward()
    twins = {}
    for node in trace(output):
        inputs = [twins[x] for x in node.inputs]
        twins[node] = (
            naive.apply(node.op.name, *inputs, **node.params)
            if node.op
            else Twin(node.data, node.constant)
        )
    for p in model.parameters():
        assert close(p.grad, naive.slope(twins[output], twins[p]), 1e-12)


def test_the_last_layer_is_linear():
    for activation in (relu, tanh):
        model = MLP(2, [3, 3, 1], activation)
        assert [layer.neurons[0].activation for layer in model.layers] == [
            *(activation, activation, None)
        ]


def test_the_size_of_micrograds_network():
    model = MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    assert [path for path, _ in model.named_parameters()][:4] == [
        "layers.0.neurons.0.w.0",
        "layers.0.neurons.0.w.1",
        "layers.0.neurons.0.b",
        "layers.0.neurons.1.w.0",
    ]


def test_the_same_generator_gives_the_same_network():
    first, second, third = (MLP(2, [4, 1], rng=seeded(seed)) for seed in (1, 1, 2))
    weights = [[p.data for p in model.parameters()] for model in (first, second, third)]
    assert weights[0] == weights[1] != weights[2]
    assert [p.data for p in MLP(2, [4, 1]).parameters()] != [
        p.data for p in MLP(2, [4, 1]).parameters()
    ]


def test_a_training_loop_in_micrograds_words():
    model = MLP(2, [8, 1], tanh, seeded())
    xs, ys = [[0, 0], [0, 1], [1, 0], [1, 1]], [-1, 1, 1, -1]
    losses = []
    for _ in range(60):
        loss = sum((model(x) - y) ** 2 for x, y in zip(xs, ys, strict=True))
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.05 * p.grad
        losses.append(loss.data)
    assert losses[-1] < 0.1 < losses[0]


@pytest.mark.parametrize("model", [Perceptron([1, 2]), Neuron(2), Layer(2, 3), MLP(2, [3, 1])])
@pytest.mark.parametrize("x", [[], [1.0], [1.0, 2.0, 3.0]], ids=len)
def test_a_sample_of_the_wrong_length_is_a_shape_error(model, x):
    with pytest.raises(ShapeError, match=rf"got {len(x)} inputs for 2 weights\. Give a list of 2"):
        model(x)


@pytest.mark.parametrize("model", [Neuron(2), Layer(2, 3), MLP(2, [3, 1])], ids=repr)
def test_a_sample_of_things_that_are_no_numbers_is_refused(model):
    with pytest.raises(TypeError, match=r"got .*(Values and numbers|real number)"):
        model(["a", "b"])
    with pytest.raises(TypeError, match=r"got .*(Values and numbers|real number)"):
        model(np.ones((2, 3)))


def test_scopes_follow_the_layers():
    graph = Graph(MLP(2, [2, 1], tanh, seeded())([1.0, 2.0]))
    scopes = {node.scope for node in graph.nodes if node.op}
    assert scopes == {
        ("MLP", "layers.0", "neurons.0"),
        ("MLP", "layers.0", "neurons.1"),
        ("MLP", "layers.1", "neurons.0"),
    }


def test_repr_says_what_a_neuron_is():
    assert repr(Perceptron([1, 2], threshold=3)) == "Perceptron([1.0, 2.0], bias=-3.0)"
    assert repr(Neuron(2, None)) == "Neuron(2, linear)"
    assert repr(Layer(3, 2, OPS["tanh"])) == "Layer(3, 2, tanh)"


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.sampled_from([relu, tanh, None]))
def test_a_network_of_values_is_one_of_tensors(sizes, activation):
    values = nn.MLP(3, sizes, activation, rng=np.random.default_rng(0))
    tensors = values.to_tensors()
    sample = [0.3, -0.4, 0.8]
    outputs = values(sample)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    y = tensors([sample])
    np.testing.assert_allclose(y.data[0], [v.data for v in outputs], rtol=1e-13, atol=1e-15)
    sum(v * v for v in outputs).backward()
    (y * y).sum().backward()
    for layer, linear in zip(
        values.layers, (m for m in tensors if isinstance(m, nn.Linear)), strict=True
    ):
        w = [[p.grad for p in neuron.w] for neuron in layer.neurons]
        b = [neuron.b.grad for neuron in layer.neurons]
        np.testing.assert_allclose(linear.weight.grad, np.array(w, float), rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(linear.bias.grad, np.array(b, float), rtol=1e-11, atol=1e-13)


def test_a_frozen_layer_of_values_is_one_of_tensors():
    values = nn.MLP(2, [3, 1], rng=np.random.default_rng(0))
    values.layers[0].freeze()
    assert [path for path, _ in values.to_tensors().named_parameters()] == ["2.weight", "2.bias"]


FORMS = ["tanh", tanh, nn.Tanh, nn.LeakyReLU(0.2), None, "softmax"]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("output_activation", FORMS, ids=repr)
@pytest.mark.parametrize("activation", ["sigmoid", nn.ELU(0.5), None], ids=repr)
def test_everything_made_of_neurons_goes_on_as_tensors(activation, output_activation, bias):
    rows = np.random.default_rng(1).normal(size=(5, 2))
    models = [
        nn.MLP(2, [3, 2], activation, 0, output_activation=output_activation, bias=bias),
        nn.Layer(2, 3, output_activation, 0, bias=bias),
        nn.Neuron(2, activation, 0, bias=bias),
        nn.Perceptron([1.0, -2.0], threshold=0.5),
    ]
    for model in models:
        tensors = model.to_tensors()
        assert isinstance(tensors, nn.Sequential)
        expected = []
        for row in rows:
            y = model(row)
            expected.append([v.data for v in y] if isinstance(y, list) else [y.data])
        np.testing.assert_allclose(tensors(rows).data, expected, rtol=1e-13)
        assert [p.data.size for p in tensors.parameters()] != []
        count = sum(p.data.size for p in tensors.parameters())
        assert count == len(model.parameters())


def test_an_output_may_have_an_activation():
    model = MLP(2, [3, 2], "tanh", 0, output_activation="softmax")
    assert repr(model.layers[-1]) == "Layer(3, 2, softmax)"
    assert sum(y.data for y in model([0.5, -1.0])) == pytest.approx(1.0)
    plain = MLP(2, [3, 1], "tanh", 0)([0.5, -1.0])
    assert MLP(2, [3, 1], "tanh", 0, output_activation=sigmoid)([0.5, -1.0]).data == pytest.approx(
        sigmoid(plain.data)
    )


def test_without_a_bias_nothing_is_added():
    model = MLP(2, [3, 1], None, 0, bias=False)
    assert model([0.0, 0.0]).data == 0.0
    assert len(model.parameters()) == 9
    assert repr(model.layers[0]) == "Layer(2, 3, linear, bias=False)"
    assert repr(Neuron(2, "tanh", bias=False)) == "Neuron(2, tanh, bias=False)"


def test_weights_can_be_given_as_matrices():
    """The layout is that of Linear: a row for each neuron."""
    first, last = np.array([[1, 2], [3, 4], [5, 6]]), [[0.5, -0.5, 1.5]]
    model = MLP(2, [3, 1], "tanh", weights=[first, last], bias=[[0.1, 0.2, 0.3], [1]])
    x = np.array([0.3, -0.2])
    expected = np.array(last) @ np.tanh(first @ x + [0.1, 0.2, 0.3]) + 1
    assert model(x).data == pytest.approx(expected.item(), rel=1e-13)
    linear = model.to_tensors()[0]
    np.testing.assert_array_equal(linear.weight.data, first)
    np.testing.assert_array_equal(linear.bias.data, [0.1, 0.2, 0.3])
    assert Neuron(2, None, weights=[2, 3], bias=False)([1, 1]).data == 5.0
    assert all(type(p.data) is float for p in model.parameters())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Neuron(2, weights=[1]), r"Neuron: got weights of shape \(1,\)\. Give \(2,\)\."),
        (
            lambda: Layer(2, 3, weights=np.ones((2, 3))),
            r"Layer: got weights of shape \(2, 3\)\. Give \(3, 2\), a row for each neuron\.",
        ),
        (lambda: Layer(2, 3, bias=[1]), r"Layer: got bias of shape \(1,\)\. Give \(3,\)\."),
        (lambda: MLP(2, [3, 1], weights=[np.ones((3, 2))]), "MLP: got weights for 1 of 2 layers"),
        (lambda: MLP(2, [3, 1], bias=[[1, 1, 1]]), "MLP: got bias for 1 of 2 layers"),
    ],
)
def test_weights_of_another_shape_are_refused(make, said):
    with pytest.raises(ShapeError, match=rf"^{said}"):
        make()


def test_one_neuron_compares_nothing():
    with pytest.raises(ValueError, match=r"^Neuron: got activation='softmax'.* to a Layer"):
        Neuron(2, "softmax")
    with pytest.raises(ValueError, match=r"^Layer: got Softmax\(axis=0\)\. .*nn\.Softmax\(\)"):
        Layer(2, 2, nn.Softmax(0))
