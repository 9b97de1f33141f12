// The page that steps through the rooms of a graph: one bundle for the live widget and the file.

import { Figure } from "./figure.js";
import { build, labelPlay } from "./skeleton.js";
import { memoryStore, modelStore } from "./store.js";
import { writeFrame, writeHint, writePanel, writePath, writeVerdict } from "./words.js";

const DELAY = 900; // ms that a frame stays while playing
const KEYS = {
  Home: "first",
  ArrowLeft: "previous",
  " ": "play",
  ArrowRight: "next",
  End: "last",
  Enter: "open",
  Escape: "leave",
  Backspace: "leave",
  ArrowUp: "above",
  ArrowDown: "below",
};

/**
 * Build a stepper inside `el`, fed by `store`; returns a function that takes it down.
 *
 * Where one is, room and frame, is in the store; all else follows from it. Keys are heard on
 * `keys`. On the document, a stepper alone on its page hears them all; beside another one it needs
 * the focus.
 */
export function mount(el, store, keys = document) {
  const { root, ui } = build(store.get("title"));
  const figure = new Figure(ui.figure, { onSelect: select, onOpen: open });
  const left = new Map(); // id of a room -> the frame at which it was left
  const answers = new Map(); // a frame -> what was typed when it asked
  let room = null;
  let shown = 0;
  let timer = false;
  let moving = false;

  /** Show what the store says. A room that it does not hold was asked for: it comes with `rooms`. */
  function show() {
    const wanted = store.get("rooms")[store.get("room")];
    root.setAttribute("aria-busy", !wanted);
    if (!wanted) return;
    if (wanted !== room) enter(wanted);
    shown = Math.min(Math.max(Math.trunc(store.get("index")) || 0, 0), figure.times.last);
    const frame = room.frames[shown];
    const asks = asking();
    figure.show(shown, asks);
    writeFrame(ui, frame, asks);
    writeVerdict(ui, frame, answers.get(frame));
    describe();
    ui.counter.textContent = `step ${shown + 1} / ${room.frames.length}`;
    ui.slider.value = shown;
    ui.slider.setAttribute("aria-valuetext", `${frame.phase}: ${frame.title}`);
    const [start, end] = [shown === 0, shown === figure.times.last];
    const off = { first: start, previous: start, play: start && end, next: end, last: end };
    for (const name in off) {
      // A disabled button would keep the focus and swallow the keys.
      if (off[name] && ui[name] === root.getRootNode().activeElement) focus();
      ui[name].disabled = off[name];
    }
  }

  function enter(wanted) {
    const from = room && here();
    room = wanted;
    figure.draw(room);
    const { last, turn } = figure.times;
    ui.slider.max = last;
    ui.track.style.setProperty("--steps", Math.max(last, 1));
    ui.track.style.setProperty("--turn", (turn < 0 ? last + 1 : turn) / Math.max(last, 1));
    writePath(ui, room.path);
    writeHint(ui, room.boxes);
    if (from) ui.news.textContent = `In ${room.path.at(-1)[1]}`;
    fit();
    const [cameFrom] = Object.entries(room.boxes).find(([, box]) => from && box.room === from) ?? [];
    figure.select(cameFrom ?? null);
  }

  const here = () => room.path.at(-1)[0];

  function describe() {
    const id = figure.selected;
    writePanel(ui, room.boxes[id] ?? {}, id && figure.describe(id));
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

  function visit(id) {
    play(false);
    left.set(here(), shown);
    const last = (store.get("rooms")[id]?.frames.length ?? 1) - 1;
    move({ room: id, index: left.get(id) ?? (shown === figure.times.last ? last : 0) });
    focus();
  }

  function select(id) {
    figure.select(id);
    describe();
  }

  function open(id) {
    const inside = room.boxes[id]?.room;
    if (inside) visit(inside);
  }

  function play(on) {
    clearInterval(timer);
    timer = on && setInterval(tick, DELAY);
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
    zoom() {
      ui.zoom.setAttribute("aria-pressed", root.classList.toggle("sg-fit"));
      figure.measure();
      figure.reveal();
    },
    open: () => open(figure.selected),
    leave: () => (room.path.length > 1 ? visit(room.path.at(-2)[0]) : select(null)),
    above: () => walk(-1),
    below: () => walk(1),
    copy() {
      root.ownerDocument.getSelection().selectAllChildren(ui.call);
      // The sandbox of a cell has no navigator.clipboard.
      const copied = root.ownerDocument.execCommand("copy");
      ui.news.textContent = copied ? "Copied" : "Selected: copy it with Ctrl+C";
    },
  };
  for (const name of ["first", "previous", "play", "next", "last", "zoom", "open", "copy"]) {
    ui[name].addEventListener("click", (event) => {
      if (event.detail && name !== "copy") focus(); // after a mouse click, Space plays again
      actions[name]();
    });
  }
  ui.path.addEventListener("click", ({ target }) => target.value && visit(target.value));
  ui.slider.addEventListener("input", () => go(ui.slider.valueAsNumber));
  ui.guess.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = [...ui.asks.querySelectorAll("input")].map((input) => input.value.trim());
    answers.set(room.frames[shown], typed);
    show();
    focus();
  });

  function onKey(event) {
    const { key, target } = event;
    const within = (selector) => target.closest?.(selector);
    if (!KEYS[key] || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!root.contains(target) && document.querySelectorAll(".stepgrad").length > 1) return;
    if (target !== ui.slider && within("input, textarea, select, [contenteditable]")) return;
    if ((key === " " || key === "Enter") && within("button, a, summary")) return; // they are pressed
    if ((key === "ArrowUp" || key === "ArrowDown") && !ui.figure.contains(target)) return;
    event.preventDefault(); // else the slider takes a second step, and the page scrolls
    if (key !== " " || !event.repeat) actions[KEYS[key]]();
  }
  keys.addEventListener("keydown", onKey);
  const heard = ["room", "index", "rooms"].map((key) => store.on(key, () => moving || show()));

  function fit() {
    ui.zoom.hidden = figure.fits && !root.classList.contains("sg-fit");
    figure.measure();
    figure.reveal();
  }

  el.replaceChildren(root);
  show();
  const resized = new ResizeObserver(fit);
  resized.observe(ui.figure);

  return () => {
    play(false);
    for (const forget of heard) forget?.();
    resized.disconnect();
    keys.removeEventListener("keydown", onKey);
    root.remove();
  };
}

export default {
  render: ({ model, el }) => mount(el, modelStore(model), el),
};
