// The parts of a stepper before anything is shown in them.

const PLAY = "M4.5 2.5v11l9-5.5z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";
const BUTTONS = [
  ["First", "Home", "M3 3h2v10H3zM13 3v10L6 8z"],
  ["Previous", "←", "M10.5 2.5 12 4 8 8l4 4-1.5 1.5L5 8z"],
  ["Play", "Space", PLAY],
  ["Next", "→", "M5.5 2.5 4 4l4 4-4 4 1.5 1.5L11 8z"],
  ["Last", "End", "M3 3v10l7-5zM11 3h2v10h-2z"],
];

const button = ([name, key, icon]) => `
  <button type="button" class="sg-${name.toLowerCase()}"
    aria-label="${name}" title="${name} (${key})">
    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="${icon}"/></svg>
  </button>`;
const SKELETON = `
  <div class="sg-head">
    <div class="sg-title"></div>
    <nav class="sg-path" aria-label="Rooms"></nav>
  </div>
  <div class="sg-bar">
    <div class="sg-buttons" role="group" aria-label="Steps">${BUTTONS.map(button).join("")}</div>
    <div class="sg-track"><input class="sg-slider" type="range" min="0" aria-label="Step"></div>
    <div class="sg-where"><span class="sg-phase"></span><span class="sg-counter"></span></div>
    <button type="button" class="sg-zoom" aria-pressed="false" title="Show it whole">Fit</button>
  </div>
  <div class="sg-figure" role="listbox" aria-label="Boxes of the picture"></div>
  <div class="sg-strip">
    <div class="sg-legend" aria-hidden="true">
      <span>at work</span><span>receives</span><span>done</span><span>not yet computed</span>
    </div>
    <div class="sg-hint"></div>
    <div class="sg-panel" role="group" aria-label="Selected box">
      <span><b class="sg-name"></b> <span class="sg-what"></span></span>
      <span class="sg-data"></span>
      <span class="sg-adjoint"></span>
      <span class="sg-missing">
        Its steps are not in this page: <code class="sg-call"></code>
        <button type="button" class="sg-copy">Copy</button>
      </span>
      <button type="button" class="sg-open">Open <kbd>Enter</kbd></button>
    </div>
  </div>
  <div class="sg-step"></div>
  <div class="sg-say" aria-live="polite"></div>
  <form class="sg-guess">
    <div class="sg-asks"></div>
    <button type="submit" class="sg-show">Show</button>
  </form>
  <ul class="sg-verdict" aria-live="polite"></ul>
  <div class="sg-cells">
    <div><span>Rule</span><div class="sg-rule"></div></div>
    <div><span>Numbers</span><div class="sg-numbers"></div></div>
    <div><span>Gradient</span><div class="sg-sum"></div></div>
  </div>
  <div class="sg-news" role="status"></div>`;

/** Build the parts; returns the root, and each part by the name of its class. */
export function build(title) {
  const root = document.createElement("div");
  root.className = "stepgrad";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", title);
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab would move between cells
  root.innerHTML = SKELETON;
  const ui = {};
  for (const part of root.querySelectorAll("[class^=sg-]")) ui[part.className.slice(3)] = part;
  ui.title.textContent = title;
  return { root, ui };
}

/** Make the button in the middle say what it does next. */
export function labelPlay(button, playing) {
  button.setAttribute("aria-label", playing ? "Pause" : "Play");
  button.title = playing ? "Pause (Space)" : "Play (Space)";
  button.querySelector("path").setAttribute("d", playing ? PAUSE : PLAY);
}
