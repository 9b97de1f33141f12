// What a unit computes, how much a weight is needed, and what cannot be learned, in words.

const TERMS = 4; // of a sum that are written, the largest ones
const FLAT = 0.005; // of the steepest slope of an activation
const [SATURATED, DEAD] = [0.75, 0.7]; // of a layer: the limits at which nn.fit warns
// The slope of an activation where it gives y, as a share of its steepest.
const SLOPES = { tanh: (y) => 1 - y * y, sigmoid: (y) => 4 * y * (1 - y), relu: (y) => (y > 0 ? 1 : 0) };

/** Write a number in three digits. */
export const round = (x) => String(Number(x.toPrecision(3))).replace("-", "−");

/** Write a count in groups of three; toLocaleString would load all languages before the first picture. */
export const counted = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** Write a loss, or another number that may be very small. */
export const short = (number) => {
  if (!number || !Number.isFinite(number)) return String(number);
  return Math.abs(number) >= 1e-3 && Math.abs(number) < 1e4 ? number.toFixed(4) : number.toExponential(2);
};

/** Write what a unit computes; `nameOf(layer, unit)` names those before it. */
export function formulaOf(about, weights, layer, k, nameOf) {
  const { weights: rows, biases, name } = about.layers[layer - 1];
  const known = rows[k].map((place, j) => [weights[place], nameOf(layer - 1, j)]).filter(([w]) => w !== undefined);
  const largest = known.toSorted(([a], [b]) => Math.abs(b) - Math.abs(a)).slice(0, TERMS);
  const terms = largest.map(([weight, of]) => `${round(weight)}·${/[ ,]/.test(of) ? `(${of})` : of}`);
  if (known.length > TERMS) terms.push(`${known.length - TERMS} smaller`);
  if (weights[biases[k]] !== undefined) terms.push(round(weights[biases[k]]));
  const sum = terms.join(" + ").replaceAll("+ −", "− ");
  return name === "linear" ? sum : `${name}(${sum})`;
}

/** The loss if the number at a place were 0. */
export function lossWithout({ trainer }, place) {
  const number = trainer.weights[place];
  trainer.weights[place] = 0;
  const { loss } = trainer.judge(trainer.samples, () => false);
  trainer.weights[place] = number;
  return loss;
}

/** The place of the weight, not of a bias, without which the loss would be the highest. */
export function mostNeeded(session) {
  const places = session.about.layers.flatMap(({ weights }) => weights.flat()).filter((place) => place >= 0);
  const losses = places.map((place) => lossWithout(session, place));
  return places[losses.indexOf(Math.max(...losses))];
}

/** Which layers hold only copies of one unit, so that all of them get the same slopes for ever. */
export function copies({ layers }, weights) {
  const same = (numbers) => numbers.every((x) => x === numbers[0]);
  const read = (place) => weights[place];
  return layers.slice(0, -1).flatMap(({ weights: rows, biases }, l) => {
    const into = rows[0].every((_, j) => same(rows.map((row) => read(row[j]))));
    const out = layers[l + 1].weights.every((row) => same(row.map(read)));
    return rows.length > 1 && into && out && same(biases.map(read)) ? [l + 1] : [];
  });
}

/** Which share of the units of each hidden layer is saturated in the mean over the points, or dead on all. */
export function idle({ about, trainer }) {
  const { samples } = trainer;
  const found = samples.map((sample) => trainer.measure(sample).slice());
  return about.layers.slice(0, -1).map(({ name, units, weights }) => {
    const flat = weights.map((_, k) => found.filter((one) => SLOPES[name]?.(one[units + k]) <= FLAT).length);
    const counts = name === "relu" ? flat.map((count) => (count === samples.length ? count : 0)) : flat;
    return counts.reduce((a, b) => a + b) / (samples.length * counts.length);
  });
}

/** Where units hardly learn any more, in words; "" if nowhere. */
function flatness(session) {
  const shares = idle(session);
  const share = Math.max(0, ...shares);
  const l = shares.indexOf(share);
  const isDead = session.about.layers[l]?.name === "relu";
  if (share < (isDead ? DEAD : SATURATED)) return "";
  const why = isDead
    ? "dead: they give 0 on every point, and no slope goes back through them."
    : "saturated: they are nearly flat where the points are, and hardly any slope goes back through them.";
  return `${Math.round(100 * share)} % of the units of layer ${l + 1} are ${why} A smaller rate, after Reset, may help.`;
}

/** What keeps units from learning, or from learning different things, in words; "" if nothing does. */
export function obstacle(session) {
  const { layers } = session.about;
  const { weights } = session.trainer;
  const same = copies({ layers }, weights);
  const isZero = layers.slice(1).every(({ weights: rows }) => rows.flat().every((place) => weights[place] === 0));
  if (!same.length) return flatness(session);
  const reason = isZero
    ? "Every weight behind the first layer is 0, so no slope goes back through them: only the biases of the output learn."
    : `The units of layer ${same.join(" and of layer ")} are copies of each other: they get the same slopes, and stay the same however long one trains.`;
  return `${reason} Weights that differ, as after Reset, let them learn different things.`;
}
