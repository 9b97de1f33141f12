// Points: from tables and from formulas, in the form that a trainer takes.

import assert from "node:assert/strict";
import test from "node:test";

import { code, optimizerCode, python } from "../../../../../viz/pages/static/playground/code.js";
import { dataset, datasetsFor } from "../../../../../viz/pages/static/playground/datasets.js";
import { strokeWidth } from "../../../../../viz/pages/static/playground/network.js";
import { judge, parseTable, shifts, split, verdict, wanted } from "../../../../../viz/pages/static/playground/samples.js";

const SIGNS = { kind: "signs", inputs: 2, targets: 1, threshold: 0 };
const CLASSES = { kind: "classes", inputs: 2, targets: 3 };
const NUMBERS = { kind: "numbers", inputs: 2, targets: 1 };

test("a table is read with commas, tabs or spaces, and words above it are skipped", () => {
  const expected = { X: [[0.5, -1.2], [1, 2]], y: [1, -1] };
  for (const text of ["x1,x2,label\n0.5, -1.2, 1\n1,2,-1\n", "0.5\t-1.2\t1\n\n1 2 -1"]) {
    assert.deepEqual(parseTable(text, SIGNS), expected);
  }
  assert.deepEqual(parseTable("1 2 2", CLASSES), { X: [[1, 2]], y: [2] });
});

test("what is wrong with a table is said with its line", () => {
  assert.throws(() => parseTable("1,2,1\n1,2", SIGNS), /Line 2: 3 numbers are wanted, not 2/);
  assert.throws(() => parseTable("1,2,1\n1,x,1", SIGNS), /Line 2: 1,x,1 is not all numbers/);
  assert.throws(() => parseTable("1,2,5", SIGNS), /Line 1: the label is 5. There are -1, 1/);
  assert.throws(() => parseTable("words", SIGNS), /No line holds numbers/);
});

test("every data set at hand has finite points of every label, the same from the same seed", () => {
  for (const about of [SIGNS, CLASSES, NUMBERS, { ...SIGNS, kind: "binary" }]) {
    assert.ok(datasetsFor(about).length > 0);
    for (const name of datasetsFor(about)) {
      const { X, y } = dataset(name, about, 3);
      assert.ok(X.flat().every((x) => Math.abs(x) < 2), name);
      assert.ok(y.every(Number.isFinite));
      if (about.kind !== "numbers") assert.equal(new Set(y).size, about === CLASSES ? 3 : 2);
      assert.deepEqual(dataset(name, about, 3), { X, y });
      assert.notDeepEqual(dataset(name, about, 4).X, X);
    }
  }
  assert.deepEqual(datasetsFor({ ...SIGNS, inputs: 1 }), []);
});

test("the loss compares a class with shares, and any other target as it is", () => {
  assert.deepEqual(wanted(CLASSES, 1), [0, 1, 0]);
  assert.deepEqual(wanted(SIGNS, -1), [-1]);
  assert.deepEqual(wanted(NUMBERS, [1, 2]), [1, 2]);
});

test("an output is right on the side of its label", () => {
  assert.equal(judge(NUMBERS), null);
  assert.equal(judge(SIGNS)([0, 0.3], [0, 0, 1]), true);
  assert.equal(judge(SIGNS)([0, 0.3], [0, 0, -1]), false);
  assert.equal(judge({ ...SIGNS, kind: "binary", threshold: 0.5 })([0, 0.3], [0, 0, 0]), true);
  assert.equal(judge(CLASSES)([0, 1, 5, 2], [0, 0, 0, 1, 0]), true);
});

test("what the outputs say is a label, on the side of the threshold or the largest", () => {
  assert.equal(verdict(NUMBERS, [0.3]), null);
  assert.deepEqual([[0.3], [-0.3], [0]].map((found) => verdict(SIGNS, found)), [1, -1, -1]);
  const binary = { ...SIGNS, kind: "binary", threshold: 0.5 };
  assert.deepEqual([[0.3], [0.7]].map((found) => verdict(binary, found)), [0, 1]);
  assert.equal(verdict(CLASSES, [1, 5, 2, 9]), 1); // of three: what follows is of units
});

test("noise is a share of the spread, and none without it", () => {
  const X = Array.from({ length: 400 }, (_, i) => [i / 400]);
  assert.ok(shifts(X, 0, 0).flat().every((x) => x === 0));
  const moved = shifts(X, 0.2, 0).flat();
  const size = Math.sqrt(moved.reduce((sum, x) => sum + x * x, 0) / moved.length);
  assert.ok(Math.abs(size - 0.1) < 0.02);
});

test("a split is a partition", () => {
  const { kept, held } = split(10, 0.3, 5);
  assert.equal(held.length, 3);
  assert.deepEqual([...kept, ...held].sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("points that were added by hand are trained on", () => {
  for (const share of [0, 0.3]) {
    const { kept, held } = split(10, share, 5);
    assert.deepEqual(split(10, share, 5, 12), { kept: [...kept, 10, 11], held });
  }
});

test("numbers and options are written as Python writes them", () => {
  assert.equal(python([1, [true, null], 0.5]), "[1, [True, None], 0.5]");
  const adam = { name: "Adam", lr: 0.01, betas: [0.9, 0.99], eps: 1e-8, weight_decay: 0, bias_correction: true };
  assert.equal(optimizerCode(adam), "nn.Adam(model.parameters(), lr=0.01, betas=(0.9, 0.99))");
});

test("the code says whether training alone leads to the state", () => {
  const settings = { optimizer: { name: "SGD", lr: 0.1, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false }, batch_size: 5, validation: 0.2, seed: 3 };
  const given = { about: { ...SIGNS, loss: "nn.hinge_loss", custom: false, on_values: true, flat: false }, settings, points: { X: [[1, 2]], y: [1] }, kept: [0], held: [], given: true, weights: [9], epochs: 12 };
  const pure = code({ ...given, start: [7] });
  assert.match(pure, /play\.take\(\[7\]\) {2}# weights at the start/);
  assert.match(pure, /epochs=12,\n {4}batch_size=5,\n {4}seed=3/);
  const changed = code({ ...given, start: null, given: false });
  assert.match(changed, /X = np\.array\(\[\[1, 2\]\]\)/);
  assert.match(changed, /play\.take\(\[9\]\) {2}# weights as they are/);
  const points = { X: Array(10).fill([1, 2]), y: Array(10).fill(1) };
  const drawn = code({ ...given, points, ...split(10, 0.2, 3), start: [7] });
  assert.match(drawn, /permutation\(len\(X\)\)\nheld, kept = np\.split\(order, \[2\]\)/);
  const byHand = code({ ...given, points, ...split(9, 0.2, 3, 10), start: [7] });
  assert.match(byHand, /held = \[\d\]\nkept = \[[\d, ]+, 9\]/);
  for (const written of [drawn, byHand]) {
    assert.match(written, /batch_size=5,\n {4}validation=\(X\[held\], y\[held\]\)/);
  }
});

test("wide edges are heavy weights", () => {
  assert.deepEqual([0, 1, -4, 100].map(strokeWidth), [0.5, 2, 4, 8]);
});
