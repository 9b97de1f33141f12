// What is known at each frame of a room: values and gradients of boxes, and what is done.

/** Index the frames of a room, so that a step only looks at what it changes. */
export function timeline(frames) {
  const values = new Map(); // id of a box -> [frame, text] pairs, frames ascending
  const grads = new Map();
  const widths = new Map(); // id of an arrow -> [frame, px] pairs, below 0 for a minus
  const cells = new Map(); // id of a box -> its gradient number by number, in the same way
  const ends = new Map(); // id of a box or an arrow -> the first frame that has it behind
  const moments = new Map(); // id of a box -> the frames that have it at work, or receiving
  frames.forEach((frame, i) => {
    record(values, frame.values, i);
    record(grads, frame.grads, i);
    record(widths, frame.widths ?? {}, i);
    record(cells, frame.cells ?? {}, i);
    for (const id of new Set([frame.node, ...frame.targets])) {
      if (!moments.has(id)) moments.set(id, []);
      moments.get(id).push(i);
    }
    if (frame.phase === "forward") return;
    for (const id of [frame.node, ...frame.edges, ...frame.targets]) ends.set(id, i + 1);
  });
  const settled = frames.map(() => []);
  for (const [id, i] of ends) settled[i]?.push(id);
  return {
    last: frames.length - 1,
    turn: frames.findIndex(({ phase }) => phase !== "forward"), // where the backward pass starts
    /** A box's value at a frame: null if it is not known yet, undefined if no frame computes it. */
    value: (id, index) => latest(values.get(id), index),
    grad: (id, index) => latest(grads.get(id), index),
    width: (id, index) => latest(widths.get(id), index) ?? null,
    /** The numbers of the cells of a gradient, and their colors; nothing while it is not known. */
    cells: (id, index) => latest(cells.get(id), index) ?? undefined,
    settled: (index) => settled[index],
    moments: (id) => moments.get(id) ?? [],
    /** The arrows along which something flows for the first time, or again, between two frames. */
    flowed(a, b) {
      const between = frames.slice(Math.min(a, b) + 1, Math.max(a, b) + 1);
      return new Set(between.flatMap(({ widths = {} }) => Object.keys(widths)));
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
