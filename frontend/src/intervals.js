// Bars and dots with their band, and ranges between two values: one row of text for one row of data.
import { axisX, dot, gridX, link, plot, pointerY, rect as rectangle, ruleX, text, tip } from "@observablehq/plot";
import { banded, domain, measure, NARROW, palette, say, symbols, tick, wrap } from "./common.js";

/** @typedef {import("./common.js").ChartSpec} ChartSpec */

/** Rows laid out from top to bottom: a label, then one lane for each series. On narrow screens the label goes above.
 * @param {ChartSpec} spec @param {number} width */
function layout(spec, width) {
  const narrow = width < NARROW;
  const labels = [...new Set(spec.rows.map((r) => r.label))];
  const widest = Math.max(...labels.map((l) => measure(l)));
  const left = narrow ? 16 : Math.min(widest + 14, width * 0.36);
  const lane = 20;
  let y = 0;
  const placed = [];
  const names = [];
  for (const label of labels) {
    const rows = spec.rows.filter((r) => r.label === label);
    const lines = wrap(label, narrow ? width - 12 : left - 14);
    if (narrow) {
      lines.forEach((line, i) => names.push({ line, y: y + 10 + i * 16 }));
      y += lines.length * 16 + 4;
    }
    const height = Math.max(rows.length * lane, narrow ? 0 : lines.length * 16);
    const start = y + (height - rows.length * lane) / 2;
    rows.forEach((row, i) => placed.push({ ...row, top: start + i * lane + 3, mid: start + i * lane + lane / 2, bottom: start + (i + 1) * lane - 3 }));
    if (!narrow) lines.forEach((line, i) => names.push({ line, y: y + height / 2 + (i - (lines.length - 1) / 2) * 16 }));
    y += height + (narrow ? 8 : 10);
  }
  return { placed, names, height: y, left, narrow };
}

/** @param {ChartSpec} spec @param {number} width */
export function intervals(spec, width) {
  const { placed, names, height, left, narrow } = layout(spec, width);
  const colours = palette(spec);
  const shapes = symbols(spec);
  const format = spec.x?.format;
  const fill = (/** @type {any} */ r) => colours.get(r.series) || "var(--c1)";
  const range = spec.kind === "ranges";
  const span = domain(spec, range ? ["from", "to"] : ["mean", "lo", "hi"]);
  const said = (/** @type {any} */ r) => (range ? `${say(r.from, format)} → ${say(r.to, format)}` : banded(r, format));
  const right = narrow ? 10 : 14;
  const foot = spec.x?.label ? 24 : 0;
  const room = Math.max(...placed.map((r) => measure(said(r), 12))) + 10;
  const marks = [
    gridX({ stroke: "var(--rule)", strokeOpacity: 1, ticks: narrow ? 4 : 6 }),
    axisX({ anchor: "bottom", tickFormat: tick(format), label: spec.x?.label || null, labelAnchor: "left", labelArrow: "none", labelOffset: 38, ticks: narrow ? 4 : 6, color: "var(--muted)", tickSize: 0 }),
    ...(spec.reference || []).map((r) => ruleX([r.at], { stroke: "var(--ink)", strokeDasharray: "3 3" })),
  ];
  if (spec.kind === "bars")
    marks.push(barXY(placed, "base", "mean", { fill, fillOpacity: 0.75 }));
  if (range)
    marks.push(barXY(placed, "from", "to", { fill, fillOpacity: 0.75 }));
  if (span[0] < 0 && span[1] > 0) marks.push(ruleX([0], { stroke: "var(--ink)" }));
  const banding = placed.filter((r) => !range && typeof r.lo === "number");
  if (banding.length) marks.push(segments(banding, { stroke: spec.kind === "bars" ? "var(--ink)" : fill, strokeWidth: spec.kind === "bars" ? 1.5 : 3 }));
  if (spec.kind === "dots") marks.push(dot(placed, { x: "mean", y: "mid", r: 5, symbol: (/** @type {any} */ r) => shapes.get(r.series) || "circle", fill, stroke: "var(--paper)" }));
  marks.push(
    text(placed, { x: span[1], y: "mid", text: said, textAnchor: "start", dx: 8, fill: "var(--ink)", fontSize: 12 }),
    text(names, { frameAnchor: "left", y: "y", text: "line", textAnchor: narrow ? "start" : "end", dx: narrow ? -14 : -12, fill: "var(--ink)", fontSize: 13, stroke: "var(--paper)", strokeWidth: 3 }),
    tip(placed, pointerY({ x: "mean", y: "mid", title: (/** @type {any} */ r) => [r.label, r.note, said(r)].filter(Boolean).join("\n"), ...tipStyle })),
  );
  return plot({
    width,
    height: height + 34 + foot,
    marginLeft: left,
    marginRight: room + right,
    marginTop: 4,
    marginBottom: 26 + foot,
    x: { domain: span, label: null },
    y: { domain: [0, height], range: [4, height + 4], axis: null, reverse: false },
    marks,
  });
}

export const tipStyle = { fill: "var(--paper)", stroke: "var(--muted)", fontSize: 12 };

/** @param {any[]} rows @param {string} from @param {string} to @param {object} style */
function barXY(rows, from, to, style) {
  return rectangle(rows, { x1: (/** @type {any} */ r) => r[from] ?? 0, x2: to, y1: "top", y2: "bottom", ...style });
}

/** @param {any[]} rows @param {object} style */
function segments(rows, style) {
  return link(rows, { x1: "lo", x2: "hi", y1: "mid", y2: "mid", ...style });
}
