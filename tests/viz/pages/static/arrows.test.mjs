// The width of an arrow tells its flow among all of a picture, over any range of sizes.

import assert from "node:assert/strict";
import test from "node:test";

import { breadth, extremes, norm } from "../../../../viz/pages/static/arrows.js";

/** Numbers of all sizes, of both signs, some 0: the same in every run. */
function flows(count, seed) {
  const dice = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  return Array.from({ length: count }, () => {
    if (dice() < 0.1) return 0;
    return Math.sign(dice() - 0.5) * 10 ** (600 * dice() - 300);
  });
}

const SAMPLES = Array.from({ length: 200 }, (_, k) => flows(1 + (k % 20), k + 1));

test("larger flows have wider arrows, and the widest is the largest", () => {
  for (const found of SAMPLES) {
    const range = extremes(found);
    found.sort((a, b) => Math.abs(a) - Math.abs(b));
    const wide = found.map((x) => breadth(x, range));
    const sizes = wide.map(Math.abs);
    assert.deepEqual(sizes, sizes.toSorted((a, b) => a - b));
    assert.equal(Math.max(...sizes), found.some(Boolean) ? 5 : 0.5);
    assert.ok(Math.min(...sizes) >= (found.every(Boolean) ? 1 : 0.5));
    found.forEach((x, k) => assert.equal(wide[k] < 0, x < 0));
  }
});

test("the smallest has the thinnest, and what is between follows the logarithm", () => {
  const range = [1e-10, 1];
  assert.deepEqual([1, -1e-5, 1e-10].map((x) => breadth(x, range)), [5, -3, 1]);
  assert.deepEqual([0.5, 0].map((x) => breadth(x, [0.5, 1])), [3.8, 0.5]);
});

test("gradients that vanish grow thin step by step", () => {
  const found = Array.from({ length: 7 }, (_, k) => 10 ** (-50 * k));
  const wide = found.map((x) => breadth(x, extremes(found)));
  assert.deepEqual(wide, wide.toSorted((a, b) => b - a));
  assert.equal(new Set(wide).size, wide.length);
});

test("flows that are nearly the same look the same", () => {
  assert.ok(Math.abs(breadth(0.99, [0.99, 1]) - 5) <= 0.1);
});

test("no arrow is too wide or too thin to be seen", () => {
  const wide = (flow) => breadth(flow, extremes([flow, 1]));
  assert.deepEqual([0, Infinity, NaN, -Infinity].map(wide), [0.5, 5, 5, 5]);
});

test("of several flows the size is their norm, and of one number its sign counts", () => {
  assert.equal(norm([-3]), -3);
  assert.equal(norm([-3, 4]), 5);
});
