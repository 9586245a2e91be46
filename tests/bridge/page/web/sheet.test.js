import assert from "node:assert/strict";
import { test } from "node:test";

import { beginEdit } from "../../../../bridge/page/web/core/notes.js";
import {
  aligned, beatAt, fitted, gridOf, headAt, heightened, keysOf, pitchAt, placeOf, rowTop, sheetOfClip, sheetOfTake, showing, whatIsAt, xOf, zoomed,
} from "../../../../bridge/page/web/core/sheet.js";
import { beatsAt, markersOf, secondsAt } from "../../../../bridge/page/web/core/warp.js";

const take = (notes, more = {}) => ({ notes, part: "bass", time_signature: "4/4", length_beats: 16, ...more });
const SHEET = sheetOfTake(take([[0, 40, 1, 90], [4, 52, 2, 70]]), null, []);
const SIZE = { width: 1200, height: 500 };

test("a take is drawn from its first bar to one after its last; a clip from its loop, and from notes before it", () => {
  assert.deepEqual([SHEET.from, SHEET.to, SHEET.played], [0, 20, [0, 16]]);
  const detail = { notes: [[2, 60, 1, 90]], muted: [], chords: [], is_drums: false, time_signature: "3/4", looping: true, loop_start: 6, loop_end: 12, start_marker: 0, end_marker: 30 };
  const sheet = sheetOfClip(detail, "melody");
  assert.deepEqual([sheet.from, sheet.to, sheet.played], [0, 15, [6, 12]]);
  assert.deepEqual(sheetOfClip({ ...detail, looping: false }, "melody").played, [0, 30]);
});

test("beats and pitches are where they are drawn", () => {
  const view = { ...fitted(SHEET, SIZE), left: 37, top: 210 };
  for (const beat of [0, 3.25, 15]) assert.ok(Math.abs(beatAt(SHEET, view, xOf(SHEET, view, beat)) - beat) < 1e-9);
  for (const pitch of [40, 52, 90]) assert.equal(pitchAt(SHEET, view, rowTop(SHEET, view, placeOf(SHEET, pitch)) + 1), pitch);
});

test("fitted shows all notes and beats", () => {
  const view = fitted(SHEET, SIZE);
  assert.ok(xOf(SHEET, view, 16) <= 1200 && xOf(SHEET, view, 16) > 1100);
  for (const pitch of [40, 52]) {
    const y = rowTop(SHEET, view, placeOf(SHEET, pitch));
    assert.ok(y > 24 && y < 436, `${pitch} at ${y}`);
  }
});

test("zooming keeps the beat under the pointer, and goes to no end of its bounds", () => {
  const view = { ...fitted(SHEET, SIZE) };
  const near = zoomed(SHEET, view, 4, 700);
  assert.ok(Math.abs(beatAt(SHEET, near, 700) - beatAt(SHEET, view, 700)) < 1e-9);
  assert.equal(zoomed(SHEET, view, 1e9).px, 480);
  assert.equal(zoomed(SHEET, near, 1e-9).left, 0);
  const high = heightened(SHEET, view, 1.5, 200);
  assert.equal(pitchAt(SHEET, high, 200), pitchAt(SHEET, view, 200));
});

test("what is pointed at: a note, its end, its velocity, the grid, the keys", () => {
  const { notes } = beginEdit(SHEET.notes);
  const view = fitted(SHEET, SIZE);
  const y = rowTop(SHEET, view, placeOf(SHEET, 52)) + 3;
  const at = (beat, where = y) => whatIsAt(SHEET, view, notes, xOf(SHEET, view, beat), where);
  assert.deepEqual([at(5).on, at(5).note?.id], ["note", 1]);
  assert.equal(at(5.97).on, "end");
  assert.equal(at(7).on, "grid");
  assert.deepEqual([at(4, 470).on, at(4, 470).note?.id], ["velocity", 1]);
  assert.equal(at(9, 470).on, "keys");
  assert.equal(at(5, 10).on, "head");
  assert.equal(whatIsAt(SHEET, view, notes, keysOf(SHEET) - 2, y).on, "keys");
});

test("a drum grid has the drums that are played and a kit, and a hit where its length would not show", () => {
  const drums = sheetOfTake(take([[1, 36, 0.01, 90], [2, 99, 0.25, 90]], { part: "drums" }), null, []);
  assert.equal(drums.isDrums, true);
  assert.equal(drums.rows[0], 99);
  assert.equal(drums.rows.at(-1), 36);
  const view = fitted(drums, SIZE);
  const { notes } = beginEdit(drums.notes);
  assert.equal(whatIsAt(drums, view, notes, xOf(drums, view, 1.2), rowTop(drums, view, placeOf(drums, 36)) + 4).on, "note");
});

test("two sheets are drawn with the same beats and rows", () => {
  const long = sheetOfTake(take([[0, 60, 1, 90]], { length_beats: 32 }), null, []);
  const [a, b] = aligned(SHEET, long);
  assert.deepEqual([a.to, b.to, a.rows === b.rows], [36, 36, true]);
  assert.deepEqual(a.played, [0, 16]);
});

test("a note that is out of sight is scrolled to, and one in sight scrolls nothing", () => {
  const { notes } = beginEdit([[0, 40, 1, 90], [15, 100, 1, 90]]);
  const view = zoomed(SHEET, fitted(SHEET, SIZE), 6, 48);
  assert.equal(showing(SHEET, view, notes[0]), view);
  const there = showing(SHEET, view, notes[1]);
  const x = xOf(SHEET, there, 15);
  const y = rowTop(SHEET, there, placeOf(SHEET, 100));
  assert.ok(x > 48 && x < 1200 && y >= 24 && y < 436, `${x} ${y}`);
});

test("a playhead loops with what plays, and is out of sight behind the keys", () => {
  const view = { ...fitted(SHEET, SIZE), left: 300 };
  assert.equal(headAt(SHEET, view, 16 + 10), xOf(SHEET, view, 10));
  assert.ok(headAt(SHEET, view, 1) < 0);
  assert.equal(headAt({ ...SHEET, played: [4, 12] }, view, 9), xOf(SHEET, view, 5));
});

test("grid lines are as fine as there is room", () => {
  assert.equal(gridOf(100, "4/4").step, 0.25);
  assert.equal(gridOf(16, "4/4").step, 0.5);
  assert.equal(gridOf(3, "4/4").step, 4);
  assert.deepEqual([gridOf(100, "6/8").beat, gridOf(100, "6/8").bar], [0.5, 3]);
  assert.deepEqual([gridOf(100, "4/4").label, gridOf(20, "4/4").label, gridOf(3, "4/4").label], [1, 4, 16]);
});

test("beats of a warped clip are straight between its markers, and go on as before after them", () => {
  const markers = markersOf({ warp: [[0, 0], [2, 4], [3, 8]], warped: true, bpm: 120 });
  assert.deepEqual([1, 2.5, 4].map((second) => beatsAt(markers, second)), [2, 6, 12]);
  assert.deepEqual([2, 6, 12, -2].map((beat) => secondsAt(markers, beat)), [1, 2.5, 4, -1]);
  assert.equal(beatsAt(markersOf({ warp: [], warped: false, bpm: 90 }), 2), 3);
});
