/** Which view is shown: the part of the address behind "#/", such as "take/01J…". */

import { computed, signal } from "./vendor/preact.js";

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

/** The place and what is behind it, such as ["take", "01J…"]. */
export const route = computed(() => {
  const [place = "", ...rest] = hash.value.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  return { place: place || "set", rest };
});

/** @param {...string} parts */
export const hrefOf = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;

/** @param {...string} parts */
export function go(...parts) {
  location.hash = hrefOf(...parts);
}
