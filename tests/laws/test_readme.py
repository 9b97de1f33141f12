"""The README shows what happens: its Python runs, and its terminal output is what is printed."""

import io
import re
import shlex
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import viz
from autograd import Value, tanh
from viz.__main__ import main

README = (Path(__file__).parents[2] / "README.md").read_text()


@pytest.mark.slow
def test_every_python_block_prints_what_its_comments_say(tmp_path, monkeypatch):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        expected = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(block, "README.md", "exec"), names)
        for line in expected:
            assert line in printed.getvalue().splitlines()
    pyplot.close("all")
    assert (tmp_path / "steps.html").exists()


def test_the_terminal_output_is_that_of_the_command(capsys):
    command = re.search(r"python -m viz (.*) --html", README)[1]
    main(shlex.split(command))
    assert capsys.readouterr().out.strip() in README


def test_the_table_of_paths_is_that_of_the_code_above_it():
    code, table = re.search(r"```python\n(w = .*?)```\n\n```\n(.*?)```", README, re.DOTALL).groups()
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(code, {"Value": Value, "tanh": tanh, "viz": viz})
    assert printed.getvalue() == table


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_commands_named_first_exist(target):
    makefile = (Path(__file__).parents[2] / "Makefile").read_text()
    assert f"\n{target}: " in makefile
    assert f"make {target}" in README
