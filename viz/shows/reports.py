"""What a check found is shown: before training, and of gradients."""

from typing import Any

from ..pictures import draw, marked
from .html import block, code, paragraphs, table, words


def preflight(report: Any) -> dict[str, str]:
    """Show what was found before training, and what was looked at."""
    title, *_ = repr(report).splitlines()
    facts = [(words(name), words(fact)) for name, fact in report.facts.items()]
    findings = paragraphs(f"✗ {finding}" for finding in report.findings)
    return block(title, findings, table(("looked at", ""), facts) if facts else "")


def gradient_check(report: Any) -> dict[str, str]:
    """Show the verdicts of a check of gradients, and the graph where it failed."""
    count = f"{len(report)} verdict{'s' * (len(report) != 1)}"
    title = f"{count}: all is well" if report.failure is None else str(report.failure)
    picture = "" if report.output is None else _picture(report)
    return block(title, code(str(report)), picture)


def _picture(report: Any) -> str:
    picture = draw(report.output, names={})
    picture.shown = marked(picture.shown, report.marks)
    return picture._repr_mimebundle_().get("text/html", "")
