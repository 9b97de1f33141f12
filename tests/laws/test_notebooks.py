"""Notebooks are what their sources say, as they ran from top to bottom, and short in each cell."""

import re

import nbformat
import pytest
from percent import NOTEBOOKS, SOURCES, notebook

LINES = 30  # of a cell
OUTPUT, ALL = 300_000, 8_000_000  # bytes
SHOWN = re.compile(r"^(?:print\(|viz\.(?!seed)\w+\()", re.MULTILINE)


@pytest.fixture(scope="module", params=SOURCES, ids=lambda source: source.stem)
def pair(request):
    """A source's cells and those of the notebook that readers open."""
    kept = request.param.with_suffix(".ipynb")
    return notebook(request.param)["cells"], nbformat.read(kept, as_version=4)["cells"]


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
