// The plane of the data: what the model says of each place, and the points on it, to be moved.

import { css } from "./colors.js";
import { labelsOf } from "./samples.js";

const RADIUS = 4.5;

/** The range of each axis that shows all points with some room around them. */
export function rangeOf(points, about) {
  const axes = points.X[0].map((_, j) => points.X.map((x) => x[j]));
  if (about.inputs === 1) axes.push(points.y.flat());
  return axes.map((numbers) => {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const room = 0.15 * (high - low) || 1;
    return [low - room, high + room];
  });
}

/** A canvas with axes, on which places are numbers. */
export class Plane {
  constructor(canvas) {
    this.canvas = canvas;
    this.range = [[-1, 1], [-1, 1]];
    this.scale = 1;
  }

  /** Fit the dots of the canvas to those of the screen. */
  resize() {
    const box = this.canvas.getBoundingClientRect();
    this.scale = devicePixelRatio || 1;
    [this.width, this.height] = [box.width, box.height];
    this.canvas.width = Math.round(box.width * this.scale);
    this.canvas.height = Math.round(box.height * this.scale);
  }

  pixel([x, y]) {
    const [[left, right], [bottom, top]] = this.range;
    return [
      ((x - left) / (right - left)) * this.width,
      ((top - y) / (top - bottom)) * this.height,
    ];
  }

  place([px, py]) {
    const [[left, right], [bottom, top]] = this.range;
    return [left + (px / this.width) * (right - left), top - (py / this.height) * (top - bottom)];
  }

  /** Begin a picture, in CSS pixels. */
  begin() {
    const context = this.canvas.getContext("2d");
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    return context;
  }

  drawField(context, picture) {
    context.imageSmoothingEnabled = true;
    context.drawImage(picture, 0, 0, this.width, this.height);
  }

  drawLine(context, pairs, color) {
    context.beginPath();
    for (const pair of pairs) context.lineTo(...this.pixel(pair));
    context.strokeStyle = css(color);
    context.lineWidth = 2.5;
    context.stroke();
  }

  /** Points in the shape and color of their class; those of validation are hollow. */
  drawPoints(context, spots, colors) {
    for (const { at, k, color, held } of spots) {
      const [x, y] = this.pixel(at);
      context.beginPath();
      shape(context, k, x, y);
      context.fillStyle = css(held ? colors.page : color);
      context.strokeStyle = css(held ? color : colors.page);
      context.lineWidth = held ? 2 : 1.2;
      context.fill();
      context.stroke();
    }
  }

  /** The input that is tried out; at the edge, where it is beyond. */
  drawRing(context, at, colors) {
    const [x, y] = this.ring(at);
    for (const [color, width] of [[colors.page, 5], [colors.text, 2]]) {
      context.beginPath();
      context.arc(x, y, 9, 0, 2 * Math.PI);
      context.strokeStyle = css(color);
      context.lineWidth = width;
      context.stroke();
    }
  }

  /** The pixel of an input that is tried out. */
  ring(at) {
    const [x, y] = this.pixel(at);
    return [Math.min(Math.max(x, 0), this.width), Math.min(Math.max(y, 0), this.height)];
  }

  drawCross(context, at, colors) {
    const [x, y] = this.pixel(at);
    context.beginPath();
    context.moveTo(x - 11, y);
    context.lineTo(x + 11, y);
    context.moveTo(x, y - 11);
    context.lineTo(x, y + 11);
    context.strokeStyle = css(colors.text);
    context.lineWidth = 2;
    context.stroke();
  }

  /** The point nearest to a pixel, if it is as near as `reach`; -1 if none is. */
  nearest(spots, [px, py], reach) {
    let [best, found] = [reach, -1];
    spots.forEach(({ at }, i) => {
      const [x, y] = this.pixel(at);
      const far = Math.hypot(x - px, y - py);
      if (far <= best) [best, found] = [far, i];
    });
    return found;
  }
}

/** Where points stand, and how they look. */
export function spotsOf({ X, y }, held, about, colors) {
  const labels = labelsOf(about);
  const hidden = new Set(held);
  const numbers = labels ? [] : y.flat();
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return X.map((x, i) => {
    const first = Array.isArray(y[i]) ? y[i][0] : y[i];
    const k = labels ? labels.indexOf(first) : first > (low + high) / 2 ? 1 : 0;
    const at = about.inputs === 1 ? [x[0], first] : x;
    return { at, k: labels ? k : 1, color: colors.classes[k % colors.classes.length], held: hidden.has(i) };
  });
}

function shape(context, k, x, y) {
  const r = RADIUS;
  if (k % 4 === 1) context.arc(x, y, r, 0, 2 * Math.PI);
  else if (k % 4 === 0) context.rect(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r);
  else {
    const sides = k % 4 === 2 ? [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]] : [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]];
    for (const [a, b] of sides) context.lineTo(x + a * r, y + b * r);
    context.closePath();
  }
}
