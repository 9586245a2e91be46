/** Runs beside the page: owns the WebSocket, decodes, and hands the sound to the audio thread, also while the page is busy. */

import { readFrame, readSamples } from "./frames.js";
import { LAST, PREROLL, SKIPPED } from "./mixer.js";
import { findDecoder, openDecoder } from "./opus.js";

const PROTOCOL = "musearoo.sound.v1";
/** Milliseconds before another try to connect: at first, and at most. */
const PAUSE = 100;
const LONGEST_PAUSE = 5000;
/** Milliseconds between two words to the server on what is heard. */
const TELL_EVERY = 250;
const LEAST_AHEAD = 20;
/** Milliseconds for which a connection is kept that plays nothing. */
const KEPT_OPEN = 60_000;
const FINAL = new Set(["unauthorized", "missing_scope", "missing_role", "not_found", "closed"]);

/** @typedef {{ parts: readonly { id: string, endless?: unknown }[], loop: boolean, bpm: number, beats: number, timeSignature: string | null, start: number, target: number, codec: "pcm" | "opus", factors: Record<string, number> }} Asked */

/** @type {{ url: string, token: string }} */
let door = { url: "", token: "" };
/** @type {WebSocket | undefined} */
let socket;
let isGreeted = false;
let isClosed = false;
let pause = 0;
/** @type {MessagePort | undefined} */
let sink;
/** What plays, or null. @type {Asked | null} */
let asked = null;
/** The number of the last request. */
let number = 0;
/** The number under which the sink knows the stream, which a reconnect does not change. */
let stream = 0;
/** The position after what was handed on. */
let next = 0;
let preskip = 0;
let isLast = false;
/** Whether the sink has the stream already. */
let isResumed = false;
/** @type {{ position: number, at: number, isPlaying: boolean }} */
let heard = { position: 0, at: 0, isPlaying: false };
let toldAt = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let idle;
/** @type {Promise<import("./opus.js").Decoder> | undefined} */
let decoder;
/** Whether the browser's own decoder has failed. */
let isBroken = false;

const tell = (/** @type {any} */ message) => /** @type {any} */ (globalThis).postMessage(message);
const say = (/** @type {any} */ frame) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));

/** @param {MessageEvent} event */
globalThis.onmessage = ({ data }) => {
  if (data.type === "connect") {
    door = data;
    connect();
  } else if (data.type === "sink") {
    sink = /** @type {MessagePort} */ (data.port);
    sink.onmessage = ({ data: report }) => onReport(report);
  } else if (data.type === "play") {
    asked = data.asked;
    clearTimeout(idle);
    stream++;
    isResumed = isLast = false;
    next = data.asked.start;
    if (isGreeted) ask();
    else if (!socket) connect();
  } else if (data.type === "steer") {
    if (!asked) return;
    // A reconnect begins it anew where it has ended meanwhile.
    asked = { ...asked, parts: asked.parts.map((part) => ({ ...part, endless: data.endless })) };
    say({ type: "steer", endless: data.endless });
  } else if (data.type === "stop") {
    sink?.postMessage({ type: "close" });
    say({ type: "stop" });
    rest();
  } else if (data.type === "close") {
    isClosed = true;
    asked = null;
    socket?.close();
    closeDecoder();
    globalThis.close();
  }
};

function connect() {
  if (isClosed) return;
  let isFinal = false;
  const opened = new WebSocket(door.url, PROTOCOL);
  socket = opened;
  opened.binaryType = "arraybuffer";
  opened.onopen = () => say({ type: "hello", token: door.token });
  opened.onmessage = ({ data }) => {
    if (typeof data !== "string") return onFrame(readFrame(data));
    const frame = JSON.parse(data);
    if (frame.type === "welcome") {
      isGreeted = true;
      pause = 0;
      tell({ type: "connected" });
      if (asked) ask();
    } else if (frame.type === "playing") void onPlaying(frame);
    else if (frame.type === "endless") tell({ type: "endless", told: frame });
    else if (frame.type === "problem" && frame.number == null && isResumed && isGreeted) tell({ type: "refused", sentence: frame.problem.detail });
    else if (frame.type === "problem" && (frame.number == null ? !isResumed : frame.number === number)) {
      isFinal = !isGreeted && FINAL.has(frame.problem.code);
      if (isGreeted || isFinal) fail(frame.problem.detail);
    }
  };
  opened.onclose = () => {
    if (socket !== opened) return;
    socket = undefined;
    isGreeted = false;
    closeDecoder();
    if (isClosed || isFinal || !asked || isLast) return;
    tell({ type: "lost" });
    pause = Math.min(LONGEST_PAUSE, pause ? 2 * pause : PAUSE);
    setTimeout(() => socket || !asked || connect(), pause * (0.5 + Math.random()));
  };
}

/** Nothing plays: the connection is kept for a while. */
function rest() {
  asked = null;
  clearTimeout(idle);
  idle = setTimeout(() => asked || socket?.close(), KEPT_OPEN);
}

/** @param {string} sentence */
function fail(sentence) {
  rest();
  sink?.postMessage({ type: "close" });
  tell({ type: "failed", sentence });
}

/** Asks for what plays, from the next sample on. */
function ask() {
  if (!asked || isLast) return;
  const { parts, loop, bpm, beats, timeSignature, target, codec } = asked;
  const moved = heard.isPlaying ? ((performance.now() - heard.at) * 48_000) / 1000 : 0;
  const buffered = isResumed ? Math.max(0, next - heard.position - moved) : 0;
  const ahead = Math.max(LEAST_AHEAD, Math.round(((target - buffered) / 48_000) * 1000));
  say({ type: "play", number: ++number, parts, loop, bpm, beats, time_signature: timeSignature, codec, ahead, start: next });
}

/** @param {any} playing */
async function onPlaying(playing) {
  if (!asked || playing.number !== number) return;
  preskip = playing.preskip;
  closeDecoder();
  if (playing.codec === "opus") {
    const opened = findDecoder(isBroken).then((kind) => {
      if (!kind) throw new Error("This browser decodes no Opus.");
      return openDecoder(kind, playing.parts.length, () => decoder === opened && onUndecodable(kind));
    });
    decoder = opened;
    opened.catch(() => decoder === opened && onUndecodable(""));
  }
  if (!isResumed) {
    const gains = playing.parts.map((/** @type {any} */ { id, gain }) => gain * (asked?.factors[id] ?? 1));
    sink?.postMessage({ type: "open", number: stream, start: playing.start, gains, target: asked.target });
    heard = { position: playing.start, at: performance.now(), isPlaying: false };
  }
  isResumed = true;
  tell({ type: "playing", stream, playing });
}

/** Goes on with the other decoder, at last without Opus. @param {"browser" | "wasm" | ""} kind of the decoder that failed */
function onUndecodable(kind) {
  if (!asked) return;
  closeDecoder();
  if (kind === "browser") isBroken = true;
  else asked = { ...asked, codec: "pcm" };
  ask();
}

function closeDecoder() {
  decoder?.then((each) => each.close()).catch(() => {});
  decoder = undefined;
}

/** @param {import("./frames.js").Packed} frame */
function onFrame(frame) {
  if (!asked || frame.number !== (number & 0xff)) return;
  if (!preskip) return hand(frame, readSamples(frame.parts, frame.samples), frame.samples);
  const mine = decoder;
  void mine?.then((each) => {
    if (mine === decoder) each.decode(frame.parts, (data, samples) => mine === decoder && hand(frame, data, samples));
  }).catch(() => {});
}

/**
 * @param {import("./frames.js").Packed} frame
 * @param {Float32Array | null} data
 * @param {number} samples
 */
function hand({ position, flags }, data, samples) {
  if (flags & PREROLL) return;
  const from = position - preskip;
  if (flags & SKIPPED) next = position;
  const late = next - from;
  if (late > 0 && late < samples && data) {
    // What a decoder gives before the first sample that was asked for.
    const rest = samples - late;
    const channels = data.length / samples;
    const cut = new Float32Array(channels * rest);
    for (let channel = 0; channel < channels; channel++) cut.set(data.subarray(channel * samples + late, (channel + 1) * samples), channel * rest);
    [data, samples] = [cut, rest];
  } else if (late > 0) return;
  const first = from + Math.max(0, late);
  next = first + samples;
  isLast = (flags & LAST) !== 0;
  sink?.postMessage({ type: "frame", number: stream, position: first, samples, flags, data }, data ? [data.buffer] : []);
}

/** @param {import("./sink.js").Report} report */
function onReport(report) {
  if (report.number !== stream) return;
  const at = performance.now();
  heard = { position: report.position - report.laid, at, isPlaying: report.status === "playing" };
  if (report.status === "ended" && isLast) rest();
  if (report.status === "ended" || at - toldAt < TELL_EVERY) return;
  toldAt = at;
  say({ type: "played", number, at: Math.max(0, Math.floor(heard.position)) });
}
