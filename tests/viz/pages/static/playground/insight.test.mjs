// What is said of units and weights is what they do.

import assert from "node:assert/strict";
import test from "node:test";

import {
  copies, formulaOf, idle, lossWithout, mostNeeded, obstacle, short,
} from "../../../../../viz/pages/static/playground/insight.js";

// Two inputs, two units of tanh, one output: w1 w2 b for each unit, -1 is frozen.
const LAYERS = [
  { weights: [[0, 1], [3, 4]], biases: [2, 5], name: "tanh" },
  { weights: [[6, 7]], biases: [-1], name: "linear" },
];
const ABOUT = { layers: LAYERS };
const nameOf = (layer, k) => (layer ? `layer ${layer}, unit ${k + 1}` : `x${k + 1}`);

test("a unit is written as what it computes, with its largest weights first", () => {
  const weights = [0.5, -2, 0.25, 1, 1, 0, 3, -0.1];
  assert.equal(formulaOf(ABOUT, weights, 1, 0, nameOf), "tanh(−2·x2 + 0.5·x1 + 0.25)");
  assert.equal(
    formulaOf(ABOUT, weights, 2, 0, nameOf), "3·(layer 1, unit 1) − 0.1·(layer 1, unit 2)",
  );
  const wide = { layers: [{ weights: [[0, 1, 2, 3, 4, 5]], biases: [6], name: "relu" }] };
  assert.equal(
    formulaOf(wide, [1, 2, 3, 4, 5, 6, 7], 1, 0, nameOf),
    "relu(6·x6 + 5·x5 + 4·x4 + 3·x3 + 2 smaller + 7)",
  );
});

test("the weight that is most needed is the one without which the loss is highest", () => {
  const trainer = {
    weights: [1, 2, 0, 5, -3, 0, 0.5, 0.1],
    samples: [],
    judge() {
      const [a, b, , c, d, , e, f] = this.weights;
      return { loss: 10 - a - b - c - Math.abs(d) - e - f };
    },
  };
  const session = { trainer, about: ABOUT };
  const before = [...trainer.weights];
  assert.equal(mostNeeded(session), 3);
  assert.ok(Math.abs(lossWithout(session, 0) - (trainer.judge().loss + 1)) < 1e-12);
  assert.deepEqual(trainer.weights, before);
});

test("units that are copies of each other are found, in and out", () => {
  assert.deepEqual(copies(ABOUT, [0, 0, 0, 0, 0, 0, 0, 0]), [1]);
  assert.deepEqual(copies(ABOUT, [1, 2, 3, 1, 2, 3, 4, 4]), [1]);
  assert.deepEqual(copies(ABOUT, [1, 2, 3, 1, 2, 3, 4, 5]), []);
  assert.deepEqual(copies(ABOUT, [1, 2, 3, 1, 2, 0, 4, 4]), []);
});

test("what keeps units from learning is said", () => {
  const said = (weights) => obstacle({ about: ABOUT, trainer: { weights, samples: [[0]], measure: () => new Float64Array(2) } });
  assert.match(said([0, 0, 0, 0, 0, 0, 0, 0]), /^Every weight behind the first layer is 0/);
  assert.match(said([1, 2, 3, 1, 2, 3, 4, 4]), /^The units of layer 1 are copies/);
  assert.equal(said([1, 2, 3, 1, 2, 3, 0, 5]), "");
});

test("units that are flat where the points are are counted, and said where they are too many", () => {
  const withUnits = (name, ...samples) => ({
    about: { layers: [{ ...LAYERS[0], name, units: 2 }, LAYERS[1]] },
    trainer: { weights: [1, 2, 3, 1, 2, 3, 0, 5], samples, measure: (units) => Float64Array.of(9, 9, ...units) },
  });
  const flat = withUnits("tanh", [1, -0.9999], [-1, 0.5], [1, 0.998], [1, -1]);
  assert.deepEqual(idle(flat), [7 / 8]);
  assert.match(obstacle(flat), /^88 % of the units of layer 1 are saturated: .* smaller rate/);
  assert.deepEqual(idle(withUnits("sigmoid", [0.0001, 0.5], [0.9999, 0.9])), [2 / 4]);
  const dead = withUnits("relu", [0, 0], [0, 3]);
  assert.deepEqual(idle(dead), [1 / 2]);
  assert.equal(obstacle(dead), "");
  assert.match(obstacle(withUnits("relu", [0, 0], [0, 0])), /^100 % of the units of layer 1 are dead: /);
  assert.deepEqual(idle(withUnits("sin", [1, 1])), [0]);
});

test("numbers are short, however small", () => {
  assert.deepEqual([0, 0.5, 0.00001, NaN].map(short), ["0", "0.5000", "1.00e-5", "NaN"]);
});
