import assert from "node:assert/strict";
import { test } from "node:test";

import { askedWords, chordRows, isSound, paramRows, repeated, turnable } from "../../../../bridge/page/web/core/why.js";

const take = (params) => ({ params });
const ENGINE = {
  parameters: {
    properties: {
      bars: { type: "integer", default: 8, description: "length in bars" },
      complexity: { type: "number", minimum: 0, maximum: 1, default: 0.5, description: "how much happens" },
      swing: { anyOf: [{ description: "long to short" }, { type: "null" }], default: null },
      track: { default: null },
      options: { properties: { fills: { type: "number", minimum: 0, maximum: 1, default: 0.5 }, kit: { default: "general midi" } } },
    },
  },
};

test("how it was asked for", () => {
  assert.equal(askedWords(take({ do: "band" })), "Band");
  assert.equal(askedWords(take({ do: "refine", changes: ["busier", "darker"] })), "Another take: busier, darker");
  assert.equal(askedWords(take({ do: "juggle" })), "juggle");
});

test("each parameter in words: what was asked for, and what is usual", () => {
  const rows = paramRows(take({ do: "generate", bars: 1, swing: 2, complexity: 0.5, track: 3, options: { kit: "808" } }), ENGINE);
  assert.deepEqual(rows.map(({ name, words, isUsual }) => [name, words, isUsual]), [
    ["Length", "1 bar", false],
    ["Complexity", "50 %", true],
    ["Swing", "triplets, 2 : 1", false],
    ["Fills", "50 %", true],
    ["Kit", "808", false],
  ]);
  assert.deepEqual(rows.map(({ help }) => help).slice(0, 3), ["length in bars", "how much happens", "long to short"]);
});

test("a parameter that no engine tells is there, too, and another kind of request has no defaults of an engine", () => {
  const rows = paramRows(take({ do: "refine", changes: ["busier"], vary_bars: 2, scene: 1, seed: 3 }), ENGINE);
  assert.deepEqual(rows.map(({ name, words }) => [name, words]), [["Changes", "busier"], ["Varied bars", "2"]]);
  assert.deepEqual(paramRows(take({ do: "generate", follow: false }), null).map(({ words }) => words), ["no"]);
});

test("dials turn what the server turns, and else it is said why not", () => {
  assert.equal(turnable(take({ do: "band" })).dials.length, 4);
  assert.deepEqual(turnable(take({ do: "song" })).dials, ["complexity"]);
  assert.match(turnable(take({ do: "edit" })).why, /by hand/);
  assert.equal(turnable(take({ do: "imagine" })).dials.length, 0);
  assert.equal(isSound(take({ do: "split" })), true);
  assert.equal(isSound(take({ do: "band" })), false);
});

test("chords of a text are where the players have them", () => {
  assert.deepEqual(chordRows("Am F", 16, "4/4"), [[0, "Am"], [4, "F"], [8, "Am"], [12, "F"]]);
  assert.deepEqual(chordRows("| Am7 Dm7 G7 | % |", 8, "4/4"), [[0, "Am7"], [2, "Dm7"], [3, "G7"], [4, "Am7"], [6, "Dm7"], [7, "G7"]]);
  assert.deepEqual(chordRows("Am | N.C.", 6, "6/8"), [[0, "Am"], [3, ""]]);
  assert.deepEqual(chordRows("|C G F|", 3, "6/8"), [[0, "C"], [1, "G"], [2, "F"]]);
  assert.deepEqual(chordRows("|C G|", 4.5, "9/8"), [[0, "C"], [3, "G"]]);
  assert.deepEqual(chordRows("Am | Am", 8, "4/4"), [[0, "Am"]]);
  assert.deepEqual(chordRows(" ", 8, "4/4"), []);
});

test("chords of a shorter clip come again above a longer one", () => {
  assert.deepEqual(repeated([[0, "Am"], [2, "F"]], 4, 7), [[0, "Am"], [2, "F"], [4, "Am"], [6, "F"]]);
  assert.deepEqual(repeated([[0, "Am"]], 0, 7), []);
});
