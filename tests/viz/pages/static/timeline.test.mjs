// What a timeline says at a frame is what replaying all frames up to it says.

import assert from "node:assert/strict";
import test from "node:test";

import { timeline } from "../../../../viz/pages/static/timeline.js";

const frame = (phase, rest = {}) => ({
  phase, node: null, edges: [], targets: [], values: {}, grads: {}, ...rest,
});

// f = x·x + x, in which x receives from both nodes; what flows from c gets nothing back.
const FRAMES = [
  frame("forward", { node: "v", edges: ["v0", "v1"], values: { v: "9" } }),
  frame("forward", { node: "c", edges: ["c0"], values: { c: "2" } }),
  frame("forward", { node: "f", edges: ["f0", "f1"], values: { f: "12" } }),
  frame("start", { targets: ["f"], grads: { f: "1" } }),
  frame("backward", { node: "f", edges: ["f0", "f1"], targets: ["v", "x"], grads: { v: "1", x: "1" } }),
  frame("backward", { node: "v", edges: ["v0", "v1"], targets: ["x"], grads: { x: "7" } }),
  frame("result"),
];

test("what is known at a frame is what the frames up to it gave", () => {
  const times = timeline(FRAMES);
  for (const [kind, read] of [["values", times.value], ["grads", times.grad]]) {
    const ever = new Set(FRAMES.flatMap((frame) => Object.keys(frame[kind])));
    const known = {};
    FRAMES.forEach((frame, i) => {
      Object.assign(known, frame[kind]);
      for (const id of ever) assert.equal(read(id, i), known[id] ?? null, `${kind} of ${id} at ${i}`);
    });
  }
});

test("an arrow is as wide as what flowed last, and no longer when one goes back", () => {
  const times = timeline([
    frame("forward", { edges: ["e"] }),
    frame("backward", { edges: ["e"], flows: { e: ["0.1"] } }),
    frame("backward", { edges: ["d"], flows: { d: ["-0.01"] } }),
    frame("result"),
  ]);
  assert.deepEqual([0, 1, 2, 3].map((i) => times.width("e", i)), [null, 5, 5, 5]);
  assert.deepEqual([0, 1, 2].map((i) => times.width("d", i)), [null, null, -1]);
  assert.equal(times.width("nobody", 3), null);
  assert.deepEqual([...times.flowed(0, 2)], ["e", "d"]);
  assert.deepEqual([...times.flowed(2, 1)], ["d"]);
});

test("an arrow is as wide as its flow is among all of the picture, also when numbers change", () => {
  const numbers = { a: 100, b: -1 };
  const times = timeline(
    [frame("backward", { flows: { e: ["a"] } }), frame("backward", { flows: { d: ["b", "b"], c: ["0.001"] } })],
    (text) => `${numbers[text] ?? text}`,
  );
  const wide = () => ["e", "d", "c"].map((id) => times.width(id, 1));
  assert.deepEqual(times.range, [0.001, 100]);
  assert.deepEqual(wide(), [5, 3.5, 1]);
  Object.assign(numbers, { a: 0.001, b: 1 });
  times.refresh();
  assert.deepEqual(times.range, [0.001, Math.hypot(1, 1)]);
  assert.deepEqual(wide(), [1, 5, 1]);
});

test("before the first frame nothing is known, and of a box in no frame nothing is ever said", () => {
  const times = timeline(FRAMES);
  assert.equal(times.value("v", -1), null);
  assert.equal(times.value("x", 6), undefined);
  assert.equal(times.grad("nobody", 6), undefined);
});

test("a way between two frames names every box that differs, in both directions", () => {
  const times = timeline(FRAMES);
  for (let a = -1; a < FRAMES.length; a++) {
    for (let b = -1; b < FRAMES.length; b++) {
      const changed = times.changed(a, b);
      for (const id of ["x", "v", "f"]) {
        if (times.value(id, a) === times.value(id, b) && times.grad(id, a) === times.grad(id, b)) continue;
        assert.ok(changed.has(id), `${id} from ${a} to ${b}`);
      }
    }
  }
  assert.equal(times.changed(3, 3).size, 0);
});

test("a box or an arrow is done after the last frame of the backward pass that touches it", () => {
  const times = timeline(FRAMES);
  assert.deepEqual(
    FRAMES.map((_, i) => times.settled(i).sort()),
    [[], [], [], [], [], ["f", "f0", "f1"], ["v", "v0", "v1", "x"]],
  );
});

test("the moments of a box are the frames that have it at work or receiving, each once", () => {
  const times = timeline(FRAMES);
  for (const id of ["v", "c", "f", "x", "nobody"]) {
    const expected = FRAMES.flatMap(({ node, targets }, i) => (node === id || targets.includes(id) ? [i] : []));
    assert.deepEqual(times.moments(id), expected, id);
  }
});

test("the backward pass starts at its first frame, or nowhere", () => {
  assert.equal(timeline(FRAMES).turn, 3);
  assert.equal(timeline(FRAMES.slice(3)).turn, 0);
  assert.equal(timeline(FRAMES.slice(0, 3)).turn, -1);
});

test("two thousand frames are indexed and read in milliseconds", () => {
  const many = Array.from({ length: 2000 }, (_, i) =>
    frame("backward", { node: `n${i}`, targets: ["x"], edges: [`e${i}`], grads: { x: `${i}` } }));
  const start = process.cpuUsage();
  const times = timeline(many);
  for (let i = 0; i < 2000; i++) assert.equal(times.grad("x", i), `${i}`);
  assert.ok(process.cpuUsage(start).user / 1000 < 500); // ms
});

test("cells are those of the last gradient, and none while there is none", () => {
  const times = timeline([
    frame("start", { targets: ["f"], grads: { f: "[1]" }, cells: { f: [["1"], [8]] } }),
    frame("backward", { node: "f", targets: ["x"], grads: { x: "[2]" }, cells: { x: [["2"], [8]] } }),
    frame("backward", { node: "f", targets: ["x"], grads: { x: "[-1]" }, cells: { x: [["-1"], [0]] } }),
  ]);
  assert.equal(times.cells("x", 0), undefined);
  assert.deepEqual([1, 2].map((i) => times.cells("x", i)), [[["2"], [8]], [["-1"], [0]]]);
  assert.equal(times.cells("y", 2), undefined);
});
