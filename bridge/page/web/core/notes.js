/** Notes that are edited by hand: chosen, moved, lengthened, and how that is taken back. Pure. */

/** @import { NoteRow } from "../../types/api.js" */
import { DRUMS, lengthWords, pitchName, pitchRange, positionWords } from "./music.js";

/** @typedef {{ id: number, start: number, pitch: number, duration: number, velocity: number, muted?: boolean }} Note */

/**
 * @typedef {object} Edit
 * @property {readonly Note[]} notes
 * @property {ReadonlySet<number>} chosen ids of notes
 * @property {readonly (readonly Note[])[]} past what undo goes back to, newest last
 * @property {readonly (readonly Note[])[]} future what redo goes forward to, nearest last
 */

/** What notes are bound to: the first beat, the pitches from low to high, and how short a note may be. */
/** @typedef {{ first: number, pitches: readonly number[], shortest: number }} Bounds */

/** Grids that notes snap to, in beats; "off" moves finely and snaps nowhere. */
export const SNAPS = /** @type {const} */ ([
  ["1/4", "1/4", 1],
  ["1/8", "1/8", 1 / 2],
  ["1/16", "1/16", 1 / 4],
  ["1/32", "1/32", 1 / 8],
  ["1/8t", "1/8 triplets", 1 / 3],
  ["1/16t", "1/16 triplets", 1 / 6],
  ["off", "Off", 0],
]);
export const FINE = 1 / 32;
/** Beats that a note moves by at a time where it snaps nowhere. */
const MOST_STEPS = 200;
const PLACES = 1e6;
/** The server takes two notes of a pitch for one where their starts are alike to six decimals of a beat. */

/** @param {string} snap */
export const stepOf = (snap) => SNAPS.find(([name]) => name === snap)?.[2] ?? 0;

/** @param {number} beat @param {number} step */
export const snapDown = (beat, step) => (step ? Math.floor(beat / step + 1e-9) * step : beat);

/** @param {number} beats @param {number} step */
export const snapNear = (beats, step) => (step ? Math.round(beats / step) * step : beats);

/**
 * An edit of notes as they are, with nothing changed yet.
 * @param {readonly NoteRow[]} rows
 * @param {readonly number[]} [muted] places of silent notes
 * @returns {Edit}
 */
export function beginEdit(rows, muted = []) {
  const silent = new Set(muted);
  const notes = rows.map(([start, pitch, duration, velocity], id) => ({ id, start, pitch, duration, velocity, ...(silent.has(id) ? { muted: true } : {}) }));
  return { notes, chosen: new Set(), past: [], future: [] };
}

/**
 * The notes as the server takes them, in their order in time.
 * @param {readonly Note[]} notes
 * @returns {NoteRow[]}
 */
export const rowsOf = (notes) => inOrder(notes).map(({ start, pitch, duration, velocity }) => [start, pitch, duration, velocity]);

/** @param {readonly Note[]} notes */
const inOrder = (notes) => [...notes].sort((a, b) => a.start - b.start || a.pitch - b.pitch || a.id - b.id);

/** @param {Edit} edit @param {Iterable<number>} ids @returns {Edit} */
export const choose = (edit, ids) => ({ ...edit, chosen: new Set(ids) });

/** @param {Edit} edit @param {number} id @returns {Edit} */
export function chooseToo(edit, id) {
  const chosen = new Set(edit.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { ...edit, chosen };
}

/** @param {Edit} edit */
export const chosenOf = (edit) => edit.notes.filter(({ id }) => edit.chosen.has(id));

/**
 * Returns the edit with other notes, as one step that can be taken back. A chosen note takes the place of another one of
 * its pitch that begins with it. The same notes are no step.
 * @param {Edit} edit
 * @param {readonly Note[]} notes
 * @param {Iterable<number>} [chosen]
 * @returns {Edit}
 */
export function change(edit, notes, chosen = edit.chosen) {
  const ids = new Set(chosen);
  const left = withoutTwins(notes, ids);
  const there = new Set(left.map(({ id }) => id));
  const kept = new Set([...ids].filter((id) => there.has(id)));
  if (areSame(edit.notes, left)) return { ...edit, chosen: kept };
  return { notes: left, chosen: kept, past: [...edit.past, edit.notes].slice(-MOST_STEPS), future: [] };
}

/** @param {readonly Note[]} notes @param {ReadonlySet<number>} chosen */
function withoutTwins(notes, chosen) {
  /** @type {Map<string, Note>} */
  const places = new Map();
  for (const note of notes) {
    const key = placeOf(note);
    const twin = places.get(key);
    if (!twin || chosen.has(note.id) || !chosen.has(twin.id)) places.set(key, note);
  }
  return places.size === notes.length ? notes : notes.filter((note) => places.get(placeOf(note)) === note);
}

/** @param {Note} note */
const placeOf = ({ pitch, start }) => `${pitch} ${Math.round(start * PLACES)}`;

/** @param {Note} note */
const wholeOf = (note) => `${placeOf(note)} ${Math.round(note.duration * PLACES)} ${note.velocity}`;

/** @param {readonly Note[]} before @param {readonly Note[]} now */
const areSame = (before, now) => countChanged(before, now) === 0;

/**
 * How many notes are other ones than before, or have gone.
 * @param {readonly Note[]} before
 * @param {readonly Note[]} now
 */
export function countChanged(before, now) {
  const old = new Map(before.map((note) => [note.id, wholeOf(note)]));
  let count = 0;
  for (const note of now) {
    if (old.get(note.id) !== wholeOf(note)) count++;
    old.delete(note.id);
  }
  return count + old.size;
}

/** @param {Edit} edit @returns {Edit} */
export function undo(edit) {
  const before = edit.past.at(-1);
  return before ? { notes: before, chosen: stillThere(edit, before), past: edit.past.slice(0, -1), future: [...edit.future, edit.notes] } : edit;
}

/** @param {Edit} edit @returns {Edit} */
export function redo(edit) {
  const after = edit.future.at(-1);
  return after ? { notes: after, chosen: stillThere(edit, after), past: [...edit.past, edit.notes], future: edit.future.slice(0, -1) } : edit;
}

/** @param {Edit} edit @param {readonly Note[]} notes */
const stillThere = (edit, notes) => new Set(notes.filter(({ id }) => edit.chosen.has(id)).map(({ id }) => id));

/**
 * The notes with the chosen ones moved together, as far as all of them may go.
 * @param {readonly Note[]} notes
 * @param {ReadonlySet<number>} chosen
 * @param {number} beats
 * @param {number} rows upwards, among the pitches of the bounds
 * @param {Bounds} bounds
 */
export function move(notes, chosen, beats, rows, { first, pitches }) {
  const moved = notes.filter(({ id }) => chosen.has(id));
  if (!moved.length) return notes;
  const earliest = moved.reduce((least, { start }) => Math.min(least, start), Infinity);
  const by = Math.max(beats, Math.min(0, first - earliest));
  const places = new Map(pitches.map((pitch, place) => [pitch, place]));
  const [low, high] = pitchRange(rowsOf(moved)).map((pitch) => places.get(pitch) ?? 0);
  const up = Math.max(-(low ?? 0), Math.min(pitches.length - 1 - (high ?? 0), rows));
  return notes.map((note) => {
    if (!chosen.has(note.id)) return note;
    const pitch = pitches[(places.get(note.pitch) ?? 0) + up] ?? note.pitch;
    // The server keeps a note silent only where it was.
    return { ...note, start: note.start + by, pitch, ...(note.muted ? { muted: !by && pitch === note.pitch } : {}) };
  });
}

/**
 * @param {readonly Note[]} notes
 * @param {ReadonlySet<number>} chosen
 * @param {number} beats
 * @param {Bounds} bounds
 */
export const lengthen = (notes, chosen, beats, { shortest }) =>
  notes.map((note) => (chosen.has(note.id) ? { ...note, duration: Math.max(Math.min(shortest, note.duration), note.duration + beats) } : note));

/**
 * @param {readonly Note[]} notes
 * @param {ReadonlySet<number>} chosen
 * @param {number} by
 */
export const makeLouder = (notes, chosen, by) =>
  notes.map((note) => (chosen.has(note.id) ? { ...note, velocity: Math.max(1, Math.min(127, Math.round(note.velocity + by))) } : note));

/** @param {Edit} edit @returns {Edit} */
export const remove = (edit) => change(edit, edit.notes.filter(({ id }) => !edit.chosen.has(id)), []);

/**
 * Adds a note, and chooses it alone.
 * @param {Edit} edit
 * @param {Omit<Note, "id">} note
 * @returns {Edit}
 */
export function add(edit, note) {
  let id = 0;
  // Those that undo and redo may bring back count, too.
  for (const notes of [...edit.past, edit.notes, ...edit.future]) for (const each of notes) id = Math.max(id, each.id + 1);
  return change(edit, [...edit.notes, { ...note, id }], [id]);
}

/**
 * The ids of the notes that a frame touches.
 * @param {readonly Note[]} notes
 * @param {{ from: number, to: number, low: number, high: number }} frame beats and pitches
 */
export const inFrame = (notes, { from, to, low, high }) =>
  notes.filter((note) => note.start < to && note.start + note.duration > from && note.pitch >= low && note.pitch <= high).map(({ id }) => id);

/**
 * The id of the note before or after the chosen ones in time; of the first from `from` on where none is chosen.
 * @param {Edit} edit
 * @param {1 | -1} direction
 * @param {number} [from] in beats
 */
export function neighbour(edit, direction, from = 0) {
  const notes = inOrder(edit.notes);
  const places = notes.flatMap(({ id }, place) => (edit.chosen.has(id) ? [place] : []));
  if (!places.length) return (notes.find(({ start }) => start >= from - 1e-6) ?? notes[0])?.id;
  const place = direction > 0 ? Math.max(...places) + 1 : Math.min(...places) - 1;
  return notes[Math.max(0, Math.min(notes.length - 1, place))]?.id;
}

/**
 * What is chosen, in words: "G2 at 2.1.3, 0.5 beats, velocity 90", or "5 notes, C3 to G3".
 * @param {Edit} edit
 * @param {string} timeSignature
 * @param {boolean} isDrums
 */
export function chosenWords(edit, timeSignature, isDrums) {
  const chosen = chosenOf(edit);
  const [only] = chosen;
  if (!only) return "Nothing selected";
  if (chosen.length === 1) {
    const name = isDrums ? (DRUMS.get(only.pitch) ?? pitchName(only.pitch)) : pitchName(only.pitch);
    const silent = only.muted ? ", silent" : "";
    return `${name} at ${positionWords(only.start, timeSignature)}, ${lengthWords(only.duration, timeSignature)}, velocity ${only.velocity}${silent}`;
  }
  const [low, high] = pitchRange(rowsOf(chosen));
  const range = low === high ? pitchName(low) : `${pitchName(low)} to ${pitchName(high)}`;
  return `${chosen.length} notes selected${isDrums ? "" : `, ${range}`}`;
}
