// The field in which a box is looked for by its name.

import { search } from "./find.js";

/**
 * Set up the field: `places()` gives the rooms and the one that is shown, `go` takes room and box of
 * what was found, and `left` is called when the field is closed. Returns what opens it.
 */
export function finder(ui, { places, go, left }) {
  let found = [];
  let at = -1; // which of them was gone to

  function look() {
    found = search(...places(), ui.sought.value);
    at = -1;
    const boxes = found.length === 1 ? "1 box" : `${found.length} boxes`;
    ui.found.textContent = ui.sought.value.trim() && (found.length ? boxes : "no such box here");
  }

  function next(by) {
    if (!found.length) return;
    at = at < 0 ? 0 : (at + by + found.length) % found.length;
    ui.found.textContent = `${at + 1} of ${found.length}`;
    go(...found[at]);
  }

  function open() {
    ui.search.hidden = false;
    ui.find.setAttribute("aria-expanded", "true");
    ui.sought.select();
    ui.sought.focus();
    look();
  }

  function close() {
    ui.search.hidden = true;
    ui.find.setAttribute("aria-expanded", "false");
    left();
  }

  ui.sought.addEventListener("input", look);
  ui.search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) next(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });

  ui.find.addEventListener("click", () => (ui.search.hidden ? open() : close()));
  return open;
}
