/** Notes as a MIDI file (Standard MIDI Files 1.0, format 0). Pure. */

/** @import { NoteRow } from "../../types/api.js" */

const TICKS = 480;

/**
 * Notes as the bytes of a file, as long as the clip is to be.
 * @param {readonly NoteRow[]} notes
 * @param {{ name: string, bpm: number, timeSignature: string, beats: number }} about
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function midiFile(notes, { name, bpm, timeSignature, beats }) {
  const [count = 4, unit = 4] = timeSignature.split("/").map(Number);
  const tempo = Math.round(60_000_000 / bpm);
  const title = new TextEncoder().encode(name).slice(0, 120);
  /** @type {[number, number, number[]][]} tick, order at one tick (ends before beginnings), bytes */
  const events = [
    [0, 0, [0xff, 0x03, title.length, ...title]],
    [0, 0, [0xff, 0x51, 3, (tempo >> 16) & 255, (tempo >> 8) & 255, tempo & 255]],
    [0, 0, [0xff, 0x58, 4, count, Math.round(Math.log2(unit)), 24, 8]],
  ];
  for (const [start, pitch, duration, velocity] of notes) {
    events.push([Math.round(start * TICKS), 2, [0x90, pitch, velocity]]);
    events.push([Math.max(Math.round(start * TICKS) + 1, Math.round((start + duration) * TICKS)), 1, [0x80, pitch, 64]]);
  }
  events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  /** @type {number[]} */
  const body = [];
  let before = 0;
  for (const [tick, , bytes] of events) {
    body.push(...variableLength(tick - before), ...bytes);
    before = tick;
  }
  body.push(...variableLength(Math.max(0, Math.round(beats * TICKS) - before)), 0xff, 0x2f, 0);
  return new Uint8Array([...letters("MThd"), 0, 0, 0, 6, 0, 0, 0, 1, TICKS >> 8, TICKS & 255, ...letters("MTrk"), ...[24, 16, 8, 0].map((shift) => (body.length >> shift) & 255), ...body]);
}

/** @param {string} word */
const letters = (word) => [...word].map((letter) => letter.charCodeAt(0));

/** @param {number} value */
function variableLength(value) {
  const bytes = [value & 127];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 127) | 128);
  return bytes;
}
