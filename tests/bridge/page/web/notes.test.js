import assert from "node:assert/strict";
import { test } from "node:test";

import {
  add, beginEdit, change, choose, chooseToo, chosenWords, countChanged, inFrame, lengthen, makeLouder, move, neighbour, redo, remove, rowsOf,
  snapDown, snapNear, stepOf, undo,
} from "../../../../bridge/page/web/core/notes.js";

const ROWS = [[0, 60, 1, 90], [1.01, 64, 0.5, 80], [2, 67, 0.25, 70]];
const PITCHES = Array.from({ length: 128 }, (_, pitch) => pitch);
const BOUNDS = { first: 0, pitches: PITCHES, shortest: 0.25 };

test("what is not changed goes back as it came, in the order of time", () => {
  const edit = beginEdit([ROWS[2], ROWS[0], ROWS[1]]);
  assert.deepEqual(rowsOf(edit.notes), ROWS);
  assert.equal(countChanged(edit.notes, edit.notes), 0);
});

test("notes move together, and stop together at the first beat and the last pitch", () => {
  const edit = choose(beginEdit(ROWS), [1, 2]);
  const moved = move(edit.notes, edit.chosen, 0.25, 2, BOUNDS);
  assert.deepEqual(rowsOf(moved), [[0, 60, 1, 90], [1.26, 66, 0.5, 80], [2.25, 69, 0.25, 70]]);
  const stopped = move(edit.notes, edit.chosen, -9, 100, BOUNDS);
  assert.deepEqual(rowsOf(stopped).map(([start, pitch]) => [Math.round(start * 100) / 100, pitch]), [[0, 60], [0, 124], [0.99, 127]]);
});

test("drums move by rows, not by semitones", () => {
  const edit = choose(beginEdit([[0, 36, 0.25, 90]]), [0]);
  assert.equal(move(edit.notes, edit.chosen, 0, 1, { ...BOUNDS, pitches: [36, 38, 42] })[0].pitch, 38);
  assert.equal(move(edit.notes, edit.chosen, 0, 9, { ...BOUNDS, pitches: [36, 38, 42] })[0].pitch, 42);
});

test("a note before the clip's first beat is not pushed by a move in pitch", () => {
  const edit = choose(beginEdit([[-1, 60, 1, 90]]), [0]);
  assert.deepEqual(rowsOf(move(edit.notes, edit.chosen, 0, 1, BOUNDS)), [[-1, 61, 1, 90]]);
});

test("a silent note that moves sounds, as the server has it", () => {
  const edit = choose(beginEdit(ROWS, [0]), [0]);
  assert.equal(edit.notes[0].muted, true);
  assert.equal(move(edit.notes, edit.chosen, 0, 0, BOUNDS)[0].muted, true);
  assert.equal(move(edit.notes, edit.chosen, 0, 1, BOUNDS)[0].muted, false);
});

test("lengths and velocities stay within their bounds", () => {
  const edit = choose(beginEdit([...ROWS, [3, 50, 0.1, 5]]), [0, 3]);
  assert.deepEqual(rowsOf(lengthen(edit.notes, edit.chosen, -4, BOUNDS)).map(([, , duration]) => duration), [0.25, 0.5, 0.25, 0.1]);
  assert.deepEqual(rowsOf(makeLouder(edit.notes, edit.chosen, 100)).map(([, , , velocity]) => velocity), [127, 80, 70, 105]);
  assert.deepEqual(rowsOf(makeLouder(edit.notes, edit.chosen, -100)).map(([, , , velocity]) => velocity), [1, 80, 70, 1]);
});

test("a moved note takes the place of another of its pitch and start: the server takes no twins", () => {
  const edit = choose(beginEdit([[0, 60, 1, 90], [1, 60, 1, 50]]), [0]);
  const moved = change(edit, move(edit.notes, edit.chosen, 1, 0, BOUNDS));
  assert.deepEqual(rowsOf(moved.notes), [[1, 60, 1, 90]]);
  assert.deepEqual(rowsOf(undo(moved).notes), [[0, 60, 1, 90], [1, 60, 1, 50]]);
});

test("each change is one step back and forth, and no change is none", () => {
  const first = choose(beginEdit(ROWS), [0]);
  assert.equal(change(first, move(first.notes, first.chosen, 0, 0, BOUNDS)).past.length, 0);
  const second = change(first, move(first.notes, first.chosen, 0, 1, BOUNDS));
  const third = remove(second);
  assert.deepEqual(rowsOf(third.notes), ROWS.slice(1));
  assert.equal(countChanged(first.notes, third.notes), 1);
  assert.deepEqual(undo(third).notes, second.notes);
  assert.deepEqual(undo(undo(third)).notes, first.notes);
  assert.deepEqual(redo(undo(third)).notes, third.notes);
  assert.equal(redo(third), third);
  const other = change(undo(third), makeLouder(second.notes, new Set([1]), 1));
  assert.equal(other.future.length, 0);
});

test("a note that is added is chosen, and its id is nobody's, not even of one that was deleted", () => {
  const edit = remove(choose(beginEdit(ROWS), [2]));
  const added = add(edit, { start: 3, pitch: 72, duration: 0.25, velocity: 96 });
  assert.deepEqual([...added.chosen], [3]);
  assert.deepEqual(rowsOf(added.notes).at(-1), [3, 72, 0.25, 96]);
});

test("a frame takes what it touches", () => {
  const { notes } = beginEdit(ROWS);
  assert.deepEqual(inFrame(notes, { from: 0.9, to: 1.2, low: 0, high: 127 }), [0, 1]);
  assert.deepEqual(inFrame(notes, { from: 0, to: 4, low: 65, high: 127 }), [2]);
  assert.deepEqual(inFrame(notes, { from: 1, to: 1.01, low: 0, high: 127 }), []);
});

test("keys go from note to note in time, and stop at the ends", () => {
  const edit = beginEdit([ROWS[1], ROWS[0], ROWS[2]]);
  assert.equal(neighbour(edit, 1), 1);
  assert.equal(neighbour(edit, 1, 1.5), 2);
  assert.equal(neighbour(choose(edit, [1]), 1), 0);
  assert.equal(neighbour(choose(edit, [1]), -1), 1);
  assert.equal(neighbour(choose(edit, [1, 2]), -1), 1);
  assert.equal(neighbour(choose(edit, [1, 0]), 1), 2);
  assert.equal(neighbour(beginEdit([]), 1), undefined);
});

test("grids snap down where a note is added and to the nearest where it moves; off snaps nowhere", () => {
  assert.equal(snapDown(1.49, stepOf("1/16")), 1.25);
  assert.equal(snapNear(0.2, stepOf("1/16")), 0.25);
  assert.ok(Math.abs(snapDown(0.99, stepOf("1/8t")) - 2 / 3) < 1e-9);
  assert.equal(snapNear(0.2, stepOf("off")), 0.2);
});

test("what is chosen is said", () => {
  const edit = beginEdit(ROWS, [2]);
  assert.equal(chosenWords(edit, "4/4", false), "Nothing selected");
  assert.equal(chosenWords(choose(edit, [1]), "4/4", false), "E3 at 1.2.1, 0.5 beats, velocity 80");
  assert.equal(chosenWords(choose(edit, [2]), "4/4", false), "G3 at 1.3.1, 0.25 beats, velocity 70, silent");
  assert.equal(chosenWords(chooseToo(choose(edit, [0]), 2), "4/4", false), "2 notes selected, C3 to G3");
  assert.equal(chosenWords(choose(beginEdit([[0, 36, 0.25, 99]]), [0]), "4/4", true), "Kick at 1.1.1, 0.25 beats, velocity 99");
});
