import assert from "node:assert/strict";
import { test } from "node:test";

import { backendOf, etaWords, noticesOf, ofKind, phaseWords, sentenceOfJob, shortName, soundsOf } from "../../../../bridge/page/web/core/jobs.js";
import { keyOf, pauseAfter, PIECE, pieceEnd, rowsInView } from "../../../../bridge/page/web/core/pieces.js";

const job = (more = {}) => ({ id: "1", kind: "split", state: "running", phase: "working", fraction: 0.5, text: "", made: 1, request: {}, result: null, ...more });

test("what a job does, in words", () => {
  const cases = [
    [{ state: "waiting", place: 2 }, "Waiting: 2 jobs come first"], [{ state: "waiting", place: 1 }, "Waiting: 1 job comes first"],
    [{ state: "waiting", place: null }, "Waiting"], [{ text: "Taking apart" }, "Taking apart"], [{ phase: "loading" }, "Loading the model"],
    [{ phase: "loading", kind: "render" }, "Getting ready"], [{ phase: "" }, "At work"], [{ state: "done" }, "Done"], [{ state: "failed", text: "x" }, "Failed"], [{ state: "cancelled" }, "Cancelled"],
  ];
  for (const [more, words] of cases) assert.equal(phaseWords(job(more)), words);
});

test("how long it still takes", () => {
  const cases = [[null, ""], [2, "a few seconds left"], [12, "about 15 s left"], [80, "about 1 min left"], [3000, "about 50 min left"], [7300, "about 2 hours left"]];
  for (const [eta, words] of cases) assert.equal(etaWords(job({ eta })), words);
  assert.equal(etaWords(job({ eta: 12, state: "done" })), "");
});

test("files and takes of a job go together; sidecars are no sounds", () => {
  const result = {
    facts: { backend: "sketch", takes: [{ seconds: 4 }, { seconds: 4 }] },
    files: [{ id: "f1", name: "dub · take 1 (Sketch).wav" }, { id: "j1", name: "dub · take 1 (Sketch).musearoo.json" }, { id: "f2", name: "dub · take 2 (Sketch).wav" }],
    outcome: { sentence: "dub, 2 takes", notices: ["n"], takes: [{ id: "t1", name: "dub · take 1 (Sketch)" }, { id: "t2", name: "x" }] },
  };
  const done = job({ state: "done", result });
  assert.deepEqual(soundsOf(done).map(({ file, take, seconds }) => [file.id, take.id, seconds]), [["f1", "t1", 4], ["f2", "t2", 4]]);
  assert.equal(backendOf(done), "sketch");
  assert.equal(sentenceOfJob(done), "dub, 2 takes");
  assert.deepEqual(noticesOf(done), ["n"]);
  const inLive = job({ result: { files: [], outcome: { sentence: "s", takes: [{ id: "t", name: "a · Drums (DSP)", engine_version: "0.1.0 dsp" }] } } });
  assert.deepEqual(soundsOf(inLive).map(({ file, name }) => [file, name]), [[null, "a · Drums (DSP)"]]);
  assert.equal(backendOf(inLive), "dsp");
  assert.deepEqual(soundsOf(job()), []);
  assert.equal(backendOf(job()), "");
});

test("names of stems are short, and jobs come newest first", () => {
  assert.deepEqual(["loop · Drums (DSP)", "Vocals", "a · b · Other (Demucs)"].map(shortName), ["Drums", "Vocals", "Other"]);
  const jobs = [job({ id: "a", made: 1 }), job({ id: "b", made: 3 }), job({ id: "c", kind: "render", made: 9 })];
  assert.deepEqual(ofKind(jobs, "split").map(({ id }) => id), ["b", "a"]);
});

test("files go in pieces, and tries end", () => {
  assert.equal(pieceEnd(0, PIECE + 1), PIECE);
  assert.equal(pieceEnd(PIECE, PIECE + 1), PIECE + 1);
  const pauses = Array.from({ length: 8 }, (_, failures) => pauseAfter(failures));
  assert.ok(pauses.slice(1, 7).every((pause, index) => pause >= pauses[index] && pause > 0));
  assert.equal(pauses[7], -1);
  assert.notEqual(keyOf({ name: "a", size: 1, lastModified: 2 }), keyOf({ name: "a", size: 1, lastModified: 3 }));
});

test("only rows near what is seen are drawn", () => {
  assert.deepEqual(rowsInView(0, 640, 64, 10_000), { from: 0, to: 14 });
  assert.deepEqual(rowsInView(6400, 640, 64, 10_000), { from: 96, to: 114 });
  assert.deepEqual(rowsInView(6400, 640, 64, 20), { from: 20, to: 20 });
  assert.deepEqual(rowsInView(0, 640, 64, 0), { from: 0, to: 0 });
});
