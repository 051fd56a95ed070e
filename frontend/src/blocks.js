// Parts of a whole, cells of a table, stretches of a line.
import { axisX, cell, gridX, plot, pointer, rect, ruleX, text, tip } from "@observablehq/plot";
import { fit, measure, NARROW, palette, say, tick, wrap } from "./common.js";
import { tipStyle } from "./intervals.js";

/** @typedef {import("./common.js").ChartSpec} ChartSpec */

/** Rows of blocks, each row with a name at its left, or above it on narrow screens.
 * @param {ChartSpec} spec @param {number} width @param {number} tall */
function frame(spec, width, tall) {
  const narrow = width < NARROW;
  const labels = [...new Set(spec.rows.map((r) => r.label))];
  const left = narrow ? 16 : Math.min(Math.max(...labels.map((l) => measure(l))) + 14, width * 0.3);
  const places = new Map();
  const names = [];
  let y = 0;
  for (const label of labels) {
    const lines = wrap(label, narrow ? width - 12 : left - 14);
    if (narrow) {
      lines.forEach((line, i) => names.push({ line, y: y + 10 + i * 16 }));
      y += lines.length * 16 + 4;
    }
    const height = Math.max(tall, narrow ? 0 : lines.length * 16);
    places.set(label, { top: y + (height - tall) / 2, bottom: y + (height + tall) / 2, mid: y + height / 2 });
    if (!narrow) lines.forEach((line, i) => names.push({ line, y: y + height / 2 + (i - (lines.length - 1) / 2) * 16 }));
    y += height + 8;
  }
  const naming = text(names, { frameAnchor: "left", y: "y", text: "line", textAnchor: narrow ? "start" : "end", dx: narrow ? -14 : -12, fill: "var(--ink)", fontSize: 13, stroke: "var(--paper)", strokeWidth: 3 });
  return { narrow, left, places, naming, height: y };
}

/** @param {ChartSpec} spec @param {number} width */
export function stack(spec, width) {
  const { narrow, left, places, naming, height } = frame(spec, width, 26);
  const colours = palette(spec);
  const names = new Map((spec.series || []).map((s) => [s.key, s.label]));
  const upto = new Map();
  const placed = spec.rows.map((r) => {
    const from = upto.get(r.label) || 0;
    upto.set(r.label, from + r.value);
    return { ...r, ...places.get(r.label), from, to: from + r.value };
  });
  const end = spec.x?.domain?.[1] ?? Math.max(...upto.values());
  const inner = width - left - 22;
  const most = narrow ? 4 : 6;
  const ticks = spec.x?.format === "percent" ? most : Math.min(most, Math.max(1, Math.floor(end)));
  const format = spec.x?.format;
  return plot({
    width,
    height: height + 30,
    marginLeft: left,
    marginRight: 22,
    marginTop: 4,
    marginBottom: 26,
    x: { domain: [0, end], label: null },
    y: { domain: [0, height], range: [4, height + 4], axis: null },
    marks: [
      gridX({ stroke: "var(--rule)", strokeOpacity: 1, ticks }),
      axisX({ tickFormat: tick(format), label: null, ticks, color: "var(--muted)", tickSize: 0 }),
      rect(placed, { x1: "from", x2: "to", y1: "top", y2: "bottom", fill: (/** @type {any} */ r) => colours.get(r.part) || "var(--c1)", stroke: "var(--paper)", strokeWidth: 1 }),
      text(placed.filter((r) => (r.value / end) * inner > measure(say(r.value, format), 12) + 8), { x: (/** @type {any} */ r) => (r.from + r.to) / 2, y: "mid", text: (/** @type {any} */ r) => say(r.value, format), fill: "var(--on-colour)", fontSize: 12, fontWeight: 600 }),
      naming,
      tip(placed, pointer({ x: (/** @type {any} */ r) => (r.from + r.to) / 2, y: "mid", title: (/** @type {any} */ r) => `${r.label}\n${names.get(r.part) || r.part}: ${say(r.value, format)}`, ...tipStyle })),
    ],
  });
}

/** A line from end to end, for each row: which stretches are watched and which are gaps.
 * @param {ChartSpec} spec @param {number} width */
export function strip(spec, width) {
  const { narrow, left, places, naming, height } = frame(spec, width, 18);
  const colours = palette(spec);
  const names = new Map((spec.series || []).map((s) => [s.key, s.label]));
  const placed = spec.rows.map((r) => ({ ...r, ...places.get(r.label) }));
  const end = spec.x?.domain?.[1] ?? Math.max(...placed.map((r) => r.to));
  return plot({
    width,
    height: height + 54,
    marginLeft: left,
    marginRight: 22,
    marginTop: 4,
    marginBottom: 50,
    x: { domain: [0, end], label: null },
    y: { domain: [0, height], range: [4, height + 4], axis: null },
    marks: [
      axisX({ label: spec.x?.label || null, labelAnchor: "center", labelArrow: "none", labelOffset: 36, ticks: narrow ? 4 : 8, tickFormat: tick(spec.x?.format), color: "var(--muted)", tickSize: 3 }),
      rect(placed, { x1: "from", x2: "to", y1: "top", y2: "bottom", fill: (/** @type {any} */ r) => colours.get(r.part) || "var(--c1)" }),
      ruleX([0, end], { stroke: "var(--muted)" }),
      naming,
      tip(placed, pointer({ x: (/** @type {any} */ r) => (r.from + r.to) / 2, y: "mid", title: (/** @type {any} */ r) => `${r.label}\n${names.get(r.part) || r.part}: ${say(r.from)} to ${say(r.to)} ${spec.x?.label || ""}`, ...tipStyle })),
    ],
  });
}

/** Cells of a table, the darker the more. @param {ChartSpec} spec @param {number} width */
export function heat(spec, width) {
  const columns = [...new Set(spec.rows.map((r) => r.column))];
  const labels = [...new Set(spec.rows.map((r) => r.label))];
  const narrow = width < NARROW;
  const left = Math.min(Math.max(...labels.map((l) => measure(l, 12))) + 12, width * (narrow ? 0.34 : 0.3));
  const each = (width - left - 8) / columns.length;
  const small = narrow ? 11 : 12;
  const heads = columns.map((c) => wrap(c, each + 2, small, 4));
  const top = Math.max(...heads.map((h) => h.length)) * 15 + 8;
  const format = spec.x?.format;
  return plot({
    width,
    height: labels.length * 30 + top + 6,
    marginLeft: left,
    marginTop: top,
    marginBottom: 4,
    marginRight: 8,
    x: { domain: columns, axis: null, padding: 0.04 },
    y: { domain: labels, axis: null, padding: 0.08 },
    marks: [
      cell(spec.rows, { x: "column", y: "label", fill: "var(--c1)", fillOpacity: (/** @type {any} */ r) => 0.06 + 0.8 * (r.shade ?? 0) }),
      text(spec.rows, { x: "column", y: "label", text: (/** @type {any} */ r) => fit(r.text ?? say(r.value, format), each - 4, 12), fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 3, strokeOpacity: 0.75, fontSize: 12, fontWeight: 600 }),
      text(labels, { y: (/** @type {string} */ l) => l, frameAnchor: "left", text: (/** @type {string} */ l) => fit(l, left - 10, 12), textAnchor: "end", dx: -8, fill: "var(--ink)", fontSize: 12 }),
      text(columns, { x: (/** @type {string} */ c) => c, frameAnchor: "top", text: (/** @type {string} */ c) => heads[columns.indexOf(c)].join("\n"), lineAnchor: "bottom", dy: -5, fill: "var(--ink)", fontSize: small, lineHeight: 1.2 }),
      tip(spec.rows, pointer({ x: "column", y: "label", title: (/** @type {any} */ r) => `${r.label}\n${r.column}: ${r.text ?? say(r.value, format)}`, ...tipStyle })),
    ],
  });
}
