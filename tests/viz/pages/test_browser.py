"""A browser opens what is saved and shown: every step says and lights what its frame says."""

import base64
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

import viz
from autograd import Value, tanh
from viz.pages.page import page as write
from viz.pages.page import stepper_module

pytestmark = pytest.mark.slow

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "'\"><svg onload=alert(1)>",
    "&lt;b&gt;",
    "x\ny",
]


@pytest.fixture(scope="module")
def state(room):
    """A pass in which two paths meet, in one room."""
    x, y = Value(-2.0, name="x"), Value(0.5, name="y")
    f = tanh(x * y) * x
    f.name = "f"
    return one_room(room(f, [["r0", "f"]]), "f = tanh(x·y)·x")


def one_room(room, title):
    return {"title": title, "room": "r0", "index": 0, "guess": False, "rooms": {"r0": room}}


@pytest.fixture(scope="module")
def frames(state):
    return state["rooms"]["r0"]["frames"]


@pytest.fixture
def opened(page, state, tmp_path):
    page.goto(saved(state, tmp_path))
    return page


def saved(state, folder):
    path = folder / "steps.html"
    path.write_text(write(state), encoding="utf-8")
    return path.as_uri()


def check(root, state, k):
    """Compare all that a page shows with the frame it is at."""
    frames = state["rooms"][state["room"]]["frames"]
    frame = frames[k]
    expect(root.locator(".sg-counter")).to_have_text(f"step {k + 1} / {len(frames)}")
    assert root.locator(".sg-slider").input_value() == str(k)
    assert root.locator(".sg-phase").get_attribute("data-phase") == frame["phase"]
    rule = frame["rule"] and "".join(ElementTree.fromstring(frame["rule"]).itertext())
    for part, text in [
        (".sg-title", state["title"]),
        (".sg-step", frame["title"]),
        (".sg-say", frame["say"]),
        (".sg-numbers", frame["numbers"]),
        (".sg-sum", frame["sum"]),
        (".sg-rule", rule),
    ]:
        assert root.locator(part).text_content() == text
        assert root.locator(part).is_visible() == bool(text)

    def lit(selector):
        return sorted(element.get_attribute("id") for element in root.locator(selector).all())

    assert lit(".node.active") == [frame["node"]] * bool(frame["node"])
    assert lit(".edge.active") == sorted(frame["edges"])
    assert lit(".node.target") == sorted(frame["targets"])
    check_lines(root, frames, k)


def check_lines(root, frames, k):
    """Compare values and gradients in the picture with what the frames up to this one gave."""
    values, grads = {}, {}
    for frame in frames[: k + 1]:
        values |= frame["values"]
        grads |= frame["grads"]
    for box in {box for frame in frames for box in frame["values"]}:
        group = root.locator(f"#{box}")
        assert values.get(box, "–") in group.locator("text").all_text_contents()
        assert ("waiting" in group.get_attribute("class").split()) == (box not in values)
    for group in root.locator(".node").all():
        if group.get_attribute("id") not in {box for frame in frames for box in frame["values"]}:
            assert "–" not in group.locator("text").all_text_contents()
    for box in {box for frame in frames for box in frame["grads"]}:
        line = root.locator(f"#{box} text:not(.sg-ghost)").last
        assert line.text_content() == f"grad {grads.get(box, '–')}"
        assert ("sg-blank" in line.get_attribute("class")) == (box not in grads)


def test_the_keys_walk_through_the_steps_and_back(opened, state, frames):
    check(opened, state, 0)
    for k in range(1, len(frames)):
        opened.keyboard.press("ArrowRight")
        check(opened, state, k)
    opened.keyboard.press("ArrowRight")
    check(opened, state, len(frames) - 1)
    for k in reversed(range(len(frames) - 1)):
        opened.keyboard.press("ArrowLeft")
        check(opened, state, k)
    opened.keyboard.press("End")
    check(opened, state, len(frames) - 1)
    opened.keyboard.press("Home")
    check(opened, state, 0)


def test_a_page_of_version_0_1_is_stepped_through(page):
    kept = Path(__file__).resolve().parents[2] / "data" / "version_0_1"
    sentences = json.loads((kept / "numbers.json").read_text(encoding="utf-8"))["steps"]
    page.goto((kept / "page.html").as_uri())
    assert len(sentences) > 5
    for k, sentence in enumerate(sentences):
        expect(page.locator(".sg-counter")).to_have_text(f"step {k + 1} / {len(sentences)}")
        expect(page.locator(".sg-say")).to_have_text(sentence)
        assert (page.locator(".edge.active").count() == 1) == ("passes" in sentence)
        page.keyboard.press("ArrowRight")
    expect(page).to_have_title("f = tanh(x·y)·x")


def test_the_first_lecture_is_on_the_page(page, tmp_path):
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    f = (x + y) * z
    f.name = "f"
    page.goto(viz.step(f).save(tmp_path / "steps.html").as_uri())
    expect(page).to_have_title("f = (x + y)·z")
    page.keyboard.press("End")
    grads = [line.text_content() for line in page.locator("text.sg-grad").all()]
    assert sorted(grads) == ["grad -4", "grad -4", "grad -4", "grad 1", "grad 3"]
    page.keyboard.press("Home")
    assert {line.text_content() for line in page.locator("text.sg-grad").all()} == {"grad –"}


def test_the_buttons_walk_too(opened, state, frames):
    last = len(frames) - 1
    for button, k in [("next", 1), ("next", 2), ("previous", 1), ("last", last), ("first", 0)]:
        opened.locator(f".sg-{button}").click()
        check(opened, state, k)
    assert opened.locator(".sg-first").is_disabled()
    assert opened.locator(".sg-previous").is_disabled()
    opened.locator(".sg-last").click()
    assert opened.locator(".sg-next").is_disabled()
    assert opened.locator(".sg-last").is_disabled()


def test_the_slider_goes_anywhere(opened, state, frames):
    for k in (3, len(frames) - 1, 1, 0):
        opened.locator(".sg-slider").fill(str(k))
        check(opened, state, k)


def test_an_arrow_key_on_the_slider_is_one_step(opened, state):
    opened.locator(".sg-slider").focus()
    opened.keyboard.press("ArrowRight")
    check(opened, state, 1)


def test_playing_goes_on_by_itself_until_the_end_or_a_pause(page, state, frames, tmp_path):
    page.clock.install(time=0)
    page.goto(saved(state, tmp_path))
    page.clock.pause_at(60_000)
    play = page.locator(".sg-play")
    play.click()
    expect(play).to_have_attribute("aria-label", "Pause")
    page.clock.run_for(2 * 900 + 100)
    check(page, state, 2)
    page.keyboard.press(" ")
    expect(play).to_have_attribute("aria-label", "Play")
    page.clock.run_for(5000)
    check(page, state, 2)
    page.keyboard.press(" ")
    page.clock.run_for(900 * len(frames))
    check(page, state, len(frames) - 1)
    expect(play).to_have_attribute("aria-label", "Play")
    play.click()
    check(page, state, 0)


def test_what_is_done_stays_marked(opened, frames):
    opened.keyboard.press("End")
    done = {element.get_attribute("id") for element in opened.locator(".done").all()}
    passed = [frame for frame in frames if frame["phase"] != "forward"]
    lit = {id for frame in passed for id in [*frame["edges"], *frame["targets"]]}
    assert done == lit
    opened.keyboard.press("Home")
    assert opened.locator(".done").count() == 0


def test_a_screen_reader_hears_each_step(opened, state):
    assert opened.locator(".sg-say").get_attribute("aria-live") == "polite"
    assert opened.locator(".stepgrad").get_attribute("aria-label") == state["title"]
    buttons = opened.locator(".sg-buttons button").all()
    names = [button.get_attribute("aria-label") for button in buttons]
    assert names == ["First", "Previous", "Play", "Next", "Last"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names_are_shown_and_do_no_harm(page, room, tmp_path, name):
    x, y = Value(2.0, name=name), Value(3.0, name="y")
    f = x * y * x
    f.name = name
    boxes = {"n0": {"whole": name, "what": name, "missing": name}}
    state = one_room(room(f, [["r0", name], ["r0", name]], boxes), name)
    page.goto(saved(state, tmp_path))
    for k in range(len(state["rooms"]["r0"]["frames"])):
        check(page, state, k)
        page.keyboard.press("ArrowRight")
    page.locator("#n0 text").first.click()
    assert page.locator(".sg-call").text_content() == name
    assert page.evaluate("document.scripts.length") == 2
    assert page.locator("img, iframe, .sg-figure script, .sg-rule script").count() == 0


@pytest.fixture(scope="module")
def steps():
    x = Value(3.0, name="x")
    return viz.step(tanh(x * x) + x)


def test_the_page_in_a_notebook_works_inside_its_iframe(page, steps, tmp_path):
    path = tmp_path / "cell.html"
    path.write_text(f"<!doctype html>{steps._repr_mimebundle_()['text/html']}", encoding="utf-8")
    page.goto(path.as_uri())
    inside = page.frame_locator("iframe")
    check(inside, steps._state(), 0)
    inside.locator(".sg-next").click()
    check(inside, steps._state(), 1)
    page.keyboard.press("ArrowRight")
    check(inside, steps._state(), 2)
    assert page.locator("img").is_hidden()
    height = inside.locator("html").evaluate("page => page.scrollHeight - page.clientHeight")
    assert height <= 0
    frame = page.locator("iframe")
    high = frame.evaluate("frame => frame.style.height")
    frame.evaluate("frame => frame.style.width = '240px'")
    expect(frame).not_to_have_css("height", high)
    for width in ("0", "100%"):
        frame.evaluate("(frame, width) => frame.style.width = width", width)
    expect(frame).to_have_css("height", high)


def test_a_question_in_a_notebook_stands_below_a_picture_of_the_usual_height(browse, tmp_path):
    x = y = Value(0.5, name="x")
    for _ in range(8):
        y = tanh(y)
    page, path = browse(viewport={"width": 500, "height": 900}), tmp_path / "cell.html"
    cell = viz.step(y * x, names={}, phase="backward", guess=True)._repr_mimebundle_()["text/html"]
    path.write_text(f"<!doctype html>{cell}", encoding="utf-8")
    page.goto(path.as_uri())
    inside = page.frame_locator("iframe")
    while not inside.locator(".sg-guess").is_visible():
        inside.locator(".sg-next").click()
    page.wait_for_timeout(300)  # a frame that grew with its picture would go on growing
    assert inside.locator(".sg-figure").evaluate("figure => figure.offsetHeight") == 440


def test_the_page_in_a_notebook_has_the_theme_of_the_notebook(browse, steps, tmp_path):
    page, path = browse(color_scheme="light"), tmp_path / "cell.html"
    cell = steps._repr_mimebundle_()["text/html"]
    path.write_text(f'<body data-jp-theme-light="false">{cell}', encoding="utf-8")
    page.goto(path.as_uri())
    shown = page.frame_locator("iframe").locator(".stepgrad")
    paper = {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}
    for scheme, change in [
        ("dark", ""),
        ("light", "document.body.dataset.jpThemeLight = true"),
        ("light", "delete document.body.dataset.jpThemeLight"),  # what it was last
        ("light", "document.body.className = 'vscode-light'"),
        ("dark", "document.body.className = 'vscode-dark'"),
    ]:
        page.evaluate(change)
        expect(shown).to_have_css("background-color", paper[scheme])
        expect(page.frame_locator("iframe").locator("html")).to_have_css("color-scheme", scheme)


# What a name might do if it broke out of the data: each of these must be stopped by the policy.
ATTACK = """
async () => {
  const stopped = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    stopped.push(event.effectiveDirective);
  });
  const tried = document.body.appendChild(document.createElement("div"));
  tried.innerHTML = `<img src="data:," onerror="window.ran = true"><img src="https://x.test/a.png">
    <iframe src="https://x.test/"></iframe>`;
  const script = document.createElement("script");
  script.textContent = "window.ran = true";
  tried.append(script);
  await fetch("https://x.test/").catch(() => {});
  await new Promise((done) => setTimeout(done, 200));
  return [window.ran, stopped.sort()];
}"""


@pytest.mark.parametrize("place", ["file", "cell"])
def test_nothing_else_runs_on_the_page_and_nothing_leaves_it(browser, steps, tmp_path, place):
    path = steps.save(tmp_path / "steps.html")
    if place == "cell":
        path = tmp_path / "cell.html"
        path.write_text(f"<!doctype html>{steps._repr_mimebundle_()['text/html']}", "utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    ran, stopped = page.frames[-1].evaluate(ATTACK)
    page.close()
    assert ran is None
    assert stopped == ["connect-src", "frame-src", "img-src", "script-src-attr", "script-src-elem"]


# A saved page has one stepper and no kernel; several of them, and the widget, are mounted here.
MOUNT = """
async ([module, states]) => {
  const { default: widget, memoryStore } = await import(module);
  window.models = states.map((state) => {
    const el = document.body.appendChild(document.createElement("section"));
    const store = memoryStore({ ...state });
    const model = { ...store, saved: 0, save_changes: () => model.saved++, heard: [] };
    model.set = (key, value) => store.set({ [key]: value });
    model.on = (event, callback) => model.heard.push(store.on(event.slice(7), callback));
    model.off = () => model.heard.splice(0).forEach((forget) => forget());
    model.remove = widget.render({ model, el });
    return model;
  });
}"""


@pytest.fixture
def mount(page):
    text = f"{stepper_module(None)}\nexport {{ memoryStore }};"
    module = base64.b64encode(text.encode()).decode()

    def show(*states):
        page.evaluate(MOUNT, [f"data:text/javascript;base64,{module}", states])
        return [page.locator("section").nth(i) for i in range(len(states))]

    return show


def test_two_steppers_on_one_page_do_not_disturb_each_other(page, mount, room, state):
    x = Value(3.0, name="x")
    other = one_room(room(x * x, [["r0", "square"]]), "x·x")
    end = len(other["rooms"]["r0"]["frames"]) - 1
    left, right = mount(state, other)
    left.locator(".sg-next").click()
    left.locator(".sg-next").click()
    check(left, state, 2)
    check(right, other, 0)
    page.keyboard.press("ArrowRight")
    check(left, state, 3)
    check(right, other, 0)
    right.locator(".sg-last").click()
    check(left, state, 3)
    check(right, other, end)
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Home")
    check(left, state, 3)
    check(right, other, end)


def test_a_widget_moves_with_its_model_and_its_model_with_it(page, mount, state, frames):
    (widget,) = mount(state)
    page.evaluate("models[0].set('index', 3)")
    check(widget, state, 3)
    widget.locator(".sg-next").click()
    check(widget, state, 4)
    assert page.evaluate("[models[0].get('index'), models[0].saved]") == [4, 1]
    page.evaluate("models[0].set('index', 99)")
    check(widget, state, len(frames) - 1)


def test_a_widget_shows_a_room_as_soon_as_it_has_it(page, mount, room, state):
    """What is asked for is the room in the model; until `rooms` holds it nothing changes."""
    box = {"n2": {"room": "r1", "whole": "inside"}}
    outer = {**state["rooms"]["r0"], "boxes": box}
    (widget,) = mount(one_room(outer, state["title"]))
    widget.locator("#n2 .sg-corner").click()
    assert page.evaluate("models[0].get('room')") == "r1"
    check(widget, state, 0)
    widget.locator(".sg-next").click()
    check(widget, state, 1)
    assert page.evaluate("models[0].get('room')") == "r0"
    widget.locator("#n2 .sg-corner").click()
    x = Value(3.0, name="x")
    inner = room(x * x, [["r0", "f"], ["r1", "inside"]])
    page.evaluate("room => models[0].set('rooms', { ...models[0].get('rooms'), r1: room })", inner)
    expect(widget.locator(".sg-path")).to_have_text("finside")
    check(widget, {**state, "room": "r1", "rooms": {"r1": inner}}, 0)


def test_a_widget_that_is_taken_down_leaves_nothing_behind(page, mount, state):
    mount(state)
    page.evaluate("models[0].remove()")
    assert page.locator(".stepgrad").count() == 0
    assert page.evaluate("models[0].heard.length") == 0
