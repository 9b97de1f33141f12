// The network as circles of a textbook: units with their own heat maps, edges that follow weights.

const SVG = "http://www.w3.org/2000/svg";
const ACROSS = 720;
const TOP = 48; // room for the names of layers
const NUDGE = 0.02; // what a weight changes by when its edge is dragged by a pixel

/** Where units stand: `[layer][unit]` is [x, y, half the side]; layer 0 are the inputs. */
export function placed(inputs, layers) {
  const counts = [inputs, ...layers.map((layer) => layer.weights.length)];
  const height = Math.min(Math.max(Math.max(...counts) * 40, 520), 680);
  const edge = 62;
  const apart = counts.length > 1 ? (ACROSS - 2 * edge) / (counts.length - 1) : 0;
  const units = counts.map((count, layer) => {
    const pitch = Math.min((height - 20) / count, 104);
    const half = Math.min(27, 0.4 * pitch);
    return Array.from({ length: count }, (_, k) => [
      edge + layer * apart,
      TOP + height / 2 + (k - (count - 1) / 2) * pitch,
      half,
    ]);
  });
  return { units, height: TOP + height };
}

/** How wide the line of a weight is; width, dash and color are those of viz.network. */
export const strokeWidth = (weight) => Math.min(Math.max(2 * Math.sqrt(Math.abs(weight)), 0.5), 8);

/**
 * A picture of layers in `svg`, `width` px wide on the screen, with the heat maps in a canvas under it.
 *
 * `on` is told of `hover(layer, unit)`, which is null when nothing is, `select(place)`, the place
 * of a weight among all, and `change(place, number)`.
 */
export class Network {
  constructor(svg, canvas, about, on) {
    const { units, height } = placed(about.inputs, about.layers);
    Object.assign(this, { svg, canvas, about, on, units, height });
    this.edges = new Map(); // place of a weight -> what is drawn for it
    svg.setAttribute("viewBox", `0 0 ${ACROSS} ${height}`);
    svg.replaceChildren(this.#edges(), this.#units(), this.#names());
    this.values = units.map((column, layer) => column.map((_, k) => svg.querySelector(`#unit-${layer}-${k} .sp-value`)));
    this.#listen();
  }

  /** Draw edges and biases as the weights are now. */
  show(weights) {
    for (const [place, edge] of this.edges) {
      const weight = weights[place];
      const width = edge.isLine ? strokeWidth(weight) : Math.min(3 + 2 * Math.abs(weight), 7);
      const [size, sign] = [width.toFixed(2), Math.sign(weight)];
      if (edge.size !== size) edge.shape.setAttribute(edge.isLine ? "stroke-width" : "r", size);
      if (edge.sign !== sign) {
        edge.shape.classList.toggle("pos", sign > 0);
        edge.shape.classList.toggle("neg", sign < 0);
      }
      Object.assign(edge, { size, sign });
    }
  }

  /** Write into each unit what it gives for an input, of which `found` are outputs and units. */
  tell(input, found) {
    this.values.forEach((texts, layer) =>
      texts.forEach((text, k) => {
        const number = layer ? found[this.about.layers[layer - 1].units - 1 + k] : input[k];
        text.textContent = String(Number(number.toPrecision(2))).replace("-", "−");
      }),
    );
  }

  /** Lay wide lines that nobody sees over the edges, for hands to catch; the first picture does without. */
  lend() {
    for (const [place, { shape, isLine }] of this.edges) {
      const line = { d: shape.getAttribute("d"), class: "sp-reach", "data-place": place };
      if (isLine) shape.parentNode.append(make("path", line));
    }
  }

  /** Paint the heat map of each unit; `picture(layer, unit)` gives it, or null. */
  paint(picture) {
    const scale = (devicePixelRatio * this.width) / ACROSS;
    const [width, height] = [Math.round(ACROSS * scale), Math.round(this.height * scale)];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, ACROSS, this.height);
    this.units.forEach((column, layer) =>
      column.forEach(([x, y, half], k) => {
        const image = picture(layer, k);
        if (!image) return;
        context.save();
        context.beginPath();
        context.roundRect(x - half, y - half, 2 * half, 2 * half, 0.36 * half);
        context.clip();
        context.drawImage(image, x - half, y - half, 2 * half, 2 * half);
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

  #edges() {
    const group = make("g", { class: "sp-edges" });
    this.about.layers.forEach((layer, l) =>
      layer.weights.forEach((row, k) =>
        row.forEach((place, j) => {
          const [x1, y1, from] = this.units[l][j];
          const [x2, y2, to] = this.units[l + 1][k];
          const bend = 0.42 * (x2 - x1);
          const d = `M${x1 + from} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - to} ${y2}`;
          const id = `weight-${l + 1}-${k}-${j}`;
          const name = place < 0 ? "sp-frozen" : `sp-edge${row.length > 8 ? " sp-dense" : ""}`;
          const shape = make("path", { d, id, class: name });
          group.append(shape);
          if (place >= 0) this.edges.set(place, { shape, isLine: true });
        }),
      ),
    );
    return group;
  }

  #units() {
    const group = make("g", { class: "sp-units" });
    this.units.forEach((column, layer) =>
      column.forEach(([x, y, half], k) => {
        const unit = make("g", {
          id: `unit-${layer}-${k}`,
          class: "sp-unit",
          role: "option",
          tabindex: layer || k ? -1 : 0,
          "aria-label": this.nameOf(layer, k),
        });
        const side = { width: 2 * half, height: 2 * half, rx: 0.36 * half };
        const square = make("rect", { x: x - half, y: y - half, ...side });
        unit.append(square, make("text", { x, y: y + 5, class: "sp-value" }));
        if (!layer) unit.append(make("text", { x, y: y + half + 20, class: "sp-name" }, this.nameOf(0, k)));
        const place = layer ? this.about.layers[layer - 1].biases[k] : -1;
        if (place >= 0) {
          const id = `bias-${layer}-${k}`;
          const at = { cx: x - half, cy: y + half };
          const dot = make("circle", { id, ...at, class: "sp-bias", "data-place": place });
          unit.append(dot);
          this.edges.set(place, { shape: dot, isLine: false });
        }
        group.append(unit);
      }),
    );
    return group;
  }

  #names() {
    const group = make("g", { class: "sp-names" });
    this.units.forEach((column, layer) => {
      const what = layer === 0 ? "input" : layer === this.about.layers.length ? "output" : "unit";
      const count = `${column.length} ${what}${column.length === 1 ? "" : "s"}`;
      const place = { x: column[0][0], class: "sp-name" };
      group.append(make("text", { ...place, y: 18 }, count));
      if (layer) group.append(make("text", { ...place, y: 38 }, this.about.layers[layer - 1].name));
    });
    return group;
  }

  /** What a unit is called. */
  nameOf(layer, k) {
    if (!layer) return this.about.inputs === 1 ? "x" : `x${k + 1}`;
    const isLast = layer === this.about.layers.length;
    return isLast ? `output ${k + 1}` : `layer ${layer}, unit ${k + 1}`;
  }

  #listen() {
    const { svg, on } = this;
    const unitOf = (target) => target.closest?.(".sp-unit")?.id.split("-").slice(1).map(Number);
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
    for (const unit of this.svg.querySelectorAll(".sp-unit")) unit.setAttribute("tabindex", -1);
    const unit = this.svg.querySelector(`#unit-${layer}-${k}`);
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

function make(kind, attributes, text = null) {
  const shape = document.createElementNS(SVG, kind);
  for (const key in attributes) shape.setAttribute(key, attributes[key]);
  if (text !== null) shape.textContent = text;
  return shape;
}
