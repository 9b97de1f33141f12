// The network as circles of a textbook: units with their own heat maps, edges that follow weights.

const SVG = "http://www.w3.org/2000/svg";
const SIDE_BY_SIDE = 9; // columns whose names fit side by side
const NUDGE = 0.02; // what a weight changes by when its edge is dragged by a pixel

/** How wide the line of a weight is; width, dash and color are those of viz.network. */
export const strokeWidth = (weight) => Math.min(Math.max(2 * Math.sqrt(Math.abs(weight)), 0.5), 8);

/**
 * A picture of layers, `svg`, that Python painted and that follows their weights now; `width` px
 * wide on the screen, with the heat maps in a canvas under it.
 *
 * `on` is told of `hover(layer, unit)`, which is null when nothing is, `select(place)`, the place
 * of a weight among all, and `change(place, number)`.
 */
export class Network {
  constructor(svg, canvas, about, on) {
    Object.assign(this, { svg, canvas, about, on });
    this.edges = new Map(); // place of a weight -> what is drawn for it
    const counts = [about.inputs, ...about.layers.map((layer) => layer.weights.length)];
    this.units = counts.map((count, layer) => Array.from({ length: count }, (_, k) => this.#unit(layer, k)));
    about.layers.forEach((layer, l) => this.#find(layer, l + 1));
    for (const layer of counts.keys()) {
      const title = counts.length > SIDE_BY_SIDE ? layer : this.#title(layer);
      svg.querySelector(`#layer-${layer} .title`).textContent = title;
    }
    svg.setAttribute("role", "listbox");
    svg.setAttribute("aria-label", "Units of the network");
    this.#listen();
  }

  /** Draw edges and biases as the weights are now. */
  show(weights) {
    for (const [place, edge] of this.edges) {
      const weight = weights[place];
      const sign = Math.sign(weight);
      const width = edge.isLine && strokeWidth(weight).toFixed(2);
      if (edge.width !== width && edge.isLine) edge.shape.setAttribute("stroke-width", width);
      if (edge.sign !== sign) {
        edge.shape.classList.toggle("pos", sign > 0);
        edge.shape.classList.toggle("neg", sign < 0);
      }
      Object.assign(edge, { width, sign });
    }
  }

  /** Write into each unit what it gives for an input, of which `found` are outputs and units. */
  tell(input, found) {
    this.units.forEach((column, layer) =>
      column.forEach(({ value }, k) => {
        const number = layer ? found[this.about.layers[layer - 1].units - 1 + k] : input[k];
        value.textContent = String(Number(number.toPrecision(2))).replace("-", "−");
      }),
    );
  }

  /** Lay wide lines that nobody sees over the edges, for hands to catch; the first picture does without. */
  lend() {
    for (const [place, { shape, isLine }] of this.edges) {
      if (!isLine) continue;
      const reach = document.createElementNS(SVG, "path");
      reach.setAttribute("d", shape.getAttribute("d"));
      reach.setAttribute("class", "sp-reach");
      reach.dataset.place = place;
      shape.parentNode.append(reach);
    }
  }

  /** Paint the heat map of each unit; `picture(layer, unit)` gives it, or null. */
  paint(picture) {
    const [across, down] = ["width", "height"].map((side) => Number(this.svg.getAttribute(side)));
    const scale = (devicePixelRatio * this.width) / across;
    const [width, height] = [Math.round(across * scale), Math.round(down * scale)];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, across, down);
    this.units.forEach((column, layer) =>
      column.forEach(({ x, y, r }, k) => {
        const image = picture(layer, k);
        if (!image) return;
        context.save();
        context.beginPath();
        context.arc(x, y, r, 0, 2 * Math.PI);
        context.clip();
        context.drawImage(image, x - r, y - r, 2 * r, 2 * r);
        context.restore();
      }),
    );
  }

  /** Mark the weight that is selected. */
  select(place) {
    this.edges.get(this.selected)?.shape.classList.remove("sp-selected");
    this.edges.get(place)?.shape.classList.add("sp-selected");
    this.selected = place;
  }

  /** Take what stands for a unit, and let hands and keyboards have it. */
  #unit(layer, k) {
    const unit = this.svg.querySelector(`#unit-${layer}-${k}`);
    const circle = unit.querySelector("circle");
    const [x, y, r] = ["cx", "cy", "r"].map((name) => Number(circle.getAttribute(name)));
    unit.role = "option";
    unit.ariaLabel = this.nameOf(layer, k);
    unit.setAttribute("tabindex", layer || k ? -1 : 0);
    if (!layer) unit.querySelector(".name").textContent = this.nameOf(0, k);
    return { unit, x, y, r, value: unit.querySelector(".value") };
  }

  /** Find the shapes of what is trained in a layer. */
  #find({ weights, biases }, layer) {
    const { svg, edges } = this;
    weights.forEach((row, k) => {
      row.forEach((place, j) => {
        const shape = svg.querySelector(`#weight-${layer}-${k}-${j}`);
        if (place < 0) shape.classList.add("sp-frozen");
        else edges.set(place, { shape, isLine: true });
      });
      if (biases[k] < 0) return;
      const shape = svg.querySelector(`#bias-${layer}-${k}`);
      shape.dataset.place = biases[k];
      edges.set(biases[k], { shape, isLine: false });
    });
  }

  /** What a unit is called; words count from 1, paths, which Python paints, from 0. */
  nameOf(layer, k) {
    if (!layer) return this.about.inputs === 1 ? "x" : `x${k + 1}`;
    const title = this.#title(layer);
    return title === "output" ? `output ${k + 1}` : `${title}, unit ${k + 1}`;
  }

  #title(layer) {
    if (!layer) return "inputs";
    return layer === this.about.layers.length ? "output" : `layer ${layer}`;
  }

  #listen() {
    const { svg, on } = this;
    const unitOf = (target) => target.closest?.(".unit")?.id.split("-").slice(1).map(Number);
    const hover = ({ target }) => on.hover(...(unitOf(target) ?? [null, null]));
    svg.addEventListener("pointerover", hover);
    svg.addEventListener("pointerleave", () => on.hover(null, null));
    svg.addEventListener("focusin", hover);
    svg.addEventListener("focusout", () => on.hover(null, null));
    svg.addEventListener("click", ({ target }) => {
      const unit = unitOf(target);
      if (target.dataset.place) on.select(Number(target.dataset.place));
      else if (unit?.[0]) on.select(this.#first(...unit));
    });
    svg.addEventListener("keydown", (event) => {
      const unit = unitOf(event.target);
      if (!unit) return;
      const [layer, k] = unit;
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (event.key === "Enter" && layer) on.select(this.#first(layer, k));
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      const column = this.units[layer + move[0]];
      if (!column) return;
      this.#focus(layer + move[0], Math.min(Math.max(k + move[1], 0), column.length - 1));
    });
    this.#drag();
  }

  #first(layer, k) {
    const { biases, weights } = this.about.layers[layer - 1];
    return [biases[k], ...weights[k]].find((place) => place >= 0) ?? -1;
  }

  #focus(layer, k) {
    for (const { unit } of this.units.flat()) unit.setAttribute("tabindex", -1);
    const { unit } = this.units[layer][k];
    unit.setAttribute("tabindex", 0);
    unit.focus();
  }

  #drag() {
    let held = null;
    this.svg.addEventListener("pointerdown", (event) => {
      const place = Number(event.target.dataset.place ?? -1);
      if (place < 0) return;
      event.preventDefault();
      this.svg.setPointerCapture(event.pointerId);
      held = { place, y: event.clientY };
      this.on.select(place);
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!held || event.clientY === held.y) return;
      this.on.change(held.place, this.on.read(held.place) + (held.y - event.clientY) * NUDGE);
      held.y = event.clientY;
    });
    const drop = () => {
      if (held) this.on.drop();
      held = null;
    };
    this.svg.addEventListener("pointerup", drop);
    this.svg.addEventListener("pointercancel", drop);
  }
}
