/** Where the beats of an audio clip are in its file: straight between its warp markers, and on as before and after them. Pure. */

/** @typedef {readonly (readonly [seconds: number, beats: number])[]} Warp sorted */
/** @typedef {{ warp: Warp, warped: boolean, bpm: number }} Timing */

/**
 * The markers of a clip; of one that is not warped, or has too few, those of a steady tempo.
 * @param {Timing} timing
 * @returns {Warp}
 */
export function markersOf({ warp, warped, bpm }) {
  if (warped && warp.length >= 2) return warp;
  const [seconds, beats] = (warped ? warp[0] : undefined) ?? [0, 0];
  return [[seconds, beats], [seconds + 60 / bpm, beats + 1]];
}

/** @param {Warp} markers @param {number} beat */
export const secondsAt = (markers, beat) => between(markers, beat, 1, 0);

/** @param {Warp} markers @param {number} second */
export const beatsAt = (markers, second) => between(markers, second, 0, 1);

/** @param {Warp} markers @param {number} at @param {0 | 1} known @param {0 | 1} wanted */
function between(markers, at, known, wanted) {
  let place = 1;
  while (place < markers.length - 1 && /** @type {readonly [number, number]} */ (markers[place])[known] < at) place++;
  const before = markers[place - 1] ?? [0, 0];
  const after = markers[place] ?? [1, 1];
  const part = (at - before[known]) / (after[known] - before[known] || 1);
  return before[wanted] + part * (after[wanted] - before[wanted]);
}
