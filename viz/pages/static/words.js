// The text around the picture: the breadcrumb, the selected box, the frame and its questions.

import { agrees } from "./answers.js";

const PHASES = {
  forward: "forward →",
  start: "← backward",
  backward: "← backward",
  result: "finished",
};

/** Write the way from the outermost room to this one; each room but the last is a button. */
export function writePath(ui, path) {
  ui.path.hidden = path.length < 2;
  ui.path.replaceChildren(
    ...path.map(([id, title], i) => {
      const here = i === path.length - 1;
      const part = document.createElement(here ? "span" : "button");
      part.textContent = title;
      if (here) part.setAttribute("aria-current", "location");
      else Object.assign(part, { type: "button", value: id });
      return part;
    }),
  );
}

/** Say what a box is good for, while none is selected. */
export function writeHint(ui, boxes) {
  const inside = Object.values(boxes).some(({ room }) => room);
  ui.hint.textContent = inside ? "Click a box to read it, ⊕ to open it" : "Click a box to read it";
}

/** Write what is known of the selected box; without one the legend is there. */
export function writePanel(ui, box, known) {
  ui.panel.hidden = !known;
  ui.legend.hidden = ui.hint.hidden = Boolean(known);
  if (!known) return;
  ui.name.textContent = box.whole ?? known.title;
  ui.what.textContent = box.what ?? known.formula;
  ui.data.textContent = known.value && `value ${known.value}`;
  ui.adjoint.textContent = known.grad;
  ui.open.hidden = !box.room;
  ui.missing.hidden = !box.missing;
  ui.call.textContent = box.missing ?? "";
}

/** Write a frame; while it asks, all that would give the answer away is left out. */
export function writeFrame(ui, frame, asks) {
  ui.phase.textContent = PHASES[frame.phase];
  ui.phase.dataset.phase = frame.phase;
  ui.step.textContent = frame.title;
  ui.say.textContent = asks ? question(frame.asks) : frame.say;
  ui.rule.innerHTML = frame.rule;
  ui.numbers.textContent = asks ? "" : frame.numbers;
  ui.sum.textContent = asks ? "" : frame.sum;
  ui.sum.dataset.phase = frame.phase;
  ui.sum.previousElementSibling.textContent = frame.phase === "forward" ? "Value" : "Gradient";
  for (const name of ["rule", "numbers", "sum"]) {
    ui[name].parentElement.hidden = !ui[name].textContent;
  }
  ui.guess.hidden = !asks;
  ui.asks.replaceChildren(...(asks ? frame.asks.map(field) : []));
}

/** Write whether each answer was right; `typed` is undefined for a frame that asked nothing. */
export function writeVerdict(ui, frame, typed = []) {
  ui.verdict.replaceChildren(
    ...typed.map((text, i) => {
      const [name, wanted] = frame.asks[i];
      const line = document.createElement("li");
      const right = agrees(text, wanted);
      if (text) line.className = right ? "sg-right" : "sg-wrong";
      if (!text) line.textContent = `– ${name}: no answer`;
      else line.textContent = `${right ? "✓" : "✗"} ${name}: ${text} is ${right ? "right" : "wrong"}`;
      return line;
    }),
  );
}

function question(asks) {
  return `How much flows to ${asks.map(([name]) => name).join(", to ")}? Think first, then look.`;
}

function field([name]) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { autocomplete: "off", spellcheck: false, size: 9 });
  label.append(`to ${name} `, input);
  return label;
}
