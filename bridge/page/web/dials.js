/** The device's menus and dials: what the next press is made with. Kept in this browser. */

import { effect, signal } from "./vendor/preact.js";

const KEY = "musearoo.dials";

/** @typedef {{ style: string, bars: number, root: string, mode: string, complexity: number, density: number, swing: number, humanise: number }} Dials */

/** @type {Dials} */
export const AT_FIRST = { style: "", bars: 8, root: "", mode: "minor", complexity: 0.5, density: 0.5, swing: 0, humanise: 0.5 };

export const dials = signal(kept());

/** @returns {Dials} */
function kept() {
  try {
    return { ...AT_FIRST, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return AT_FIRST;
  }
}

effect(() => {
  const text = JSON.stringify(dials.value);
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // They are as at first when the page is loaded again.
  }
});

/** @param {Partial<Dials>} some */
export function turn(some) {
  dials.value = { ...dials.value, ...some };
}

/** The fields of a request that the dials set. */
export function fields() {
  const { style, bars, root, mode, complexity, density, swing, humanise } = dials.value;
  return {
    style,
    bars,
    key: root ? `${root} ${mode}` : "",
    complexity,
    density,
    humanise,
    ...(swing > 0 ? { swing: swingRatio(swing) } : {}),
  };
}

/**
 * Long to short, as the device has it: 1 straight, at the middle 2 (triplets), at the end 3; at 0 it follows the set.
 * @param {number} dial 0 to 1
 */
export const swingRatio = (dial) => Math.round((1 + 2 * dial) * 100) / 100;

/** @param {number} dial */
export function swingWords(dial) {
  if (dial === 0) return "follows";
  if (dial <= 0.01) return "straight";
  return `${swingRatio(dial).toFixed(2)} : 1`;
}
