import assert from "node:assert/strict";
import { test } from "node:test";

import { applyChanges, isNext, NO_SET, playing, slotOf } from "../../../../bridge/page/web/core/set.js";

const track = (id, number = id) => ({ id, number, kind: "midi", name: `T${id}`, color: "#fff", muted: false, soloed: false, armed: false });
const scene = (id, number = id) => ({ id, number, name: "" });
const clip = (id, track, scene, more = {}) => ({ id, track, scene, start: 0, kind: "midi", name: `C${id}`, color: "", length: 4, looping: true, muted: false, is_playing: false, ...more });
const whole = { version: 3, whole: true, song: { name: "S", bpm: 120 }, tracks: [track(2), track(1)], scenes: [scene(9, 1)], clips: [clip(5, 1, 9)] };

test("a whole set replaces what was known, in Live's order", () => {
  const set = applyChanges(applyChanges(NO_SET, { ...whole, tracks: [track(7)] }), whole);
  assert.deepEqual(set.tracks.map(({ id }) => id), [1, 2]);
  assert.equal(set.slots.get(slotOf(1, 9)).id, 5);
  assert.equal(set.version, 3);
});

test("differences change what they name, and the rest keeps its identity", () => {
  const before = applyChanges(NO_SET, whole);
  const after = applyChanges(before, { version: 4, clips: [clip(6, 2, 9)], gone: [5] });
  assert.deepEqual([...after.clips.keys()], [6]);
  assert.equal(after.slots.has(slotOf(1, 9)), false);
  assert.equal(after.tracks, before.tracks);
  assert.equal(after.song, before.song);
  const renamed = applyChanges(after, { version: 5, tracks: [{ ...track(1), number: 3 }] });
  assert.deepEqual(renamed.tracks.map(({ id }) => id), [2, 1]);
  assert.equal(renamed.clips, after.clips);
  assert.equal(renamed.slots, after.slots);
});

test("clips of the Arrangement are in no slot, and playing ones are listed", () => {
  const set = applyChanges(NO_SET, { ...whole, clips: [clip(5, 1, 0, { is_playing: true }), clip(6, 1, 9)] });
  assert.deepEqual([...set.slots.values()].map(({ id }) => id), [6]);
  assert.deepEqual(playing(set).map(({ id }) => id), [5]);
});

test("a gap in the versions is seen", () => {
  const set = applyChanges(NO_SET, whole);
  assert.equal(isNext(set, { version: 4 }), true);
  assert.equal(isNext(set, { version: 5 }), false);
  assert.equal(isNext(set, { version: 9, whole: true }), true);
});
