/** REST by fetch: the token in a header, an idempotency key with each POST, and another try where nothing is done twice. */

/** @import { Problem } from "../../types/api.js" */
import { RooError } from "./errors.js";

const PREFIX = "/api/v3";
const TRIES = 3;

/** @typedef {{ body?: unknown, headers?: Record<string, string>, signal?: AbortSignal, raw?: Blob | ArrayBuffer }} Options */

export class Rest {
  /** @param {string} token */
  constructor(token) {
    this.token = token;
    /** @type {Map<string, { etag: string, value: unknown }>} */
    this.kept = new Map();
  }

  /**
   * Returns the JSON of a path below /api/v3.
   * @param {string} path
   * @param {Options} [options]
   * @returns {Promise<any>}
   */
  get(path, options = {}) {
    return this.#send("GET", path, options, async (answer) => answer.json());
  }

  /**
   * Returns what never changes, or is told by its ETag, from memory where it is there.
   * @param {string} path
   * @returns {Promise<any>}
   */
  async getKept(path) {
    const kept = this.kept.get(path);
    const headers = kept ? { "if-none-match": kept.etag } : undefined;
    return this.#send("GET", path, headers ? { headers } : {}, async (answer) => {
      if (answer.status === 304 && kept) return kept.value;
      const value = await answer.json();
      const etag = answer.headers.get("etag");
      if (etag) this.#keep(path, { etag, value });
      return value;
    });
  }

  /**
   * @param {string} path
   * @param {unknown} [body]
   * @param {Options} [options]
   * @returns {Promise<any>}
   */
  post(path, body = undefined, options = {}) {
    return this.#send("POST", path, { ...options, body }, readBody);
  }

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  put(path, body) {
    return this.#send("PUT", path, { body }, readBody);
  }

  /** @param {string} path @param {unknown} body @param {Options} [options] @returns {Promise<any>} */
  patch(path, body, options = {}) {
    return this.#send("PATCH", path, { ...options, body }, readBody);
  }

  /** @param {string} path @returns {Promise<any>} */
  delete(path) {
    return this.#send("DELETE", path, {}, readBody);
  }

  /**
   * Returns a file, such as a take as MIDI or sound.
   * @param {string} path
   * @param {AbortSignal} [signal]
   * @returns {Promise<Blob>}
   */
  file(path, signal = undefined) {
    return this.#send("GET", path, signal ? { signal } : {}, (answer) => answer.blob());
  }

  /** @param {string} path @param {{ etag: string, value: unknown }} entry */
  #keep(path, entry) {
    this.kept.delete(path);
    this.kept.set(path, entry);
    // The oldest goes: a page that stays open for days must not grow.
    if (this.kept.size > 600) this.kept.delete(this.kept.keys().next().value ?? "");
  }

  /**
   * @template T
   * @param {string} method
   * @param {string} path
   * @param {Options} options
   * @param {(answer: Response) => Promise<T>} read
   * @returns {Promise<T>}
   */
  async #send(method, path, { body, headers = {}, signal, raw }, read) {
    const url = path.startsWith("/api/") || path.startsWith("/metrics") ? path : PREFIX + path;
    /** @type {Record<string, string>} */
    const all = { accept: "application/json", ...headers };
    if (this.token) all["authorization"] = `Bearer ${this.token}`;
    if (body !== undefined) all["content-type"] = "application/json";
    if (method === "POST") all["idempotency-key"] = newKey();
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    for (let tried = 1; ; tried++) {
      try {
        const answer = await ask(url, { method, headers: all, redirect: "error", ...(payload === undefined ? {} : { body: payload }), ...(signal ? { signal } : {}) });
        if (answer.ok || answer.status === 304) return await read(answer);
        throw await problemOf(answer);
      } catch (error) {
        if (!(error instanceof RooError)) throw error;
        const isPassing = [0, 429, 502, 503, 504].includes(error.status) || error.code === "under_way";
        if (!isPassing || method === "PATCH" || tried >= TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1000 * (error.retryAfter ?? 0.2 * 2 ** tried)));
      }
    }
  }
}

/** A random key. `crypto.randomUUID` is missing on plain http. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} url @param {RequestInit} init */
async function ask(url, init) {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new RooError("The server does not answer: see whether musearoo serve still runs.", "unreachable");
  }
}

/** @param {Response} answer @returns {Promise<any>} */
async function readBody(answer) {
  const text = await answer.text();
  return text ? JSON.parse(text) : undefined;
}

/** @param {Response} answer */
async function problemOf(answer) {
  try {
    return RooError.of(/** @type {Problem} */ (await answer.json()));
  } catch {
    return new RooError(`The server answered ${answer.status}, and not in words: its log may say why.`, "bad_answer", answer.status);
  }
}
