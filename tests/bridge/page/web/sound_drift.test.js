import assert from "node:assert/strict";
import { test } from "node:test";

import { Drift, MOST } from "../../../../bridge/page/web/sound/drift.js";

const RATE = 48_000;
const TARGET = 9600;

/**
 * Plays for some seconds what a producer sends that is off by so much; returns what is buffered after each second, and the last ratio.
 * @param {number} off
 * @param {number} seconds
 * @param {number} [buffered]
 */
function played(off, seconds, buffered = TARGET) {
  const drift = new Drift(RATE, TARGET);
  const levels = [];
  let ratio = 1;
  let due = 0;
  for (let block = 0; block < (seconds * RATE) / 128; block++) {
    due += 128 * (1 + off);
    for (; due >= 960; due -= 960) buffered += 960;
    ratio = drift.ratio(buffered, 128);
    buffered -= 128 * ratio;
    if (block % 375 === 0) levels.push(buffered);
  }
  return { levels, ratio };
}

test("clocks that agree are left alone", () => {
  const { levels, ratio } = played(0, 20);
  assert.equal(ratio, 1);
  assert.ok(levels.every((level) => Math.abs(level - TARGET) <= 960), `${levels}`);
});

test("what a clock is off is caught up with, and the buffer stays within 80 ms", () => {
  for (const off of [1e-4, -1e-4, 1.5e-3, -1.5e-3]) {
    const { levels, ratio } = played(off, 120);
    assert.ok(Math.abs(ratio - 1 - off) < 2e-4, `${off}: ${ratio}`);
    assert.ok(levels.every((level) => Math.abs(level - TARGET) < 0.08 * RATE), `${off}: ${levels}`);
  }
});

test("it is never played faster or slower than can be heard", () => {
  for (const buffered of [0, 20 * TARGET]) {
    const drift = new Drift(RATE, TARGET);
    for (let block = 0; block < 5000; block++) {
      const ratio = drift.ratio(buffered, 128);
      assert.ok(Math.abs(ratio - 1) <= MOST + 1e-12, `${buffered}: ${ratio}`);
    }
    assert.equal(drift.ratio(buffered, 128), buffered ? 1 + MOST : 1 - MOST);
  }
});

test("what is there at first is kept, where it is not far from what is wanted", () => {
  for (const [buffered, ratio] of [[0.7 * TARGET, 1], [1.4 * TARGET, 1], [0.3 * TARGET, 1 - 0.001], [2 * TARGET, 1 + MOST]]) {
    const drift = new Drift(RATE, TARGET);
    for (let block = 0; block < 750; block++) assert.equal(drift.ratio(buffered, 128), 1, `${buffered} at first`);
    assert.ok(Math.abs(drift.ratio(buffered, 128) - ratio) < 1e-4, `${buffered}`);
    drift.aim(TARGET);
    assert.equal(drift.ratio(buffered, 128), 1, `${buffered}, anew`);
  }
});
