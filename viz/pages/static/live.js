// Leaves whose numbers change, and all that follows from them.

import { parse } from "./answers.js";
import { filled, shown } from "./places.js";
import { paths, pathText } from "./why.js";

/** The numbers of a page, computed by `compute` from those of the leaves; fixed without it. */
export class Live {
  constructor(store, compute) {
    this.store = store;
    this.rooms = new WeakMap(); // of the store -> the same with live frames
    this.about = compute && store.get("live");
    this.compute = compute;
    if (!this.about) return;
    this.base = this.values = store.get("values");
    this.before = this.#computed();
    this.numbers = this.before;
  }

  /** Write the numbers of now into a text; `fill` and `ghost` go by themselves. */
  fill = (text) => filled(text, this.numbers);

  /** Write the numbers that the page began with into a text. */
  ghost = (text) => filled(text, this.before);

  /** A room whose frames say the numbers of the moment at which they are read. */
  room(room) {
    if (!this.rooms.has(room)) {
      this.rooms.set(room, { ...room, frames: room.frames.map((frame) => follow(frame, this.fill)) });
    }
    return this.rooms.get(room);
  }

  /** A box with its paths where it is one node, and at a leaf why it cannot be changed, if so. */
  box(id, boxes) {
    const box = { ...boxes[id] };
    if (this.store.get("why")?.flows && box.nodes?.length === 1) box.paths = this.why(id, boxes);
    if (box.what === "") box.still = this.store.get("still");
    return box;
  }

  /** The paths from the output to a box of one node; `boxes` are those of the room. */
  why(id, boxes) {
    const { flows, labels, output } = this.store.get("why");
    const found = flows.map(([node, target, local]) => ({ node, target, local: parse(this.fill(local)) }));
    const boxOf = new Map(Object.entries(boxes).flatMap(([id, box]) => box.nodes.map((i) => [i, id])));
    return paths(found, output, Number(id.slice(1))).map((path) => ({
      text: pathText(path, labels),
      product: shown(path.product),
      share: path.share,
      nodes: [...new Set(path.nodes.filter((i) => boxOf.has(i)).map((i) => boxOf.get(i)))],
    }));
  }

  /** Give a leaf another number; `commit` then tells it to whoever shares the page. */
  move(leaf, x) {
    this.#take({ ...this.values, [leaf]: x });
  }

  commit() {
    this.store.set({ values: this.values });
  }

  /** Take over what was set elsewhere; returns whether it is something new. */
  read() {
    const values = this.store.get("values");
    const isNew = this.about?.leaves.some((leaf) => values[leaf] !== this.values[leaf]);
    if (isNew) this.#take(values);
    return isNew;
  }

  reset(leaves) {
    for (const leaf of leaves) this.move(leaf, this.base[leaf]);
    this.commit();
  }

  /** The leaves that hold other numbers than at the beginning. */
  get moved() {
    return this.about ? this.about.leaves.filter((leaf) => this.values[leaf] !== this.base[leaf]) : [];
  }

  /** By how much a press of a key changes a leaf: the second digit of what it held. */
  step(leaf) {
    const size = Math.abs(this.base[leaf]);
    return size > 0 ? 10 ** (Math.floor(Math.log10(size)) - 1) : 0.1;
  }

  /** What the slopes at the beginning foretold of the output, and what happened. */
  get change() {
    const [name, place] = this.about.output;
    const now = (text) => parse(this.fill(text));
    const then = (text) => parse(this.ghost(text));
    const predicted = this.moved.map(
      (leaf) => then(this.about.slopes[leaf] ?? "nan") * (this.values[leaf] - this.base[leaf]),
    );
    return {
      name,
      predicted: predicted.reduce((a, b) => a + b, 0),
      actual: now(place) - then(place),
      broken: this.about.results.find(([, text]) => !Number.isFinite(now(text)))?.[0],
    };
  }

  #take(values) {
    this.values = values;
    this.numbers = this.#computed();
  }

  #computed() {
    const inputs = Float64Array.from(this.about.leaves, (leaf) => this.values[leaf]);
    return this.compute(inputs, [], new Float64Array(this.compute.count));
  }
}

function follow(frame, fill) {
  return {
    ...frame,
    get rule() {
      return frame.rule && fill(frame.rule);
    },
    get numbers() {
      return fill(frame.numbers);
    },
    get sum() {
      return fill(frame.sum);
    },
    get say() {
      return fill(frame.say);
    },
    get asks() {
      return frame.asks?.map(([name, x]) => [name, typeof x === "string" ? fill(x) : x]);
    },
  };
}

const signed = (x) => (x < 0 ? shown(x, 3).replace("-", "−") : `+${shown(x, 3)}`);

/** Say what a change of the leaves has changed. */
export function story({ name, predicted, actual, broken }) {
  if (broken) return `${broken} is the first number that is not finite`;
  if (Number.isNaN(predicted)) return `Δ${name} ${signed(actual)}`;
  return `Δ${name} predicted ${signed(predicted)}, actual ${signed(actual)}`;
}
