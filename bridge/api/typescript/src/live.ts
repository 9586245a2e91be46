/** The live connection of a session: events, and requests without a new connection. It connects again by itself. */

import { lost, RooError } from "./errors.js";
import type { AnyEvent, AnyRequest, Outcome, Schema } from "./types.js";

export interface LiveOptions {
  /** The version of the set that is known already: differences to it follow. */
  since?: number;
  /** The kinds of events that come; all without it. */
  events?: readonly EventName[];
  WebSocket?: typeof WebSocket;
}

export type EventName = Exclude<AnyEvent["event"], "closed">;
type Listener = (event: AnyEvent) => void;
type Asked = { resolve: (answer: any) => void; reject: (error: RooError) => void };

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
  readonly #session: string;
  readonly #token: string;
  readonly #make: typeof WebSocket;
  #events: readonly EventName[] | null;
  readonly #listeners = new Set<Listener>();
  readonly #asked = new Map<number, Asked>();
  #socket: WebSocket | undefined;
  #lastId = 0;
  #pause = 0;
  #isOver = false;
  #isCatchingUp = false;
  #failOpen: ((error: RooError) => void) | undefined;
  #onEnd: ((error: RooError | undefined) => void) | undefined;
  /** Resolves when the connection is over for good; with the reason where that was not `close`. */
  readonly ended: Promise<RooError | undefined>;

  constructor(url: string, session: string, token: string, options: LiveOptions) {
    this.#session = encodeURIComponent(session);
    this.#url = `${url}/ws/${this.#session}`;
    this.#token = token;
    this.#make = options.WebSocket ?? globalThis.WebSocket;
    this.#events = options.events ?? null;
    this.version = options.since;
    this.ended = new Promise((resolve) => (this.#onEnd = resolve));
  }

  /** Connects, and resolves with the server's greeting. */
  open(): Promise<Schema<"Welcome">> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(closed());
      this.#failOpen = reject;
      this.#connect(resolve);
    });
  }

  /** Calls a function with every event; returns a function that ends that. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends a request; requests run next to each other. */
  do(request: AnyRequest): Promise<Outcome> {
    return this.#ask("do", request) as Promise<Outcome>;
  }

  /** Chooses the kinds of events from here on, also after a reconnect; null for all. Resolves when that is so. */
  async subscribe(events: readonly EventName[] | null): Promise<void> {
    this.#events = events;
    await this.#ask("subscribe", { events });
  }

  /** Ends the connection. */
  close(): void {
    this.#end(undefined);
  }

  #ask(type: string, body: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isOver || this.#socket?.readyState !== 1) return reject(lost());
      const id = ++this.#lastId;
      this.#asked.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify([type, id, body]));
    });
  }

  #connect(onWelcome?: (welcome: Schema<"Welcome">) => void): void {
    const socket = new this.#make(this.#url, PROTOCOL);
    let fault = new RooError("The live connection could not be opened: check the address.", "unreachable");
    let isGreeted = false;
    this.#socket = socket;
    socket.onopen = () => {
      const since = this.version === undefined ? {} : { since: this.version };
      socket.send(JSON.stringify(["hello", 0, { token: this.#token, events: this.#events, ...since }]));
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
      if (!isGreeted && (onWelcome !== undefined || FINAL.has(fault.code))) {
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
      const known = this.version;
      if (event.event === "set") this.version = event.changes.version;
      this.#tell(event);
      if (event.event === "set" && known !== undefined && !event.changes.whole && event.changes.version > known + 1) {
        void this.#catchUp();
      }
      if (event.event === "closed") this.#end(undefined);
      return;
    }
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    this.#asked.delete(id);
    if (type === "problem") asked.reject(RooError.of(body as Schema<"Problem">));
    else asked.resolve(body as Outcome);
  }

  /** Tells the whole set after changes that were not told, such as those by another server of the same database. */
  async #catchUp(): Promise<void> {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    try {
      const answer = (await this.#ask("rest", { path: `/sessions/${this.#session}/set` })) as Schema<"RestAnswer">;
      if (answer.status === 200) this.#tell({ event: "set", changes: answer.body as Schema<"SetChanges"> });
    } catch {
      // The next change has a gap, too, or the next greeting tells all.
    } finally {
      this.#isCatchingUp = false;
    }
  }

  #tell(event: AnyEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #end(error: RooError | undefined): void {
    this.#isOver = true;
    this.#socket?.close();
    this.#failOpen?.(error ?? closed());
    this.#onEnd?.(error);
  }
}

function closed(): RooError {
  return new RooError("The live connection was closed: open another.", "closed");
}
