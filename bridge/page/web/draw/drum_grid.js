/** A drum grid: a named row for each drum, a cell for each sixteenth, hits where they were played, as high as their velocity. */

/** @import { Sheet, View } from "../core/sheet.js" */
/** @import { Picture } from "./roll.js" */
import { barBeats, partColor } from "../core/music.js";
import { drumName, gridOf, headOf, keysOf, placeOf, rowTop, shownLength, VELOCITY, xOf } from "../core/sheet.js";
import { color } from "./canvas.js";
import { clipToGrid, drawFrame, drawLines, drawRuler, drawSilence, drawVelocities, FONT, paintNote, seenRows } from "./roll.js";

/**
 * Draws the picture, from behind to the front.
 * @param {CanvasRenderingContext2D} context
 * @param {Picture} picture
 */
export function drawDrumGrid(context, picture) {
  const { sheet, view } = picture;
  context.font = FONT;
  context.textBaseline = "middle";
  drawCells(context, sheet, view);
  drawLines(context, sheet, view);
  drawHits(context, picture);
  drawSilence(context, sheet, view);
  drawFrame(context, picture);
  drawVelocities(context, picture);
  drawNames(context, sheet, view);
  drawRuler(context, sheet, view);
}

/** Every other beat is a little darker, so that sixteenths are counted at a glance. @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {View} view */
function drawCells(context, sheet, view) {
  context.fillStyle = color("--raised");
  context.fillRect(0, 0, view.width, view.height);
  context.fillStyle = color("--panel");
  const { beat } = gridOf(view.px, sheet.timeSignature);
  const bar = barBeats(sheet.timeSignature);
  for (let at = sheet.from; at < sheet.to; at += beat) {
    if (Math.round((at % bar) / beat) % 2 === 0) continue;
    const x = xOf(sheet, view, at);
    if (x < view.width && x + beat * view.px > 0) context.fillRect(x, 0, beat * view.px, view.height);
  }
  context.fillStyle = color("--line");
  const { from, to } = seenRows(sheet, view);
  for (let place = from; place <= to; place++) context.fillRect(0, rowTop(sheet, view, place) - 1, view.width, 1);
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture */
function drawHits(context, { sheet, view, notes, chosen, marks }) {
  const ink = color(partColor(sheet.part));
  context.save();
  clipToGrid(context, sheet, view);
  for (const note of notes) {
    const x = xOf(sheet, view, note.start);
    const width = Math.max(4, shownLength(sheet, note) * view.px - 1);
    const y = rowTop(sheet, view, placeOf(sheet, note.pitch));
    if (x > view.width || x + width < 0 || y > view.height) continue;
    const full = view.row - 5;
    const height = Math.max(4, full * (0.3 + (0.7 * note.velocity) / 127));
    paintNote(context, { x, y: y + 2 + full - height, width, height }, note, ink, marks?.[note.id], Boolean(chosen?.has(note.id)));
  }
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {View} view */
function drawNames(context, sheet, view) {
  const width = keysOf(sheet);
  const bottom = view.height - VELOCITY;
  context.save();
  context.beginPath();
  context.rect(0, headOf(sheet), width, bottom - headOf(sheet));
  context.clip();
  context.fillStyle = color("--panel");
  context.fillRect(0, headOf(sheet), width, bottom);
  const { from, to } = seenRows(sheet, view);
  for (let place = from; place < to; place++) {
    const y = rowTop(sheet, view, place);
    context.fillStyle = color("--line");
    context.fillRect(0, y - 1, width, 1);
    context.fillStyle = color("--ink");
    context.fillText(drumName(sheet.rows[place] ?? 0), 8, y + view.row / 2, width - 12);
  }
  context.restore();
  context.fillStyle = color("--strong-line");
  context.fillRect(width - 1, headOf(sheet), 1, view.height);
}
