/** Health: how quick MuseAroo is, what it waits for, what is wrong and what to do. */

import { adviceOf, hitRate, INSTANT, listed } from "../core/health.js";
import { growth, quantile, readMetrics, sumOf } from "../core/metrics.js";
import { counted, milliseconds, rounded, size } from "../core/words.js";
import { Canvas } from "../draw/canvas.js";
import { drawPlot } from "../draw/plot.js";
import { isSounding, sound } from "../listen.js";
import { Button } from "../parts/controls.js";
import { connection, live, people, rest, session, set } from "../store.js";
import { html, signal, useEffect } from "../vendor/preact.js";
import { measureOwn } from "./health/own.js";

/** @typedef {import("../core/metrics.js").Metrics} Metrics */
/** @typedef {import("./health/own.js").OwnFigures} OwnFigures */
/** @typedef {"cpu" | "memory" | "requests" | "faults" | "shed"} Counted */
/** @typedef {{ at: number, health: any, counts: Record<Counted, number> | null, own: OwnFigures, roundTripMs: number | null }} Reading */

const NAMES = /** @type {const} */ ({
  cpu: "musearoo_api_process_cpu_seconds_total",
  memory: "musearoo_api_process_resident_memory_bytes",
  requests: "musearoo_api_requests_total",
  faults: "musearoo_api_faults_total",
  shed: "musearoo_api_shed_total",
});

const EVERY = 5000;
const SECONDS = 600;
/** Readings of the last ten minutes; they stay when the view is left. */
const readings = signal(/** @type {readonly Reading[]} */ ([]));
/** The newest metrics; of those before, what is plotted alone is kept. */
const NONE = /** @type {Metrics} */ (new Map());
const latest = signal(NONE);
/** Why the metrics cannot be read, such as a token without that scope. */
const metricsTrouble = signal("");

export default function HealthView() {
  useEffect(() => {
    const own = measureOwn();
    let isOver = false;
    const read = async () => {
      if (document.visibilityState === "visible") await readAll(own.read());
      if (!isOver) timer = setTimeout(read, EVERY);
    };
    let timer = setTimeout(read);
    return () => {
      isOver = true;
      clearTimeout(timer);
      own.end();
    };
  }, []);
  const last = readings.value.at(-1);
  if (!last) return html`<div class="view health-view" aria-busy="true"><h1>Health</h1></div>`;
  return html`<div class="view health-view">
    <div class="row apart"><h1>Health</h1><span class="note small">Read every 5 seconds; plots show the last 10 minutes</span></div>
    <${Wrong} last=${last} />
    <div class="cards">
      <${Latency} last=${last} />
      <${Ahead} last=${last} />
      <${Server} last=${last} />
      <${Own} last=${last} />
      <${Versions} last=${last} />
    </div>
  </div>`;
}

/** @param {OwnFigures} own */
async function readAll(own) {
  const asked = performance.now();
  const health = await rest.value.get("/health").catch(() => null);
  const roundTripMs = health ? performance.now() - asked : null;
  const counts = await readCounts();
  const at = Date.now() / 1000;
  readings.value = [...readings.value.filter((each) => each.at > at - SECONDS), { at, health, counts, own, roundTripMs }];
}

async function readCounts() {
  if (metricsTrouble.value) return null;
  try {
    const metrics = readMetrics(await (await rest.value.file("/metrics")).text());
    latest.value = metrics;
    return /** @type {Record<Counted, number>} */ (Object.fromEntries(Object.entries(NAMES).map(([each, name]) => [each, sumOf(metrics, name) ?? 0])));
  } catch (error) {
    const isRefused = error instanceof Error && "status" in error && (error.status === 403 || error.status === 404);
    if (isRefused) metricsTrouble.value = error.message;
    return null;
  }
}

/** How much a counter has grown over the readings that are kept. @param {Counted} name */
function grownLately(name) {
  const known = readings.value.flatMap(({ counts }) => (counts ? [counts[name]] : []));
  return growth(known[0] ?? 0, known.at(-1) ?? 0);
}

/** @param {{ last: Reading }} props */
function Wrong({ last }) {
  const advice = adviceOf({
    connection: connection.value,
    isLive: session.value?.set === "live",
    health: last.health,
    faults: grownLately("faults"),
    shed: grownLately("shed"),
    inputMs: last.own.inputMs,
  });
  const isBad = advice.some(({ state }) => state === "bad");
  return html`<section class="panel stack wrong" aria-label="What is wrong">
    <h2 data-state=${isBad ? "bad" : advice.length ? "watch" : "good"}>${advice.length ? (isBad ? "Something is wrong" : "It works; look at this") : "All is well"}</h2>
    ${advice.length
      ? html`<ul class="stack">${advice.map(({ state, sentence }) => html`<li key=${sentence} data-state=${state}>${sentence}</li>`)}</ul>`
      : html`<p class="note">The server answers, nothing waits, and nothing failed in the last minutes.</p>`}
  </section>`;
}

/**
 * A value with its plot.
 * @param {{ name: string, words: string, value: (reading: Reading, before: Reading | undefined) => number | null, limit?: number, most?: number, note?: string }} props
 */
function Figure({ name, words, value, limit, most, note }) {
  const all = readings.value;
  const points = all.map((reading, index) => ({ at: reading.at, value: value(reading, all[index - 1]) }));
  return html`<div class="figure">
    <div class="row apart"><h3>${name}</h3><strong>${words}</strong></div>
    <${Canvas}
      height=${44}
      label=${`${name}: ${words}`}
      depends=${[all]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) =>
        drawPlot(context, width, height, { points, now: all.at(-1)?.at ?? 0, seconds: SECONDS, limit, most })}
    />
    ${note && html`<p class="note small">${note}</p>`}
  </div>`;
}

const LEGS = /** @type {const} */ ([["total", "From press to clip"], ["composed", "Composing"], ["live", "In Live"]]);

/** @param {{ last: Reading }} props */
function Latency({ last }) {
  const latency = last.health?.latency ?? {};
  const rows = [
    ...LEGS.filter(([leg]) => latency[leg]).map(([leg, words]) => /** @type {const} */ ([words, latency[leg]])),
    ...(last.health?.api ? [/** @type {const} */ (["Takes that the server composed", last.health.api])] : []),
  ];
  const p95 = (/** @type {Reading} */ { health }) => health?.latency?.total?.p95 ?? health?.api?.p95 ?? null;
  return html`<section class="panel stack" aria-label="Latency">
    <h2>Latency</h2>
    ${rows.length
      ? html`<table>
          <thead><tr><th scope="col"><span class="heard">Leg</span></th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th></tr></thead>
          <tbody>
            ${rows.map(([words, each]) => html`<tr key=${words}><th scope="row">${words}</th><td>${milliseconds(each.p50)}</td><td>${milliseconds(each.p95)}</td><td>${milliseconds(each.p99)}</td></tr>`)}
          </tbody>
        </table>`
      : html`<p class="note">Nothing was pressed since the start.</p>`}
    <${Figure} name="p95 since the start" words=${wordsOf(p95(last), milliseconds)} value=${p95} limit=${INSTANT} note=${`The dashed line is ${INSTANT} ms: below it a press feels immediate.`} />
    <${Figure} name="This page to the server and back" words=${wordsOf(last.roundTripMs, milliseconds)} value=${(/** @type {Reading} */ { roundTripMs }) => roundTripMs} most=${20} />
  </section>`;
}

/** @param {number | null} value @param {(value: number) => string} words */
const wordsOf = (value, words) => (value === null ? "not yet known" : words(value));

/** @param {{ last: Reading }} props */
function Ahead({ last }) {
  const { health } = last;
  const rate = hitRate(health?.predictions);
  const jobs = health?.jobs ?? {};
  const queue = (/** @type {Reading} */ reading) => reading.health?.queue ?? null;
  return html`<section class="panel stack" aria-label="Prediction and queue">
    <h2>Prediction and queue</h2>
    <${Figure} name="Takes that were ready" words=${rate === null ? "none yet" : `${Math.round(100 * rate)} %`} value=${(/** @type {Reading} */ reading) => hitRate(reading.health?.predictions)} most=${1}
      note=${health?.predictions ? `${health.predictions.hits} of ${health.predictions.hits + health.predictions.misses} presses found their take composed; ${health.predictions.wasted} were not wanted.` : "With Live, takes are composed before they are pressed for."} />
    <${Figure} name="Waiting to be composed" words=${wordsOf(queue(last), String)} value=${queue} most=${4} />
    <dl class="facts">
      <dt>Jobs</dt><dd>${jobs.running || jobs.waiting ? `${jobs.running ?? 0} at work, ${jobs.waiting ?? 0} waiting` : "none"}</dd>
      <dt>Simpler takes</dt><dd>${health?.lean?.length ? listed(health.lean) : "none: the computer keeps up"}</dd>
      <dt>Disk</dt><dd>${health ? `${size(health.disk_free)} free` : "not known"}</dd>
      <dt>Models</dt><dd>${health?.models?.length ? listed(health.models) : "none fetched: the built-in ways are used"}</dd>
    </dl>
  </section>`;
}

/** @param {{ last: Reading }} props */
function Server({ last }) {
  if (metricsTrouble.value)
    return html`<section class="panel stack" aria-label="Load">
      <h2>Load</h2>
      <p class="note">${metricsTrouble.value} Open the page with a token that has the scope metrics.</p>
      <div class="row"><${Button} onPress=${() => (metricsTrouble.value = "")}>Try again<//></div>
    </section>`;
  const before = readings.value.at(-2);
  const each = (/** @type {Counted} */ name) => (/** @type {Reading} */ now, /** @type {Reading | undefined} */ then) =>
    now.counts && then?.counts ? growth(then.counts[name], now.counts[name]) / (now.at - then.at) : null;
  const [cpu, requests] = [each("cpu"), each("requests")];
  const memory = (/** @type {Reading} */ { counts }) => counts?.memory ?? null;
  const now = latest.value;
  const quick = (/** @type {string} */ name) => {
    const seconds = quantile(NONE, now, name, 0.95);
    return seconds === null ? "nothing yet" : `${milliseconds(1000 * seconds)} at p95`;
  };
  return html`<section class="panel stack" aria-label="Load">
    <h2>Load</h2>
    <${Figure} name="Processor of the server" words=${wordsOf(cpu(last, before), (/** @type {number} */ share) => `${Math.round(100 * share)} % of a core`)} value=${cpu} most=${1} />
    <${Figure} name="Memory of the server" words=${wordsOf(memory(last), size)} value=${memory} />
    <${Figure} name="Requests" words=${wordsOf(requests(last, before), (/** @type {number} */ rate) => `${rounded(rate, 1)} a second`)} value=${requests} most=${2} />
    <dl class="facts">
      <dt>Answers</dt><dd>${quick("musearoo_api_request_seconds")}</dd>
      <dt>Store</dt><dd>${quick("musearoo_store_seconds")}</dd>
      <dt>Composers</dt><dd>${sumOf(now, "musearoo_composers_busy") ?? 0} of ${sumOf(now, "musearoo_composers") ?? 0} busy</dd>
      <dt>Pages and programs</dt><dd>${counted(sumOf(now, "musearoo_api_websockets") ?? 0, "connection")}</dd>
    </dl>
  </section>`;
}

/** @param {{ last: Reading }} props */
function Own({ last }) {
  const { inputMs, inputs, frameMs, memory } = last.own;
  const { latencyMs, underruns, codec } = sound.value;
  return html`<section class="panel stack" aria-label="This page">
    <h2>This page</h2>
    <${Figure} name="From a press to the picture, p95" words=${wordsOf(inputMs, milliseconds)} value=${(/** @type {Reading} */ { own }) => own.inputMs} limit=${50}
      note=${inputs ? `Of ${counted(inputs, "press", "presses")} of 16 ms and more.` : "No press took 16 ms yet, or this browser does not tell."} />
    <${Figure} name="Frame, p95" words=${wordsOf(frameMs, milliseconds)} value=${(/** @type {Reading} */ { own }) => own.frameMs} most=${17} />
    <dl class="facts">
      <dt>Memory</dt><dd>${memory === null ? "this browser does not tell" : size(memory)}</dd>
      <dt>Sound</dt><dd>${isSounding.value ? `${Math.round(latencyMs)} ms latency, ${counted(underruns, "gap")}${codec ? `, ${codec}` : ""}` : "nothing plays"}</dd>
      <dt>Shows</dt><dd>${counted(set.value.tracks.length, "track")}, ${counted(set.value.clips.size, "clip")}</dd>
    </dl>
  </section>`;
}

const CONNECTIONS = { waiting: "connecting", here: "connected", lost: "lost; it connects again by itself" };

/** @param {{ last: Reading }} props */
function Versions({ last }) {
  const { health } = last;
  const lives = health?.lives ?? [];
  return html`<section class="panel stack" aria-label="What runs">
    <h2>What runs</h2>
    <dl class="facts">
      <dt>Connection</dt><dd>${CONNECTIONS[connection.value]}, ${counted(Math.max(1, people.value.length), "person", "people")} in this session</dd>
      <dt>Server</dt><dd>${health ? `MuseAroo ${health.version}` : "does not answer"}</dd>
      <dt>Daemon</dt><dd>${health?.daemon ? `MuseAroo ${health.daemon}` : health?.problem || "away"}</dd>
      <dt>Live</dt>
      <dd dir="auto">${lives.length ? lives.map((/** @type {{ set: string, version: string, state: string }} */ each) => `${each.set || "untitled set"}: Live ${each.version}, ${each.state}`).join("; ") : live.value.sentence || "not connected"}</dd>
    </dl>
  </section>`;
}
