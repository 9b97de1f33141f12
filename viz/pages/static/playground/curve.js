// The loss over the updates: as many points as the eye can tell apart, however long it trains.

const MOST = 600;

/** A curve of numbers, thinned out by halves as it grows. */
export class Curve {
  constructor() {
    this.points = []; // [update, number]
    this.every = 1;
    this.last = null;
  }

  add(update, number) {
    if (!Number.isFinite(number)) return; // there is no place for it
    this.last = [update, number];
    if (update % this.every) return;
    this.points.push(this.last);
    if (this.points.length < MOST) return;
    this.every *= 2;
    this.points = this.points.filter(([at]) => at % this.every === 0);
  }

  /** All points, the latest too. */
  get all() {
    return this.last && this.last !== this.points.at(-1) ? [...this.points, this.last] : this.points;
  }
}

/** Write curves as paths in a box, with one scale for all that starts at 0. */
export function curvePaths(curves, width, height) {
  const every = curves.map((curve) => curve.all);
  const points = every.flat();
  const right = Math.max(1, ...points.map(([at]) => at));
  const top = Math.max(...points.map(([, number]) => number), 1e-12);
  const x = (at) => ((at / right) * width).toFixed(1);
  const y = (number) => (height - (number / top) * height).toFixed(1);
  const paths = every.map((some) => some.map(([at, n], i) => `${i ? "L" : "M"}${x(at)} ${y(n)}`).join(""));
  return { paths, top };
}
