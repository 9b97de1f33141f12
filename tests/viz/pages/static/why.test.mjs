// Paths are ranked by their size, and written as in a terminal.

import assert from "node:assert/strict";
import test from "node:test";

import { paths, pathText, percent } from "../../../../viz/pages/static/why.js";

// f = a·y + b·y + … : six paths from f (7) over its terms (1 to 6) to y (0).
const LOCALS = [100, -8, 4, 0.5, 0.25, 0.00001];
const FLOWS = [
  ...LOCALS.map((_, k) => ({ node: 7, target: k + 1, local: 1 })),
  ...LOCALS.map((local, k) => ({ node: k + 1, target: 0, local })),
];
const LABELS = ["y", "a", "b", "c", "d", "e", "g", "f"];

test("the largest are listed, and one stands for the rest", () => {
  const found = paths(FLOWS, 7, 0);
  assert.deepEqual(found.map(({ product }) => product), [100, -8, 4, 0.5, 0.25001]);
  assert.deepEqual(found.map(({ count }) => count), [1, 1, 1, 1, 2]);
  assert.ok(Math.abs(found.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12);
  assert.deepEqual(found.map((path) => pathText(path, LABELS)), [
    "f → a → y: 1 × 100",
    "f → b → y: 1 × -8",
    "f → c → y: 1 × 4",
    "f → d → y: 1 × 0.5↓",
    "2 more paths",
  ]);
  assert.deepEqual(found.map(({ share }) => percent(100 * share)), ["89 %", "7.1 %", "3.5 %", "0.44 %", "0.22 %"]);
});

test("the output is one path to itself, and where no path leads there is none", () => {
  assert.equal(pathText(paths(FLOWS, 7, 7)[0], LABELS), "f");
  assert.deepEqual(paths(FLOWS, 7, 9), []);
});

test("the middle of a long path is left out, but for the factors that decide", () => {
  const flows = Array.from({ length: 20 }, (_, k) => ({ node: 20 - k, target: 19 - k, local: k === 9 ? 0.001 : 1 }));
  const [path] = paths(flows, 20, 0);
  const labels = Array.from({ length: 21 }, (_, k) => `v${k}`);
  assert.equal(
    pathText(path, labels),
    "v20 → v19 → v18 → … → v11 → … → v2 → v1 → v0: 1 × 1 × 1 × … × 0.001↓ × … × 1 × 1",
  );
  const all = pathText(path, labels, true);
  assert.equal(all.split(": ")[0], labels.toReversed().join(" → "));
  assert.equal(all.match(/×/g).length, 19);
});

test("a product that is not finite comes first, and leaves no share", () => {
  const [first] = paths([{ node: 1, target: 0, local: 2 }, { node: 1, target: 0, local: Infinity }], 1, 0);
  assert.deepEqual([first.product, first.share], [Infinity, null]);
});

test("of several uses of one operand it is said which one a path goes to", () => {
  const found = paths([0, 1].map((k) => ({ node: 1, target: 0, local: 3, use: ["1st ", "2nd "][k] })), 1, 0);
  assert.deepEqual(found.map((path) => pathText(path, ["x", "f"])), ["f → 1st x: 3", "f → 2nd x: 3"]);
});
