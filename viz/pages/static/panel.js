// The selected box: what it is and holds, its steps, and the paths from it to the output.

import { percent } from "./why.js";
import { wrap } from "./words.js";

const MOST = 40; // steps that are listed

/** Write what stays the same while the box is selected; `moments` are the frames it has a part in. */
export function openPanel(ui, id, box, frames, moments) {
  ui.panel.hidden = !id;
  if (!id) return;
  ui.name.textContent = box.whole ?? "";
  ui.what.textContent = box.what ?? "";
  ui.still.textContent = box.still ?? "";
  ui.open.hidden = !box.room;
  ui.missing.hidden = !box.missing;
  ui.call.textContent = box.missing ?? "";
  ui.moments.replaceChildren(...moments.slice(0, MOST).map((i) => line(frames[i], i, role(frames[i], id))));
  const made = frames[moments[0]]; // what computes a box comes before all else
  ui.made.replaceChildren(...(made?.phase === "forward" ? wrap(made.rule) : []));
  const more = moments.length - MOST;
  ui.more.textContent = more > 0 ? `and ${more.toLocaleString("en")} more` : "";
  ui.paths.replaceChildren(...(box.paths ?? box.gains ?? []).map(box.gains ? gain : path));
  ui.ways.textContent = box.gains ? "norm of what comes in, and gain; ↓ shrinks most" : "↓ shrinks most";
}

/** Write what is known of it at a frame; what is still to come, or asked for, is left out. */
export function writePanel(ui, known, frames, shown, asks) {
  ui.data.textContent = known.value && `value ${known.value}`;
  ui.adjoint.textContent = known.ever ? known.grad : "gets no gradient";
  ui.why.hidden = !known.final || !ui.paths.firstChild;
  const has = (i) => i < shown || (i === shown && !asks);
  ui.made.hidden = !ui.made.firstChild || !has(Number(ui.moments.querySelector("button").value));
  for (const button of ui.moments.querySelectorAll("button")) {
    const i = Number(button.value);
    if (i === shown) button.setAttribute("aria-current", "step");
    else if (button.ariaCurrent) button.removeAttribute("aria-current");
    const gave = has(i) ? frames[i].numbers || frames[i].sum : "";
    if (button.lastChild.textContent !== gave) button.lastChild.textContent = gave;
  }
}

/** Hear what is done in the panel: `go` to a step, `trace` the path of a row, or none. */
export function listenPanel(ui, { go, trace }) {
  ui.moments.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) go(Number(button.value));
  });
  for (const event of ["pointerover", "pointerout", "focusin", "focusout"]) {
    ui.paths.addEventListener(event, ({ target, type }) => {
      const here = type === "pointerover" || type === "focusin" ? target.closest("button") : null;
      trace((here ?? ui.paths.querySelector("button:focus"))?.value);
    });
  }
}

function role({ phase, node, targets }, id) {
  if (node !== id) return "receives";
  if (phase === "forward") return "computes";
  return targets.includes(id) ? "passes on, receives" : "passes on";
}

function line({ title, phase }, i, does) {
  const button = part("button", phase === "forward" ? "sg-forward" : "", "");
  Object.assign(button, { type: "button", value: i, title: `Go to step ${i + 1}` });
  button.append(
    part("span", "sg-nth", i + 1),
    part("span", "sg-role", does),
    part("b", "", phase === "forward" ? "" : title),
    part("span", "sg-detail", ""),
  );
  return item(button);
}

/** One path, and how much of all that flows takes it; `share` is null where that has no number. */
function path({ text, product, share }, i) {
  const button = part("button", "", "");
  Object.assign(button, { type: "button", value: i });
  button.append(part("span", "sg-factors", text), part("span", "sg-product", product));
  if (share !== null) {
    const bar = part("span", "sg-share", percent(100 * share));
    bar.style.setProperty("--share", share);
    button.append(bar);
  }
  return item(button);
}

/** One step on the way of an adjoint: what it is, the norm of what comes in there, and its gain. */
function gain({ cells: [label, computes, norm, factor] }, i) {
  const button = part("button", "", "");
  Object.assign(button, { type: "button", value: i });
  button.append(part("b", "", label), part("span", "sg-role", computes));
  button.append(part("span", "sg-product", norm), part("span", "sg-gain", factor && `× ${factor}`));
  return item(button);
}

function item(button) {
  const entry = document.createElement("li");
  entry.append(button);
  return entry;
}

function part(kind, name, text) {
  const element = document.createElement(kind);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
