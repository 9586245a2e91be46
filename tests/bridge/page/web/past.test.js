import assert from "node:assert/strict";
import { test } from "node:test";

import { againRequest, fileName, filterTakes, isSameNotes, joinNewest, kindWord, NO_FILTER, originsOf, redoable, wayTo } from "../../../../bridge/page/web/core/past.js";

const take = (id, more = {}) => ({ id, name: `Take ${id}`, part: "bass", style: "funk", key: "A minor", liked: 0, params: {}, length_beats: 16, engine: "bassaroo", seed: 7, time_signature: "4/4", ...more });
/** Steps as they come, oldest first; undo and redo mark the one they mean. */
function history(...done) {
  const steps = [];
  const undone = [];
  for (const act of done) {
    if (act === "undo") {
      const step = steps.findLast((each) => !each.undone && !["undo", "redo"].includes(each.do));
      step.undone = true;
      undone.push(step);
    } else if (act === "redo") undone.pop().undone = false;
    else undone.length = 0;
    steps.push({ version: steps.length + 1, do: act === "undo" || act === "redo" ? act : "generate", label: act, undone: false, made: steps.length, by: "ada", takes: [`${act}.1`] });
  }
  return steps.reverse();
}
const wayOf = (steps, version) => {
  const way = wayTo(steps, version);
  return [way.do, ...way.steps.map((step) => step.version)];
};

test("the way back undoes what came since, newest first, without what is undone already", () => {
  const steps = history("a", "b", "undo", "c", "d");
  assert.deepEqual(wayOf(steps, 1), ["undo", 5, 4]);
  assert.deepEqual(wayOf(steps, 4), ["undo", 5]);
  assert.deepEqual(wayOf(steps, 5), [""]);
  assert.deepEqual(wayOf(steps, 3), [""]);
  assert.deepEqual(wayOf(steps, 99), [""]);
});

test("the way forward redoes what was undone last first, and ends where something else was done", () => {
  const steps = history("a", "b", "c", "undo", "undo");
  assert.deepEqual(redoable(steps).map(({ version }) => version), [2, 3]);
  assert.deepEqual(wayOf(steps, 3), ["redo", 2, 3]);
  assert.deepEqual(wayOf(steps, 2), ["redo", 2]);
  assert.deepEqual(wayOf(history("a", "b", "c", "undo", "undo", "redo"), 3), ["redo", 3]);
  assert.deepEqual(wayOf(history("a", "b", "undo", "c"), 2), [""]);
  assert.deepEqual(wayOf(history("a", "b", "undo", "c", "undo"), 2), [""]);
  assert.deepEqual(wayOf(history("a", "b", "undo", "c", "undo"), 4), ["redo", 4]);
});

test("a filter lets through what has all that is chosen", () => {
  const takes = [take("1", { part: "drums", liked: 1 }), take("2", { style: "house", name: "Deep line" }), take("3", { part: "harmony", params: { prompt: "Glass bells" } })];
  const origins = originsOf([{ version: 1, do: "band", label: "funk band", by: "ada", undone: false, takes: ["1", "3"] }, { version: 2, do: "edit", label: "x", by: "bo", undone: true, takes: ["2"] }]);
  const ids = (some) => filterTakes(takes, origins, { ...NO_FILTER, ...some }).map(({ id }) => id).join("");
  assert.equal(filterTakes(takes, origins, NO_FILTER), takes);
  const cases = [[{ part: "Drums" }, "1"], [{ part: "Chords" }, "3"], [{ style: "house" }, "2"], [{ liked: "liked" }, "1"], [{ liked: "disliked" }, ""], [{ by: "bo" }, "2"],
    [{ by: "ada", liked: "liked" }, "1"], [{ words: "BELLS glass" }, "3"], [{ words: "funk band" }, "13"], [{ words: "deep" }, "2"], [{ words: "deep bells" }, ""]];
  for (const [some, wanted] of cases) assert.equal(ids(some), wanted, JSON.stringify(some));
  assert.equal(origins.get("2").undone, true);
});

test("sounds without a part are stems or loops", () => {
  const cases = [[{ part: "harmony" }, "Chords"], [{ part: "unknown", engine: "split" }, "Stem"], [{ part: "unknown", engine: "imagine" }, "Loop"], [{ part: "", engine: "hand" }, "Clip"]];
  for (const [more, word] of cases) assert.equal(kindWord(take("1", more)), word);
});

test("new pages join what is known, and replace it where something is missing between", () => {
  const known = [{ id: 3, v: "old" }, { id: 2 }, { id: 1 }];
  const joined = joinNewest(known, [{ id: 4 }, { id: 3, v: "new" }], ({ id }) => id);
  assert.deepEqual([joined.items.map(({ id }) => id), joined.items[1].v, joined.isJoined], [[4, 3, 2, 1], "new", true]);
  assert.equal(joinNewest(known, [{ id: 9 }, { id: 8 }], ({ id }) => id).isJoined, false);
  assert.equal(joinNewest([], [{ id: 9 }], ({ id }) => id).isJoined, true);
});

test("a take whose clip has gone is played again at its length, by its player", () => {
  assert.deepEqual(againRequest(take("1", { length_beats: 18 }), 4), { do: "generate", engine: "bassaroo", style: "funk", bars: 5, key: "A minor", seed: 7, scene: 0 });
  assert.equal(againRequest(take("1", { engine: "hand", part: "melody" }), 4).engine, "melody");
  assert.equal(againRequest(take("1", { engine: "split" }), 4), null);
  assert.equal(isSameNotes([[0, 60, 1, 100]], [[0, 60, 1, 100]]), true);
  assert.equal(isSameNotes([[0, 60, 1, 100]], [[0, 60, 1, 99]]), false);
});

test("file names have nothing that file systems forbid", () => {
  assert.equal(fileName(take("abcdef0123.1", { name: "A/B: \"deep\"" }), "mid"), "A-B- -deep- 0123.1.mid");
});
