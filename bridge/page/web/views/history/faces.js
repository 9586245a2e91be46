/** Takes as small pictures: read when they come into view, a few at a time, the newest wish first. */

/** @import { Take, NoteRow } from "../../../types/api.js" */
import { notesWords, partColor } from "../../core/music.js";
import { Canvas, color } from "../../draw/canvas.js";
import { drawPeaks, drawThumbnail } from "../../draw/thumbnail.js";
import { rest, takes } from "../../store.js";
import { html, signal, useEffect } from "../../vendor/preact.js";
import { isSound } from "./restore.js";

const AT_ONCE = 4;
const MOST_KEPT = 600;
const REST = 60;
/** Milliseconds that a row is in view before its picture is asked for: none is while one scrolls fast. */

/** @typedef {{ notes: readonly NoteRow[], peaks: { low: readonly number[], high: readonly number[] } | null }} Face */
/** @typedef {import("../../vendor/preact.js").Signal<Face | null>} FaceSignal */

/** @type {Map<string, FaceSignal>} */
const kept = new Map();
/** @type {Map<string, { take: Take, face: FaceSignal }>} */
const waiting = new Map();
let underWay = 0;

/** @param {Take} take @returns {FaceSignal} */
function faceOf(take) {
  const found = kept.get(take.id);
  if (found) return found;
  const seen = takes.peek().get(take.id)?.notes;
  const face = signal(/** @type {Face | null} */ (seen?.length ? { notes: rows(seen), peaks: null } : null));
  kept.set(take.id, face);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? "");
  return face;
}

/** @param {unknown} notes */
const rows = (notes) => /** @type {NoteRow[]} */ (notes);

function readNext() {
  while (underWay < AT_ONCE && waiting.size) {
    const [id, wanted] = [...waiting].at(-1) ?? ["", undefined];
    waiting.delete(id);
    if (!wanted) return;
    underWay++;
    void read(wanted.take, wanted.face).finally(() => {
      underWay--;
      readNext();
    });
  }
}

/** @param {Take} take @param {FaceSignal} face */
async function read(take, face) {
  try {
    if (isSound(take)) face.value = { notes: [], peaks: await rest.value.getKept(`/takes/${take.id}/peaks?columns=120`) };
    else face.value = { notes: rows((await rest.value.getKept(`/takes/${take.id}`)).notes ?? []), peaks: null };
  } catch {
    // Its file has gone: its row shows its name alone.
  }
}

/** @param {{ take: Take }} props */
export function TakeFace({ take }) {
  const face = faceOf(take);
  useEffect(() => {
    if (face.peek()) return;
    const later = setTimeout(() => {
      waiting.set(take.id, { take, face });
      readNext();
    }, REST);
    // What has been scrolled past is not wanted any more.
    return () => {
      clearTimeout(later);
      waiting.delete(take.id);
    };
  }, [take.id]);
  const shown = face.value;
  const said = shown?.notes.length ? notesWords(shown.notes, take.part === "drums") : isSound(take) ? "sound" : "being read";
  return html`<${Canvas}
    class="take-face"
    label=${said}
    depends=${[shown, take.id]}
    draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) => {
      if (shown?.peaks) drawPeaks(context, width, height, shown.peaks, color(partColor(take.part)));
      else if (shown) drawThumbnail(context, width, height, shown.notes, take.length_beats, color(partColor(take.part)));
    }}
  />`;
}
