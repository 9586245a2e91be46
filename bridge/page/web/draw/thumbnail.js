/** A clip as it stands in a slot of the grid: its notes, small, in one colour. */

/** @import { NoteRow } from "../../types/api.js" */
import { pitchRange } from "../core/music.js";

/**
 * Draws notes over the whole width; a clip that loops shows one pass.
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {readonly NoteRow[]} notes
 * @param {number} length in beats
 * @param {string} ink
 * @param {number} [from] the beat at the left edge
 */
export function drawThumbnail(context, width, height, notes, length, ink, from = 0) {
  const [low, high] = pitchRange(notes);
  const rows = Math.max(8, high - low + 1);
  const row = (height - 2) / rows;
  const above = (rows - (high - low + 1)) / 2;
  context.fillStyle = ink;
  for (const [onset, pitch, duration, velocity] of notes) {
    const start = onset - from;
    if (start >= length || start + duration <= 0) continue;
    context.globalAlpha = 0.5 + (0.5 * velocity) / 127;
    const x = (start / length) * width;
    const y = 1 + (high - pitch + above) * row;
    context.fillRect(x, y, Math.max(1.5, (Math.min(duration, length - start) / length) * width - 0.5), Math.max(2, row - 0.5));
  }
  context.globalAlpha = 1;
}

/**
 * Draws peaks of audio around the middle.
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {{ low: readonly number[], high: readonly number[] }} peaks
 * @param {string} ink
 */
export function drawPeaks(context, width, height, { low, high }, ink) {
  const columns = low.length;
  if (!columns) return;
  context.fillStyle = ink;
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x / width) * columns);
    const to = Math.max(from + 1, Math.floor(((x + 1) / width) * columns));
    let least = 0;
    let most = 0;
    for (let column = from; column < to && column < columns; column++) {
      least = Math.min(least, low[column] ?? 0);
      most = Math.max(most, high[column] ?? 0);
    }
    const top = ((127 - most) / 255) * height;
    context.fillRect(x, top, 1, Math.max(1, ((most - least) / 255) * height));
  }
}
