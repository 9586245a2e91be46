/** Notes with the lines of beats and bars behind them: a take that is steered, or a phrase that was played. */

/** @import { NoteRow } from "../../types/api.js" */
import { pitchRange } from "../core/music.js";
import { color } from "./canvas.js";

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {{ notes: readonly NoteRow[], before?: readonly NoteRow[], length: number, bar: number, ink: string, at?: number }} picture
 * `before`: notes behind the others, as they were; `at`: the beat that is played now
 */
export function drawPhrase(context, width, height, { notes, before = [], length, bar, ink, at = -1 }) {
  const [low, high] = pitchRange(notes.length || before.length ? [...notes, ...before] : []);
  const rows = Math.max(12, high - low + 3);
  const row = height / rows;
  const top = high + (rows - (high - low + 1)) / 2;
  const x = (/** @type {number} */ beat) => (beat / length) * width;
  for (let beat = 0; beat < length; beat++) {
    const isBar = Math.abs(beat / bar - Math.round(beat / bar)) < 1e-6;
    context.fillStyle = color(isBar ? "--strong-line" : "--line");
    context.globalAlpha = isBar ? 0.6 : 0.5;
    if (beat > 0 && (isBar || width / length > 6)) context.fillRect(Math.round(x(beat)), 0, 1, height);
  }
  const draw = (/** @type {readonly NoteRow[]} */ some, /** @type {number} */ most) => {
    for (const [start, pitch, duration, velocity] of some) {
      context.globalAlpha = most * (0.5 + (0.5 * velocity) / 127);
      context.fillRect(x(start), (top - pitch) * row, Math.max(2, x(Math.min(duration, length - start)) - 1), Math.max(2, row - 1));
    }
  };
  context.fillStyle = color("--strong-line");
  draw(before, 0.5);
  context.fillStyle = color(ink);
  draw(notes, 1);
  context.globalAlpha = 1;
  if (at >= 0) {
    context.fillStyle = color("--ink");
    context.fillRect(x(at % length), 0, 2, height);
  }
}
