// Training by hand: what a trainer, an optimizer and a session change, and what they leave alone.

import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../../../viz/pages/static/store.js";
import { Curve, curvePaths } from "../../../../../viz/pages/static/playground/curve.js";
import { generator } from "../../../../../viz/pages/static/playground/generator.js";
import { optimizer } from "../../../../../viz/pages/static/playground/optimizers.js";
import { Session } from "../../../../../viz/pages/static/playground/session.js";
import { NotFinite, Trainer } from "../../../../../viz/pages/static/playground/trainer.js";

// One weight w, and the loss (w x - t)² / 2.
const train = ([x, t, w], _, outputs) => {
  outputs[0] = (w * x - t) ** 2 / 2;
  outputs[1] = (w * x - t) * x;
  return outputs;
};
const measure = ([x, t, w], _, outputs) => {
  outputs[0] = (w * x - t) ** 2 / 2;
  outputs[1] = w * x;
  return outputs;
};
const ABOUT = { inputs: 1, targets: 1, measured: 2, reduce: "mean", kind: "numbers", threshold: 0, layers: [] };
const SGD = { name: "SGD", lr: 0.5, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false };
const SETTINGS = { optimizer: SGD, batch_size: null, validation: 0, noise: 0, seed: 0, speed: 10 };

function trainer(weight, samples, size = null) {
  const made = new Trainer({ ...ABOUT, train, measure }, [weight]);
  made.restart(optimizer(SGD, 1), generator(0));
  made.learn(samples, size);
  return made;
}

function session(settings = {}, points = { X: [[1], [2]], y: [2, 4] }) {
  const store = memoryStore({ about: ABOUT, weights: [1], points, settings: { ...SETTINGS, ...settings } });
  return new Session(store, { train, measure }, () => {});
}

test("an update moves by the mean slope, and the loss is the one before it", () => {
  const made = trainer(1, [[1, 2], [2, 4]]);
  assert.equal(made.step(), true);
  assert.equal(made.loss, (0.5 + 2) / 2);
  assert.equal(made.weights[0], 1 + (0.5 * (1 + 4)) / 2);
});

test("an epoch of batches sees each sample once", () => {
  const samples = Array.from({ length: 7 }, (_, i) => [i + 1, 0]);
  const made = trainer(0, samples, 3);
  const seen = [];
  made.program = { ...made.program, train: (given, _, outputs) => (seen.push(given[0]), train(given, _, outputs)) };
  assert.deepEqual([made.step(), made.step(), made.step()], [false, false, true]);
  assert.deepEqual(seen.sort(), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([made.updates, made.epochs], [3, 1]);
});

test("where a number is not finite nothing is changed, and the error says which", () => {
  const made = trainer(1, [[1e200, 0]]);
  assert.throws(() => made.step(), (error) => error instanceof NotFinite && /the loss is Infinity/.test(error.message));
  assert.deepEqual([made.weights[0], made.updates], [1, 0]);
  const steep = trainer(1, [[1, 0]]);
  steep.program = { ...steep.program, train: (_, __, outputs) => ((outputs[1] = NaN), outputs) };
  assert.throws(() => steep.step(), { what: "the slope", place: 0 });
});

test("the rate of an optimizer may change while what it remembers stays", () => {
  const how = { ...SGD, momentum: 0.5 };
  const move = optimizer(how, 1);
  assert.equal(move([0], [1])[0], -0.5);
  how.lr = 0.1;
  assert.ok(Math.abs(move([0], [1])[0] + 0.15) < 1e-15);
});

test("reset goes back to the start, and the same seed leads to the same weights", () => {
  const made = session({ batch_size: 1 });
  for (let i = 0; i < 5; i++) made.epoch();
  const first = made.weights[0];
  made.reset();
  assert.deepEqual([made.weights[0], made.trainer.updates, made.losses.all.length], [1, 0, 0]);
  for (let i = 0; i < 5; i++) made.epoch();
  assert.equal(made.weights[0], first);
});

test("whatever is changed by hand is no longer what training alone leads to", () => {
  const changes = [
    (made) => made.change(0, 3),
    (made) => made.add([3], 6),
    (made) => made.choose("Adam"),
    (made) => made.set({ batch_size: 1 }),
    (made) => made.set({ optimizer: { ...SGD, lr: 0.2 } }),
  ];
  for (const change of changes) {
    const made = session();
    made.step();
    assert.equal(made.isPure, true);
    change(made);
    assert.equal(made.isPure, false);
    made.reset();
    assert.equal(made.isPure, true);
  }
});

test("what changes in the store is taken over, and what the page shares comes back once", () => {
  const made = session();
  made.store.set({ weights: [7] });
  assert.equal(made.weights[0], 7);
  made.store.set({ points: { X: [[5]], y: [1] } });
  assert.equal(made.trainer.samples.length, 1);
  made.step();
  made.share();
  assert.deepEqual(made.store.get("weights"), [...made.weights]);
});

test("points that are held out are measured and not trained on", () => {
  const X = Array.from({ length: 10 }, (_, i) => [i]);
  const made = session({ validation: 0.3 }, { X, y: X.map(([x]) => 2 * x) });
  assert.equal(made.heldOut.length, 3);
  assert.equal(made.trainer.samples.length, 7);
  const all = [...made.heldOut, ...made.trainer.samples].map(([x]) => x).sort();
  assert.deepEqual(all, X.flat());
  assert.ok(made.measure().held > 0);
});

test("points added or removed by hand leave all others on their side", () => {
  const X = Array.from({ length: 10 }, (_, i) => [i]);
  const made = session({ validation: 0.3 }, { X, y: X.map(([x]) => 2 * x) });
  const sides = () => [made.trainer.samples, made.heldOut].map((some) => some.map(([x]) => x));
  const [trained, held] = sides();
  made.add([20], 1);
  assert.deepEqual(sides(), [[...trained, 20], held]);
  made.remove(held[0]);
  made.remove(made.kept[0]);
  assert.deepEqual(sides(), [[...trained.slice(1), 20], held.slice(1)]);
  made.reset();
  assert.deepEqual(sides(), [[...trained.slice(1), 20], held.slice(1)]);
  made.set({ validation: 0.5 });
  assert.equal(made.heldOut.length, 4); // of the 8 that were there from the start
  assert.ok(sides()[0].includes(20));
  made.setPoints({ X: [[1], [2]], y: [1, 2] });
  made.remove(made.kept[0]);
  assert.equal(made.trainer.samples.length, 1); // the last one stays
  made.remove(made.held[0]);
  assert.equal(made.points.X.length, 1);
});

test("noise moves points that stand still without it, and none that was put by hand", () => {
  const made = session();
  const { points } = made;
  made.set({ noise: 0.2 });
  assert.notDeepEqual(made.points.X, points.X);
  const [, second] = made.points.X;
  made.move(0, [1.5]);
  assert.deepEqual(made.points.X, [[1.5], second]);
  made.add([9], 1);
  made.remove(1);
  assert.deepEqual(made.points, { X: [[1.5], [9]], y: [2, 1] });
  made.set({ noise: 0 });
  assert.deepEqual(made.points.X, [[1.5], [9]]);
});

test("a curve keeps few points, its last among them, however long it is", () => {
  const curve = new Curve();
  for (let i = 1; i <= 100_000; i++) curve.add(i, 1 / i);
  assert.ok(curve.all.length <= 601);
  curve.add(100_001, Infinity);
  assert.deepEqual(curve.all.at(-1), [100_000, 1e-5]);
  const { paths, top } = curvePaths([curve, new Curve()], 100, 50);
  assert.ok(paths[0].startsWith("M") && paths[1] === "" && top > 0);
});
