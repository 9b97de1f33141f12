// The parts of a playground before anything is shown in them.

import { probesFor } from "./colors.js";
import { datasetsFor } from "./datasets.js";
import { labelsOf } from "./samples.js";

const PLAY = "M5 2.5v11l9-5.5z";
const PAUSE = "M3.5 3h3.5v10H3.5zM9 3h3.5v10H9z";

const option = ([value, text]) => `<option value="${value}">${text}</option>`;
const choice = (name, label, options) =>
  `<label>${label}<select class="sp-${name}">${options.map(option).join("")}</select></label>`;
const field = (name, label, attributes) =>
  `<label>${label}<input class="sp-${name}" type="number" ${attributes}></label>`;
const button = (name, text, title = "") =>
  `<button type="button" class="sp-${name}" title="${title}">${text}</button>`;

/** Where the label of a new point is chosen, or typed; a curve takes it from where one clicks. */
function labelling(labels, about) {
  if (!labels) return about.inputs === 2 ? field("label", "new points", 'step="0.1" value="1"') : "";
  const chips = labels.map((label, k) => `
    <label class="sp-chip" style="--chip: var(--class${k % 6})">
      <input type="radio" name="label" value="${label}" ${k ? "" : "checked"}>${label}
    </label>`);
  return `<div class="sp-labels" role="radiogroup" aria-label="Label of new points">${chips.join("")}</div>`;
}

/** Where an input is typed, or doubled. */
function trying({ inputs }) {
  const names = inputs === 1 ? ["x"] : ["x1", "x2"];
  const parts = names.map((name, k) => [
    field(`x${k + 1}`, name, 'step="any"'),
    button(`double${k + 1}`, "× 2", `Double ${name}`),
  ]);
  return `<b>What if the input <i class="sp-ring"></i> is</b>${parts.flat().join("")}`;
}

function skeleton(about) {
  const labels = labelsOf(about);
  const names = datasetsFor(about);
  const rates = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10].map((x) => [x, x]);
  return `
  <header>
    <div class="sp-buttons" role="group" aria-label="Training">
      <button type="button" class="sp-play" title="Play (Space)">
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="${PLAY}"/></svg>
      </button>
      ${button("step", "Step", "One update (→)")}
      ${button("epoch", "Epoch", "As many updates as see all points once (E)")}
      ${button("reset", "Reset", "The weights of the start (Home)")}
      ${button("zeros", "Zeros", "All weights and biases 0")}
    </div>
    <div class="sp-settings" role="group" aria-label="Settings">
      ${choice("optimizer", "optimizer", ["SGD", "Adam", "RMSprop"].map((x) => [x, x]))}
      ${choice("rate", "rate", rates)}
      ${field("momentum", "momentum", 'min="0" max="0.999" step="0.1"')}
      ${choice("batch", "batch", [])}
      ${choice("validation", "validation", [0, 0.1, 0.2, 0.3, 0.4, 0.5].map((x) => [x, `${100 * x} %`]))}
      ${choice("noise", "noise", [0, 0.05, 0.1, 0.2, 0.3, 0.5].map((x) => [x, x]))}
      ${field("seed", "seed", 'min="0" max="4294967295" step="1"')}
      ${choice("speed", "speed", [[1, "1 ×"], [10, "10 ×"], [100, "100 ×"], [0, "full"]])}
    </div>
  </header>
  <p class="sp-alarm" role="alert" hidden></p>
  <p class="sp-copies" role="status" hidden></p>
  <div class="sp-main">
    <section class="sp-network" aria-label="Network">
      <div class="sp-picture">
        <canvas aria-hidden="true"></canvas>
        ${about.picture}
      </div>
      <div class="sp-inspector" role="group" aria-label="One weight">
        ${choice("to", "unit", [])}
        ${choice("from", "its number", [])}
        <input class="sp-slide" type="range" min="-4" max="4" step="0.01" aria-label="Weight">
        ${field("number", "value", 'step="0.01"')}
        ${button("needed", "Most needed", "The weight without which the loss would be highest")}
        <span class="sp-without"></span>
      </div>
      <p class="sp-hint"></p>
    </section>
    <section class="sp-side" aria-label="Data and loss">
      <div class="sp-plane">
        <h2 class="sp-caption"></h2>
        <canvas class="sp-points" tabindex="0" role="application" aria-label="Points"></canvas>
        <p class="sp-axes"></p>
        <div class="sp-input" role="group" aria-label="One input">
          ${trying(about)}
          <p class="sp-gives"></p>
        </div>
        <div class="sp-tools">
          ${labelling(labels, about)}
          ${names.length ? choice("dataset", "data", [["", "as given"], ...names.map((x) => [x, x])]) : ""}
          ${button("table", "Paste CSV", "Points from a table")}
        </div>
      </div>
      <dl class="sp-numbers">
        <div><dt>updates</dt><dd class="sp-updates"></dd></div>
        <div><dt>loss</dt><dd class="sp-loss"></dd></div>
        <div class="sp-if-held"><dt>validation</dt><dd class="sp-held"></dd></div>
        <div class="sp-if-right"><dt>right</dt><dd class="sp-right"></dd></div>
      </dl>
      <figure class="sp-curves">
        <svg viewBox="0 0 340 96" preserveAspectRatio="none" role="img" aria-label="Loss over updates">
          <path class="sp-train"/><path class="sp-validate"/>
        </svg>
        <figcaption><span class="sp-top"></span><span class="sp-legend">training <i></i></span>
          <span class="sp-legend sp-if-held">validation <i class="sp-dashed"></i></span>
        </figcaption>
      </figure>
      ${button("code", "Python code", "The code that leads to this state")}
    </section>
  </div>
  <section class="sp-csv sp-sheet" hidden aria-label="Points from a table">
    <label>One point a line: ${about.inputs === 1 ? "x" : "x1, x2"}, label
      <textarea class="sp-text" rows="6" spellcheck="false"></textarea>
    </label>
    <div>${button("use", "Use these points")}${button("close", "Close")}</div>
    <p class="sp-wrong" role="alert"></p>
  </section>
  <section class="sp-python sp-sheet" hidden aria-label="Python code">
    <pre tabindex="0"><code></code></pre>
    <div>${button("copy", "Copy")}${button("shut", "Close")}</div>
  </section>
  <p class="sp-note">This page contains the data. It computes by itself and sends nothing.</p>
  <p class="sp-news" aria-live="polite"></p>
  <div class="sp-probes" hidden>${probesFor()}</div>`;
}

/** Build the parts; each is found by its class. */
export function buildPlayground(about) {
  const root = document.createElement("div");
  root.className = "stepgrad-playground";
  root.tabIndex = -1;
  root.innerHTML = skeleton(about);
  const ui = {};
  for (const part of root.querySelectorAll("[class^='sp-']")) {
    ui[part.classList[0].slice("sp-".length)] ??= part;
  }
  return { root, ui };
}

/** Show whether it plays. */
export function labelRun(play, isOn) {
  play.querySelector("path").setAttribute("d", isOn ? PAUSE : PLAY);
  play.setAttribute("aria-label", isOn ? "Pause" : "Play");
  play.title = `${isOn ? "Pause" : "Play"} (Space)`;
}
