/** A piano roll: keys, bars and beats, chords, notes by part and velocity, and their velocities below. */

/** @import { Note } from "../core/notes.js" */
/** @import { Mark } from "../core/compare.js" */
/** @import { ChordRows, Sheet, View } from "../core/sheet.js" */
import { barBeats, partColor, pitchName } from "../core/music.js";
import { CHORDS, gridOf, headOf, keysOf, placeOf, RULER, rowTop, shownLength, VELOCITY, xOf } from "../core/sheet.js";
import { color } from "./canvas.js";

export const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const SMALL = 5;
/** Pixels below which a note gets no line around it: thousands of them are seen at once. */
const BLACK = new Set([1, 3, 6, 8, 10]);

/**
 * @typedef {object} Picture
 * @property {Sheet} sheet
 * @property {View} view
 * @property {readonly Note[]} notes
 * @property {ReadonlySet<number>} [chosen]
 * @property {readonly Mark[]} [marks] by the notes' ids, where two takes are compared
 * @property {{ x: number, y: number, width: number, height: number } | null} [frame]
 */

/**
 * Draws the picture, from behind to the front.
 * @param {CanvasRenderingContext2D} context
 * @param {Picture} picture
 */
export function drawRoll(context, picture) {
  const { sheet, view } = picture;
  context.font = FONT;
  context.textBaseline = "middle";
  drawRows(context, sheet, view);
  drawLines(context, sheet, view);
  drawNotes(context, picture);
  drawSilence(context, sheet, view);
  drawFrame(context, picture);
  drawVelocities(context, picture);
  drawKeys(context, sheet, view);
  drawRuler(context, sheet, view);
}

/** The rows that are seen. @param {Sheet} sheet @param {View} view */
export function seenRows(sheet, view) {
  const from = Math.max(0, Math.floor(view.top / view.row));
  const to = Math.min(sheet.rows.length, Math.ceil((view.top + view.height - headOf(sheet) - VELOCITY) / view.row));
  return { from, to };
}

/** @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {View} view */
function drawRows(context, sheet, view) {
  context.fillStyle = color("--raised");
  context.fillRect(0, 0, view.width, view.height);
  context.fillStyle = color("--panel");
  const { from, to } = seenRows(sheet, view);
  for (let place = from; place < to; place++) {
    if (BLACK.has((sheet.rows[place] ?? 0) % 12)) context.fillRect(0, rowTop(sheet, view, place), view.width, view.row);
  }
  context.fillStyle = color("--line");
  for (let place = from; place <= to; place++) {
    if (place > 0 && (sheet.rows[place - 1] ?? 1) % 12 === 0) context.fillRect(0, rowTop(sheet, view, place) - 1, view.width, 1);
  }
}

/** Bars, beats and sixteenths, as far as they are apart enough. @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {View} view */
export function drawLines(context, sheet, view) {
  const { step, beat, bar } = gridOf(view.px, sheet.timeSignature);
  const top = headOf(sheet);
  const first = Math.floor((sheet.from + view.left / view.px) / step) * step;
  const last = Math.min(sheet.to, sheet.from + (view.left + view.width) / view.px);
  for (let at = first; at <= last + 1e-6; at += step) {
    const x = Math.round(xOf(sheet, view, at));
    if (x < keysOf(sheet)) continue;
    const isBar = isOn(at, bar);
    context.fillStyle = color(isBar ? "--strong-line" : "--line");
    context.globalAlpha = isBar || isOn(at, beat) ? 1 : 0.5;
    context.fillRect(x, top, 1, view.height - top);
  }
  context.globalAlpha = 1;
}

/** @param {number} at @param {number} step */
const isOn = (at, step) => Math.abs(at / step - Math.round(at / step)) < 1e-6;

/** @param {CanvasRenderingContext2D} context @param {Picture} picture */
function drawNotes(context, { sheet, view, notes, chosen, marks }) {
  const ink = color(partColor(sheet.part));
  const low = headOf(sheet) - view.row;
  const high = view.height - VELOCITY;
  context.save();
  clipToGrid(context, sheet, view);
  for (const note of notes) {
    const x = xOf(sheet, view, note.start);
    const width = Math.max(3, shownLength(sheet, note) * view.px - 1);
    const y = rowTop(sheet, view, placeOf(sheet, note.pitch));
    if (x > view.width || x + width < 0 || y < low || y > high) continue;
    const mark = marks?.[note.id];
    paintNote(context, { x, y: y + 1, width, height: Math.max(3, view.row - 2) }, note, ink, mark, Boolean(chosen?.has(note.id)));
  }
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {View} view */
export function clipToGrid(context, sheet, view) {
  context.beginPath();
  context.rect(keysOf(sheet), headOf(sheet), view.width, view.height - headOf(sheet) - VELOCITY);
  context.clip();
}

/**
 * A note: its velocity as strength of its colour; a silent one as a frame, a chosen one with a frame around it.
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: number, y: number, width: number, height: number }} box
 * @param {Note} note
 * @param {string} ink
 * @param {Mark | undefined} mark
 * @param {boolean} isChosen
 */
export function paintNote(context, { x, y, width, height }, note, ink, mark, isChosen) {
  context.fillStyle = context.strokeStyle = ink;
  context.globalAlpha = mark === "both" ? 0.3 : note.muted ? 0.15 : strength(note.velocity);
  context.fillRect(x, y, width, height);
  if (width >= SMALL || mark || note.muted) {
    context.globalAlpha = mark === "both" ? 0.5 : 1;
    context.lineWidth = 1;
    if (mark === "moved") context.setLineDash([3, 2]);
    context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
    if (mark === "moved") context.setLineDash([]);
  }
  if (isChosen || mark === "only") {
    context.strokeStyle = color("--ink");
    context.lineWidth = 2;
    context.globalAlpha = 1;
    context.strokeRect(x, y, width, height);
  }
  context.globalAlpha = 1;
}

/** @param {number} velocity */
export const strength = (velocity) => 0.25 + (0.75 * velocity) / 127;

/** What does not play: dimmed. @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {View} view */
export function drawSilence(context, sheet, view) {
  const [first, last] = sheet.played.map((beat) => xOf(sheet, view, beat));
  const top = headOf(sheet);
  context.fillStyle = color("--page");
  context.globalAlpha = 0.6;
  if (first !== undefined && first > keysOf(sheet)) context.fillRect(keysOf(sheet), top, first - keysOf(sheet), view.height);
  if (last !== undefined && last < view.width) context.fillRect(last, top, view.width - last, view.height);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture */
export function drawFrame(context, { frame }) {
  if (!frame) return;
  context.strokeStyle = context.fillStyle = color("--focus");
  context.lineWidth = 1;
  context.globalAlpha = 0.15;
  context.fillRect(frame.x, frame.y, frame.width, frame.height);
  context.globalAlpha = 1;
  context.strokeRect(frame.x + 0.5, frame.y + 0.5, frame.width, frame.height);
}

/** A stem for each note, as high as its velocity. @param {CanvasRenderingContext2D} context @param {Picture} picture */
export function drawVelocities(context, { sheet, view, notes, chosen, marks }) {
  const top = view.height - VELOCITY;
  const left = keysOf(sheet);
  context.fillStyle = color("--panel");
  context.fillRect(left, top, view.width, VELOCITY);
  context.fillStyle = color("--line");
  context.fillRect(left, top, view.width, 1);
  const ink = color(partColor(sheet.part));
  const strong = color("--ink");
  const hasHeads = view.px >= 8;
  for (const note of notes) {
    const x = xOf(sheet, view, note.start);
    if (x < left - 2 || x > view.width) continue;
    const height = (note.velocity / 127) * (VELOCITY - 8);
    context.fillStyle = chosen?.has(note.id) ? strong : ink;
    context.globalAlpha = marks?.[note.id] === "both" || note.muted ? 0.35 : 1;
    context.fillRect(x, view.height - height, 2, height);
    if (hasHeads) context.fillRect(x - 1, view.height - height - 2, 5, 4);
  }
  context.globalAlpha = 1;
  context.fillStyle = color("--panel");
  context.fillRect(0, top, left, VELOCITY);
  context.fillStyle = color("--line");
  context.fillRect(0, top, left, 1);
  context.fillStyle = color("--soft");
  context.fillText("Vel.", 8, top + VELOCITY / 2);
}

/** @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {View} view */
function drawKeys(context, sheet, view) {
  const width = keysOf(sheet);
  const bottom = view.height - VELOCITY;
  context.save();
  context.beginPath();
  context.rect(0, headOf(sheet), width, bottom - headOf(sheet));
  context.clip();
  const { from, to } = seenRows(sheet, view);
  for (let place = from; place < to; place++) {
    const y = rowTop(sheet, view, place);
    const isBlack = BLACK.has((sheet.rows[place] ?? 0) % 12);
    context.fillStyle = color(isBlack ? "--black-key" : "--white-key");
    context.fillRect(0, y, width, view.row);
    context.fillStyle = color("--black-key");
    context.globalAlpha = 0.35;
    if (!isBlack) context.fillRect(0, y + view.row - 1, width, 1);
    context.globalAlpha = 1;
  }
  for (let place = from; place < to; place++) {
    const pitch = sheet.rows[place] ?? 0;
    if (pitch % 12 && view.row < 15) continue;
    context.fillStyle = color(BLACK.has(pitch % 12) ? "--white-key" : "--black-key");
    context.fillText(pitchName(pitch), 8, rowTop(sheet, view, place) + view.row / 2 + 0.5);
  }
  context.restore();
  context.fillStyle = color("--strong-line");
  context.fillRect(width - 1, headOf(sheet), 1, view.height);
}

/** Bars and beats, and the chords above the notes. @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {View} view */
export function drawRuler(context, sheet, view) {
  const left = keysOf(sheet);
  const bar = barBeats(sheet.timeSignature);
  const { label, beat } = gridOf(view.px, sheet.timeSignature);
  context.fillStyle = color("--panel");
  context.fillRect(0, 0, view.width, headOf(sheet));
  context.save();
  context.beginPath();
  context.rect(left, 0, view.width - left, headOf(sheet));
  context.clip();
  const [first, last] = [xOf(sheet, view, sheet.played[0]), xOf(sheet, view, sheet.played[1])];
  context.fillStyle = color("--accent");
  context.fillRect(first, 0, last - first, 3);
  for (let at = Math.floor(sheet.from / label) * label; at <= sheet.to; at += label) {
    const x = Math.round(xOf(sheet, view, at));
    if (x < left - 60 || x > view.width) continue;
    const inBar = Math.round((((at % bar) + bar) % bar) / beat);
    context.fillStyle = color(inBar ? "--line" : "--strong-line");
    context.fillRect(x, 6, 1, RULER - 6);
    context.fillStyle = color(inBar ? "--soft" : "--ink");
    context.fillText(`${Math.floor(at / bar + 1e-6) + 1}${inBar ? `.${inBar + 1}` : ""}`, x + 4, RULER / 2 + 1);
  }
  drawChords(context, sheet.chords, sheet.played[1], (at) => xOf(sheet, view, at), left, view.width);
  context.restore();
  context.fillStyle = color("--strong-line");
  context.fillRect(0, headOf(sheet) - 1, view.width, 1);
}

/**
 * Chord names, each in the room that it has.
 * @param {CanvasRenderingContext2D} context
 * @param {ChordRows} chords
 * @param {number} last the beat at which the last one ends
 * @param {(beat: number) => number} toX
 * @param {number} left where the names begin of those that began before
 * @param {number} width
 */
export function drawChords(context, chords, last, toX, left, width) {
  for (const [place, [at, label]] of chords.entries()) {
    const x = Math.max(left, toX(at));
    const room = toX(chords[place + 1]?.[0] ?? last) - x;
    if (!label || x > width || room < 0) continue;
    context.fillStyle = color("--sunk");
    context.fillRect(x + 1, RULER, Math.max(1, room - 2), CHORDS - 2);
    context.fillStyle = color("--ink");
    if (room > 16) context.fillText(label, x + 5, RULER + CHORDS / 2 - 0.5, room - 8);
  }
}
