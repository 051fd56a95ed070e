// Dated moves, one lane for each mover: when it can stop the plan, and how likely that moment is reached.
import { axisX, dot, gridX, plot, pointer, ruleX, ruleY, text, tip } from "@observablehq/plot";
import { fit, measure, NARROW, palette, say, symbols, wrap } from "./common.js";
import { tipStyle } from "./intervals.js";

/** @param {import("./common.js").ChartSpec} spec @param {number} width */
export function calendar(spec, width) {
  const narrow = width < NARROW;
  const rows = spec.rows.map((r) => ({ ...r, x: new Date(r.date) }));
  const lanes = [...new Set(rows.map((r) => r.label))];
  const left = narrow ? 10 : Math.min(Math.max(...lanes.map((l) => measure(l) * 1.12)) + 24, width * 0.26);
  const colours = palette(spec);
  const shapes = symbols(spec);
  const times = rows.map((r) => +r.x);
  const day = 86400000;
  const span = Math.max(Math.max(...times) - Math.min(...times), 60 * day);
  const first = Math.min(...times) - span * 0.04;
  const last = Math.min(...times) + span * (narrow ? 1.06 : 1.05);
  const inner = width - left - 34;
  const at = (/** @type {Date} */ x) => ((+x - first) / (last - first)) * inner;
  const notes = [];
  const names = [];
  const placed = [];
  let y = 0;
  for (const lane of lanes) {
    if (narrow) {
      names.push({ line: lane, y: y + 10 });
      y += 20;
    }
    const own = rows.filter((r) => r.label === lane).sort((a, b) => +a.x - +b.x);
    const ends = /** @type {number[]} */ ([]);
    const levels = own.map((r) => {
      if (!r.text) return null;
      const room = measure(r.text, 12) + 12;
      const start = Math.min(Math.max(at(r.x) - room / 2, 0), Math.max(inner - room, 0));
      let level = ends.findIndex((end) => end <= start);
      if (level < 0) level = ends.push(0) - 1;
      ends[level] = start + room;
      return { level, start, room };
    });
    const mid = y + Math.max(ends.length, 0) * 16 + 14;
    own.forEach((r, i) => {
      placed.push({ ...r, y: mid });
      const l = levels[i];
      if (l) notes.push({ text: fit(r.text, inner, 12), y: mid - 16 - l.level * 16, x: new Date(first + ((l.start + l.room / 2) / inner) * (last - first)) });
    });
    if (!narrow) wrap(lane, left - 18).forEach((line, i, all) => names.push({ line, y: mid + (i - (all.length - 1) / 2) * 16 }));
    y = mid + 22;
  }
  const ticks = firsts(first, last, narrow ? 3 : 7);
  const format = (/** @type {Date} */ d) => d.toLocaleDateString("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
  return plot({
    width,
    height: y + 34,
    marginLeft: left,
    marginRight: 34,
    marginTop: 4,
    marginBottom: 28,
    x: { type: "utc", domain: [new Date(first), new Date(last)], label: null },
    y: { domain: [0, y], range: [4, y + 4], axis: null },
    r: { type: "identity" },
    marks: [
      gridX({ stroke: "var(--rule)", strokeOpacity: 1, ticks }),
      axisX({ ticks, tickFormat: format, color: "var(--muted)", tickSize: 3, label: null }),
      ruleY([...new Set(placed.map((r) => r.y))], { stroke: "var(--muted)", strokeOpacity: 0.5 }),
      ...(spec.reference || []).map((r) => ruleX([new Date(r.at)], { stroke: "var(--ink)", strokeDasharray: "3 3" })),
      dot(placed, { x: "x", y: "y", r: (/** @type {any} */ r) => 4 + 9 * Math.sqrt(r.size ?? 0), symbol: (/** @type {any} */ r) => shapes.get(r.series) || "circle", fill: (/** @type {any} */ r) => colours.get(r.series) || "var(--muted)", stroke: "var(--paper)" }),
      text(notes, { x: "x", y: "y", text: "text", fill: "var(--ink)", fontSize: 12, stroke: "var(--paper)", strokeWidth: 3 }),
      text(names, { frameAnchor: "left", y: "y", text: "line", textAnchor: narrow ? "start" : "end", dx: narrow ? -6 : -14, fill: "var(--ink)", fontSize: 13, fontWeight: 600 }),
      tip(placed, pointer({ x: "x", y: "y", title: (/** @type {any} */ r) => `${r.label}, ${format(r.x)}\n${r.note || ""}\nreached in ${say(r.size, "percent")}`, ...tipStyle })),
    ],
  });
}

/** First days of months between two times, at most so many, evenly spaced.
 * @param {number} from @param {number} to @param {number} most */
function firsts(from, to, most) {
  const start = new Date(from);
  const end = new Date(to);
  const span = (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth();
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((s) => span / s <= most) || 240;
  const days = [];
  for (let m = 1; m <= span; m += 1) {
    const day = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + m, 1));
    if (day.getUTCMonth() % Math.min(step, 12) === 0 && +day <= to && (step <= 12 || day.getUTCFullYear() % (step / 12) === 0)) days.push(day);
  }
  return days;
}
