// A line on a map, once for each form of presence: by day on one side of it, by night on the other, posts in between.
// Equirectangular, longitudes shortened by the cosine of the middle latitude; all marks are placed in pixels.
import { dot, line, plot, pointer, text, tip } from "@observablehq/plot";
import { colour, NARROW, palette, say, wrap } from "./common.js";
import { tipStyle } from "./intervals.js";

const DEGREE_KM = 111.195;
const APART = 3.5;
const HIGHEST = 470;
const STEPS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 45];

/** @typedef {[number, number, number]} At x, y, km */

/** @param {import("./common.js").ChartSpec} spec @param {number} width */
export function map(spec, width) {
  const narrow = width < NARROW;
  const tracks = spec.rows.filter((r) => r.points);
  const spots = spec.rows.filter((r) => typeof r.lon === "number");
  const along = spec.rows.filter((r) => r.at);
  const panels = [...new Set(along.map((r) => r.label))];
  const across = narrow ? 1 : Math.min(3, panels.length);
  const each = (width - (across - 1) * 24) / across;
  const ground = extent([...tracks.flatMap((t) => t.points), ...spots.map((s) => [s.lon, s.lat])]);
  const scale = Math.min((each - 40) / ground.wide, HIGHEST / ground.high);
  const heads = panels.map((p) => wrap(p, each - 8, 13, 3));
  const head = Math.max(...heads.map((h) => h.length)) * 17 + 10;
  const tall = ground.high * scale + 40;
  const colours = palette(spec);
  const height = Math.ceil(panels.length / across) * (head + tall + 20) + 26;
  const marks = panels.flatMap((label, i) => {
    const left = (i % across) * (each + 24);
    const top = Math.floor(i / across) * (head + tall + 20) + head;
    const inset = (each - ground.wide * scale) / 2;
    /** @type {(p: number[]) => At} */
    const place = ([lon, lat, km]) => [left + inset + (lon - ground.west) * ground.shrink * scale, top + 20 + (ground.north - lat) * scale, km];
    const lines = tracks.map((t) => t.points.map(place));
    return [
      text(heads[i].map((l, k) => ({ l, y: top - head + 12 + k * 17 })), { x: left, y: "y", text: "l", textAnchor: "start", fontSize: 13, fontWeight: 600, fill: "var(--ink)" }),
      ...graticule(ground, scale, left, top, each, tall, place),
      ...panel(lines, along.filter((r) => r.label === label), colours, `${say(spec.x?.domain?.[1])} km`),
      ...incidents(spots, place),
    ];
  });
  return plot({ width, height, margin: 0, x: { type: "identity", axis: null }, y: { type: "identity", axis: null }, marks: [...marks, ...bar(scale, height - 10, each)] });
}

/** What the points span, in degrees of latitude, with no side much shorter than the other. @param {number[][]} points */
function extent(points) {
  const lons = points.map((p) => p[0]);
  const lats = points.map((p) => p[1]);
  const middle = (Math.min(...lats) + Math.max(...lats)) / 2;
  const shrink = Math.max(0.05, Math.cos((middle * Math.PI) / 180));
  const own = [(Math.max(...lons) - Math.min(...lons)) * shrink, Math.max(...lats) - Math.min(...lats)];
  const least = Math.max(...own, 1e-6) * 0.3;
  const [wide, high] = own.map((v) => Math.max(v, least));
  return { west: Math.min(...lons) - (wide - own[0]) / 2 / shrink, north: Math.max(...lats) + (high - own[1]) / 2, wide, high, shrink };
}

/** Parallels and meridians, a few, named at the edge. */
function graticule(ground, scale, left, top, each, tall, place) {
  const step = STEPS.find((s) => ground.high / s <= 3.5) || 45;
  const east = STEPS.find((s) => (ground.wide / ground.shrink / s) <= 3.5) || 45;
  const digits = (/** @type {number} */ s) => (s < 0.1 ? 2 : s < 1 ? 1 : 0);
  const rows = [];
  const names = [];
  for (let lat = Math.ceil((ground.north - ground.high) / step) * step; lat <= ground.north; lat += step) {
    const y = place([ground.west, lat, 0])[1];
    rows.push({ z: `n${lat}`, x: left, y }, { z: `n${lat}`, x: left + each, y });
    names.push({ x: left + 2, y: y - 8, l: `${Math.abs(lat).toFixed(digits(step))}°${lat < 0 ? "S" : "N"}`, anchor: "start" });
  }
  for (let lon = Math.ceil(ground.west / east) * east; lon <= ground.west + ground.wide / ground.shrink; lon += east) {
    const x = place([lon, ground.north, 0])[0];
    rows.push({ z: `e${lon}`, x, y: top }, { z: `e${lon}`, x, y: top + tall });
    names.push({ x, y: top + tall + 9, l: `${Math.abs(lon).toFixed(digits(east))}°${lon < 0 ? "W" : "E"}`, anchor: "middle" });
  }
  const naming = (/** @type {string} */ anchor) => text(names.filter((n) => n.anchor === anchor), { x: "x", y: "y", text: "l", textAnchor: anchor, fontSize: 11, fill: "var(--muted)" });
  return [line(rows, { x: "x", y: "y", z: "z", stroke: "var(--rule)", strokeWidth: 1 }), naming("start"), naming("middle")];
}

/** The line of one form: what is in view on either side of it, posts on it where they can be told apart. */
function panel(lines, rows, colours, end) {
  const seen = (/** @type {string} */ part) => rows.filter((r) => r.part === part).flatMap((r) => r.at);
  const marks = [];
  for (const [part, side] of /** @type {[string, number][]} */ ([["day", -APART], ["night", APART]])) {
    const beside = lines.map((l) => aside(l, side));
    const grounds = beside.flatMap((l, i) => l.map(([x, y]) => ({ x, y, z: i })));
    const pieces = seen(part).flatMap((span, i) => beside.flatMap((l, k) => cut(l, span).map(([x, y]) => ({ x, y, z: `${i} ${k}` }))));
    marks.push(line(grounds, { x: "x", y: "y", z: "z", stroke: colour("grey"), strokeWidth: 5, strokeLinecap: "butt", strokeLinejoin: "round" }));
    marks.push(line(pieces, { x: "x", y: "y", z: "z", stroke: colours.get(part), strokeWidth: 5, strokeLinecap: "butt", strokeLinejoin: "round" }));
  }
  const posts = seen("post").flatMap(([km]) => lines.flatMap((l) => (inside(l, km) ? [at(l, km)] : [])));
  const gap = Math.min(...posts.slice(1).map((p, i) => Math.hypot(p[0] - posts[i][0], p[1] - posts[i][1])));
  const r = Math.min(2.5, gap * 0.3);
  if (r >= 0.6 || posts.length === 1) marks.push(dot(posts, { x: "0", y: "1", r, fill: "var(--ink)", stroke: r > 2 ? "var(--paper)" : "none", strokeWidth: 1 }));
  const ends = [{ p: lines[0][0], l: "0 km" }, { p: lines[lines.length - 1].at(-1), l: end }];
  const middle = (Math.min(...lines.flat().map((p) => p[0])) + Math.max(...lines.flat().map((p) => p[0]))) / 2;
  for (const { p, l } of ends) marks.push(text([p], { x: "0", y: "1", text: () => l, dy: -14, textAnchor: p[0] < middle ? "start" : "end", fontSize: 12, fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 4 }));
  marks.push(tip(posts, pointer({ x: "0", y: "1", title: (/** @type {At} */ p) => `Post at ${say(p[2])} km`, ...tipStyle })));
  return marks;
}

/** @param {any[]} spots @param {(p: number[]) => At} place */
function incidents(spots, place) {
  const placed = spots.map((s) => ({ ...s, p: place([s.lon, s.lat, 0]) }));
  const where = { x: (/** @type {any} */ s) => s.p[0], y: (/** @type {any} */ s) => s.p[1] };
  return placed.length ? [dot(placed, { ...where, r: 4.5, fill: "none", stroke: colour("c5"), strokeWidth: 2 }), tip(placed, pointer({ ...where, title: "label", ...tipStyle }))] : [];
}

/** A bar of a round number of kilometres. @param {number} scale @param {number} y @param {number} each */
function bar(scale, y, each) {
  const perKm = scale / DEGREE_KM;
  const most = (each * 0.3) / perKm;
  const power = 10 ** Math.floor(Math.log10(most));
  const km = [5, 2, 1].map((m) => m * power).find((v) => v <= most) || power;
  const ends = [{ x: 2, y }, { x: 2 + km * perKm, y }];
  return [
    line(ends, { x: "x", y: "y", stroke: "var(--ink)", strokeWidth: 2 }),
    text([ends[1]], { x: "x", y: "y", dx: 6, text: () => `${say(km)} km; north is up`, textAnchor: "start", fontSize: 12, fill: "var(--muted)" }),
  ];
}

/** The same line shifted sideways, in pixels. @param {At[]} points @param {number} by @returns {At[]} */
function aside(points, by) {
  const normals = points.slice(1).map(([x, y], i) => {
    const [dx, dy] = [x - points[i][0], y - points[i][1]];
    const length = Math.hypot(dx, dy) || 1;
    return [-dy / length, dx / length];
  });
  return points.map(([x, y, km], i) => {
    const a = normals[Math.max(i - 1, 0)];
    const b = normals[Math.min(i, normals.length - 1)];
    const mid = [a[0] + b[0], a[1] + b[1]];
    const length = Math.hypot(mid[0], mid[1]) || 1;
    const reach = Math.min(1.5, 2 / length) * by;
    return [x + (mid[0] / length) * reach, y + (mid[1] / length) * reach, km];
  });
}

/** @param {At[]} points @param {number} km */
const inside = (points, km) => km >= points[0][2] && km <= points[points.length - 1][2];

/** @param {At[]} points @param {number} km @returns {At} */
function at(points, km) {
  let i = 1;
  while (i < points.length - 1 && points[i][2] < km) i += 1;
  const [a, b] = [points[i - 1], points[i]];
  const t = b[2] > a[2] ? (km - a[2]) / (b[2] - a[2]) : 0;
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), km];
}

/** The part of a line between two kilometres. @param {At[]} points @param {[number, number]} span @returns {At[]} */
function cut(points, [from, to]) {
  const first = Math.max(from, points[0][2]);
  const last = Math.min(to, points[points.length - 1][2]);
  if (first >= last) return [];
  return [at(points, first), ...points.filter((p) => p[2] > first && p[2] < last), at(points, last)];
}
