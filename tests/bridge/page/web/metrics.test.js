import assert from "node:assert/strict";
import { test } from "node:test";

import { adviceOf, hitRate, quantileOf } from "../../../../bridge/page/web/core/health.js";
import { grown, quantile, readMetrics, sumOf } from "../../../../bridge/page/web/core/metrics.js";

const TEXT = `# HELP a_total Things.
# TYPE a_total counter
a_total{route="/x",status="2xx"} 3
a_total{route="/y{z}",status="2xx"} 4
odd{name="a \\"b\\" \\\\ c\\nd",empty=""} 1.5e3 1700000000
free 7
time_bucket{leg="total",le="0.1"} 0
time_bucket{leg="total",le="0.2"} 8
time_bucket{leg="total",le="+Inf"} 10
time_bucket{leg="live",le="0.1"} 5
time_bucket{leg="live",le="0.2"} 5
time_bucket{leg="live",le="+Inf"} 5

not a metric
`;
const EMPTY = readMetrics("");

test("the text of Prometheus is read with its labels and their escapes", () => {
  const metrics = readMetrics(TEXT);
  assert.equal(sumOf(metrics, "a_total"), 7);
  assert.equal(sumOf(metrics, "a_total", { route: "/y{z}" }), 4);
  assert.equal(sumOf(metrics, "a_total", { route: "/none" }), null);
  assert.equal(sumOf(metrics, "absent"), null);
  assert.deepEqual(metrics.get("odd"), [{ labels: { name: 'a "b" \\ c\nd', empty: "" }, value: 1500 }]);
  assert.equal(sumOf(metrics, "free"), 7);
});

test("quantiles lie within their bucket, of one leg or of all", () => {
  const metrics = readMetrics(TEXT);
  assert.ok(Math.abs((quantile(EMPTY, metrics, "time", 0.5, { leg: "total" }) ?? 0) - 0.1625) < 1e-9);
  assert.ok(Math.abs((quantile(EMPTY, metrics, "time", 0.5, { leg: "live" }) ?? 0) - 0.05) < 1e-9);
  // What is beyond the last bound is told as that bound.
  assert.equal(quantile(EMPTY, metrics, "time", 0.99, { leg: "total" }), 0.2);
  assert.ok((quantile(EMPTY, metrics, "time", 0.5) ?? 0) > 0.1);
  assert.equal(quantile(metrics, metrics, "time", 0.5), null);
  assert.equal(quantile(EMPTY, metrics, "absent", 0.5), null);
});

test("counters grow, also when the program was started again", () => {
  const before = readMetrics("a_total 10");
  assert.equal(grown(before, readMetrics("a_total 13"), "a_total"), 3);
  assert.equal(grown(before, readMetrics("a_total 2"), "a_total"), 2);
  assert.equal(grown(EMPTY, before, "a_total"), 10);
});

const WELL = { connection: /** @type {const} */ ("here"), isLive: false, health: null, faults: 0, shed: 0, inputMs: null };
const HEALTH = { problem: "", lives: [], latency: {}, api: null, lean: [], queue: 0, disk_free: 1e11 };

test("what is wrong is said in words, worst first", () => {
  assert.deepEqual(adviceOf({ ...WELL, health: HEALTH, inputMs: 24 }), []);
  const found = adviceOf({ ...WELL, connection: "lost", health: { ...HEALTH, disk_free: 4e9, queue: 7, lean: ["DrumRoo", "BassaRoo"] }, faults: 1, inputMs: 80 });
  assert.deepEqual(found.map(({ state }) => state), ["bad", "bad", "watch", "watch", "watch", "watch"]);
  const said = found.map(({ sentence }) => sentence).join(" ");
  for (const word of ["server is away", "1 request failed", "4.0 GB", "7 requests wait", "DrumRoo and BassaRoo play", "80 ms"]) assert.ok(said.includes(word), word);
});

test("the daemon is missed by a session on Live alone", () => {
  const health = { ...HEALTH, problem: "MuseAroo is not running: start it with musearoo run." };
  assert.deepEqual(adviceOf({ ...WELL, health }), []);
  assert.deepEqual(adviceOf({ ...WELL, isLive: true, health }), [{ state: "bad", sentence: health.problem }]);
});

test("a slow press names the leg that takes most of it", () => {
  const slow = (/** @type {number} */ composed) => adviceOf({ ...WELL, health: { ...HEALTH, latency: { total: { p95: 300 }, composed: { p95: composed } } } })[0]?.sentence ?? "";
  assert.match(slow(250), /300 ms at p95: composing/);
  assert.match(slow(20), /300 ms at p95: Live/);
});

test("rates and quantiles of little", () => {
  assert.equal(hitRate(null), null);
  assert.equal(hitRate({ hits: 0, misses: 0 }), null);
  assert.equal(hitRate({ hits: 3, misses: 1 }), 0.75);
  assert.equal(quantileOf([], 0.95), null);
  assert.equal(quantileOf([5, 1, 3], 0.5), 3);
  assert.equal(quantileOf(Array.from({ length: 100 }, (_, index) => index + 1), 0.95), 95);
});
