/** Editing notes by keys. */

/** @import { Desk } from "./desk.js" */
import { change, choose, chosenOf, move, neighbour, redo, remove, stepOf, undo, FINE } from "../../core/notes.js";
import { pitchAt, showing } from "../../core/sheet.js";
import { addAt, boundsOf, chooseOnly, louder, stretch } from "./desk.js";

const OCTAVE = 12;
const LOUDER = 5;

/**
 * @param {KeyboardEvent} event
 * @param {Desk} desk
 * @param {() => void} onListen
 */
export function onKey(event, desk, onListen) {
  if (event.key === " ") onListen();
  else if (desk.isLocked || !act(event, desk)) return;
  event.preventDefault();
}

/** Does what a key asks for; returns whether it asks for anything. @param {KeyboardEvent} event @param {Desk} desk */
function act(event, desk) {
  const { edit } = desk;
  const { key, altKey, shiftKey } = event;
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand) return command(key.toLowerCase(), shiftKey, desk);
  if (altKey && (key === "ArrowLeft" || key === "ArrowRight")) return next(desk, key === "ArrowRight" ? 1 : -1, shiftKey);
  if (altKey) return false;
  if (key === "Enter") return addNext(desk);
  if (key === "Escape") {
    if (!edit.value.chosen.size) return false;
    chooseOnly(desk, undefined);
    return true;
  }
  if (key === "Delete" || key === "Backspace") {
    edit.value = remove(edit.value);
    return true;
  }
  if (!ARROWS.has(key)) return false;
  if (!edit.value.chosen.size) return next(desk, 1, false);
  if (shiftKey) shifted(key, desk);
  else moved(key, desk);
  show(desk);
  return true;
}

/** @type {ReadonlyMap<string, readonly [number, number]>} */
const ARROWS = new Map([
  ["ArrowLeft", [-1, 0]], ["ArrowRight", [1, 0]], ["ArrowUp", [0, 1]], ["ArrowDown", [0, -1]], ["PageUp", [0, OCTAVE]], ["PageDown", [0, -OCTAVE]],
]);

/** @param {string} key @param {boolean} isBack @param {Desk} desk */
function command(key, isBack, { edit }) {
  if (key === "a") edit.value = choose(edit.value, edit.value.notes.map(({ id }) => id));
  else if (key === "z") edit.value = isBack ? redo(edit.value) : undo(edit.value);
  else if (key === "y") edit.value = redo(edit.value);
  else return false;
  return true;
}

/** @param {string} key @param {Desk} desk */
function shifted(key, desk) {
  if (key === "ArrowLeft" || key === "ArrowRight") stretch(desk, key === "ArrowRight" ? 1 : -1);
  else louder(desk, key === "ArrowUp" || key === "PageUp" ? LOUDER : -LOUDER);
}

/** @param {string} key @param {Desk} desk */
function moved(key, desk) {
  const { edit, snap } = desk;
  const [across, up] = ARROWS.get(key) ?? [0, 0];
  const beats = across * (stepOf(snap.value) || FINE);
  edit.value = change(edit.value, move(edit.value.notes, edit.value.chosen, beats, up, boundsOf(desk)));
}

/** Chooses the next note in time, or that too. @param {Desk} desk @param {1 | -1} direction @param {boolean} isToo */
function next(desk, direction, isToo) {
  const { edit, sheet, view } = desk;
  const found = neighbour(edit.value, direction, sheet.from + view.value.left / view.value.px);
  if (found === undefined) return true;
  edit.value = choose(edit.value, isToo ? [...edit.value.chosen, found] : [found]);
  show(desk, found);
  return true;
}

/** Adds a note behind the chosen one, or at the left of what is seen. @param {Desk} desk */
function addNext(desk) {
  const { edit, sheet, view, snap } = desk;
  const last = chosenOf(edit.value).reduce((latest, note) => (latest && latest.start > note.start ? latest : note), /** @type {import("../../core/notes.js").Note | null} */ (null));
  const step = stepOf(snap.value) || 1 / 4;
  const seen = Math.ceil((sheet.from + view.value.left / view.value.px) / step) * step;
  if (last) addAt(desk, last.start + Math.max(step, sheet.isDrums ? step : last.duration), last.pitch);
  else addAt(desk, seen, pitchAt(sheet, view.value, view.value.height / 2));
  show(desk);
  return true;
}

/** Scrolls to a chosen note. @param {Desk} desk @param {number} [id] */
function show({ edit, sheet, view }, id) {
  const chosen = chosenOf(edit.value);
  const note = chosen.find((each) => each.id === id) ?? chosen[0];
  if (note) view.value = showing(sheet, view.value, note);
}
