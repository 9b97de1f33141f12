"""A browser opens what is saved and shown: every step says and lights what its frame says."""

import base64
import json
import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect, sync_playwright

import viz
from autograd import Value, tanh
from autograd.formulas import number
from viz.page import static

pytestmark = pytest.mark.slow

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "'\"><svg onload=alert(1)>",
    "&lt;b&gt;",
    "x\ny",
]


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        problem = "no chromium on this machine: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(problem)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser):
    """A page that must load nothing but itself, and say nothing on the console."""
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    yield page
    loaded = [url for url in requests if not url.startswith("data:")]
    page.close()
    assert complaints == []
    assert len(loaded) <= 1
    assert all(url.startswith("file://") for url in loaded)


@pytest.fixture(scope="module")
def steps():
    """A pass in which two paths meet."""
    x, y = Value(-2.0, name="x"), Value(0.5, name="y")
    f = tanh(x * y) * x
    f.name = "f"
    return viz.step(f)


@pytest.fixture
def opened(page, steps, tmp_path):
    page.goto(steps.save(tmp_path / "steps.html").as_uri())
    return page


def check(root, steps, k):
    """Compare all that a page shows with the frame it is at."""
    frame, shown = steps[k], steps.picture.shown
    expect(root.locator(".sg-counter")).to_have_text(f"step {k + 1} / {len(steps)}")
    assert root.locator(".sg-slider").input_value() == str(k)
    for part, text in [
        (".sg-title", steps.title),
        (".sg-step", frame.title),
        (".sg-say", frame.sentence),
        (".sg-numbers", frame.numbers),
        (".sg-sum", frame.total),
        (".sg-rule", frame.mathml and "".join(ElementTree.fromstring(frame.mathml).itertext())),
    ]:
        assert root.locator(part).text_content() == text
        assert root.locator(part).is_visible() == bool(text)

    def lit(selector):
        return [element.get_attribute("id") for element in root.locator(selector).all()]

    assert lit(".node.active") == ([shown.box_of[frame.active[0]]] if frame.active else [])
    assert lit(".edge.active") == ([shown.edge_of[frame.active]] if frame.active else [])
    assert lit(".node.target") == ([shown.box_of[frame.target]] if frame.target is not None else [])
    grads = {
        box: f"grad {number(frame.adjoints[i])}" if i in frame.adjoints else "grad –"
        for i, box in shown.box_of.items()
        if i in steps[-1].adjoints
    }
    for box, grad in grads.items():
        assert root.locator(f"#{box} text").last.text_content() == grad
        blank = "sg-blank" in root.locator(f"#{box} text").last.get_attribute("class")
        assert blank == (grad == "grad –")


def test_the_keys_walk_through_the_steps(opened, steps):
    check(opened, steps, 0)
    for k in range(1, len(steps)):
        opened.keyboard.press("ArrowRight")
        check(opened, steps, k)
    opened.keyboard.press("ArrowRight")
    check(opened, steps, len(steps) - 1)
    for k in reversed(range(len(steps) - 1)):
        opened.keyboard.press("ArrowLeft")
        check(opened, steps, k)
    opened.keyboard.press("End")
    check(opened, steps, len(steps) - 1)
    opened.keyboard.press("Home")
    check(opened, steps, 0)


def test_a_page_of_version_0_1_is_stepped_through(page):
    kept = Path(__file__).resolve().parents[1] / "data" / "version_0_1"
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
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_title("f = (x + y)·z")
    expect(page.locator(".sg-step")).to_have_text("v₁ → x")
    expect(page.locator(".sg-rule")).to_have_text("∂v₁∂x=1")
    expect(page.locator(".sg-numbers")).to_have_text("1 × -4 = -4")
    expect(page.locator(".sg-sum")).to_have_text("grad of x: -4")
    grads = [line.text_content() for line in page.locator(".sg-grad").all()]
    assert sorted(grads) == ["grad -4", "grad -4", "grad 1", "grad 3", "grad –"]


def test_the_buttons_walk_too(opened, steps):
    last = len(steps) - 1
    for button, k in [("next", 1), ("next", 2), ("previous", 1), ("last", last), ("first", 0)]:
        opened.locator(f".sg-{button}").click()
        check(opened, steps, k)
    assert opened.locator(".sg-first").is_disabled()
    assert opened.locator(".sg-previous").is_disabled()
    opened.locator(".sg-last").click()
    assert opened.locator(".sg-next").is_disabled()
    assert opened.locator(".sg-last").is_disabled()


def test_the_slider_goes_anywhere(opened, steps):
    for k in (3, len(steps) - 1, 1, 0):
        opened.locator(".sg-slider").fill(str(k))
        check(opened, steps, k)


def test_an_arrow_key_on_the_slider_is_one_step(opened, steps):
    opened.locator(".sg-slider").focus()
    opened.keyboard.press("ArrowRight")
    check(opened, steps, 1)


def test_playing_goes_on_by_itself_until_the_end_or_a_pause(page, steps, tmp_path):
    page.clock.install()
    page.goto(steps.save(tmp_path / "steps.html").as_uri())
    play = page.locator(".sg-play")
    play.click()
    expect(play).to_have_attribute("aria-label", "Pause")
    page.clock.run_for(2 * 900 + 100)
    check(page, steps, 2)
    page.keyboard.press(" ")
    expect(play).to_have_attribute("aria-label", "Play")
    page.clock.run_for(5000)
    check(page, steps, 2)
    page.keyboard.press(" ")
    page.clock.run_for(900 * len(steps))
    check(page, steps, len(steps) - 1)
    expect(play).to_have_attribute("aria-label", "Play")
    play.click()
    check(page, steps, 0)


def test_what_is_done_stays_marked(opened, steps):
    opened.keyboard.press("End")
    done = {element.get_attribute("id") for element in opened.locator(".done").all()}
    shown = steps.picture.shown
    assert done == {box.id for box in shown.boxes} | {edge.id for edge in shown.edges}
    opened.keyboard.press("Home")
    assert opened.locator(".done").count() == 0


def test_a_screen_reader_hears_each_step(opened, steps):
    assert opened.locator(".sg-say").get_attribute("aria-live") == "polite"
    assert opened.locator(".stepgrad").get_attribute("aria-label") == steps.title
    buttons = opened.locator(".sg-buttons button").all()
    names = [button.get_attribute("aria-label") for button in buttons]
    assert names == ["First", "Previous", "Play", "Next", "Last"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names_are_shown_and_do_no_harm(page, tmp_path, name):
    x, y = Value(2.0, name=name), Value(3.0, name="y")
    f = x * y * x
    f.name = name
    steps = viz.step(f)
    page.goto(steps.save(tmp_path / "steps.html").as_uri())
    for k in range(len(steps)):
        check(page, steps, k)
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.scripts.length") == 2
    assert page.locator("img, iframe, .sg-figure script, .sg-rule script").count() == 0


def test_the_page_in_a_notebook_works_inside_its_iframe(page, steps, tmp_path):
    path = tmp_path / "cell.html"
    path.write_text(f"<!doctype html>{steps._repr_mimebundle_()['text/html']}", encoding="utf-8")
    page.goto(path.as_uri())
    inside = page.frame_locator("iframe")
    check(inside, steps, 0)
    inside.locator(".sg-next").click()
    check(inside, steps, 1)
    page.keyboard.press("ArrowRight")
    check(inside, steps, 2)
    assert page.locator("img").is_hidden()
    height = inside.locator("html").evaluate("page => page.scrollHeight - page.clientHeight")
    assert height <= 0


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
  const { default: widget, mount, memoryStore } = await import(module);
  window.models = states.map((state) => {
    const el = document.body.appendChild(document.createElement("section"));
    const store = memoryStore({ ...state });
    const model = { ...store, saved: 0, save_changes: () => model.saved++, heard: [] };
    model.on = (event, callback) => model.heard.push(store.on(event.slice(7), callback));
    model.off = () => model.heard.splice(0).forEach((forget) => forget());
    model.remove = widget.render({ model, el });
    return model;
  });
}"""


@pytest.fixture
def mount(page):
    module = base64.b64encode(static("stepper.js").encode()).decode()

    def show(*steppers):
        states = [steps.state() for steps in steppers]
        page.evaluate(MOUNT, [f"data:text/javascript;base64,{module}", states])
        return [page.locator("section").nth(i) for i in range(len(states))]

    return show


def test_two_steppers_on_one_page_do_not_disturb_each_other(page, mount, steps):
    x = Value(3.0, name="x")
    other = viz.step(x * x)
    left, right = mount(steps, other)
    left.locator(".sg-next").click()
    left.locator(".sg-next").click()
    check(left, steps, 2)
    check(right, other, 0)
    page.keyboard.press("ArrowRight")
    check(left, steps, 3)
    check(right, other, 0)
    right.locator(".sg-last").click()
    check(left, steps, 3)
    check(right, other, len(other) - 1)
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Home")
    check(left, steps, 3)
    check(right, other, len(other) - 1)


def test_a_widget_moves_with_its_model_and_its_model_with_it(page, mount, steps):
    (widget,) = mount(steps)
    page.evaluate("models[0].set('index', 3)")
    check(widget, steps, 3)
    widget.locator(".sg-next").click()
    check(widget, steps, 4)
    assert page.evaluate("[models[0].get('index'), models[0].saved]") == [4, 1]
    page.evaluate("models[0].set('index', 99)")
    check(widget, steps, len(steps) - 1)


def test_a_widget_that_is_taken_down_leaves_nothing_behind(page, mount, steps):
    mount(steps)
    page.evaluate("models[0].remove()")
    assert page.locator(".stepgrad").count() == 0
    assert page.evaluate("models[0].heard.length") == 0
