// Data sets of two inputs that are at hand, drawn anew from a seed.

import { generator } from "./generator.js";
import { labelsOf } from "./samples.js";

const COUNT = 120;

// Each makes a point of the class `k` of `classes`; those of numbers give a number with it.
const SHAPES = {
  circle: ({ turn, share, k }) => polar(k ? 0.45 * Math.sqrt(share) : 0.7 + 0.3 * share, turn),
  xor: ({ share, other, k }, i) => {
    const left = i % 4 < 2 ? -1 : 1;
    return [left * (0.08 + 0.9 * share), (k ? left : -left) * (0.08 + 0.9 * other)];
  },
  gauss: ({ normal, k, classes }) => {
    const [x, y] = polar(0.6, (k + 0.25) / classes);
    return [x + 0.18 * normal(), y + 0.18 * normal()];
  },
  spiral: ({ share, normal, k, classes }) => {
    const far = 0.08 + 0.92 * share;
    const [x, y] = polar(far, 0.9 * far + k / classes);
    return [x + 0.015 * normal(), y + 0.015 * normal()];
  },
  moons: ({ share, normal, k }) => {
    const [x, y] = polar(1, share / 2);
    const [a, b] = k ? [x - 0.5, y - 0.25] : [0.5 - x, 0.25 - y];
    return [a + 0.07 * normal(), b + 0.07 * normal()];
  },
};
const SURFACES = {
  plane: (x, y) => 0.7 * x + 0.4 * y,
  hill: (x, y) => 2 * Math.exp(-3 * (x * x + y * y)) - 1,
  saddle: (x, y) => x * x - y * y,
};
const ANY_CLASSES = ["gauss", "spiral"];

/** Names of the data sets that a model can learn. */
export function datasetsFor(about) {
  if (about.inputs !== 2) return [];
  if (about.kind === "classes") return ANY_CLASSES;
  if (about.kind === "numbers") return about.targets === 1 ? Object.keys(SURFACES) : [];
  return Object.keys(SHAPES);
}

/** Draw a data set. */
export function dataset(name, about, seed) {
  const { uniform, normal } = generator(seed);
  const labels = labelsOf(about);
  const [X, y] = [[], []];
  for (let i = 0; i < COUNT; i++) {
    if (!labels) {
      const x = [2 * uniform() - 1, 2 * uniform() - 1];
      X.push(x);
      y.push(SURFACES[name](...x));
      continue;
    }
    const [k, classes] = [i % labels.length, labels.length];
    const drawn = { turn: uniform(), share: uniform(), other: uniform(), normal, k, classes };
    X.push(SHAPES[name](drawn, i));
    y.push(labels[k]);
  }
  return { X, y };
}

function polar(radius, turn) {
  return [radius * Math.cos(2 * Math.PI * turn), radius * Math.sin(2 * Math.PI * turn)];
}
