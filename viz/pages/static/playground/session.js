// A training that can be changed while it goes on: its settings, its points, each of its weights.

import { Curve } from "./curve.js";
import { generator } from "./generator.js";
import { optimizer } from "./optimizers.js";
import { judge, shifts, split, wanted } from "./samples.js";
import { Trainer } from "./trainer.js";

/** What an optimizer is set to when it is chosen. */
const USUAL = {
  SGD: { lr: 0.1, momentum: 0.9, dampening: 0, weight_decay: 0, nesterov: false },
  Adam: { lr: 0.03, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0, bias_correction: true },
  RMSprop: { lr: 0.01, alpha: 0.99, eps: 1e-8, weight_decay: 0, momentum: 0, centered: false },
};

/**
 * A model under training, in `store`: its weights, points and settings.
 *
 * `changed` is called when something else than training has changed what is shown.
 */
export class Session {
  constructor(store, programs, changed) {
    this.store = store;
    this.about = store.get("about");
    this.changed = changed;
    this.trainer = new Trainer({ ...this.about, ...programs }, store.get("weights"));
    this.start = Float64Array.from(store.get("weights"));
    this.given = store.get("points");
    this.still = this.given.X; // where points are without noise
    this.drawn = this.still.length; // those after them were added by hand
    this.isRight = judge(this.about);
    this.#before = this.settings;
    this.#split();
    this.#restart();
    this.#load();
    this.heard = [
      store.on("weights", () => this.#own || this.take(store.get("weights"))),
      store.on("points", () => this.#own || this.setPoints(store.get("points"))),
      store.on("settings", () => this.#own || this.#settle()),
    ];
  }

  #own = false; // whether it is this page that changes the store
  #before; // the settings that are at work

  get settings() {
    return this.store.get("settings");
  }

  get points() {
    return this.store.get("points");
  }

  get weights() {
    return this.trainer.weights;
  }

  /** Whether training alone leads from the start to here. */
  get isPure() {
    return this.#isPure;
  }

  #isPure = true;

  /** Begin again from the weights of the start, or from others. */
  reset(weights = this.start) {
    this.trainer.weights.set(weights);
    this.#restart();
    this.#isPure = weights === this.start;
    this.#load();
    this.share();
  }

  /** Make one update; an error leaves all as it was. */
  step() {
    const { trainer } = this;
    if (trainer.step()) this.losses.add(trainer.updates, trainer.loss);
  }

  /** Make updates to the end of the epoch. */
  epoch() {
    const { epochs } = this.trainer;
    while (this.trainer.epochs === epochs) this.step();
  }

  /** Measure both losses as the weights are now, and note that of validation. */
  measure() {
    const { trainer, isRight } = this;
    const one = trainer.judge(trainer.samples, isRight ?? (() => false));
    const held = this.heldOut.length ? trainer.judge(this.heldOut, isRight ?? (() => false)) : null;
    if (held) this.heldLosses.add(trainer.updates, held.loss);
    const share = isRight ? one.right / trainer.samples.length : null;
    return { loss: one.loss, held: held?.loss, share };
  }

  /** Change one weight by hand. */
  change(place, number) {
    this.trainer.weights[place] = number;
    this.#isPure = false;
    this.changed();
  }

  /** Take over weights that Python sets. */
  take(weights) {
    this.trainer.weights.set(weights);
    this.#isPure = false;
    this.changed();
  }

  /** Change settings; those of the optimizer are under `optimizer`. */
  set(changes) {
    this.#put({ settings: { ...this.settings, ...changes } });
    this.#settle();
  }

  choose(name) {
    this.set({ optimizer: { name, ...USUAL[name] } });
  }

  /** Train on other points, which noise has not moved yet. */
  setPoints(points) {
    this.still = points.X;
    this.drawn = points.X.length;
    this.#split();
    this.#see({ X: this.#shaken(), y: points.y });
  }

  move(i, place, y = this.points.y[i]) {
    this.still = this.still.with(i, place);
    this.#see({ X: this.points.X.with(i, place), y: this.points.y.with(i, y) });
  }

  /** Add a point by hand: it is trained on, and no other point changes sides. */
  add(place, y) {
    this.kept = [...this.kept, this.still.length];
    this.still = [...this.still, place];
    this.#see({ X: [...this.points.X, place], y: [...this.points.y, y] });
  }

  /** Remove a point, unless it is the last one that is trained on. */
  remove(i) {
    if (this.kept.length === 1 && this.kept[0] === i) return;
    const without = (places) => places.filter((k) => k !== i).map((k) => (k > i ? k - 1 : k));
    [this.kept, this.held] = [without(this.kept), without(this.held)];
    if (i < this.drawn) this.drawn -= 1;
    this.still = this.still.toSpliced(i, 1);
    this.#see({ X: this.points.X.toSpliced(i, 1), y: this.points.y.toSpliced(i, 1) });
  }

  /** Give the store the weights, so that Python sees them. */
  share() {
    this.#put({ weights: Array.from(this.trainer.weights) });
  }

  forget() {
    for (const stop of this.heard) stop?.();
  }

  #put(values) {
    this.#own = true;
    this.store.set(values);
    this.#own = false;
  }

  #restart() {
    this.losses = new Curve();
    this.heldLosses = new Curve();
    this.#isPure = true;
    this.#optimize();
    this.trainer.restart(this.trainer.move, generator(this.settings.seed));
  }

  #optimize() {
    this.how = { ...this.settings.optimizer };
    this.trainer.move = optimizer(this.how, this.weights.length);
  }

  /** Let settings work that have changed. */
  #settle() {
    const [before, now] = [this.#before, this.settings];
    const isNew = (key) => before[key] !== now[key];
    if (now.optimizer.name === this.how.name) Object.assign(this.how, now.optimizer);
    else this.#optimize();
    if (isNew("seed")) this.trainer.random = generator(now.seed);
    if (isNew("noise") || (isNew("seed") && now.noise)) this.#put({ points: { X: this.#shaken(), y: this.points.y } });
    if (isNew("seed") || isNew("validation")) this.#split();
    if (["seed", "noise", "validation", "batch_size"].some(isNew)) this.#load();
    if (now.optimizer !== before.optimizer && this.trainer.updates) this.#isPure = false;
    this.#before = now;
    this.changed();
  }

  #shaken() {
    const { noise, seed } = this.settings;
    const moved = shifts(this.still, noise, seed);
    return noise ? this.still.map((x, i) => x.map((number, j) => number + moved[i][j])) : this.still;
  }

  #split() {
    const { validation, seed } = this.settings;
    Object.assign(this, split(this.drawn, validation, seed, this.still.length));
  }

  #see(points) {
    this.#put({ points });
    this.#load();
  }

  /** Make samples of the points. */
  #load() {
    const { about, settings, kept, held } = this;
    const { X, y } = this.points;
    if (this.trainer.updates) this.#isPure = false;
    const row = (i) => [...X[i], ...wanted(about, y[i])];
    this.heldOut = held.map((i) => Float64Array.from(row(i)));
    this.trainer.learn(kept.map(row), settings.batch_size);
    this.changed();
  }
}
