/** The live connection of a session: events, and requests without a new connection. It connects again by itself. */

import { RooError } from "./errors.js";
import type { AnyEvent, AnyRequest, Outcome, Schema } from "./types.js";

export interface LiveOptions {
  /** The version of the set that is known already: differences to it follow. */
  since?: number;
  WebSocket?: typeof WebSocket;
}

type Listener = (event: AnyEvent) => void;
type Asked = { resolve: (outcome: Outcome) => void; reject: (error: RooError) => void };

const PROTOCOL = "musearoo.v1+json";
const LONGEST_PAUSE = 20_000;
/** Refusals that another try does not change. */
const FINAL = new Set(["unauthorized", "missing_scope", "missing_role", "not_found", "closed"]);

export class Live {
  /** The last greeting of the server. */
  welcome: Schema<"Welcome"> | undefined;
  /** The version of the set that is known. */
  version: number | undefined;
  readonly #url: string;
  readonly #token: string;
  readonly #make: typeof WebSocket;
  readonly #listeners = new Set<Listener>();
  readonly #asked = new Map<number, Asked>();
  #socket: WebSocket | undefined;
  #lastId = 0;
  #pause = 0;
  #isOver = false;
  #onEnd: ((error: RooError | undefined) => void) | undefined;
  /** Resolves when the connection is over for good; with the reason where that was not `close`. */
  readonly ended: Promise<RooError | undefined>;

  constructor(url: string, token: string, options: LiveOptions) {
    this.#url = url;
    this.#token = token;
    this.#make = options.WebSocket ?? globalThis.WebSocket;
    this.version = options.since;
    this.ended = new Promise((resolve) => (this.#onEnd = resolve));
  }

  /** Connects, and resolves with the server's greeting. */
  open(): Promise<Schema<"Welcome">> {
    return new Promise((resolve, reject) => this.#connect(resolve, reject));
  }

  /** Calls a function with every event; returns a function that ends that. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends a request; requests run next to each other. */
  do(request: AnyRequest): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#isOver || this.#socket?.readyState !== 1) return reject(lost());
      const id = ++this.#lastId;
      this.#asked.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify(["do", id, request]));
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#end(undefined);
  }

  #connect(onWelcome?: (welcome: Schema<"Welcome">) => void, onFail?: (error: RooError) => void): void {
    const socket = new this.#make(this.#url, PROTOCOL);
    let fault = new RooError("The live connection could not be opened: check the address.", "unreachable");
    let isGreeted = false;
    this.#socket = socket;
    socket.onopen = () => {
      const since = this.version === undefined ? {} : { since: this.version };
      socket.send(JSON.stringify(["hello", 0, { token: this.#token, ...since }]));
    };
    socket.onmessage = (message) => {
      const [type, id, body] = JSON.parse(String(message.data)) as [string, number, any];
      if (type === "welcome") {
        isGreeted = true;
        this.#greet(body, onWelcome === undefined);
        onWelcome?.(body);
      } else if (type === "problem" && !isGreeted) {
        fault = RooError.of(body as Schema<"Problem">);
      } else {
        this.#take(type, id, body);
      }
    };
    socket.onclose = () => {
      for (const asked of this.#asked.values()) asked.reject(lost());
      this.#asked.clear();
      if (this.#isOver) return;
      if (!isGreeted && (onFail !== undefined || FINAL.has(fault.code))) {
        onFail?.(fault);
        this.#end(fault);
        return;
      }
      // Many clients lose a server at once: they must not all come back at once.
      const pause = isGreeted ? 0 : Math.min(LONGEST_PAUSE, Math.max(100, this.#pause * 2));
      this.#pause = pause;
      setTimeout(() => this.#isOver || this.#connect(), pause * (0.5 + Math.random()));
    };
  }

  #greet(welcome: Schema<"Welcome">, isAgain: boolean): void {
    const known = this.version;
    this.welcome = welcome;
    this.version = welcome.version;
    this.#pause = 0;
    if (isAgain && known !== welcome.version) this.#tell({ event: "set", changes: welcome.changes });
  }

  #take(type: string, id: number, body: unknown): void {
    if (type === "event") {
      const event = body as AnyEvent;
      if (event.event === "set") this.version = event.changes.version;
      this.#tell(event);
      if (event.event === "closed") this.#end(undefined);
      return;
    }
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    this.#asked.delete(id);
    if (type === "problem") asked.reject(RooError.of(body as Schema<"Problem">));
    else asked.resolve(body as Outcome);
  }

  #tell(event: AnyEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #end(error: RooError | undefined): void {
    this.#isOver = true;
    this.#socket?.close();
    this.#onEnd?.(error);
  }
}

function lost(): RooError {
  return new RooError("The connection was lost before the answer came: see what is there, then ask again.", "connection_lost");
}
