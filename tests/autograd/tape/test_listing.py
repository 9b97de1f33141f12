"""A recorded code can be read as text and as a graph."""

from autograd import Scope, Tape, Value, gradients, neg, sigmoid, tanh


def test_it_prints_itself_as_a_program():
    x, w = Value(2.0, name="x"), Value(3.0)
    tape = Tape([sigmoid(w * x) * 1.0 + 0.0, neg(neg(w))], inputs=[x])
    assert str(tape).splitlines() == [
        "2 of 6 recorded results are computed",
        "given x",
        "read w0",
        "v1 = w0·x",
        "v2 = sigmoid(v1)",
        "give v2, w0",
    ]
    assert repr(tape) == "<Tape of Values, inputs: 1, params: 1, lines: 2, executor: 'numpy'>"


def test_its_text_survives_any_name():
    x, y = Value(1.0, name="a\nb"), Value(2.0, name="v1")
    assert str(Tape([x * y], inputs=[x, y])).splitlines()[1:] == [
        "given a b, v1_",
        "v1 = a b·v1_",
        "give v1",
    ]
    many = [Value(float(k), name=f"name{k}") for k in range(50)]
    assert max(map(len, str(Tape(many, inputs=many)).splitlines())) <= 100


def test_its_picture_folds_as_that_of_the_graph_does():
    x = Value(1.0, name="x")
    with Scope("inner"):
        y = tanh(x * 2.0)
    graph = Tape([y * y], inputs=[x]).graph
    assert [node.scope for node in graph.nodes if node.op] == [("inner",), ("inner",), ()]


def test_it_can_be_drawn():
    x, w = Value(2.0, name="x"), Value(3.0, name="w")
    loss = (w * x - 1.0) ** 2
    graph = Tape([loss, *gradients(loss, [w])], inputs=[x]).graph
    assert [(n.name, n.op, n.inputs) for n in graph.nodes if n.op or n.name] == [
        ("x", None, ()),
        ("w", None, ()),
        ("v1", "mul", (1, 0)),
        ("v2", "sub", (4, 2)),
        ("v3", "pow", (5, 3)),
        ("v4", "mul", (3, 5)),
        ("v5", "mul", (7, 0)),
    ]
    assert graph.output == 6
    assert graph.nodes[8].data == 20.0
