// The numbers of the selected box in the panel: all of them as a grid, and one of them explained.

import { writeElement } from "./element.js";
import { Grid } from "./grid.js";

/**
 * Shows an array; `light` hears the elements that one was computed from, `chose` which one it is,
 * `holds` says whether a room is there that `open` would enter, and `go` leads to another element.
 */
export class Numbers {
  constructor(ui, { light, chose, holds, open, go }) {
    Object.assign(this, { ui, light, chose, holds });
    this.grid = new Grid(ui.grid, {
      tell: (text) => (ui.told.textContent = text),
      pick: (place, isGrad) => this.choose(place, isGrad),
    });
    ui.ofvalue.addEventListener("click", () => this.#turn(false));
    ui.ofgrad.addEventListener("click", () => this.#turn(true));
    ui.received.addEventListener("click", ({ target }) => target.comes && go(target.comes));
    ui.inside.addEventListener("click", () => open(ui.inside.value));
  }

  /** Show the array of a box, if it has one that the page knows of; and one element of it. */
  open(arrays = {}, id, element) {
    const array = arrays[id];
    const isOne = array?.shape.every((length) => length === 1);
    this.arrays = arrays;
    this.id = array && id;
    // A folded box has the name of its call; the number that it gives may be written by another.
    const other = array && array.label !== this.ui.name.textContent;
    if (other) this.ui.what.textContent += `${this.ui.what.textContent && ", "}gives ${array.label}`;
    this.isGrad = element?.isGrad ?? false;
    this.chosen = isOne ? { id, place: 0, isGrad: this.isGrad } : (element ?? null);
    this.chose(this.chosen);
  }

  choose(place, isGrad) {
    this.chosen = { id: this.id, place, isGrad };
    this.chose(this.chosen);
    this.write(this.known);
  }

  /** Write what is known of it at the step that is shown. */
  write(known) {
    const { ui, id } = this;
    this.known = known;
    const array = this.arrays[id];
    const isGrad = this.isGrad && known.grad;
    ui.array.hidden = !array || !known.value;
    ui.kinds.hidden = !known.grad || !array?.grads || array.shape.every((length) => length === 1);
    ui.ofvalue.setAttribute("aria-pressed", !isGrad);
    ui.ofgrad.setAttribute("aria-pressed", isGrad);
    const chosen = this.chosen && (this.chosen.isGrad ? known.grad : known.value) ? this.chosen : null;
    this.grid.show(ui.array.hidden ? null : array, isGrad, chosen?.isGrad === isGrad ? chosen.place : null);
    const room = chosen && `${id}.${chosen.place}`;
    const used = writeElement(ui, this.arrays, chosen, known, this.holds(room));
    this.grid.light(used.filter(([of, grad]) => of === id && grad === isGrad).flatMap(([, , places]) => places));
    this.light(used, chosen);
  }

  #turn(isGrad) {
    this.isGrad = isGrad;
    if (this.chosen) this.chosen = { ...this.chosen, isGrad };
    this.write(this.known);
  }
}
