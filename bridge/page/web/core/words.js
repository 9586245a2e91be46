/** Times, sizes and counts in words. Pure. */

/**
 * How long ago, in words: "just now", "3 min ago", or the day.
 * @param {number} seconds Unix time
 * @param {number} now Unix time
 */
export function ago(seconds, now = Date.now() / 1000) {
  const passed = now - seconds;
  if (passed < 45) return "just now";
  if (passed < 3600) return `${Math.max(1, Math.round(passed / 60))} min ago`;
  const day = new Date(seconds * 1000);
  const time = day.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  const isToday = day.toDateString() === new Date(now * 1000).toDateString();
  return isToday ? time : `${day.toLocaleDateString(undefined, { day: "numeric", month: "short" })}, ${time}`;
}

/** @param {number} milliseconds */
export function milliseconds(milliseconds) {
  return milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** @param {number} bytes */
export function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${bytes.toFixed(unit && bytes < 10 ? 1 : 0)} ${units[unit]}`;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** A rounded number without trailing zeros. @param {number} value @param {number} digits */
export const rounded = (value, digits = 2) => String(Math.round(value * 10 ** digits) / 10 ** digits);
