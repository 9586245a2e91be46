/** Editing notes by mouse, pen and finger. A finger beside notes scrolls, as everywhere. */

/** @import { Note } from "../../core/notes.js" */
/** @import { Desk } from "./desk.js" */
import { change, choose, chooseToo, inFrame, lengthen, makeLouder, move, remove, snapDown, snapNear, stepOf } from "../../core/notes.js";
import { beatAt, heightened, pitchAt, VELOCITY, whatIsAt, zoomed } from "../../core/sheet.js";
import { addAt, boundsOf, chooseOnly } from "./desk.js";

const STILL = 3;
/** Pixels within which a press is no movement. */
const CURSORS = { note: "grab", end: "ew-resize", velocity: "ns-resize", grid: "default", head: "default", keys: "default" };

/** @typedef {{ on: "note" | "end" | "velocity" | "grid" | "tap", x: number, y: number, left: number, top: number, notes: readonly Note[], note?: Note, hasMoved: boolean, isToo: boolean }} Pull */

/** @type {Pull | null} */
let pull = null;
/** @type {number} */
let spread = 0;

/** The handlers of the part that is pointed at. @param {Desk} desk */
export function pointing(desk) {
  return {
    onPointerDown: (/** @type {PointerEvent} */ event) => begin(event, desk),
    onPointerMove: (/** @type {PointerEvent} */ event) => (pull ? pullOn(event, desk) : hover(event, desk)),
    onPointerUp: (/** @type {PointerEvent} */ event) => end(event, desk),
    onPointerCancel: () => stop(desk),
    onDblClick: (/** @type {MouseEvent} */ event) => addOrRemove(event, desk),
    onWheel: (/** @type {WheelEvent} */ event) => zoomByWheel(event, desk.sheet, desk.view),
    onTouchStart: (/** @type {TouchEvent} */ event) => touch(event, desk),
    onTouchMove: (/** @type {TouchEvent} */ event) => pinch(event, desk),
  };
}

/** @param {{ clientX: number, clientY: number, currentTarget: EventTarget | null }} event */
function placeOf({ clientX, clientY, currentTarget }) {
  const box = /** @type {HTMLElement} */ (currentTarget).getBoundingClientRect();
  return { x: clientX - box.left, y: clientY - box.top };
}

/** @param {PointerEvent} event @param {Desk} desk */
function begin(event, desk) {
  const { edit, sheet, view, framing } = desk;
  const { x, y } = placeOf(event);
  if (event.button !== 0 || desk.isLocked || x > view.value.width || y > view.value.height) return;
  const what = whatIsAt(sheet, view.value, edit.value.notes, x, y);
  if (what.on === "keys" || what.on === "head") return;
  const on = what.on === "grid" && event.pointerType === "touch" && !framing.value ? "tap" : what.on;
  const note = "note" in what ? what.note : undefined;
  if (note && event.shiftKey) edit.value = chooseToo(edit.value, note.id);
  else if (note && !edit.value.chosen.has(note.id)) chooseOnly(desk, note.id);
  const { left, top } = view.value;
  pull = { on, x, y, left, top, notes: edit.value.notes, hasMoved: false, isToo: event.shiftKey, ...(note ? { note } : {}) };
  if (on !== "tap") /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
}

/** @param {PointerEvent} event @param {Desk} desk */
function pullOn(event, desk) {
  if (!pull || pull.on === "tap") return;
  const { x, y } = placeOf(event);
  if (!pull.hasMoved && Math.hypot(x - pull.x, y - pull.y) < STILL) return;
  pull.hasMoved = true;
  if (pull.on === "grid") frameTo(x, y, desk);
  else desk.drag.value = { notes: pulled(pull, x, y, desk) };
}

/** The notes as they would be if the pointer were let go here. @param {Pull} from @param {number} x @param {number} y @param {Desk} desk */
function pulled(from, x, y, desk) {
  const { sheet, view, snap, edit } = desk;
  const { chosen } = edit.value;
  const beats = snapNear((x - from.x + view.value.left - from.left) / view.value.px, stepOf(snap.value));
  if (from.on === "velocity") return makeLouder(from.notes, chosen, ((from.y - y) * 127) / (VELOCITY - 8));
  if (from.on === "end") return lengthen(from.notes, chosen, beats, boundsOf(desk));
  const before = sheet.rows.indexOf(from.note?.pitch ?? 0);
  return move(from.notes, chosen, beats, before - sheet.rows.indexOf(pitchAt(sheet, view.value, y)), boundsOf(desk));
}

/** @param {number} x @param {number} y @param {Desk} desk */
function frameTo(x, y, { sheet, view, edit, drag }) {
  if (!pull) return;
  const from = { x: pull.x + pull.left - view.value.left, y: pull.y + pull.top - view.value.top };
  const box = { x: Math.min(x, from.x), y: Math.min(y, from.y), width: Math.abs(x - from.x), height: Math.abs(y - from.y) };
  const touched = inFrame(pull.notes, {
    from: beatAt(sheet, view.value, box.x),
    to: beatAt(sheet, view.value, box.x + box.width),
    low: pitchAt(sheet, view.value, box.y + box.height),
    high: pitchAt(sheet, view.value, box.y),
  });
  edit.value = choose(edit.value, pull.isToo ? [...edit.value.chosen, ...touched] : touched);
  drag.value = { frame: box };
}

/** @param {PointerEvent} event @param {Desk} desk */
function end(event, desk) {
  const { edit, drag } = desk;
  if (!pull) return;
  const { on, hasMoved, note, isToo } = pull;
  const notes = drag.value?.notes;
  const { x, y } = placeOf(event);
  const isTap = Math.hypot(x - pull.x, y - pull.y) < 3 * STILL;
  if (hasMoved && notes) edit.value = change(edit.value, notes);
  else if (!hasMoved && (on === "grid" || (on === "tap" && isTap)) && !isToo) chooseOnly(desk, undefined);
  else if (!hasMoved && note && !isToo) chooseOnly(desk, note.id);
  stop(desk);
}

/** @param {Desk} desk */
function stop({ drag }) {
  pull = null;
  drag.value = null;
}

/** @param {PointerEvent} event @param {Desk} desk */
function hover(event, { edit, sheet, view, isLocked }) {
  if (event.pointerType === "touch") return;
  const { x, y } = placeOf(event);
  const cursor = isLocked || x > view.value.width || y > view.value.height ? "default" : CURSORS[whatIsAt(sheet, view.value, edit.value.notes, x, y).on];
  /** @type {HTMLElement} */ (event.currentTarget).style.cursor = cursor;
}

/** @param {MouseEvent} event @param {Desk} desk */
function addOrRemove(event, desk) {
  const { edit, sheet, view, snap } = desk;
  const { x, y } = placeOf(event);
  if (desk.isLocked || x > view.value.width || y > view.value.height) return;
  const what = whatIsAt(sheet, view.value, edit.value.notes, x, y);
  if (what.on === "note" || what.on === "end") edit.value = remove(choose(edit.value, [what.note.id]));
  else if (what.on === "grid") addAt(desk, snapDown(beatAt(sheet, view.value, x), stepOf(snap.value)), pitchAt(sheet, view.value, y));
}

/** @param {WheelEvent} event @param {Desk["sheet"]} sheet @param {Desk["view"]} view */
export function zoomByWheel(event, sheet, view) {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const { x, y } = placeOf(event);
  const factor = Math.exp(-event.deltaY / 240);
  view.value = event.shiftKey ? heightened(sheet, view.value, factor, y) : zoomed(sheet, view.value, factor, x);
}

/** Keeps the browser from scrolling where a finger is on a note or draws a frame. @param {TouchEvent} event @param {Desk} desk */
function touch(event, desk) {
  if (event.touches.length === 2) {
    stop(desk);
    spread = apart(event);
    event.preventDefault();
  } else if (pull && pull.on !== "tap") event.preventDefault();
}

/** Two fingers zoom. @param {TouchEvent} event @param {Desk} desk */
function pinch(event, { sheet, view }) {
  const [one, other] = event.touches;
  if (!one || !other || event.touches.length !== 2) return;
  event.preventDefault();
  const now = apart(event);
  const { x } = placeOf({ clientX: (one.clientX + other.clientX) / 2, clientY: one.clientY, currentTarget: event.currentTarget });
  if (spread) view.value = zoomed(sheet, view.value, now / spread, x);
  spread = now;
}

/** @param {TouchEvent} event */
function apart({ touches: [one, other] }) {
  return one && other ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0;
}
