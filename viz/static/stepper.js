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

const button = ([name, key, icon]) => `
  <button type="button" class="sg-${name.toLowerCase()}"
    aria-label="${name}" title="${name} (${key})">
    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="${icon}"/></svg>
  </button>`;
const SKELETON = `
  <div class="sg-title"></div>
  <div class="sg-bar">
    <div class="sg-buttons" role="group" aria-label="Steps">${BUTTONS.map(button).join("")}</div>
    <input class="sg-slider" type="range" min="0" aria-label="Step">
    <span class="sg-counter"></span>
    <button type="button" class="sg-zoom" aria-pressed="false" title="Show it whole">Fit</button>
  </div>
  <div class="sg-figure"></div>
  <div class="sg-legend" aria-hidden="true">
    <span>applies its rule</span><span>receives</span><span>done</span>
  </div>
  <div class="sg-step"></div>
  <div class="sg-say" aria-live="polite"></div>
  <div class="sg-cells">
    <div><span>Rule</span><div class="sg-rule"></div></div>
    <div><span>Numbers</span><div class="sg-numbers"></div></div>
    <div><span>Gradient</span><div class="sg-sum"></div></div>
  </div>`;

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

/** Put the SVG into `figure`, its gradients blank; returns its groups and gradient lines by id. */
function draw(figure, svg) {
  figure.innerHTML = svg.slice(svg.indexOf("<svg"));
  for (const name of figure.querySelectorAll("g > title")) name.remove(); // else "n3" is a tooltip
  const groups = new Map();
  const lines = new Map();
  for (const group of figure.querySelectorAll("g.node, g.edge")) {
    groups.set(group.id, group);
    const line = [...group.querySelectorAll("text")].at(-1);
    if (!/^n\d/.test(group.id) || !/^\s*grad\b/.test(line?.textContent)) continue;
    if (line.getAttribute("text-anchor") === "start") {
      // Shorter texts stay centered; dot takes a monospaced character as 0.6 em wide.
      const half = 0.3 * line.getAttribute("font-size") * line.textContent.length;
      line.setAttribute("x", Number(line.getAttribute("x")) + half);
      line.setAttribute("text-anchor", "middle");
    }
    line.textContent = BLANK;
    line.classList.add("sg-grad", "sg-blank");
    lines.set(group.id, line);
  }
  return { groups, lines };
}

/** Scroll `figure`, and nothing around it, just enough to show the groups, the last above all. */
function reveal(figure, groups) {
  const nearest = (scroll, room, start, size) =>
    Math.min(Math.max(scroll, start + size + MARGIN - room), start - MARGIN);
  const view = figure.getBoundingClientRect();
  let { scrollLeft: left, scrollTop: top } = figure;
  for (const group of groups) {
    const box = group.getBoundingClientRect();
    const x = box.left - view.left + figure.scrollLeft;
    const y = box.top - view.top + figure.scrollTop;
    left = nearest(left, figure.clientWidth, x, box.width);
    top = nearest(top, figure.clientHeight, y, box.height);
  }
  figure.scrollTo({ left, top });
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
  const { history, settled } = readFrames(frames);
  let shown = -1;
  let lit = [];
  let timer = false;

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

  function show(wanted) {
    const index = Math.min(Math.max(Math.trunc(wanted) || 0, 0), last);
    if (index === shown) return;
    const changed = new Set();
    for (let i = Math.min(shown, index) + 1; i <= Math.max(shown, index); i++) {
      for (const id in frames[i].grads) changed.add(id);
      for (const id of settled[i]) groups.get(id)?.classList.toggle("done", i <= index);
    }
    for (const id of changed) {
      const latest = history.get(id).findLast(([i]) => i <= index);
      const line = lines.get(id);
      if (!line) continue;
      line.textContent = latest ? `grad ${latest[1]}` : BLANK;
      line.classList.toggle("sg-blank", !latest);
    }
    shown = index;
    const frame = frames[index];
    for (const group of lit) group.classList.remove("active", "target");
    const [edge, target, node] = ["edge", "target", "node"].map((of) => groups.get(frame[of]));
    edge?.classList.add("active");
    target?.classList.add("target");
    node?.classList.add("active");
    lit = [edge, target, node].filter(Boolean);
    reveal(ui.figure, lit);
    describe(frame);
  }

  function describe(frame) {
    ui.step.textContent = frame.title;
    ui.say.textContent = frame.say;
    ui.rule.innerHTML = frame.rule;
    ui.numbers.textContent = frame.numbers;
    ui.sum.textContent = frame.sum;
    for (const name of ["rule", "numbers", "sum"]) ui[name].parentElement.hidden = !frame[name];
    ui.counter.textContent = `step ${shown + 1} / ${frames.length}`;
    ui.slider.value = shown;
    ui.slider.setAttribute("aria-valuetext", frame.title);
    const [start, end] = [shown === 0, shown === last];
    const off = { first: start, previous: start, play: last === 0, next: end, last: end };
    for (const name in off) {
      // A disabled button would keep the focus and swallow the keys.
      if (off[name] && ui[name] === root.getRootNode().activeElement) focus();
      ui[name].disabled = off[name];
    }
  }

  function move(index) {
    show(index);
    if (store.get("index") !== shown) store.set("index", shown);
  }

  function play(on) {
    clearInterval(timer);
    timer = on && setInterval(() => (shown < last - 1 ? move : go)(shown + 1), DELAY);
    ui.play.setAttribute("aria-label", on ? "Pause" : "Play");
    ui.play.title = on ? "Pause (Space)" : "Play (Space)";
    ui.play.querySelector("path").setAttribute("d", on ? PAUSE : PLAY);
  }

  function go(index) {
    play(false);
    move(index);
  }

  const focus = () => root.focus({ preventScroll: true });
  const actions = {
    first: () => go(0),
    previous: () => go(shown - 1),
    next: () => go(shown + 1),
    last: () => go(last),
    play() {
      if (!timer && shown === last) move(0);
      play(!timer);
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
    const within = (selector) => target.closest?.(selector);
    if (!KEYS[key] || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!root.contains(target) && document.querySelectorAll(".stepgrad").length > 1) return;
    if (target !== ui.slider && within("input, textarea, select, [contenteditable]")) return;
    if (key === " " && within("button, a, summary")) return; // Space presses those
    event.preventDefault(); // else the slider takes a second step, and the page scrolls
    if (key !== " " || !event.repeat) actions[KEYS[key]]();
  }
  keys.addEventListener("keydown", onKey);
  const forget = store.on("index", () => show(store.get("index")));

  el.replaceChildren(root);
  show(store.get("index"));
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
  const changes = new EventTarget();
  return {
    get: (key) => state[key],
    set(key, value) {
      state[key] = value;
      changes.dispatchEvent(new Event(key));
    },
    on(key, callback) {
      changes.addEventListener(key, callback);
      return () => changes.removeEventListener(key, callback);
    },
  };
}

export default {
  render({ model, el }) {
    const store = {
      get: (key) => model.get(key),
      set: (key, value) => (model.set(key, value), model.save_changes()),
      on(key, callback) {
        model.on(`change:${key}`, callback);
        return () => model.off?.(`change:${key}`, callback);
      },
    };
    return mount(el, store, el);
  },
};
