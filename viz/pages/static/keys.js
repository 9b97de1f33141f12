// The keys of the stepper, and when it is not for the stepper that they are pressed.

const KEYS = {
  Home: "first",
  ArrowLeft: "previous",
  " ": "play",
  ArrowRight: "next",
  End: "last",
  Enter: "open",
  Escape: "leave",
  Backspace: "leave",
  ArrowUp: "above",
  ArrowDown: "below",
  "/": "seek",
  "+": "closer",
  "=": "closer", // the same key without Shift
  "-": "farther",
  0: "fit",
};

/**
 * Do the actions whose keys are heard on `source`; returns a function that ends it.
 *
 * On the document, a stepper alone on its page hears all keys; beside another one it needs the
 * focus.
 */
export function listen(source, root, ui, actions) {
  function onKey(event) {
    const { key, target } = event;
    const within = (selector) => target.closest?.(selector);
    if (!KEYS[key] || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!root.contains(target) && document.querySelectorAll(".stepgrad").length > 1) return;
    if (target !== ui.slider && within("input, textarea, select, [contenteditable]")) return;
    if ((key === " " || key === "Enter") && within("button, a, summary")) return; // they are pressed
    if ((key === "ArrowUp" || key === "ArrowDown") && !ui.figure.contains(target)) return;
    event.preventDefault(); // else the slider takes a second step, and the page scrolls
    if (key !== " " || !event.repeat) actions[KEYS[key]]();
  }
  source.addEventListener("keydown", onKey);
  return () => source.removeEventListener("keydown", onKey);
}
