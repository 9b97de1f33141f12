// Numbers are written as Python writes them; texts hold places for them.

import assert from "node:assert/strict";
import test from "node:test";

import { filled, several, shown } from "../../../../viz/pages/static/places.js";

test("a number has so many digits, and no more zeros than it needs", () => {
  const pairs = [
    [0, "0"], [-0, "0"], [3, "3"], [-4, "-4"], [0.1, "0.1"], [1 / 3, "0.33333"], [100000, "1e+05"],
    [99999, "99999"], [0.0001, "0.0001"], [0.00001234567, "1.2346e-05"], [-1e-300, "-1e-300"],
    [1e100, "1e+100"], [NaN, "nan"], [Infinity, "inf"], [-Infinity, "-inf"], [120, "120"],
  ];
  for (const [x, text] of pairs) assert.equal(shown(x), text);
});

test("halves go to the even digit", () => {
  assert.deepEqual([12344.5, 12345.5, -12344.5].map((x) => shown(x)), ["12344", "12346", "-12344"]);
  assert.deepEqual([2.5, 3.5, 0.25].map((x) => shown(x, 1)), ["2", "4", "0.2"]);
});

test("a few numbers are written out, many by the least and the largest", () => {
  assert.equal(several([1, 2.3456]), "[1, 2.35]");
  assert.equal(several([5, 1, 2, 3, 4]), "5: 1 … 5");
  assert.equal(several([2, 2, 2, 2, 2]), "5: 2");
});

test("a text is filled, and says only what holds", () => {
  const numbers = [0.5, -2, 0];
  assert.equal(filled("no place", numbers), "no place");
  assert.equal(filled("x is \ue0100\ue011 or \ue0101:17\ue011", numbers), "x is 0.5 or -2");
  assert.equal(filled("\ue010[0,1,=7.0\ue011", numbers), "[0.5, -2, 7]");
  const note = (place) => filled(`Done. \ue012${place}\ue013It is \ue0100\ue011.\ue014 End.`, numbers);
  assert.equal(note("0"), "Done. It is 0.5. End.");
  assert.equal(note("1"), "Done. End.");
  assert.equal(note("2"), "Done. End.");
  assert.equal(note("-1"), "Done. It is 0.5. End.");
  assert.equal(note("-2"), "Done. End.");
});

test("a number that only looks whole is written by what it lacks", () => {
  const near = "\ue012<0\ue013\ue010~0\ue011 - \ue010±0\ue011\ue014\ue012>0\ue013\ue010~0\ue011 + \ue010±0\ue011\ue014";
  const told = (x) => filled(`${near}\ue012=0\ue013\ue0100\ue011\ue014`, [x]);
  const pairs = [
    [1 - 2e-12, "1 - 2e-12"], [1 + 2 ** -30, "1 + 9.3132e-10"], [-1 + 2 ** -30, "-1 + 9.3132e-10"],
    [-1 - 2 ** -30, "-1 - 9.3132e-10"], [3, "3"], [0.5, "0.5"], [1e-12, "1e-12"], [0, "0"], [NaN, "nan"],
    [-Infinity, "-inf"], [123456.5, "1.2346e+05 + 0.5"], [123457.5, "1.2346e+05 - 0.5"],
  ];
  for (const [x, text] of pairs) assert.equal(told(x), text);
});
