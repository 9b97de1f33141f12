// The picture of a room: its SVG, what is lit and known in it, and which box is selected.

import { Cells, fillCell, readCells, UNKNOWN } from "./cells.js";
import { center, draw, extent, squeeze } from "./shapes.js";
import { timeline } from "./timeline.js";
import { View } from "./view.js";

const VALUES = "text[fill='#1a7f37'], text[fill='#ff0000']";
const CORNER = 6.5; // pt, radius of the ⊕ that opens a box
const RING = 4; // pt between a selected box and the ring around it
const GHOST = 9; // pt from a box down to what it held before

/**
 * A picture inside `el`; it calls `onSelect(id or null, element of its array or null)` and
 * `onOpen(id)` when it is clicked. Numbers that are pointed at are told in `tip`.
 */
export class Figure {
  constructor(el, tip, live, { onSelect, onOpen }) {
    this.el = el;
    this.live = live;
    this.view = new View(el);
    this.cells = new Cells(el, tip);
    el.addEventListener("click", (event) => {
      const { target, detail } = event;
      if (this.view.dragged) return;
      const group = target.closest(".node");
      const again = detail > 1;
      if (again && group !== this.clicked) return; // the click before it was in another room
      this.clicked = group;
      onSelect(group?.id ?? null, this.cells.at(event));
      if (group && (again || target.closest(".sg-corner"))) onOpen(group.id);
    });
    el.addEventListener("focusin", ({ target }) => {
      if (!this.nodes.has(target.id) || target.id === this.selected) return;
      if (target.matches(":focus-visible")) onSelect(target.id); // by a key; a hand may be about to drag
    });
  }

  /** Show another room, nothing lit and nothing known in it. */
  draw({ svg, boxes, frames, arrays, slopes = {} }) {
    this.el.innerHTML = svg.slice(svg.indexOf("<svg"));
    const picture = this.el.firstChild;
    picture.setAttribute("role", "presentation");
    this.view.look(picture);
    this.frames = frames;
    this.times = timeline(frames, this.live.fill);
    this.slopes = slopes; // at the heads of arrows
    this.shown = -1;
    this.lit = [];
    this.selected = this.clicked = null;
    this.edges = new Map();
    this.ends = new Map(); // of an edge, as "n0->n3"
    this.nodes = new Map();
    for (const edge of this.el.querySelectorAll(".edge")) {
      this.edges.set(edge.id, edge);
      this.ends.set(edge.querySelector("title").textContent, edge);
    }
    for (const name of this.el.querySelectorAll("g > title")) name.remove(); // else "n3" is a tooltip
    for (const group of this.el.querySelectorAll(".node")) {
      this.nodes.set(group.id, readBox(group, boxes[group.id] ?? {}));
    }
    this.cells.read(boxes, arrays);
    for (const id of this.nodes.keys()) this.#write(id, -1);
    this.nodes.values().next().value.group.tabIndex = 0;
  }

  /** Go to a frame; while it `asks`, its gradients stay as they were before it. */
  show(index, asks) {
    const changed = this.times.changed(this.shown, index);
    for (const i of [this.shown, index]) {
      for (const id in this.frames[i]?.grads) changed.add(id); // where it asks, or asked
    }
    for (const id of changed) this.#write(id, index, asks);
    for (let i = Math.min(this.shown, index) + 1; i <= Math.max(this.shown, index); i++) {
      for (const id of this.times.settled(i)) this.#group(id)?.classList.toggle("done", i <= index);
    }
    for (const id of this.times.flowed(this.shown, index)) this.#widen(id, index);
    this.shown = index;
    this.#light(this.frames[index]);
  }

  /** Write all numbers anew: leaves hold others. */
  rewrite(asks) {
    this.times.refresh();
    for (const id of this.nodes.keys()) this.#write(id, this.shown, asks);
    for (const id of this.edges.keys()) this.#widen(id, this.shown);
    for (const id in this.slopes) {
      this.edges.get(id).querySelector("text").textContent = this.live.fill(this.slopes[id]);
    }
  }

  /** What a box holds at the frame that is shown; whether it ever gets a gradient, and has all of it. */
  describe(id) {
    const { value, grad } = this.nodes.get(id);
    const ever = this.times.grad(id, this.times.last) != null;
    const final = this.times.grad(id, this.shown) === this.times.grad(id, this.times.last);
    const data = value?.textContent ?? this.times.value(id, this.shown) ?? "";
    const received = this.times.cells(id, this.shown) && ` ${this.times.grad(id, this.shown)}`;
    const computed = this.times.value(id, this.shown) !== null;
    return { value: data, grad: (grad?.textContent ?? "") + (received ?? ""), computed, final, ever };
  }

  /** Light the boxes of a path and the arrows between them; none without one. */
  trace(path = []) {
    for (const group of this.el.querySelectorAll(".path")) group.classList.remove("path");
    path.forEach((id, i) => {
      this.nodes.get(id)?.group.classList.add("path");
      const arrow = this.ends.get(`${path[i + 1]}->${id}`) ?? this.ends.get(`${id}->${path[i + 1]}`);
      arrow?.classList.add("path");
    });
  }

  /** Put a ring around a box, or around none; only the selected one is reached by Tab. */
  select(id) {
    const before = this.nodes.get(this.selected);
    const now = this.nodes.get(id);
    before?.ring.remove();
    before?.group.setAttribute("aria-selected", "false");
    this.selected = id;
    if (!now) return;
    for (const { group } of this.nodes.values()) group.tabIndex = group.id === id ? 0 : -1;
    now.group.setAttribute("aria-selected", "true");
    now.group.prepend(now.ring);
  }

  /** The box that is `by` places after the selected one, in the order of the picture. */
  neighbor(by) {
    const ids = [...this.nodes.keys()];
    return ids[Math.min(Math.max(ids.indexOf(this.selected) + by, 0), ids.length - 1)];
  }

  focus(id) {
    this.nodes.get(id).group.focus({ preventScroll: true });
    this.reveal([this.nodes.get(id).group]);
  }

  /** Bring boxes and arrows into view: without any, those that are lit. */
  reveal(groups = this.lit) {
    this.view.reveal(groups);
  }

  #group(id) {
    return this.nodes.get(id)?.group ?? this.edges.get(id);
  }

  #write(id, index, asks = false) {
    const { group, value, grad, given, ghost, place, cells, width } = this.nodes.get(id);
    const known = this.times.value(id, index);
    const data = known === undefined ? (place ? this.live.fill(place) : given) : (known ?? UNKNOWN);
    group.classList.toggle("waiting", known === null);
    if (value) value.textContent = data;
    value?.classList.toggle("sg-blank", known === null);
    const before = place && this.live.ghost(place);
    if (ghost) ghost.textContent = data === UNKNOWN || data === before ? "" : `was ${before}`;
    const received = this.times.grad(id, asks ? index - 1 : index);
    const alone = received && cells.grads.length; // the numbers are in cells
    if (grad) grad.textContent = alone ? "grad" : `grad ${received ?? UNKNOWN}`;
    grad?.classList.toggle("sg-blank", !received);
    this.cells.blank(id, received !== this.times.grad(id, this.times.last));
    if (place) for (const line of [value, grad]) if (line) squeeze(line, width);
    for (const cell of cells.values) fillCell(cell, known === null ? UNKNOWN : cell.given);
    const [texts, shades] = this.times.cells(id, asks ? index - 1 : index) ?? [[], []];
    cells.grads.forEach((cell, k) => fillCell(cell, texts[k] ?? UNKNOWN, shades[k]));
  }

  #widen(id, index) {
    const width = this.times.width(id, index);
    const edge = this.edges.get(id);
    edge?.classList.toggle("minus", width < 0);
    if (width === null) edge?.style.removeProperty("--width");
    else edge?.style.setProperty("--width", `${Math.abs(width)}px`);
  }

  #light({ phase, node, edges, targets }) {
    for (const group of this.lit) group.classList.remove("active", "target", "forward");
    const mark = (id, name) => {
      const group = this.#group(id);
      group?.classList.add(name);
      group?.classList.toggle("forward", phase === "forward");
      return group;
    };
    this.lit = [
      ...edges.map((id) => mark(id, "active")),
      ...targets.map((id) => mark(id, "target")),
      mark(node, "active"),
    ].filter(Boolean);
  }
}

/** Find the lines of a box that change, and draw what it is opened and selected by. */
function readBox(group, { room, whole, value: place, leaf }) {
  const cells = { values: readCells(group, "v"), grads: readCells(group, "g") };
  const texts = [...group.querySelectorAll("text")].filter((text) => !text.closest(".sg-cell"));
  const value = texts.find((text) => text.matches(VALUES));
  const grad = /^\s*grad\b/.test(texts.at(-1)?.textContent) ? texts.at(-1) : null;
  const box = { group, value, grad, given: value?.textContent, cells, place };
  for (const line of [value, grad]) if (line) center(line);
  grad?.classList.add("sg-grad");

  const shapes = [...group.querySelectorAll("path, polygon")];
  const outline = (shape) => shape.getAttribute("d") ?? shape.getAttribute("points");
  for (const shape of shapes) {
    if (outline(shape) === outline(shapes[0])) shape.classList.add("sg-shape");
  }
  const [left, top, right, bottom] = extent(outline(shapes[0]));
  box.width = right - left;
  if (place && value) {
    box.ghost = draw(group, "text", "sg-ghost", { x: (left + right) / 2, y: bottom + GHOST });
    group.append(box.ghost);
    value.classList.toggle("sg-leaf", leaf !== undefined);
  }
  const size = { width: right - left + 2 * RING, height: bottom - top + 2 * RING };
  box.ring = draw(group, "rect", "sg-ring", { x: left - RING, y: top - RING, ...size, rx: 9 });
  if (room) {
    const corner = draw(group, "g", "sg-corner", { transform: `translate(${right} ${top})` });
    corner.append(
      draw(group, "circle", "sg-reach", {}),
      draw(group, "circle", "sg-disc", { r: CORNER }),
      draw(group, "line", "", { x1: -3.2, x2: 3.2 }),
      draw(group, "line", "", { y1: -3.2, y2: 3.2 }),
    );
    group.append(corner);
  }
  if (whole) {
    const tooltip = draw(group, "title", "", {});
    tooltip.textContent = whole;
    group.prepend(tooltip);
  }
  group.setAttribute("role", "option");
  group.setAttribute("aria-selected", "false");
  group.setAttribute("tabindex", "-1");
  return box;
}
