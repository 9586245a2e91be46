import assert from "node:assert/strict";
import { test } from "node:test";

import { barBeats, clock, lengthWords, notesWords, partColor, partWord, pitchName, pitchRange, positionWords } from "../../../../bridge/page/web/core/music.js";
import { ago, counted, milliseconds, rounded, size } from "../../../../bridge/page/web/core/words.js";

test("pitches and notes have the words of Live", () => {
  assert.deepEqual([60, 36, 127, 0, 61].map(pitchName), ["C3", "C1", "G8", "C-2", "C♯3"]);
  assert.equal(notesWords([[0, 60, 1, 100], [1, 79, 1, 100]]), "2 notes, C3 to G4");
  assert.equal(notesWords([[0, 60, 1, 100]]), "1 note, C3");
  assert.equal(notesWords([[0, 36, 1, 100], [1, 38, 1, 9], [2, 36, 1, 9]], true), "3 notes: Kick, Snare");
  assert.equal(notesWords([]), "no notes");
  assert.deepEqual(pitchRange([]), [60, 72]);
});

test("meters give bars and positions", () => {
  const cases = [["4/4", 4], ["6/8", 3], ["7/8", 3.5], ["2/2", 4], ["nonsense", 4]];
  for (const [meter, beats] of cases) assert.equal(barBeats(meter), beats, meter);
  assert.equal(positionWords(0, "4/4"), "1.1.1");
  assert.equal(positionWords(5.25, "4/4"), "2.2.2");
  assert.equal(positionWords(3.5, "6/8"), "2.2.1");
  assert.equal(lengthWords(16, "4/4"), "4 bars");
  assert.equal(lengthWords(3, "6/8"), "1 bar");
  assert.equal(lengthWords(2.5, "4/4"), "2.5 beats");
});

test("parts are named and coloured as the device has them", () => {
  assert.deepEqual(["drums", "harmony", "atmosphere", "kazoo", ""].map(partWord), ["Drums", "Chords", "Atmosphere", "Kazoo", "Clip"]);
  assert.deepEqual(["harmony", "kazoo"].map(partColor), ["var(--chords)", "var(--other)"]);
});

test("times, sizes and counts", () => {
  assert.deepEqual([0, 65, 3599.6].map(clock), ["0:00", "1:05", "60:00"]);
  assert.equal(ago(1000, 1010), "just now");
  assert.equal(ago(1000, 1200), "3 min ago");
  assert.deepEqual([4.21, 42.4, 1420].map(milliseconds), ["4.2 ms", "42 ms", "1.4 s"]);
  assert.deepEqual([999, 1500, 15_000_000].map(size), ["999 B", "1.5 kB", "15 MB"]);
  assert.deepEqual([counted(1, "bar"), counted(2, "bar")], ["1 bar", "2 bars"]);
  assert.deepEqual([rounded(104), rounded(99.999), rounded(93.456)], ["104", "100", "93.46"]);
});
