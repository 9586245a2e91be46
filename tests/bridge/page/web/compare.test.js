import assert from "node:assert/strict";
import { test } from "node:test";

import { compareNotes, compareWords, density, mean } from "../../../../bridge/page/web/core/compare.js";

const compared = (notes, beats = 8, timeSignature = "4/4") => ({ notes, beats, timeSignature });

test("the same notes are the same, even where a hand has moved them a little", () => {
  const found = compareNotes([[0, 60, 1, 90], [1, 62, 1, 90]], [[0.03, 60, 0.5, 70], [0.98, 62, 1, 90]]);
  assert.deepEqual(found, { a: ["both", "both"], b: ["both", "both"], same: 2, moved: 0, removed: 0, added: 0 });
});

test("a note that moved in time or in pitch is one that moved; in both, or far, it is another", () => {
  const a = [[0, 60, 1, 90], [2, 60, 1, 90], [4, 60, 1, 90], [6, 60, 1, 90]];
  const found = compareNotes(a, [[0.25, 60, 1, 90], [2, 64, 1, 90], [4.25, 64, 1, 90], [7, 60, 1, 90]]);
  assert.deepEqual(found.a, ["moved", "moved", "only", "only"]);
  assert.deepEqual(found.b, ["moved", "moved", "only", "only"]);
  assert.deepEqual([found.same, found.moved, found.removed, found.added], [0, 2, 2, 2]);
});

test("each note is in one pair, with its nearest", () => {
  const found = compareNotes([[0, 60, 1, 90]], [[0.25, 60, 1, 90], [0, 60, 1, 90], [0.02, 60, 1, 90]]);
  assert.deepEqual(found.b, ["only", "both", "only"]);
  assert.deepEqual(compareNotes([[0.05, 60, 1, 90]], [[0, 60, 1, 90], [0.04, 60, 1, 90]]).b, ["only", "both"]);
  const chord = compareNotes([[0, 60, 1, 90], [0, 64, 1, 90]], [[0, 61, 1, 90], [0, 64, 1, 90]]);
  assert.deepEqual(chord.a, ["moved", "both"]);
});

test("marks stand by the notes' places, whatever their order in time", () => {
  const found = compareNotes([[4, 60, 1, 90], [0, 60, 1, 90]], [[0, 60, 1, 90]]);
  assert.deepEqual(found.a, ["only", "both"]);
  assert.deepEqual(compareNotes([[0, 60, 1, 90], [4, 60, 1, 90]], [[8, 60, 1, 90], [4, 60, 1, 90], [0, 60, 1, 90]]).b, ["only", "both", "both"]);
});

test("differences in words", () => {
  const a = [[0, 60, 1, 90], [1, 60, 1, 80]];
  const b = [[0, 60, 1, 90], [3, 60, 1, 100], [5, 60, 1, 110]];
  assert.deepEqual(compareWords(compared(a), compared(b), compareNotes(a, b)), [
    "1 note in both, 2 only in B, 1 only in A.",
    "Density: 1 notes a bar in A, 1.5 in B.",
    "Mean velocity: 85 in A, 100 in B.",
  ]);
  assert.deepEqual(compareWords(compared(a), compared(a), compareNotes(a, a)), ["They have the same notes."]);
  assert.equal(compareWords(compared(a), compared(a, 16), compareNotes(a, a)).at(-1), "Length: 8 beats in A, 16 in B.");
});

test("density counts bars of the meter", () => {
  assert.equal(density(compared([[0, 60, 1, 90], [1, 60, 1, 90]], 6, "3/4")), 1);
  assert.equal(density(compared([], 0)), 0);
  assert.equal(mean([]), 0);
});
