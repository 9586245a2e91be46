/** What is played next, when the loop that sounds has come round. */

import { isSounding, listen, piece, position } from "../../listen.js";
import { signal } from "../../vendor/preact.js";

/** @typedef {import("../../listen.js").Piece} Piece */

/** What waits for the loop's end, or null. */
export const waiting = signal(/** @type {Piece | null} */ (null));
/** @type {(() => void) | undefined} */
let begun;
/** @type {ReturnType<typeof setInterval> | undefined} */
let watch;
let last = 0;

/**
 * Plays a piece when the loop that sounds begins again; at once where nothing sounds.
 * @param {Piece} wanted
 * @param {() => void} [onBegin] called once it sounds
 */
export function listenNext(wanted, onBegin) {
  if (!isSounding.value || !piece.value?.loop) {
    forgetNext();
    return listen(wanted).then(onBegin);
  }
  waiting.value = wanted;
  begun = onBegin;
  last = place();
  watch ??= setInterval(look, 20);
  return Promise.resolve();
}

export function forgetNext() {
  waiting.value = null;
  begun = undefined;
  clearInterval(watch);
  watch = undefined;
}

/** The beat within the loop. */
const place = () => position() % (piece.value?.beats || 1);

function look() {
  const next = waiting.value;
  const now = place();
  const hasComeRound = now < last - 0.5;
  last = now;
  if (!next || !piece.value) return forgetNext();
  if (!hasComeRound && isSounding.value) return;
  const told = begun;
  forgetNext();
  void listen(next).then(told);
}
