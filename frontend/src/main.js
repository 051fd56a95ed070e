// Finds the chart specifications of a page and draws each in its place; draws again when the width changes.
import { heat, stack, strip } from "./blocks.js";
import { calendar } from "./calendar.js";
import { legend } from "./common.js";
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

/** Offer each drawn picture as a file of its own, with the theme's colours written out. */
function offerPictures() {
  document.querySelectorAll("figure").forEach((figure) => {
    const tools = figure.querySelector(".tools");
    if (!tools || !figure.querySelector(".plot svg")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Save picture as SVG";
    button.addEventListener("click", () => {
      const svg = figure.querySelector(".plot svg");
      if (svg) save(`${figure.id.replace(/^fig-/, "")}.svg`, standalone(svg));
    });
    tools.append(" · ", button);
  });
}

/** @param {Element} svg */
function standalone(svg) {
  const style = getComputedStyle(document.documentElement);
  const copy = /** @type {Element} */ (svg.cloneNode(true));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("font-family", getComputedStyle(svg).fontFamily);
  copy.setAttribute("color", style.getPropertyValue("--ink").trim());
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: "var(--paper)" })) ground.setAttribute(name, value);
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy).replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
}

/** @param {string} name @param {string} text */
function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
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
