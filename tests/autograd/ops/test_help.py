"""help(op) says how an op is called, what its params mean and where it jumps, and shows it run."""

import doctest
import inspect
import pydoc
import re
import subprocess
import sys
from inspect import Parameter
from types import ModuleType

import numpy as np
import pytest

import autograd
from autograd import OPS, Domain, Each, Op, Tensor, Value, relu
from autograd.ops import elementwise
from autograd.ops.help import MEANINGS, meaning
from autograd.ops.op import _table

ROWS = [op for op in OPS.values() if op.__module__.startswith("autograd.")]
KINKED = [op for op in ROWS if op.kinks and None not in op.vjps]
TAKEN = re.compile(r"Slope taken at (\w+\(.*\)): (.*)\.$", re.MULTILINE)


def each(rows):
    return pytest.mark.parametrize("op", rows, ids=lambda op: op.name)


def run(text, space=None):
    """Run the examples of a text as doctest does, and count those that show a result."""
    test = doctest.DocTestParser().get_doctest(text, dict(space or {}), "help", None, 0)
    said = []
    done = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert not done.failed, "".join(said)
    return sum(bool(example.want) for example in test.examples)


def sections(text):
    """Split a text by its headings; what comes first is under none."""
    first, *parts = re.split(r"\n\n(\w+)\n-+\n", text)
    return {"": first, **dict(zip(parts[::2], parts[1::2], strict=True))}


def entries(text):
    """Read the parameters of a text: name, what stands behind it, and the lines below."""
    found = re.findall(
        r"^(\w+)(?: : (.*))?\n?((?:^ {4}.*\n?)*)", sections(text)["Parameters"], re.M
    )
    return {name: (kind, below.strip()) for name, kind, below in found}


@pytest.fixture
def made():
    """Make ops that are forgotten afterwards."""
    names = []

    def make(name="made", **columns):
        names.append(name)
        usual = {"vjps": (lambda g, y, x, *_: g,), "latex": "{0}", "doc": "Made here."}
        return Op(name=name, **{**usual, **columns})

    yield make
    for name in names:
        _table.pop(name, None)


# Every row


@each(ROWS)
def test_it_opens_with_the_call_the_sentence_and_the_formula(op):
    call, sentence, formula = sections(op.__doc__)[""].split("\n\n")
    parameters = inspect.signature(op).parameters.values()
    bare = [p.replace(kind=Parameter.POSITIONAL_OR_KEYWORD, annotation=p.empty) for p in parameters]
    assert call == f"{op.name}{inspect.Signature(bare)}"
    assert sentence == op.doc
    assert formula == f"Formula: {op.latex.format(*[p.name for p in parameters][: op.arity or 1])}"


@each(ROWS)
def test_it_lists_each_operand_with_its_domain(op):
    names = list(inspect.signature(op).parameters)[: op.arity or 1]
    listed = entries(op.__doc__)
    assert list(listed) == [*names, *op.defaults]
    for name, domain in zip(names, op.domain, strict=op.arity is not None):
        limited = domain.text != "any real number"
        assert (f"Domain: {domain.text}." in listed[name][1]) == limited
        assert listed[name][0].endswith("array, Value or Tensor" if op.elementwise else "or Tensor")


@each([op for op in ROWS if op.defaults])
def test_it_lists_each_param_with_its_type_its_default_and_its_meaning(op):
    listed = entries(op.__doc__)
    for name, usual in op.defaults.items():
        kind, words = meaning(op, name)
        default = "" if usual is Parameter.empty else f", default {usual!r}"
        assert listed[name] == (kind + default, words)
        assert words.endswith(".")


def test_no_meaning_is_left_of_a_param_that_is_gone():
    plain = {name for op in ROWS for name in op.defaults}
    assert {key.rpartition(".")[2] for key in MEANINGS} == plain
    for key in MEANINGS:
        row, _, name = key.rpartition(".")
        assert not row or name in OPS[row].defaults
        own = [f"{op.name}.{name}" in MEANINGS for op in ROWS if name in op.defaults]
        assert row or not all(own), f"every row that has {key} has another meaning for it"


@each(ROWS)
def test_its_examples_run_in_an_empty_session(op):
    text = sections(op.__doc__)["Examples"]
    public = getattr(autograd, op.name) is op
    assert f">>> from autograd import {op.name if public else 'OPS'}\n" in text, text
    assert run(text) >= 1


def test_a_result_that_is_not_that_of_the_op_is_noticed():
    assert run(relu.__doc__) == 2
    with pytest.raises(AssertionError, match=r"Expected:\n +3\.0\n +Got:\n +2\.0"):
        run(relu.__doc__.replace("\n2.0", "\n3.0"))


@each([op for op in ROWS if op.kinks])
def test_it_says_that_there_are_kinks(op):
    assert sections(op.__doc__)["Notes"].startswith("At kinks the slope jumps")
    assert bool(TAKEN.search(op.__doc__)) == (op in KINKED)


@each([op for op in ROWS if not op.kinks])
def test_it_says_nothing_of_kinks_where_there_are_none(op):
    assert "Notes" not in sections(op.__doc__)


@each(KINKED)
def test_the_slopes_at_a_kink_are_those_of_a_backward_pass(op):
    call, words = TAKEN.search(op.__doc__).groups()
    nodes = []

    def traced(*operands, **params):
        assert not np.any(op.kinks(*operands, **{**op.defaults, **params}))
        nodes.extend(Tensor(x) if isinstance(x, np.ndarray) else Value(x) for x in operands)
        y = op(*nodes, **params)
        y.backward(np.ones_like(y.data) if isinstance(y, Tensor) else 1.0)

    eval(call, {op.name: traced, "array": np.array})
    names = list(inspect.signature(op).parameters)
    slopes = [np.asarray(0.0 if x.grad is None else x.grad).tolist() for x in nodes]
    assert words == ", ".join(f"{slope} for {x}" for slope, x in zip(slopes, names, strict=False))


@each([op for op in ROWS if not isinstance(op.vjps, Each)])
def test_it_says_which_operands_pass_nothing_on(op):
    for rule, (_, words) in zip(op.vjps, entries(op.__doc__).values(), strict=False):
        assert ("has no gradient" in words) == (rule is None)
        assert ("gradient is 0" in words) == (rule is autograd.flat)


# How it is asked for


@each(ROWS)
def test_help_shows_all_of_it(op):
    shown = pydoc.render_doc(op, renderer=pydoc.plaintext)
    for line in op.__doc__.splitlines():
        assert line in shown
    assert inspect.getdoc(op) == op.__doc__


def test_the_class_keeps_its_own_help():
    assert Op.__doc__.startswith("A differentiable function: what it computes")
    shown = pydoc.render_doc(Op, renderer=pydoc.plaintext).splitlines()
    lines = [line.removeprefix(" |").strip() for line in shown]
    assert all(line.strip() in lines for line in inspect.getdoc(Op).splitlines())
    [found] = [x for x in doctest.DocTestFinder(recurse=False).find(Op, "Op") if x.examples]
    assert "cube" in found.docstring


def test_it_is_written_when_it_is_asked_for_and_once(made):
    calls = []

    def forward(x):
        calls.append(x)
        return x

    op = made(forward=forward, scalar=forward)
    assert calls == []
    text = op.__doc__
    assert calls
    calls.clear()
    assert op.__doc__ is text
    assert calls == []


def test_importing_and_computing_writes_none():
    code = "import sys; from autograd import Value; Value(1.0).tanh().backward(); "
    code += "print('autograd.ops.help' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# Ops that users make


def test_an_op_made_in_a_module_is_imported_from_there(made, monkeypatch):
    op = made("doubled", forward=lambda x: 2 * x, doc="Twice the number.")
    monkeypatch.setattr(sys.modules[__name__], "doubled", op, raising=False)
    assert f">>> from {__name__} import doubled\n>>> doubled(2.0)\n4.0" in op.__doc__
    assert run(op.__doc__) == 2


def test_an_op_made_in_a_session_is_there_already(monkeypatch):
    session = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", session)
    code = """
from autograd import Op
cubed = Op(name="cubed", forward=lambda x: x**3, vjps=(lambda g, y, x: g * 3 * x**2,),
           latex="{0}^3", doc="Cube.")
"""
    exec(code, vars(session))
    try:
        text = sections(session.cubed.__doc__)["Examples"]
        assert text == ">>> cubed(2.0)\n8.0\n>>> cubed(-2.0)\n-8.0"
        assert run(text, vars(session)) == 2
    finally:
        del _table["cubed"]


def test_an_op_that_has_no_name_of_its_own_is_found_in_the_table(made):
    op = made("my op", forward=lambda x: 2 * x)
    assert ">>> from autograd import OPS\n>>> OPS['my op'](2.0)\n4.0" in op.__doc__
    assert run(op.__doc__) == 2


def test_a_param_of_a_user_has_its_default_and_no_meaning_that_nobody_gave_it(made):
    op = made(forward=lambda x, axis=3, *, taste="sweet": 2 * x)
    assert op.__doc__.startswith("made(x, axis=3, taste='sweet')\n\nMade here.\n")
    listed = entries(op.__doc__)
    assert listed["axis"] == ("default 3", "")
    assert listed["taste"] == ("default 'sweet'", "")


def test_an_op_with_a_param_that_must_be_given_has_no_example(made):
    op = made(forward=lambda x, k: k * x)
    assert entries(op.__doc__)["k"] == ("", "")
    assert "Examples" not in sections(op.__doc__)


def test_an_op_of_any_number_of_operands_takes_a_list(made):
    op = made(forward=lambda *xs: sum(xs), vjps=Each(lambda i, g, y, *xs: g))
    assert entries(op.__doc__)["xs"][0] == "list of float, array, Value or Tensor"
    assert ">>> OPS['made']([2.0, 3.0])\n5.0" in op.__doc__
    assert run(op.__doc__) == 2


@pytest.mark.parametrize(
    "domain",
    [
        Domain("10 to 12", low=10.0, high=12.0),
        Domain("above 7", low=7.0),
        Domain("below -7", high=-7.0),
        Domain("not 2", poles=lambda x: x - 2.0),
        Domain("within a hundredth of 0.3", low=0.29, high=0.31),
    ],
    ids=lambda domain: domain.text,
)
def test_examples_lie_in_the_domain(made, domain):
    given = []

    def scalar(x):
        given.append(x)
        return x

    op = made(forward=lambda x: x, scalar=scalar, domain=(domain,))
    assert run(op.__doc__) >= 1
    assert all(domain.low < x < domain.high for x in given)
    assert not domain.poles or all(map(domain.poles, given))
    assert entries(op.__doc__)["x"][1] == f"Domain: {domain.text}."


def fails(x):
    raise RuntimeError("not today")


@pytest.mark.parametrize(
    "forward",
    [
        fails,
        lambda x: np.full(np.shape(x), np.nan),
        lambda x: x / 0.0,
        lambda x: np.stack([[x, x], [x, x]]),  # doctest takes a blank line for the end
    ],
    ids=["raises", "nan", "inf", "blank line"],
)
@pytest.mark.parametrize("elementwise", [True, False])
def test_what_cannot_be_shown_is_left_out(made, forward, elementwise):
    op = made(forward=forward, elementwise=elementwise, kinks=fails)
    assert set(sections(op.__doc__)) == {"", "Parameters", "Notes"}
    assert sections(op.__doc__)["Notes"] == "At kinks the slope jumps, or the value itself does."


@pytest.mark.parametrize("latex", ["{", "{0}^{2}", "{x}", "}"])
def test_a_formula_that_is_no_format_string_is_refused_when_the_op_is_made(made, latex):
    with pytest.raises(
        ValueError, match=r"^Op: made got latex=.* is no format string\. Write \{0\}"
    ):
        made(forward=lambda x: x, latex=latex)
    assert "made" not in OPS


def test_an_op_that_is_made_again_has_its_own_help(made):
    first = made(forward=lambda x: 2 * x)
    assert "\n4.0" in first.__doc__
    assert "\n6.0" in made(forward=lambda x: 3 * x).__doc__
    assert vars(elementwise)["relu"].__doc__ is relu.__doc__
