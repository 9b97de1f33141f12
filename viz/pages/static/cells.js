// The numbers in a picture that can be pointed at: cells with numbers, and cells of heat maps.

import { block, indexOf, named, numberOf, tables } from "./elements.js";

export const UNKNOWN = "–";
const CELL = /^a_(\w+)_([vgVG])(\d+)$/; // box, value or gradient, place; large letters for maps

/** The cells of the picture in `el`; what is pointed at is told in `tip`. */
export class Cells {
  constructor(el, tip) {
    Object.assign(this, { el, tip, lit: [] });
    el.addEventListener("pointerover", (event) => this.#tell(event));
    el.addEventListener("pointerdown", (event) => this.#tell(event));
    el.addEventListener("pointerleave", () => (tip.hidden = true));
    el.addEventListener("scroll", () => (tip.hidden = true));
  }

  /** Find the cells of another room. */
  read(boxes, arrays = {}) {
    Object.assign(this, { boxes, arrays, lit: [], maps: new Map() });
    this.tip.hidden = true;
    this.boxOf = new Map(Object.entries(boxes).map(([id, { array }]) => [array, id]));
    for (const group of this.el.querySelectorAll("[id^=a_]")) {
      const [, box, kind] = CELL.exec(group.id) ?? [];
      if (kind && boxes[box]?.array in arrays) group.firstElementChild.removeAttribute("xlink:title"); // the tip says more
      if (kind === "V" || kind === "G") {
        group.classList.add("sg-map");
        const cells = [...group.querySelectorAll("path")];
        const columns = new Set(cells.map((cell) => cell.getAttribute("d").split(",")[0])).size;
        this.maps.set(group.id, { box, isGrad: kind === "G", cells, columns, rows: cells.length / columns });
      }
    }
  }

  /** Blank the maps of the gradient of a box until all of it is there. */
  blank(box, isBlank) {
    for (const [id, map] of this.maps) {
      if (map.box === box && map.isGrad) this.el.querySelector(`#${id}`).classList.toggle("sg-blank", isBlank);
    }
  }

  /** The element of an array at which a click, or a pointer, is: its place, and what to say of it. */
  at({ target, clientX, clientY }) {
    const group = target.closest("[id^=a_]");
    const [, box, kind, number] = CELL.exec(group?.id ?? "") ?? [];
    const id = this.boxes[box]?.array;
    const array = this.arrays[id];
    if (!array || group.closest(".waiting") || group.matches(".sg-blank")) return null;
    const isGrad = kind === "g" || kind === "G";
    const label = isGrad ? `${array.label}.grad` : array.label;
    const map = this.maps.get(group.id);
    if (!map) {
      const place = Number(number);
      const text = numberOf(array, isGrad, place) ?? group.textContent.trim();
      return { id, isGrad, place, text: `${named(label, array.shape, place)} = ${text}` };
    }
    const cell = map.cells.indexOf(target);
    if (cell < 0) return null;
    const { first, down, across, count } = block(array.shape, Number(number), cell, map.columns, map.rows);
    const { left, top, width, height } = target.getBoundingClientRect();
    const inside = (at, size, [from, to]) => Math.min(Math.max(Math.floor((at / size) * (to - from)), 0), to - from - 1);
    const row = inside(clientY - top, height, down);
    const place = first + row * tables(array.shape).columns + inside(clientX - left, width, across);
    if (count === 1) {
      const text = numberOf(array, isGrad, place) ?? "";
      return { id, isGrad, place, text: `${named(label, array.shape, place)} = ${text}` };
    }
    const average = (isGrad ? array.gradMaps : array.valueMaps)[number]?.split(" ")[cell];
    const where = indexOf(first, array.shape).slice(0, -2);
    if (array.shape.length > 1) where.push(down.join(":"));
    return { id, isGrad, place, text: `${label}[${[...where, across.join(":")]}]: average ${average}` };
  }

  /** Light elements, as `explain` lists them, and the one that was chosen. */
  light(used, chosen) {
    for (const shape of this.lit) shape.classList.remove("sg-source", "sg-chosen");
    this.lit = [];
    for (const [id, isGrad, places] of used) this.#mark(id, isGrad, new Set(places), "sg-source");
    if (chosen) this.#mark(chosen.id, chosen.isGrad, new Set([chosen.place]), "sg-chosen");
  }

  #mark(id, isGrad, places, name) {
    const box = this.boxOf.get(id);
    const mark = (shape) => {
      shape?.classList.add(name);
      if (shape) this.lit.push(shape);
      return Boolean(shape);
    };
    let found = false;
    for (const place of places) {
      found = mark(this.el.querySelector(`#a_${box}_${isGrad ? "g" : "v"}${place} polygon`)) || found;
    }
    for (const [map, { box: owner, isGrad: ofGrad, cells, columns, rows }] of this.maps) {
      if (owner !== box || ofGrad !== isGrad) continue;
      const { shape } = this.arrays[id];
      const wide = tables(shape).columns;
      cells.forEach((cell, k) => {
        const { first, down, across } = block(shape, Number(CELL.exec(map)[3]), k, columns, rows);
        const has = (row) => {
          for (let i = 0; i < across[1] - across[0]; i++) if (places.has(first + row * wide + i)) return true;
          return false;
        };
        for (let row = 0; row < down[1] - down[0]; row++) {
          if (has(row)) {
            found = mark(cell);
            break;
          }
        }
      });
    }
    if (!found && box) mark(this.el.querySelector(`#${box}`));
  }

  #tell(event) {
    const found = this.at(event);
    this.tip.hidden = !found;
    if (!found) return;
    this.tip.textContent = found.text;
    const { left, top, width } = this.tip.offsetParent.getBoundingClientRect();
    const x = Math.min(event.clientX - left + 12, width - this.tip.offsetWidth - 4);
    Object.assign(this.tip.style, { left: `${Math.max(x, 4)}px`, top: `${event.clientY - top + 16}px` });
  }
}

/** Find the cells of the value (v) of a box, or of its gradient (g), each with its number. */
export function readCells(group, kind) {
  return [...group.querySelectorAll(`[id^="a_${group.id}_${kind}"]`)].map((cell) => {
    cell.classList.add("sg-cell");
    const text = cell.querySelector("text");
    return { cell, text, given: text.textContent };
  });
}

/** Write a number into a cell, on the color that it has; one that is not known yet is blank. */
export function fillCell({ cell, text }, number, shade) {
  if (text.textContent !== number) {
    text.textContent = number;
    cell.classList.toggle("sg-blank", number === UNKNOWN);
  }
  if (shade !== undefined) cell.dataset.shade = /[af]/.test(number) ? "none" : shade; // nan, inf
}
