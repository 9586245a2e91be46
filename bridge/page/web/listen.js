/** What sounds in the browser: one player for the whole page, made with the first tap. */

import { sentenceOf } from "./api/errors.js";
import { createPlayer } from "./sound/player.js";
import { connection, rest, session, showError } from "./store.js";
import { computed, effect, signal } from "./vendor/preact.js";

/** @typedef {{ id: string, name: string, take?: string, clip?: number, file?: string, endless?: unknown }} Part */
/** @typedef {{ title: string, parts: readonly Part[], beats: number, bpm: number, loop: boolean }} Piece */

/** What is played, or null. */
export const piece = signal(/** @type {Piece | null} */ (null));
/** The player's own state. */
export const sound = signal(/** @type {import("./sound/player.js").PlayerState} */ ({ status: "idle", sentence: "", latencyMs: 0, bufferedMs: 0, underruns: 0, codec: "", parts: [], endless: null, refused: "" }));
export const muted = signal(/** @type {ReadonlySet<string>} */ (new Set()));
export const soloed = signal(/** @type {ReadonlySet<string>} */ (new Set()));
export const hasMetronome = signal(false);
export const isSounding = computed(() => !["idle", "failed", "interrupted"].includes(sound.value.status));

/** @type {{ session: string, player: import("./sound/player.js").Player } | undefined} */
let opened;

const LOADS_AFTER = 400;
/** Milliseconds after the session is there: the page is drawn first. Then the server gets ready for the first tap, too. */

effect(() => {
  if (connection.value !== "here") return undefined;
  const timer = setTimeout(openPlayer, LOADS_AFTER);
  return () => clearTimeout(timer);
});

/** The session's player. It connects at once; sound begins inside a tap alone, before anything is awaited there. */
function openPlayer() {
  const id = session.value?.id ?? "";
  if (opened?.session === id) return opened.player;
  opened?.player.close();
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const player = createPlayer({ url: `${scheme}://${location.host}/sound/${encodeURIComponent(id)}`, token: rest.value.token, session: id });
  player.subscribe((state) => (sound.value = state));
  opened = { session: id, player };
  return player;
}

/**
 * Plays parts together, from the beginning.
 * @param {Piece} wanted
 */
export async function listen(wanted) {
  try {
    const player = openPlayer();
    piece.value = wanted;
    muted.value = new Set();
    soloed.value = new Set();
    await player.play({ parts: wanted.parts, loop: wanted.loop, bpm: wanted.bpm, beats: wanted.beats, from: 0 });
  } catch (error) {
    sound.value = { ...sound.value, status: "failed", sentence: sentenceOf(error) };
    showError(error);
  }
}

export function stopListening() {
  opened?.player.stop();
  piece.value = null;
}

/** Steers the endless music that plays. @param {unknown} wishes */
export const steerEndless = (wishes) => opened?.player.steer(wishes);

/** Stops a piece, goes on with it where it was interrupted, or plays it. @param {Piece} wanted */
export function toggle(wanted) {
  if (!isPiece(wanted)) return listen(wanted);
  if (isSounding.value) return stopListening();
  return sound.value.status === "interrupted" ? opened?.player.resume() : listen(wanted);
}

/** @param {Piece} wanted */
export const isPiece = (wanted) => piece.value?.parts.map(({ id }) => id).join() === wanted.parts.map(({ id }) => id).join();

/** The beat that is heard now; 0 where nothing is. */
export const position = () => (isSounding.value ? Number(opened?.player.position() ?? 0) : 0);

/** @param {string} part */
export const toggleMute = (part) => flip(muted, part, (isOn) => opened?.player.mute(part, isOn));

/** @param {string} part */
export const toggleSolo = (part) => flip(soloed, part, (isOn) => opened?.player.solo(part, isOn));

export function toggleMetronome() {
  hasMetronome.value = !hasMetronome.value;
  opened?.player.metronome(hasMetronome.value);
}

/**
 * @param {import("./vendor/preact.js").Signal<ReadonlySet<string>>} chosen
 * @param {string} part
 * @param {(isOn: boolean) => void} tell
 */
function flip(chosen, part, tell) {
  const isOn = !chosen.value.has(part);
  const next = new Set(chosen.value);
  if (isOn) next.add(part);
  else next.delete(part);
  chosen.value = next;
  tell(isOn);
}
