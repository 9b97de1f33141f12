"""README and tour show what happens: their Python runs, and their output is what is printed."""

import io
import re
import shlex
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import viz
from autograd import Value, tanh
from viz.__main__ import main

ROOT = Path(__file__).parents[2]
README, TOUR = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/tour.md"))


@pytest.mark.slow
@pytest.mark.parametrize("text", [README, TOUR], ids=["README", "tour"])
def test_every_python_block_prints_what_its_comments_say(text, tmp_path, monkeypatch):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        expected = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(block, "README.md", "exec"), names)
        for line in expected:
            assert line in printed.getvalue().splitlines()
    pyplot.close("all")


@pytest.mark.parametrize(
    ("text", "first"), [(TOUR, "w = "), (README, "import numpy")], ids=["paths", "history"]
)
def test_the_output_below_is_that_of_the_code_above_it(text, first):
    pattern = rf"```python\n({first}(?:(?!```).)*?)```\n\n```\n(.*?)```"
    code, output = re.search(pattern, text, re.DOTALL).groups()
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(code, {"Value": Value, "tanh": tanh, "viz": viz})
    assert printed.getvalue() == output


def test_the_terminal_output_is_that_of_the_command(capsys):
    command = re.search(r"python -m viz (.*) --html", README)[1]
    main(shlex.split(command))
    assert capsys.readouterr().out.strip() in README


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_commands_named_first_exist(target):
    makefile = (ROOT / "Makefile").read_text()
    assert f"\n{target}: " in makefile
    assert f"make {target}" in README
