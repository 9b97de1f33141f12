"""A program is translated once for all languages: what is read, computed, given and refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import GraphError, Tensor, Value, exp, noise, relu
from autograd.tape.export.dialects import JAVASCRIPT, C
from autograd.tape.export.scalar_program import contents, held, remark, translate, words
from autograd.tape.simplify import record


def test_only_what_is_needed_is_read_and_computed():
    x, y, w = Value(2.0, name="x"), Value(3.0, name="y"), Value(0.5, name="w")
    definitions, reads, lines, outputs = translate(record([relu(w * x) + 1], [x, y]), C, "to_c")
    assert [read.source for read in reads] == ["inputs[0]", "params[0]"]
    assert lines == [("v1", "w * x"), ("v2", "relu(v1)"), ("v3", "v2 + 1.0")]
    assert outputs == [("outputs[0]", "v3")]
    assert [text.splitlines()[0] for text in definitions] == ["static inline double relu(double x)"]


def test_helpers_stand_before_what_calls_them_and_only_where_something_does():
    x, y = Value(2.0, name="x"), Value(3.0, name="pow")
    plain = translate(record([x * y], [x, y]), JAVASCRIPT, "to_javascript")
    assert plain.definitions == []
    assert plain.lines == [("v1", "x * pow_")]
    power = translate(record([x**y], [x, y]), JAVASCRIPT, "to_javascript")
    assert [text.split("(")[0] for text in power.definitions] == ["function pow"]


@pytest.mark.parametrize(("dialect", "caller"), [(C, "to_c"), (JAVASCRIPT, "to_javascript")])
def test_a_tape_of_tensors_is_refused(dialect, caller):
    x = Tensor([1.0, 2.0])
    said = rf"^{caller}: got a tape of Tensors; {dialect.name} computes one number .*unroll"
    with pytest.raises(GraphError, match=said):
        translate(record([x * 2.0], [x]), dialect, caller)


def test_a_comment_lists_what_the_arrays_hold():
    x, w = Value(2.0, name="x"), Value(0.1, name="w[0]")
    code = record([x * noise(np.random.default_rng(0).random) * w], [x])
    assert contents(code) == (
        " *   inputs: x\n"
        " *   then: noise0, random numbers drawn anew for each call, from inputs[1] on\n"
        " *   params: w[0]"
    )
    assert held(code, C) == "    0.1"


@given(st.text() | st.sampled_from(["*/", "/**/", "</script>", "<!--", "\u2028", "\\", "\udc00"]))
def test_no_name_ends_a_comment_or_a_script(name):
    x = Value(1.0, name=name)
    code = record([exp(x)], [x])
    (read,) = translate(code, C, "to_c").reads
    inside = remark(read).removeprefix("  /* ").removesuffix(" */")
    for text in (contents(code), inside):
        assert text.isascii()
        assert all(sign not in text for sign in ("*/", "</", "<!"))
    assert "\n" not in inside


def test_words_are_names_but_neither_numbers_nor_what_stands_after_a_point():
    assert words("Math.exp(v1) * 1e-5 + x_2 / 0.5e10") == ["Math", "v1", "x_2"]
