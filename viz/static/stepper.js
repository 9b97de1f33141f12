// The page that steps through a backward pass: one module for the live widget and the saved file.

const DELAY = 900; // ms that a frame stays while playing
const MARGIN = 28; // px kept free around a box that is scrolled into view
const BLANK = "grad –";
const PLAY = "M4.5 2.5v11l9-5.5z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";
const BUTTONS = [
  ["First", "Home", "M3 3h2v10H3zM13 3v10L6 8z"],
  ["Previous", "←", "M10.5 2.5 12 4 8 8l4 4-1.5 1.5L5 8z"],
  ["Play", "Space", PLAY],
  ["Next", "→", "M5.5 2.5 4 4l4 4-4 4 1.5 1.5L11 8z"],
  ["Last", "End", "M3 3v10l7-5zM11 3h2v10h-2z"],
];
const KEYS = { Home: "first", ArrowLeft: "previous", " ": "play", ArrowRight: "next", End: "last" };

const SKELETON = `
  <div class="sg-title"></div>
  <div class="sg-bar">
    <div class="sg-buttons" role="group" aria-label="Steps">${BUTTONS.map(
      ([name, key, icon]) => `<button type="button" class="sg-${name.toLowerCase()}" title="${name} (${key})"
        aria-label="${name}"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="${icon}"/></svg></button>`,
    ).join("")}</div>
    <input class="sg-slider" type="range" min="0" step="1" aria-label="Step">
    <span class="sg-counter"></span>
    <button type="button" class="sg-zoom" aria-pressed="false" title="Show the whole graph">Fit</button>
  </div>
  <div class="sg-figure"></div>
  <div class="sg-legend" aria-hidden="true"><span>applies its rule</span><span>receives</span><span>done</span></div>
  <div class="sg-step"></div>
  <div class="sg-say" aria-live="polite"></div>
  <div class="sg-cells">${["Rule", "Numbers", "Sum"].map(
    (name) => `<div><span>${name}</span><div class="sg-${name.toLowerCase()}"></div></div>`,
  ).join("")}</div>`;

/** What the frames say about each box: its gradient over time, and when it is done. */
function readFrames(frames) {
  const history = new Map(); // node id -> [frame, text] pairs, frames ascending
  const ends = new Map(); // id of a node or edge -> the first frame that has it behind
  frames.forEach(({ node, edge, target, grads }, i) => {
    for (const [id, text] of Object.entries(grads)) {
      if (!history.has(id)) history.set(id, []);
      history.get(id).push([i, text]);
    }
    for (const id of [node, edge, target]) ends.set(id, i + 1);
  });
  const settled = frames.map(() => []); // frame -> the ids that are done from there on
  for (const [id, i] of ends) settled[i]?.push(id);
  return { history, settled };
}

/** What a gradient line says at frame `i`. */
function lineAt(changes, i) {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle][0] <= i) low = middle + 1;
    else high = middle;
  }
  return low ? `grad ${changes[low - 1][1]}` : BLANK;
}

/** Scroll `figure`, and nothing around it, just enough to show the groups; the last one matters most. */
function reveal(figure, groups) {
  const nearest = (scroll, room, start, size) =>
    Math.min(Math.max(scroll, start + size + MARGIN - room), start - MARGIN);
  const view = figure.getBoundingClientRect();
  let { scrollLeft: left, scrollTop: top } = figure;
  for (const group of groups) {
    const box = group.getBoundingClientRect();
    left = nearest(left, figure.clientWidth, box.left - view.left + figure.scrollLeft, box.width);
    top = nearest(top, figure.clientHeight, box.top - view.top + figure.scrollTop, box.height);
  }
  if (groups.length) figure.scrollTo({ left, top });
}

/** Put the SVG into `figure`, its gradients blank; returns its groups and gradient lines by id. */
function draw(figure, svg) {
  figure.innerHTML = svg.slice(svg.indexOf("<svg"));
  for (const name of figure.querySelectorAll("g > title")) name.remove(); // else "n3" is a tooltip
  const groups = new Map();
  const lines = new Map();
  for (const group of figure.querySelectorAll("g.node, g.edge")) {
    groups.set(group.id, group);
    const line = [...group.querySelectorAll("text")].at(-1);
    if (!/^n\d/.test(group.id) || !/^grad\b/.test(line?.textContent)) continue;
    if (line.getAttribute("text-anchor") === "start") {
      // Keep shorter texts centered; dot takes a monospaced character as 0.6 em wide.
      const half = 0.3 * line.getAttribute("font-size") * line.textContent.length;
      line.setAttribute("x", +line.getAttribute("x") + half);
      line.setAttribute("text-anchor", "middle");
    }
    line.textContent = BLANK;
    line.classList.add("sg-grad", "sg-blank");
    lines.set(group.id, line);
  }
  return { groups, lines };
}

/**
 * Build a stepper inside `el`, fed by `store`; returns a function that takes it down.
 *
 * Keys are heard on `keys`. On the document, a stepper alone on its page hears them all; beside
 * another one it needs the focus.
 */
export function mount(el, store, keys = document) {
  const frames = store.get("frames");
  const last = frames.length - 1;
  const clamp = (i) => Math.min(Math.max(Math.trunc(i) || 0, 0), last);
  const { history, settled } = readFrames(frames);

  const root = document.createElement("div");
  root.className = "stepgrad";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", store.get("title"));
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab would move between cells
  root.innerHTML = SKELETON;
  const ui = {};
  for (const part of root.querySelectorAll("[class^=sg-]")) ui[part.className.slice(3)] = part;
  ui.title.textContent = store.get("title");
  ui.slider.max = last;
  const { groups, lines } = draw(ui.figure, store.get("svg"));

  let shown = -1;
  let lit = [];
  let timer = null;

  function show(index) {
    if (index === shown) return;
    const frame = frames[index];
    const changed = new Set();
    for (let i = Math.min(shown, index) + 1; i <= Math.max(shown, index); i++) {
      for (const id in frames[i].grads) changed.add(id);
      for (const id of settled[i]) groups.get(id)?.classList.toggle("done", i <= index);
    }
    for (const id of changed) {
      const text = lineAt(history.get(id), index);
      if (!lines.has(id)) continue;
      lines.get(id).textContent = text;
      lines.get(id).classList.toggle("sg-blank", text === BLANK);
    }
    for (const group of lit) group.classList.remove("active", "target");
    const [edge, target, node] = [frame.edge, frame.target, frame.node].map((id) => groups.get(id));
    edge?.classList.add("active");
    target?.classList.add("target");
    node?.classList.add("active");
    lit = [edge, target, node].filter(Boolean);
    shown = index;

    ui.step.textContent = frame.title;
    ui.rule.innerHTML = frame.rule;
    for (const name of ["numbers", "sum", "say"]) ui[name].textContent = frame[name];
    for (const name of ["rule", "numbers", "sum"]) ui[name].parentElement.classList.toggle("sg-none", !frame[name]);
    ui.counter.textContent = `step ${index + 1} / ${frames.length}`;
    ui.slider.value = index;
    ui.slider.setAttribute("aria-valuetext", frame.title);
    const off = { first: !index, previous: !index, play: !last, next: index === last, last: index === last };
    for (const name in off) {
      // A disabled button would keep the focus and swallow the keys.
      if (off[name] && ui[name] === root.getRootNode().activeElement) focus();
      ui[name].disabled = off[name];
    }
    reveal(ui.figure, lit);
  }

  function move(index) {
    show(clamp(index));
    if (store.get("index") !== shown) store.set("index", shown);
  }

  function go(index) {
    play(false);
    move(index);
  }

  function play(on) {
    clearInterval(timer);
    timer = on ? setInterval(advance, DELAY) : null;
    ui.play.setAttribute("aria-label", on ? "Pause" : "Play");
    ui.play.title = on ? "Pause (Space)" : "Play (Space)";
    ui.play.querySelector("path").setAttribute("d", on ? PAUSE : PLAY);
  }

  function advance() {
    move(shown + 1);
    if (shown === last) play(false);
  }

  const focus = () => root.focus({ preventScroll: true });
  const actions = {
    first: () => go(0),
    previous: () => go(shown - 1),
    next: () => go(shown + 1),
    last: () => go(last),
    play() {
      if (timer === null && shown === last) move(0);
      play(timer === null && last > 0);
    },
    zoom() {
      ui.zoom.setAttribute("aria-pressed", root.classList.toggle("sg-fit"));
      reveal(ui.figure, lit);
    },
  };
  for (const name in actions) {
    ui[name].addEventListener("click", (event) => {
      if (event.detail) focus(); // after a mouse click, Space plays again
      actions[name]();
    });
  }
  ui.slider.addEventListener("input", () => go(ui.slider.valueAsNumber));

  function onKey(event) {
    const { key, target } = event;
    if (!(key in KEYS) || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!root.contains(target) && document.querySelectorAll(".stepgrad").length > 1) return;
    if (target !== ui.slider && target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (key === " " && target.closest?.("button, a, summary")) return; // Space presses those
    event.preventDefault(); // else the slider takes a second step, and the page scrolls
    if (key !== " " || !event.repeat) actions[KEYS[key]]();
  }
  keys.addEventListener("keydown", onKey);
  const forget = store.on("index", () => show(clamp(store.get("index"))));

  el.replaceChildren(root);
  show(clamp(store.get("index")));
  const resized = new ResizeObserver(() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = ui.figure;
    const fits = scrollWidth <= clientWidth && scrollHeight <= clientHeight;
    ui.zoom.hidden = fits && !root.classList.contains("sg-fit");
    reveal(ui.figure, lit);
  });
  resized.observe(ui.figure);

  return () => {
    play(false);
    forget?.();
    resized.disconnect();
    keys.removeEventListener("keydown", onKey);
    root.remove();
  };
}

/** A store for `mount` around a plain object: a saved page has no kernel behind it. */
export function memoryStore(state) {
  const listeners = {};
  return {
    get: (key) => state[key],
    set(key, value) {
      state[key] = value;
      for (const callback of listeners[key] ?? []) callback();
    },
    on(key, callback) {
      (listeners[key] ??= new Set()).add(callback);
      return () => listeners[key].delete(callback);
    },
  };
}

export default {
  render({ model, el }) {
    const store = {
      get: (key) => model.get(key),
      set(key, value) {
        model.set(key, value);
        model.save_changes();
      },
      on(key, callback) {
        model.on(`change:${key}`, callback);
        return () => model.off?.(`change:${key}`, callback);
      },
    };
    return mount(el, store, el);
  },
};
