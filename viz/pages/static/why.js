// The paths from the output to a node: the largest, and one that stands for all others.

import { shown } from "./places.js";

const LISTED = 4; // paths of a node
const ENDS = 3; // nodes that are written at both ends of a long path
const TELLING = 8; // factors that are written wherever they are, if they halve or double

/**
 * Rank the paths to the node `end`; `flows` are the edges of the pass, latest node first: from which
 * node to which, with the local derivative, and of several uses which one. A path is
 * { nodes, uses, factors, product, share, count }.
 */
export function paths(flows, output, end) {
  const leading = new Set([end]);
  const towards = [];
  for (const flow of [...flows].reverse()) {
    if (!leading.has(flow.target)) continue;
    leading.add(flow.node);
    towards.push(flow);
  }
  const found = new Map([[output, ways()]]);
  found.get(output).largest.push({ size: 1, product: 1, flows: [] });
  for (const flow of towards.reverse()) {
    if (!found.has(flow.target)) found.set(flow.target, ways());
    extend(found.get(flow.target), found.get(flow.node), flow);
  }
  const { largest, count, product, size } = found.get(end) ?? ways();
  const all = largest.reduce((sum, way) => sum + way.size, 0) + size;
  const share = (part) => (all > 0 && all < Infinity ? part / all : null);
  const listed = largest.map((way) => ({
    nodes: [output, ...way.flows.map(({ target }) => target)],
    uses: ["", ...way.flows.map(({ use }) => use ?? "")],
    factors: way.flows.map(({ local }) => local),
    product: way.product,
    share: share(way.size),
    count: 1,
  }));
  if (count) listed.push({ nodes: [], uses: [], factors: [], product, share: share(size), count });
  return listed;
}

/** Write a path in one line, a long one shortened or `whole`; `labels` are those of nodes. */
export function pathText({ nodes, uses, factors, count }, labels, whole = false) {
  const sizes = factors.map(Math.abs);
  const weakest = sizes.reduce((at, size, i) => (size < (at < 0 ? 1 : sizes[at]) ? i : at), -1);
  const places = shortened(nodes.length, new Set(whole ? nodes.keys() : [weakest, ...telling(sizes)]));
  const mark = (i) => (i === weakest ? "↓" : "");
  const route = nodes.length
    ? places.map((i) => (i === null ? "…" : uses[i] + labels[nodes[i]])).join(" → ")
    : `${count.toLocaleString("en")} more path${count > 1 ? "s" : ""}`;
  const terms = places
    .filter((i) => i !== nodes.length - 1)
    .map((i) => (i === null ? "…" : shown(factors[i]) + mark(i)))
    .join(" × ");
  return factors.length ? `${route}: ${terms}` : route;
}

/** Write the share of a path in percent. */
export function percent(x) {
  if (x > 0 && x < 0.01) return "< 0.01 %";
  if (x < 9.5) return `${shown(x, 2)} %`;
  const near = Math.round(x);
  return `${x % 1 === 0.5 && near % 2 ? near - 1 : near} %`; // halves go to the even number
}

const ways = () => ({ largest: [], count: 0, product: 0, size: 0 });

/** The size by which products are ordered; once one is not finite it stays so. */
const sizeOf = (product) => (Number.isFinite(product) ? Math.abs(product) : Infinity);

function extend(ways, before, flow) {
  for (const way of before.largest) {
    const product = way.product * flow.local;
    const longer = { size: sizeOf(product), product, flows: [...way.flows, flow] };
    const at = ways.largest.findIndex(({ size }) => size < longer.size);
    ways.largest.splice(at < 0 ? ways.largest.length : at, 0, longer);
    if (ways.largest.length > LISTED) add(ways, 1, ways.largest.pop());
  }
  if (before.count) {
    const product = before.product * flow.local;
    add(ways, before.count, { product, size: sizeOf(before.size * flow.local) });
  }
}

function add(ways, count, { product, size }) {
  ways.count += count;
  ways.product += product;
  ways.size += size;
}

/** Places of the factors that decide the product: not finite, or farthest from 1. */
function telling(sizes) {
  const from1 = sizes.map((x) => (x > 0 && x < Infinity ? Math.abs(Math.log(x)) : Infinity));
  const places = sizes.map((_, i) => i).filter((i) => from1[i] > Math.LN2);
  return places.sort((a, b) => from1[b] - from1[a] || a - b).slice(0, TELLING);
}

/** The places to show of a long row: some at both ends, what matters, null for gaps. */
function shortened(count, matter) {
  const found = [];
  let before = -1;
  for (let i = 0; i < count; i++) {
    if (i >= ENDS && i < count - ENDS && !matter.has(i)) continue;
    if (i - before === 2) found.push(i - 1);
    else if (i - before > 2) found.push(null);
    found.push(i);
    before = i;
  }
  return found;
}
