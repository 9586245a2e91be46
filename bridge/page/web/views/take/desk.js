/** What hands and keys do with the notes of an edit. */

/** @import { Edit, Note } from "../../core/notes.js" */
/** @import { Sheet, View } from "../../core/sheet.js" */
/** @import { Signal } from "../../vendor/preact.js" */
import { add, change, choose, chosenOf, FINE, lengthen, makeLouder, stepOf } from "../../core/notes.js";

/**
 * What the hands work on.
 * @typedef {object} Desk
 * @property {Sheet} sheet
 * @property {Signal<Edit>} edit
 * @property {Signal<View>} view
 * @property {Signal<string>} snap
 * @property {Signal<{ notes?: readonly Note[], frame?: { x: number, y: number, width: number, height: number } } | null>} drag what a movement would give
 * @property {Signal<boolean>} framing whether a finger draws a frame
 * @property {boolean} isLocked
 */

/** The bounds of an edit. @param {Desk} desk */
export const boundsOf = ({ sheet, snap }) => ({
  first: sheet.played[0],
  pitches: [...sheet.rows].reverse(),
  shortest: stepOf(snap.value) || FINE,
});

/** Makes the chosen notes longer by steps of the grid. @param {Desk} desk @param {number} steps */
export function stretch(desk, steps) {
  const { edit } = desk;
  const bounds = boundsOf(desk);
  edit.value = change(edit.value, lengthen(edit.value.notes, edit.value.chosen, steps * bounds.shortest, bounds));
}

/** @param {Desk} desk @param {number} by */
export function louder({ edit }, by) {
  edit.value = change(edit.value, makeLouder(edit.value.notes, edit.value.chosen, by));
}

/** Adds a note of the length and velocity of the one before. @param {Desk} desk @param {number} start @param {number} pitch */
export function addAt(desk, start, pitch) {
  const { edit, snap, sheet } = desk;
  const [like] = chosenOf(edit.value);
  const duration = sheet.isDrums ? 1 / 4 : (like?.duration ?? (stepOf(snap.value) || 1 / 4));
  edit.value = add(edit.value, { start: Math.max(sheet.played[0], start), pitch, duration, velocity: like?.velocity ?? 96 });
}

/** Chooses one note, or none. @param {Desk} desk @param {number | undefined} id */
export function chooseOnly({ edit }, id) {
  edit.value = choose(edit.value, id === undefined ? [] : [id]);
}
