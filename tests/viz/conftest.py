"""What several tests of pictures need: formulas as numbers, no `dot`, a browser, rooms to show."""

import os
import shutil
import sysconfig

import pytest

import viz
from autograd import OPS, backprop, trace
from autograd.formulas import Symbol, number
from viz.moments.arrays import Numbers

CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _computed(formula, known, table=OPS):
    if not isinstance(formula, Symbol):
        return formula
    if isinstance(formula, Numbers):
        return formula.data
    if formula.op is None:
        return known[formula.name]
    operands = [_computed(x, known, table) for x in formula.operands]
    op = table[formula.op.name]
    return op(*operands, **formula.params) if formula.op.arity else op(operands, **formula.params)


@pytest.fixture(scope="session")
def computed():
    """Compute a formula as the tree that it is, from what its names stand for."""
    return _computed


@pytest.fixture
def nothing_to_draw_with(monkeypatch, tmp_path_factory):
    """Hide the system's `dot` and the one of graphviz-pure."""
    nowhere = str(tmp_path_factory.mktemp("nowhere"))
    monkeypatch.setenv("PATH", nowhere)
    monkeypatch.setattr(sysconfig, "get_path", lambda _: nowhere)


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    # The same pages by the same engine, without the windows around them: a third of the time.
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chromium is None:
        problem = "no chromium on this machine: apt-get install chromium-headless-shell"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(problem)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield running
        running.close()


@pytest.fixture
def browse(browser):
    """Open pages that must load nothing but themselves, and say nothing on the console."""
    pages, requests, complaints = [], [], []

    def open_page(**settings):
        page = browser.new_page(**{"viewport": {"width": 1000, "height": 800}, **settings})
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        pages.append(page)
        return page

    yield open_page
    loaded = [url for url in requests if not url.startswith("data:")]
    for page in pages:
        page.close()
    assert complaints == []
    assert len(loaded) <= len(pages)
    assert all(url.startswith("file://") for url in loaded)


@pytest.fixture
def page(browse):
    return browse()


def _room(output, path, boxes=None):
    """A room for the page, with the plainest frames: each node computes, then each passes on."""
    output.backward()
    nodes = list(trace(output))
    ids = {node: f"n{i}" for i, node in enumerate(nodes)}
    frames = []

    def frame(phase, title, **rest):
        words = {"title": title, "say": f"This is {title}.", "rule": "", "numbers": "", "sum": ""}
        lit = {"node": None, "edges": [], "targets": [], "values": {}, "grads": {}}
        frames.append({"phase": phase, **words, **lit, **rest})

    def into(node):
        return [f"e{ids[node][1:]}_{position}" for position in range(len(node.inputs))]

    for node in nodes:
        if node.inputs:
            known = {ids[node]: number(node.data)}
            computed = {"rule": "<math><mi>rule</mi></math>", "numbers": f"= {number(node.data)}"}
            edges = into(node)
            frame("forward", ids[node], node=ids[node], edges=edges, values=known, **computed)
    seed = {"targets": [ids[output]], "grads": {ids[output]: "1"}}
    frame("start", "Start", sum="grad: 1", **seed)
    sums = {}
    for node, _, passed in backprop(output):
        asks = [[ids[x], part] for x, part in zip(node.inputs, passed, strict=True)]
        for name, part in asks:
            sums[name] = sums.get(name, 0.0) + part
        targets = list(dict(asks))
        frame(
            "backward",
            f"{ids[node]} → {', '.join(targets)}",
            node=ids[node],
            edges=into(node),
            targets=targets,
            grads={name: number(sums[name]) for name in targets},
            numbers=", ".join(number(part) for _, part in asks),
            sum=", ".join(f"{name}: {number(sums[name])}" for name in targets),
            asks=asks,
        )
    frame("result", "Result", sum="all")
    picture = viz.draw(output, names={})
    known = {
        box.id: {"what": box.formula, "whole": box.title, "nodes": [int(box.id[1:])]}
        for box in picture.shown.boxes
    }
    known |= {id: {**known.get(id, {}), **box} for id, box in (boxes or {}).items()}
    return {"path": path, "svg": picture.svg, "boxes": known, "frames": frames}


@pytest.fixture(scope="session")
def room():
    return _room
