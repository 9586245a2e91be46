/** The live connection of a session: the set kept in step, and requests without a new connection. Connects again by itself. */

/** @import { AnyEvent, AnyRequest, Outcome, Problem, SetChanges, Welcome } from "../../types/api.js" */
import { lost, RooError } from "./errors.js";

const PROTOCOL = "musearoo.v1+json";
const LONGEST_PAUSE = 20_000;
const FINAL = new Set(["unauthorized", "missing_scope", "missing_role", "not_found", "closed"]);

/**
 * @typedef {object} Listener
 * @property {(welcome: Welcome) => void} onWelcome on each greeting, with what changed since the version that was known
 * @property {(event: AnyEvent) => void} onEvent
 * @property {(isThere: boolean) => void} onConnection
 * @property {(error: RooError) => void} onEnd refused for good
 */

/** @typedef {{ resolve: (answer: any) => void, reject: (error: Error) => void }} Asked */

export class LiveSocket {
  /**
   * @param {string} session
   * @param {string} token
   * @param {Listener} listener
   */
  constructor(session, token, listener) {
    this.session = session;
    this.token = token;
    this.listener = listener;
    /** @type {number | undefined} */
    this.version = undefined;
    /** @type {WebSocket | undefined} */
    this.socket = undefined;
    /** @type {Map<number, Asked>} */
    this.asked = new Map();
    this.lastId = 0;
    this.pause = 0;
    this.isOver = false;
    this.#connect();
  }

  /** @param {AnyRequest} request @returns {Promise<Outcome>} */
  do(request) {
    return this.ask("do", request);
  }

  /**
   * Sends a frame, and returns its answer's body.
   * @param {string} type
   * @param {unknown} body
   * @returns {Promise<any>}
   */
  ask(type, body) {
    return new Promise((resolve, reject) => {
      if (this.socket?.readyState !== WebSocket.OPEN) return reject(lost());
      const id = ++this.lastId;
      this.asked.set(id, { resolve, reject });
      this.socket.send(JSON.stringify([type, id, body]));
    });
  }

  close() {
    this.isOver = true;
    this.socket?.close();
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws/${encodeURIComponent(this.session)}`, PROTOCOL);
    /** @type {RooError | undefined} */
    let fault;
    let isGreeted = false;
    this.socket = socket;
    socket.onopen = () => {
      const since = this.version === undefined ? {} : { since: this.version };
      socket.send(JSON.stringify(["hello", 0, { token: this.token, ...since }]));
    };
    socket.onmessage = ({ data }) => {
      const [type, id, body] = /** @type {[string, number, any]} */ (JSON.parse(String(data)));
      if (type === "welcome") {
        isGreeted = true;
        this.pause = 0;
        this.version = body.version;
        this.listener.onConnection(true);
        this.listener.onWelcome(body);
      } else if (type === "problem" && !isGreeted) {
        fault = RooError.of(/** @type {Problem} */ (body));
      } else if (type === "event") {
        this.#onEvent(body);
      } else {
        const asked = this.asked.get(id);
        this.asked.delete(id);
        if (type === "problem") asked?.reject(RooError.of(/** @type {Problem} */ (body)));
        else asked?.resolve(body);
      }
    };
    socket.onclose = () => {
      for (const { reject } of this.asked.values()) reject(lost());
      this.asked.clear();
      if (this.isOver) return;
      this.listener.onConnection(false);
      if (fault && FINAL.has(fault.code)) return this.listener.onEnd(fault);
      this.pause = isGreeted ? 100 : Math.min(LONGEST_PAUSE, Math.max(200, this.pause * 2));
      setTimeout(() => this.isOver || this.#connect(), this.pause * (0.5 + Math.random()));
    };
  }

  /** @param {AnyEvent} event */
  #onEvent(event) {
    if (event.event === "closed") this.isOver = true;
    if (event.event === "set") {
      const { version, whole } = /** @type {SetChanges} */ (event.changes);
      const known = this.version ?? version;
      if (!whole && version > known + 1) {
        // Something was missed: connect again, and get what is between.
        this.socket?.close();
        return;
      }
      this.version = version;
    }
    this.listener.onEvent(event);
  }
}
