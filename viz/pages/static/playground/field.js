// What a model gives on a grid of points: its outputs and all of its units, as pictures.

import { shade, shadeOfClass } from "./colors.js";
import { largest } from "./samples.js";

/** The model on a grid over a range: of so many cells across for two inputs, four times those for one. */
export class Field {
  constructor(about, cells) {
    this.about = about;
    this.cells = cells;
    this.columns = about.inputs === 1 ? 4 * cells : cells;
    this.rows = about.inputs === 1 ? 1 : cells;
    this.numbers = new Float32Array(this.columns * this.rows * about.measured);
    this.sample = new Float64Array(about.inputs + about.targets);
    this.image = new ImageData(this.columns, this.rows);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.canvas = document.createElement("canvas");
    this.canvas.width = this.columns;
    this.canvas.height = this.rows;
  }

  /** Compute all of it anew; `range` has a lowest and a highest number for each input. */
  survey(trainer, range) {
    const { columns, rows, numbers, sample, about } = this;
    const at = ([low, high], i, count) => low + ((high - low) * (i + 0.5)) / count;
    let place = 0;
    for (let row = 0; row < rows; row++) {
      if (about.inputs > 1) sample[1] = at(range[1], rows - 1 - row, rows);
      for (let column = 0; column < columns; column++) {
        sample[0] = at(range[0], column, columns);
        numbers.set(trainer.measure(sample), place);
        place += about.measured;
      }
    }
  }

  /** One of the numbers that are measured, as a picture, from strong to strong around `middle`. */
  picture(unit, colors, { middle = 0, reach = this.reach(unit) } = {}) {
    const { numbers, pixels } = this;
    const { measured } = this.about;
    const { shades } = colors;
    for (let i = unit, at = 0; at < pixels.length; i += measured, at++) {
      pixels[at] = shade((numbers[i] - middle) / reach, shades);
    }
    return this.#shown();
  }

  /** An input, as a picture: it grows along its axis. */
  slope(k, colors) {
    const { columns, rows, pixels } = this;
    for (let i = 0; i < columns * rows; i++) {
      const number = k ? 1 - (2 * Math.floor(i / columns)) / (rows - 1) : (2 * (i % columns)) / (columns - 1) - 1;
      pixels[i] = shade(number, colors.shades);
    }
    return this.#shown();
  }

  /** The class of each point, as a picture. */
  classes(colors) {
    const { numbers, about, pixels } = this;
    for (let i = 0, at = 0; at < pixels.length; i += about.measured, at++) {
      const best = largest(numbers, i + 1, about.targets);
      let total = 0;
      for (let k = 0; k < about.targets; k++) total += Math.exp(numbers[i + 1 + k] - numbers[i + 1 + best]);
      const sure = (1 / total - 1 / about.targets) / (1 - 1 / about.targets);
      pixels[at] = shadeOfClass(best, Math.min(Math.max(sure, 0), 1) || 0, colors.shades);
    }
    return this.#shown();
  }

  /** The largest size of a number on the grid. */
  reach(unit) {
    let most = 1e-9;
    for (let i = unit; i < this.numbers.length; i += this.about.measured) {
      most = Math.max(most, Math.abs(this.numbers[i]));
    }
    return most;
  }

  /** One of the numbers over the first input, as pairs. */
  line(unit, [low, high]) {
    return Array.from({ length: this.columns }, (_, i) => [
      low + ((high - low) * (i + 0.5)) / this.columns,
      this.numbers[i * this.about.measured + unit],
    ]);
  }

  #shown() {
    this.canvas.getContext("2d").putImageData(this.image, 0, 0);
    return this.canvas;
  }
}
