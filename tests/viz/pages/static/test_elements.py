"""Numbers of arrays: told when they are pointed at, explained when they are clicked."""

import numpy as np
import pytest
from playwright.sync_api import expect

import nn
import viz
from autograd import Tensor
from autograd.formulas import number

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def steps():
    """Two layers on two samples; X has too many columns for cells, and another too many rows."""
    net = nn.Sequential(nn.Linear(8, 3, rng=0), nn.Tanh(), nn.Linear(3, 2, rng=1))
    X = Tensor(np.random.default_rng(0).normal(size=(2, 8)), constant=True, name="X")
    h = net(X)
    h.name = "h"
    tall = Tensor(np.linspace(-1.0, 1.0, 48).reshape(24, 2), name="tall")
    loss = nn.cross_entropy(h, np.array([0, 1])) + tall.mean()
    loss.name = "loss"
    return viz.step(loss, names={"net": net})


@pytest.fixture(scope="module")
def state(steps):
    """What a page holds, and the room inside one element."""
    widget = steps.widget()
    (h,) = [i for i, array in widget.rooms["r0"]["arrays"].items() if array["label"] == "h"]
    widget.room = f"{h}.0"
    return {**steps.state(), "rooms": widget.rooms}


@pytest.fixture
def ids(state):
    """What the boxes of the nodes are called, by their labels."""
    return {x["label"]: f"n{i}" for i, x in state["rooms"]["r0"]["arrays"].items()}


def rows(page, table):
    """The terms of a sum: the formula, its numbers, what it gives."""
    return [
        (
            row.locator("td > :nth-child(1)").text_content(),
            *row.locator("td > div").all_text_contents()[-1:],
            row.locator("td").nth(1).text_content(),
        )
        for row in page.locator(f".sg-{table} tbody tr").all()
    ]


def lit(page, kind):
    return sorted(
        page.locator(f".sg-{kind}").evaluate_all(
            "shapes => shapes.map((shape) => shape.closest('[id^=a_]')?.id ?? shape.id)"
        )
    )


def shown(table):
    return [
        (text, "" if numbers in (text, value) else f"= {numbers}", value)
        for text, numbers, value in table.rows
    ]


def test_a_click_on_a_number_shows_how_it_was_computed_and_lights_from_what(opened, steps, ids):
    opened.keyboard.press("End")
    h, hidden, weight = ids["h"], ids["Tanh 1"], ids["net.2.weight"]
    opened.locator(f"#a_{h}_v2").click()
    found = steps.element("h", (1, 0))
    assert opened.locator(".sg-which").text_content() == "h[1,0]"
    assert opened.locator(".sg-name").text_content() == "h"
    assert rows(opened, "computed") == shown(found.tables[0])
    assert rows(opened, "received") == shown(found.tables[1])
    bias = f"a_{ids['net.2.bias']}_v0"
    row, column = [f"a_{hidden}_v{k}" for k in (3, 4, 5)], [f"a_{weight}_v{k}" for k in range(3)]
    assert lit(opened, "source") == sorted([*row, *column, bias])
    assert lit(opened, "chosen") == [f"a_{h}_v2"]
    opened.locator(".sg-close").click()
    assert lit(opened, "source") == []


def test_a_click_on_a_number_lists_the_paths_to_it(opened, steps, ids):
    opened.keyboard.press("End")
    weight = steps._run.order[int(ids["net.2.weight"][1:])]
    opened.locator(f"#a_{ids['net.2.weight']}_v4").click()
    expected = viz.why(weight, of=steps._run.order[-1], at=(1, 1), names={}, most=4)
    assert opened.locator(".sg-ways").text_content().startswith("of net.2.weight[1,1]; ")
    assert opened.locator(".sg-paths .sg-product").all_text_contents() == (
        [number(path.product) for path in expected]
    )
    row = opened.locator(".sg-paths button").first
    assert row.locator(".sg-factors").text_content().endswith(f": {expected[0].terms}")
    row.hover()
    lit = {box.get_attribute("id") for box in opened.locator(".node.path").all()}
    assert {ids["net.2.weight"], ids["h"], ids["loss"]} <= lit
    opened.locator(f"#{ids['net.2.weight']} text").first.click()
    assert opened.locator(".sg-ways").text_content().startswith("norm of what comes in, and gain")


def test_the_gradient_of_an_element_is_followed_to_the_loss_click_by_click(opened, steps, ids):
    opened.keyboard.press("End")
    opened.locator(f"#a_{ids['Tanh 1']}_g4").click()
    found = steps.element("Tanh 1", (1, 1))
    parts = rows(opened, "received")
    assert parts == shown(found.tables[1])
    assert len(parts) == 2  # by way of each class
    assert sum(float(value) for _, _, value in parts) == pytest.approx(found.grad, abs=1e-4)
    assert lit(opened, "source") == sorted(
        [f"a_{ids['h']}_g{k}" for k in (2, 3)] + [f"a_{ids['net.2.weight']}_v{k}" for k in (1, 4)]
    )
    opened.locator(".sg-received button").nth(1).click()
    assert opened.locator(".sg-which").text_content() == "h[1,1]"
    assert "softmax(h)[1,1] - 1" in rows(opened, "received")[0][0]
    for _ in range(3):
        opened.locator(".sg-received button").click()
    assert opened.locator(".sg-which").text_content() == "loss"


def test_what_a_step_has_not_computed_yet_is_not_told(opened, ids):
    opened.locator(f"#a_{ids['h']}_v2").click()
    expect(opened.locator(".sg-element")).to_be_hidden()
    for _ in range(3):
        opened.keyboard.press("ArrowRight")
    opened.locator(f"#a_{ids['h']}_v2").click()
    expect(opened.locator(".sg-computed")).to_be_visible()
    expect(opened.locator(".sg-received")).to_be_hidden()
    opened.keyboard.press("End")
    expect(opened.locator(".sg-received")).to_be_visible()


def test_a_number_is_told_when_it_is_pointed_at(opened, steps, ids):
    opened.keyboard.press("End")
    tip = opened.locator(".sg-tip")
    opened.locator(f"#a_{ids['h']}_v3").hover()
    assert tip.text_content() == f"h[1,1] = {number(steps.element('h', (1, 1)).value)}"
    opened.locator(f"#a_{ids['h']}_g0").hover()
    assert tip.text_content().startswith("h.grad[0,0] = ")
    opened.locator(f"#a_{ids['X']}_V0 path").nth(9).hover()
    assert tip.text_content() == f"X[1,1] = {number(steps.element('X', (1, 1)).value)}"
    opened.mouse.move(1, 1)
    expect(tip).to_be_hidden()


def test_numbers_are_walked_through_by_keys(opened, steps, ids):
    opened.keyboard.press("End")
    where = opened.locator(".sg-counter").text_content()
    opened.locator(f"#{ids['X']} text").first.click()
    grid, told = opened.locator(".sg-grid"), opened.locator(".sg-told")
    grid.focus()
    seen = [told.text_content()]
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown"):
        opened.keyboard.press(key)
        seen.append(told.text_content())
    places = [(0, 0), (0, 1), (0, 2), (1, 2), (1, 1), (1, 1)]
    assert seen == [f"X[{i},{k}] = {number(steps.element('X', (i, k)).value)}" for i, k in places]
    opened.keyboard.press("Enter")
    assert opened.locator(".sg-which").text_content() == "X[1,1]"
    assert opened.locator(".sg-counter").text_content() == where


@pytest.mark.parametrize("label", ["X", "tall"])
def test_numbers_of_the_panel_are_told_and_chosen_by_a_pointer(opened, steps, ids, label):
    opened.keyboard.press("End")
    opened.locator(f"#{ids[label]} text").first.click()
    grid = opened.locator(".sg-grid svg")
    columns, rows = {"X": (8, 2), "tall": (2, 24)}[label]
    box = grid.bounding_box()
    cell = min(box["width"] / (columns + 0.16), box["height"] / (rows + 0.16))
    for i, k in [(0, 0), (1, 1), (rows - 1, columns - 1)]:
        place = {"x": (k + 0.5) * cell, "y": (i + 0.5) * cell}
        grid.hover(position=place)
        wanted = f"{label}[{i},{k}] = {number(steps.element(label, (i, k)).value)}"
        assert opened.locator(".sg-told").text_content() == wanted
        grid.click(position=place)
        assert opened.locator(".sg-which").text_content() == f"{label}[{i},{k}]"
        assert opened.locator(".sg-ways").text_content().startswith(f"of {label}[{i},{k}]; ")
        assert opened.locator(".sg-why").is_visible() == (label == "tall")  # X is a constant


def test_the_graph_of_an_element_opens_one_room_below(opened, ids):
    opened.keyboard.press("End")
    opened.locator(f"#a_{ids['h']}_v0").click()
    opened.locator(".sg-inside").click()
    assert opened.locator(".sg-path > *").all_text_contents() == ["loss", "h[0,0]"]
    opened.keyboard.press("Backspace")
    assert opened.locator(".sg-path").is_hidden()


def test_an_element_that_the_page_does_not_open_has_a_call(opened, ids):
    opened.keyboard.press("End")
    opened.locator(f"#a_{ids['h']}_v1").click()
    expect(opened.locator(".sg-inside")).to_be_hidden()
    call = "viz.step(viz.step(loss).element('h', (0, 1)).node)"
    assert opened.locator(".sg-elsewhere").text_content() == call


def test_the_way_of_a_gradient_lights_by_its_rows(opened, steps, ids):
    opened.keyboard.press("End")
    opened.locator(f"#{ids['net.0.weight']} text").first.click()
    gains = opened.locator(".sg-paths button")
    told = [button.locator("b, span").all_text_contents() for button in gains.all()]
    node = steps._run.order[int(ids["net.0.weight"][1:])]
    table = viz.why(node, of=steps._run.order[-1], names={}).table
    assert [row[2] for row in told] == [row[2] for row in table.rows]
    gains.nth(1).hover()
    boxes = opened.locator(".node.path").count()
    gains.last.hover()
    assert opened.locator(".node.path").count() > boxes >= 2
    assert opened.locator(".edge.path").count() >= boxes


@pytest.mark.parametrize("width", [380, 1000])
def test_nothing_of_an_element_is_cut_off(load, ids, width):
    page = load(viewport={"width": width, "height": 800})
    page.keyboard.press("End")
    for cell in page.locator("[id^=a_] polygon").all()[:40:8]:
        cell.click(force=True)
        wide = page.evaluate(
            "[...document.querySelectorAll('.sg-element *, .sg-grid *')]"
            ".filter((el) => el.scrollWidth > el.clientWidth + 1 && el.clientWidth > 0).length"
        )
        assert wide == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
