"""In a real JupyterLab: cells and widgets are stepped through, kept, and exported."""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

pytest.importorskip("jupyterlab", reason="pip install 'stepgrad[lab]'")
nbformat = pytest.importorskip("nbformat")
pytestmark = pytest.mark.slow

SLOW = 60_000  # ms: a server and a kernel start in some seconds on an idle machine
FIRST = """\
import numpy as np, nn, viz
model = nn.MLP(2, [4, 1], rng=np.random.default_rng(0))
loss = (1 - model([0.5, -1.0])).relu()
viz.step(loss)"""
LIVE = """\
from autograd import Value
a = Value(2.0)
live = viz.step(a * a + a).widget()
live"""
PLAY = """\
X = np.random.default_rng(0).uniform(-1, 1, (40, 2))
play = viz.playground(model, X, np.sign(X[:, 0] * X[:, 1]))
play"""
CELLS = [FIRST, "viz.step(loss, guess=True)", "w = viz.step(loss).widget()\nw", "w.index = 5"]
TRAIN = """\
net = nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 1, rng=1))
side = np.sign(X[:, :1] * X[:, 1:])
adam = nn.Adam(net.parameters(), lr=0.01)
how = {"loss": nn.hinge_loss, "optimizer": adam, "epochs": 2000, "seed": 0}
history = nn.fit(net, (X, side), **how, callbacks=[viz.live(net, X, side)])
net"""
CELLS += [LIVE, PLAY, "shared = play.widget()\nshared", TRAIN]
INSIDE = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:|file:")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a server with an empty history, the folder it serves, and its environment."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ("config/labconfig", "books", "runtime"):
        (home / folder).mkdir(parents=True)
    off = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (home / "config" / "labconfig" / "page_config.json").write_text(json.dumps(off))
    places = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    environment = {**os.environ, "IPYTHONDIR": str(home / "ipython"), "PYTHONPATH": os.getcwd()}
    environment |= {f"JUPYTER_{name}_DIR": str(home / place) for name, place in places.items()}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    command += ["--IdentityProvider.token=t", f"--ServerApp.root_dir={home / 'books'}"]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield address(home), home / "books", environment
    finally:
        server.terminate()
        server.wait()


def address(home):
    """Wait until the server has said where it is, and answers there."""
    for _ in range(SLOW // 100):
        with suppress(OSError, ValueError, StopIteration):
            about = next((home / "runtime").glob("jpserver-*.json"))
            url = json.loads(about.read_text())["url"]
            with urlopen(f"{url}api?token=t"):
                return url
        time.sleep(0.1)
    raise AssertionError((home / "log").read_text())


@pytest.fixture(scope="module")
def watched(browser):
    """Open pages that must ask nobody outside for anything, and have no error."""
    pages, complaints, outside = [], [], []

    def open_page():
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        page.set_default_timeout(SLOW)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("request", lambda asked: INSIDE.match(asked.url) or outside.append(asked.url))
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert (complaints, outside) == ([], [])


@pytest.fixture(scope="module")
def ran(lab, watched):
    """The notebook, with all its cells run and saved."""
    url, books, _ = lab
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(book, books / "steps.ipynb")
    page = watched()
    page.goto(f"{url}lab/tree/steps.ipynb?token=t")
    page.locator(".jp-Notebook .cm-content").first.click()
    expect(page.get_by_text("| Idle")).to_be_visible(timeout=SLOW)
    for _ in CELLS:
        page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-InputPrompt", has_text=f"[{len(CELLS)}]")).to_be_visible(timeout=SLOW)
    expect(page.locator(".jp-OutputArea .stepgrad")).to_have_count(2, timeout=SLOW)
    expect(page.locator(".jp-OutputArea .stepgrad-playground .sp-play")).to_be_visible(timeout=SLOW)
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0, timeout=SLOW)
    return page


def stepper(page, nth=0):
    expect(page.locator("iframe.stepgrad-steps").nth(nth)).to_be_visible(timeout=SLOW)
    inside = page.frame_locator("iframe.stepgrad-steps").nth(nth)
    expect(inside.locator(".sg-counter")).to_be_visible(timeout=SLOW)
    return inside


def still(page, part):
    """Wait until a part is in view and stays where it is: a notebook moves while outputs load."""
    places = [None]
    while len(set(map(str, places[-10:]))) > 1 or len(places) < 10:
        part.scroll_into_view_if_needed(timeout=SLOW)
        places.append(part.bounding_box())
        page.wait_for_timeout(50)


def walked(page, root):
    """Use keys, slider, a room and its way back; end at the first step of the outermost room."""
    counter, path = root.locator(".sg-counter"), root.locator(".sg-path > *")
    still(page, root.locator(".sg-next"))
    root.locator(".sg-slider").fill("0")
    root.locator(".sg-next").click()
    expect(counter).to_contain_text("step 2 /")
    page.keyboard.press("ArrowRight")
    expect(counter).to_contain_text("step 3 /")
    root.locator(".sg-slider").fill("7")
    expect(counter).to_contain_text("step 8 /")
    root.locator(".sg-corner").first.click()
    expect(path).to_have_count(2)
    page.keyboard.press("ArrowRight")
    expect(counter).to_contain_text("step 2 /")
    page.keyboard.press("Escape")
    expect(path).to_have_count(1)
    expect(counter).to_contain_text("step 8 /")
    page.keyboard.press("/")
    page.keyboard.type("neurons.2")
    page.keyboard.press("Enter")
    expect(root.locator(".sg-name")).to_have_text("layers.0 › neurons.2")
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    expect(counter).to_contain_text("step 1 /")


def test_a_cell_is_stepped_through(ran):
    walked(ran, stepper(ran))


@pytest.mark.parametrize("width", [380, 700, 1000, 1400])
def test_the_frame_of_a_cell_is_as_high_as_what_it_shows(ran, width):
    frame = ran.locator("iframe.stepgrad-steps").first
    frame.evaluate("(frame, width) => frame.style.width = `${width}px`", width)
    root = stepper(ran)
    for key in ["Home", "ArrowRight", "End"]:
        root.locator(".stepgrad").press(key)
        page = root.locator("html")
        expect(page).to_have_js_property("scrollWidth", width)
        for _ in range(50):
            if page.evaluate("page => page.scrollHeight <= innerHeight"):
                break
            ran.wait_for_timeout(50)
        assert page.evaluate("page => page.scrollHeight <= innerHeight")
    root.locator(".stepgrad").press("Home")
    frame.evaluate("frame => frame.style.width = '100%'")


def test_a_cell_asks(ran):
    root = stepper(ran, 1)
    while root.locator(".sg-guess").is_hidden():
        root.locator(".sg-next").click()
    root.locator(".sg-asks input").first.fill("77")
    ran.keyboard.press("Enter")
    expect(root.locator(".sg-verdict")).to_contain_text("77 is wrong")


def test_a_widget_shares_its_place_with_the_kernel(ran):
    root = ran.locator(".jp-OutputArea .stepgrad").first
    expect(root.locator(".sg-counter")).to_contain_text("step 6 /")  # as a cell has set it
    walked(ran, root)
    root.locator(".sg-slider").fill("3")
    assert asked(ran, "w.index, w.room, len(w.rooms)") == "3 r0 2"


def asked(page, expression):
    """Run a cell at the end that prints something, and give what it prints."""
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    page.locator(".jp-Notebook .cm-content").last.click()
    page.keyboard.type(f"print({expression})")
    page.keyboard.press("Shift+Enter")
    printed = cells.nth(cells.count() - 2).locator(".jp-OutputArea-output")
    expect(printed).to_be_visible(timeout=SLOW)
    return printed.inner_text().strip()


def test_a_widget_shares_the_numbers_of_leaves_with_the_kernel(ran):
    root = ran.locator(".jp-OutputArea .stepgrad").nth(1)
    still(ran, root.locator(".sg-next"))
    root.locator(".sg-slider").fill(root.locator(".sg-slider").get_attribute("max"))
    root.locator("#n0").click()
    root.locator(".sg-number").fill("3")
    ran.keyboard.press("Enter")
    expect(root.locator(".sg-outcome")).to_have_text("Δv₂ predicted +5, actual +6")
    assert asked(ran, "live.values, a.data") == "{'a': 3.0} 3.0"
    assert asked(ran, "setattr(live, 'values', {'a': -1.0}), a.data") == "None -1.0"
    expect(root.locator(".sg-outcome")).to_have_text("Δv₂ predicted −15, actual −6")
    expect(root.locator(".sg-sum")).to_contain_text("∂v₂/∂a = -1")


def test_a_playground_in_a_cell_trains_and_its_frame_is_as_high_as_it(ran):
    frame = ran.locator("iframe.stepgrad-playground")
    inside = ran.frame_locator("iframe.stepgrad-playground")
    still(ran, frame)  # a page out of view is not drawn
    inside.locator(".sp-step").click()
    expect(inside.locator(".sp-updates")).to_have_text("1")
    page = inside.locator("html")
    expect(frame).not_to_have_css("height", "900px")
    assert page.evaluate("page => page.scrollHeight <= innerHeight")


def test_a_playground_shares_its_weights_with_the_kernel(ran):
    root = ran.locator(".jp-OutputArea div.stepgrad-playground")
    still(ran, root.locator(".sp-step"))
    before = asked(ran, "model.parameters()[0].data")
    root.locator(".sp-step").click()
    expect(root.locator(".sp-updates")).to_have_text("1")
    assert asked(ran, "model.parameters()[0].data == shared.weights[0]") == "True"
    assert asked(ran, "model.parameters()[0].data") != before
    asked(ran, "setattr(shared, 'weights', [0.5] * len(shared.weights))")
    expect(root.locator(".sp-number")).to_have_value("0.5000")


def test_training_is_watched_in_one_picture_that_stays(ran):
    output = ran.locator(".jp-Notebook .jp-CodeCell").nth(CELLS.index(TRAIN))
    still(ran, output)
    picture = output.locator(".jp-OutputArea img")
    expect(picture).to_have_count(1, timeout=SLOW)
    assert picture.evaluate("image => image.naturalWidth") >= 900  # the history, and the boundary
    assert asked(ran, "len(history['loss']), history['loss'][-1] < 0.2") == "2000 True"


def test_a_model_shows_itself(ran):
    output = ran.locator(".jp-Notebook .jp-CodeCell").nth(CELLS.index(TRAIN))
    for layer in ("Linear(2, 8)", "Tanh", "Linear(8, 1)"):
        expect(output.locator(".jp-OutputArea").first).to_contain_text(layer)


def copied(lab, name):
    """Copy what can be shown without a kernel; the copy names one that is not there.

    No two copies are the same, for whoever trusts a notebook trusts all that say the same.
    """
    _, books, _ = lab
    book = json.loads((books / "steps.ipynb").read_text("utf-8"))
    book["cells"] = book["cells"][:2]
    book["metadata"] = {"kernelspec": {"name": "none", "display_name": "none"}, "title": name}
    (books / name).write_text(json.dumps(book), encoding="utf-8")
    return books / name


def reopened(lab, watched, name):
    page = watched()
    page.goto(f"{lab[0]}lab/workspaces/{name[:-6]}/tree/{name}?token=t")
    page.locator(".jp-Dialog .jp-mod-reject", has_text="No Kernel").click()
    return page


@pytest.mark.usefixtures("ran")
def test_a_notebook_without_a_kernel_is_stepped_through(lab, watched):
    path = copied(lab, "kept.ipynb")
    subprocess.run([sys.executable, "-m", "jupyter", "trust", str(path)], env=lab[2], check=True)
    page = reopened(lab, watched, path.name)
    walked(page, stepper(page))


@pytest.mark.usefixtures("ran")
def test_an_untrusted_notebook_shows_the_picture(lab, watched):
    path = copied(lab, "strange.ipynb")
    page = reopened(lab, watched, path.name)
    expect(page.locator(".jp-OutputArea img[src^='data:image/svg']").first).to_be_visible()
    assert page.locator("iframe").count() == 0


@pytest.mark.usefixtures("ran")
def test_an_exported_notebook_is_stepped_through(lab, browser):
    _, books, environment = lab
    export = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "steps.ipynb"]
    subprocess.run(export, env=environment, cwd=books, check=True)
    page = browser.new_page()
    page.route("https://**", lambda route: route.abort())  # nbconvert's own scripts
    page.goto((books / "steps.html").as_uri())
    root = stepper(page)
    walked(page, root)
    expect(page.locator("iframe.stepgrad-steps + img").first).to_be_hidden()
    expect(page.locator("iframe.stepgrad-steps").first).not_to_have_css("height", "800px")
    page.close()
