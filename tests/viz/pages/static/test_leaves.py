"""Leaves are changed by hand, by keys and by typing; all that is seen follows, and goes back."""

import pytest

import viz
from autograd import Tensor, Value, tanh


@pytest.fixture(scope="module")
def state():
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    f = (x + y) * z
    f.name = "f"
    return viz.step(f, names={}).state()


@pytest.fixture
def at_the_end(opened):
    opened.keyboard.press("End")
    opened.locator("#n0").click()
    return opened


def texts(page, id):
    found = page.locator(f"#{id} text").all_text_contents()
    return [text for text in found if text]


def test_a_number_that_is_typed_changes_all_that_depends_on_it(at_the_end):
    page = at_the_end
    assert texts(page, "n4") == ["f", "v₁·z", "-12", "grad 1"]
    page.locator(".sg-number").fill("−1,5")
    page.keyboard.press("Enter")
    assert texts(page, "n0") == ["x", "-1.5", "grad -4", "was -2"]
    assert texts(page, "n4") == ["f", "v₁·z", "-14", "grad 1", "was -12"]
    assert texts(page, "n2") == ["z", "-4", "grad 3.5"]
    assert page.locator("#e4_1 text").text_content() == "3.5"
    assert page.locator(".sg-sum").inner_text().endswith("∂f/∂z = 3.5")
    assert page.locator(".sg-change").inner_text().startswith("x -2 → -1.5, so f -12 → -14")
    assert page.locator(".sg-outcome").inner_text() == "Δf predicted −2, actual −2"
    page.locator(".sg-reset").click()
    assert page.locator(".sg-change").is_hidden()
    assert texts(page, "n4") == ["f", "v₁·z", "-12", "grad 1"]


def test_arrows_are_as_wide_as_what_flows_now(at_the_end):
    def told():
        width = at_the_end.locator("#e4_1").evaluate("e => e.style.getPropertyValue('--width')")
        return width, at_the_end.locator(".sg-range").text_content()

    assert told() == ("4.5px", "width 3 … 4 (log)")
    at_the_end.locator(".sg-number").fill("-4.9996")
    at_the_end.keyboard.press("Enter")
    assert told() == ("1px", "width 0.0004 … 4 (log)")


def test_a_number_is_dragged_in_the_picture_and_in_the_panel(at_the_end):
    page = at_the_end
    for place in ("#n0 .sg-leaf", ".sg-scrub"):
        box = page.locator(place).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 40, y, steps=4)
        page.mouse.up()
    assert page.locator(".sg-name").inner_text() == "x"
    assert texts(page, "n0")[1] == "0"
    assert page.locator(".sg-number").input_value() == "0"


def test_arrow_keys_go_by_the_second_digit(at_the_end):
    page = at_the_end
    page.locator("#n0").press("Enter")
    for key in ("ArrowUp", "ArrowUp", "ArrowDown", "PageUp", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert page.locator(".sg-number").input_value() == "0.1"
    assert texts(page, "n0")[1] == "0.1"


def test_what_if_x_doubles_is_one_press(at_the_end):
    at_the_end.locator(".sg-twice").click()
    assert texts(at_the_end, "n0")[1] == "-4"


def test_what_is_no_number_changes_nothing(at_the_end):
    field = at_the_end.locator(".sg-number")
    field.fill("two")
    at_the_end.keyboard.press("Enter")
    assert field.get_attribute("aria-invalid") == "true"
    assert texts(at_the_end, "n0") == ["x", "-2", "grad -4"]


def test_a_step_that_is_to_come_stays_unknown(opened):
    opened.locator("#n0 .sg-leaf").click()
    opened.locator(".sg-number").fill("7")
    opened.keyboard.press("Enter")
    assert texts(opened, "n4") == ["f", "v₁·z", "–", "grad –"]
    assert "=7+5=12" in opened.locator(".sg-rule").inner_text().replace("\n", "")


def test_paths_and_steps_in_the_panel_follow(at_the_end):
    page = at_the_end
    page.locator("#n2").click()
    page.locator(".sg-number").fill("2")
    page.keyboard.press("Enter")
    page.locator("#n0").click()
    assert page.locator(".sg-factors").all_inner_texts() == ["f → v₁ → x: 2 × 1"]
    assert "1 × 2 = 2" in page.locator(".sg-moments").inner_text()


def test_a_finger_drags_a_number(load):
    page = load(has_touch=True, viewport={"width": 400, "height": 800})
    box = page.locator("#n0 .sg-leaf").bounding_box()
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, by in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40), ("touchEnd", None)):
        points = [] if by is None else [{"x": x + by, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert texts(page, "n0")[1] == "-1"


def test_what_is_not_finite_is_named(browse, tmp_path):
    x = Value(1.0, name="x")
    page = browse()
    page.goto(viz.step(1.0 / x + x, names={}).save(tmp_path / "steps.html").as_uri())
    page.locator("#n0").click()
    page.locator(".sg-number").fill("0")
    page.keyboard.press("Enter")
    assert page.locator(".sg-outcome").inner_text() == "v₁ is the first number that is not finite"


def test_a_page_that_does_not_compute_says_so_at_its_leaves(browse, tmp_path):
    t = Tensor([1.0, 2.0], name="t")
    page = browse()
    page.goto(viz.step(tanh(t).sum(), names={}).save(tmp_path / "steps.html").as_uri())
    page.locator("#n0").click()
    assert "viz.step(unroll(f))" in page.locator(".sg-still").inner_text()
    assert page.locator(".sg-set").is_hidden()
