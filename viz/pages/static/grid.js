// All numbers of an array as colored cells: pointed at, or walked through by arrow keys, each is told.

import { named, numberOf, tables } from "./elements.js";

const WIDEST = 24; // px of a cell
const GAP = 0.4; // cells between tables
const LONGEST = 64; // cells of a row, of which a vector has several
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Where each element lies, in cells; tables of an array of more than two axes stand in lines. */
export function layout(shape) {
  let { count, rows, columns } = tables(shape);
  const length = rows * columns;
  if (count === 1 && rows === 1 && columns > LONGEST) {
    [rows, columns] = [Math.ceil(columns / LONGEST), LONGEST];
  }
  const beside = Math.max(1, Math.min(count, Math.round(Math.sqrt((count * rows) / columns) * 1.6)));
  const total = count * length;
  const at = (place) => {
    const table = Math.floor(place / length);
    const inside = place % length;
    return {
      x: (table % beside) * (columns + GAP) + (inside % columns),
      y: Math.floor(table / beside) * (rows + GAP) + Math.floor(inside / columns),
    };
  };
  const wide = beside * (columns + GAP) - GAP;
  const high = Math.ceil(count / beside) * (rows + GAP) - GAP;
  const find = (x, y) => {
    const [right, down] = [Math.floor(x / (columns + GAP)), Math.floor(y / (rows + GAP))];
    const [column, row] = [Math.floor(x - right * (columns + GAP)), Math.floor(y - down * (rows + GAP))];
    const place = (down * beside + right) * length + row * columns + column;
    const isThere = x >= 0 && y >= 0 && column < columns && row < rows && right < beside && place < total;
    return isThere ? place : null;
  };
  return { wide, high, at, find, total, count, length, rows, columns };
}

/** Draw the numbers of an array: one path for each color, and a dash in each that is negative. */
export function drawn({ total, at, wide, high, count, length, rows, columns }, shades, texts) {
  const frames = Array.from({ length: count }, (_, k) => {
    const { x, y } = at(k * length);
    return `M${round(x - 0.04)} ${round(y - 0.04)}h${columns + 0.04}v${rows + 0.04}h-${columns + 0.04}z`;
  });
  const paths = Array.from({ length: 9 }, () => "");
  let minus = "";
  let bad = "";
  for (let place = 0; place < total; place++) {
    const { x, y } = at(place);
    const text = texts[place];
    const cell = `M${round(x)} ${round(y)}h.96v.96h-.96z`;
    if (/[af]/.test(text)) bad += cell;
    else paths[shades[place]] += cell;
    if (text[0] === "-") minus += `M${round(x + 0.28)} ${round(y + 0.48)}h.4`;
  }
  const filled = paths.map((d, k) => d && `<path d="${d}" fill="var(--shade-${k})"/>`).join("");
  return `<svg viewBox="-.1 -.1 ${round(wide + 0.2)} ${round(high + 0.2)}" preserveAspectRatio="xMinYMin" aria-hidden="true">${filled}
    <path class="sg-frames" d="${frames.join("")}"/>${bad && `<path d="${bad}" fill="var(--alarm)"/>`}
    <path class="sg-dashes" d="${minus}"/><path class="sg-lit"/><path class="sg-cursor"/></svg>`;
}

const round = (x) => Math.round(x * 1000) / 1000;

/** Set the grid up; `tell` hears the place that is pointed at, or null, and `pick` the one chosen. */
export class Grid {
  constructor(el, { tell, pick }) {
    Object.assign(this, { el, tell, pick, place: null });
    el.addEventListener("pointermove", (event) => this.#point(this.#placeAt(event)));
    el.addEventListener("pointerleave", () => this.#point(this.chosen));
    el.addEventListener("focus", () => this.#point(this.place ?? 0));
    el.addEventListener("click", (event) => this.#choose(this.#placeAt(event)));
    el.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Show an array, its value or its gradient; nothing where the page has no numbers of it. */
  show(array, isGrad, chosen) {
    const numbers = array && (isGrad ? array.grads : array.values);
    const total = array?.shape.reduce((a, b) => a * b, 1);
    this.el.hidden = !numbers || total < 2;
    this.chosen = chosen;
    if (this.el.hidden) return;
    const same = this.array === array && this.isGrad === isGrad;
    Object.assign(this, { array, isGrad });
    if (!same) {
      this.layout = layout(array.shape);
      const { wide, high } = this.layout;
      this.el.innerHTML = drawn(this.layout, isGrad ? array.gradShades : array.valueShades, numbers.split(" "));
      this.el.firstChild.style.maxWidth = `${Math.ceil(wide * WIDEST)}px`;
      this.el.firstChild.style.aspectRatio = `${wide + 0.2} / ${high + 0.2}`;
      this.el.setAttribute("aria-label", `${array.label}${isGrad ? ".grad" : ""}, shape ${array.shape.join(" × ")}`);
      this.place = null;
    }
    this.#point(chosen);
  }

  /** Light some elements. */
  light(places) {
    const path = this.el.querySelector(".sg-lit");
    path?.setAttribute("d", places.map((place) => this.#outline(place)).join(""));
  }

  text(place) {
    const { label, shape } = this.array;
    const number = numberOf(this.array, this.isGrad, place);
    return `${named(this.isGrad ? `${label}.grad` : label, shape, place)} = ${number}`;
  }

  #outline(place) {
    const { x, y } = this.layout.at(place);
    return `M${round(x)} ${round(y)}h.96v.96h-.96z`;
  }

  #placeAt({ clientX, clientY }) {
    const { left, top, width, height } = this.el.firstChild.getBoundingClientRect();
    const cell = Math.min(width / (this.layout.wide + 0.2), height / (this.layout.high + 0.2));
    return this.layout.find((clientX - left) / cell - 0.1, (clientY - top) / cell - 0.1);
  }

  #point(place) {
    this.place = place ?? this.place;
    const d = place === null || place === undefined ? "" : this.#outline(place);
    this.el.querySelector(".sg-cursor")?.setAttribute("d", d);
    this.tell(d ? this.text(place) : "");
  }

  #choose(place) {
    if (place !== null) this.pick(place, this.isGrad);
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const [down, across] = STEPS[event.key] ?? [0, 0];
    if (down || across) {
      const { x, y } = this.layout.at(this.place ?? 0);
      const step = (n) => this.layout.find(x + 0.5 + n * across * (1 + GAP), y + 0.5 + n * down * (1 + GAP));
      const next = this.layout.find(x + 0.5 + across, y + 0.5 + down) ?? step(1);
      if (next !== null) this.#point(next);
    } else if (event.key === "Enter" || event.key === " ") this.#choose(this.place);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the arrows would step
  }
}
