"""The picture is zoomed and dragged by mouse, keys and fingers; each step comes into view."""

import pytest
from playwright.sync_api import expect

from autograd import Value

pytestmark = pytest.mark.slow

LIT = ".node.active text"


@pytest.fixture(scope="module")
def state(room):
    """A chain much longer than any screen is wide."""
    x = y = Value(1.0, name="x")
    for _ in range(20):
        y = y * x
    r0 = room(y, [["r0", "f"]], {"n5": {"room": "r1"}})
    rooms = {"r0": r0, "r1": room(x * x, [["r0", "f"], ["r1", "inside"]])}
    return {"title": "f", "room": "r0", "index": 0, "guess": False, "rooms": rooms}


def scale(page):
    return page.locator(".sg-figure svg").evaluate(
        "svg => svg.getBoundingClientRect().width / svg.width.baseVal.value"
    )


def scrolled(page):
    return page.locator(".sg-figure").evaluate("view => [view.scrollLeft, view.scrollTop]")


def middle(page, selector):
    box = page.locator(selector).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def in_view(page, selector):
    x, y = middle(page, selector)
    frame = page.locator(".sg-figure").bounding_box()
    return 0 <= x - frame["x"] <= frame["width"] and 0 <= y - frame["y"] <= frame["height"]


def wait(page, done):
    """Wait for what a wheel or a finger does: the browser does it a little later."""
    for _ in range(100):
        if done():
            return
        page.wait_for_timeout(20)
    raise AssertionError("nothing happened")


def far(page):
    """Zoom until there is something to drag in both directions, at a box in the middle of all."""
    for key in ["+"] * 5 + ["ArrowRight"] * 10:
        page.keyboard.press(key)


def test_a_drag_moves_the_picture_with_the_hand_and_changes_no_selection(opened):
    opened.locator("#n1 text").first.click()
    far(opened)
    before = scrolled(opened)
    x, y = middle(opened, LIT)
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(x - 30, y - 5, steps=3)
    opened.mouse.move(x - 100, y - 20, steps=3)
    opened.mouse.up()
    after = scrolled(opened)
    assert after == pytest.approx([before[0] + 100, before[1] + 20], abs=1)
    opened.mouse.move(x + 50, y + 50)
    assert scrolled(opened) == after
    chosen = opened.locator(".node[aria-selected=true]").all()
    assert [box.get_attribute("id") for box in chosen] == ["n1"]


def test_a_click_with_an_unsteady_hand_selects(opened):
    x, y = middle(opened, "#n1 text")
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(x + 2, y + 1)
    opened.mouse.up()
    expect(opened.locator("#n1")).to_have_attribute("aria-selected", "true")


def test_after_a_drag_a_click_selects_again(opened):
    test_a_drag_moves_the_picture_with_the_hand_and_changes_no_selection(opened)
    opened.keyboard.press("0")
    opened.locator("#n2 text").first.click()
    expect(opened.locator("#n2")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("turn", [-60, -500, 3])
def test_the_wheel_with_ctrl_zooms_about_the_pointer(opened, turn):
    far(opened)
    before, (x, y) = scale(opened), middle(opened, LIT)
    opened.mouse.move(x, y)
    opened.keyboard.down("Control")
    opened.mouse.wheel(0, turn)
    opened.keyboard.up("Control")
    wait(opened, lambda: scale(opened) != before)
    assert (scale(opened) > before) == (turn < 0)
    assert 0.75 < scale(opened) / before < 1.3
    assert middle(opened, LIT) == pytest.approx((x, y), abs=2)


def test_the_wheel_alone_scrolls(opened):
    before = scale(opened)
    opened.mouse.move(*middle(opened, ".sg-figure"))
    opened.mouse.wheel(0, 120)
    wait(opened, lambda: scrolled(opened)[1] > 0)
    assert scale(opened) == before


def test_keys_and_buttons_zoom_and_go_back(opened):
    first = scale(opened)
    for closer, farther, fit in [("+", "-", "0"), ("=", "-", "0")]:
        opened.keyboard.press(closer)
        assert scale(opened) == pytest.approx(first * 1.25, rel=1e-3)
        expect(opened.locator(".sg-news")).to_have_text(f"{round(first * 125)} %")
        opened.keyboard.press(farther)
        opened.keyboard.press(farther)
        assert scale(opened) == pytest.approx(first / 1.25, rel=1e-3)
        opened.keyboard.press(fit)
        assert scale(opened) == pytest.approx(first, rel=1e-3)
    opened.locator(".sg-closer").click()
    assert scale(opened) == pytest.approx(first * 1.25, rel=1e-3)
    opened.locator(".sg-farther").click()
    opened.locator(".sg-fit").click()
    assert scale(opened) == pytest.approx(first, rel=1e-3)


def test_from_the_first_view_fit_shows_the_picture_whole_and_goes_back(opened):
    figure = opened.locator(".sg-figure")
    fits = "view => view.scrollWidth <= view.clientWidth && view.scrollHeight <= view.clientHeight"
    first = scale(opened)
    assert not figure.evaluate(fits)
    opened.keyboard.press("0")
    assert figure.evaluate(fits)
    opened.keyboard.press("0")
    assert scale(opened) == first


def test_there_is_an_end_to_zooming(opened):
    opened.keyboard.press("0")
    whole = scale(opened)
    for _ in range(5):
        opened.keyboard.press("-")
    assert scale(opened) == pytest.approx(whole, rel=1e-3)
    for _ in range(40):
        opened.keyboard.press("+")
    assert scale(opened) == pytest.approx(4, rel=1e-3)


@pytest.mark.parametrize("presses", [0, 3, 20])
def test_each_step_comes_into_view(opened, presses):
    for _ in range(presses):
        opened.keyboard.press("+")
    for _ in range(25):
        opened.keyboard.press("ArrowRight")
        if opened.locator(".node.active").count():
            assert in_view(opened, LIT)


def test_another_room_is_seen_in_its_own_first_view(opened):
    far(opened)
    opened.keyboard.press("End")
    opened.locator("#n5").evaluate("box => box.focus()")
    opened.keyboard.press("Enter")
    expect(opened.locator(".sg-path > *")).to_have_count(2)
    assert scale(opened) == 1
    expect(opened.locator(".sg-fit")).to_be_disabled()


def test_two_fingers_zoom_about_the_point_between_them(load):
    page = load(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 780})
    for key in ["ArrowRight"] * 10:
        page.keyboard.press(key)
    before, (x, y) = scale(page), middle(page, LIT)
    touch = page.context.new_cdp_session(page)

    def fingers(kind, apart):
        points = [{"x": x - apart, "y": y}, {"x": x + apart, "y": y}]
        points = [{**point, "id": k} for k, point in enumerate(points)] if apart else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 40)
    fingers("touchMove", 50)
    fingers("touchMove", 60)
    fingers("touchEnd", 0)
    wait(page, lambda: scale(page) == pytest.approx(before * 1.5, rel=0.02))
    assert middle(page, LIT) == pytest.approx((x, y), abs=3)
    assert page.evaluate("visualViewport.scale") == 1


def test_the_hand_is_shown_where_there_is_something_to_drag(load):
    assert "sg-loose" in load().locator(".sg-figure").get_attribute("class")
    assert "sg-loose" not in load({"room": "r1"}).locator(".sg-figure").get_attribute("class")


def test_a_step_lays_the_page_out_once(opened):
    session = opened.context.new_cdp_session(opened)
    session.send("Performance.enable")

    def layouts():
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "LayoutCount")

    before = layouts()
    steps = opened.evaluate(
        """async () => {
          const next = document.querySelector(".sg-next");
          let steps = 0;
          for (; !next.disabled; steps++) {
            next.click();
            await new Promise(requestAnimationFrame);
          }
          return steps;
        }"""
    )
    assert steps > 10
    assert layouts() - before <= 1.5 * steps
