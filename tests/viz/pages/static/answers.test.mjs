// An answer is right within one percent, however people write numbers.

import assert from "node:assert/strict";
import test from "node:test";

import { agrees, parse } from "../../../../viz/pages/static/answers.js";

test("numbers are read as people write them", () => {
  for (const [text, number] of [["-4", -4], ["−4", -4], [" 0,5 ", 0.5], ["1e-3", 0.001], ["+2", 2], ["inf", Infinity]]) {
    assert.equal(parse(text), number);
  }
  for (const text of ["", " ", "x", "1 2", "--1", "1,2,3"]) assert.ok(Number.isNaN(parse(text)), text);
});

test("within one percent is right, beyond is wrong", () => {
  for (const truth of [-4, 0.41997434161402614, 1e-9, 12345678]) {
    assert.ok(agrees(`${truth}`, truth));
    assert.ok(agrees(`${truth * 1.0099}`, truth));
    assert.ok(agrees(truth.toPrecision(3), truth));
    assert.ok(!agrees(`${truth * 1.011}`, truth));
    assert.ok(!agrees(`${-truth}`, truth));
    assert.ok(!agrees("0", truth));
  }
});

test("zero is zero only", () => {
  assert.ok(agrees("0", 0));
  assert.ok(agrees("-0.0", 0));
  assert.ok(!agrees("0.001", 0));
});

test("what is no number is no answer", () => {
  for (const text of ["", "x", "nan"]) assert.ok(!agrees(text, 3));
});

test("what is not finite has a name", () => {
  assert.ok(agrees("NaN", "nan"));
  assert.ok(agrees("inf", "inf"));
  assert.ok(agrees("-Infinity", "-inf"));
  for (const text of ["inf", "0", ""]) assert.ok(!agrees(text, "nan"));
  for (const text of ["-inf", "nan", "1e300"]) assert.ok(!agrees(text, "inf"));
});
