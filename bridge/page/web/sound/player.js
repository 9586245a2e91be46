/**
 * The page's sound: parts of a session side by side, looped or once, with mute, solo and levels to the sample.
 *
 * `createPlayer` connects; `play` must be called inside a tap, for browsers let sound begin there alone.
 */

import { Fallback } from "./fallback.js";

/**
 * @typedef {"idle" | "starting" | "playing" | "waiting" | "interrupted" | "failed"} Status
 * @typedef {object} PlayerState
 * @property {Status} status
 * @property {string} sentence what the user is told; empty where all is well
 * @property {number} latencyMs from the server to the ear
 * @property {number} bufferedMs
 * @property {number} underruns how often sound was missing
 * @property {string} codec
 * @property {readonly string[]} parts
 * @property {Endless | null} endless how endless music goes, as the server told last
 * @property {string} refused why it was not steered; empty where it was
 * @typedef {{ at: number, preset: string, key: string, bpm: number, layers: readonly [string, number][], chords: readonly [number, string][], wishes: any }} Endless
 * @typedef {{ id: string, take?: string, clip?: number, file?: string, endless?: unknown }} PlayedPart
 * @typedef {{ parts: readonly PlayedPart[], loop: boolean, bpm: number, beats: number, from?: number, timeSignature?: string, codec?: "pcm" | "opus" }} Wanted from in beats
 * @typedef {{ context: AudioContext, post: (message: any, moved?: Transferable[]) => void, stop: () => void }} Output
 * @typedef {ReturnType<typeof createPlayer>} Player
 */

const RATE = 48_000;
const METRONOME = "metronome";
/** The number of no stream. */
const NONE = -2;
/** Samples that are kept ahead: on this machine, on a network, and where timers lay the sound. */
const KEPT_HERE = 0.2 * RATE;
const KEPT_AWAY = 0.5 * RATE;
/** Milliseconds in which an AudioContext's clock must move once it says that it runs. */
const FROZEN_AFTER = 500;
/** Milliseconds after which a context that does not run was silenced, and after which one that plays nothing rests. */
const SILENCED_AFTER = 1500;
const RESTS_AFTER = 10_000;
const LOST = "The connection to MuseAroo is lost: it goes on where it was as soon as it is back.";
const ASLEEP = "The browser has silenced this page: tap it to go on.";

/** @type {PlayerState} */
const AT_FIRST = { status: "idle", sentence: "", latencyMs: 0, bufferedMs: 0, underruns: 0, codec: "", parts: [], endless: null, refused: "" };

/** @param {{ url: string, token: string, session: string }} options the session's address: ws://…/sound/ID */
export function createPlayer({ url, token }) {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
  /** @type {Set<(state: PlayerState) => void>} */
  const listeners = new Set();
  const muted = new Set();
  const soloed = new Set();
  /** @type {Map<string, number>} */
  const levels = new Map();
  let hasMetronome = false;
  let state = AT_FIRST;
  /** @type {Wanted | null} */
  let wanted = null;
  /** The parts of the stream, with the gain of each in the mix. @type {readonly { id: string, gain: number }[]} */
  let given = [];
  let length = RATE;
  /** @type {Output | undefined} */
  let output;
  /** @type {import("./sink.js").Report | undefined} */
  let report;
  let stream = NONE;
  let isLost = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let idle;
  /** @type {{ resolve: () => void, reject: (error: Error) => void } | undefined} */
  let begun;

  /** @param {Partial<PlayerState>} changes */
  function change(changes) {
    state = { ...state, ...changes };
    for (const listener of listeners) listener(state);
  }

  /** @param {string} id */
  function factor(id) {
    if (id === METRONOME) return hasMetronome ? 1 : 0;
    const isHeard = soloed.size ? soloed.has(id) : !muted.has(id);
    return isHeard ? (levels.get(id) ?? 1) : 0;
  }

  const tellGains = () => output?.post({ type: "gains", gains: given.map(({ id, gain }) => gain * factor(id)) });

  /** Nothing plays: the sound card may rest. */
  function rest() {
    wanted = null;
    clearTimeout(idle);
    idle = setTimeout(() => wanted || void output?.context.suspend(), RESTS_AFTER);
  }

  /** @param {string} sentence */
  function fail(sentence) {
    rest();
    change({ status: "failed", sentence });
    begun?.reject(new Error(sentence));
    begun = undefined;
  }

  worker.onmessage = ({ data }) => {
    if (data.type === "playing") {
      ({ stream } = data);
      given = data.playing.parts;
      length = data.playing.length;
      isLost = false;
      tellGains();
      change({ codec: data.playing.codec, parts: given.map(({ id }) => id) });
    } else if (data.type === "lost") {
      isLost = true;
      if (wanted && state.status !== "playing") change({ sentence: LOST });
    } else if (data.type === "endless") {
      if (wanted) change({ endless: data.told });
    } else if (data.type === "refused") change({ refused: data.sentence });
    else if (data.type === "failed") fail(data.sentence);
  };
  worker.onerror = () => fail("The sound could not be started: load the page again.");
  worker.postMessage({ type: "connect", url, token });

  /** @param {import("./sink.js").Report} told */
  function onReport(told) {
    if (told.number !== stream || !wanted) return;
    report = told;
    const bufferedMs = Math.round((told.buffered / RATE) * 1000);
    const figures = { bufferedMs, latencyMs: bufferedMs + Math.round(delay() * 1000), underruns: told.underruns };
    if (told.status === "ended") {
      rest();
      change({ ...figures, status: "idle", sentence: "" });
      begun?.resolve();
      begun = undefined;
    } else if (told.status === "playing") {
      change({ ...figures, status: "playing", sentence: "" });
      begun?.resolve();
      begun = undefined;
    } else if (state.status === "playing") change({ ...figures, status: "waiting", sentence: isLost ? LOST : "Waiting for sound." });
    else change(figures);
  }

  /** Seconds from the page's clock of sound to the ear. */
  const delay = () => output?.context.outputLatency || output?.context.baseLatency || 0;

  /** Opens the way to the ear; the context is made in the tap itself. */
  function openOutput() {
    clearTimeout(idle);
    if (/** @type {string | undefined} */ (output?.context.state) === "interrupted") closeOutput();
    if (output) return output.context.resume();
    const context = new AudioContext({ sampleRate: RATE, latencyHint: "playback" });
    const channel = new MessageChannel();
    worker.postMessage({ type: "sink", port: channel.port1 }, [channel.port1]);
    if (context.audioWorklet) {
      // Messages for a node that is still being loaded wait here.
      /** @type {[any, Transferable[]][]} */
      const waiting = [[{ type: "port", port: channel.port2 }, [channel.port2]]];
      /** @type {Output} */
      const made = { context, post: (message, moved = []) => void waiting.push([message, moved]), stop() {} };
      output = made;
      void context.audioWorklet.addModule(new URL("./worklet.js", import.meta.url)).then(
        () => {
          const node = new AudioWorkletNode(context, "stream", { numberOfInputs: 0, outputChannelCount: [2] });
          node.port.onmessage = ({ data }) => onReport(data);
          node.onprocessorerror = () => fail("The sound stopped by a fault of ours: load the page again.");
          node.connect(context.destination);
          made.post = (message, moved = []) => node.port.postMessage(message, moved);
          for (const [message, moved] of waiting) made.post(message, moved);
          made.stop = () => node.disconnect();
        },
        () => {
          closeOutput();
          fail("The sound could not be loaded: load the page again.");
        },
      );
    } else {
      const fallback = new Fallback(context, context.destination, onReport);
      fallback.post({ type: "port", port: channel.port2 });
      output = { context, post: (message) => fallback.post(message), stop: () => fallback.stop() };
    }
    context.onstatechange = () => onContext(context);
    return context.resume();
  }

  function closeOutput() {
    output?.stop();
    void output?.context.close().catch(() => {});
    output = undefined;
  }

  /** A locked phone, a call or another tab silences a page; what has not been heard is asked for again afterwards. */
  function onContext(/** @type {AudioContext} */ context) {
    if (context !== output?.context || !wanted || context.state === "closed") return;
    if (context.state !== "running") {
      // Endless music is joined where it is by then.
      const at = wanted.parts[0]?.endless ? 0 : position();
      wanted = { ...wanted, from: at };
      stream = NONE;
      report = undefined;
      worker.postMessage({ type: "stop" });
      change({ status: "interrupted", sentence: ASLEEP });
      addEventListener("pointerdown", wake, { once: true });
    } else if (state.status === "interrupted" && !isLost) ask();
  }

  /** Goes on after a silence, in the tap. iOS may resume a context whose clock stands still: then another one is made. */
  function wake() {
    if (!wanted || !output) return;
    const { context } = output;
    const before = context.currentTime;
    void context.resume();
    setTimeout(() => {
      if (context !== output?.context || context.currentTime > before || !wanted) return;
      closeOutput();
      void openOutput();
      ask();
    }, FROZEN_AFTER);
  }

  function ask() {
    if (!wanted) return;
    const { parts, loop, bpm, beats, from = 0, timeSignature = null, codec = isHere ? "pcm" : "opus" } = wanted;
    const start = Math.round((Math.max(0, from) * 60 * RATE) / bpm);
    const target = isHere && output?.context.audioWorklet ? KEPT_HERE : KEPT_AWAY;
    const factors = Object.fromEntries([...parts.map(({ id }) => id), METRONOME].map((id) => [id, factor(id)]));
    const asked = { parts: parts.map(({ id, take, clip, file, endless }) => ({ id, take, clip, file, endless })), loop, bpm, beats, timeSignature, start, target, codec, factors };
    stream = NONE;
    report = undefined;
    worker.postMessage({ type: "play", asked });
  }

  /** The beat of the piece that is heard now. */
  function position() {
    const from = wanted?.from ?? 0;
    if (!wanted || !report || !output) return from;
    const moved = report.status === "playing" ? (output.context.currentTime - report.time - delay()) * RATE : 0;
    const beat = (Math.max(0, report.position + moved) * wanted.bpm) / (60 * RATE);
    const whole = (length * wanted.bpm) / (60 * RATE);
    return wanted.loop ? beat % whole : Math.min(beat, whole);
  }

  return {
    /**
     * Plays parts together, in place of what plays; resolves with the first sound.
     * @param {Wanted} piece
     * @returns {Promise<void>}
     */
    play(piece) {
      begun?.resolve();
      wanted = piece;
      muted.clear();
      soloed.clear();
      void openOutput();
      const { context } = /** @type {Output} */ (output);
      setTimeout(() => wanted === piece && context.state !== "running" && onContext(context), SILENCED_AFTER);
      change({ status: "starting", sentence: "", underruns: 0, endless: null, refused: "" });
      return new Promise((resolve, reject) => {
        begun = { resolve, reject };
        ask();
      });
    },
    stop() {
      rest();
      worker.postMessage({ type: "stop" });
      begun?.resolve();
      begun = undefined;
      change({ status: "idle", sentence: "", endless: null });
    },
    /** Steers the endless music that plays. @param {unknown} endless all wishes */
    steer(endless) {
      change({ refused: "" });
      worker.postMessage({ type: "steer", endless });
    },
    /** @param {string} id @param {boolean} isOn */
    mute(id, isOn) {
      muted[isOn ? "add" : "delete"](id);
      tellGains();
    },
    /** @param {string} id @param {boolean} isOn */
    solo(id, isOn) {
      soloed[isOn ? "add" : "delete"](id);
      tellGains();
    },
    /** @param {string} id @param {number} gain 1 is as in the mix */
    level(id, gain) {
      levels.set(id, gain);
      tellGains();
    },
    /** @param {boolean} isOn */
    metronome(isOn) {
      hasMetronome = isOn;
      tellGains();
    },
    position,
    /** Goes on after an interruption; must be called inside a tap. */
    resume: wake,
    get state() {
      return state;
    },
    /** @param {(state: PlayerState) => void} listener called with each change @returns {() => void} to end it */
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Lets go of all of it: the player cannot be used any more. */
    close() {
      wanted = null;
      worker.postMessage({ type: "close" });
      closeOutput();
    },
  };
}
