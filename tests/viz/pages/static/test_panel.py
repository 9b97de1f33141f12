"""The panel of a box: its rule, what it holds, its steps and paths; boxes are found by name."""

import pytest
from playwright.sync_api import expect

import nn
import viz
from autograd import Value, tanh
from autograd.formulas import number

pytestmark = pytest.mark.slow

PATHS = [
    {
        "text": "x · 1",
        "whole": "x · 1 · 1",
        "product": -2.0,
        "share": 0.75,
        "nodes": ["n0", "n2", "n3"],
    },
    {"text": "<b>y</b>", "product": 0.5, "share": 0.25, "nodes": ["n0"]},
    {"text": "7 more", "product": None, "share": None, "nodes": []},
]


@pytest.fixture(scope="module")
def state(room):
    x, y = Value(-2.0, name="x"), Value(0.5, name="y")
    w = Value(-3.0, name="weight")
    boxes = {"n0": {"paths": PATHS}, "n3": {"room": "r1"}}
    rooms = {
        "r0": room(tanh(x * y) * x, [["r0", "loss"]], boxes),
        "r1": room(tanh(w * w) + w, [["r0", "loss"], ["r1", "layer"]]),
    }
    return {"title": "loss", "room": "r0", "index": 0, "guess": False, "rooms": rooms}


def click(page, box):
    page.locator(f"#{box} text").first.click()


def lines(page):
    return page.locator(".sg-moments button")


def test_the_steps_of_a_box_are_listed_and_lead_there(opened, state):
    frames = state["rooms"]["r0"]["frames"]
    for box in state["rooms"]["r0"]["boxes"]:
        click(opened, box)
        touched = [k for k, f in enumerate(frames) if box == f["node"] or box in f["targets"]]
        assert touched
        assert [int(line.get_attribute("value")) for line in lines(opened).all()] == touched
        for nth, k in enumerate(touched):
            lines(opened).nth(nth).click()
            expect(opened.locator(".sg-counter")).to_have_text(f"step {k + 1} / {len(frames)}")
            now = opened.locator(".sg-moments [aria-current=step]")
            assert now.get_attribute("value") == str(k)
            expect(opened.locator(f"#{box}")).to_have_attribute("aria-selected", "true")


def test_the_panel_says_of_each_step_what_it_gave_and_nothing_of_those_to_come(opened, state):
    frames = state["rooms"]["r0"]["frames"]
    for box in state["rooms"]["r0"]["boxes"]:
        click(opened, box)
        opened.keyboard.press("Home")
        for shown in range(len(frames)):
            for line in lines(opened).all():
                k = int(line.get_attribute("value"))
                gave = frames[k]["numbers"] or frames[k]["sum"] if k <= shown else ""
                assert line.locator(".sg-detail").text_content() == gave
            made = next((k for k, f in enumerate(frames) if f["values"].get(box)), len(frames))
            assert opened.locator(".sg-made").is_visible() == (made <= shown)
            opened.keyboard.press("ArrowRight")


def test_a_question_is_not_answered_by_the_panel(load, state):
    page = load({"guess": True})
    click(page, "n0")
    while page.locator(".sg-guess").is_hidden():
        page.keyboard.press("ArrowRight")
    shown = page.locator(".sg-slider").input_value()
    for line in lines(page).all():
        if line.get_attribute("value") == shown:
            assert line.locator(".sg-detail").text_content() == ""
    expect(page.locator(".sg-why")).to_be_hidden()


def test_the_panel_is_closed_by_its_button_and_by_escape(opened):
    for close in [
        lambda: opened.locator(".sg-close").click(),
        lambda: opened.keyboard.press("Escape"),
    ]:
        click(opened, "n1")
        expect(opened.locator(".sg-panel")).to_be_visible()
        close()
        expect(opened.locator(".sg-panel")).to_be_hidden()
        expect(opened.locator(".sg-ring")).to_have_count(0)


def test_a_box_of_very_many_steps_lists_some_and_counts_the_rest(load, state):
    r0 = state["rooms"]["r0"]
    flow = next(f for f in r0["frames"] if f["phase"] == "backward" and "n0" in f["targets"])
    page = load({"rooms": {"r0": {**r0, "frames": [flow] * 1500}}})
    click(page, "n0")
    assert lines(page).count() == 40
    expect(page.locator(".sg-more")).to_have_text("and 1,460 more")


def test_paths_are_shown_once_the_gradient_is_known_and_light_their_boxes(opened):
    click(opened, "n0")
    expect(opened.locator(".sg-why")).to_be_hidden()
    opened.keyboard.press("End")
    rows = opened.locator(".sg-paths button")
    assert rows.count() == 3
    for row, path in zip(rows.all(), PATHS, strict=True):
        assert row.locator(".sg-factors").text_content() == path["text"]
        product = "" if path["product"] is None else number(path["product"])
        assert row.locator(".sg-product").text_content() == product
        share = [] if path["share"] is None else [f"{100 * path['share']:.0f} %"]
        assert row.locator(".sg-share").all_text_contents() == share

    def lit(kind):
        return sorted(x.get_attribute("id") for x in opened.locator(f".{kind}.path").all())

    rows.nth(0).hover()
    assert (lit("node"), lit("edge")) == (["n0", "n2", "n3"], ["e2_0", "e3_0"])
    rows.nth(1).hover()
    assert (lit("node"), lit("edge")) == (["n0"], [])
    opened.mouse.move(5, 5)
    assert lit("node") == []
    rows.nth(0).click()
    assert rows.nth(0).locator(".sg-factors").text_content() == "x · 1 · 1"
    assert lit("node") == ["n0", "n2", "n3"]
    opened.keyboard.press("Tab")
    assert lit("node") == ["n0"]
    click(opened, "n1")
    assert lit("node") == []
    expect(opened.locator(".sg-why")).to_be_hidden()


def test_the_leaves_inside_a_box_are_listed_and_lead_there(browse, tmp_path):
    nn.seed(0)
    net = nn.MLP(2, [3, 1], "tanh")
    output = net([0.5, -1.0])
    viz.step(output, names={"net": net}).save(tmp_path / "steps.html")
    page = browse(reduced_motion="reduce")
    page.goto((tmp_path / "steps.html").as_uri())
    neuron = page.locator(".node", has_text="neurons.1").first
    neuron.click()
    rows = page.locator(".sg-leaves button")
    own = net.layers[0].neurons[1].named_parameters()
    names, own = zip(*own, strict=True)
    assert rows.locator("b").all_text_contents() == [f"net.layers.0.neurons.1.{x}" for x in names]
    assert rows.locator("span:first-of-type").all_text_contents() == [number(x.data) for x in own]
    expect(rows.first.locator(".sg-its")).to_be_hidden()
    page.keyboard.press("End")
    output.backward()
    assert rows.locator(".sg-its").all_text_contents() == [f"grad {number(x.grad)}" for x in own]
    expect(rows.first.locator(".sg-its")).to_be_visible()
    rows.nth(1).click()
    expect(page.locator(".sg-name")).to_have_text("net.layers.0.neurons.1.w.1")
    assert page.locator(".sg-paths .sg-product").first.text_content() == number(own[1].grad)
    assert page.locator(".sg-path > *").count() == 2
    expect(page.locator(".sg-holds")).to_be_hidden()


def find(page, name):
    page.keyboard.press("/")
    page.keyboard.type(name)


def selected(page):
    return [box.get_attribute("id") for box in page.locator(".node[aria-selected=true]").all()]


def test_a_box_is_found_by_its_name_and_stepping_goes_on(opened):
    find(opened, "Y")
    expect(opened.locator(".sg-found")).to_have_text("1 box")
    opened.keyboard.press("Enter")
    assert selected(opened) == ["n1"]
    expect(opened.locator(".sg-found")).to_have_text("1 of 1")
    opened.keyboard.press("Escape")
    expect(opened.locator(".sg-search")).to_be_hidden()
    assert selected(opened) == ["n1"]
    opened.keyboard.press("ArrowRight")
    expect(opened.locator(".sg-counter")).to_contain_text("step 2 /")


def test_a_box_in_another_room_is_gone_to(opened):
    find(opened, "weight")
    opened.keyboard.press("Enter")
    assert opened.locator(".sg-path > *").all_text_contents() == ["loss", "layer"]
    assert selected(opened) == ["n0"]
    expect(opened.locator(".sg-sought")).to_be_focused()


def test_enter_goes_on_through_all_that_were_found_and_round(opened, state):
    find(opened, "v1")
    seen = []
    for _ in range(3):
        opened.keyboard.press("Enter")
        room = "r1" if opened.locator(".sg-path > *").count() > 1 else "r0"
        seen += [(room, *selected(opened))]
    assert seen == [("r0", "n2"), ("r1", "n1"), ("r0", "n2")]
    opened.keyboard.press("Shift+Enter")
    assert opened.locator(".sg-path > *").count() == 2


def test_what_is_not_there_is_said_and_nothing_moves(opened):
    find(opened, "nobody")
    opened.keyboard.press("Enter")
    expect(opened.locator(".sg-found")).to_have_text("no such box here")
    assert selected(opened) == []
    expect(opened.locator(".sg-counter")).to_contain_text("step 1 /")


def test_the_button_opens_the_field_and_closes_it(load):
    page = load(has_touch=True, is_mobile=True, viewport={"width": 380, "height": 800})
    button = page.locator(".sg-find")
    button.tap()
    expect(page.locator(".sg-sought")).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert page.locator(".sg-sought").bounding_box()["height"] >= 43.9
    button.tap()
    expect(page.locator(".sg-search")).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize(("speed", "delay"), [("0.5", 1800), ("1", 900), ("2", 450), ("4", 225)])
def test_play_has_a_speed(load, speed, delay):
    page = load()
    page.clock.install(time=0)
    page.clock.pause_at(60_000)
    page.locator(".sg-speed").select_option(speed)
    page.locator(".sg-play").click()
    page.clock.run_for(delay * 2.5)
    expect(page.locator(".sg-counter")).to_contain_text("step 3 /")
    page.locator(".sg-speed").select_option("4")
    page.clock.run_for(230)
    expect(page.locator(".sg-counter")).to_contain_text("step 4 /")
