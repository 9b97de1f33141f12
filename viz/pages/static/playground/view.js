// Draws a training: what the model says of the plane, its units, its weights and its loss.

import { readColors } from "./colors.js";
import { curvePaths } from "./curve.js";
import { Field } from "./field.js";
import { counted, formulaOf, obstacle, short } from "./insight.js";
import { Network } from "./network.js";
import { Plane, rangeOf, spotsOf } from "./plane.js";
import { Probe } from "./probe.js";

const [COARSE, FINE] = [24, 60]; // cells across
const CURVES = [340, 96]; // size of the loss, as its viewBox says

/** All that is painted of a session. */
export class View {
  constructor(root, ui, session, on) {
    const { about } = session;
    Object.assign(this, { root, ui, session, about });
    this.hovered = null; // [layer, unit]
    this.cross = null; // where the keyboard points to
    this.isPlane = about.inputs <= 2;
    if (this.isPlane) {
      this.plane = new Plane(ui.points);
      this.probe = new Probe(ui, session, () => this.drawPlane());
      this.fit();
    }
    if (about.layers.length) {
      const picture = ui.picture;
      this.network = new Network(picture.querySelector("svg"), picture.querySelector("canvas"), about, on);
    }
  }

  /** Choose the range that shows all points; it stays while one is dragged. */
  fit() {
    if (!this.isPlane) return;
    this.plane.range = rangeOf(this.session.points, this.about);
    this.probe.settle(this.plane.range);
    const [[left, right], [bottom, top]] = this.plane.range;
    const from = (low, high) => `${low.toPrecision(2)} to ${high.toPrecision(2)}`;
    const second = this.about.inputs === 1 ? "output" : "x2";
    const first = this.about.inputs === 1 ? "x" : "x1";
    this.ui.axes.textContent = `${first} → ${from(left, right)}   ${second} ↑ ${from(bottom, top)}`;
  }

  /** Fit the pictures to the screen, once its parts are laid out. */
  resize() {
    if (this.isPlane) this.plane.resize();
    if (this.network) this.network.width = this.ui.picture.clientWidth;
  }

  draw() {
    const { session, about } = this;
    const cells = this.colors ? FINE : COARSE; // the first picture is soon there, the next one fine
    this.colors = readColors(this.ui.probes);
    if (this.isPlane) {
      if (this.field?.cells !== cells) this.field = new Field(about, cells);
      this.field.survey(session.trainer, this.plane.range);
      this.drawPlane();
    }
    this.network?.show(session.weights);
    this.#numbers();
    if (cells === COARSE) requestAnimationFrame(() => this.#complete());
    else if (this.isPlane) this.network?.paint((layer, k) => this.#thumbnail(layer, k));
  }

  /** Add what the first picture does without, when that is on the screen. */
  #complete() {
    if (!this.root.isConnected) return;
    this.network?.lend();
    this.session.changed();
  }

  /** Where the points are now, which may not be drawn yet. */
  spots() {
    const { session, about, colors } = this;
    return colors ? spotsOf(session.points, session.held, about, colors) : [];
  }

  drawPlane() {
    const { plane, about, colors, hovered } = this;
    if (!colors) return; // nothing is laid out yet
    const context = plane.begin();
    const name = hovered ? this.network.nameOf(...hovered) : null;
    this.#say();
    this.ui.caption.textContent = name ? `What ${name} gives` : CAPTIONS[about.kind];
    if (about.inputs === 1) this.#drawLines(context);
    else plane.drawField(context, this.#shownField());
    plane.drawPoints(context, this.spots(), colors);
    plane.drawRing(context, this.probe.spot, colors);
    if (this.cross) plane.drawCross(context, this.cross, colors);
    this.probe.show(this.network);
  }

  /** Say what the unit computes that is pointed at, and what cannot be learned. */
  #say() {
    const { ui, about, hovered, network, session } = this;
    if (!network) return;
    const formula = (layer, k) => formulaOf(about, session.weights, layer, k, (l, j) => network.nameOf(l, j));
    ui.hint.textContent = hovered?.[0] ? `${network.nameOf(...hovered)} = ${formula(...hovered)}` : HINT;
    ui.copies.textContent = obstacle(session);
    ui.copies.hidden = !ui.copies.textContent;
  }

  #shownField() {
    const { field, colors, about, hovered } = this;
    if (hovered) return this.#thumbnail(...hovered);
    return about.kind === "classes" ? field.classes(colors) : field.picture(1, colors, this.#scale());
  }

  #drawLines(context) {
    const { plane, field, colors, about, hovered } = this;
    const [range] = plane.range;
    if (hovered?.[0]) {
      plane.drawLine(context, field.line(this.#place(...hovered), range), colors.muted);
    }
    const count = about.kind === "classes" ? about.targets : 1;
    for (let k = 0; k < count; k++) {
      plane.drawLine(context, field.line(1 + k, range), colors.classes[count > 1 ? k : 1]);
    }
  }

  /** Which number is in the middle of the colors, and how far they reach. */
  #scale() {
    const { kind, threshold } = this.about;
    if (kind === "signs") return { middle: threshold, reach: 1 };
    if (kind === "binary") return threshold ? { middle: 0.5, reach: 0.5 } : { middle: 0, reach: 3 };
    const numbers = this.session.points.y.flat();
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    return { middle: (low + high) / 2, reach: (high - low) / 2 || 1 };
  }

  #place(layer, k) {
    return this.about.layers[layer - 1].units + k;
  }

  #thumbnail(layer, k) {
    if (!layer) return this.field.slope(k, this.colors);
    const isOutput = layer === this.about.layers.length && this.about.kind !== "classes";
    return this.field.picture(this.#place(layer, k), this.colors, isOutput ? this.#scale() : {});
  }

  #numbers() {
    const { ui, session } = this;
    const { loss, held, share } = session.measure();
    ui.updates.textContent = counted(session.trainer.updates);
    ui.loss.textContent = short(loss);
    ui.held.textContent = held === undefined ? "" : short(held);
    ui.right.textContent = share === null ? "" : `${Math.round(100 * share)} %`;
    for (const part of this.root.querySelectorAll(".sp-if-held")) part.hidden = held === undefined;
    for (const part of this.root.querySelectorAll(".sp-if-right")) part.hidden = share === null;
    const { paths, top } = curvePaths([session.losses, session.heldLosses], ...CURVES);
    ui.train.setAttribute("d", paths[0]);
    ui.validate.setAttribute("d", paths[1]);
    ui.top.textContent = session.losses.last ? `0 to ${short(top)}` : "no update yet";
  }
}

const HINT = "Drag a line up or down to change its weight; point at a unit to see what it gives, at the plane to see what each unit makes of that input.";
const CAPTIONS = {
  signs: "What the model says of each point",
  binary: "What the model says of each point",
  classes: "The class of each point",
  numbers: "What the model gives",
};
