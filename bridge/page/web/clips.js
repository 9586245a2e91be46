/** What is in clips: notes, peaks and the take they came from, read when somebody looks at them. */

/** @import { ClipDetail, ClipView, NoteRow, Peaks } from "../types/api.js" */
import { rest, session, takes } from "./store.js";
import { signal } from "./vendor/preact.js";

const AT_ONCE = 4;
/** Requests under way: the grid scrolls faster than a server answers. */
const MOST_KEPT = 2000;
const COLUMNS = 240;

/**
 * @typedef {object} ClipContent
 * @property {readonly NoteRow[]} notes
 * @property {boolean} isDrums
 * @property {string | null} take the id of the take that it is
 * @property {readonly (readonly [number, string])[]} chords
 * @property {number} start the clip's beat at which it begins to play: `notes` are in its own beats
 * @property {Peaks | null} peaks
 */

/** @typedef {import("./vendor/preact.js").Signal<ClipContent | null>} ContentSignal */

/** @type {Map<string, { view: ClipView, content: ContentSignal }>} */
const kept = new Map();
/** @type {{ view: ClipView, content: ContentSignal, session: string }[]} */
let waiting = [];
/** Wanted in this frame: not forgotten with the view before, which is left after the new one is there. */
let fresh = /** @type {typeof waiting} */ ([]);
let underWay = 0;

/**
 * The content of a clip as a signal, null until it is here. What was read newest is wanted first.
 * @param {ClipView} view
 * @returns {ContentSignal}
 */
export function contentOf(view) {
  const opened = session.value?.id ?? "";
  const key = `${opened} ${view.id}`;
  const known = kept.get(key);
  if (known?.view === view) return known.content;
  const content = known?.content ?? signal(/** @type {ClipContent | null} */ (fromTakes(view)));
  kept.delete(key);
  kept.set(key, { view, content });
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? "");
  if (!known || !isSameContent(known.view, view)) {
    fresh.push({ view, content, session: opened });
    // After the frame that asked: a press paints first.
    setTimeout(readNext);
  }
  return content;
}

/** @param {ClipView} before @param {ClipView} now */
function isSameContent(before, now) {
  return before.is_playing !== now.is_playing && before.notes === now.notes && before.length === now.length && before.name === now.name;
}

/** @param {ClipView} view @returns {ClipContent | null} */
function fromTakes(view) {
  for (const take of [...takes.peek().values()].reverse()) {
    if (take.clip === view.id && take.notes?.length === view.notes && view.notes) {
      const notes = /** @type {NoteRow[]} */ (/** @type {unknown} */ (take.notes));
      return { notes, isDrums: take.part === "drums", take: take.id, chords: [], start: 0, peaks: null };
    }
  }
  return null;
}

function readNext() {
  waiting.push(...fresh);
  fresh = [];
  while (underWay < AT_ONCE) {
    const next = waiting.pop();
    if (!next) return;
    underWay++;
    void read(next).finally(() => {
      underWay--;
      readNext();
    });
  }
}

/** @param {{ view: ClipView, content: ContentSignal, session: string }} wanted */
async function read({ view, content, session: opened }) {
  const path = `/sessions/${opened}/clips/${view.id}`;
  try {
    const detail = /** @type {ClipDetail} */ (await rest.value.getKept(path));
    const peaks = view.kind === "audio" ? await rest.value.getKept(`${path}/peaks?columns=${COLUMNS}`) : null;
    content.value = {
      notes: /** @type {NoteRow[]} */ (/** @type {unknown} */ (detail.notes ?? [])),
      isDrums: Boolean(detail.is_drums),
      take: detail.take ?? null,
      chords: /** @type {[number, string][]} */ (/** @type {unknown} */ (detail.chords ?? [])),
      start: detail.looping ? detail.loop_start : detail.start_marker,
      peaks,
    };
  } catch {
    // The clip has gone meanwhile, or its file cannot be read: its slot shows its name alone.
  }
}

/** Forgets what waits, when the view is left. */
export function forgetWaiting() {
  // They are asked for again when somebody looks at them again.
  for (const { view, session: opened } of waiting) kept.delete(`${opened} ${view.id}`);
  waiting = [];
}
