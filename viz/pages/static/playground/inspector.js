// One weight in words: which it is, what it is good for, and a slider and a number to change it.

import { lossWithout, mostNeeded, short } from "./insight.js";

/** Fill the choices of units and weights, and listen to them. */
export class Inspector {
  constructor(ui, about, network, on) {
    Object.assign(this, { ui, about, network, on });
    this.place = -1;
    about.layers.forEach((layer, l) =>
      layer.weights.forEach((row, k) => {
        const isTrained = [layer.biases[k], ...row].some((place) => place >= 0);
        if (isTrained) ui.to.add(new Option(network.nameOf(l + 1, k), `${l} ${k}`));
      }),
    );
    ui.to.addEventListener("change", () => this.#choose());
    ui.from.addEventListener("change", () => this.select(Number(ui.from.value)));
    for (const input of [ui.slide, ui.number]) {
      input.addEventListener("input", () => {
        if (Number.isFinite(input.valueAsNumber)) on.change(this.place, input.valueAsNumber);
      });
      input.addEventListener("change", () => on.drop());
    }
    ui.needed.addEventListener("click", () => this.select(mostNeeded(on.session())));
    this.#fill(...this.#chosen());
    this.place = Number(ui.from.value);
  }

  /** Show the weight at a place. */
  select(place) {
    this.place = place;
    this.about.layers.forEach((layer, l) =>
      layer.weights.forEach((row, k) => {
        if (![layer.biases[k], ...row].includes(place) || place < 0) return;
        this.ui.to.value = `${l} ${k}`;
        this.#fill(l, k);
      }),
    );
    this.ui.from.value = place;
    this.network.select(place);
    this.show();
  }

  /** Show what it is now. */
  show() {
    const { ui, place } = this;
    const number = this.on.read(place);
    for (const input of [ui.slide, ui.number]) input.disabled = number === undefined;
    if (number === undefined) return;
    const most = Math.max(4, Math.ceil(Math.abs(number)));
    [ui.slide.min, ui.slide.max] = [-most, most];
    ui.slide.value = number;
    ui.without.textContent = `with 0 instead, the loss would be ${short(lossWithout(this.on.session(), place))}`;
    if (ui.number !== ui.number.getRootNode().activeElement) ui.number.value = number.toFixed(4);
  }

  #choose() {
    this.#fill(...this.#chosen());
    this.select(Number(this.ui.from.value));
  }

  #chosen() {
    return this.ui.to.value.split(" ").map(Number);
  }

  #fill(l, k) {
    const { biases, weights } = this.about.layers[l];
    const options = weights[k].map((place, j) => [`weight of ${this.network.nameOf(l, j)}`, place]);
    options.push(["bias", biases[k]]);
    const known = options.filter(([, place]) => place >= 0).map((some) => new Option(...some));
    this.ui.from.replaceChildren(...known);
  }
}
