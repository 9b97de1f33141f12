"""The command line says in what Values are kept, and checks ops."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograd import __version__
from autograd.__main__ import main

ROOT = Path(__file__).parents[2]


def said(**variables):
    command = [sys.executable, "-m", "autograd"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True
    )
    return done.stdout


def test_it_says_which_version_this_is_and_who_keeps_values():
    assert said(STEPGRAD_PURE="1") == (
        f"stepgrad {__version__}: Values are kept in Python, for STEPGRAD_PURE is set\n"
    )


def test_an_op_is_checked_by_its_place(capsys):
    main(["check", "autograd.ops:sin"])
    assert capsys.readouterr().out.startswith("sin ")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("autograd.ops:detach", "detach: first derivative: "),
        ("autograd.ops:clip", "has no default for low, high"),
        ("autograd.ops:nothing", "nothing is at 'autograd.ops:nothing'"),
        ("no.such.module:sin", "nothing is at"),
        ("sin", "Give module:name"),
        ("autograd:Value", "is a type. Give an Op"),
    ],
)
def test_what_fails_ends_with_a_message(place, words, capsys):
    with pytest.raises(SystemExit) as end:
        main(["check", place])
    assert end.value.code == 1
    assert words in capsys.readouterr().err
