/** What two takes have in common, and how they differ, in notes and in words. Pure. */

/** @import { NoteRow } from "../../types/api.js" */
import { barBeats } from "./music.js";
import { counted, rounded } from "./words.js";

const SAME = 1 / 16;
/** Beats that two notes may be apart and still be the same one: more than a hand's looseness, less than a grid's step. */
const NEAR = 1 / 2;
/** Beats that a note may have moved by; farther away it is another one. */
const LEAP = 12;
/** Semitones that a note may have moved by. */

/** @typedef {"both" | "moved" | "only"} Mark */
/** @typedef {{ a: readonly Mark[], b: readonly Mark[], same: number, moved: number, removed: number, added: number }} Comparison marks by the notes' places */

/**
 * Pairs the notes of two takes: those that are the same, those that moved, and those that only one has.
 * @param {readonly NoteRow[]} a
 * @param {readonly NoteRow[]} b
 * @returns {Comparison}
 */
export function compareNotes(a, b) {
  /** @type {Mark[]} */
  const marksA = a.map(() => "only");
  /** @type {Mark[]} */
  const marksB = b.map(() => "only");
  const same = pair(a, b, marksA, marksB, "both", (one, other) => (one[1] === other[1] && apart(one, other) <= SAME ? apart(one, other) : Infinity));
  const moved = pair(a, b, marksA, marksB, "moved", movedBy);
  return { a: marksA, b: marksB, same, moved, removed: a.length - same - moved, added: b.length - same - moved };
}

/** @param {NoteRow} one @param {NoteRow} other */
const apart = (one, other) => Math.abs(one[0] - other[0]);

/** How far a note moved, in time alone or in pitch alone. @param {NoteRow} one @param {NoteRow} other */
function movedBy(one, other) {
  const beats = apart(one, other);
  const semitones = Math.abs(one[1] - other[1]);
  if (semitones === 0 && beats <= NEAR) return beats / NEAR;
  if (beats <= SAME && semitones <= LEAP) return semitones / LEAP;
  return Infinity;
}

/**
 * Pairs notes that are in no pair yet, the nearest first, and returns how many pairs there are.
 * @param {readonly NoteRow[]} a
 * @param {readonly NoteRow[]} b
 * @param {Mark[]} marksA
 * @param {Mark[]} marksB
 * @param {Mark} mark
 * @param {(one: NoteRow, other: NoteRow) => number} distance Infinity where they are no pair
 */
function pair(a, b, marksA, marksB, mark, distance) {
  const order = b.map((_, place) => place).filter((place) => marksB[place] === "only").sort((x, y) => startOf(b, x) - startOf(b, y));
  /** @type {[number, number, number][]} */
  const found = [];
  for (const [place, one] of a.entries()) {
    if (marksA[place] !== "only") continue;
    for (let at = firstFrom(b, order, one[0] - NEAR); at < order.length; at++) {
      const other = /** @type {number} */ (order[at]);
      const row = /** @type {NoteRow} */ (b[other]);
      if (row[0] > one[0] + NEAR) break;
      const far = distance(one, row);
      if (far < Infinity) found.push([far, place, other]);
    }
  }
  found.sort(([x], [y]) => x - y);
  let count = 0;
  for (const [, one, other] of found) {
    if (marksA[one] !== "only" || marksB[other] !== "only") continue;
    marksA[one] = marksB[other] = mark;
    count++;
  }
  return count;
}

/** @param {readonly NoteRow[]} rows @param {number | undefined} place */
const startOf = (rows, place) => rows[place ?? -1]?.[0] ?? 0;

/** The first place of an order whose note begins at a beat or later. @param {readonly NoteRow[]} rows @param {readonly number[]} order @param {number} beat */
function firstFrom(rows, order, beat) {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(rows, order[middle]) < beat) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @typedef {{ notes: readonly NoteRow[], beats: number, timeSignature: string }} Compared */

/**
 * The differences in sentences, B against A.
 * @param {Compared} a
 * @param {Compared} b
 * @param {Comparison} comparison
 * @returns {string[]}
 */
export function compareWords(a, b, { same, moved, removed, added }) {
  const others = [moved && `${moved} moved`, added && `${added} only in B`, removed && `${removed} only in A`].filter(Boolean);
  return [
    others.length ? `${[`${counted(same, "note")} in both`, ...others].join(", ")}.` : "They have the same notes.",
    ...change("Density", density(a), density(b), 1, " notes a bar"),
    ...change("Mean velocity", mean(a.notes), mean(b.notes), 0),
    ...change("Length", a.beats, b.beats, 2, " beats"),
  ];
}

/** Notes a bar. @param {Compared} compared */
export const density = ({ notes, beats, timeSignature }) => (beats > 0 ? (notes.length * barBeats(timeSignature)) / beats : 0);

/** The mean velocity; 0 of no notes. @param {readonly NoteRow[]} notes */
export const mean = (notes) => (notes.length ? notes.reduce((sum, [, , , velocity]) => sum + velocity, 0) / notes.length : 0);

/** @param {string} name @param {number} before @param {number} now @param {number} digits @param {string} [unit] */
function change(name, before, now, digits, unit = "") {
  const [one, other] = [rounded(before, digits), rounded(now, digits)];
  return one === other ? [] : [`${name}: ${one}${unit} in A, ${other} in B.`];
}
