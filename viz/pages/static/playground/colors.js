// The colors of a page as numbers, for what is painted dot by dot.

const NAMES = ["page", "text", "muted", "class0", "class1", "class2", "class3", "class4", "class5"];
const STEPS = 64; // shades from one color to the page's

/** Read the colors that the style gives them now; it may change with the theme. */
export function readColors(probes) {
  const found = {};
  for (const name of NAMES) {
    const probe = probes.querySelector(`[data-color="${name}"]`);
    found[name] = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  }
  found.classes = NAMES.filter((name) => name.startsWith("class")).map((name) => found[name]);
  found.shades = found.classes.map((color) => shadesOf(color, found.page));
  return found;
}

export const probesFor = () =>
  NAMES.map((name) => `<i data-color="${name}" style="color: var(--${name})"></i>`).join("");

export const css = ([r, g, b]) => `rgb(${r}, ${g}, ${b})`;

/** Shades of a color as pixels, from one that is hardly there to a strong one. */
function shadesOf(color, page) {
  const bytes = Array.from({ length: STEPS }, (_, i) => {
    const share = 0.1 + (0.6 * i) / (STEPS - 1);
    return [...color.map((c, j) => share * c + (1 - share) * page[j]), 255];
  });
  return new Uint32Array(Uint8ClampedArray.from(bytes.flat()).buffer);
}

/** The pixel of a number from -1 to 1: of the first color below 0, of the second above. */
export function shade(number, shades) {
  const strength = Math.min(Math.abs(number), 1) || 0;
  return shades[number > 0 ? 1 : 0][Math.round(strength * (STEPS - 1))];
}

/** The pixel of a class, stronger where it is surer. */
export function shadeOfClass(k, strength, shades) {
  return shades[k % shades.length][Math.round(strength * (STEPS - 1))];
}
