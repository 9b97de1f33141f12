// A page in which a small network trains: one bundle for the live widget and the file.

import { memoryStore, modelStore } from "../store.js";
import { code } from "./code.js";
import { dataset } from "./datasets.js";
import { listenHands } from "./hands.js";
import { Inspector } from "./inspector.js";
import { listenSettings, showSettings } from "./options.js";
import { labelsOf, parseTable } from "./samples.js";
import { Session } from "./session.js";
import { buildPlayground, labelRun } from "./skeleton.js";
import { NotFinite } from "./trainer.js";
import { View } from "./view.js";

const SLICE = 12; // ms of training between two looks at what the user does
const FRAME = 16; // ms from one picture to the next
const CALM = 250; // the same for those who want little motion
const SHARING = 500; // ms after which Python sees the weights again

/**
 * Build a playground inside `el`; returns a function that takes it down.
 *
 * `store` has the weights, points and settings, `programs` the functions `train` and `measure`.
 */
export function mountPlayground(el, store, programs) {
  const about = store.get("about");
  const { root, ui } = buildPlayground(about);
  el.replaceChildren(root);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let running = 0; // the next frame, while it plays
  let [drawn, shared] = [0, 0];
  let view = null;
  let inspector = null;
  let waiting = 0; // a picture that is to be drawn soon

  const session = new Session(store, programs, refresh);
  const hands = {
    hover(layer, k) {
      view.hovered = layer === null ? null : [layer, k];
      if (view.isPlane) view.drawPlane();
    },
    select: (place) => inspector.select(place),
    read: (place) => session.weights[place],
    session: () => session,
    change(place, number) {
      session.change(place, number);
      inspector.show();
    },
    drop: () => session.share(),
  };
  view = new View(root, ui, session, hands);
  root.classList.toggle("sp-no-network", !view.network);
  root.classList.toggle("sp-no-plane", !view.isPlane);
  if (view.network) inspector = new Inspector(ui, about, view.network, hands);

  /** Draw soon, once for all that changes until then. */
  function refresh() {
    if (!view || waiting || running) return;
    waiting = requestAnimationFrame(() => {
      waiting = 0;
      draw();
    });
  }

  function draw() {
    drawn = performance.now();
    view.draw();
    inspector?.show();
    showSettings(ui, session);
  }

  function tick(now) {
    running = requestAnimationFrame(tick);
    const isDue = now - drawn >= (calm.matches ? CALM : FRAME);
    let left = session.settings.speed || Infinity;
    if (left < Infinity && !isDue) return;
    attempt(() => {
      const end = performance.now() + SLICE;
      do session.step();
      while (--left > 0 && performance.now() < end);
    });
    if (isDue) draw();
    if (now - shared > SHARING) {
      shared = now;
      session.share();
    }
  }

  /** Train; where a number is not finite, stop and say where. */
  function attempt(train) {
    ui.alarm.hidden = true;
    try {
      train();
    } catch (error) {
      if (!(error instanceof NotFinite)) throw error;
      play(false);
      ui.alarm.hidden = false;
      ui.alarm.textContent = `${error.message}${where(error.place)} The weights are as before it; a smaller rate may help.`;
    }
  }

  function where(place) {
    let left = place;
    for (const [path, shape] of place == null ? [] : about.names) {
      const size = shape.reduce((a, b) => a * b, 1);
      if (left < size) return ` It belongs to ${path}${shape.length ? `, number ${left + 1}` : ""}.`;
      left -= size;
    }
    return "";
  }

  function play(on) {
    cancelAnimationFrame(running);
    running = on ? requestAnimationFrame(tick) : 0;
    labelRun(ui.play, on);
    ui.gives.ariaLive = on ? "off" : "polite";
    if (!on) {
      session.share();
      refresh();
    }
  }

  const once = (train) => () => {
    play(false);
    attempt(train);
    session.share();
    refresh();
  };
  const actions = {
    play: () => play(!running),
    step: once(() => session.step()),
    epoch: once(() => session.epoch()),
    reset: once(() => session.reset()),
    zeros: once(() => session.reset(session.weights.map(() => 0))),
  };
  const toggle = (sheet, on) => {
    for (const each of [ui.csv, ui.python]) each.hidden = each !== sheet || !on;
    if (on) sheet.querySelector("textarea, pre").focus();
  };
  const clicks = {
    ...actions,
    table: () => toggle(ui.csv, ui.csv.hidden),
    close: () => toggle(ui.csv, false),
    shut: () => toggle(ui.python, false),
    code() {
      toggle(ui.python, ui.python.hidden);
      const { settings, points, kept, held, start, weights, isPure, given, trainer } = session;
      ui.python.querySelector("code").textContent = code({
        about,
        settings,
        points,
        kept,
        held,
        given: points.X === given.X && points.y === given.y,
        start: isPure && trainer.epochs ? start : null,
        weights,
        epochs: trainer.epochs,
      });
    },
    copy() {
      root.ownerDocument.getSelection().selectAllChildren(ui.python.querySelector("code"));
      // The sandbox of a cell has no navigator.clipboard.
      ui.news.textContent = document.execCommand("copy") ? "Copied" : "Selected: copy it with Ctrl+C";
    },
    use() {
      try {
        put(parseTable(ui.text.value, about));
        toggle(ui.csv, false);
        ui.wrong.textContent = "";
      } catch (error) {
        ui.wrong.textContent = error.message;
      }
    },
  };
  for (const name in clicks) {
    ui[name].addEventListener("click", (event) => {
      if (event.detail && actions[name]) root.focus({ preventScroll: true }); // Space plays again
      clicks[name]();
    });
  }

  function put(points) {
    session.setPoints(points);
    view.fit();
    refresh();
  }

  listenSettings(ui, session);
  ui.dataset?.addEventListener("change", () => {
    const name = ui.dataset.value;
    put(name ? dataset(name, about, session.settings.seed) : session.given);
  });
  const label = () => {
    const labels = labelsOf(about);
    return labels ? Number(root.querySelector("[name='label']:checked").value) : ui.label.valueAsNumber || 0;
  };
  const split = ([x, y]) => (about.inputs === 1 ? [[x], labelsOf(about) ? label() : y] : [[x, y], label()]);
  if (view.isPlane) {
    listenHands(ui.points, view.plane, {
      spots: () => view.spots(),
      add: (place) => session.add(...split(place)),
      move(i, place) {
        const [x, y] = split(place);
        session.move(i, x, about.inputs === 1 && !labelsOf(about) ? y : undefined);
      },
      remove: (i) => session.remove(i),
      drop: refresh,
      cross(place) {
        view.cross = place;
        view.probe.point(place);
        refresh();
      },
      probe: view.probe,
    });
  }

  const keys = { " ": "play", ArrowRight: "step", e: "epoch", Home: "reset" };
  root.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!keys[key] || event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.closest("input, select, textarea, pre, canvas, svg")) return;
    if (key === " " && target.closest("button")) return; // it is pressed
    event.preventDefault();
    actions[keys[key]]();
  });
  // It hears of the first sizes, too: then the network, which is painted already, need not wait.
  const resized = new ResizeObserver(() => {
    view.resize();
    if (drawn) draw();
    else refresh();
  });
  for (const part of [ui.picture, ui.points, ui.curves]) resized.observe(part);
  calm.addEventListener("change", refresh);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", refresh);
  const themed = new MutationObserver(refresh); // in a notebook, whose theme need not be the system's
  themed.observe(document.documentElement, { attributeFilter: ["data-jp-theme-light"] });
  labelRun(ui.play, false);

  return () => {
    play(false);
    cancelAnimationFrame(waiting);
    session.forget();
    resized.disconnect();
    themed.disconnect();
    for (const media of [calm, dark]) media.removeEventListener("change", refresh);
    root.remove();
  };
}
