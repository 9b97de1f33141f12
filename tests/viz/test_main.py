"""The command answers in the terminal and in files, and every mistake with a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import viz
from autograd import OPS
from viz.__main__ import main
from viz.expression import compute

CHECKOUT = Path(__file__).parents[2]
STARTS = {"html": b"<!doctype html>", "svg": b"<?xml", "png": b"\x89PNG"}


@pytest.fixture
def mistake(capsys):
    """Run a command that must fail; nothing but the complaint may be printed."""

    def run(*words):
        with pytest.raises(SystemExit) as caught:
            main(words)
        printed = capsys.readouterr()
        assert caught.value.code == 2
        assert printed.out == ""
        return printed.err

    return run


def command(*words, **environment):
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "viz", *words],
        capture_output=True,
        cwd=CHECKOUT,
        env=os.environ | environment,
        check=False,
    )


def test_the_command_prints_every_step_of_the_pass(capsys):
    main(["(x + y) * z", "x=-2", "y=5", "z=-4"])
    f = compute("(x + y) * z", {"x": -2.0, "y": 5.0, "z": -4.0})
    assert capsys.readouterr().out == f"{viz.step(f, title='f = (x + y) * z')}\n"


@pytest.mark.parametrize("words", [["-x * 2", "x=3"], ["-h * 2", "h=3"], ["-.5*x", "x=12"]])
def test_an_expression_may_begin_with_a_minus(capsys, words):
    main(words)
    assert "gradients\n∂f/∂" in capsys.readouterr().out


def test_numbers_are_those_of_python(capsys):
    main(["x + y + z", "x=-1e3", " y = .5", "z=1_000"])
    assert "= 0.5\n" in capsys.readouterr().out


@pytest.mark.parametrize("kind", STARTS)
def test_a_file_is_written_and_named(capsys, tmp_path, kind):
    path = tmp_path / f"out.{kind}"
    main(["x ** 2", "x=3", f"--{kind}", str(path)])
    assert path.read_bytes().startswith(STARTS[kind])
    assert capsys.readouterr().out.endswith(f"\nwrote {path}\n")


def test_all_files_are_written_in_one_run(tmp_path):
    words = [word for kind in STARTS for word in (f"--{kind}", str(tmp_path / f"a.{kind}"))]
    main(["x ** 2", "x=3", *words])
    assert {path.name for path in tmp_path.iterdir()} == {"a.html", "a.svg", "a.png"}


def test_help_tells_ops_constants_and_examples(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    listed = shown.partition("ops: ")[2].strip().split(", ")
    assert listed == [name for name, op in OPS.items() if op.elementwise]
    assert "constants: e, pi" in shown
    assert 'python -m viz "(x + y) * z" x=-2 y=5 z=-4' in shown


def test_the_examples_in_the_help_run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main(["sigmoid(w * x + b)", "w=2", "x=-1", "b=0.5", "--html", "steps.html"])
    main(["where(x > 0, x ** 2, leaky_relu(x, slope=0.1))", "x=-3", "--png", "picture.png"])
    assert {path.name for path in tmp_path.iterdir()} == {"steps.html", "picture.png"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["x * q", "x=1"], "viz: no value for 'q'\n  x * q\n      ^\n"),
        (["x * 2", "x=two"], "viz: x=two: 'two' is not a number. Write it as x=1.5.\n"),
        (["x * 2", "x="], "viz: x=: '' is not a number. Write it as x=1.5.\n"),
        (["x * 2", "x"], "viz: 'x' is not a variable. Write it as x=1.5.\n"),
        (["x * 2", "2=3"], "viz: '2=3' is not a variable. Write it as x=1.5.\n"),
        (["x * 2", "a b=3"], "viz: 'a b=3' is not a variable. Write it as x=1.5.\n"),
        (["x * 2", "x=1", "x=2"], "viz: x=2: x is 1 already. Give each variable once.\n"),
        (["x * 2", "x=1", "ｘ=1"], "viz: ｘ=1: x is 1 already. Give each variable once.\n"),
        (["", "x=1"], "viz: the expression is empty."),
        (["log(x)", "x=0"], "viz: log(0): no real value here."),
        (["sqrt(x)", "x=0"], "viz: sqrt(0): it has a value here but no finite slope: "),
        (["step(x) * x", "x=1"], "viz: step: it has no gradient"),
        (["x.data", "x=1"], "viz: not part of an expression\n  x.data\n  ^^^^^^\n"),
    ],
)
def test_a_mistake_is_one_sentence_on_stderr(mistake, words, complaint):
    assert mistake(*words).startswith(complaint)


@pytest.mark.parametrize("kind", STARTS)
@pytest.mark.parametrize("name", ["out", "out.htm", "out.svg.gif"])
def test_a_file_that_is_named_after_something_else_is_refused(mistake, tmp_path, kind, name):
    complaint = mistake("x * 2", "x=1", f"--{kind}", str(tmp_path / name))
    assert complaint == f"viz: --{kind} {tmp_path / name}: the name must end in .{kind}.\n"
    assert not list(tmp_path.iterdir())


def test_no_file_is_written_if_another_cannot_be(mistake, tmp_path):
    good, bad = str(tmp_path / "a.html"), str(tmp_path / "a.txt")
    mistake("x * 2", "x=1", "--html", good, "--svg", bad)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", STARTS)
def test_a_place_that_cannot_be_written_to_is_named(capsys, tmp_path, kind):
    path = tmp_path / "missing" / f"out.{kind}"
    with pytest.raises(SystemExit) as caught:
        main(["x * 2", "x=1", f"--{kind}", str(path)])
    assert caught.value.code == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("viz: ")
    assert str(path) in complaint


@pytest.mark.usefixtures("nothing_to_draw_with")
def test_without_anything_to_draw_with_the_text_is_printed_still(capsys, tmp_path):
    with pytest.raises(SystemExit) as caught:
        main(["x * 2", "x=1", "--svg", str(tmp_path / "a.svg")])
    printed = capsys.readouterr()
    assert caught.value.code == 2
    assert "∂f/∂x = 2" in printed.out
    assert "pip install 'stepgrad[render]'" in printed.err


def test_no_arguments_are_not_those_of_another_program(monkeypatch, mistake):
    monkeypatch.setattr(sys, "argv", ["pytest", "x", "x=1"])
    assert "expression" in mistake()


@pytest.mark.slow
def test_the_command_runs_as_a_module():
    done = command("(x + y) * z", "x=-2", "y=5", "z=-4")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().rstrip().endswith("∂f/∂x = -4\n∂f/∂y = -4\n∂f/∂z = 3")


@pytest.mark.slow
def test_a_mistake_as_a_module_is_no_traceback():
    done = command("x * q", "x=1")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines()[0] == "viz: no value for 'q'"


@pytest.mark.slow
def test_a_terminal_without_the_signs_of_mathematics_is_no_obstacle():
    done = command("x * 2", "x=1", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr.decode()
