// A picture is first seen whole if it can then be read; else as large as can be read, or larger.

import assert from "node:assert/strict";
import test from "node:test";

import { firstScale, wholeScale } from "../../../../viz/pages/static/view.js";

const SMALLEST = 40 / 3; // px: what 10 pt are
const first = (width, height, view = [900, 400]) =>
  firstScale({ width, height }, { width: view[0], height: view[1] }, SMALLEST);

test("a picture that fits is not enlarged", () => {
  assert.equal(first(300, 200), 1);
  assert.equal(first(900, 400), 1);
});

test("one that nearly fits shrinks until it is whole", () => {
  assert.equal(first(1000, 200), 0.9);
  assert.equal(first(500, 500), 0.8);
});

test("no text is smaller than 10 px, whatever the picture and the screen", () => {
  for (const width of [50, 900, 1100, 2000, 9000]) {
    for (const height of [50, 400, 500, 2000, 9000]) {
      for (const view of [[300, 240], [900, 400], [1300, 600]]) {
        const scale = first(width, height, view);
        assert.ok(scale * SMALLEST > 10 - 1e-9 && scale <= 1, `${width} ${height} ${view}`);
        const [whole, least] = [wholeScale({ width, height }, { width: view[0], height: view[1] }), 0.75];
        if (whole >= least) assert.equal(scale, whole);
      }
    }
  }
});

test("one too tall is as wide as the view, beside the scroll bar", () => {
  assert.equal(first(1000, 5000), 0.884);
  assert.equal(first(400, 5000), 1);
  assert.equal(first(5000, 5000), 0.75);
});

test("small print is left as it is", () => {
  assert.equal(firstScale({ width: 5000, height: 10 }, { width: 100, height: 100 }, 8), 1);
});
