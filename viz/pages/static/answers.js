// Whether what somebody typed is the number that was asked for.

const TOLERANCE = 0.01; // relative: factors that were read to three digits multiply to no worse

/** A number as people type it: "-4", "−4", "0,5", "1e-3"; NaN where it is none. */
export function parse(typed) {
  const text = typed.trim().replace("−", "-").replace(",", ".");
  return text === "" ? NaN : Number(text.replace(/inf(inity)?$/i, "Infinity"));
}

/** Compare with a number, or with the text "nan", "inf" or "-inf" that stands for one in JSON. */
export function agrees(typed, wanted) {
  const truth = typeof wanted === "string" ? parse(wanted) : wanted;
  if (Number.isNaN(truth)) return typed.trim().toLowerCase() === "nan";
  const guess = parse(typed);
  return guess === truth || (isFinite(truth) && Math.abs(guess - truth) <= TOLERANCE * Math.abs(truth));
}
