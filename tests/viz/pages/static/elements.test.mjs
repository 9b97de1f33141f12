// Elements are named, placed and explained as Python does it.

import assert from "node:assert/strict";
import test from "node:test";

import { block, callOf, explain, indexOf, named } from "../../../../viz/pages/static/elements.js";
import { layout } from "../../../../viz/pages/static/grid.js";

const ARRAYS = {
  0: { label: "x", shape: [2, 2], values: "1 -2 3 4" },
  1: { label: "W", shape: [2], values: "-0.5 2" },
  3: { label: "L", shape: [], values: "7", grads: "1" },
  2: {
    label: "y",
    shape: [2],
    values: "-4.5 6.5",
    grads: "1 1",
    call: "viz.step(L).element('y', ",
    made: [
      {
        sources: [["0", false], ["1", false]],
        forms: [{ rows: ["\ue000·\ue001", "\ue002·\ue003"], slots: [[0, 0], [1, 0], [0, 1], [1, 1]], used: [[[0, 2]], [[0, 2]]] }],
        entries: [[0, [0, 0], "-0.5 -4"], [0, [2, 0], "-1.5 8"]],
      },
    ],
    passed: [
      {
        sources: [["3", true]],
        forms: [{ rows: ["\ue000/\ue001"], slots: [[0, 0], [-1, 1]], used: [[[0, 1]]] }],
        entries: [[0, [0], "0.5 2"], [0, [0], "0.5 2"]],
      },
    ],
  },
};

test("elements have the names that they have in Python", () => {
  assert.deepEqual(indexOf(11, [2, 3, 2]), [1, 2, 1]);
  assert.equal(named("x", [2, 2], 3), "x[1,1]");
  assert.equal(named("L", [], 0), "L");
  assert.equal(callOf({ call: "f(", shape: [2, 2] }, 3), "f((1, 1))");
  assert.equal(callOf({ call: "f(", shape: [3] }, 2), "f(2)");
});

test("the rows of an element name what it uses, with the places shifted", () => {
  const { rows, used } = explain(ARRAYS, "2", "made", 1);
  assert.deepEqual(
    rows.map(({ text, numbers, value }) => [text, numbers, value]),
    [["x[1,0]·W[0]", "3·(-0.5)", "-1.5"], ["x[1,1]·W[1]", "4·2", "8"]],
  );
  assert.deepEqual(used, [["0", false, [2, 3]], ["1", false, [0, 1]]]);
  assert.deepEqual(rows.map(({ comes }) => comes), [null, null]);
});

test("a row of a gradient says which gradient it comes from", () => {
  const { rows, used } = explain(ARRAYS, "2", "passed", 0);
  assert.deepEqual(rows, [
    { text: "L.grad/2", numbers: "1/2", value: "0.5", comes: { id: "3", place: 0, isGrad: true } },
  ]);
  assert.deepEqual(used, [["3", true, [0]]]);
});

test("an array without formulas has no rows", () => {
  assert.deepEqual(explain(ARRAYS, "0", "made", 0), { rows: [], used: [] });
});

test("a cell of a map stands for a block of elements", () => {
  assert.deepEqual(block([4, 6], 0, 3, 2, 2), { first: 15, down: [2, 4], across: [3, 6], count: 6 });
  assert.deepEqual(block([5], 0, 1, 2, 1), { first: 2, down: [0, 1], across: [2, 5], count: 3 });
  assert.deepEqual(block([2, 3, 2, 2], 4, 1, 2, 2), { first: 17, down: [0, 1], across: [1, 2], count: 1 });
});

for (const shape of [[], [1], [5], [200], [3, 4], [2, 3, 4], [2, 3, 2, 5], [1, 8, 8]]) {
  test(`each element of shape ${shape} is found where it is drawn`, () => {
    const { at, find, total, wide, high } = layout(shape);
    const seen = new Set();
    for (let place = 0; place < total; place++) {
      const { x, y } = at(place);
      assert.ok(x >= 0 && y >= 0 && x + 1 <= wide + 1e-9 && y + 1 <= high + 1e-9);
      assert.equal(find(x + 0.5, y + 0.5), place);
      seen.add(`${x} ${y}`);
    }
    assert.equal(seen.size, total);
    assert.equal(find(-1, 0.5), null);
    assert.equal(find(wide + 1, high + 1), null);
  });
}
