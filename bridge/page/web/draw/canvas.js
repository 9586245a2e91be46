/** A canvas that is as sharp as the screen, and is drawn again only when what it shows changes. */

import { html, useEffect, useRef } from "../vendor/preact.js";

/** Called when the colours of the system change: what is on canvases is drawn again. */
const redraws = new Set();
for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
  matchMedia(query).addEventListener("change", () => {
    colors.clear();
    for (const redraw of redraws) redraw();
  });
}

/** @type {Map<string, string>} */
const colors = new Map();

/**
 * The colour behind a CSS variable, such as "--ink" or "var(--ink)", for a canvas, which knows none; other colours as they are.
 * @param {string} name
 */
export function color(name) {
  const variable = /^(?:var\()?(--[\w-]+)\)?$/.exec(name)?.[1];
  if (!variable) return name;
  let found = colors.get(variable);
  if (found === undefined) {
    found = getComputedStyle(document.documentElement).getPropertyValue(variable).trim() || "#888";
    colors.set(variable, found);
  }
  return found;
}

/**
 * @typedef {(context: CanvasRenderingContext2D, width: number, height: number) => void} Draw
 * draws everything, in CSS pixels, onto an empty canvas
 */

/**
 * @param {{ draw: Draw, depends: readonly unknown[], label: string, height?: number | string, class?: string, children?: unknown, [handler: `on${string}`]: unknown }} props
 * `depends`: what the picture depends on; `label`: what a screen reader says
 */
export function Canvas({ draw, depends, label, height = "100%", class: classes = "", children, ...handlers }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const latest = useRef(draw);
  latest.current = draw;
  const paint = useRef(() => {
    const shown = canvas.current;
    const { clientWidth: width = 0, clientHeight: high = 0 } = shown ?? {};
    const context = shown?.getContext("2d");
    if (!shown || !context || !width || !high) return;
    const ratio = devicePixelRatio || 1;
    shown.width = Math.round(width * ratio);
    shown.height = Math.round(high * ratio);
    context.scale(ratio, ratio);
    latest.current(context, width, high);
  });
  useEffect(() => {
    const redraw = paint.current;
    const resized = new ResizeObserver(redraw);
    if (canvas.current) resized.observe(canvas.current);
    redraws.add(redraw);
    return () => {
      resized.disconnect();
      redraws.delete(redraw);
    };
  }, []);
  useEffect(() => paint.current(), depends);
  const isControl = Object.keys(handlers).length > 0;
  return html`<div class=${`canvas ${classes}`} style=${{ height: typeof height === "number" ? `${height}px` : height }}>
    <canvas ref=${canvas} role="img" aria-label=${label} tabindex=${isControl ? 0 : undefined} ...${handlers}></canvas>
    ${children}
  </div>`;
}
