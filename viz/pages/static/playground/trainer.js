// Trains the weights of a program on points, one batch after the other, as nn.fit does.

/** What is said where a number is no longer finite; nothing has been changed then. */
export class NotFinite extends Error {
  constructor(update, what, number, place = null) {
    super(`Update ${update}: ${what} is ${number}.`);
    Object.assign(this, { update, what, number, place });
  }
}

/**
 * Weights, and what trains them.
 *
 * `program` has the functions `train` and `measure`, how many `inputs` and `targets` a sample has,
 * how many numbers are `measured`, and whether a batch is the "mean" or the "sum" of its samples.
 */
export class Trainer {
  constructor(program, weights) {
    this.program = program;
    this.first = program.inputs + program.targets;
    this.given = new Float64Array(this.first + weights.length);
    this.given.set(weights, this.first);
    this.weights = this.given.subarray(this.first);
    this.slopes = new Float64Array(weights.length);
    this.outputs = new Float64Array(1 + weights.length);
    this.measured = new Float64Array(program.measured);
    this.samples = [];
    this.batchSize = null;
    this.restart(null, null);
  }

  /** Begin to count anew, with an optimizer and a generator that remember nothing. */
  restart(move, random) {
    this.move = move;
    this.random = random;
    this.updates = 0;
    this.epochs = 0;
    this.loss = null; // of the last epoch: the mean over its batches, before each update
    this.#queue = [];
    this.#total = 0;
  }

  /** Train on other samples from now on, each a list of inputs and then of targets. */
  learn(samples, batchSize) {
    this.samples = samples.map((sample) => Float64Array.from(sample));
    this.batchSize = batchSize;
    this.#queue = [];
    this.#total = 0;
  }

  #queue; // batches that the epoch still has
  #total; // of losses in this epoch

  /** Make one update; returns whether it ended an epoch. */
  step() {
    const { samples } = this;
    if (this.#queue.length === 0) {
      this.#queue = batches(samples, this.batchSize, this.random);
      this.#total = 0;
    }
    const batch = this.#queue[0];
    const loss = this.descend(batch);
    this.#queue.shift();
    this.#total += loss * batch.length;
    this.updates += 1;
    if (this.#queue.length) return false;
    this.epochs += 1;
    this.loss = this.#total / samples.length;
    return true;
  }

  /** Compute the loss of a batch and its slopes, and move the weights. */
  descend(batch) {
    const { given, weights, slopes, outputs, program } = this;
    const { train } = program;
    const count = weights.length;
    let loss = 0;
    slopes.fill(0);
    for (const sample of batch) {
      given.set(sample);
      train(given, null, outputs);
      loss += outputs[0];
      for (let i = 0; i < count; i++) slopes[i] += outputs[i + 1];
    }
    if (program.reduce === "mean") {
      loss /= batch.length;
      for (let i = 0; i < count; i++) slopes[i] /= batch.length;
    }
    const update = this.updates + 1;
    if (!Number.isFinite(loss)) throw new NotFinite(update, "the loss", loss);
    refuse(update, "the slope", slopes);
    const moved = this.move(weights, slopes);
    refuse(update, "the new number", moved);
    weights.set(moved);
    return loss;
  }

  /** Compute loss, predictions and units of a sample; the array is filled anew by the next call. */
  measure(sample) {
    this.given.set(sample);
    return this.program.measure(this.given, null, this.measured);
  }

  /** The loss of samples, and how many of them `isRight` finds right. */
  judge(samples, isRight) {
    let [loss, right] = [0, 0];
    for (const sample of samples) {
      const found = this.measure(sample);
      loss += found[0];
      if (isRight(found, sample)) right += 1;
    }
    if (this.program.reduce === "mean") loss /= samples.length;
    return { loss, right };
  }
}

/** The batches of an epoch, in random order; all samples are one, in their own order. */
function batches(samples, size, random) {
  if (size === null || size >= samples.length) return [samples];
  const order = random.permutation(samples.length);
  const found = [];
  for (let i = 0; i < order.length; i += size) {
    found.push(order.slice(i, i + size).map((k) => samples[k]));
  }
  return found;
}

function refuse(update, what, numbers) {
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) throw new NotFinite(update, what, numbers[i], i);
  }
}
