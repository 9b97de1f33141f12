"""Notebooks are what their sources say, as they ran from top to bottom, and short in each cell."""

import re
from functools import cache
from itertools import groupby

import nbformat
import pytest
from percent import NOTEBOOKS, SOURCES, notebook

LINES = 30  # of a cell
OUTPUT, ALL = 300_000, 8_000_000  # bytes
SHOWN = re.compile(r"^(?:print\(|viz\.\w+\()", re.MULTILINE)


@pytest.fixture(scope="module", params=SOURCES, ids=lambda source: source.stem)
def pair(request):
    """A source's cells and those of the notebook that readers open."""
    kept = request.param.with_suffix(".ipynb")
    return written(request.param), nbformat.read(kept, as_version=4)["cells"]


@cache
def written(source):
    return notebook(source)["cells"]


def code(cells):
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_each_source_has_a_notebook_and_each_notebook_a_source():
    kept = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
    assert kept == [source.stem for source in SOURCES]


def test_cells_are_those_of_the_source(pair):
    source, kept = ([(cell["cell_type"], cell["source"]) for cell in cells] for cells in pair)
    assert kept == source, "run `make notebooks`"


def test_a_cell_is_read_at_one_glance(pair):
    for cell in code(pair[0]):
        assert len(cell["source"].splitlines()) <= LINES, cell["source"]


def test_it_was_run_from_top_to_bottom_and_shows_what_came_out(pair):
    ran = code(pair[1])
    assert [cell["execution_count"] for cell in ran] == [*range(1, len(ran) + 1)]
    for cell in ran:
        if SHOWN.search(cell["source"]):
            assert cell["outputs"], cell["source"]


def test_nothing_went_wrong_nor_was_warned_of(pair):
    for cell in code(pair[1]):
        for output in cell["outputs"]:
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr", output["text"]


def test_files_stay_small(pair):
    for cell in code(pair[1]):
        for output in cell["outputs"]:
            assert len(str(output)) <= OUTPUT, cell["source"]
    assert sum(path.stat().st_size for path in NOTEBOOKS.iterdir() if path.is_file()) <= ALL


TABLE = (NOTEBOOKS / "README.md").read_text("utf-8")
SYSTEMS = [f"S{i:02}" for i in range(1, 150)]
ROWS = re.compile(r"^\| (S\d+) \|(.*)\|$", re.MULTILINE)


def sections():
    """Give the rows of the table, by what the heading above them links to."""
    for part in TABLE.split("\n## ")[1:]:
        heading = part.splitlines()[0]
        link = re.search(r"\((.*)\)", heading)
        rows = {name: [x.strip() for x in rest.split(" | ")] for name, rest in ROWS.findall(part)}
        yield link[1] if link else heading, rows


SHOWN_IN = [
    pytest.param(place, *row[1:3], id=system)
    for place, rows in sections()
    if place.endswith(".ipynb")
    for system, row in rows.items()
]
TESTS = {
    row[-1].strip("`")
    for place, rows in sections()
    if place != "Named only"
    for row in rows.values()
}


def test_every_system_has_its_row():
    assert sorted(name for name, _ in ROWS.findall(TABLE)) == sorted(SYSTEMS)


def by_number():
    """Say in which notebook each system is, those of neighboring numbers together."""
    places = {
        name: place[:2] if place.endswith(".ipynb") else place.lower()
        for place, rows in sections()
        for name in rows
    }
    for place, names in groupby(SYSTEMS, places.get):
        first, *rest = names
        yield f"{first}–{rest[-1]} {place}" if rest else f"{first} {place}"


def test_systems_are_found_by_their_numbers():
    assert ", ".join(by_number()) in " ".join(TABLE.split())


def under(heading, cells):
    """Give the code from a heading to the next."""
    found, code = False, []
    for cell in cells:
        if cell["cell_type"] == "markdown":
            titles = re.findall(r"^#+ (.*)$", cell["source"], re.MULTILINE)
            found = heading in titles or (found and not titles)
        elif found:
            code.append(cell["source"])
    return "\n".join(code)


@pytest.mark.parametrize(("place", "link", "call"), SHOWN_IN)
def test_what_shows_a_system_runs_where_the_table_says(place, link, call):
    heading, address = re.fullmatch(r"\[(.*)\]\((.*)\)", link).groups()
    assert address == f"{place}#{heading.replace(' ', '-')}"  # as JupyterLab calls a heading
    assert call.strip("`") in under(heading, written(NOTEBOOKS / place.replace(".ipynb", ".py")))


@pytest.mark.parametrize("named", sorted(TESTS))
def test_the_test_of_a_system_exists(named):
    path, name, example = re.fullmatch(r"(.*)::(\w+)(?:\[(.*)\])?", named).groups()
    text = (NOTEBOOKS.parent / "tests" / path).read_text("utf-8")
    assert f"def {name}(" in text
    assert f'"{example}"' in text or example is None


def test_what_is_named_only_has_its_place_in_the_text():
    text = (NOTEBOOKS.parent / "docs" / "context.md").read_text("utf-8")
    headings = {heading.lower() for heading in re.findall(r"^## (.*)$", text, re.MULTILINE)}
    named = dict(sections())["Named only"]
    assert {re.search(r"#(\w+)\)", row[-1])[1] for row in named.values()} <= headings
