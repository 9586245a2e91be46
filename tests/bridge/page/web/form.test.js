import assert from "node:assert/strict";
import { test } from "node:test";

import { againstHighest, energyOfBars, energyWords } from "../../../../bridge/page/web/core/energy.js";
import { commonWords, formOf, notesInSection } from "../../../../bridge/page/web/core/form.js";
import { applyChanges, NO_SET } from "../../../../bridge/page/web/core/set.js";

const track = (id) => ({ id, number: id, kind: "midi", name: `T${id}`, color: "#fff" });
const clip = (id, track, scene, more = {}) => ({ id, track, scene, start: 0, kind: "midi", name: `C${id}`, length: 16, looping: true, ...more });
const setOf = (scenes, clips) => applyChanges(NO_SET, { version: 1, whole: true, tracks: [track(1), track(2), track(3)], scenes, clips });

test("the form of scenes has their order, their longest clips, and none that is empty", () => {
  const scenes = [{ id: 7, number: 1, name: "" }, { id: 8, number: 2, name: "Verse" }, { id: 9, number: 3, name: "" }];
  const form = formOf(setOf(scenes, [clip(1, 1, 8), clip(2, 2, 8, { length: 32 }), clip(3, 2, 9)]));
  assert.equal(form.where, "scenes");
  assert.deepEqual(form.sections.map(({ name, scene, start, length }) => [name, scene, start, length]), [["Verse", 2, 0, 32], ["Scene 3", 3, 32, 16]]);
  assert.deepEqual(form.tracks.map(({ id }) => id), [1, 2]);
  assert.equal(form.beats, 48);
  assert.equal(form.sections[0].clips.get(2).id, 2);
});

test("the form of the Arrangement has a section where clips begin, named by what their names share", () => {
  const arranged = [
    clip(1, 1, 0, { name: "Intro drums", length: 32 }), clip(2, 2, 0, { name: "Intro bass", length: 32 }),
    clip(3, 1, 0, { name: "Drop 1 drums", start: 32, length: 64 }), clip(4, 3, 0, { name: "Drop 1 melody", start: 32, length: 64 }),
  ];
  const form = formOf(setOf([], arranged));
  assert.equal(form.where, "timeline");
  assert.deepEqual(form.sections.map(({ name, start, length }) => [name, start, length]), [["Intro", 0, 32], ["Drop 1", 32, 64]]);
  const both = setOf([{ id: 9, number: 1, name: "A" }], [...arranged, clip(5, 1, 9)]);
  assert.equal(formOf(both).where, "scenes");
  assert.equal(formOf(both, "timeline").sections.length, 2);
  assert.deepEqual(formOf(NO_SET).sections, []);
});

test("names of sections are whole words", () => {
  const cases = [[["Drop 1 drums", "Drop 1 bass"], "Drop 1"], [["Drop 1 drums"], "Drop 1"], [["Verse", "Verses"], ""], [["Solo"], "Solo"], [[], ""], [["", ""], ""]];
  for (const [names, words] of cases) assert.equal(commonWords(names), words, names.join());
});

test("a shorter clip comes again in its section, if it loops", () => {
  const notes = [[0, 36, 1, 100], [3, 38, 1, 90], [9, 40, 1, 90]];
  const looping = notesInSection(notes, clip(1, 1, 1, { length: 4 }), 10);
  assert.deepEqual(looping.map(([start, pitch]) => [start, pitch]), [[0, 36], [3, 38], [4, 36], [7, 38], [8, 36]]);
  assert.equal(notesInSection(notes, clip(1, 1, 1, { length: 4, looping: false }), 10).length, 2);
  assert.equal(notesInSection(notes, clip(1, 1, 1, { length: 0 }), 10).length, 0);
  assert.deepEqual(notesInSection(notes, clip(1, 1, 1, { length: 4, looping: false }), 10, 2), [[1, 38, 1, 90]]);
});

test("energy counts onsets by their velocity in each bar, over all parts", () => {
  const parts = [[[0, 36, 1, 127], [3.99, 36, 1, 127], [4, 36, 1, 127]], [[1, 60, 8, 0], [8, 60, 1, 127], [-1, 60, 1, 127]]];
  assert.deepEqual(energyOfBars(parts, 8, 4), [2, 1]);
  assert.deepEqual(energyOfBars(parts, 9, 4), [2, 1, 1]);
  assert.deepEqual(energyOfBars([[[3, 36, 1, 127]]], 6, 3), [0, 1]);
  assert.deepEqual(energyOfBars([], 0, 4), []);
  assert.deepEqual(againstHighest([[1, 4], [2]]), [[0.25, 1], [0.5]]);
  assert.deepEqual(againstHighest([[0], []]), [[0], []]);
});

test("energy in words", () => {
  const sections = [{ name: "Intro", energy: [0.1, 0.3] }, { name: "Chorus", energy: [0.9] }];
  assert.equal(energyWords(sections), "energy highest in Chorus, lowest in Intro");
  assert.equal(energyWords(sections.slice(0, 1)), "energy highest in Intro");
  assert.equal(energyWords([]), "no energy yet");
});
