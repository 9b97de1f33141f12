"""Pictures come out of whatever can draw here, and an error says what to do where nothing can."""

import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from autograd import AutogradError
from viz import RenderError
from viz.pictures.render import SlowLayoutError, render, render_all

DOT = "digraph { a -> b }"
no_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="no dot program on this machine")


@pytest.fixture
def empty_path(monkeypatch):
    monkeypatch.setenv("PATH", "")


@pytest.mark.parametrize(("format", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG\r\n\x1a\n")])
def test_pictures_begin_as_their_format_does(format, start):
    assert render(DOT, format).startswith(start)


@pytest.mark.usefixtures("empty_path")
@pytest.mark.parametrize(("format", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG\r\n\x1a\n")])
def test_nothing_on_the_path_is_needed(format, start):
    assert render(DOT, format).startswith(start)


@no_dot
def test_a_pdf_begins_as_a_pdf_does():
    assert render(DOT, "pdf").startswith(b"%PDF")


@pytest.mark.usefixtures("empty_path")
def test_a_pdf_needs_graphviz_and_says_so():
    with pytest.raises(RenderError, match=r"nothing here can draw pdf\. Install Graphviz"):
        render(DOT, "pdf")


def test_a_program_on_the_path_is_preferred(monkeypatch, tmp_path):
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\n/bin/echo drawn by this one\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert render(DOT) == b"drawn by this one\n"


@pytest.mark.usefixtures("nothing_to_draw_with")
def test_without_any_program_the_error_says_what_to_install():
    message = r"nothing here can draw svg\. pip install 'stepgrad\[render\]', or install Graphviz"
    with pytest.raises(RenderError, match=message):
        render(DOT)


@pytest.mark.parametrize("format", ["gif", "", "SVG", "html"])
def test_other_formats_are_refused(format):
    with pytest.raises(RenderError, match="Choose one of svg, png, pdf"):
        render(DOT, format)


def test_a_failing_program_is_quoted():
    with pytest.raises(RenderError, match="syntax error"):
        render("digraph {")


def test_a_program_that_cannot_be_run_is_named(monkeypatch, tmp_path):
    program = tmp_path / "dot"
    program.write_text("no program")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RenderError, match=rf"{program} cannot be run: Exec format error\. Install"):
        render(DOT)


def test_errors_are_those_of_the_engine_and_builtin_ones_too():
    assert issubclass(RenderError, AutogradError)
    assert issubclass(RenderError, RuntimeError)


def test_a_slow_layout_is_given_up(monkeypatch):
    given = []

    def slow(*_, timeout, **__):
        given.append(timeout)
        raise subprocess.TimeoutExpired("dot", timeout)

    monkeypatch.setattr(subprocess, "run", slow)
    with pytest.raises(SlowLayoutError, match=r"longer than 10 s.*detail=1.*around=node"):
        render(DOT)
    assert given == [10]


def test_a_picture_that_came_out_is_used_whatever_the_program_says(monkeypatch):
    done = subprocess.CompletedProcess("dot", 1, stdout=b"<svg/>", stderr=b"a warning")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert render(DOT) == b"<svg/>"


@pytest.mark.parametrize("path", [None, ""])
def test_several_graphs_are_drawn_at_once_each_by_itself(monkeypatch, path):
    if path is not None:
        monkeypatch.setenv("PATH", path)
    dots = [f'digraph {{ a -> b; b [label="{words}"] }}' for words in ("one", "two", "&lt;/svg>")]
    drawn = [ElementTree.fromstring(svg) for svg in render_all(dots)]
    words = [[text.text for text in root.findall(".//{*}text")] for root in drawn]
    assert words == [["a", "one"], ["a", "two"], ["a", "</svg>"]]


def test_one_process_draws_them_all(monkeypatch):
    run, calls = subprocess.run, []
    monkeypatch.setattr(subprocess, "run", lambda *args, **kw: calls.append(1) or run(*args, **kw))
    assert len(render_all([DOT] * 5)) == 5
    assert calls == [1]


def test_a_large_png_is_scaled_down():
    long = "digraph { rankdir=LR; " + " -> ".join(map(str, range(300))) + " }"
    header = render(long, "png")[16:24]
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:])
    assert 1000 < width <= 60 * 144
    assert height < width
