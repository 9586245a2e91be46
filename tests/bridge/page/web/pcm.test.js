import assert from "node:assert/strict";
import { test } from "node:test";

import { createResampler, levelOf, wavOf } from "../../../../bridge/page/web/core/pcm.js";

/** @param {number} hertz @param {number} rate @param {number} count */
const tone = (hertz, rate, count) => Float32Array.from({ length: count }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / rate));
/** @param {Float32Array} samples */
const loudest = (samples) => samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);

/** @param {Float32Array} sound @param {number} rate @param {number} piece */
function resampled(sound, rate, piece) {
  const resample = createResampler(rate, 16_000);
  const made = [];
  for (let at = 0; at < sound.length; at += piece) made.push(...resample(sound.slice(at, at + piece)));
  return Float32Array.from(made);
}

test("a voice keeps its level at 16 kHz, and what would fold is gone", () => {
  for (const rate of [48_000, 44_100]) {
    const voice = resampled(tone(1000, rate, rate), rate, 1024);
    assert.ok(Math.abs(voice.length - 16_000) < 40, `${voice.length} samples of a second`);
    assert.ok(Math.abs(loudest(voice.slice(400)) - 0.5) < 0.005, `${loudest(voice.slice(400))}`);
    assert.ok(loudest(resampled(tone(11_000, rate, rate), rate, 1024).slice(400)) < 0.002, `11 kHz at ${rate}`);
  }
});

test("pieces leave no seam", () => {
  const sound = tone(700, 44_100, 20_000);
  const whole = resampled(sound, 44_100, 20_000);
  for (const piece of [1, 7, 128, 1024, 4096]) {
    const pieced = resampled(sound, 44_100, piece);
    const away = loudest(Float32Array.from({ length: 7000 }, (_, index) => (pieced[index] ?? 1) - (whole[index] ?? 0)));
    assert.ok(away < 1e-6, `pieces of ${piece}: ${away}`);
  }
});

test("meters show decibels", () => {
  assert.equal(levelOf(new Float32Array(64)), 0);
  assert.equal(levelOf(new Float32Array(64).fill(1)), 1);
  assert.ok(Math.abs(levelOf(new Float32Array(64).fill(10 ** (-30 / 20))) - 0.5) < 1e-6);
});

test("a WAV file says what it has, and clips nothing over", () => {
  const view = new DataView(wavOf([Float32Array.of(0, 1), Float32Array.of(-2)], 16_000));
  const text = (/** @type {number} */ at) => String.fromCharCode(...new Uint8Array(view.buffer, at, 4));
  assert.deepEqual([text(0), text(8), text(36)], ["RIFF", "WAVE", "data"]);
  assert.equal(view.getUint32(4, true), view.byteLength - 8);
  assert.deepEqual([view.getUint32(24, true), view.getUint32(28, true), view.getUint32(40, true)], [16_000, 32_000, 6]);
  assert.deepEqual([0, 2, 4].map((at) => view.getInt16(44 + at, true)), [0, 32767, -32767]);
});
