// Lines and shapes of a picture: read, fitted and drawn.

const LETTER = 0.6; // em, of a monospaced character
const FREE = 6; // pt beside a line, both sides together

/** Let a line of a box stay within it: boxes are drawn as wide as their first numbers need. */
export function squeeze(line, width) {
  const wanted = LETTER * line.getAttribute("font-size") * line.textContent.length;
  if (wanted > width - FREE) line.setAttribute("textLength", width - FREE);
  else line.removeAttribute("textLength");
  line.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

/** The bounds of a shape, from its text: in a part of a page that is not shown yet getBBox fails. */
export function extent(outline) {
  const numbers = outline.match(/-?[\d.]+/g).map(Number);
  const [xs, ys] = [0, 1].map((odd) => numbers.filter((_, i) => i % 2 === odd));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Shorter texts stay in the middle; dot takes a monospaced character as 0.6 em wide. */
export function center(line) {
  if (line.getAttribute("text-anchor") !== "start") return;
  const half = (LETTER / 2) * line.getAttribute("font-size") * line.textContent.length;
  line.setAttribute("x", Number(line.getAttribute("x")) + half);
  line.setAttribute("text-anchor", "middle");
}

export function draw(beside, kind, name, attributes) {
  const shape = document.createElementNS(beside.namespaceURI, kind);
  if (name) shape.setAttribute("class", name);
  for (const key in attributes) shape.setAttribute(key, attributes[key]);
  return shape;
}
