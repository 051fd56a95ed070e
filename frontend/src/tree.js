// The public tree: side by side where there is room, as an indented outline where there is not.
import { dot, link, plot, pointer, rect, text, tip } from "@observablehq/plot";
import { NARROW, palette, say, wrap } from "./common.js";
import { tipStyle } from "./intervals.js";

/** @typedef {{id: string, parent: string | null, label: string, end?: string, move?: string, value: number, share: number, series?: string, note?: string,
 *   depth?: number, y?: number, heading?: boolean, children: Node[]}} Node */

/** @param {import("./common.js").ChartSpec} spec @returns {Node[]} nodes with depth and children, parents first */
function grow(spec) {
  const nodes = spec.rows.map((r) => /** @type {Node} */ ({ ...r, children: [] }));
  const byId = new Map(nodes.map((n) => [n.id, n]));
  for (const node of nodes) {
    const parent = node.parent === null ? undefined : byId.get(node.parent);
    node.depth = parent ? (parent.depth || 0) + 1 : 0;
    parent?.children?.push(node);
  }
  return nodes;
}

/** @param {import("./common.js").ChartSpec} spec @param {number} width */
export function tree(spec, width) {
  const nodes = grow(spec);
  const deepest = Math.max(...nodes.map((n) => n.depth || 0));
  return width >= NARROW && width / (deepest + 1.4) >= 118 ? across(spec, nodes, deepest, width) : outline(spec, nodes, width);
}

const stroke = (/** @type {number} */ p) => 1 + 7 * Math.sqrt(Math.max(p, 0));

/** @param {Node} node */
const told = (node) => [node.move, `${node.label}: ${say(node.share, "percent")} of the times it comes to this`, `reached in ${say(node.value, "percent")}`, node.end, node.note].filter(Boolean).join("\n");

/** @param {import("./common.js").ChartSpec} spec @param {Node[]} nodes @param {number} deepest @param {number} width */
function across(spec, nodes, deepest, width) {
  const colours = palette(spec);
  const last = Math.min(230, width * 0.22);
  const root = 14;
  const each = (width - last - root) / Math.max(deepest, 1);
  const named = new Map(nodes.map((n) => [n.id, wrap(n.label || "", each - 22, 12, 2)]));
  const row = [...named.values()].some((l) => l.length > 1) ? 54 : 44;
  let next = 0;
  const place = (/** @type {Node} */ node) => {
    if (!node.children?.length) {
      node.y = next;
      next += row;
    } else {
      node.children.forEach(place);
      node.y = ((node.children[0].y || 0) + (node.children[node.children.length - 1].y || 0)) / 2;
    }
  };
  nodes.filter((n) => n.parent === null).forEach(place);
  const x = (/** @type {Node} */ n) => root + (n.depth || 0) * each;
  const byId = new Map(nodes.map((n) => [n.id, n]));
  const edges = nodes.filter((n) => n.parent !== null).map((n) => {
    const p = /** @type {Node} */ (byId.get(/** @type {string} */ (n.parent)));
    return { ...n, x1: x(p), y1: p.y, x2: x(n), y2: n.y, elbow: x(p) + 12 };
  });
  const colourOf = (/** @type {any} */ n) => colours.get(n.series) || "var(--muted)";
  const words = edges.flatMap((e) => {
    const lines = named.get(e.id) || [];
    const thick = stroke(e.value) / 2;
    return [
      ...lines.map((line, i) => ({ line, tx: e.elbow + 6, ty: (e.y2 || 0) - thick - 9 - (lines.length - 1 - i) * 14, fill: "var(--ink)" })),
      { line: say(e.share, "percent"), tx: e.elbow + 6, ty: (e.y2 || 0) + thick + 9, fill: "var(--muted)" },
    ];
  });
  const leaves = nodes.filter((n) => !n.children?.length).flatMap((n) => {
    const lines = wrap(n.end || "", last - 56, 12, 2);
    return lines.map((line, i) => ({ ...n, line, tx: x(n) + 10, ty: (n.y || 0) + (i - (lines.length - 1) / 2) * 14 }));
  });
  const heads = columns(nodes).flatMap((c) => {
    const lines = wrap(c.text, each - 18, 12, 3);
    return lines.map((line, i) => ({ line, x: root + (c.depth - 1) * each + 16, y: -42 - (lines.length - 1 - i) * 15 }));
  });
  const tips = nodes.filter((n) => !n.children?.length);
  const height = next - row + 20;
  return plot({
    width,
    height: height + 92,
    margin: 0,
    x: { domain: [0, width], range: [0, width], axis: null },
    y: { domain: [-78, height + 14], range: [0, height + 92], axis: null },
    marks: [
      text(heads, { x: "x", y: "y", text: "line", textAnchor: "start", fill: "var(--muted)", fontSize: 12 }),
      link(edges, { x1: "elbow", x2: "elbow", y1: "y1", y2: "y2", stroke: colourOf, strokeWidth: (/** @type {any} */ e) => stroke(e.value), strokeOpacity: 0.55, strokeLinecap: "square" }),
      link(edges, { x1: "x1", x2: "elbow", y1: "y1", y2: "y1", stroke: "var(--muted)", strokeOpacity: 0.55 }),
      link(edges, { x1: "elbow", x2: "x2", y1: "y2", y2: "y2", stroke: colourOf, strokeWidth: (/** @type {any} */ e) => stroke(e.value), strokeOpacity: 0.55 }),
      dot(nodes, { x, y: "y", r: 4, fill: colourOf, stroke: "var(--paper)" }),
      text(words, { x: "tx", y: "ty", text: "line", textAnchor: "start", fill: "fill", fontSize: 12, stroke: "var(--paper)", strokeWidth: 3 }),
      text(leaves, { x: "tx", y: "ty", text: "line", textAnchor: "start", fill: "var(--ink)", fontSize: 12 }),
      text(tips, { x: width - 6, y: "y", text: (/** @type {any} */ n) => say(n.value, "percent"), textAnchor: "end", fill: "var(--ink)", fontSize: 12, fontWeight: 600 }),
      tip(nodes, pointer({ x, y: "y", title: told, ...tipStyle })),
    ],
  });
}

/** What stands over each column: the move, if all nodes of that depth come from the same. @param {Node[]} nodes */
function columns(nodes) {
  const moves = new Map();
  for (const n of nodes) if (n.depth && n.move) moves.set(n.depth, (moves.get(n.depth) || new Set()).add(n.move));
  return [...moves].map(([depth, set]) => ({ depth, text: [...set].join(" / ") }));
}

/** @param {import("./common.js").ChartSpec} spec @param {Node[]} nodes @param {number} width */
function outline(spec, nodes, width) {
  const colours = palette(spec);
  const order = /** @type {Node[]} */ ([]);
  const walk = (/** @type {Node} */ n) => {
    order.push(n);
    const move = n.children?.find((c) => c.move)?.move;
    if (move) order.push({ ...n.children[0], id: `${n.id}-move`, label: move, heading: true, children: [] });
    n.children?.forEach(walk);
  };
  nodes.filter((n) => n.parent === null).forEach(walk);
  const shown = order.filter((n) => n.parent !== null);
  const step = width < NARROW ? 13 : 20;
  const gauge = width < NARROW ? 80 : 150;
  let y = 12;
  const placed = shown.map((n) => {
    const left = ((n.depth || 1) - 1) * step + 6;
    const head = n.heading ? n.label : `${n.label}${n.children?.length || !n.end ? "" : ` → ${n.end}`}`;
    const lines = wrap(head, n.heading ? width - left - 8 : width - left - gauge - 24, 12, 3);
    const top = y;
    y += lines.length * 15 + (n.heading ? 4 : 9);
    return { ...n, left, lines, top };
  });
  const nodesOnly = placed.filter((n) => !n.heading);
  const byId = new Map(nodesOnly.map((n) => [n.id, n]));
  const colourOf = (/** @type {any} */ n) => colours.get(n.series) || "var(--muted)";
  const elbows = nodesOnly.flatMap((n) => {
    const p = byId.get(n.parent || "");
    return p ? [{ x1: p.left, x2: p.left, y1: p.top + 5, y2: n.top }, { x1: p.left, x2: n.left - 4, y1: n.top, y2: n.top }] : [];
  });
  const words = placed.flatMap((n) => n.lines.map((line, i) => ({ line, x: n.left + (n.heading ? 0 : 9), y: n.top + i * 15, heading: n.heading })));
  return plot({
    width,
    height: y + 4,
    margin: 0,
    x: { domain: [0, width], range: [0, width], axis: null },
    y: { domain: [0, y], range: [0, y], axis: null },
    marks: [
      link(elbows, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", stroke: "var(--muted)", strokeOpacity: 0.5 }),
      rect(nodesOnly, { x1: width - gauge, x2: (/** @type {any} */ n) => width - gauge + (gauge - 40) * n.value, y1: (/** @type {any} */ n) => n.top - 5, y2: (/** @type {any} */ n) => n.top + 5, fill: colourOf, fillOpacity: 0.7 }),
      dot(nodesOnly, { x: "left", y: "top", r: 4, fill: colourOf, stroke: "var(--paper)" }),
      text(words, { x: "x", y: "y", text: "line", textAnchor: "start", fill: (/** @type {any} */ w) => (w.heading ? "var(--muted)" : "var(--ink)"), fontSize: 12 }),
      text(nodesOnly, { x: width - 2, y: "top", text: (/** @type {any} */ n) => say(n.value, "percent"), textAnchor: "end", fill: "var(--ink)", fontSize: 12, fontWeight: 600 }),
      tip(nodesOnly, pointer({ x: "left", y: "top", title: told, ...tipStyle })),
    ],
  });
}
