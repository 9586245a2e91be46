/** Why a take sounds as it does: what it was asked for, in plain words. Pure. */

/** @import { EngineInfo, Take } from "../../types/api.js" */
/** @import { ChordRows } from "./sheet.js" */
import { barBeats } from "./music.js";
import { counted, rounded } from "./words.js";

/** @typedef {{ name: string, words: string, help: string, isUsual: boolean }} ParamRow */

/** What is no part of the sound: where it is, and whose. */
const PLACES = new Set(["version", "track", "scene", "replace", "takes", "clip", "clips", "do", "engine", "engines", "where", "seed", "lean", "notes", "take"]);
const ASKED = new Map([
  ["generate", "One player"],
  ["band", "Band"],
  ["song", "Song"],
  ["refine", "Another take"],
  ["refine_several", "Other takes of several clips"],
  ["edit", "Edited by hand"],
  ["split", "Split"],
  ["imagine", "Imagine"],
  ["say", "Said to RooAroo"],
]);
const NAMES = new Map([
  ["bars", "Length"], ["bpm", "Tempo"], ["key", "Key"], ["style", "Style"], ["chords", "Chords"], ["complexity", "Complexity"],
  ["density", "Density"], ["humanise", "Humanise"], ["swing", "Swing"], ["changes", "Changes"], ["seconds", "Length"], ["form", "Form"],
  ["prompt", "Prompt"], ["follow", "Follows the set"], ["backend", "Model"], ["model", "Size"], ["stems", "Stems"],
  ["first_bar", "From bar"], ["last_bar", "To bar"], ["vary_bars", "Varied bars"],
]);
const REFUSALS = new Map([
  ["edit", "Notes that were edited by hand have no parameters to turn: edit them, or press Simpler or Busier."],
  ["refine", "A refined take cannot be turned, for the clip that it came from is not kept: press Again, Simpler or Busier."],
  ["refine_several", "A refined take cannot be turned, for the clip that it came from is not kept: press Again, Simpler or Busier."],
  ["split", "A sound has no parameters to turn: split its clip again."],
  ["imagine", "A sound has no parameters to turn: imagine another."],
]);

/** @param {Take} take @returns {Record<string, any>} */
export const paramsOf = (take) => take.params ?? {};

/** Whether a take is a sound, which has no notes. @param {Take} take */
export const isSound = (take) => ["split", "imagine"].includes(paramsOf(take)["do"]);

/** By which press it came, such as "Band" or "Another take: busier". @param {Take} take */
export function askedWords(take) {
  const { do: kind = "", changes } = paramsOf(take);
  const words = ASKED.get(kind) ?? kind;
  return Array.isArray(changes) && changes.length ? `${words}: ${changes.join(", ")}` : words;
}

/**
 * The dials that can be turned of a take, or why none can.
 * @param {Take} take
 * @returns {{ dials: readonly ("complexity" | "density" | "swing" | "humanise")[], why: string }}
 */
export function turnable(take) {
  const kind = paramsOf(take)["do"];
  if (kind === "generate" || kind === "band") return { dials: ["complexity", "density", "swing", "humanise"], why: "" };
  if (kind === "song") return { dials: ["complexity"], why: "" };
  return { dials: [], why: REFUSALS.get(kind) ?? "This take has no parameters to turn: press Again, Simpler or Busier." };
}

/**
 * All parameters of a take in words: those that were asked for, and what the others usually are.
 * @param {Take} take
 * @param {EngineInfo | null} engine
 * @returns {ParamRow[]}
 */
export function paramRows(take, engine) {
  const asked = paramsOf(take);
  const known = ["generate", "band"].includes(asked["do"]) ? schemaOf(engine?.parameters) : {};
  const options = schemaOf(/** @type {any} */ (known["options"]));
  const names = [...new Set([...Object.keys(known), ...Object.keys(asked)])].filter((name) => !PLACES.has(name) && name !== "options");
  const rows = names.map((name) => rowOf(name, asked[name], known[name]));
  const chosen = asked["options"] ?? {};
  for (const name of new Set([...Object.keys(options), ...Object.keys(chosen)])) rows.push(rowOf(name, chosen[name], options[name]));
  return rows;
}

/** @param {any} schema @returns {Record<string, any>} */
const schemaOf = (schema) => schema?.properties ?? {};

/** @param {string} name @param {any} value @param {any} schema @returns {ParamRow} */
function rowOf(name, value, schema) {
  const usual = schema?.default;
  const isUsual = value === undefined || JSON.stringify(value) === JSON.stringify(usual);
  return { name: NAMES.get(name) ?? plain(name), words: valueWords(name, value ?? usual, schema), help: helpOf(schema), isUsual };
}

/** @param {any} schema */
const helpOf = (schema) => schema?.description ?? schema?.anyOf?.[0]?.description ?? "";

/** @param {string} name */
const plain = (name) => `${name[0]?.toUpperCase() ?? ""}${name.slice(1).replaceAll("_", " ")}`;

/** @param {string} name @param {any} value @param {any} schema @returns {string} */
function valueWords(name, value, schema) {
  if (value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length)) return name === "changes" ? "none" : "as the set and the style have it";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value !== "number") return String(value);
  if (name === "bars") return counted(value, "bar");
  if (name === "bpm") return `${rounded(value)} BPM`;
  if (name === "swing") return swingWords(value);
  if (name === "seconds") return counted(Math.round(value), "second");
  const isShare = (schema?.minimum ?? 0) === 0 && schema?.maximum === 1;
  return isShare || ["complexity", "density", "humanise"].includes(name) ? `${Math.round(100 * value)} %` : rounded(value);
}

/** @param {number} ratio */
function swingWords(ratio) {
  if (ratio <= 1.02) return "straight";
  return Math.abs(ratio - 2) < 0.02 ? "triplets, 2 : 1" : `${ratio.toFixed(2)} : 1`;
}

/**
 * The chords of a text such as "Am F | C G" over a length: with bar lines the chords of a bar share it, without them each
 * has a bar; "%" is the bar before. The text comes again until the end.
 * @param {string} text
 * @param {number} length in beats
 * @param {string} timeSignature
 * @returns {ChordRows}
 */
export function chordRows(text, length, timeSignature) {
  const bars = barsOf(text);
  if (!bars.length) return [];
  const bar = barBeats(timeSignature);
  /** @type {[number, string][]} */
  const rows = [];
  for (let number = 0; number * bar < length - 1e-6; number++) {
    const chords = bars[number % bars.length] ?? [];
    for (const [place, chord] of chords.entries()) {
      const label = /^N(\.C\.)?$/.test(chord) ? "" : chord;
      if (rows.at(-1)?.[1] !== label) rows.push([number * bar + startIn(timeSignature, place, chords.length), label]);
    }
  }
  return rows;
}

/**
 * Where a chord of several begins in its bar: on its pulses as far as possible, of which the first chord gets what is over.
 * @param {string} timeSignature
 * @param {number} place
 * @param {number} count
 */
function startIn(timeSignature, place, count) {
  const bar = barBeats(timeSignature);
  const [units = 4, unit = 4] = timeSignature.split("/").map(Number);
  const pulses = unit >= 8 && units % 3 === 0 ? units / 3 : units;
  if (count > pulses) return (bar / count) * place;
  return place ? (bar / pulses) * (Math.floor(pulses / count) * place + (pulses % count)) : 0;
}

/** @param {string} text @returns {string[][]} */
function barsOf(text) {
  const words = text.trim();
  if (!words) return [];
  const bars = words.includes("|") ? words.replace(/^\||\|$/g, "").split("|").map((bar) => bar.trim().split(/\s+/)) : words.split(/\s+/).map((word) => [word]);
  for (const [place, bar] of bars.entries()) if (bar.join() === "%" && place) bars[place] = bars[place - 1] ?? [];
  return bars;
}

/**
 * Chords that loop, over another length: those of a scene's clip above a clip that is longer.
 * @param {ChordRows} chords
 * @param {number} period in beats
 * @param {number} length in beats
 * @returns {ChordRows}
 */
export function repeated(chords, period, length) {
  if (!chords.length || period <= 0) return [];
  const rows = [];
  for (let offset = 0; offset < length; offset += period) {
    for (const [beat, label] of chords) if (offset + beat < length) rows.push(/** @type {const} */ ([offset + beat, label]));
  }
  return rows;
}
