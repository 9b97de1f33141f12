"""In a browser: boxes are selected and opened, rooms left, and each remembers where one was."""

import pytest
from playwright.sync_api import expect

from autograd import Value, tanh

pytestmark = pytest.mark.slow

CALL = "viz.step(loss, room='layers.3')"


@pytest.fixture(scope="module")
def state(room):
    """Three rooms, one inside the other; a box of the first holds more than the page does."""
    x, y = Value(-2.0, name="x"), Value(0.5, name="y")
    loss = tanh(x * y) * x + y
    w, a = Value(-3.0, name="w"), Value(2.0, name="a")
    boxes = {
        "n0": {"missing": CALL, "whole": "net.layers.3", "what": "Linear(8 → 8)"},
        "n3": {"room": "r3", "whole": "net.layers.0", "what": "Linear(4 → 8)"},
    }
    path = [["r0", "loss"], ["r3", "layers.0"], ["r5", "neurons.1"]]
    rooms = {
        "r0": room(loss, path[:1], boxes),
        "r3": room(tanh(w * a) + w, path[:2], {"n2": {"room": "r5", "whole": "net.neuron"}}),
        "r5": room(a * a, path),
    }
    return {"title": "loss", "room": "r0", "index": 0, "guess": False, "rooms": rooms}


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def at(page, state, room, index):
    """The page is in this room at this frame, and shows the frame and no other room's picture."""
    frames = state["rooms"][room]["frames"]
    expect(page.locator(".sg-counter")).to_have_text(f"step {index + 1} / {len(frames)}")
    expect(page.locator(".sg-step")).to_have_text(frames[index]["title"])
    titles = [title for _, title in state["rooms"][room]["path"]]
    assert page.locator(".sg-path > *").all_text_contents() == titles
    assert page.locator(".sg-path").is_visible() == (len(titles) > 1)
    drawn = {node.get_attribute("id") for node in page.locator(".sg-figure .node").all()}
    assert {frame["node"] for frame in frames} - {None} <= drawn


def selected(page):
    boxes = page.locator(".node[aria-selected=true]").all()
    assert page.locator(".sg-ring").count() == len(boxes)
    return [box.get_attribute("id") for box in boxes]


def double_click(page, box):
    page.locator(f"#{box} text").first.dblclick()


def corner(page, box):
    page.locator(f"#{box} .sg-corner").click()


def enter(page, box):
    page.locator(f"#{box} text").first.click()
    page.keyboard.press("Enter")


def by_the_panel(page, box):
    page.locator(f"#{box} text").first.click()
    page.locator(".sg-open").click()


def by_keys_alone(page, box):
    page.locator(".node[tabindex='0']").focus()
    for _ in range(20):
        if selected(page) == [box]:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("way", [double_click, corner, enter, by_the_panel, by_keys_alone])
def test_a_box_is_opened_in_every_way(opened, state, way):
    at(opened, state, "r0", 0)
    way(opened, "n3")
    at(opened, state, "r3", 0)
    press(opened, "ArrowRight")
    at(opened, state, "r3", 1)


def by_breadcrumb(page):
    page.locator(".sg-path button", has_text="loss").click()


def by_escape(page):
    page.keyboard.press("Escape")


def by_backspace(page):
    page.keyboard.press("Backspace")


@pytest.mark.parametrize("way", [by_breadcrumb, by_escape, by_backspace])
def test_a_room_is_left_in_every_way_and_the_box_that_led_there_is_selected(opened, state, way):
    press(opened, "ArrowRight", "ArrowRight")
    corner(opened, "n3")
    assert selected(opened) == []
    way(opened)
    at(opened, state, "r0", 2)
    assert selected(opened) == ["n3"]


def test_each_room_remembers_where_one_was(opened, state):
    press(opened, "ArrowRight", "ArrowRight", "ArrowRight")
    corner(opened, "n3")
    press(opened, "ArrowRight")
    corner(opened, "n2")
    at(opened, state, "r5", 0)
    press(opened, "ArrowRight", "Escape")
    at(opened, state, "r3", 1)
    press(opened, "Escape")
    at(opened, state, "r0", 3)
    corner(opened, "n3")
    at(opened, state, "r3", 1)
    corner(opened, "n2")
    at(opened, state, "r5", 1)
    by_breadcrumb(opened)
    at(opened, state, "r0", 3)


def test_a_room_opened_after_the_pass_is_at_its_end(opened, state):
    press(opened, "End")
    corner(opened, "n3")
    at(opened, state, "r3", len(state["rooms"]["r3"]["frames"]) - 1)


def test_a_click_selects_and_moves_nothing(opened, state):
    opened.locator("#n3 text").first.click()
    at(opened, state, "r0", 0)
    assert selected(opened) == ["n3"]
    before = opened.locator(".sg-figure").bounding_box()
    opened.locator("#n0 text").first.click()
    assert selected(opened) == ["n0"]
    opened.locator(".sg-figure").click(position={"x": 4, "y": 4})
    assert selected(opened) == []
    assert opened.locator(".sg-figure").bounding_box() == before
    expect(opened.locator(".sg-panel")).to_be_hidden()


def test_the_panel_says_what_is_known_so_far(opened, state):
    opened.locator("#n3 text").first.click()
    panel = {part: opened.locator(f".sg-{part}") for part in ("name", "what", "data", "adjoint")}
    assert panel["name"].text_content() == "net.layers.0"
    assert panel["what"].text_content() == "Linear(4 → 8)"
    frames = state["rooms"]["r0"]["frames"]
    known = {"value": "–", "grad": "–"}
    for frame in frames:
        known["value"] = frame["values"].get("n3", known["value"])
        known["grad"] = frame["grads"].get("n3", known["grad"])
        assert panel["data"].text_content() == f"value {known['value']}"
        assert panel["adjoint"].text_content() == f"grad {known['grad']}"
        press(opened, "ArrowRight")
    assert known == {"value": "-0.76159", "grad": "-2"}


def test_a_room_that_the_page_does_not_hold_is_named_with_its_call(opened, state):
    double_click(opened, "n0")
    at(opened, state, "r0", 0)
    expect(opened.locator(".sg-call")).to_have_text(CALL)
    expect(opened.locator(".sg-open")).to_be_hidden()
    opened.locator(".sg-copy").click()
    assert opened.evaluate("getSelection().toString()") == CALL
    expect(opened.locator(".sg-news")).not_to_be_empty()


def test_two_clicks_on_a_corner_open_one_room(load, state):
    """Even where the second one hits a box of the new room that can be opened, too."""
    rooms = state["rooms"]
    boxes = {"n3": {"room": "r5", "nodes": [3]}}
    twin = {**rooms["r0"], "path": rooms["r3"]["path"], "boxes": boxes}
    twins = {"rooms": {**rooms, "r3": twin}}
    page = load(twins)
    where = page.locator("#n3 .sg-corner").bounding_box()
    page.mouse.dblclick(where["x"] + where["width"] / 2, where["y"] + where["height"] / 2)
    at(page, {**state, **twins}, "r3", 0)


def test_the_boxes_are_one_stop_of_the_tab_key_and_a_list_to_a_screen_reader(opened):
    nodes = opened.locator(".node")
    assert opened.locator(".sg-figure").get_attribute("role") == "listbox"
    assert {node.get_attribute("role") for node in nodes.all()} == {"option"}
    stops = [node.get_attribute("tabindex") for node in nodes.all()]
    assert sorted(stops) == ["-1"] * (len(stops) - 1) + ["0"]
    opened.locator(".node[tabindex='0']").focus()
    seen = []
    for _ in stops:
        seen += selected(opened)
        press(opened, "ArrowDown")
    assert seen == [node.get_attribute("id") for node in nodes.all()]
    press(opened, *["ArrowUp"] * len(stops))
    assert selected(opened) == seen[:1]


def test_arrows_up_and_down_outside_the_picture_scroll_as_everywhere(opened):
    press(opened, "ArrowDown")
    assert selected(opened) == []


GUESS = {"guess": True}


def to_a_question(page):
    """Step to the first frame that asks, which seeds nothing yet: the frame after `Start`."""
    while page.locator(".sg-guess").is_hidden():
        press(page, "ArrowRight")


def asked(state):
    frames = state["rooms"]["r0"]["frames"]
    k = next(k for k, frame in enumerate(frames) if frame.get("asks"))
    return k, frames[k]


def test_a_question_hides_what_it_asks_for(load, state):
    page = load(GUESS)
    k, frame = asked(state)
    to_a_question(page)
    at(page, state, "r0", k)
    for part in ("numbers", "sum"):
        assert page.locator(f".sg-{part}").text_content() == ""
    shown = page.locator("body").inner_text()
    assert frame["say"] not in shown
    for box in frame["targets"]:
        assert page.locator(f"#{box} text").last.text_content() == "grad –"
    assert page.locator(".sg-asks input").count() == len(frame["asks"])


def test_answers_are_judged_in_words_and_then_all_is_shown(load, state):
    page = load(GUESS)
    k, frame = asked(state)
    to_a_question(page)
    (first, truth), (second, _) = frame["asks"]
    page.locator(".sg-asks input").nth(0).fill(f"{truth * 1.005}")
    page.locator(".sg-asks input").nth(1).fill("77")
    page.keyboard.press("Enter")
    verdict = page.locator(".sg-verdict li").all_text_contents()
    assert verdict == [f"✓ {first}: {truth * 1.005} is right", f"✗ {second}: 77 is wrong"]
    assert page.locator(".sg-numbers").text_content() == frame["numbers"]
    assert page.locator(".sg-say").text_content() == frame["say"]
    for box, grad in frame["grads"].items():
        assert page.locator(f"#{box} text").last.text_content() == f"grad {grad}"
    press(page, "ArrowRight")
    at(page, state, "r0", k + 1)
    press(page, "ArrowLeft")
    assert page.locator(".sg-verdict li").all_text_contents() == verdict


def test_a_question_that_is_passed_over_is_no_answer_for_ever(load, state):
    """Whoever steps on sees the gradients in the picture; whoever comes back is asked again."""
    page = load(GUESS)
    k, frame = asked(state)
    to_a_question(page)
    press(page, "ArrowRight")
    for box, grad in frame["grads"].items():
        if box not in state["rooms"]["r0"]["frames"][k + 1]["grads"]:
            assert page.locator(f"#{box} text").last.text_content() == f"grad {grad}"
    press(page, "ArrowLeft")
    expect(page.locator(".sg-guess")).to_be_visible()
    for box in frame["targets"]:
        assert page.locator(f"#{box} text").last.text_content() == "grad –"


def test_typing_an_answer_is_not_stepping(load, state):
    page = load(GUESS)
    k, _ = asked(state)
    to_a_question(page)
    field = page.locator(".sg-asks input").first
    field.focus()
    press(page, "1", "2", "ArrowLeft", "Backspace", "Home", "-")
    at(page, state, "r0", k)
    assert field.input_value() == "-2"


def test_nothing_is_asked_where_nobody_wants_to_guess(opened, state):
    k, _ = asked(state)
    press(opened, *["ArrowRight"] * k)
    expect(opened.locator(".sg-guess")).to_be_hidden()


def test_playing_stops_at_a_question(load, state):
    page = load(GUESS)
    page.clock.install()
    k, _ = asked(state)
    press(page, " ")
    page.clock.run_for(900 * 30)
    at(page, state, "r0", k)
    expect(page.locator(".sg-play")).to_have_attribute("aria-label", "Play")
