// The page that steps through the rooms of a graph: one bundle for the live widget and the file.

import { Figure } from "./figure.js";
import { finder } from "./finder.js";
import { listen } from "./keys.js";
import { handle } from "./leaves.js";
import { Live } from "./live.js";
import { Numbers } from "./numbers.js";
import { listenPanel, openPanel, writePanel, writeWays } from "./panel.js";
import { build, copied, enableSteps, labelPlay } from "./skeleton.js";
import { memoryStore, modelStore } from "./store.js";
import { writeFrame, writeHint, writePath, writePlace, writeRange, writeTrack, writeVerdict } from "./words.js";

const PRESSED = "first previous play next last farther fit closer open close copy show".split(" ");
const DELAY = 900; // ms that a frame stays while playing, at speed 1

/**
 * Build a stepper inside `el`, fed by `store`; returns a function that takes it down.
 *
 * Where one is, room and frame, is in the store; all else follows from it. Keys are heard on
 * `keys`. `program` computes the numbers of a graph of Values; without one they stay as they are.
 */
export function mount(el, store, program = null, keys = document) {
  const { root, ui } = build(store.get("title"));
  const live = new Live(store, program);
  const figure = new Figure(ui.figure, ui.tip, live, { onSelect: select, onOpen: open });
  const leafOf = (id) => room.boxes[id]?.leaf ?? null;
  const writeLeaves = handle(ui, live, { selected: () => leafOf(figure.selected), leafOf, changed: rewrite });
  const left = new Map(); // id of a room -> the frame at which it was left
  const answers = new Map(); // a frame -> what was typed when it asked
  const numbers = new Numbers(ui, {
    light: (used, chosen) => figure.cells.light(used, chosen),
    chose: writePaths,
    holds: (id) => id in store.get("rooms") || store.get("kernel"),
    open: visit,
    go: (element) => seek(here(), figure.cells.boxOf.get(element.id), element),
  });
  let [room, shown, timer, moving] = [null, 0, false, false];
  let traced = []; // the paths of the box that is selected

  /** Show what the store says. A room that it does not hold was asked for: it comes with `rooms`. */
  function show() {
    const wanted = store.get("rooms")[store.get("room")];
    root.setAttribute("aria-busy", !wanted);
    if (!wanted) return;
    if (live.room(wanted) !== room) enter(live.room(wanted));
    shown = Math.min(Math.max(Math.trunc(store.get("index")) || 0, 0), figure.times.last);
    const frame = room.frames[shown];
    const asks = asking();
    figure.show(shown, asks);
    writeFrame(ui, frame, asks);
    writeVerdict(ui, frame, answers.get(frame));
    tell();
    writePlace(ui, room.frames, shown);
    enableSteps(ui, shown === 0, shown === figure.times.last, focus);
    figure.reveal(); // last, for it asks where boxes are: the browser lays the page out once a step
  }

  function enter(wanted) {
    const from = room && here();
    room = wanted;
    figure.draw(room);
    writeTrack(ui, figure.times);
    writePath(ui, room.path);
    writeHint(ui, room.boxes);
    writeRange(ui, figure.times.range);
    if (from) ui.news.textContent = `In ${room.path.at(-1)[1]}`;
    fit();
    const [cameFrom] = Object.entries(room.boxes).find(([, box]) => from && box.room === from) ?? [];
    choose(cameFrom ?? null);
  }

  const here = () => room.path.at(-1)[0];

  function choose(id, element) {
    figure.select(id);
    figure.trace();
    figure.cells.light([]);
    numbers.open(room.arrays, describe(id).array, element);
  }

  function describe(id) {
    const box = live.box(id, room.boxes);
    openPanel(ui, id, box, room.frames, figure.times.moments(id), live.leavesInside(box));
    return box;
  }

  /** Write the paths to the box that is selected, or to an element of its array. */
  function writePaths(element) {
    traced = writeWays(ui, live.ways(figure.selected, element, room));
  }

  function tell() {
    const id = figure.selected;
    writeLeaves();
    if (!id) return;
    const known = figure.describe(id);
    writePanel(ui, known, room.frames, shown, asking());
    numbers.write({ value: known.computed, grad: known.ever && known.final && !asking() });
  }

  /** Leaves hold other numbers: write all that is seen anew. */
  function rewrite() {
    figure.rewrite(asking());
    writeRange(ui, figure.times.range);
    writeFrame(ui, room.frames[shown], asking());
    describe(figure.selected);
    writePaths(null);
    tell();
  }

  function asking() {
    const frame = room.frames[shown];
    return store.get("guess") && frame.asks?.length > 0 && !answers.has(frame);
  }

  function move(changes) {
    moving = true; // room and frame change together
    store.set(changes);
    moving = false;
    show();
  }

  function go(index) {
    play(false);
    // Whoever steps on does not wait for a room that was asked for.
    move({ room: here(), index: Math.min(Math.max(index, 0), figure.times.last) });
  }

  function enterRoom(id) {
    play(false);
    left.set(here(), shown);
    const last = (store.get("rooms")[id]?.frames.length ?? 1) - 1;
    move({ room: id, index: left.get(id) ?? (shown === figure.times.last ? last : 0) });
  }

  function visit(id) {
    enterRoom(id);
    focus();
  }

  /** Go to a box of a room, if it has it, and to an element in it. */
  function seek(id, box, element) {
    if (id !== here()) enterRoom(id);
    if (!box) return;
    select(box, element);
    figure.reveal([figure.nodes.get(box).group]);
  }

  function select(id, element) {
    choose(id, element);
    tell();
  }

  function open(id) {
    const inside = room.boxes[id]?.room;
    if (inside) visit(inside);
    else if (leafOf(id) !== null && live.about) ui.number.select();
  }

  function play(on) {
    clearInterval(timer);
    timer = on && setInterval(tick, DELAY / ui.speed.value);
    labelPlay(ui.play, on);
  }

  function tick() {
    move({ index: shown + 1 });
    if (shown === figure.times.last || asking()) play(false);
  }

  function walk(by) {
    select(figure.neighbor(by));
    figure.focus(figure.selected);
  }

  const focus = () => root.focus({ preventScroll: true });
  const actions = {
    first: () => go(0),
    previous: () => go(shown - 1),
    next: () => go(shown + 1),
    last: () => go(figure.times.last),
    play() {
      if (!timer && shown === figure.times.last) move({ index: 0 });
      play(!timer);
    },
    closer: () => zoom(figure.view.closer),
    farther: () => zoom(figure.view.farther),
    fit: () => zoom(() => figure.view.refit()),
    seek: finder(ui, {
      places: () => [store.get("rooms"), here()],
      go: seek,
      left: () => (figure.selected ? figure.focus(figure.selected) : focus()),
    }),
    open: () => (ui.set.hidden || ui.panel.hidden ? open(figure.selected) : ui.number.select()),
    close: () => (focus(), select(null)),
    leave: () => (room.path.length > 1 ? visit(room.path.at(-2)[0]) : select(null)),
    above: () => walk(-1),
    below: () => walk(1),
    show() {
      const typed = [...ui.asks.querySelectorAll("input")].map((input) => input.value.trim());
      answers.set(room.frames[shown], typed);
      show();
      focus();
    },
    copy: () => (ui.news.textContent = copied(ui.call)),
  };
  for (const name of PRESSED) {
    ui[name].addEventListener("click", (event) => {
      if (event.detail && name !== "copy") focus(); // after a mouse click, Space plays again
      actions[name]();
    });
  }
  ui.speed.addEventListener("change", () => timer && play(true));
  ui.path.addEventListener("click", ({ target }) => target.value && visit(target.value));
  ui.slider.addEventListener("input", () => go(ui.slider.valueAsNumber));
  // No form: the sandbox of a cell submits none.
  ui.asks.addEventListener("keydown", ({ key }) => key === "Enter" && actions.show());

  listenPanel(ui, { go, visit: seek, trace: (row) => figure.trace(row && traced[row].nodes) });
  const deaf = listen(keys, root, ui, actions);
  const heard = ["room", "index", "rooms"].map((key) => store.on(key, () => moving || show()));
  heard.push(store.on("values", () => live.read() && rewrite()));

  function fit() {
    figure.view.fitIn(root);
    ui.fit.disabled = figure.view.fits;
    figure.reveal();
  }

  function zoom(change) {
    change();
    ui.fit.disabled = figure.view.fits;
    ui.news.textContent = `${Math.round(100 * figure.view.scale)} %`;
  }

  el.replaceChildren(root);
  show();
  const resized = new ResizeObserver(fit);
  resized.observe(ui.figure);

  return () => {
    play(false);
    for (const forget of heard) forget?.();
    resized.disconnect();
    deaf();
    root.remove();
  };
}
