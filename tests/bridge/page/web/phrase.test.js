import assert from "node:assert/strict";
import { test } from "node:test";

import { midiFile } from "../../../../bridge/page/web/core/midi_file.js";
import { keyMove, notesOf, offGrid, quantized, typedPitch } from "../../../../bridge/page/web/core/phrase.js";

test("MIDI messages are moves of keys; others are none", () => {
  assert.deepEqual(keyMove([0x95, 60, 100], 2), { seconds: 2, pitch: 60, velocity: 100 });
  for (const bytes of [[0x80, 60, 64], [0x90, 60, 0]]) assert.deepEqual(keyMove(bytes, 2), { seconds: 2, pitch: 60, velocity: 0 }, String(bytes));
  for (const bytes of [[0xb0, 64, 127], [0xf8], [], [0xe0, 0, 64]]) assert.equal(keyMove(bytes, 2), null, String(bytes));
});

const on = (/** @type {number} */ seconds, /** @type {number} */ pitch, velocity = 100) => ({ seconds, pitch, velocity });
const off = (/** @type {number} */ seconds, /** @type {number} */ pitch) => ({ seconds, pitch, velocity: 0 });

test("keys become notes in beats of the phrase", () => {
  assert.deepEqual(notesOf([on(0, 60), on(0.5, 64, 90), off(0.5, 60), off(1, 64)], 120, 4), [[0, 60, 1, 100], [1, 64, 1, 90]]);
  // Early at the first beat: it begins there. Earlier: not part of it. Late: after its end.
  assert.deepEqual(notesOf([on(-0.1, 60), off(0.5, 60), on(-1, 61), off(0, 61), on(2, 62), off(3, 62)], 120, 4), [[0, 60, 1, 100]]);
  // Struck again without being let go, and held over the end.
  assert.deepEqual(notesOf([on(0, 60), on(1, 60)], 120, 4), [[0, 60, 2, 100], [2, 60, 2, 100]]);
  assert.deepEqual(notesOf([], 120, 4), []);
});

test("notes go to the grid by as much as is wanted", () => {
  const rows = /** @type {import("../../../../bridge/page/types/api.js").NoteRow[]} */ ([[0.07, 60, 0.5, 100], [1.2, 64, 0.5, 80]]);
  assert.deepEqual(quantized(rows, 0.25, 1, 4), [[0, 60, 0.5, 100], [1.25, 64, 0.5, 80]]);
  assert.deepEqual(quantized(rows, 0.25, 0.5, 4), [[0.035, 60, 0.5, 100], [1.225, 64, 0.5, 80]]);
  assert.deepEqual(quantized(rows, 0, 1, 4), rows);
  assert.deepEqual(quantized([[0.3, 60, 0.1, 9]], 1 / 3, 1, 4), [[0.3333, 60, 0.1, 9]]);
});

test("what is late for the end begins the loop, doubles go, and a pitch never overlaps itself", () => {
  assert.deepEqual(quantized([[3.95, 60, 0.05, 90]], 0.25, 1, 4), [[0, 60, 0.05, 90]]);
  assert.deepEqual(quantized([[0.02, 60, 1, 50], [-0.01 + 0.03, 60, 1, 90], [0.9, 60, 1, 70]], 0.5, 1, 4), [[0, 60, 1, 90], [1, 60, 1, 70]]);
  assert.deepEqual(quantized([[0.1, 60, 1.2, 90], [1.1, 60, 1, 70]], 1, 1, 4), [[0, 60, 1, 90], [1, 60, 1, 70]]);
  assert.ok(Math.abs(offGrid([[0.05, 60, 1, 1], [0.95, 60, 1, 1]], 0.25, 60) - 50) < 1e-6);
  assert.equal(offGrid([], 0.25, 60), 0);
});

test("letters are keys as in Live", () => {
  assert.deepEqual(["a", "W", "k", "z", "Shift"].map((letter) => typedPitch(letter, 3)), [60, 61, 72, null, null]);
});

test("a MIDI file has its tempo, meter, notes in order and length", () => {
  const bytes = [...midiFile([[0, 60, 1, 100], [1, 60, 1, 90]], { name: "x", bpm: 120, timeSignature: "6/8", beats: 3 })];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  assert.ok(hex.startsWith("4d 54 68 64 00 00 00 06 00 00 00 01 01 e0 4d 54 72 6b"), hex);
  assert.equal(bytes.length, 22 + ((bytes[20] ?? 0) << 8) + (bytes[21] ?? 0));
  for (const event of ["00 ff 03 01 78", "ff 51 03 07 a1 20", "ff 58 04 06 03 18 08"]) assert.ok(hex.includes(event), event);
  // The first note ends before the second begins, and the end is a beat behind it.
  assert.ok(hex.endsWith("00 90 3c 64 83 60 80 3c 40 00 90 3c 5a 83 60 80 3c 40 83 60 ff 2f 00"), hex);
});
