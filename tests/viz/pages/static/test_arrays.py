"""In the page the cells of a box are blank until a step computes them, or has them receive."""

import numpy as np
import pytest

import viz
from autograd import Tensor, tanh
from autograd.formulas import number
from viz.pages.page import page as write

pytestmark = pytest.mark.slow

# Text and color of each cell of a box, and whether it is blank.
CELLS = """
([id, kind]) => [...document.querySelectorAll(`[id^="a_${id}_${kind}"]`)].map((cell) => [
  cell.querySelector("text").textContent,
  getComputedStyle(cell.querySelector("polygon")).fill,
  cell.classList.contains("sg-blank"),
])"""
HIDDEN = """
() => [...document.querySelectorAll(".sg-cells div div")].flatMap((cell) =>
  [...cell.querySelectorAll("math")].filter((math) =>
    math.getBoundingClientRect().top + cell.scrollTop + 1 < cell.getBoundingClientRect().top)
).length"""
INK = """
() => [...document.querySelectorAll(".sg-cell text")].map((text) => [
  getComputedStyle(text).fill, getComputedStyle(text.parentNode.querySelector("polygon")).fill,
])"""


@pytest.fixture
def steps():
    X = Tensor([[1.0, -2.0], [0.0, 4.0]], constant=True, name="X")
    W, big = Tensor([[0.5, 0.25], [-1.0, 2.0]], name="W"), Tensor(-np.ones((9, 9)), name="big")
    z = X @ W
    z.name = "z"
    return viz.step((tanh(z) * z).sum() + big.sum() + np.nan * W[0].sum(), names={})


@pytest.fixture
def load(browse, steps, tmp_path):
    def show(**settings):
        page = browse(reduced_motion="reduce", **settings)
        path = tmp_path / "steps.html"
        path.write_text(write(steps.state()), encoding="utf-8")
        page.goto(path.as_uri())
        return page

    return show


def test_cells_show_what_is_known_at_each_step_forward_and_back(load, steps):
    page = load()
    state = steps.state()["rooms"]["r0"]
    part_of = steps.room.part_of
    order = [*range(len(steps)), *reversed(range(len(steps) - 1))]
    for k in order:
        page.evaluate(
            "k => { const s = document.querySelector('.sg-slider'); s.value = k; "
            "s.dispatchEvent(new Event('input')); }",
            k,
        )
        computed = {i for frame in steps[: k + 1] if frame.phase == "forward" for i in frame.nodes}
        adjoints = steps[k].adjoints
        seen = 0
        for i, part in part_of.items():
            node = steps[k].graph.nodes[i]
            cells = page.evaluate(CELLS, [part.id, "v"])
            if cells:
                known = node.op is None or i in computed
                wanted = [number(x, 3) if known else "–" for x in np.ravel(node.data)]
                assert [text for text, _, _ in cells] == wanted
                assert {blank for _, _, blank in cells} == {not known}
                seen += 1
            cells = page.evaluate(CELLS, [part.id, "g"])
            if cells:
                grad = adjoints.get(i)
                blank = ["–"] * len(cells)
                wanted = blank if grad is None else [number(x, 3) for x in np.ravel(grad)]
                assert [text for text, _, _ in cells] == wanted
                assert {blank for _, _, blank in cells} == {grad is None}
                seen += 1
        assert seen >= 8
    assert any(frame["cells"] for frame in state["frames"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_color_of_a_cell_is_that_of_its_number(load, scheme):
    page = load(color_scheme=scheme)
    page.keyboard.press("End")
    orange, blue = [], []
    for cell in page.evaluate(CELLS, ["n0", "v"]) + page.evaluate(CELLS, ["n1", "v"]):
        text, (red, _, b) = cell[0], [int(x) for x in cell[1][4:-1].split(",")]
        if text not in ("0", "–"):
            (orange if text.startswith("-") else blue).append(red - b)
    assert max(blue) < 0 < min(orange)
    inks = page.evaluate(INK)
    assert len({ink for ink, _ in inks}) == 2  # numbers, and what is none


def test_what_does_not_fit_in_a_cell_of_text_can_be_scrolled_to(load):
    page = load()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        hidden = page.evaluate(HIDDEN)
        assert hidden == 0
