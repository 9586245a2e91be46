/** Against a real server, which tests/bridge/api/test_typescript.py starts. */

import assert from "node:assert/strict";
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

test("a live connection gives events, answers, and goes on after a loss", async () => {
  const { id: session } = await client.post("/api/v3/sessions", { body: {} });
  let socket: WebSocket | undefined;
  class Watched extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      socket = this;
    }
  }
  const live = client.live(session, { WebSocket: Watched });
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
  socket?.close();
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
