// The parts of a stepper before anything is shown in them.

const PLAY = "M4.5 2.5v11l9-5.5z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";
const SPEEDS = [0.5, 1, 2, 4];
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
    <div class="sg-tools" role="group" aria-label="View">
      <div class="sg-search" role="search" hidden>
        <input class="sg-sought" type="search" aria-label="Find a box by its name"
          placeholder="Name of a box" autocomplete="off" spellcheck="false" enterkeyhint="search">
        <span class="sg-found" role="status"></span>
      </div>
      <button type="button" class="sg-find" aria-expanded="false" title="Find a box (/)">Find</button>
      <button type="button" class="sg-farther" aria-label="Zoom out" title="Zoom out (-)">−</button>
      <button type="button" class="sg-fit" title="The first view, or the whole picture (0)">Fit</button>
      <button type="button" class="sg-closer" aria-label="Zoom in" title="Zoom in (+)">+</button>
    </div>
  </div>
  <div class="sg-bar">
    <div class="sg-buttons" role="group" aria-label="Steps">${BUTTONS.map(button).join("")}</div>
    <select class="sg-speed" aria-label="Speed" title="Speed of Play">
      ${SPEEDS.map((x) => `<option value="${x}"${x === 1 ? " selected" : ""}>${x}×</option>`).join("")}
    </select>
    <div class="sg-track"><input class="sg-slider" type="range" min="0" aria-label="Step"></div>
    <div class="sg-where"><span class="sg-phase"></span><span class="sg-counter"></span></div>
  </div>
  <div class="sg-figure" role="listbox" aria-label="Boxes of the picture"></div>
  <div class="sg-strip">
    <div class="sg-legend" aria-hidden="true">
      <span>at work</span><span>receives</span><span>done</span><span>not yet computed</span><span>minus flows back</span><span title="By how much the box at its head changes with the one at its tail">0.5 local derivative</span><span title="Values are computed on the way forward, gradients on the way back">– not known yet</span>
      <span class="sg-range" title="An arrow is as wide as the logarithm of what flowed back along it"></span>
    </div>
    <div class="sg-hint"></div>
  </div>
  <div class="sg-change" hidden>
    <span class="sg-moved"></span> <b class="sg-outcome" role="status"></b>
    <button type="button" class="sg-restore" title="All leaves as they were">Reset</button>
  </div>
  <div class="sg-below">
    <div class="sg-panel" role="region" aria-label="Selected box" hidden>
      <div class="sg-top">
        <b class="sg-name"></b> <span class="sg-what"></span>
        <button type="button" class="sg-close" aria-label="Close" title="Close">×</button>
      </div>
      <div class="sg-array">
        <div class="sg-kinds" role="group" aria-label="Numbers of">
          <button type="button" class="sg-ofvalue">value</button><button type="button" class="sg-ofgrad">gradient</button>
        </div>
        <div class="sg-grid" tabindex="0" role="application" aria-roledescription="heat map"></div>
        <div class="sg-told" aria-live="polite"></div>
      </div>
      <div class="sg-element" role="region" aria-label="Chosen number">
        <b class="sg-which"></b>
        <table class="sg-computed"><caption></caption><tbody></tbody></table>
        <table class="sg-received"><caption></caption><tbody></tbody></table>
        <button type="button" class="sg-inside">Open its graph</button>
        <div class="sg-outside"><span class="sg-lacks"></span><code class="sg-elsewhere"></code></div>
      </div>
      <div class="sg-held"><span class="sg-data"></span> <span class="sg-adjoint"></span></div>
      <div class="sg-set" role="group" aria-label="Another number" hidden>
        <button type="button" class="sg-scrub" tabindex="-1" title="Drag: another number">⟷</button>
        <input class="sg-number" role="spinbutton" inputmode="decimal" size="9" autocomplete="off"
          spellcheck="false" title="Type a number, or press ↑ and ↓">
        <button type="button" class="sg-twice" title="Twice the number">×2</button>
        <button type="button" class="sg-reset">Reset</button>
      </div>
      <div class="sg-made"></div>
      <button type="button" class="sg-open">Open <kbd>Enter</kbd></button>
      <div class="sg-missing">
        Its steps are not in this page: <code class="sg-call"></code>
        <button type="button" class="sg-copy">Copy</button>
      </div>
      <div class="sg-holds">Leaves inside it<ol class="sg-leaves"></ol><span class="sg-others"></span></div>
      <div class="sg-why">Why this gradient <small class="sg-ways"></small><ol class="sg-paths"></ol></div>
      <div class="sg-when">Its steps<ol class="sg-moments"></ol><span class="sg-more"></span></div>
      <div class="sg-still"></div>
    </div>
    <div class="sg-text">
      <div class="sg-step"></div>
      <div class="sg-say" aria-live="polite"></div>
      <div class="sg-guess" role="group" aria-label="Your guess">
        <div class="sg-asks"></div>
        <button type="button" class="sg-show">Show</button>
      </div>
      <ul class="sg-verdict" aria-live="polite"></ul>
      <div class="sg-cells">
        <div><span>Rule</span><div class="sg-rule"></div></div>
        <div><span>Numbers</span><div class="sg-numbers"></div></div>
        <div><span>Gradient</span><div class="sg-sum"></div></div>
      </div>
    </div>
  </div>
  <div class="sg-tip" aria-hidden="true" hidden></div>
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

/** Copy what an element says; returns what came of it, in words. */
export function copied(element) {
  element.ownerDocument.getSelection().selectAllChildren(element);
  // The sandbox of a cell has no navigator.clipboard.
  return element.ownerDocument.execCommand("copy") ? "Copied" : "Selected: copy it with Ctrl+C";
}

/** Enable the buttons that lead somewhere from here; `focus` takes the focus from one that does not. */
export function enableSteps(ui, start, end, focus) {
  const off = { first: start, previous: start, play: start && end, next: end, last: end };
  for (const name in off) {
    // A disabled button would keep the focus and swallow the keys.
    if (off[name] && ui[name] === ui[name].getRootNode().activeElement) focus();
    ui[name].disabled = off[name];
  }
}
