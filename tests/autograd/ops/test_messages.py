"""Ops in words: their help, and what is wrong with a call of one."""

import inspect
import math
import pydoc

import numpy as np
import pytest

import autograd as ag
from autograd import (
    DomainError,
    Op,
    ShapeError,
    Tensor,
    Value,
    concatenate,
    einsum,
    pad,
    pow,
    stack,
    unfold,
    where,
)
from autograd.strategies import ELEMENTWISE

each_row = pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)


def test_the_message_shows_the_numbers():
    with pytest.raises(DomainError, match=r"^pow\(-8, 0\.5\): .* the first greater than 0"):
        pow(-8.0, 0.5)


@each_row
def test_help_shows_the_sentence_the_formula_and_the_call(op):
    text = pydoc.render_doc(op, renderer=pydoc.plaintext)
    assert op.doc in text
    names = list(inspect.signature(op).parameters)[: op.arity]
    assert op.latex.format(*names) in text
    for domain in op.domain:
        if math.isfinite(domain.low) or domain.poles:
            assert domain.text in text


def test_a_row_for_arrays_refuses_values():
    for f in (lambda v: ag.sum(v), lambda v: stack([v, v]), lambda v: v @ v):
        with pytest.raises(
            TypeError, match=r"^\w+: got a Value, which holds one number; it works on Tensors"
        ):
            f(Value(1.0))


M = Tensor(np.ones((32, 3)))


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (
            lambda: M @ Tensor(np.ones((4, 16))),
            r"^matmul: \(32, 3\) @ \(4, 16\): 3 columns meet 4 rows\. "
            r"Transpose one, or check in_features\.$",
        ),
        (lambda: M @ [1.0, 2.0], r"^matmul: \(32, 3\) @ \(2,\): 3 columns meet 2 rows"),
        (lambda: [1.0, 2.0] @ M, r"^matmul: \(2,\) @ \(32, 3\): 2 columns meet 32 rows"),
        (lambda: M @ 2.0, r"^matmul: \(32, 3\) @ \(\): a single number is no matrix\. Use \*"),
        (
            lambda: np.ones((2, 1, 3)) @ (Tensor(np.ones((5, 3, 1)))),
            r"the batches \(2,\) and \(5,\) do not broadcast\. Reshape one\.$",
        ),
        (
            lambda: M + np.ones((32, 4)),
            r"^add\(\(32, 3\), \(32, 4\)\): axis -1 has length 3 and 4\. Reshape one",
        ),
        (lambda: M * np.ones((4, 1)), r"^mul\(.*\): axis -2 has length 4 and 32\."),
        (
            lambda: where(np.ones(2), M, np.ones((3, 1, 1))),
            r"^where\(.*\): axis -1 has length 2 and 3\.",
        ),
        (
            lambda: M.reshape(5, 5),
            r"^reshape\(\(32, 3\), shape=\(5, 5\)\): cannot reshape array of",
        ),
        (lambda: M.sum(axis=2), r"^sum\(\(32, 3\), axis=2, keepdims=False\): axis 2 is out of"),
        (lambda: M.max(axis=(0, 0)), r"^max\(\(32, 3\).*duplicate"),
        (lambda: ag.softmax(M, 5), r"^softmax\(.*axis 5 is out of bounds"),
        (lambda: ag.transpose(M, (0, 0)), r"^transpose\(.*repeated axis"),
        (lambda: concatenate([M, np.ones((32, 4))]), r"^concatenate\(\(32, 3\), \(32, 4\), axis=0"),
        (lambda: concatenate([M, 1.0]), r"^concatenate\(\(32, 3\), \(\), axis=0\)"),
        (lambda: stack([M, M.T]), r"^stack\(\(32, 3\), \(3, 32\), axis=0\): .*same shape"),
        (lambda: stack([M, M], axis=3), r"^stack\(.*axis 3 is out of bounds"),
        (lambda: pad(M, -1), r"^pad\(.*negative"),
        (lambda: unfold(M, (33,), 1), r"^unfold\(.*larger than input"),
        (lambda: unfold(M, (2, 2), (1, 1, 1)), r"^unfold\(.*one for all axes or one for each"),
        (lambda: unfold(M, (2,), -1), r"^unfold\(.*a stride is at least 1"),
        (lambda: einsum("ij,jk->ik", M, M), r"^einsum\(\(32, 3\), \(32, 3\), subscripts='ij,jk"),
        (lambda: einsum("ii->", M), r"^einsum: got 'ii->'\. Write letters, each once in a group"),
        (lambda: einsum("i...->", M), r"^einsum: got 'i\.\.\.->'"),
        (lambda: einsum("ij,jk", M), r"^einsum: 'ij,jk' describes 2 operands; got 1"),
        (lambda: einsum("ij->ik", M), r"^einsum: .*only their letters after ->"),
    ],
)
def test_shapes_that_do_not_meet_are_refused_in_words(f, text):
    with pytest.raises(ShapeError, match=text):
        f()


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (32, r"^getitem\(\(32, 3\), index=32\): index 32 is out of bounds for axis 0"),
        ((0, 3), "out of bounds for axis 1"),
        ((0, 0, 0), "too many indices"),
        (np.ones(3, bool), "boolean index did not match"),
        ([0, 40], "out of bounds"),
        (1.0, r"^getitem: got the index 1\.0\. Use whole numbers, slices, None"),
        ("a", "got the index 'a'"),
        ([0.5], r"got the index \[0\.5\]"),
        (Tensor([1.0]), r"such as x\[x > 0\]\.$"),
        ((0, Value(1.0)), r"got the index Value\(1\.0\)"),
    ],
)
def test_a_bad_index_is_an_index_error(index, text):
    with pytest.raises(IndexError, match=text):
        M[index]


def test_an_op_that_is_not_elementwise_must_say_so():
    total = Op(
        name="total",
        forward=lambda x: np.sum(x),
        vjps=(lambda g, y, x: g + 0 * x,),
        latex="{0}",
        doc="A sum that forgot to say what it is.",
    )
    with pytest.raises(
        ShapeError, match=r"^total\(\(2,\)\): the result has shape \(\), .* elementwise=False"
    ):
        total(Tensor([1.0, 2.0]))


def test_what_went_wrong_in_a_forward_function_is_told():
    def forward(x):
        raise ValueError("my own words")

    op = Op(name="stubborn", forward=forward, vjps=(lambda g, y, x: g,), latex="{0}", doc="No.")
    with pytest.raises(ShapeError, match=r"^stubborn\(\(1,\)\): my own words\. ") as caught:
        op(Tensor([1.0]))
    assert str(caught.value.__cause__) == "my own words"


def test_an_option_of_the_wrong_kind_is_named_with_the_call():
    for given in ([Tensor([1.0]), Tensor([2.0])], [np.ones(1), np.ones(1)]):
        with pytest.raises(TypeError, match=r"^concatenate: got axis=None: .* Call it as concat"):
            concatenate(given, axis=None)
    with pytest.raises(TypeError, match=r"^sum: got axis='a', keepdims=False: .* Call it as sum\("):
        ag.sum(Tensor([1.0]), axis="a")


def test_an_option_is_no_operand():
    x = Tensor([1.0])
    for call in (lambda: ag.clip(x, x, x), lambda: ag.clip(x, low=x, high=2.0)):
        with pytest.raises(TypeError, match=r"^clip: got low=Tensor.*low is a number, to which no"):
            call()
