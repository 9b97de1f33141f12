// Leaves whose numbers change, and all that follows from them.

import { parse } from "./answers.js";
import { named } from "./elements.js";
import { leavesInside } from "./find.js";
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

  /** A box; at a leaf with the reason why it cannot be changed, if there is one. */
  box(id, boxes) {
    const box = { ...boxes[id] };
    if (box.what === "") box.still = this.store.get("still");
    return box;
  }

  /** What is to be said of the leaves inside a box: { place, name, value, grad }. */
  leavesInside(box) {
    const rooms = this.store.get("rooms");
    return leavesInside(rooms, box).map(([id, key]) => {
      const { boxes, frames } = rooms[id];
      const { whole: name, value } = boxes[key];
      const grad = frames.findLast(({ grads }) => key in grads)?.grads[key];
      return { place: [id, key], name, value: value && this.fill(value), grad: grad && this.fill(grad) };
    });
  }

  /** The paths to an element of an array, which is `called` so; else those to the box, or its gains. */
  ways(id, element, { boxes, arrays }) {
    const { starts } = this.store.get("why") ?? {};
    if (element && starts) {
      const called = {};
      for (const [id, { label, shape }] of Object.entries(arrays)) {
        for (const place of range(0, starts[Number(id) + 1] - starts[id])) {
          called[starts[id] + place] = named(label, shape, place);
        }
      }
      const end = starts[element.id] + element.place;
      return { paths: this.paths(end, boxes, called), called: called[end] };
    }
    const { output, paths, gains } = boxes[id] ?? {};
    if (output === undefined) return { paths, gains };
    const calls = Object.values(boxes).filter((box) => box.room && box.output !== undefined);
    return { paths: this.paths(output, boxes, Object.fromEntries(calls.map((box) => [box.output, box.whole]))) };
  }

  /** The paths from the output to a Value, or an element; some are `called` as boxes of the room are. */
  paths(end, boxes, called) {
    const { flows, labels, output, starts } = this.store.get("why") ?? {};
    if (!flows) return undefined;
    const read = ([node, target, local, use = ""]) => ({ node, target, local: parse(this.fill(local)), use });
    const parts = (i) => (starts ? range(starts[i], starts[i + 1]) : [i]);
    const boxOf = new Map(
      Object.entries(boxes).flatMap(([id, { nodes }]) => nodes.flatMap(parts).map((i) => [i, id])),
    );
    const names = Object.assign([...labels], called);
    return paths(flows.map(read), output, end).map((path) => ({
      text: pathText(path, names),
      whole: pathText(path, names, true),
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
      before: then(place),
      after: now(place),
      predicted: predicted.reduce((a, b) => a + b, 0),
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

const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

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
export function story({ name, before, after, predicted, broken }) {
  const actual = after - before;
  if (broken) return `${broken} is the first number that is not finite`;
  if (Number.isNaN(predicted)) return `Δ${name} ${signed(actual)}`;
  return `Δ${name} predicted ${signed(predicted)}, actual ${signed(actual)}`;
}
