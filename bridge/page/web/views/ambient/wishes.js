/** What the endless music of a session is asked for: kept here, and told to the server with each change. */

/** @import { AmbienceInfo, AmbientPresetInfo } from "../../../types/api.js" */
import { isSounding, listen, piece, sound, steerEndless, stopListening } from "../../listen.js";
import { rest } from "../../store.js";
import { computed, effect, signal } from "../../vendor/preact.js";

/** @typedef {"density" | "brightness" | "motion" | "space"} Amount */
/** @typedef {{ preset: string, key: string, mood: string, density: number | null, brightness: number | null, motion: number | null, space: number | null, bpm: number | null, levels: Record<string, number>, plan: string }} Wishes null and "" leave it to the preset */

/** @type {Wishes} */
const AT_FIRST = { preset: "drift", key: "", mood: "", density: null, brightness: null, motion: null, space: null, bpm: null, levels: {}, plan: "" };
/** The level at which a layer sounds as its preset has it. */
export const USUAL_LEVEL = 0.7;
const PART = "ambient";
/** Milliseconds in which several changes are told as one. */
const TOLD_AFTER = 60;
/** Milliseconds after a change within which the server may still tell of what was before. */
const ECHOED_WITHIN = 1500;

export const wishes = signal(AT_FIRST);
export const info = signal(/** @type {AmbienceInfo | null} */ (null));
export const isRunning = computed(() => isSounding.value && piece.value?.parts[0]?.id === PART);
/** How it goes, as the server told last. */
export const told = computed(() => (isRunning.value ? sound.value.endless : null));
export const preset = computed(() => /** @type {AmbientPresetInfo | undefined} */ (info.value?.presets.find(({ name }) => name === wishes.value.preset)));

/** The chords that were told, each with the second of the stream at which it begins: what is heard was rendered before. */
export const chords = signal(/** @type {readonly (readonly [number, string])[]} */ ([]));
const RATE = 48_000;
/** Seconds for which a chord is kept once another one has begun. */
const KEPT = 10;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let telling;
/** What was told last of the wishes, and when they were changed here. */
let before = "";
let steeredAt = -Infinity;

export async function readInfo() {
  info.value = await rest.value.getKept("/ambience");
}

/** Begins it, or joins what others in this session hear; must be called inside a tap. */
export function begin() {
  before = "";
  const { preset: name } = wishes.value;
  return listen({ title: `Ambient: ${name}`, parts: [{ id: PART, name: "Ambient", endless: wishes.value }], beats: 3600, bpm: 60, loop: true });
}

export const end = stopListening;

/** @param {Partial<Wishes>} some */
export function steer(some) {
  wishes.value = { ...wishes.value, ...some };
  if (!isRunning.value) return;
  steeredAt = performance.now();
  if (piece.value && some.preset) piece.value = { ...piece.value, title: `Ambient: ${some.preset}` };
  clearTimeout(telling);
  telling = setTimeout(() => steerEndless(wishes.value), TOLD_AFTER);
}

/**
 * The wishes in an address, as `musearoo ambient --out stream` makes it, such as "preset=glass&space=0.4".
 * @param {string} text
 * @returns {Partial<Wishes>}
 */
export function readWishes(text) {
  const known = Object.entries(AT_FIRST).filter(([name]) => name !== "levels");
  const found = [...new URLSearchParams(text)].filter(([name, value]) => value && known.some(([each]) => each === name));
  return Object.fromEntries(found.map(([name, value]) => [name, typeof AT_FIRST[/** @type {Amount} */ (name)] === "string" ? value : Number(value)]));
}

/** The value of an amount: what is wished, else the preset's. @param {Amount} name */
export const amount = (name) => wishes.value[name] ?? preset.value?.[name] ?? 0.5;

effect(() => {
  const goes = told.value;
  const now = goes ? goes.at / RATE : 0;
  const ahead = goes?.chords.map(([second, name]) => /** @type {const} */ ([now + second, name])) ?? [];
  const first = ahead[0]?.[0] ?? 0;
  const past = goes ? chords.peek().filter(([second], index, all) => second < first - 0.05 && (all[index + 1]?.[0] ?? now) > now - KEPT) : [];
  chords.value = [...past, ...ahead];
});

// Who joins sees what others wished, and what they turn meanwhile; one's own hand goes first.
effect(() => {
  const there = told.value?.wishes;
  const text = JSON.stringify(there ?? "");
  if (!there || text === before) return;
  before = text;
  if (performance.now() - steeredAt > ECHOED_WITHIN) wishes.value = { ...AT_FIRST, ...there };
});
