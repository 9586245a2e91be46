/** The chord that sounds and those to come, on a line of time. */

import { color } from "./canvas.js";
import { FONT } from "./roll.js";

/** Seconds that are shown, and how much of the width is past. */
const SECONDS = 40;
const PAST = 0.1;
const GAP = 2;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {readonly (readonly [number, string])[]} chords each with the second from now at which it begins
 */
export function drawChordsAhead(context, width, height, chords) {
  const x = (/** @type {number} */ second) => (PAST + ((1 - PAST) * second) / SECONDS) * width;
  context.font = FONT;
  context.textBaseline = "middle";
  chords.forEach(([second, name], index) => {
    const ends = chords[index + 1]?.[0] ?? SECONDS;
    const left = Math.max(0, x(second));
    const room = Math.min(width, x(ends)) - left - GAP;
    if (room < 1) return;
    const sounds = second <= 0 && ends > 0;
    context.fillStyle = color(sounds ? "--accent" : "--raised");
    context.fillRect(left, 0, room, height);
    context.fillStyle = color(sounds ? "--on-accent" : "--ink");
    if (context.measureText(name).width < room - 12) context.fillText(name, left + 6, height / 2);
  });
  context.fillStyle = color("--ink");
  context.fillRect(Math.round(x(0)), 0, 2, height);
}
