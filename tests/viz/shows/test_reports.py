"""Reports show all that was found, and the graph where gradients are wrong."""

from dataclasses import replace
from html import unescape

from shown import things

from viz.shows.html import words
from viz.shows.reports import gradient_check, preflight


def test_all_findings_and_facts_are_shown():
    shown = preflight(things("batch")["nn.Preflight"])["text/html"]
    for part in ("1 finding", "✗ batch is constant", "<td>batch</td><td>batch</td>"):
        assert part in shown


def test_a_good_check_is_its_table():
    report = things()["autograd.Report"]
    shown = unescape(gradient_check(report)["text/html"])
    assert "2 verdicts: all is well" in shown
    assert str(report) in shown
    assert "<img" not in shown


def test_a_failed_check_shows_the_graph():
    good = things()["autograd.Report"]
    wrong = replace(good[0], verdict="wrong", ok=False)
    report = replace(good, verdicts=(wrong,), output=things()["autograd.Node"])
    shown = gradient_check(report)["text/html"]
    assert words(wrong) in shown
    assert "<img" in shown
