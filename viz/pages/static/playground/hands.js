// Points are added, moved and removed: by mouse, by touch and by keys.

const NEAR = { mouse: 10, touch: 22, pen: 14 }; // px from a point that still mean it
const STEP = 0.02; // of the canvas, for each arrow key

/**
 * Listen to a canvas.
 *
 * `on` has `spots()`, `add(place)`, `move(i, place)`, `remove(i)`, `cross(place)` for where the
 * keyboard points to, `drop()` when a point was moved, and `probe` for the input that is tried out.
 */
export function listenHands(canvas, plane, on) {
  let held = null; // the point that is dragged
  let carried = null; // the one that the keyboard carries
  let cross = null;
  const pixel = (event) => [event.offsetX, event.offsetY];
  const reach = (event) => NEAR[event.pointerType] ?? NEAR.mouse;
  const isTried = (event) => {
    const [x, y] = plane.ring(on.probe.spot);
    return Math.hypot(event.offsetX - x, event.offsetY - y) <= reach(event);
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    const tries = !event.shiftKey && isTried(event); // the ring lies over the points
    const i = tries ? -1 : plane.nearest(on.spots(), pixel(event), reach(event));
    held = { i, at: pixel(event), tries };
    if (tries) on.probe.begin();
    if (i >= 0 && event.shiftKey) {
      on.remove(i);
      held = null;
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    const near = held ?? { i: plane.nearest(on.spots(), pixel(event), NEAR.mouse) };
    canvas.style.cursor = near.i >= 0 || near.tries || isTried(event) ? "grab" : "crosshair";
    const place = plane.place(pixel(event));
    if (held?.i >= 0) on.move(held.i, place);
    if (held?.tries) on.probe.drag(place);
    else on.probe.point(place);
  });
  canvas.addEventListener("pointerleave", () => on.probe.point(null));
  canvas.addEventListener("pointerup", (event) => {
    if (held?.i === -1 && !held.tries) on.add(plane.place(held.at));
    if (held) on.drop();
    held = null;
    event.preventDefault();
  });
  canvas.addEventListener("pointercancel", () => (held = null));

  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const under = () => plane.nearest(on.spots(), plane.pixel(cross), NEAR.mouse);

  canvas.addEventListener("keydown", (event) => {
    const { key } = event;
    if (!moves[key] && !["Enter", "Delete", "Escape"].includes(key)) return;
    event.preventDefault();
    event.stopPropagation();
    cross ??= plane.place([plane.width / 2, plane.height / 2]);
    if (moves[key]) {
      cross = cross.map((x, j) => x + moves[key][j] * STEP * (plane.range[j][1] - plane.range[j][0]));
      if (carried !== null) on.move(carried, cross);
    } else if (key === "Enter") {
      const i = under();
      if (carried !== null) {
        carried = null;
        on.drop();
      } else if (i >= 0) carried = i;
      else on.add(cross);
    } else if (key === "Delete" && under() >= 0) {
      on.remove(under());
      carried = null;
    } else if (key === "Escape") carried = null;
    on.cross(cross);
  });
  canvas.addEventListener("blur", () => {
    carried = null;
    on.cross(null);
  });
  canvas.addEventListener("focus", () => on.cross(cross));
}
