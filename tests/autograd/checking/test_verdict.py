"""A report can be read by programs and by people."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wrong_rules import spoiled

from autograd import Report, Value, abs, check_gradients, exp, relu, tanh, trace
from autograd.checking import examined
from autograd.checking.verdict import Verdict, told_apart


def test_a_report_is_a_sequence_of_verdicts():
    report = check_gradients(lambda x, y: tanh(x) * y, 0.5, 2.0, order=2)
    assert isinstance(report, Report)
    assert len(report) == 4
    assert [(verdict.input, verdict.order) for verdict in report] == [
        ("x", 1), ("y", 1), ("x", 2), ("y", 2)
    ]  # fmt: skip
    first = report[0]
    assert first.verdict == "pass"
    assert first.ok
    assert (first.value, first.element, first.sides) == (0.5, None, None)
    assert first.engine == pytest.approx(2 * (1 - math.tanh(0.5) ** 2), rel=1e-15)
    assert abs(first.reference - first.engine) <= 2 * first.error < 1e-13
    assert (first.method, first.probed) == ("complex step", "1 of 1")
    assert report.failure is None
    with pytest.raises(AttributeError):
        report.verdicts = ()


def test_a_report_reads_as_a_table():
    report = check_gradients(lambda x, y: (relu(x) * y).sum(), [1.0, 0.0], 2.0)
    header, *rows = str(report).splitlines()
    assert header.split("  ")[0] == "input"
    assert re.fullmatch(r"x +1 +kink +1 +0 +0 \| \S+ +\de-\d\d +2 of 2 +differences", rows[0])
    assert re.fullmatch(r"y +1 +pass +1 +1 +\de-\d\d +1 of 1 +differences", rows[1])
    places = [header.index(word) for word in ("order", "verdict", "engine", "probed", "by")]
    assert all(row[place - 1] == " " != row[place] for row in rows for place in places)


def test_a_long_table_leaves_out_what_passes():
    inputs = [Value(1.0) for _ in range(100)]
    inputs[70].data = 0.0
    lines = str(check_gradients(lambda xs: [relu(x) for x in xs], inputs)).splitlines()
    assert len(lines) == 42
    assert lines[-1] == "and 60 more"
    assert any(line.startswith("xs[70]") for line in lines)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_two_numbers_that_differ_are_written_so_that_one_can_see_it(a, b):
    left, right = told_apart(a, b)
    assert (left == right) == (a == b)
    assert float(left) == pytest.approx(a, rel=1e-5)


def test_no_more_digits_are_written_than_it_takes():
    assert told_apart(1.0, 2.0) == ("1", "2")
    assert told_apart(1 / 3, 2 / 3) == ("0.333333", "0.666667")
    assert told_apart(1.0, 1.0 + 1e-9) == ("1", "1.000000001")


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"verdict": "pass"}, "pass: first derivative by x in a random direction."),
        (
            {"verdict": "wrong", "element": (1, 2), "value": 0.5, "engine": 2.0, "reference": 1.0},
            "wrong: first derivative by x[1, 2] = 0.5: the engine says 2, "
            "the reference 1 ± nan ().",
        ),
        (
            {"verdict": "kink", "value": 0.0, "engine": 3.0, "sides": (0.0, 1.0), "error": 1e-9},
            "kink: first derivative by x = 0: the engine says 3, the slope is 0 on the left and 1 "
            "on the right (± 1e-09).",
        ),
    ],
)
def test_a_verdict_is_one_sentence_and_its_advice(facts, text):
    assert str(Verdict("x", 1, **facts)) == text
    assert str(Verdict("x", 1, **facts, advice="Do this.")) == f"{text} Do this."


def test_a_report_complains_of_the_first_that_is_not_ok():
    passed, kink, wrong = (Verdict("x", k, "pass", ok=k < 3) for k in (1, 2, 3))
    report = Report((passed, kink, wrong))
    assert report.failure is wrong
    assert report.complaint.splitlines()[0] == str(wrong)
    assert report[1:] == (kink, wrong)
    assert Report((passed,)).failure is None


@pytest.mark.parametrize(
    ("rule", "order", "remark"),
    [
        (lambda g, y, x: g * y * 2, 1, "engine 6.59489, reference 3.29744"),
        (lambda g, y, x: g * getattr(y, "data", y), 2, "second"),
    ],
)
def test_what_is_to_be_pointed_out_is_the_culprit_and_the_slope_that_is_wrong(rule, order, remark):
    wrong = spoiled(exp, rule)
    report = examined(lambda x, y: wrong(tanh(x) * 0 + x) * y, (0.5, 2.0), {}, order)
    nodes = trace(report.output)
    said = {nodes[i].name or nodes[i].op.name: words for i, words in report.marks.items()}
    assert said.pop("exp") == "its rule is wrong"
    assert list(said) == ["x"]
    assert said["x"].startswith(remark)
    assert check_gradients(exp, 0.5).marks == {}
