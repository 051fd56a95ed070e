// Curves with their band over months.
import { areaY, axisX, axisY, dot, gridY, lineY, plot, pointerX, ruleX, ruleY, text, tip } from "@observablehq/plot";
import { NARROW, palette, say, tick } from "./common.js";
import { tipStyle } from "./intervals.js";

/** @param {import("./common.js").ChartSpec} spec @param {number} width */
export function lines(spec, width) {
  const narrow = width < NARROW;
  const colours = palette(spec);
  const names = new Map((spec.series || []).map((s) => [s.key, s.label]));
  const stroke = (/** @type {any} */ r) => colours.get(r.series) || "var(--c1)";
  const dates = typeof spec.rows[0]?.x === "string";
  const rows = spec.rows.map((r) => ({ ...r, x: dates ? new Date(r.x) : r.x }));
  const format = spec.y?.format;
  const values = rows.flatMap((r) => [r.y, r.lo, r.hi]).filter((v) => typeof v === "number");
  const say_x = (/** @type {any} */ x) => (dates ? x.toLocaleDateString("en-GB", { month: "short", year: "numeric", timeZone: "UTC" }) : `${spec.x?.label || ""} ${say(x)}`.trim());
  const bare = format === "none";
  return plot({
    width,
    height: narrow ? 260 : 320,
    marginLeft: bare ? 14 : 46,
    marginRight: 14,
    marginTop: 10,
    marginBottom: 40,
    x: dates ? { type: "utc", label: null } : { label: null, domain: spec.x?.domain },
    y: { domain: spec.y?.domain || [Math.min(0, ...values), Math.max(...values) * (spec.reference?.length ? 1.15 : 1)], label: null, axis: null },
    marks: [
      ...(bare ? [] : [gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 })]),
      axisX({ ticks: narrow ? 4 : 8, label: spec.x?.label || null, labelAnchor: "center", labelArrow: "none", color: "var(--muted)", tickSize: 3 }),
      ...(bare ? [ruleY([0], { stroke: "var(--muted)" })] : [axisY({ ticks: 5, tickFormat: tick(format), label: null, color: "var(--muted)", tickSize: 0 })]),
      areaY(rows.filter((r) => typeof r.lo === "number"), { x: "x", y1: "lo", y2: "hi", z: "series", fill: stroke, fillOpacity: 0.14 }),
      lineY(rows, { x: "x", y: "y", z: "series", stroke, strokeWidth: 2.2 }),
      ...(spec.reference || []).flatMap((r) => [
        ruleX([r.at], { stroke: "var(--muted)", strokeDasharray: "3 3" }),
        text([r], { x: "at", frameAnchor: "top", text: "label", textAnchor: "start", dx: 4, dy: 2, fill: "var(--muted)", fontSize: 12, lineAnchor: "top" }),
      ]),
      dot(rows.filter((r) => r.marked), { x: "x", y: "y", r: 3.5, fill: stroke }),
      tip(rows, pointerX({ x: "x", y: "y", title: (/** @type {any} */ r) => `${names.get(r.series) || ""}\n${say_x(r.x)}: ${say(r.y, format)}${typeof r.lo === "number" ? ` [${say(r.lo, format)} to ${say(r.hi, format)}]` : ""}`, ...tipStyle })),
    ],
  });
}
