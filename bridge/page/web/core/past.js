/** The history of a set: which takes are looked for, and how far it is to an earlier step. Pure. */

/** @import { StepState, Take } from "../../types/api.js" */
import { partWord } from "./music.js";

/** @typedef {{ part: string, style: string, liked: "" | "liked" | "disliked", by: string, words: string }} Filter */
/** @typedef {{ by: string, undone: boolean, label: string, do: string }} Origin what led to a take */

/** @type {Filter} */
export const NO_FILTER = { part: "", style: "", liked: "", by: "", words: "" };

/**
 * The part of a take in words; of a sound whose part is not known what it is.
 * @param {Take} take
 */
export function kindWord(take) {
  if (take.part && take.part !== "unknown") return partWord(take.part);
  return { split: "Stem", imagine: "Loop" }[take.engine] ?? "Clip";
}

/** @param {Filter} filter */
export const isFiltering = (filter) => Object.values(filter).some(Boolean);

/**
 * Returns the takes that a filter lets through. Words are looked for in names, styles, keys, sentences and prompts.
 * @param {readonly Take[]} takes
 * @param {ReadonlyMap<string, Origin>} origins by take
 * @param {Filter} filter
 */
export function filterTakes(takes, origins, filter) {
  if (!isFiltering(filter)) return takes;
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  return takes.filter((take) => {
    if (filter.part && kindWord(take) !== filter.part) return false;
    if (filter.style && take.style !== filter.style) return false;
    if (filter.liked && take.liked !== (filter.liked === "liked" ? 1 : -1)) return false;
    const origin = origins.get(take.id);
    if (filter.by && origin?.by !== filter.by) return false;
    if (!words.length) return true;
    const prompt = typeof take.params["prompt"] === "string" ? take.params["prompt"] : "";
    const text = [take.name, take.style, take.key, kindWord(take), prompt, origin?.label ?? ""].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * Returns who and what led to each take.
 * @param {readonly StepState[]} steps
 * @returns {Map<string, Origin>}
 */
export function originsOf(steps) {
  /** @type {Map<string, Origin>} */
  const origins = new Map();
  for (const step of steps) {
    for (const take of step.takes ?? []) origins.set(take, { by: step.by ?? "", undone: step.undone, label: step.label, do: step.do });
  }
  return origins;
}

/**
 * Returns newer items before those that are known; what is known already is replaced by what is new.
 * @template T
 * @param {readonly T[]} known newest first
 * @param {readonly T[]} read newest first
 * @param {(item: T) => string | number} idOf
 * @returns {{ items: T[], isJoined: boolean }} `isJoined`: the page reaches what was known, so that nothing is missing between
 */
export function joinNewest(known, read, idOf) {
  const ids = new Set(read.map(idOf));
  const older = known.filter((item) => !ids.has(idOf(item)));
  return { items: [...read, ...older], isJoined: older.length < known.length || !known.length };
}

const TRAVEL = new Set(["undo", "redo"]);

/** @param {StepState} step */
export const isTravel = (step) => TRAVEL.has(step.do);

/**
 * @typedef {object} Way
 * @property {"undo" | "redo" | ""} do "" where one is there already, or where there is no way
 * @property {readonly StepState[]} steps that are undone or redone, in this order
 */

/**
 * Returns how the set comes to be as it was after a step. Undo takes back the newest that is not undone, redo what was undone
 * last, as long as nothing else was done since.
 * @param {readonly StepState[]} steps newest first, without gaps down to the step
 * @param {number} version of the step
 * @returns {Way}
 */
export function wayTo(steps, version) {
  const wanted = steps.find((step) => step.version === version);
  if (!wanted || isTravel(wanted)) return { do: "", steps: [] };
  if (!wanted.undone) return asWay("undo", steps.filter((step) => !isTravel(step) && !step.undone && step.version > version));
  const again = redoable(steps);
  const last = again.findIndex((step) => step.version === version);
  return last < 0 ? { do: "", steps: [] } : asWay("redo", again.slice(0, last + 1));
}

/** @param {"undo" | "redo"} way @param {readonly StepState[]} steps @returns {Way} */
const asWay = (way, steps) => (steps.length ? { do: way, steps } : { do: "", steps: [] });

/**
 * Returns what can be done again, in the order in which redo does it.
 * @param {readonly StepState[]} steps newest first
 * @returns {StepState[]}
 */
export function redoable(steps) {
  /** @type {StepState[]} */
  const done = [];
  /** @type {StepState[]} */
  const undone = [];
  for (const step of [...steps].reverse()) {
    if (step.do === "undo") {
      const last = done.pop();
      if (last) undone.push(last);
    } else if (step.do === "redo") {
      const last = undone.pop();
      if (last) done.push(last);
    } else {
      done.push(step);
      undone.length = 0;
    }
  }
  return undone.filter((step) => step.undone).reverse();
}

/**
 * Returns what plays a take again in the set, so that its notes can be put into the new clip; null for a sound.
 * @param {Take} take
 * @param {number} bar beats of a bar
 */
export function againRequest(take, bar) {
  if (["split", "imagine"].includes(take.engine)) return null;
  const bars = Math.max(1, Math.min(64, Math.ceil(take.length_beats / bar - 1e-9)));
  const engine = take.engine === "hand" ? take.part : take.engine;
  return { do: "generate", engine, style: take.style, bars, key: take.key, seed: take.seed, scene: 0 };
}

/** @param {readonly (readonly number[])[]} some @param {readonly (readonly number[])[]} others */
export const isSameNotes = (some, others) => JSON.stringify(some) === JSON.stringify(others);

/**
 * A file name of a take.
 * @param {Take} take
 * @param {string} ending
 */
export const fileName = (take, ending) => `${take.name || kindWord(take)} ${take.id.slice(-6)}.${ending}`.replace(/[\\/:*?"<>|\u0000-\u001f]/g, "-");
