// Finding boxes in all the rooms that a page holds: by their names, and leaves by what they are in.

const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

/** Spell a name as it is typed: small, x₁ as x1. */
const spelled = (name) => name.toLowerCase().replace(/[₀-₉]/g, (digit) => LOWERED.indexOf(digit));

/**
 * List the boxes whose name holds what was typed, as [id of the room, id of the box]: those of the
 * room `here` first; in each, those that are called so, then those that begin so.
 */
export function search(rooms, here, typed) {
  const sought = spelled(typed.trim());
  if (!sought) return [];
  const found = [];
  for (const [room, { boxes }] of Object.entries(rooms)) {
    for (const [box, { whole }] of Object.entries(boxes)) {
      const at = spelled(whole ?? "").indexOf(sought);
      if (at < 0) continue;
      const rank = whole.length === sought.length ? 0 : at === 0 ? 1 : 2;
      found.push({ rank: rank + (room === here ? 0 : 3), place: [room, box] });
    }
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ place }) => place);
}

/** List the leaves inside a box, in the rooms that it opens into, as [id of the room, id of the box]. */
export function leavesInside(rooms, { room: id, nodes }) {
  const inside = Object.entries(rooms[id]?.boxes ?? {}).filter(([, box]) => nodes.includes(box.nodes[0]));
  return inside.flatMap(([key, box]) => {
    if (box.room) return leavesInside(rooms, box);
    return box.what === "" ? [[id, key]] : [];
  });
}
