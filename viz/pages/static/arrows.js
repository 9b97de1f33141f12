// How wide an arrow is drawn: by the logarithm of what flows, over the range of one picture.

const [BROADEST, THINNEST, NONE] = [5, 1, 0.5]; // px: of the largest flow, of the smallest, of 0

/** The size of what flows along one arrow: the norm of all; below 0 for a minus. */
export function norm(passed) {
  return passed.length === 1 ? passed[0] : Math.hypot(...passed);
}

/** The smallest and the largest of what flows, without what is 0 or not finite. */
export function extremes(sizes) {
  let [low, high] = [Infinity, 0];
  for (const size of sizes.map(Math.abs)) {
    if (!(size > 0 && size < Infinity)) continue;
    low = Math.min(low, size);
    high = Math.max(high, size);
  }
  return high ? [low, high] : [1, 1];
}

/**
 * How many px wide an arrow is; below 0 for a minus.
 *
 * The largest flow of a picture has the widest arrow, the smallest the thinnest; where they are less
 * than tenfold apart, as if they were.
 */
export function breadth(flow, [low, high]) {
  const size = Math.abs(flow);
  if (!(size > 0 && size < Infinity)) return size === 0 ? NONE : BROADEST;
  const span = Math.max(Math.log10(high) - Math.log10(low), 1);
  const share = (Math.log10(high) - Math.log10(size)) / span;
  const wide = Math.round(10 * (BROADEST - (BROADEST - THINNEST) * share)) / 10;
  return flow > 0 ? wide : -wide;
}
