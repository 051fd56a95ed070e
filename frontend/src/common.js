// What every kind of chart shares: words for numbers, measured text, colours that follow the page's theme.

/** @typedef {{kind: string, id: string, label: string, rows: Array<Record<string, any>>, x?: Axis, y?: Axis,
 *   series?: Array<{key: string, label: string, colour: string}>, reference?: Array<{at: number, label: string}>, panels?: boolean, measure?: string[]}} ChartSpec */
/** @typedef {{label?: string, format?: string, domain?: [number, number]}} Axis */

export const FONT = "13px system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";
export const NARROW = 600;

const pen = typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");

/** Width of a text in pixels, as the charts set it.
 * @param {string} text @param {number} [size] */
export function measure(text, size = 13) {
  if (!pen) return text.length * size * 0.55;
  pen.font = FONT.replace("13px", `${size}px`);
  return pen.measureText(text).width;
}

/** Cut a text to a width, with an ellipsis.
 * @param {string} text @param {number} width @param {number} [size] */
export function fit(text, width, size = 13) {
  if (measure(text, size) <= width) return text;
  let end = text.length;
  while (end > 1 && measure(text.slice(0, end).trimEnd() + "…", size) > width) end -= 1;
  return text.slice(0, end).trimEnd() + "…";
}

/** Break a text into lines of at most a width.
 * @param {string} text @param {number} width @param {number} [size] @param {number} [most] */
export function wrap(text, width, size = 13, most = 3) {
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && measure(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line) lines.push(line);
  if (lines.length > most) lines.splice(most - 1, lines.length, lines.slice(most - 1).join(" "));
  return lines.map((l) => fit(l, width, size));
}

const decimal = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });

/** A number in the words of its axis.
 * @param {number | null | undefined} value @param {string} [format] */
export function say(value, format = "number") {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (format === "percent") return percent(value);
  if (format === "permille") return `${(value * 100).toFixed(1)}%`;
  if (format === "none") return decimal.format(value);
  if (format === "points" || format === "tenths") {
    const points = format === "points" ? Math.round(value * 100) : Math.round(value * 1000) / 10;
    return `${points > 0 ? "+" : points < 0 ? "−" : ""}${Math.abs(points)}`;
  }
  return decimal.format(value).replace("-", "−");
}

/** @param {number} p */
function percent(p) {
  if (p > 0 && p < 0.005) return "<1%";
  if (p < 1 && p > 0.995) return ">99%";
  return `${Math.round(p * 100)}%`;
}

/** Ticks for an axis. @param {string} [format] */
export function tick(format) {
  return (/** @type {number} */ v) => (format === "percent" || format === "permille" ? `${decimal.format(Number((v * 100).toFixed(1)))}%` : say(v, format));
}

/** A mean with its band. @param {Record<string, any>} row @param {string} [format] */
export function banded(row, format) {
  const mean = say(row.mean ?? row.y, format);
  return row.lo === null || row.lo === undefined ? mean : `${mean} [${say(row.lo, format)} to ${say(row.hi, format)}]`;
}

/** @param {string | undefined} name */
export const colour = (name) => `var(--${name || "c1"})`;

/** Colour of each series. @param {ChartSpec} spec */
export function palette(spec) {
  return new Map((spec.series || []).map((s) => [s.key, colour(s.colour)]));
}

/** Series differ by shape and dash too, for those who do not see them by colour. */
const SYMBOLS = ["circle", "diamond", "triangle", "square", "cross", "star"];
const GLYPHS = ["●", "◆", "▲", "■", "✚", "★"];
const DASHES = ["none", "8 4", "2 3", "9 3 2 3", "14 3", "4 6"];
const STROKES = ["━━", "╸╺", "┈┈", "╸┈", "━╺", "╴╴"];

/** What is the n-th of some shapes for each series. @param {ChartSpec} spec @param {string[]} of */
const each = (spec, of) => new Map((spec.series || []).map((s, i) => [s.key, of[i % of.length]]));

/** @param {ChartSpec} spec */
export const symbols = (spec) => each(spec, SYMBOLS);

/** @param {ChartSpec} spec */
export const dashes = (spec) => each(spec, DASHES);

/** A legend as plain HTML, so that it wraps on a telephone. @param {ChartSpec} spec */
export function legend(spec) {
  const list = document.createElement("ul");
  list.className = "legend";
  const marks = each(spec, spec.kind === "dots" || spec.kind === "calendar" ? GLYPHS : spec.kind === "lines" && !spec.panels ? STROKES : ["■"]);
  for (const series of spec.series || []) {
    const item = document.createElement("li");
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.color = colour(series.colour);
    swatch.textContent = marks.get(series.key) || "■";
    swatch.setAttribute("aria-hidden", "true");
    item.append(swatch, series.label);
    list.append(item);
  }
  return list;
}

/** Domain of the x axis: as stated, or what the rows span. @param {ChartSpec} spec @param {string[]} keys */
export function domain(spec, keys) {
  if (spec.x?.domain) return spec.x.domain;
  const values = spec.rows.flatMap((r) => keys.map((k) => r[k])).filter((v) => typeof v === "number");
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  return low === high ? [0, 1] : [low, high];
}
