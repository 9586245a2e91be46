/** A small plot of a value over the last minutes. */

import { color } from "./canvas.js";

/** @typedef {{ at: number, value: number | null }} Point seconds, and the value then; null where none is known */

/**
 * Draws the line, its last value as a dot, and a limit where there is one; 0 is at the bottom.
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {{ points: readonly Point[], now: number, seconds: number, limit?: number | undefined, most?: number | undefined }} picture `most`: the value at the top, at least
 */
export function drawPlot(context, width, height, { points, now, seconds, limit, most = 0 }) {
  const known = points.filter(({ value }) => value !== null);
  const top = Math.max(most, limit ?? 0, ...known.map(({ value }) => value ?? 0)) * 1.1 || 1;
  const x = (/** @type {number} */ at) => width - 4 - ((now - at) / seconds) * (width - 4);
  const y = (/** @type {number} */ value) => height - 3 - (value / top) * (height - 6);
  if (limit !== undefined) {
    context.fillStyle = color("--strong-line");
    for (let left = 0; left < width; left += 8) context.fillRect(left, Math.round(y(limit)), 4, 1);
  }
  context.strokeStyle = color("--dial");
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  let isDown = false;
  for (const { at, value } of points) {
    if (value === null) isDown = false;
    else if (isDown) context.lineTo(x(at), y(value));
    else {
      context.moveTo(x(at), y(value));
      isDown = true;
    }
  }
  context.stroke();
  const last = known.at(-1);
  if (!last) return;
  context.fillStyle = color("--dial");
  context.beginPath();
  context.arc(x(last.at), y(last.value ?? 0), 2.5, 0, 2 * Math.PI);
  context.fill();
}
