// What is known at each frame of a room: values and gradients of boxes, and what is done.

import { parse } from "./answers.js";
import { breadth, extremes, norm } from "./arrows.js";

/**
 * Index the frames of a room, so that a step only looks at what it changes; `fill` writes numbers
 * into texts.
 */
export function timeline(frames, fill = (text) => text) {
  const values = new Map(); // id of a box -> [frame, text] pairs, frames ascending
  const grads = new Map();
  const flows = new Map(); // id of an arrow -> what flows along it, in the same way
  const cells = new Map(); // id of a box -> its gradient number by number, in the same way
  const ends = new Map(); // id of a box or an arrow -> the first frame that has it behind
  const moments = new Map(); // id of a box -> the frames that have it at work, or receiving
  frames.forEach((frame, i) => {
    record(values, frame.values, i);
    record(grads, frame.grads, i);
    record(flows, frame.flows ?? {}, i);
    record(cells, frame.cells ?? {}, i);
    for (const id of new Set([frame.node, ...frame.targets])) {
      if (!moments.has(id)) moments.set(id, []);
      moments.get(id).push(i);
    }
    if (frame.phase === "forward") return;
    for (const id of [frame.node, ...frame.edges, ...frame.targets]) ends.set(id, i + 1);
  });
  const now = (text) => text && fill(text);
  const size = (texts) => norm(texts.map((text) => parse(fill(text))));
  const ranged = () => extremes([...flows.values()].flat().map(([, texts]) => size(texts)));
  let range = ranged();
  const settled = frames.map(() => []);
  for (const [id, i] of ends) settled[i]?.push(id);
  return {
    last: frames.length - 1,
    turn: frames.findIndex(({ phase }) => phase !== "forward"), // where the backward pass starts
    /** A box's value at a frame: null if it is not known yet, undefined if no frame computes it. */
    value: (id, index) => now(latest(values.get(id), index)),
    grad: (id, index) => now(latest(grads.get(id), index)),
    /** How many px wide an arrow is, below 0 for a minus; null while nothing has flowed. */
    width(id, index) {
      const texts = latest(flows.get(id), index);
      return texts ? breadth(size(texts), range) : null;
    },
    /** Between which sizes of what flows arrows grow from the thinnest to the widest. */
    get range() {
      return range;
    },
    /** Numbers are others now, and so is their range. */
    refresh: () => (range = ranged()),
    /** The numbers of the cells of a gradient, and their colors; nothing while it is not known. */
    cells: (id, index) => latest(cells.get(id), index) ?? undefined,
    settled: (index) => settled[index],
    moments: (id) => moments.get(id) ?? [],
    /** The arrows along which something flows for the first time, or again, between two frames. */
    flowed(a, b) {
      const between = frames.slice(Math.min(a, b) + 1, Math.max(a, b) + 1);
      return new Set(between.flatMap(({ flows = {} }) => Object.keys(flows)));
    },
    /** The boxes whose value or gradient may differ between two frames. */
    changed(a, b) {
      const ids = new Set();
      for (let i = Math.min(a, b) + 1; i <= Math.max(a, b); i++) {
        for (const id in frames[i].values) ids.add(id);
        for (const id in frames[i].grads) ids.add(id);
      }
      return ids;
    },
  };
}

function record(history, texts, i) {
  for (const [id, text] of Object.entries(texts)) {
    if (!history.has(id)) history.set(id, []);
    history.get(id).push([i, text]);
  }
}

function latest(pairs, index) {
  return pairs && (pairs.findLast(([i]) => i <= index)?.[1] ?? null);
}
