// The Python code that leads to the state of a page.

import { split } from "./samples.js";

const OPTIONS = {
  SGD: { momentum: 0, dampening: 0, weight_decay: 0, nesterov: false },
  Adam: { betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0, bias_correction: true },
  RMSprop: { alpha: 0.99, eps: 1e-8, weight_decay: 0, momentum: 0, centered: false },
};

/** Write a number, list or flag as Python does. */
export function python(x) {
  if (Array.isArray(x)) return `[${x.map(python).join(", ")}]`;
  if (typeof x === "boolean") return x ? "True" : "False";
  return x === null ? "None" : String(x);
}

/** Write the optimizer with those of its options that are not the usual ones. */
export function optimizerCode(how) {
  const usual = OPTIONS[how.name];
  const others = Object.keys(usual).filter((key) => python(how[key]) !== python(usual[key]));
  const given = ["lr", ...others].map((key) => {
    const value = key === "betas" ? `(${how.betas.join(", ")})` : python(how[key]);
    return `, ${key}=${value}`;
  });
  return `nn.${how.name}(model.parameters()${given.join("")})`;
}

/**
 * Write the code; `model`, `X` and `y` are what was given to viz.playground.
 *
 * With `start`, the weights before the first update, training leads to the state; without it
 * something was changed by hand on the way, and the weights are written as they are.
 */
export function code({ about, settings, points, kept, held, given, start, weights, epochs }) {
  const lines = ["import numpy as np", "import nn, viz", ""];
  if (given) lines.push("X, y = np.asarray(X), np.asarray(y)  # as given");
  else {
    const X = about.flat ? points.X.map((x) => x[0]) : points.X;
    lines.push(`X = np.array(${python(X)})`, `y = np.array(${python(points.y)})`);
  }
  const loss = about.loss;
  lines.push(
    `play = viz.playground(model, X, y, loss=${about.custom ? loss : "None"})`,
    `play.take(${python(Array.from(start ?? weights))})  # ${start ? "weights at the start" : "weights as they are"}`,
  );
  if (about.on_values && about.kind === "classes") return lines.join("\n");
  const data = held.length ? "(X[kept], y[kept])" : "(X, y)";
  lines.push("");
  if (!about.on_values && about.kind !== "classes") lines.push("y = y.reshape(len(y), -1)");
  const drawn = split(points.X.length, settings.validation, settings.seed);
  if (held.length && python(drawn.kept) === python(kept)) {
    lines.push(
      `order = np.random.default_rng(${settings.seed}).permutation(len(X))`,
      `held, kept = np.split(order, [${held.length}])`,
    );
  } else if (held.length) {
    lines.push("# Points that were added or removed by hand left the others on their side:");
    lines.push(`held = ${python(held)}`, `kept = ${python(kept)}`);
  }
  const validation = held.length ? "\n    validation=(X[held], y[held])," : "";
  const intro = start ? "" : "# From here on it would go on, with an optimizer that remembers nothing:\n";
  lines.push(
    `${intro}history = nn.fit(
    model,
    ${data},
    loss=${loss},
    optimizer=${optimizerCode(settings.optimizer)},
    epochs=${start ? epochs : 100},
    batch_size=${python(settings.batch_size)},${validation}
    seed=${settings.seed},
)`,
  );
  return lines.join("\n");
}
