// Finds the chart specifications of a page and draws each in its place; draws again when the width changes.
import { heat, stack, strip } from "./blocks.js";
import { calendar } from "./calendar.js";
import { legend, wrap } from "./common.js";
import { intervals } from "./intervals.js";
import { lines } from "./lines.js";
import { map } from "./map.js";
import { tree } from "./tree.js";

/** @type {Record<string, (spec: import("./common.js").ChartSpec, width: number) => Element>} */
const KINDS = { bars: intervals, dots: intervals, ranges: intervals, lines, stack, strip, heat, calendar, tree, map };

/** Draw one chart into an element. @param {HTMLElement} place @param {import("./common.js").ChartSpec} spec */
export function draw(place, spec) {
  const width = Math.floor(place.clientWidth);
  if (width < 40 || place.dataset.width === String(width)) return;
  place.dataset.width = String(width);
  const svg = KINDS[spec.kind](spec, width);
  // Plot writes its style sheet into each chart and labels inner groups; the page styles and names the whole picture instead.
  svg.querySelectorAll("style").forEach((s) => s.remove());
  svg.querySelectorAll("[aria-label]").forEach((e) => e.removeAttribute("aria-label"));
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", spec.label);
  svg.classList.add("chart-svg");
  place.replaceChildren(svg, ...(spec.series && spec.series.length ? [legend(spec)] : []));
}

/** Draw every chart under a root. @param {ParentNode} [root] */
export function drawAll(root = document) {
  const watch = new ResizeObserver((entries) => {
    for (const entry of entries) redraw(/** @type {HTMLElement} */ (entry.target));
  });
  const redraw = (/** @type {HTMLElement} */ place) => {
    const source = document.getElementById(place.dataset.spec || "");
    try {
      if (source?.textContent) draw(place, JSON.parse(source.textContent));
    } catch (problem) {
      console.error(`${place.dataset.spec}: ${problem}`);
      place.textContent = "This picture could not be drawn; the table below says the same.";
    }
  };
  root.querySelectorAll("[data-spec]").forEach((place) => {
    redraw(/** @type {HTMLElement} */ (place));
    watch.observe(place);
  });
}

/** The picture of a figure that is shown at this width. @param {Element} figure */
const shown = (figure) => [...figure.querySelectorAll(".plot svg, .drawn")].find((svg) => svg.getBoundingClientRect().width > 0);

/** Offer each picture as a file of its own, with its title and its source in it and the theme's colours written out. */
function offerPictures() {
  document.querySelectorAll("figure").forEach((figure) => {
    const tools = figure.querySelector(".tools");
    if (!tools || !figure.querySelector(".plot, .drawn")) return;
    for (const format of ["SVG", "PNG"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `Save picture as ${format}`;
      button.addEventListener("click", () => {
        const svg = shown(figure);
        if (svg) keep(figure.id.replace(/^fig-(page-)?/, ""), format, standalone(svg, figure.dataset.title || figure.querySelector("h3")?.textContent || ""));
      });
      tools.append(" · ", button);
    }
  });
}

/** @param {string} name @param {string} format @param {{text: string, width: number, height: number}} picture */
function keep(name, format, { text, width, height }) {
  if (format === "SVG") return save(`${name}.svg`, new Blob([text], { type: "image/svg+xml" }));
  const image = new Image();
  image.onload = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
    canvas.getContext("2d")?.drawImage(image, 0, 0, 2 * width, 2 * height);
    canvas.toBlob((blob) => blob && save(`${name}.png`, blob), "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

/** A picture as a file: its title above it, where it comes from below it. @param {Element} svg @param {string} title */
function standalone(svg, title) {
  const style = getComputedStyle(document.documentElement);
  const [width, body] = (svg.getAttribute("viewBox") || `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`).split(/\s+/).slice(2).map(Number);
  const heads = !title ? [] : wrap(title, width - 24, 17, 4);
  const feet = !title ? [] : wrap(document.querySelector("[data-source]")?.getAttribute("data-source") || document.title, width - 24, 11, 3);
  const top = title ? 14 + 22 * heads.length : 0;
  const height = Math.ceil(top + body + 14 + 15 * feet.length);
  const part = (/** @type {string} */ name, /** @type {Record<string, any>} */ attributes, /** @type {string} */ words = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    made.textContent = words;
    return made;
  };
  const copy = /** @type {Element} */ (svg.cloneNode(true));
  for (const [key, value] of Object.entries({ x: 0, y: top, width, height: body })) copy.setAttribute(key, String(value));
  const whole = part("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": getComputedStyle(svg).fontFamily, color: style.getPropertyValue("--ink").trim() });
  whole.append(part("rect", { width, height, fill: "var(--paper)" }));
  heads.forEach((line, i) => whole.append(part("text", { x: 12, y: 24 + 22 * i, "font-size": 17, "font-weight": 650, fill: "var(--ink)" }, line)));
  whole.append(copy);
  feet.forEach((line, i) => whole.append(part("text", { x: 12, y: top + body + 14 + 15 * i, "font-size": 11, fill: "var(--muted)" }, line)));
  const text = new XMLSerializer().serializeToString(whole).replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
  return { text, width, height };
}

/** @param {string} name @param {Blob} blob */
function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Links to a folded part unfold it; printing unfolds what is marked so. */
function unfold() {
  const reveal = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    for (let e = /** @type {Element | null} */ (target); e; e = e.parentElement) if (e instanceof HTMLDetailsElement) e.open = true;
    target?.scrollIntoView();
    setTimeout(() => target?.scrollIntoView(), 80); // pictures that were folded are drawn only now
  };
  addEventListener("hashchange", reveal);
  reveal();
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details[data-print]:not([open])")].map((d) => /** @type {HTMLDetailsElement} */ (d));
    opened.forEach((d) => (d.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((d) => (d.open = false)));
}

if (typeof document !== "undefined") {
  const start = () => {
    drawAll();
    offerPictures();
    unfold();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
