import assert from "node:assert/strict";
import { test } from "node:test";

import { readFrame, readSamples } from "../../../../bridge/page/web/sound/frames.js";

/**
 * A frame as `encode_frame` of `bridge/api/sound/wire.py` makes it.
 * @param {{ sequence?: number, position: bigint, samples: number, flags?: number, number?: number, parts: readonly Uint8Array[] }} frame
 */
function frameOf({ sequence = 0, position, samples, flags = 0, number = 0, parts }) {
  const buffer = new ArrayBuffer(16 + parts.reduce((sum, { length }) => sum + 2 + length, 0));
  const view = new DataView(buffer);
  view.setUint32(0, sequence, true);
  view.setBigUint64(4, position, true);
  view.setUint16(12, samples, true);
  view.setUint16(14, flags | (number << 8), true);
  let at = 16;
  for (const part of parts) {
    view.setUint16(at, part.length, true);
    new Uint8Array(buffer).set(part, at + 2);
    at += 2 + part.length;
  }
  return buffer;
}

/** @param {readonly number[]} values left and right in turn */
const pcm = (...values) => new Uint8Array(Int16Array.from(values).buffer);

test("a frame's header and parts are read", () => {
  const parts = [pcm(1, 2, 3, 4), new Uint8Array(0), pcm(-32768, 32767, 0, -1)];
  const frame = readFrame(frameOf({ sequence: 7, position: 2n ** 40n + 5n, samples: 2, flags: 6, number: 201, parts }));
  assert.deepEqual({ ...frame, parts: frame.parts.map((part) => [...part]) }, { position: 2 ** 40 + 5, samples: 2, flags: 6, number: 201, parts: parts.map((part) => [...part]) });
});

test("a frame that is cut off is no frame", () => {
  const whole = frameOf({ position: 0n, samples: 2, parts: [pcm(1, 2, 3, 4)] });
  for (const length of [0, 8, 15, 17, whole.byteLength - 1]) assert.throws(() => readFrame(whole.slice(0, length)), RangeError, `${length} bytes`);
});

test("samples of each part lie apart by side, and silence costs nothing", () => {
  const data = readSamples([pcm(32767, -32767, 16384, 0), new Uint8Array(0)], 2);
  assert.deepEqual(data && [...data].map((value) => Math.round(value * 1000) / 1000), [1, 0.5, -1, 0, 0, 0, 0, 0]);
  assert.equal(readSamples([new Uint8Array(0), new Uint8Array(0)], 960), null);
});
