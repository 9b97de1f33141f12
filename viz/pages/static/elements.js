// What a page can say of one element of an array, from the numbers and formulas that it holds.

const SLOT = /[\ue000-\uf8ff]/g;
const FIRST = 0xe000;

/** The indices of an element that is counted in one row. */
export function indexOf(place, shape) {
  const index = [];
  for (const length of [...shape].reverse()) {
    index.unshift(place % length);
    place = Math.floor(place / length);
  }
  return index;
}

/** An element as it is written in Python. */
export function named(label, shape, place) {
  return shape.length ? `${label}[${indexOf(place, shape)}]` : label;
}

/** The call that shows an element where a page does not hold it. */
export function callOf({ call, shape }, place) {
  const index = indexOf(place, shape);
  return `${call}${index.length === 1 ? index : `(${index.join(", ")})`})`;
}

/** A number of an array as text, of its value or its gradient; undefined if the page has none. */
export function numberOf(array, isGrad, place) {
  return (isGrad ? array.grads : array.values)?.split(" ")[place];
}

/**
 * The rows of formulas of an element, which add up to it, each with the gradient that it comes from
 * if there is one; and the elements that they use: [id of an array, whether its gradient, places]. `key` is "made" for a value, "passed" for a gradient.
 */
export function explain(arrays, id, key, place) {
  const rows = [];
  const used = [];
  for (const { sources, forms, entries } of arrays[id][key] ?? []) {
    const [number, shifts, texts] = entries[place];
    const { rows: told, slots, used: runs } = forms[number];
    const values = texts.split(" ");
    const from = sources.map((source) => sourceOf(arrays, source));
    const write = (read) => ([k, at]) => (k < 0 ? values[at] : read(from[k], at + shifts[k]));
    const label = write(({ label, shape }, at) => named(label, shape, at));
    const digits = write(({ texts }, at) => texts[at]);
    told.forEach((row, i) => {
      const [first, at] = slots.find(([k], n) => from[k]?.isGrad && row.includes(String.fromCharCode(FIRST + n))) ?? [];
      const comes = first === undefined ? null : { id: from[first].id, place: at + shifts[first], isGrad: true };
      rows.push({ text: put(row, slots, label), numbers: put(row, slots, digits), value: values[i], comes });
    });
    runs.forEach((each, k) => {
      const places = each.flatMap(([first, n]) => Array.from({ length: n }, (_, i) => first + shifts[k] + i));
      if (places.length && from[k].id) used.push([from[k].id, from[k].isGrad, places]);
    });
  }
  return { rows, used };
}

function sourceOf(arrays, source) {
  if (!Array.isArray(source)) return { ...source, texts: source.values.split(" ") };
  const [id, isGrad] = source;
  const { label, shape, values, grads } = arrays[id];
  const texts = (isGrad ? grads : values).split(" ");
  return { id, isGrad, label: isGrad ? `${label}.grad` : label, shape, texts };
}

/** Put texts into a row; what begins with a minus in parentheses where it would meet a sign. */
function put(row, slots, write) {
  return row.replace(SLOT, (slot, at) => {
    const text = write(slots[slot.charCodeAt(0) - FIRST]);
    const apart = /(^|\(|, )$/.test(row.slice(0, at)) && !/^[⁰¹²³⁴-⁹⁻^]/.test(row.slice(at + 1));
    return text.startsWith("-") && !apart ? `(${text})` : text;
  });
}

/** How the elements of an array lie in a picture: tables side by side, of rows and columns. */
export function tables(shape) {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.length > 1 ? shape.at(-2) : 1;
  const count = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return { count, rows, columns };
}

/** The elements, as slices of the last two axes, that a cell of a map is the average of. */
export function block(shape, map, cell, columns, rows) {
  const { rows: high, columns: wide } = tables(shape);
  const range = (k, parts, length) => [Math.floor((k * length) / parts), Math.floor(((k + 1) * length) / parts)];
  const across = range(cell % columns, columns, wide);
  const down = range(Math.floor(cell / columns), rows, high);
  const first = map * high * wide + down[0] * wide + across[0];
  return { first, down, across, count: (down[1] - down[0]) * (across[1] - across[0]) };
}
