/** A phrase that was played on a keyboard: from MIDI messages to notes on a grid. Pure. */

/** @import { NoteRow } from "../../types/api.js" */

/** @typedef {{ seconds: number, pitch: number, velocity: number }} KeyMove a key at a second from the first beat; velocity 0 lets go */

const SHORTEST = 1 / 32;
/** Beats of a note that was let go at once. */
const EARLY = 0.5;
/** Beats before the first one that still belong to the phrase: players come early. */

/**
 * A MIDI message as a move of a key; null where it is none. Drums' channel and others are alike.
 * @param {readonly number[] | Uint8Array} bytes
 * @param {number} seconds
 * @returns {KeyMove | null}
 */
export function keyMove([status = 0, pitch = 0, velocity = 0], seconds) {
  const kind = status & 0xf0;
  if (kind !== 0x90 && kind !== 0x80) return null;
  return { seconds, pitch: pitch & 127, velocity: kind === 0x90 ? velocity & 127 : 0 };
}

/**
 * Notes in beats, in their order. A key that is still down ends with the phrase; what came before it is left out.
 * @param {readonly KeyMove[]} moves in their order
 * @param {number} bpm
 * @param {number} beats the phrase's length
 * @returns {NoteRow[]}
 */
export function notesOf(moves, bpm, beats) {
  /** @type {Map<number, { start: number, velocity: number }>} */
  const down = new Map();
  /** @type {NoteRow[]} */
  const rows = [];
  const end = (/** @type {number} */ pitch, /** @type {number} */ at) => {
    const begun = down.get(pitch);
    down.delete(pitch);
    if (begun && begun.start >= -EARLY && begun.start < beats) {
      const start = Math.max(0, begun.start);
      rows.push([start, pitch, Math.max(SHORTEST, Math.min(at, beats) - start), begun.velocity]);
    }
  };
  for (const { seconds, pitch, velocity } of moves) {
    const at = (seconds * bpm) / 60;
    end(pitch, at);
    if (velocity) down.set(pitch, { start: at, velocity });
  }
  for (const pitch of [...down.keys()]) end(pitch, beats);
  return rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/**
 * Notes moved towards a grid, with their lengths; of two that fall on the same place with one pitch the louder stays.
 * @param {readonly NoteRow[]} rows
 * @param {number} grid in beats; 0 leaves them
 * @param {number} strength 0 to 1
 * @param {number} beats the phrase's length: what is moved to its end goes round to its beginning
 * @returns {NoteRow[]}
 */
export function quantized(rows, grid, strength, beats) {
  if (!grid || !strength) return [...rows];
  /** @type {Map<string, NoteRow>} */
  const placed = new Map();
  for (const [start, pitch, duration, velocity] of rows) {
    const nearest = Math.round(start / grid) * grid;
    const moved = tidy(start + strength * (nearest - start));
    const at = moved >= beats - 1e-6 ? moved - beats : moved;
    const key = `${Math.round(at * 960)} ${pitch}`;
    const known = placed.get(key);
    if (known && known[3] >= velocity) continue;
    placed.set(key, [Math.max(0, tidy(at)), pitch, tidy(Math.max(SHORTEST, Math.min(duration, beats - at))), velocity]);
  }
  const sorted = [...placed.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return sorted.map((row, index) => withoutOverlap(row, sorted, index));
}

/**
 * A note that ends where the next one of its pitch begins.
 * @param {NoteRow} row
 * @param {readonly NoteRow[]} sorted
 * @param {number} index
 * @returns {NoteRow}
 */
function withoutOverlap([start, pitch, duration, velocity], sorted, index) {
  const next = sorted.find((other, place) => place > index && other[1] === pitch);
  return [start, pitch, next ? Math.min(duration, tidy(next[0] - start)) : duration, velocity];
}

/** @param {number} beats */
const tidy = (beats) => Math.round(beats * 1e4) / 1e4;

/**
 * How far notes are from a grid, in milliseconds on average; what a player wants to know of a phrase.
 * @param {readonly NoteRow[]} rows
 * @param {number} grid
 * @param {number} bpm
 */
export function offGrid(rows, grid, bpm) {
  if (!rows.length || !grid) return 0;
  const away = rows.map(([start]) => Math.abs(start - Math.round(start / grid) * grid));
  return (away.reduce((sum, each) => sum + each, 0) / away.length) * (60_000 / bpm);
}

const LETTERS = "awsedftgyhujkolp";

/**
 * The pitch of a letter of the computer's keyboard, as in Live: A is C, W is C sharp; null for others.
 * @param {string} letter
 * @param {number} octave 3 for the octave of middle C, as Live counts it
 */
export function typedPitch(letter, octave) {
  const index = letter.length === 1 ? LETTERS.indexOf(letter.toLowerCase()) : -1;
  return index < 0 ? null : 12 * (octave + 2) + index;
}
