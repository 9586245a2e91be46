/** REST by fetch: typed calls, idempotency keys, and another try where nothing is done twice. */

import { errorOf, lost, RooError } from "./errors.js";
import { Live, type LiveOptions } from "./live.js";
import type { Answer, CallOptions, Method, PathOf } from "./types.js";

export interface Options {
  token?: string;
  /** How often a call is tried again. */
  retries?: number;
  /** Seconds of waiting in all. */
  patience?: number;
  fetch?: typeof fetch;
}

const LOGIN = "/api/v3/login";

export class RooClient {
  readonly url: string;
  readonly token: string;
  readonly #retries: number;
  readonly #patience: number;
  readonly #fetch: typeof fetch;

  constructor(url = "http://127.0.0.1:24640", options: Options = {}) {
    this.url = url.replace(/\/+$/, "");
    this.token = options.token ?? "";
    this.#retries = options.retries ?? 3;
    this.#patience = options.patience ?? 30;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  get<P extends PathOf<"get">>(path: P, options: CallOptions<P, "get">): Promise<Answer<P, "get">> {
    return this.#call("get", path, options) as Promise<Answer<P, "get">>;
  }

  post<P extends PathOf<"post">>(path: P, options: CallOptions<P, "post">): Promise<Answer<P, "post">> {
    return this.#call("post", path, options) as Promise<Answer<P, "post">>;
  }

  put<P extends PathOf<"put">>(path: P, options: CallOptions<P, "put">): Promise<Answer<P, "put">> {
    return this.#call("put", path, options) as Promise<Answer<P, "put">>;
  }

  patch<P extends PathOf<"patch">>(path: P, options: CallOptions<P, "patch">): Promise<Answer<P, "patch">> {
    return this.#call("patch", path, options) as Promise<Answer<P, "patch">>;
  }

  delete<P extends PathOf<"delete">>(path: P, options: CallOptions<P, "delete">): Promise<Answer<P, "delete">> {
    return this.#call("delete", path, options) as Promise<Answer<P, "delete">>;
  }

  /** Returns a file, such as a take as MIDI or sound. Give the header `range` for a part of it. */
  async file<P extends PathOf<"get">>(path: P, options: CallOptions<P, "get">): Promise<Blob> {
    return this.#send("get", path, options, (answer) => answer.blob());
  }

  /** Returns the live connection of a session; `open` connects it. */
  live(session: string, options: LiveOptions = {}): Live {
    return new Live(this.url.replace(/^http/, "ws"), session, this.token, options);
  }

  #call(method: Method, path: string, options: AnyOptions): Promise<unknown> {
    return this.#send(method, path, options, async (answer) => {
      const text = await answer.text();
      return answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : text || undefined;
    });
  }

  async #send<T>(method: Method, path: string, options: AnyOptions, read: Read<T>): Promise<T> {
    const isPost = method === "post";
    const hasKey = isPost && path !== LOGIN;
    const headers: Record<string, string> = { accept: "application/json" };
    if (this.token) headers["authorization"] = `Bearer ${this.token}`;
    if (options.body !== undefined) headers["content-type"] = "application/json";
    if (hasKey) headers["idempotency-key"] = crypto.randomUUID();
    const init: RequestInit = {
      method: method.toUpperCase(),
      headers: { ...headers, ...options.headers },
      redirect: "error",
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    };
    const url = this.url + fill(path, options);
    const repeatable = hasKey || (!isPost && method !== "patch");
    for (let tried = 1, waited = 0; ; tried++) {
      try {
        return await this.#try(url, init, read);
      } catch (error) {
        if (!(error instanceof RooError)) throw error;
        const { status, retryAfter } = error;
        const passing = [0, 502, 504].includes(status) || retryAfter !== undefined;
        const wait = retryAfter ?? 0.2 * 2 ** (tried - 1) * (0.5 + Math.random());
        const again = [429, 503].includes(status) || (repeatable && passing);
        if (!again || tried > this.#retries || waited + wait > this.#patience) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait * 1000));
        waited += wait;
      }
    }
  }

  async #try<T>(url: string, init: RequestInit, read: Read<T>): Promise<T> {
    let answer: Response | undefined;
    try {
      answer = await this.#fetch(url, init);
      if (answer.ok) return await read(answer);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      if (error instanceof SyntaxError) {
        const sentence = `The answer of ${this.url} cannot be read: the server may be of another version, compare /healthz.`;
        throw new RooError(sentence, "bad_answer", answer?.status);
      }
      if (answer !== undefined) throw lost();
      const sentence = `No answer came from ${this.url}: start the server there (musearoo serve), or check the address.`;
      throw new RooError(sentence, "unreachable");
    }
    throw await errorOf(answer, this.url);
  }
}

type Read<T> = (answer: Response) => Promise<T>;

interface AnyOptions {
  path?: unknown;
  query?: unknown;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Returns the path with its parameters, and the query. */
function fill(path: string, options: AnyOptions): string {
  const parts = (options.path ?? {}) as Record<string, unknown>;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries((options.query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${filled}?${text}` : filled;
}
