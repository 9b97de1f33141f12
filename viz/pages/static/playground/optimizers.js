// The rules by which weights follow their slopes: those of nn.SGD, nn.Adam and nn.RMSprop.

const RULES = { SGD: descent, Adam: adam, RMSprop: rmsprop };

/**
 * Make a function that gives weights moved against their slopes.
 *
 * `how` has a `name` and the options of that optimizer. It is read at each step, so that the rate
 * may change while what the optimizer remembers stays.
 */
export function optimizer(how, count) {
  const move = RULES[how.name](how, count);
  const [moved, penalized] = [new Float64Array(count), new Float64Array(count)];
  let steps = 0;
  return (weights, slopes) => {
    const decay = how.weight_decay;
    for (let i = 0; i < count; i++) penalized[i] = slopes[i] + decay * weights[i];
    steps += 1;
    move(penalized, moved, steps);
    for (let i = 0; i < count; i++) moved[i] = weights[i] - moved[i];
    return moved;
  };
}

function descent(how, count) {
  const velocity = new Float64Array(count);
  let isNew = true; // the first velocity is the first slope
  return (slopes, step) => {
    const { lr, momentum, nesterov } = how;
    const share = isNew ? 1 : 1 - how.dampening;
    isNew = false;
    for (let i = 0; i < count; i++) {
      velocity[i] = momentum * velocity[i] + share * slopes[i];
      step[i] = lr * (nesterov ? slopes[i] + momentum * velocity[i] : velocity[i]);
    }
  };
}

function adam(how, count) {
  const [mean, spread] = [new Float64Array(count), new Float64Array(count)];
  return (slopes, step, steps) => {
    const { lr, eps, bias_correction } = how;
    const [share, other] = how.betas;
    const rate = bias_correction ? lr / (1 - share ** steps) : lr;
    const root = bias_correction ? Math.sqrt(1 - other ** steps) : 1;
    for (let i = 0; i < count; i++) {
      const g = slopes[i];
      mean[i] = (1 - share) * g + share * mean[i];
      spread[i] = (1 - other) * (g * g) + other * spread[i];
      step[i] = (rate * mean[i]) / (Math.sqrt(spread[i]) / root + eps);
    }
  };
}

function rmsprop(how, count) {
  const [spread, mean, velocity] = [0, 1, 2].map(() => new Float64Array(count));
  return (slopes, step) => {
    const { lr, alpha, eps, momentum, centered } = how;
    for (let i = 0; i < count; i++) {
      const g = slopes[i];
      spread[i] = (1 - alpha) * (g * g) + alpha * spread[i];
      mean[i] = (1 - alpha) * g + alpha * mean[i];
      const size = centered ? Math.max(spread[i] - mean[i] * mean[i], 0) : spread[i];
      velocity[i] = momentum * velocity[i] + g / (Math.sqrt(size) + eps);
      step[i] = lr * velocity[i];
    }
  };
}
