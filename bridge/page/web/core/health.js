/** What is wrong, and what to do, from the figures of the server and of this page. Pure. */

import { counted, milliseconds, size } from "./words.js";

/**
 * @typedef {object} Figures
 * @property {"waiting" | "here" | "lost"} connection
 * @property {boolean} isLive whether the session is on Live's set
 * @property {any} health the answer of /health, or null
 * @property {number} faults failed by a fault of the server, in the last minutes
 * @property {number} shed turned away as too much was asked, in the last minutes
 * @property {number | null} inputMs input to paint of this page, p95
 */

/** @typedef {{ state: "bad" | "watch", sentence: string }} Advice */

/** Milliseconds from a press to the clip that is still called instant. */
export const INSTANT = 150;
const PAINTED = 50;
const LITTLE_ROOM = 5e9;
const NO_ROOM = 1e9;

/**
 * What is wrong, worst first; nothing where all is well.
 * @param {Figures} figures
 * @returns {Advice[]}
 */
export function adviceOf({ connection, isLive, health, faults, shed, inputMs }) {
  /** @type {(Advice | false | null | undefined)[]} */
  const found = [
    connection === "lost" && { state: "bad", sentence: "The server is away. The page connects again by itself; if it does not, start musearoo serve." },
    isLive && health?.problem && { state: "bad", sentence: health.problem },
    ...(health?.lives ?? []).map((/** @type {{ set: string, state: string }} */ live) =>
      live.state === "ready" ? null : { state: "watch", sentence: `Live (${live.set || "a set without a name"}) is ${live.state}: close a dialog that is open there.` },
    ),
    health && health.disk_free < NO_ROOM
      ? { state: "bad", sentence: `The disk has ${size(health.disk_free)} left: delete what is not needed, before takes cannot be kept.` }
      : health && health.disk_free < LITTLE_ROOM && { state: "watch", sentence: `The disk has ${size(health.disk_free)} left: sounds and models soon need more.` },
    faults > 0 && { state: "bad", sentence: `${counted(faults, "request")} failed by a fault of the server: its log says why.` },
    shed > 0 && { state: "watch", sentence: `${counted(shed, "request")} came while too much was asked at once: wait a moment before you press again.` },
    health?.queue > 4 && { state: "watch", sentence: `${counted(health.queue, "request")} wait to be composed: they are played one after another.` },
    health?.lean?.length > 0 && { state: "watch", sentence: `The computer is busy, so ${listed(health.lean)} ${health.lean.length > 1 ? "play" : "plays"} simpler takes: close what else works hard.` },
    slow(health),
    inputMs !== null && inputMs > PAINTED && { state: "watch", sentence: `This page shows a press after ${milliseconds(inputMs)}: close other tabs, or show fewer tracks.` },
  ];
  const all = found.filter((each) => Boolean(each));
  return /** @type {Advice[]} */ (all).sort((a, b) => Number(b.state === "bad") - Number(a.state === "bad"));
}

/** @param {any} health @returns {Advice | null} */
function slow(health) {
  const total = health?.latency?.total?.p95;
  const composed = health?.latency?.composed?.p95 ?? health?.api?.p95;
  if (total > INSTANT) {
    const where = composed > total / 2 ? "composing takes most of it" : "Live takes most of it: close dialogs there, and see its CPU meter";
    return { state: "watch", sentence: `A press in Live takes ${milliseconds(total)} at p95: ${where}.` };
  }
  return health?.api?.p95 > INSTANT ? { state: "watch", sentence: `A take takes ${milliseconds(health.api.p95)} at p95: close what else works hard on the computer.` } : null;
}

/** @param {readonly string[]} names */
export const listed = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? ""));

/**
 * The share of requests whose take was composed ahead, 0 to 1; null before the first.
 * @param {{ hits: number, misses: number } | null | undefined} predictions
 */
export function hitRate(predictions) {
  const all = (predictions?.hits ?? 0) + (predictions?.misses ?? 0);
  return predictions && all ? predictions.hits / all : null;
}

/**
 * A quantile of values, by the nearest one; null of none.
 * @param {readonly number[]} values
 * @param {number} share
 */
export function quantileOf(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? (sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? sorted[0] ?? null) : null;
}
