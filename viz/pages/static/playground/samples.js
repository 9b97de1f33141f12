// Points as they are shown and as a trainer takes them: noise, the split, and pasted tables.

import { generator } from "./generator.js";

/** What the loss compares with: of a class, 1 for the right one and 0 for all others. */
export function wanted({ kind, targets }, y) {
  if (kind === "classes") return Array.from({ length: targets }, (_, k) => (k === y ? 1 : 0));
  return Array.isArray(y) ? y : [y];
}

/** Shift points by noise, in shares of their spread; the same seed gives the same shifts. */
export function shifts(X, noise, seed) {
  const random = generator(seed);
  const sizes = X[0].map((_, j) => (noise * spread(X.map((x) => x[j]))) / 2);
  return X.map((x) => x.map((_, j) => sizes[j] * random.normal()));
}

const spread = (numbers) => Math.max(...numbers) - Math.min(...numbers);

/**
 * Which points are trained on, and which are kept for validation: those that come first in the
 * permutation of a seed. Points from `drawn` on were added by hand, and are trained on.
 */
export function split(drawn, share, seed, count = drawn) {
  const held = Math.floor(share * drawn + 1e-9);
  const all = Array.from({ length: count }, (_, i) => i);
  if (!held) return { kept: all, held: [] };
  const order = generator(seed).permutation(drawn);
  return { kept: [...order.slice(held), ...all.slice(drawn)], held: order.slice(0, held) };
}

/** The label that the outputs of a model stand for; null where they are numbers. */
export function verdict(about, outputs) {
  const labels = labelsOf(about);
  if (!labels) return null;
  return labels[about.kind === "classes" ? largest(outputs, 0, about.targets) : Number(outputs[0] > about.threshold)];
}

/** Whether an output of a program is on the right side, or the largest where there are classes. */
export function judge({ kind, threshold, targets, inputs }) {
  if (kind === "numbers") return null;
  if (kind === "classes") {
    return (found, sample) => sample[inputs + largest(found, 1, targets)] === 1;
  }
  const middle = kind === "signs" ? 0 : 0.5;
  return (found, sample) => found[1] > threshold === sample[inputs] > middle;
}

/** The place of the largest of `count` numbers from `start` on, counted from there. */
export function largest(numbers, start, count) {
  let best = 0;
  for (let k = 1; k < count; k++) if (numbers[start + k] > numbers[start + best]) best = k;
  return best;
}

/** Read a table: in each line the inputs of a sample, then its label; words above it are skipped. */
export function parseTable(text, about) {
  const [X, y] = [[], []];
  const width = about.inputs + (about.kind === "classes" ? 1 : about.targets);
  for (const [i, line] of text.split("\n").entries()) {
    const cells = line.trim().split(/\s*[,;\t]\s*|\s+/).filter(Boolean);
    const numbers = cells.map(Number);
    if (!cells.length || (!X.length && numbers.some(Number.isNaN))) continue;
    const where = `Line ${i + 1}`;
    if (numbers.length !== width) throw Error(`${where}: ${width} numbers are wanted, not ${cells.length}.`);
    if (!numbers.every(Number.isFinite)) throw Error(`${where}: ${line.trim()} is not all numbers.`);
    const labels = numbers.slice(about.inputs);
    const label = labels.length > 1 ? labels : labels[0];
    const classes = labelsOf(about);
    if (classes && !classes.includes(label)) {
      throw Error(`${where}: the label is ${label}. There are ${classes.join(", ")}.`);
    }
    X.push(numbers.slice(0, about.inputs));
    y.push(label);
  }
  if (!X.length) throw Error("No line holds numbers. Write one point a line, as 0.5, -1.2, 1.");
  return { X, y };
}

/** The labels that a point may have; null for any number. */
export function labelsOf({ kind, targets }) {
  if (kind === "signs") return [-1, 1];
  if (kind === "binary") return [0, 1];
  return kind === "classes" ? Array.from({ length: targets }, (_, k) => k) : null;
}
