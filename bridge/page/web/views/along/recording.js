/** A phrase from a keyboard: by Web MIDI or the computer's keys, in time with a metronome of this page. */

import { RooError, sentenceOf } from "../../api/errors.js";
import { keyMove, notesOf, typedPitch } from "../../core/phrase.js";
import { computed, signal } from "../../vendor/preact.js";

/** @typedef {import("../../core/phrase.js").KeyMove} KeyMove */

/** Why there is no MIDI, in a sentence; empty where it was not asked for yet, or is there. */
export const midiTrouble = signal("");
/** The names of the keyboards that are heard. */
export const keyboards = signal(/** @type {readonly string[]} */ ([]));
export const usesKeys = signal(false);
export const octave = signal(3);
/** "still", "counting" (a bar before), "recording". */
export const state = signal(/** @type {"still" | "counting" | "recording"} */ ("still"));
/** The beat of the phrase; negative while it is counted in. */
export const beat = signal(0);
/** Keys that are down, for the eye. */
export const down = signal(/** @type {ReadonlySet<number>} */ (new Set()));

/** @typedef {{ moves: readonly KeyMove[], bpm: number, beats: number, meter: string }} Phrase */
/** What was played last. */
export const phrase = signal(/** @type {Phrase | null} */ (null));
export const played = computed(() => (phrase.value ? notesOf(phrase.value.moves, phrase.value.bpm, phrase.value.beats) : []));

/** @type {MIDIAccess | undefined} */
let access;
/** @type {{ context: AudioContext, first: number, timer: ReturnType<typeof setInterval>, moves: KeyMove[], about: { bpm: number, beats: number, meter: string, bar: number } } | undefined} */
let take;

/** Asks the browser for keyboards; in a press. */
export async function connectMidi() {
  midiTrouble.value = "";
  if (!isSecureContext) {
    midiTrouble.value = "Browsers give no MIDI to a page over plain http: open the page on the computer itself.";
    return;
  }
  if (!navigator.requestMIDIAccess) {
    midiTrouble.value = "This browser knows no Web MIDI (Safari does not): use Chrome, Edge or Firefox, or play on the computer's keys.";
    return;
  }
  try {
    access = await navigator.requestMIDIAccess();
    access.onstatechange = readInputs;
    readInputs();
    if (!keyboards.value.length) midiTrouble.value = "No keyboard is connected: connect one, and it appears here.";
  } catch (error) {
    const isRefused = error instanceof DOMException && ["SecurityError", "NotAllowedError"].includes(error.name);
    midiTrouble.value = isRefused ? "MIDI is not allowed here: allow it beside the address of this page, and press again." : `MIDI cannot be used: ${sentenceOf(error)}`;
  }
}

function readInputs() {
  const inputs = [...(access?.inputs.values() ?? [])].filter((input) => input.state === "connected");
  for (const input of inputs) input.onmidimessage = (event) => event.data && onMove(keyMove(event.data, 0), event.timeStamp);
  keyboards.value = inputs.map(({ name }) => name ?? "A keyboard");
  if (inputs.length) midiTrouble.value = "";
}

/** Lets go of keyboards, when the view is left. */
export function disconnect() {
  for (const input of access?.inputs.values() ?? []) input.onmidimessage = null;
  stop();
}

/** Listens again after `disconnect`. */
export function reconnect() {
  if (access) readInputs();
}

/** @param {KeyMove | null} move @param {number} at milliseconds of `performance` */
function onMove(move, at) {
  if (!move) return;
  const next = new Set(down.value);
  if (move.velocity) next.add(move.pitch);
  else next.delete(move.pitch);
  down.value = next;
  take?.moves.push({ ...move, seconds: at / 1000 - take.first });
}

/**
 * A letter of the computer's keyboard, as a key of 100 of 127.
 * @param {KeyboardEvent} event
 */
export function onLetter(event) {
  if (!usesKeys.value || event.repeat || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.target instanceof HTMLElement && event.target.closest("input:not([type=range]), textarea, select, [contenteditable]")) return;
  const isDown = event.type === "keydown";
  if (isDown && (event.key === "z" || event.key === "x")) {
    octave.value = Math.max(-1, Math.min(7, octave.value + (event.key === "x" ? 1 : -1)));
    return;
  }
  const pitch = typedPitch(event.key, octave.value);
  if (pitch === null) return;
  onMove({ seconds: 0, pitch, velocity: isDown ? 100 : 0 }, event.timeStamp);
  event.preventDefault();
}

/**
 * Counts a bar in, and records so many beats. In a press.
 * @param {{ bpm: number, beats: number, meter: string, bar: number }} about
 */
export async function record(about) {
  if (take) return stop();
  const context = new AudioContext({ latencyHint: "interactive" });
  await context.resume();
  if (context.state !== "running") throw new RooError("The browser did not let the metronome sound: press Record again.", "no_sound");
  const begins = context.currentTime + 0.15;
  const [, unit = 4] = about.meter.split("/").map(Number);
  const click = (60 / about.bpm) * (4 / unit);
  const clicks = Math.round(((about.bar + about.beats) * 60) / about.bpm / click);
  for (let index = 0; index < clicks; index++) sound(context, begins + index * click, (index * 4) / unit % about.bar === 0);
  const counted = (about.bar * 60) / about.bpm;
  phrase.value = null;
  state.value = "counting";
  take = { context, first: heardAt(context, begins + counted), moves: [], about, timer: setInterval(tick, 30) };
  beat.value = -about.bar;
}

/**
 * The second of `performance` at which a second of the context is heard.
 * @param {AudioContext} context
 * @param {number} second
 */
function heardAt(context, second) {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
  // Before the first sound is out, Chromium has no stamp yet.
  if (contextTime > 0) return performanceTime / 1000 + second - contextTime;
  return performance.now() / 1000 + second - context.currentTime + (context.outputLatency || context.baseLatency || 0);
}

/** @param {AudioContext} context @param {number} at @param {boolean} isFirst of a bar */
function sound(context, at, isFirst) {
  const tone = context.createOscillator();
  const level = context.createGain();
  tone.frequency.value = isFirst ? 1600 : 1100;
  level.gain.setValueAtTime(0.25, at);
  level.gain.exponentialRampToValueAtTime(0.001, at + 0.05);
  tone.connect(level).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.06);
}

function tick() {
  if (!take) return;
  const { first, about } = take;
  beat.value = ((performance.now() / 1000 - first) * about.bpm) / 60;
  state.value = beat.value < 0 ? "counting" : "recording";
  // A little later: notes of the last beat may still be on their way.
  if (beat.value > about.beats + 0.1) stop();
}

/** Ends the recording; what was played until then is the phrase. */
export function stop() {
  if (!take) return;
  const { context, timer, moves, about } = take;
  clearInterval(timer);
  void context.close();
  const { bpm, beats, meter } = about;
  take = undefined;
  state.value = "still";
  down.value = new Set();
  if (moves.some(({ velocity }) => velocity > 0)) phrase.value = { moves, bpm, beats, meter };
}
