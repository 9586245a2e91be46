/** The browser's microphone, as 16 kHz mono: what our own recogniser hears best. Nothing is kept, and nothing leaves this page but to its server. */

import { createResampler, levelOf, wavOf } from "../core/pcm.js";
import { RooError } from "./errors.js";

const RATE = 16_000;
export const LONGEST_SECONDS = 15;

/** Why there is no microphone here, in a sentence; empty where there should be one. */
export function whyNoMicrophone() {
  if (!isSecureContext) return "Browsers give no microphone to a page over plain http. Record a sentence with the phone's own recorder instead, or speak at the computer.";
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === "undefined") return "This browser gives no microphone to pages: write the sentence, or send a recording.";
  return "";
}

/** @typedef {{ finish: () => ArrayBuffer, cancel: () => void, seconds: () => number }} Recording */

/**
 * Opens the microphone and records until it is finished or cancelled. Must be called in a press. Throws RooError.
 * @param {(level: number) => void} onLevel 0 to 1, some 50 times a second
 * @returns {Promise<Recording>}
 */
export async function openMicrophone(onLevel) {
  const why = whyNoMicrophone();
  if (why) throw new RooError(why, "no_microphone");
  const stream = await ask();
  const context = new AudioContext();
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  try {
    await context.audioWorklet.addModule(new URL("./capture_worklet.js", import.meta.url).href);
    // A page that has not been touched yet is asleep; a press wakes it.
    await context.resume();
  } catch (error) {
    close();
    throw new RooError("The browser did not start listening: load the page again, and press Talk.", "no_microphone");
  }
  const resample = createResampler(context.sampleRate, RATE);
  /** @type {Float32Array[]} */
  const pieces = [];
  let count = 0;
  const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  capture.port.onmessage = ({ data }) => {
    const piece = resample(data);
    onLevel(levelOf(piece));
    if (count >= RATE * LONGEST_SECONDS) return;
    pieces.push(piece);
    count += piece.length;
  };
  context.createMediaStreamSource(stream).connect(capture);
  return {
    finish: () => {
      close();
      return wavOf(pieces, RATE);
    },
    cancel: close,
    seconds: () => count / RATE,
  };
}

/** @returns {Promise<MediaStream>} */
async function ask() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: false, autoGainControl: true } });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError") throw new RooError("The microphone is not allowed here: allow it beside the address of this page, and press Talk again.", "no_microphone");
    if (name === "NotFoundError") throw new RooError("No microphone is connected: connect one, and press Talk again.", "no_microphone");
    if (name === "NotReadableError") throw new RooError("The microphone is busy: close the program that uses it, and press Talk again.", "no_microphone");
    throw new RooError("The microphone cannot be opened: see whether the system lets this browser use it.", "no_microphone");
  }
}
