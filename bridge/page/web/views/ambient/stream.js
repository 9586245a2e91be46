/** Atmosphere that goes on: phrases by AtmosRoo, each made while the one before sounds. */

/** @import { Take } from "../../../types/api.js" */
import { listen, piece, stopListening } from "../../listen.js";
import { partWord } from "../../core/music.js";
import { request, session, set, takes } from "../../store.js";
import { computed, effect, signal } from "../../vendor/preact.js";
import { forgetNext, listenNext, waiting } from "../along/next_piece.js";

/** @typedef {{ density: number, motion: number, brightness: number, loudness: number, layers: readonly string[], bars: number, key: string }} Mood */

/** @type {Mood} */
const AT_FIRST = { density: 0.4, motion: 0.3, brightness: 0, loudness: 0, layers: [], bars: 8, key: "" };
export const mood = signal(AT_FIRST);
/** The take that sounds, and the one that comes when it has come round. */
export const now = signal(/** @type {Take | null} */ (null));
export const next = signal(/** @type {Take | null} */ (null));
/** How many phrases have begun. */
export const count = signal(0);
/** Whether a phrase is being made. */
export const isMaking = signal(false);
export const isRunning = computed(() => [now.value?.id, next.value?.id].includes(piece.value?.parts[0]?.id ?? ""));

/** Where phrases are written, by `home`: in one slot, each in place of the one before. */
const places = /** @type {Map<string, { track: number, scene: number }>} */ (new Map());
/** The scene that phrases are played in, 0 for one of their own. */
let scene = 0;
let isStale = false;

const home = () => `${session.value?.id} ${scene}`;

/** From the words of the device's own changes. */
const shade = (/** @type {number} */ value, /** @type {string} */ less, /** @type {string} */ more) => (value < 0 ? [less] : value > 0 ? [more] : []);

/** @param {Mood} mood */
const changesOf = ({ brightness, loudness }) => [...shade(brightness, "darker", "brighter"), ...shade(loudness, "softer", "louder")];

async function make() {
  const { density, motion, layers, bars, key } = mood.value;
  const place = places.get(home());
  const outcome = await request({
    do: "generate",
    engine: "atmosroo",
    bars,
    density,
    complexity: motion,
    changes: changesOf(mood.value),
    key,
    ...(layers.length ? { options: { layers } } : {}),
    ...(place ? { ...place, replace: true } : { scene }),
  });
  const take = outcome?.takes?.[0] ?? null;
  if (take) places.set(home(), { track: take.track, scene: take.scene });
  return take;
}

/**
 * Makes the first phrase, and plays it.
 * @param {number} into the scene to play in, 0 for one of its own
 */
export async function begin(into) {
  forgetNext();
  scene = into;
  const place = places.get(home());
  const isThere = set.value.tracks.some(({ number }) => number === place?.track) && set.value.scenes.some(({ number }) => number === place?.scene);
  if (!isThere) places.delete(home());
  isMaking.value = true;
  const take = await make().finally(() => (isMaking.value = false));
  if (!take) return;
  now.value = take;
  next.value = null;
  count.value = 1;
  await listen(pieceOf(take));
  void prepare();
}

export function end() {
  forgetNext();
  stopListening();
  next.value = null;
}

/** @param {Partial<Mood>} some what is otherwise from the next phrase on */
export function steer(some) {
  mood.value = { ...mood.value, ...some };
  if (isRunning.value) void prepare();
}

/** Makes the phrase that comes next; once more where the mood changed while it was made. */
async function prepare() {
  isStale = true;
  if (isMaking.value) return;
  isMaking.value = true;
  try {
    while (isStale && isRunning.value) {
      isStale = false;
      const take = await make();
      // Where none was made, the phrase that sounds goes on.
      if (!take || !isRunning.value) return;
      next.value = take;
      await listenNext(pieceOf(take), () => {
        now.value = take;
        next.value = null;
        count.value++;
        void prepare();
      });
    }
  } finally {
    isMaking.value = false;
  }
}

/** @param {Take} take @returns {import("../../listen.js").Piece} */
export function pieceOf(take) {
  const id = scene ? set.value.scenes.find(({ number }) => number === take.scene)?.id : undefined;
  const track = set.value.tracks.find(({ number }) => number === take.track)?.id;
  const others = [...set.value.clips.values()].filter((clip) => id !== undefined && clip.scene === id && clip.track !== track && !clip.muted);
  return {
    title: "Ambient",
    parts: [{ id: take.id, name: partWord(take.part), take: take.id }, ...others.map((clip) => ({ id: String(clip.id), name: clip.name, clip: clip.id }))],
    beats: take.length_beats,
    bpm: set.value.song?.bpm ?? take.bpm,
    loop: true,
  };
}

// Another piece was played, or the player was stopped: what waited is not wanted any more.
effect(() => {
  if (!isRunning.value && next.peek() && !waiting.peek()) next.value = null;
});

/** The newest of what is known of a take. @param {Take | null} take */
export const known = (take) => (take ? (takes.value.get(take.id) ?? take) : null);
