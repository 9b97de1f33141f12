// The text around the picture: the breadcrumb, the frame and its questions.

import { agrees } from "./answers.js";
import { shown } from "./places.js";

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

/** Write how many steps there are, and which of them belong to the forward pass. */
export function writeTrack(ui, { last, turn }) {
  ui.slider.max = last;
  ui.track.style.setProperty("--steps", Math.max(last, 1));
  ui.track.style.setProperty("--turn", (turn < 0 ? last + 1 : turn) / Math.max(last, 1));
}

/** Write which step is shown. */
export function writePlace(ui, frames, shown) {
  ui.counter.textContent = `step ${shown + 1} / ${frames.length}`;
  ui.slider.value = shown;
  ui.slider.setAttribute("aria-valuetext", `${frames[shown].phase}: ${frames[shown].title}`);
}

/** Say what a box is good for, while none is selected. */
export function writeHint(ui, boxes) {
  const has = (part) => Object.values(boxes).some((box) => part in box);
  const more = (has("room") ? ", ⊕ to open it" : "") + (has("leaf") ? ", drag the number of a leaf" : "");
  ui.hint.textContent = `Click a box${has("array") ? ", or a number," : ""} to read it${more}`;
}

/** Say between which sizes of what flows arrows grow from the thinnest to the widest. */
export function writeRange(ui, [low, high]) {
  const [from, to] = [low, high].map((x) => shown(x, 3));
  ui.range.hidden = from === to;
  ui.range.textContent = `width ${from} … ${to} (log)`;
}

/** Write a frame; while it asks, all that would give the answer away is left out. */
export function writeFrame(ui, frame, asks) {
  ui.phase.textContent = PHASES[frame.phase];
  ui.phase.dataset.phase = frame.phase;
  ui.step.textContent = frame.title;
  ui.say.textContent = asks ? question(frame.asks) : frame.say;
  ui.rule.replaceChildren(...wrap(frame.rule));
  for (const name of ["numbers", "sum"]) {
    const math = wrap(frame.math?.[name]);
    ui[name].replaceChildren(...(asks ? [] : math.length ? math : [frame[name]]));
  }
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

/** Cut equations before signs and matrices: browsers break no line inside a formula. */
export function wrap(rule) {
  if (!rule) return [];
  const parser = document.createElement("div");
  parser.innerHTML = rule;
  return [...parser.children].flatMap((math) => {
    const [row] = math.children;
    const equations = []; // of which a comma parts each from the next
    let before = null;
    for (const term of terms(row)) {
      const isSign = isOne(term, "=+-−·⋅");
      const isMatrix = term.textContent[0] === "[" && before && before.localName !== "mo";
      const begins = before?.textContent.trim() === "," || !before;
      if (begins) equations.push([]);
      if (begins || isSign || isMatrix) equations.at(-1).push(row.cloneNode());
      if (isSign) term.setAttribute("form", "infix");
      equations.at(-1).at(-1).append(term);
      before = term;
    }
    return equations.map((parts) => {
      const equation = document.createElement("span");
      equation.className = "sg-equation";
      for (const part of parts) equation.appendChild(math.cloneNode()).append(part);
      return equation;
    });
  });
}

/** The parts of a row, and of a formula inside it that is in no brackets. */
function terms(row) {
  return [...row.childNodes].flatMap((term) =>
    term.localName === "mrow" && !isOne(term.firstChild, "([{|") ? terms(term) : [term],
  );
}

const isOne = (term, signs) => term?.localName === "mo" && signs.includes(term.textContent);

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
