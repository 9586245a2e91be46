import assert from "node:assert/strict";
import { test } from "node:test";

import { LAST, Mixer, SKIPPED } from "../../../../bridge/page/web/sound/mixer.js";
import { CAPACITY } from "../../../../bridge/page/web/sound/ring.js";

const RATE = 48_000;
const FRAME = 960;
const TARGET = 9600;
const TURN = (2 * Math.PI * 440) / RATE;

/** @param {number} position */
const tone = (position) => 0.5 * Math.sin(TURN * position);

/** A frame with a tone in some parts of all: `1` sounds, `0` is silent. @param {number} position @param {number} [flags] @param {readonly number[]} [parts] */
function frame(position, flags = 0, parts = [1]) {
  const data = new Float32Array(2 * FRAME * parts.length);
  parts.forEach((isOn, part) => {
    for (let index = 0; index < FRAME; index++) data[2 * part * FRAME + index] = data[(2 * part + 1) * FRAME + index] = isOn * tone(position + index);
  });
  return { position, samples: FRAME, flags, data };
}

/** @param {Mixer} mixer @param {number} blocks @param {(block: number) => void} [before] called before each block */
function heard(mixer, blocks, before = () => {}) {
  const sound = new Float32Array(blocks * 128);
  for (let block = 0; block < blocks; block++) {
    before(block);
    mixer.render(sound.subarray(block * 128, (block + 1) * 128), new Float32Array(128));
  }
  return sound;
}

/** Brings the next frame as soon as it is due. @param {Mixer} mixer @param {number} from @param {readonly number[]} [parts] */
function feeder(mixer, from, parts = [1]) {
  let next = from;
  return (/** @type {number} */ block) => {
    for (; next < from + (block * 128) + TARGET; next += FRAME) mixer.push(frame(next, 0, parts));
  };
}

/** The greatest step beyond what a 440 Hz tone does by itself: a click. @param {Float32Array} sound */
function roughness(sound) {
  let most = 0;
  for (let index = 1; index < sound.length - 1; index++) most = Math.max(most, Math.abs(2 * Math.cos(TURN) * at(sound, index) - at(sound, index - 1) - at(sound, index + 1)));
  return most;
}
/** @param {Float32Array} sound @param {number} index */
const at = (sound, index) => /** @type {number} */ (sound[index]);

/** What a fade of 10 ms of this tone has at most. */
const SMOOTH = 4e-3;

/** @param {{ start?: number, gains?: readonly number[] }} [stream] */
function opened({ start = 0, gains = [1] } = {}) {
  const mixer = new Mixer(RATE, RATE);
  mixer.open({ start, gains, target: TARGET });
  return mixer;
}

test("sound begins once enough is there, with its attack, and is the stream's to the sample", () => {
  const mixer = opened();
  for (let next = 0; next < TARGET - FRAME; next += FRAME) mixer.push(frame(next));
  assert.ok(heard(mixer, 20).every((value) => value === 0));
  assert.equal(mixer.status, "waiting");
  mixer.push(frame(TARGET - FRAME));
  const sound = heard(mixer, 40);
  sound.forEach((value, index) => assert.ok(Math.abs(value - tone(index)) < 1e-6, `sample ${index}`));
  assert.equal(mixer.position, 40 * 128);
});

test("a stream that is joined in its middle fades in", () => {
  const mixer = opened({ start: 30 });
  const sound = heard(mixer, 40, feeder(mixer, 30));
  assert.ok(Math.abs(at(sound, 0)) < 0.01);
  assert.ok(roughness(sound) < SMOOTH, `${roughness(sound)}`);
  assert.ok(Math.abs(at(sound, 3000) - tone(3030)) < 1e-6);
});

test("missing sound is faded, counted, and more is kept from then on", () => {
  const mixer = opened();
  for (let next = 0; next < TARGET; next += FRAME) mixer.push(frame(next));
  const before = heard(mixer, 100);
  assert.equal(mixer.status, "waiting");
  assert.equal(mixer.underruns, 1);
  const from = TARGET;
  for (let next = from; next < from + TARGET; next += FRAME) mixer.push(frame(next));
  assert.ok(heard(mixer, 4).every((value) => value === 0), "it waits for more than before");
  for (let next = from + TARGET; next < from + 2 * TARGET; next += FRAME) mixer.push(frame(next));
  const after = heard(mixer, 60);
  assert.equal(mixer.status, "playing");
  const sound = Float32Array.from([...before, ...after]);
  assert.ok(roughness(sound) < SMOOTH, `${roughness(sound)}`);
});

test("what is skipped is faded over, and counts as no underrun", () => {
  const mixer = opened();
  for (let next = 0; next < TARGET; next += FRAME) mixer.push(frame(next));
  const first = heard(mixer, 10);
  for (let next = 96_000; next < 96_000 + 2 * TARGET; next += FRAME) mixer.push(frame(next, next === 96_000 ? SKIPPED : 0));
  const sound = Float32Array.from([...first, ...heard(mixer, 60)]);
  assert.equal(mixer.underruns, 0);
  assert.ok(mixer.position > 96_000);
  assert.ok(roughness(sound) < SMOOTH, `${roughness(sound)}`);
});

test("frames that come again, or overlap, change nothing", () => {
  const mixer = opened();
  for (let next = 0; next < TARGET; next += FRAME) mixer.push(frame(next));
  mixer.push(frame(0));
  mixer.push(frame(TARGET - 312));
  assert.equal(mixer.buffered, TARGET + FRAME - 312);
  heard(mixer, 60).forEach((value, index) => assert.ok(Math.abs(value - tone(index)) < 1e-6, `sample ${index}`));
});

test("parts are mixed, and each gain changes within 5 ms without a click", () => {
  const mixer = opened({ gains: [0.5, 0.5] });
  const feed = feeder(mixer, 0, [1, 1]);
  const sound = heard(mixer, 120, (block) => {
    feed(block);
    if (block === 40) mixer.setGains([0.5, 0]);
    if (block === 80) mixer.setGains([0, 0]);
  });
  for (const [from, to, gain] of [[0, 40 * 128, 1], [40 * 128 + 240, 80 * 128, 0.5], [80 * 128 + 240, 120 * 128, 0]]) {
    for (let index = from; index < to; index++) assert.ok(Math.abs(at(sound, index) - gain * tone(index)) < 1e-6, `sample ${index}`);
  }
  assert.ok(roughness(sound) < SMOOTH, `${roughness(sound)}`);
});

test("a stop fades over 10 ms", () => {
  const mixer = opened();
  const feed = feeder(mixer, 0);
  const sound = heard(mixer, 60, (block) => {
    feed(block);
    if (block === 33) mixer.close();
  });
  assert.equal(mixer.status, "ended");
  assert.ok(roughness(sound) < SMOOTH, `${roughness(sound)}`);
  assert.ok(Math.abs(at(sound, 33 * 128 + 60)) > 0 && at(sound, 33 * 128 + 600) === 0);
});

test("another stream takes the place of one without a click, and fills up by itself", () => {
  const mixer = opened();
  const feed = feeder(mixer, 0);
  const sound = heard(mixer, 60, (block) => {
    if (block < 30) feed(block);
    // Twice at once, as by somebody in a hurry: what was heard still fades.
    if (block === 30 || block === 31) mixer.open({ start: 0, gains: [1], target: TARGET });
  });
  assert.equal(mixer.status, "waiting");
  assert.ok(roughness(sound) < SMOOTH, `${roughness(sound)}`);
});

test("the last sample is heard, then it has ended", () => {
  const mixer = opened();
  for (let next = 0; next < TARGET; next += FRAME) mixer.push(frame(next, next === TARGET - FRAME ? LAST : 0));
  const sound = heard(mixer, 100);
  assert.equal(mixer.status, "ended");
  assert.equal(mixer.underruns, 0);
  assert.ok(Math.abs(at(sound, TARGET - 1) - tone(TARGET - 1)) < 1e-6);
  assert.ok(sound.subarray(TARGET).every((value) => value === 0));
});

test("a piece that is shorter than what is kept is heard at once", () => {
  const mixer = opened();
  mixer.push(frame(0, LAST));
  assert.ok(heard(mixer, 20).some((value) => value !== 0));
  assert.equal(mixer.status, "ended");
});

test("sound goes round the ring for minutes, and none is overwritten before it was heard", () => {
  const mixer = opened();
  const feed = feeder(mixer, 0);
  const blocks = Math.ceil((3 * CAPACITY) / 128);
  const sound = heard(mixer, blocks, feed);
  for (const index of [CAPACITY - 1, CAPACITY, 2 * CAPACITY + 77, blocks * 128 - 1]) assert.ok(Math.abs(at(sound, index) - tone(index)) < 1e-5, `sample ${index}`);
  assert.ok(roughness(sound) < 1e-5, `${roughness(sound)}`);
});

test("a sound card of another rate, or of another clock, hears the same tone without a click", () => {
  const mixer = new Mixer(RATE, 44_100);
  mixer.open({ start: 0, gains: [1], target: TARGET });
  let next = 0;
  const sound = heard(mixer, 700, (block) => {
    for (; next < (block * 128 * RATE * 1.001) / 44_100 + TARGET; next += FRAME) mixer.push(frame(next));
  });
  const turn = (2 * Math.PI * 440) / 44_100;
  let most = 0;
  for (let index = 1; index < sound.length - 1; index++) most = Math.max(most, Math.abs(2 * Math.cos(turn) * at(sound, index) - at(sound, index - 1) - at(sound, index + 1)));
  assert.ok(most < 2e-4, `${most}`);
  assert.equal(mixer.underruns, 0);
});
