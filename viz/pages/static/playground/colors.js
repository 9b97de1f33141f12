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

/** Shades of a color, from one that is hardly there to a strong one. */
function shadesOf(color, page) {
  return Array.from({ length: STEPS }, (_, i) => {
    const share = 0.1 + (0.6 * i) / (STEPS - 1);
    return color.map((c, j) => Math.round(share * c + (1 - share) * page[j]));
  });
}

/** Paint a number from -1 to 1 into four bytes: the first color below 0, the second above. */
export function paint(pixels, at, number, shades) {
  const strength = Math.min(Math.abs(number), 1) || 0;
  const color = shades[number > 0 ? 1 : 0][Math.round(strength * (STEPS - 1))];
  put(pixels, at, color);
}

/** Paint a class, stronger where it is surer. */
export function paintClass(pixels, at, k, strength, shades) {
  put(pixels, at, shades[k % shades.length][Math.round(strength * (STEPS - 1))]);
}

function put(pixels, at, color) {
  pixels[at] = color[0];
  pixels[at + 1] = color[1];
  pixels[at + 2] = color[2];
  pixels[at + 3] = 255;
}
