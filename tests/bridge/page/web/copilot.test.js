import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { qrPath } from "../../../../bridge/page/web/core/qr.js";
import { EXAMPLES, intentWords, sureness } from "../../../../bridge/page/web/core/sentences.js";

const preset = (/** @type {string} */ name) => readFileSync(new URL(`../../../../presets/${name}`, import.meta.url), "utf8");

test("each sentence to press is one that the grammar's own tests hold it to", () => {
  const known = preset("voice_sentences.yaml") + preset("voice.yaml");
  const sentences = EXAMPLES.flatMap(([, each]) => each);
  for (const sentence of sentences) assert.ok(known.includes(`"${sentence}"`) || new RegExp(`examples:.*\\b${sentence}\\b`).test(known), sentence);
  assert.equal(new Set(sentences).size, sentences.length);
});

test("answers have words for what was understood", () => {
  assert.equal(intentWords("generate"), "New clip");
  assert.equal(intentWords("say"), "");
  assert.deepEqual([0.95, 0.7, 0.4].map(sureness), ["heard clearly, 95 %", "heard, 70 % sure", "heard with doubt, 40 % sure"]);
});

test("a QR code is one path of its dark modules", () => {
  assert.equal(qrPath(["1101", "0010"]), "M0 0h2v1h-2zM3 0h1v1h-1zM2 1h1v1h-1z");
  assert.equal(qrPath([]), "");
});
