// Points as a trainer takes them: inputs, then what the loss compares the outputs with.

/** What the loss compares with: of a class, 1 for the right one and 0 for all others. */
export function wanted({ kind, targets }, y) {
  if (kind === "classes") return Array.from({ length: targets }, (_, k) => (k === y ? 1 : 0));
  return Array.isArray(y) ? y : [y];
}
