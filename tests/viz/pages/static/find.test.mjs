// Boxes are found by what they are called, however it is typed, in every room, the nearest first.

import assert from "node:assert/strict";
import test from "node:test";

import { leavesInside, search } from "../../../../viz/pages/static/find.js";

const room = (names) => ({
  boxes: Object.fromEntries(Object.entries(names).map(([id, whole]) => [id, { whole }])),
});
const ROOMS = {
  r0: room({ n0: "x", n1: "layers.0.W", b7: "v₁₂ … v₃₀" }),
  r1: room({ n0: "x", n12: "v₁₂", n5: "Max" }),
  r2: room({ n9: "xi", n8: "a+b(c" }),
};

test("this room comes first, then whole names, then beginnings", () => {
  assert.deepEqual(search(ROOMS, "r0", "x"), [["r0", "n0"], ["r1", "n0"], ["r2", "n9"], ["r1", "n5"]]);
  assert.deepEqual(search(ROOMS, "r2", "x"), [["r2", "n9"], ["r0", "n0"], ["r1", "n0"], ["r1", "n5"]]);
});

test("small and large letters, subscripts and digits are the same; signs stand for themselves", () => {
  assert.deepEqual(search(ROOMS, "r0", " LAYERS.0 "), [["r0", "n1"]]);
  assert.deepEqual(search(ROOMS, "r0", "v12"), [["r0", "b7"], ["r1", "n12"]]);
  assert.deepEqual(search(ROOMS, "r0", "v₁₂"), search(ROOMS, "r0", "v12"));
  assert.deepEqual(search(ROOMS, "r0", "+b("), [["r2", "n8"]]);
});

test("nothing is found by nothing", () => {
  for (const typed of ["", "  ", "nobody"]) assert.deepEqual(search(ROOMS, "r0", typed), []);
});

test("ten thousand boxes are looked through while one types", () => {
  const rooms = {};
  for (let r = 0; r < 1000; r++) {
    rooms[`r${r}`] = room(Object.fromEntries(Array.from({ length: 10 }, (_, k) => [`n${k}`, `v₁${r * 10 + k}`])));
  }
  const start = process.cpuUsage();
  assert.ok(search(rooms, "r0", "v1").length === 10000);
  assert.ok(process.cpuUsage(start).user / 1000 < 200); // ms
});

test("the leaves inside a box are found in its room and in those further in, and nowhere else", () => {
  const leaf = (...nodes) => ({ what: "", nodes });
  const rooms = {
    r0: { boxes: { n9: { what: "MLP", nodes: [0, 1, 2, 3, 4], room: "r1" }, n5: leaf(5) } },
    r1: { boxes: { n5: leaf(5), n8: { what: "Neuron", nodes: [0, 1, 2], room: "r2" }, n3: leaf(3) } },
    r2: { boxes: { n0: leaf(0), n1: leaf(1), n2: { what: "n0·n1", nodes: [2] }, n5: leaf(5) } },
  };
  const inside = (box) => leavesInside(rooms, box).map((place) => place.join(" "));
  assert.deepEqual(inside(rooms.r0.boxes.n9), ["r2 n0", "r2 n1", "r1 n3"]);
  assert.deepEqual(inside(rooms.r0.boxes.n5), []);
  assert.deepEqual(inside({ nodes: [0], room: "not held" }), []);
});
