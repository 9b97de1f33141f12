"""A browser opens what is saved: it trains, follows the hand, and asks the network for nothing."""

import base64

import numpy as np
import pytest
from playwright.sync_api import expect

import nn
import viz
from autograd import tanh
from viz.pages.page import playground_module

pytestmark = pytest.mark.slow


def moons(count=100):
    rng = np.random.default_rng(0)
    angle, upper = np.pi * rng.random(count), np.arange(count) % 2 == 1
    side = np.where(upper, 1.0, -1.0)
    x = np.c_[side * (np.cos(angle) - 0.5), side * (np.sin(angle) - 0.25)]
    return x + 0.08 * rng.normal(size=x.shape), side


def model():
    return nn.MLP(2, [8, 8, 1], tanh, rng=np.random.default_rng(1))


@pytest.fixture
def load(browse, tmp_path):
    def show(play, **settings):
        page = browse(**settings)
        page.goto(play.save(tmp_path / "play.html").as_uri())
        expect(page.locator(".sp-loss")).not_to_be_empty()  # it draws as soon as it is laid out
        return page

    return show


@pytest.fixture
def page(load):
    return load(viz.playground(model(), *moons()))


def text(page, part):
    return page.locator(f".sp-{part}").first.text_content()


def number(page, part):
    return float(text(page, part).replace(",", "").rstrip(" %"))


# Dots of the plane near a place, as shares of its size: what is painted there.
COLOR = """
(canvas, [x, y]) => {
  const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, -Math.round(x * canvas.width), -Math.round(y * canvas.height));
  return [...copy.getImageData(0, 0, 1, 1).data];
}"""
TYPED = """
(canvas, keys) => {
  for (const key of keys) canvas.dispatchEvent(new KeyboardEvent("keydown", { key }));
}"""


def test_moons_come_apart_and_all_can_be_changed_meanwhile(page):
    assert number(page, "updates") == 0
    page.locator(".sp-play").click()
    expect(page.locator(".sp-right")).to_have_text("100 %", timeout=60_000)
    page.select_option(".sp-rate", "0.01")
    page.select_option(".sp-optimizer", "SGD")
    expect(page.locator(".sp-momentum")).to_have_value("0.9")
    before = number(page, "updates")
    expect(page.locator(".sp-updates")).not_to_have_text(text(page, "updates"))
    page.locator(".sp-play").click()
    expect(page.locator(".sp-play")).to_have_attribute("aria-label", "Play")
    page.wait_for_timeout(100)
    stopped = number(page, "updates")
    assert stopped > before
    page.keyboard.press("ArrowRight")
    expect(page.locator(".sp-updates")).to_have_text(f"{stopped + 1:,.0f}")
    page.select_option(".sp-batch", "10")
    page.keyboard.press("Escape")
    page.locator(".sp-epoch").click()
    expect(page.locator(".sp-updates")).to_have_text(f"{stopped + 9:,.0f}")
    page.locator(".sp-reset").click()
    expect(page.locator(".sp-updates")).to_have_text("0")


def test_a_weight_that_is_dragged_changes_loss_and_plane(page):
    loss, shown = text(page, "loss"), page.locator(".sp-points").evaluate(COLOR, [0.5, 0.5])
    edge = page.locator(".sp-reach").last
    box = edge.bounding_box()
    where = edge.evaluate(
        """(path) => {
          const end = path.getPointAtLength(path.getTotalLength() - 8);
          const at = end.matrixTransform(path.getScreenCTM());
          return [at.x, at.y];
        }"""
    )
    assert box["width"] > 0
    weight = float(page.locator(".sp-number").input_value())
    page.mouse.move(*where)
    page.mouse.down()
    page.mouse.move(where[0], where[1] - 150, steps=5)
    page.mouse.up()
    expect(page.locator(".sp-loss")).not_to_have_text(loss)
    assert page.locator(".sp-points").evaluate(COLOR, [0.5, 0.5]) != shown
    assert float(page.locator(".sp-number").input_value()) != weight
    assert page.locator(".sp-selected").count() == 1


def test_the_slider_changes_the_weight_that_is_chosen(page):
    page.select_option(".sp-to", "2 0")
    page.select_option(".sp-from", label="bias")
    loss = text(page, "loss")
    page.locator(".sp-number").fill("3")
    expect(page.locator(".sp-loss")).not_to_have_text(loss)
    expect(page.locator("#bias-3-0.pos.sp-selected")).to_be_visible()


POINTS = "() => document.querySelector('.sp-batch').textContent"


def test_points_are_added_moved_and_removed(page):
    page.select_option(".sp-validation", "0")
    canvas = page.locator(".sp-points")
    expect(page.locator(".sp-batch")).to_contain_text("all 100")
    page.locator(".sp-chip").last.click()
    canvas.click(position={"x": 12, "y": 12})
    expect(page.locator(".sp-batch")).to_contain_text("all 101")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 20, steps=3)
    page.mouse.up()
    expect(page.locator(".sp-batch")).to_contain_text("all 101")
    canvas.click(position={"x": 100, "y": 20}, modifiers=["Shift"])
    expect(page.locator(".sp-batch")).to_contain_text("all 100")


def test_points_are_added_moved_and_removed_by_keys(page):
    page.select_option(".sp-validation", "0")
    page.locator(".sp-points").focus()
    for key in [*["ArrowUp"] * 24, "Enter"]:
        page.keyboard.press(key)
    expect(page.locator(".sp-batch")).to_contain_text("all 101")
    canvas = page.locator(".sp-points")
    canvas.evaluate(TYPED, ["Delete", "Enter", "ArrowUp", "ArrowUp", "ArrowUp", "Enter"])
    expect(page.locator(".sp-batch")).to_contain_text("all 102")  # though nothing was drawn between
    canvas.evaluate(TYPED, ["Delete", "ArrowDown", "ArrowDown", "ArrowDown"])
    expect(page.locator(".sp-batch")).to_contain_text("all 101")
    for key in ["Enter", *["ArrowLeft"] * 8, "Enter", "Delete"]:
        page.keyboard.press(key)
    expect(page.locator(".sp-batch")).to_contain_text("all 100")


def test_a_unit_that_is_pointed_at_shows_its_own_picture(page):
    canvas = page.locator(".sp-points")
    whole = canvas.evaluate(COLOR, [0.03, 0.97])
    page.locator("#unit-1-2").hover()
    expect(page.locator(".sp-caption")).to_have_text("What layer 1, unit 3 gives")
    page.locator("#unit-0-0").focus()
    expect(page.locator(".sp-caption")).to_have_text("What x1 gives")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".sp-caption")).to_have_text("What layer 1, unit 1 gives")
    page.locator(".sp-step").hover()
    page.locator(".sp-step").focus()
    expect(page.locator(".sp-caption")).to_have_text("What the model says of each point")
    assert canvas.evaluate(COLOR, [0.03, 0.97]) == whole
    small = page.locator(".sp-picture canvas").evaluate(COLOR, [62 / 720, 256 / 568])  # of x1
    assert small[3] == 255


def test_data_sets_and_tables_take_the_place_of_the_points(page):
    page.select_option(".sp-validation", "0")
    page.select_option(".sp-dataset", "spiral")
    expect(page.locator(".sp-batch")).to_contain_text("all 120")
    page.locator(".sp-table").click()
    page.locator(".sp-text").fill("1,2,3")
    page.locator(".sp-use").click()
    expect(page.locator(".sp-wrong")).to_have_text("Line 1: the label is 3. There are -1, 1.")
    page.locator(".sp-text").fill("x1,x2,label\n0,0,1\n1,1,-1\n0,1,-1")
    page.locator(".sp-use").click()
    expect(page.locator(".sp-batch")).to_contain_text("all 3")
    expect(page.locator(".sp-csv")).to_be_hidden()


@pytest.mark.parametrize(("batch_size", "by_hand"), [("", False), ("10", True)])
def test_the_code_leads_to_the_state_of_the_page(load, batch_size, by_hand):
    X, y = moons(40)
    net = model()
    page = load(viz.playground(net, X, y))
    if by_hand:
        for place in [(12, 12), (60, 12), (12, 60)]:
            page.locator(".sp-points").click(position=dict(zip("xy", place, strict=True)))
        page.locator(".sp-points").click(position={"x": 60, "y": 12}, modifiers=["Shift"])
        expect(page.locator(".sp-batch")).to_contain_text("all 34")
    page.select_option(".sp-batch", batch_size)
    for _ in range(5):
        page.locator(".sp-epoch").click()
    expect(page.locator(".sp-updates")).to_have_text("20" if batch_size else "5")
    page.locator(".sp-code").click()
    space = {"model": net, "X": X, "y": y}
    exec(page.locator(".sp-python code").text_content(), space)
    assert space["history"].epochs == 5
    reached = space["play"].weights()
    page.locator(".sp-to").select_option("0 0")
    shown = float(page.locator(".sp-number").input_value())
    assert shown == pytest.approx(reached[0], abs=1e-4)
    page.locator(".sp-number").fill("0.5")
    page.locator(".sp-shut").click()
    page.locator(".sp-code").click()
    written = page.locator(".sp-python code").text_content()
    assert "weights as they are" in written
    exec(written.partition("\n\n#")[0].partition("\n\norder")[0], space)
    assert space["play"].weights()[1:] == pytest.approx(reached[1:], abs=1e-12)
    assert space["play"].weights()[0] == 0.5


def test_what_is_not_finite_stops_and_is_named(load):
    net = model()
    how = nn.SGD(net.parameters(), lr=1e200)
    page = load(viz.playground(net, moons()[0], moons()[1], nn.mse_loss, how))
    page.locator(".sp-play").click()
    expect(page.locator(".sp-alarm")).to_contain_text("the loss is Infinity")
    expect(page.locator(".sp-play")).to_have_attribute("aria-label", "Play")


ATTACK = """
() => {
  const stopped = new Promise((resolve) =>
    document.addEventListener("securitypolicyviolation", (e) => resolve(e.effectiveDirective)));
  const script = document.createElement("script");
  script.textContent = "window.ran = true";
  document.body.append(script);
  return stopped.then((directive) => [window.ran ?? null, directive]);
}"""


@pytest.mark.parametrize("place", ["file", "cell"])
def test_it_plays_in_a_file_and_in_a_sandbox_and_nothing_else_runs(browser, tmp_path, place):
    play = viz.playground(model(), *moons())
    path = play.save(tmp_path / "play.html")
    if place == "cell":
        path = tmp_path / "cell.html"
        path.write_text(f"<!doctype html>{play._repr_mimebundle_()['text/html']}", "utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    frame = page.frames[-1]
    frame.locator(".sp-epoch").click()
    expect(frame.locator(".sp-updates")).to_have_text("1")
    assert frame.evaluate(ATTACK) == [None, "script-src-elem"]
    page.close()


def three_classes():
    X, side = moons(60)
    net = nn.Sequential(nn.Linear(2, 4, rng=0), nn.Tanh(), nn.Linear(4, 3, rng=1))
    return net, X, np.arange(60) % 3 * (side > 0)


def curve():
    x = np.linspace(-3, 3, 40)
    return nn.MLP(1, [4, 1], tanh, rng=np.random.default_rng(0)), x.reshape(-1, 1), np.sin(x)


def five_inputs():
    X = np.random.default_rng(0).normal(size=(30, 5))
    return nn.MLP(5, [3, 1], rng=np.random.default_rng(0)), X, np.sign(X[:, 0])


def surface():
    X, _ = moons(30)
    return nn.MLP(2, [4, 1], tanh, rng=np.random.default_rng(0)), X, X[:, 0] * X[:, 1]


@pytest.mark.parametrize("make", [three_classes, curve, five_inputs, surface])
def test_every_kind_of_target_and_number_of_inputs_is_trained(load, make):
    page = load(viz.playground(*make()))
    for _ in range(3):
        page.locator(".sp-epoch").click()
    expect(page.locator(".sp-updates")).to_have_text("3")
    assert np.isfinite(number(page, "loss"))


CONTRASTS = """
() => {
  const rgb = (color) => {
    const found = color.match(/[\\d.]+/g).map(Number);
    return color.startsWith("color(") ? found.map((x, i) => (i < 3 ? 255 * x : x)) : found;
  };
  const luminance = (color) => {
    const [r, g, b] = rgb(color).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const under = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (rgb(color)[3] !== 0) return color;
    }
  };
  const found = [];
  for (const element of document.querySelectorAll(".stepgrad-playground *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const ink = element.closest("svg") ? style.fill : style.color;
    const [dark, bright] = [luminance(ink), luminance(under(element))].sort((x, y) => x - y);
    found.push([element.textContent, (bright + 0.05) / (dark + 0.05)]);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(load, scheme):
    page = load(viz.playground(model(), *moons()), color_scheme=scheme)
    page.locator(".sp-code").click()
    found = page.evaluate(CONTRASTS)
    assert len(found) > 30
    for shown, contrast in found:
        assert contrast >= 4.5, shown


def test_what_is_painted_follows_the_theme_of_a_notebook(load):
    page = load(viz.playground(model(), *moons()), color_scheme="light")
    painted = "() => document.querySelector('.sp-points').toDataURL()"
    before = page.evaluate(painted)
    page.evaluate("""() => {
      document.documentElement.dataset.jpThemeLight = "false";
      document.documentElement.style.colorScheme = "dark";
    }""")
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    assert page.evaluate(painted) != before


LOOKS = """
(svg) => {
  const look = (line) => {
    const { stroke, strokeDasharray, strokeOpacity, strokeWidth } = getComputedStyle(line);
    return [line.id, stroke, strokeDasharray, strokeOpacity, parseFloat(strokeWidth)];
  };
  const looks = (within) => [...within.querySelectorAll(".weight")].map(look);
  const shown = looks(document); // before the picture comes, whose style goes for the whole page
  const picture = document.createElement("div");
  picture.innerHTML = svg;
  document.body.append(picture);
  return [shown, looks(picture)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_line_of_a_weight_looks_as_in_a_network(load, scheme):
    net = model()
    for p, number in zip(net.parameters(), [0.0, 100.0, -1e-6], strict=False):
        p.data = number
    page = load(viz.playground(net, *moons()), color_scheme=scheme)
    shown, painted = page.evaluate(LOOKS, viz.network(net).svg)
    assert len(shown) == 8 * (2 + 8 + 1)
    for one, other in zip(shown, painted, strict=True):
        assert one[:4] == other[:4]
        assert one[4] == pytest.approx(other[4], abs=0.006)  # both are written in few digits


@pytest.mark.parametrize("width", [400, 760, 1000, 1400])
def test_nothing_sticks_out_of_a_screen(load, width):
    page = load(viz.playground(model(), *moons()), viewport={"width": width, "height": 800})
    page.locator(".sp-code").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_finger_hits_what_can_be_tapped(load):
    page = load(viz.playground(model(), *moons()), has_touch=True, is_mobile=True)
    for target in page.locator("button:visible, select:visible, input[type=number]:visible").all():
        assert target.bounding_box()["height"] >= 43.9
    canvas = page.locator(".sp-points")
    before = page.evaluate(POINTS)
    canvas.tap(position={"x": 12, "y": 12})
    for _ in range(200):  # to wait in the page would take an eval, which it forbids
        if page.evaluate(POINTS) != before:
            return
        page.wait_for_timeout(25)
    pytest.fail("a tap adds no point")


MOUNT = """
async ([module, state]) => {
  const { default: widget, memoryStore } = await import(module);
  const store = memoryStore(state);
  window.model = {
    get: store.get,
    set: (key, value) => store.set({ [key]: value }),
    on: (event, callback) => (window.stops ??= []).push(store.on(event.slice(7), callback)),
    off: () => stops.splice(0).forEach((stop) => stop()),
    save_changes: () => (window.saved = (window.saved ?? 0) + 1),
  };
  window.remove = widget.render({ model, el: document.body });
}"""


def test_a_widget_tells_python_what_happens_and_shows_what_python_sets(browse):
    play = viz.playground(model(), *moons(10))
    page = browse()
    text = f"{playground_module(play._recorded.script)}\nexport {{ memoryStore }};"
    module = base64.b64encode(text.encode()).decode()
    page.evaluate(MOUNT, [f"data:text/javascript;base64,{module}", play.state()])
    page.locator(".sp-step").click()
    expect(page.locator(".sp-updates")).to_have_text("1")
    assert page.evaluate("model.get('weights')") != play.weights()
    page.select_option(".sp-optimizer", "RMSprop")
    assert page.evaluate("model.get('settings').optimizer.name") == "RMSprop"
    assert page.evaluate("saved") >= 2
    page.evaluate("model.set('weights', model.get('weights').map(() => 0))")
    expect(page.locator(".sp-loss")).to_have_text("1.0000")
    page.evaluate("model.set('settings', { ...model.get('settings'), batch_size: 5 })")
    expect(page.locator(".sp-batch")).to_have_value("5")
    page.evaluate("model.set('points', { X: [[0, 0], [1, 1]], y: [1, -1] })")
    expect(page.locator(".sp-batch")).to_contain_text("all 2")
    page.evaluate("remove()")
    assert page.locator(".stepgrad-playground").count() == 0


def test_a_unit_says_what_it_computes_and_a_weight_how_much_it_is_needed(page):
    page.locator(".unit").nth(4).hover()
    expect(page.locator(".sp-hint")).to_contain_text("layer 1, unit 3 = tanh(")
    page.locator(".sp-needed").click()
    assert text(page, "without").startswith("with 0 instead")
    assert float(text(page, "without").split()[-1]) > number(page, "loss")


def test_what_is_frozen_is_shown_and_cannot_be_chosen(load):
    net = nn.MLP(2, [3, 1], "tanh", rng=0)
    net.layers[0].freeze()
    first = net.parameters()[0].data
    page = load(viz.playground(net, *moons()))
    assert page.locator(".sp-to option").all_text_contents() == ["output 1"]
    shown = float(page.locator(".sp-number").input_value())
    assert shown == pytest.approx(first, abs=1e-4)
    assert page.locator(".sp-frozen").count() == 6
    page.locator("#unit-1-0").click()
    expect(page.locator(".sp-number")).to_be_disabled()


def test_a_rate_that_is_too_large_is_seen_in_units_that_are_flat(page):
    page.select_option(".sp-rate", "3")
    page.locator(".sp-play").click()
    expect(page.locator(".sp-copies")).to_contain_text("saturated", timeout=20_000)


def shown_in_units(page):
    texts = page.locator(".network .value").all_text_contents()
    return [float(text.replace("−", "-")) for text in texts]


def given_by_units(net, x):
    return [y for row in viz.network(net, x).values for y in row]


def test_each_unit_shows_what_it_makes_of_an_input_that_is_tried(page):
    value = page.locator(".network .value").last
    expect(value).to_be_hidden()
    for k, x in ((1, "0.5"), (2, "-0.25")):
        page.locator(f".sp-x{k}").fill(x)
    expect(value).to_be_visible()
    expected = given_by_units(model(), [0.5, -0.25])
    assert shown_in_units(page) == pytest.approx(expected, rel=0.051)
    page.locator(".sp-double1").click()
    expect(page.locator(".sp-x1")).to_have_value("1")
    doubled = given_by_units(model(), [1, -0.25])
    assert shown_in_units(page) == pytest.approx(doubled, rel=0.051)
    words = f"The model gives {doubled[-1]:.3g}, so it says {1 if doubled[-1] > 0 else '-1'}; "
    words += f"before, it gave {expected[-1]:.3g}."
    expect(page.locator(".sp-gives")).to_have_text(words.replace("-", "−"))
    page.locator(".sp-points").hover(position={"x": 20, "y": 20})
    pointed = [float(page.locator(f".sp-x{k}").input_value()) for k in (1, 2)]
    assert shown_in_units(page) == pytest.approx(given_by_units(model(), pointed), rel=0.051)
    page.locator(".sp-step").hover()
    expect(page.locator(".sp-x1")).to_have_value("1")


def test_the_input_that_is_tried_is_dragged_and_moved_by_keys(page):
    canvas = page.locator(".sp-points")
    box = canvas.bounding_box()
    at = (0.62 * box["width"], 0.38 * box["height"])
    points, x = page.evaluate(POINTS), page.locator(".sp-x1").input_value()
    page.mouse.move(box["x"] + at[0], box["y"] + at[1])
    page.mouse.down()
    page.mouse.move(box["x"] + at[0] - 80, box["y"] + at[1] + 20, steps=3)
    page.mouse.up()
    page.locator(".sp-step").hover()
    dragged = page.locator(".sp-x1").input_value()
    assert float(dragged) < float(x)
    expect(page.locator(".sp-gives")).to_contain_text("before, it gave")
    assert page.evaluate(POINTS) == points
    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".sp-x1")).not_to_have_value(dragged)
    page.locator(".sp-step").focus()
    expect(page.locator(".sp-x1")).to_have_value(dragged)


def test_from_zeros_nothing_is_learned_and_the_page_says_why(page):
    expect(page.locator(".sp-copies")).to_be_hidden()
    page.locator(".sp-zeros").click()
    expect(page.locator(".sp-copies")).to_contain_text("no slope goes back through them")
    for _ in range(5):
        page.locator(".sp-step").click()
    expect(page.locator(".sp-updates")).to_have_text("5")
    expect(page.locator(".sp-copies")).to_be_visible()
    page.locator(".sp-reset").click()
    expect(page.locator(".sp-copies")).to_be_hidden()
