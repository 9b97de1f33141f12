// The selected box: what it is and holds, its steps, and the paths from it to the output.

import { percent } from "./why.js";
import { wrap } from "./words.js";

const MOST = 40; // steps, or leaves, that are listed

/**
 * Write what stays the same while the box is selected; `moments` are the frames it has a part in, and
 * `leaves` those inside it: { place, name, value, grad }.
 */
export function openPanel(ui, id, box, frames, moments, leaves) {
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
  ui.when.hidden = !moments.length;
  ui.more.textContent = rest(moments);
  ui.holds.hidden = !leaves.length;
  ui.leaves.replaceChildren(...leaves.slice(0, MOST).map(leaf));
  ui.others.textContent = rest(leaves);
}

/** List the paths to a box, or to the element of it that is `called` so; of an array the gains. */
export function writeWays(ui, { paths, gains = [], called }) {
  ui.paths.replaceChildren(...(paths?.map(path) ?? gains.map(gain)));
  const of = called ? `of ${called}; ` : "";
  ui.ways.textContent = `${of}${paths ? "% of the sum of sizes" : "norm of what comes in, and gain"}; ↓ shrinks most`;
  return paths ?? gains;
}

/** Write what is known of it at a frame; what is still to come, or asked for, is left out. */
export function writePanel(ui, known, frames, shown, asks) {
  ui.data.textContent = known.value && `value ${known.value}`;
  ui.adjoint.textContent = known.ever ? known.grad : "gets no gradient";
  ui.why.hidden = !known.final || !ui.paths.firstChild;
  const has = (i) => i < shown || (i === shown && !asks);
  ui.made.hidden = !ui.made.firstChild || !has(Number(ui.moments.querySelector("button").value));
  const done = has(Number(ui.moments.querySelector("li:last-child button")?.value));
  for (const grad of ui.leaves.querySelectorAll(".sg-its")) grad.hidden = !done;
  for (const button of ui.moments.querySelectorAll("button")) {
    const i = Number(button.value);
    if (i === shown) button.setAttribute("aria-current", "step");
    else if (button.ariaCurrent) button.removeAttribute("aria-current");
    const gave = has(i) ? frames[i].numbers || frames[i].sum : "";
    if (button.lastChild.textContent !== gave) button.lastChild.textContent = gave;
  }
}

/**
 * Hear what is done in the panel: `go` to a step, `visit` a leaf, `trace` the path of a row, or none.
 * A click on a path that is shortened writes it out.
 */
export function listenPanel(ui, { go, visit, trace }) {
  ui.moments.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) go(Number(button.value));
  });
  ui.leaves.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) visit(...button.place);
  });
  ui.paths.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.whole) button.firstChild.textContent = button.whole;
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
function path({ text, whole, product, share }, i) {
  const button = part("button", "", "");
  Object.assign(button, { type: "button", value: i, whole, title: whole === text ? "" : "Click to see all of it" });
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

/** One leaf inside a box: a parameter of a layer. */
function leaf({ place, name, value, grad }) {
  const button = part("button", "", "");
  Object.assign(button, { type: "button", place, title: "Go there" });
  button.append(part("b", "", name), part("span", "", value ?? ""));
  if (grad) button.append(part("span", "sg-its", `grad ${grad}`));
  return item(button);
}

/** Say how many there are beyond those that are listed. */
function rest(all) {
  const more = all.length - MOST;
  return more > 0 ? `and ${more.toLocaleString("en")} more` : "";
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
