// The part of the panel that says of one number how it was computed, and why its gradient is what it is.

import { callOf, explain, named, numberOf } from "./elements.js";

/**
 * Write what is known of an element, and return the elements it was computed from. `known` says
 * whether its value and its gradient are there at this step, `held` whether the room inside it is.
 */
export function writeElement(ui, arrays, chosen, known, held) {
  ui.element.hidden = !chosen;
  if (!chosen) return [];
  const { id, place, isGrad } = chosen;
  const array = arrays[id];
  ui.which.textContent = named(array.label, array.shape, place);
  const value = explain(arrays, id, "made", place);
  const grad = explain(arrays, id, "passed", place);
  writeSum(ui.computed, known.value, numberOf(array, false, place), value.rows, "value");
  writeSum(ui.received, known.grad, numberOf(array, true, place), grad.rows, "gradient");
  const call = callOf(array, place);
  const lacks = !array.values || !array.made || (known.grad && !array.passed);
  ui.inside.hidden = lacks || !array.opens || !held;
  ui.inside.value = `${id}.${place}`;
  ui.outside.hidden = !lacks && (!array.opens || held);
  ui.elsewhere.textContent = lacks ? call : `viz.step(${call}.node)`;
  ui.lacks.textContent = lacks ? "How it was computed is not in this page: " : "Its graph is not in this page: ";
  return (isGrad ? known.grad && grad.used : known.value && value.used) || [];
}

/** Write the terms of a sum, one a row: in names, in numbers, what it gives. */
function writeSum(el, known, number, rows, what) {
  el.hidden = !known || number === undefined;
  const body = rows.map(({ text, numbers, value, comes }) => {
    const row = document.createElement("tr");
    const [formula, given] = [document.createElement("td"), document.createElement("td")];
    const words = document.createElement(comes ? "button" : "div");
    if (comes) Object.assign(words, { type: "button", title: "Go to this gradient", comes });
    const digits = document.createElement("div");
    words.textContent = text;
    digits.textContent = numbers === value || numbers === text ? "" : `= ${numbers}`;
    formula.append(words, digits);
    given.textContent = value;
    row.append(formula, given);
    return row;
  });
  el.querySelector("caption").textContent = `${what} ${number}${rows.length > 1 ? ", the sum of" : ""}`;
  el.querySelector("tbody").replaceChildren(...body);
}
