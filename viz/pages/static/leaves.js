// Leaves under one's hands: dragged in the picture, typed or stepped in the panel.

import { parse } from "./answers.js";
import { shown } from "./places.js";
import { story } from "./live.js";

const PX_A_STEP = 4; // px that a hand moves for one step
const MANY = 10; // steps at once: with Shift, PageUp and PageDown
const TOLD = 3; // leaves that are listed
const BY_KEY = { ArrowUp: 1, ArrowDown: -1, PageUp: MANY, PageDown: -MANY };

/**
 * Let the leaves of a page be changed; `selected()` gives the one whose panel is open, if it is one,
 * `leafOf` that of a box, and `changed` is called after each change. Returns what writes them.
 */
export function handle(ui, live, { selected, leafOf, changed }) {
  function move(leaf, x) {
    if (!Number.isFinite(x) || x === live.values[leaf]) return;
    live.move(leaf, Number(x.toPrecision(12)));
    changed();
  }

  /** Go by so many steps, to a number that is a whole number of them. */
  function walk(leaf, steps, from = live.values[leaf]) {
    const step = live.step(leaf);
    move(leaf, (Math.round(from / step) + steps) * step);
  }

  function take() {
    const x = parse(ui.number.value);
    ui.number.setAttribute("aria-invalid", !Number.isFinite(x));
    if (selected() === null || !Number.isFinite(x)) return;
    move(selected(), x);
    live.commit();
  }

  /** Step by step with the hand, for as long as it holds on to `el`. */
  function scrub(el, event, leaf) {
    const [start, from] = [event.clientX, live.values[leaf]];
    const at = ({ clientX }) => Math.trunc((clientX - start) / PX_A_STEP);
    let before = 0;
    const follow = (event) => {
      if (at(event) !== before) walk(leaf, (before = at(event)) * (event.shiftKey ? MANY : 1), from);
    };
    const end = () => {
      el.removeEventListener("pointermove", follow);
      live.commit();
    };
    el.setPointerCapture(event.pointerId);
    el.addEventListener("pointermove", follow);
    for (const over of ["pointerup", "pointercancel"]) el.addEventListener(over, end, { once: true });
  }

  if (live.about) {
    ui.figure.addEventListener("pointerdown", (event) => {
      const text = event.target.closest(".sg-leaf");
      if (!text || event.button) return;
      event.stopPropagation(); // else the picture is dragged
      scrub(text, event, leafOf(text.closest(".node").id));
    }, { capture: true });
    ui.scrub.addEventListener("pointerdown", (event) => event.button || scrub(ui.scrub, event, selected()));
    ui.number.addEventListener("change", take);
    ui.number.addEventListener("keydown", (event) => {
      if (event.key === "Enter") take();
      if (!BY_KEY[event.key]) return;
      event.preventDefault();
      walk(selected(), BY_KEY[event.key] * (event.shiftKey ? MANY : 1));
      live.commit();
    });
    ui.twice.addEventListener("click", () => (move(selected(), 2 * live.values[selected()]), live.commit()));
    ui.reset.addEventListener("click", () => (live.reset([selected()]), changed()));
    ui.restore.addEventListener("click", () => (live.reset(live.moved), changed()));
  }

  /** Write the number of the leaf that is selected, and what has come of all changes. */
  return function write() {
    const leaf = selected();
    const moved = live.moved;
    ui.set.hidden = leaf === null || !live.about;
    if (!ui.set.hidden) {
      const text = `${live.values[leaf]}`;
      if (parse(ui.number.value) !== live.values[leaf]) ui.number.value = text;
      ui.number.setAttribute("aria-valuenow", text);
      ui.number.setAttribute("aria-label", `Number of ${leaf}`);
      ui.reset.disabled = !moved.includes(leaf);
    }
    ui.change.hidden = !moved.length;
    if (!moved.length) return;
    const more = moved.length - TOLD;
    const told = moved.slice(0, TOLD).map((x) => `${x} ${shown(live.base[x])} → ${shown(live.values[x])}`);
    const { name, before, after } = live.change;
    const so = `, so ${name} ${shown(before, 3)} → ${shown(after, 3)}`;
    ui.moved.textContent = told.join(", ") + (more > 0 ? ` and ${more} more` : "") + so;
    ui.outcome.textContent = story(live.change);
  };
}
