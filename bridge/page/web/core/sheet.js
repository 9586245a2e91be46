/** A clip or a take as it is drawn, and the window onto it: where notes are on the screen, and what is where. Pure. */

/** @import { ClipDetail, NoteRow, Take } from "../../types/api.js" */
/** @import { Note } from "./notes.js" */
import { barBeats, DRUMS, pitchRange } from "./music.js";

/** @typedef {readonly (readonly [number, string])[]} ChordRows a chord from each beat on, "" for none */

/**
 * @typedef {object} Sheet
 * @property {readonly NoteRow[]} notes
 * @property {readonly number[]} muted
 * @property {ChordRows} chords
 * @property {boolean} isDrums
 * @property {string} part
 * @property {string} timeSignature
 * @property {number} from the first beat that is drawn
 * @property {number} to the last one
 * @property {readonly [number, number]} played from and to which beat it plays
 * @property {readonly number[]} rows pitches from above
 */

/** @typedef {{ px: number, row: number, left: number, top: number, width: number, height: number }} View px of a beat and of a row, how far it is scrolled, its size */

export const RULER = 24;
export const CHORDS = 22;
export const VELOCITY = 64;
const KEYS = 48;
const DRUM_KEYS = 104;
const BELOW = 8;
/** Pixels below the last row. */
const EDGE = 7;
/** Pixels at a note's end that lengthen it. */
const NARROWEST = 3;
const WIDEST = 480;
const KIT = [36, 38, 39, 42, 44, 46, 41, 45, 48, 49, 51];
/** Drums that are offered even where a clip has none of them. */
const ALL = Array.from({ length: 128 }, (_, place) => 127 - place);

/**
 * The rows of a drum grid, from above: what is played and a usual kit.
 * @param {readonly NoteRow[]} notes
 */
export const drumRows = (notes) => [...new Set([...KIT, ...notes.map(([, pitch]) => pitch)])].sort((a, b) => b - a);

/**
 * @param {Take} take
 * @param {ClipDetail | null} detail of its clip, where that still is as it was
 * @param {ChordRows} chords
 * @returns {Sheet}
 */
export function sheetOfTake(take, detail, chords) {
  const notes = /** @type {readonly NoteRow[]} */ (/** @type {unknown} */ (take.notes ?? []));
  const isDrums = detail ? detail.is_drums : take.part === "drums";
  return sheetOf(notes, { muted: detail?.muted ?? [], chords, isDrums, part: take.part, timeSignature: take.time_signature, played: [0, take.length_beats] });
}

/**
 * @param {ClipDetail} detail
 * @param {string} part
 * @returns {Sheet}
 */
export function sheetOfClip(detail, part) {
  const { notes, muted, chords, is_drums: isDrums, time_signature: timeSignature } = detail;
  return sheetOf(notes, { muted, chords, isDrums, part: isDrums ? "drums" : part, timeSignature, played: playedOf(detail) });
}

/** From and to where a clip plays. @param {ClipDetail} detail @returns {readonly [number, number]} */
export const playedOf = ({ looping, loop_start, loop_end, start_marker, end_marker }) => (looping ? [loop_start, loop_end] : [start_marker, end_marker]);

/**
 * @param {readonly NoteRow[]} notes
 * @param {Omit<Sheet, "notes" | "from" | "to" | "rows">} more
 * @returns {Sheet}
 */
function sheetOf(notes, more) {
  const bar = barBeats(more.timeSignature);
  let [first, last] = more.played;
  for (const [start, , duration] of notes) {
    first = Math.min(first, start);
    last = Math.max(last, start + duration);
  }
  const from = Math.floor(first / bar + 1e-9) * bar;
  // A bar more, for notes that lengthen the clip.
  const to = Math.ceil(last / bar - 1e-9) * bar + bar;
  return { ...more, notes, from, to, rows: more.isDrums ? drumRows(notes) : ALL };
}

/**
 * The same sheet with other notes.
 * @param {Sheet} sheet
 * @param {readonly NoteRow[]} notes
 * @returns {Sheet}
 */
export const withNotes = (sheet, notes) => ({ ...sheetOf(notes, sheet), muted: [] });

/**
 * Two sheets with the same beats and rows, so that they can be drawn below each other.
 * @param {Sheet} a
 * @param {Sheet} b
 * @returns {[Sheet, Sheet]}
 */
export function aligned(a, b) {
  const isDrums = a.isDrums && b.isDrums;
  const rows = isDrums ? drumRows([...a.notes, ...b.notes]) : ALL;
  const same = { isDrums, rows, from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
  return [{ ...a, ...same }, { ...b, ...same }];
}

/** @param {Sheet} sheet */
export const keysOf = ({ isDrums }) => (isDrums ? DRUM_KEYS : KEYS);

/** @param {Sheet} sheet */
export const headOf = ({ chords }) => RULER + (chords.length ? CHORDS : 0);

/** The x of a playhead that has come so many beats; out of sight where it is behind the keys. @param {Sheet} sheet @param {View} view @param {number} beats */
export function headAt(sheet, view, beats) {
  const span = sheet.played[1] - sheet.played[0];
  const x = xOf(sheet, view, sheet.played[0] + (span > 0 ? beats % span : 0));
  return x < keysOf(sheet) ? -9 : x;
}

/** The pixels of the whole sheet. @param {Sheet} sheet @param {View} view */
export const sizeOf = (sheet, view) => ({
  width: keysOf(sheet) + (sheet.to - sheet.from) * view.px,
  height: headOf(sheet) + sheet.rows.length * view.row + BELOW + VELOCITY,
});

/** @param {Sheet} sheet @param {View} view @param {number} beat */
export const xOf = (sheet, view, beat) => keysOf(sheet) + (beat - sheet.from) * view.px - view.left;

/** @param {Sheet} sheet @param {View} view @param {number} x */
export const beatAt = (sheet, view, x) => sheet.from + (x - keysOf(sheet) + view.left) / view.px;

/** @param {Sheet} sheet @param {View} view @param {number} place of the row, from above */
export const rowTop = (sheet, view, place) => headOf(sheet) + place * view.row - view.top;

/** @param {Sheet} sheet @param {View} view @param {number} y */
export const pitchAt = (sheet, view, y) => sheet.rows[Math.max(0, Math.min(sheet.rows.length - 1, Math.floor((y - headOf(sheet) + view.top) / view.row)))] ?? 60;

/** Where a note's pitch is among the rows, from above. @param {Sheet} sheet @param {number} pitch */
export const placeOf = (sheet, pitch) => (sheet.isDrums ? sheet.rows.indexOf(pitch) : 127 - pitch);

/** The beats that a note takes on the screen: a drum is a hit, whose length nobody hears. @param {Sheet} sheet @param {{ duration: number }} note */
export const shownLength = (sheet, { duration }) => (sheet.isDrums ? 0.22 : duration);

/**
 * What is at a place of the screen.
 * @param {Sheet} sheet
 * @param {View} view
 * @param {readonly Note[]} notes
 * @param {number} x
 * @param {number} y
 * @returns {{ on: "head" | "keys" | "grid" } | { on: "note" | "end" | "velocity", note: Note }}
 */
export function whatIsAt(sheet, view, notes, x, y) {
  if (x < keysOf(sheet)) return { on: "keys" };
  if (y < headOf(sheet)) return { on: "head" };
  if (y >= view.height - VELOCITY) {
    const near = nearest(notes, beatAt(sheet, view, x), 8 / view.px);
    return near ? { on: "velocity", note: near } : { on: "keys" };
  }
  const pitch = pitchAt(sheet, view, y);
  for (const note of [...notes].reverse()) {
    if (note.pitch !== pitch) continue;
    const left = xOf(sheet, view, note.start);
    const right = Math.max(left + 6, xOf(sheet, view, note.start + shownLength(sheet, note)));
    if (x < left - 1 || x > right + 1) continue;
    return { on: !sheet.isDrums && right - left > 3 * EDGE && x > right - EDGE ? "end" : "note", note };
  }
  return { on: "grid" };
}

/** @param {readonly Note[]} notes @param {number} beat @param {number} within */
function nearest(notes, beat, within) {
  let found;
  let least = within;
  for (const note of notes) {
    const apart = Math.abs(note.start - beat);
    if (apart <= least) [found, least] = [note, apart];
  }
  return found;
}

/**
 * The view that shows all beats that play, and all notes as far as that leaves them readable.
 * @param {Sheet} sheet
 * @param {{ width: number, height: number }} size
 * @returns {View}
 */
export function fitted(sheet, { width, height }) {
  const beats = Math.max(1, sheet.played[1] - Math.min(sheet.from, sheet.played[0]));
  const px = bounded((width - keysOf(sheet)) / (beats + 0.25), NARROWEST, WIDEST);
  const room = height - headOf(sheet) - VELOCITY - BELOW;
  if (sheet.isDrums) return { px, row: bounded(Math.floor(room / sheet.rows.length), 20, 48), left: 0, top: 0, width, height };
  const [low, high] = pitchRange(sheet.notes);
  const row = bounded(Math.floor(room / Math.max(18, high - low + 5)), 9, 22);
  const middle = (127 - (low + high) / 2 + 0.5) * row;
  return { px, row, left: 0, top: bounded(middle - room / 2, 0, 128 * row + BELOW - room), width, height };
}

/**
 * Zooms in time, and keeps the beat that is at x where it is.
 * @param {Sheet} sheet
 * @param {View} view
 * @param {number} factor
 * @param {number} [x] the middle without one
 * @returns {View}
 */
export function zoomed(sheet, view, factor, x = keysOf(sheet) + (view.width - keysOf(sheet)) / 2) {
  const px = bounded(view.px * factor, NARROWEST, WIDEST);
  const beat = beatAt(sheet, view, x);
  const left = (beat - sheet.from) * px - (x - keysOf(sheet));
  return { ...view, px, left: bounded(left, 0, Math.max(0, (sheet.to - sheet.from) * px - (view.width - keysOf(sheet)))) };
}

/** Makes rows higher or lower, and keeps what is at y. @param {Sheet} sheet @param {View} view @param {number} factor @param {number} y @returns {View} */
export function heightened(sheet, view, factor, y) {
  const row = bounded(view.row * factor, 6, 40);
  const place = (y - headOf(sheet) + view.top) / view.row;
  return { ...view, row, top: Math.max(0, place * row - (y - headOf(sheet))) };
}

/**
 * The view scrolled as little as possible so that a note is seen.
 * @param {Sheet} sheet
 * @param {View} view
 * @param {Note} note
 * @returns {View}
 */
export function showing(sheet, view, note) {
  const x = xOf(sheet, view, note.start);
  const y = rowTop(sheet, view, placeOf(sheet, note.pitch));
  const right = view.width - 48;
  const bottom = view.height - VELOCITY - view.row;
  const across = x < keysOf(sheet) ? x - keysOf(sheet) - 24 : x > right ? x - right : 0;
  const down = y < headOf(sheet) ? y - headOf(sheet) - view.row : y > bottom ? y - bottom + view.row : 0;
  return across || down ? { ...view, left: Math.max(0, view.left + across), top: Math.max(0, view.top + down) } : view;
}

/**
 * The lines of the grid in beats, those that are at least so many pixels apart; the finest are sixteenths.
 * @param {number} px of a beat
 * @param {string} timeSignature
 * @returns {{ step: number, beat: number, bar: number, label: number }} beats between lines, and between labels
 */
export function gridOf(px, timeSignature) {
  const bar = barBeats(timeSignature);
  const beat = 4 / (Number(timeSignature.split("/")[1]) || 4);
  const step = [beat / 4, beat / 2, beat, bar].find((each) => each * px >= 7) ?? bar;
  const label = [beat, bar, 2 * bar, 4 * bar, 8 * bar, 16 * bar].find((each) => each * px >= (each < bar ? 52 : 36)) ?? 32 * bar;
  return { step, beat, bar, label };
}

/** @param {number} value @param {number} low @param {number} high */
const bounded = (value, low, high) => Math.max(low, Math.min(Math.max(low, high), value));

/** @param {number} pitch */
export const drumName = (pitch) => DRUMS.get(pitch) ?? `Pad ${pitch}`;
