// Curves with their band over months.
import { areaY, axisX, axisY, dot, gridY, lineY, plot, pointerX, ruleX, ruleY, text, tip } from "@observablehq/plot";
import { banded, dashes, NARROW, palette, say, tick, wrap } from "./common.js";
import { tipStyle } from "./intervals.js";

/** @param {import("./common.js").ChartSpec} spec @param {number} width */
export function lines(spec, width) {
  if (spec.panels) return panels(spec, width);
  const narrow = width < NARROW;
  const colours = palette(spec);
  const dash = dashes(spec);
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
    height: narrow ? 264 : 324,
    marginLeft: bare ? 14 : 46,
    marginRight: 14,
    marginTop: 10,
    marginBottom: 50,
    x: dates ? { type: "utc", label: null } : { label: null, domain: spec.x?.domain },
    y: { domain: spec.y?.domain || [Math.min(0, ...values), Math.max(...values) * (spec.reference?.length ? 1.15 : 1)], label: null, axis: null },
    marks: [
      ...(bare ? [] : [gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 })]),
      axisX({ ticks: narrow ? 4 : 8, label: spec.x?.label || null, labelAnchor: "center", labelArrow: "none", labelOffset: 36, color: "var(--muted)", tickSize: 3 }),
      ...(bare ? [ruleY([0], { stroke: "var(--muted)" })] : [axisY({ ticks: 5, tickFormat: tick(format), label: null, color: "var(--muted)", tickSize: 0 })]),
      areaY(rows.filter((r) => typeof r.lo === "number"), { x: "x", y1: "lo", y2: "hi", z: "series", fill: stroke, fillOpacity: 0.14 }),
      ...[...new Set(rows.map((r) => r.series))].map((key) =>
        lineY(rows.filter((r) => r.series === key), { x: "x", y: "y", stroke, strokeWidth: 2.2, strokeDasharray: dash.get(key) || "none" })),
      ...(spec.reference || []).flatMap((r) => [
        ruleX([r.at], { stroke: "var(--muted)", strokeDasharray: "3 3" }),
        text([r], { x: "at", frameAnchor: "top", text: "label", textAnchor: "start", dx: 4, dy: 2, fill: "var(--muted)", fontSize: 12, lineAnchor: "top" }),
      ]),
      dot(rows.filter((r) => r.marked), { x: "x", y: "y", r: 3.5, fill: stroke }),
      tip(rows, pointerX({ x: "x", y: "y", title: (/** @type {any} */ r) => `${names.get(r.series) || ""}\n${say_x(r.x)}: ${say(r.y, format)}${typeof r.lo === "number" ? ` [${say(r.lo, format)} to ${say(r.hi, format)}]` : ""}`, ...tipStyle })),
    ],
  });
}

/** One small picture for each curve with a band, the curves without one repeated in all as a measure.
 * @param {import("./common.js").ChartSpec} spec @param {number} width */
function panels(spec, width) {
  const colours = palette(spec);
  const shown = (spec.series || []).filter((s) => spec.rows.some((r) => r.series === s.key && typeof r.lo === "number" && !spec.measure?.includes(s.key)));
  const across = width < NARROW ? 1 : shown.length === 4 ? 2 : Math.min(3, shown.length);
  const down = Math.ceil(shown.length / across);
  const place = new Map(shown.map((s, i) => [s.key, { fx: i % across, fy: Math.floor(i / across) }]));
  const format = spec.y?.format;
  const own = spec.rows.filter((r) => place.has(r.series)).map((r) => ({ ...r, ...place.get(r.series) }));
  const beside = spec.rows.filter((r) => !place.has(r.series));
  const heads = shown.map((s) => ({ ...place.get(s.key), lines: wrap(s.label, (width / across - 90) / 1.12, 13, 3).join("\n") }));
  const stroke = (/** @type {any} */ r) => colours.get(r.series) || "var(--c1)";
  const facet = { fx: "fx", fy: "fy" };
  return plot({
    width,
    height: down * 210 + 54,
    marginLeft: 48,
    marginRight: 12,
    marginTop: 8,
    marginBottom: 50,
    x: { domain: spec.x?.domain, label: null },
    y: { domain: spec.y?.domain, label: null, axis: null },
    fx: { axis: null, padding: 0.09 },
    fy: { axis: null, padding: 0.12 },
    marks: [
      gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 4 }),
      axisX({ ticks: 5, label: spec.x?.label || null, labelAnchor: "center", labelArrow: "none", labelOffset: 36, color: "var(--muted)", tickSize: 3 }),
      axisY({ ticks: 4, tickFormat: tick(format), label: null, color: "var(--muted)", tickSize: 0 }),
      areaY(own, { ...facet, x: "x", y1: "lo", y2: "hi", z: "series", fill: stroke, fillOpacity: 0.2 }),
      lineY(beside, { x: "x", y: "y", z: "series", stroke, strokeWidth: 1.5, strokeDasharray: "4 3" }),
      lineY(own, { ...facet, x: "x", y: "y", z: "series", stroke, strokeWidth: 2.4 }),
      text(heads, { ...facet, frameAnchor: "top-right", text: "lines", textAnchor: "end", lineAnchor: "top", dy: 2, lineHeight: 1.2, fontSize: 13, fontWeight: 600, fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 4 }),
      tip(own, pointerX({ ...facet, x: "x", y: "y", title: (/** @type {any} */ r) => `${spec.x?.label || ""}: ${say(r.x)}\n${banded(r, format)}`, ...tipStyle })),
    ],
  });
}
