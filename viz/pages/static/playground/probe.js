// One input that is tried out: typed, doubled, dragged or pointed at, and what the model makes of it.

import { round } from "./insight.js";
import { verdict } from "./samples.js";

/** The input in the fields, and the one that is pointed at for a moment. */
export class Probe {
  constructor(ui, session, changed) {
    Object.assign(this, { ui, session, changed });
    this.fields = [ui.x1, ui.x2].slice(0, session.about.inputs);
    this.pointed = null;
    this.fields.forEach((field, k) => {
      field.addEventListener("focus", () => this.begin());
      field.addEventListener("input", () => {
        if (Number.isFinite(field.valueAsNumber)) this.move(this.pinned.with(k, field.valueAsNumber));
      });
      ui[`double${k + 1}`].addEventListener("click", () => {
        this.begin();
        this.move(this.pinned.with(k, 2 * this.pinned[k]));
      });
    });
  }

  /** Stand somewhere in a range, off its middle: there is often a 0, of which the double is no other. */
  settle(range) {
    this.pinned = this.fields.map((_, j) => {
      const [low, high] = range[j];
      return Number((low + 0.62 * (high - low)).toPrecision(2));
    });
    this.begin();
  }

  /** What is changed from now on is compared with what is there now. */
  begin() {
    this.before = this.pinned;
  }

  move(input) {
    this.pointed = null;
    this.pinned = input;
    this.changed();
  }

  /** Move to a place on the plane. */
  drag(place) {
    this.move(this.#read(place));
  }

  /** Look at another place for a moment; null ends it. */
  point(place) {
    this.pointed = place && this.#read(place);
    this.changed();
  }

  /** What outputs and units give for an input. */
  #given(input) {
    return this.session.trainer.measure(Float64Array.from(input)).slice(1);
  }

  /** The input of a place, in digits that fit a field: it is computed with as it is read. */
  #read(place) {
    return this.fields.map((_, j) => Number(place[j].toPrecision(3)));
  }

  /** Where the input stands on the plane: a single one stands on the curve. */
  get spot() {
    const [x, y] = this.pinned;
    return [x, y ?? this.#given(this.pinned)[0]];
  }

  /** Show the input, and what the model and `network`, if there is one, make of it. */
  show(network) {
    const { ui, session, pinned, before } = this;
    const input = this.pointed ?? pinned;
    this.fields.forEach((field, k) => {
      if (field !== field.getRootNode().activeElement) field.value = input[k];
    });
    const found = this.#given(input);
    network?.tell(input, found);
    const says = verdict(session.about, found);
    const count = session.about.targets;
    const text = (numbers) => Array.from(numbers.slice(0, count), round).join(", ");
    const is = `The model gives ${text(found)}${says === null ? "" : `, so it says ${round(says)}`}`;
    const isNew = !this.pointed && String(before) !== String(pinned);
    ui.gives.textContent = isNew ? `${is}; before, it gave ${text(this.#given(before))}.` : `${is}.`;
  }
}
