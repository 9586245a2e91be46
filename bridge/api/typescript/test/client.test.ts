/** Against a real server, which tests/bridge/api/test_typescript.py starts. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";

import { type AnyEvent, RooClient, RooError } from "../src/index.js";

const url = process.env["MUSEAROO_URL"] ?? "";
const client = new RooClient(url, { token: process.env["MUSEAROO_TOKEN"] ?? "" });

test("a song is made, judged, fetched and undone", async () => {
  const { id: session } = await client.post("/api/v3/sessions", { body: { name: "TypeScript", bpm: 104, key: "A minor" } });
  const path = { session };
  const made = await client.post("/api/v3/sessions/{session}/band", { path, body: { style: "funk", bars: 2, seed: 7 } });
  assert.deepEqual(made.takes.map((take) => take.part), ["drums", "bass", "harmony", "melody"]);
  const drums = made.takes[0]!.id;
  const take = await client.get("/api/v3/takes/{take}", { path: { take: drums } });
  assert.ok(take.notes.length > 10);
  assert.deepEqual([take.bpm, take.key, take.style], [104, "A minor", "funk"]);
  const midi = await client.file("/api/v3/takes/{take}/midi", { path: { take: drums } });
  assert.equal(Buffer.from(await midi.arrayBuffer()).subarray(0, 4).toString(), "MThd");
  const liked = await client.put("/api/v3/takes/{take}/feedback", { path: { take: drums }, body: { value: 1 } });
  assert.equal(liked.liked, 1);
  const page = await client.get("/api/v3/sessions/{session}/takes", { path, query: { limit: 3 } });
  assert.equal(page.items.length, 3);
  assert.ok(page.next);
  await client.post("/api/v3/sessions/{session}/undo", { path });
  const set = await client.get("/api/v3/sessions/{session}/set", { path });
  assert.deepEqual(set.clips, []);
  await client.put("/api/v3/preferences/{key}", { path: { key: "a b" }, body: { value: "funk" } });
  await client.delete("/api/v3/preferences/{key}", { path: { key: "a b" } });
});

test("refusals are the server's own sentences", async () => {
  const { id: session } = await client.post("/api/v3/sessions", { body: {} });
  const asking = client.post("/api/v3/sessions/{session}/generate/{engine}", { path: { session, engine: "kazoo" } });
  await assert.rejects(asking, (error: RooError) => {
    assert.deepEqual([error.status, error.code, error.requestId.length > 8], [422, "bad_parameter", true]);
    return /engine must be one of drummaroo/.test(error.message);
  });
  await assert.rejects(new RooClient(url, { token: "wrong" }).get("/api/v3/me", {}), { code: "unauthorized", status: 401 });
  const nowhere = new RooClient("http://127.0.0.1:9", { retries: 0 });
  await assert.rejects(nowhere.get("/healthz", {}), { code: "unreachable", status: 0 });
});

test("a POST is tried again by the same key", async () => {
  const keys: string[] = [];
  let fails = 2;
  const flaky: typeof fetch = async (input, init) => {
    keys.push(new Headers(init?.headers).get("idempotency-key") ?? "");
    if (fails-- > 0) throw new TypeError("fetch failed");
    return fetch(input, init);
  };
  const patient = new RooClient(url, { token: client.token, fetch: flaky });
  await patient.post("/api/v3/sessions", { body: { name: "Flaky" } });
  assert.equal(keys.length, 3);
  assert.deepEqual([new Set(keys).size, keys[0] !== ""], [1, true]);
});

const JSON_TYPE = { "content-type": "application/json" };
const PROBLEM_TYPE = { "content-type": "application/problem+json" };

function cut(): Response {
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"na'));
      controller.error(new TypeError("terminated"));
    },
  });
  return new Response(stream, { headers: JSON_TYPE });
}

/** Returns a class of WebSockets, and what gives the last one that was made. */
function watch(): [typeof WebSocket, () => WebSocket] {
  let last: WebSocket;
  class Watched extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      last = this;
    }
  }
  return [Watched, () => last];
}

/** Returns a client that gets these answers first. */
function after(...answers: (() => Response)[]): [RooClient, () => number] {
  let asked = 0;
  const some: typeof fetch = async (input, init) => answers[asked++]?.() ?? fetch(input, init);
  return [new RooClient(url, { token: client.token, fetch: some }), () => asked];
}

test("what a proxy or a cut makes of an answer is one error, and tried again where nothing is done twice", async () => {
  const page = () => new Response("<html>Bad gateway</html>", { status: 502, headers: PROBLEM_TYPE });
  const underWay = () => {
    const body = { title: "T", status: 409, detail: "It is under way.", code: "under_way", retry_after: 0 };
    return new Response(JSON.stringify(body), { status: 409, headers: PROBLEM_TYPE });
  };
  const html = () => new Response("<html>a router</html>", { headers: JSON_TYPE });
  for (const answer of [cut, page]) {
    const [patient, asked] = after(answer);
    assert.equal((await patient.get("/api/v3/me", {})).name, "local");
    assert.equal(asked(), 2);
  }
  const [again, asked] = after(underWay, cut, underWay);
  await again.post("/api/v3/sessions", { body: { name: "Again" } });
  assert.equal(asked(), 4);
  for (const [answer, code, status] of [[cut, "connection_lost", 0], [page, "server_failed", 502], [html, "bad_answer", 200]] as const) {
    const hasty = new RooClient(url, { retries: 0, fetch: async () => answer() });
    await assert.rejects(hasty.get("/api/v3/me", {}), { name: "RooError", code, status });
  }
  const [file] = after(cut);
  assert.ok((await file.file("/metrics", {})).size > 100);
  await assert.rejects(client.get("/api/v3/me", { signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("an opening that is closed before the greeting fails", async (t) => {
  const silent = createServer().listen(0, "127.0.0.1");
  const kept: Socket[] = [];
  silent.on("connection", (socket) => kept.push(socket));
  t.after(() => {
    for (const socket of kept) socket.destroy();
    silent.close();
  });
  await once(silent, "listening");
  const nowhere = new RooClient(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const live = nowhere.live("s");
  const opening = live.open();
  live.close();
  await assert.rejects(opening, { code: "closed" });
  await assert.rejects(live.open(), { code: "closed" });
  assert.equal(await live.ended, undefined);
});

test("a change that was missed is followed by the whole set", async (t) => {
  const { id: session } = await client.post("/api/v3/sessions", { body: {} });
  const [Watched, socket] = watch();
  const live = client.live(session, { WebSocket: Watched });
  t.after(() => live.close());
  await live.open();
  const take = socket().onmessage!;
  let drops = 1;
  socket().onmessage = (message) => {
    if (String(message.data).includes('"event":"set"') && drops-- > 0) return;
    take.call(socket(), message);
  };
  const seen: [number, boolean, number][] = [];
  const whole = new Promise<void>((resolve) =>
    live.on((event) => {
      if (event.event !== "set") return;
      seen.push([event.changes.version, event.changes.whole ?? false, event.changes.clips?.length ?? 0]);
      if (event.changes.whole) resolve();
    }),
  );
  await live.do({ do: "generate", engine: "bass", bars: 1 });
  await live.do({ do: "generate", engine: "drums", bars: 1 });
  await whole;
  assert.deepEqual(seen, [[2, false, 1], [2, true, 2]]);
});

test("a live connection has the events that are wanted, and tells who did what", async (t) => {
  const session = (await client.post("/api/v3/sessions", { body: {} })).id;
  const live = client.live(session, { events: ["people"] });
  t.after(() => live.close());
  const seen: string[] = [];
  live.on((event) => void (event.event === "set" && !event.changes.whole && seen.push(event.do ?? "")));
  await live.open();
  await live.do({ do: "generate", engine: "bass", bars: 1, seed: 1 });
  await live.subscribe(["set"]);
  await live.do({ do: "undo" });
  while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(seen, ["undo"]);
  const again = client.live(session, { since: 0 });
  t.after(() => again.close());
  const { feed } = await again.open();
  assert.deepEqual(feed.map((step) => [step.do, step.by]), [["generate", "local"], ["undo", "local"]]);
});

test("a live connection gives events, answers, and goes on after a loss", async (t) => {
  const { id: session } = await client.post("/api/v3/sessions", { body: {} });
  const [Watched, socket] = watch();
  const live = client.live(session, { WebSocket: Watched });
  t.after(() => live.close());
  const events: AnyEvent[] = [];
  let onSet = () => {};
  live.on((event) => {
    events.push(event);
    if (event.event === "set") onSet();
  });
  const change = () => new Promise<void>((resolve) => (onSet = resolve));
  const welcome = await live.open();
  assert.deepEqual([welcome.version, welcome.role], [0, "owner"]);
  const seen = change();
  const done = await live.do({ do: "generate", engine: "bass", bars: 1, seed: 1 });
  assert.equal(done.takes[0]?.part, "bass");
  await seen;
  assert.equal(live.version, 1);
  await assert.rejects(live.do({ do: "generate", engine: "kazoo" }), { code: "bad_parameter" });
  const missed = change();
  socket().close();
  await client.post("/api/v3/sessions/{session}/generate/{engine}", { path: { session, engine: "drums" }, body: { bars: 1 } });
  await missed;
  assert.equal(live.version, 2);
  live.close();
  assert.equal(await live.ended, undefined);
  await assert.rejects(live.do({ do: "undo" }), { code: "connection_lost" });
  const wrong = new RooClient(url, { token: "wrong" }).live(session);
  await assert.rejects(wrong.open(), { code: "unauthorized" });
  assert.equal((await wrong.ended)?.code, "unauthorized");
});
