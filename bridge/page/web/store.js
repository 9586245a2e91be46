/** What the page knows now, as signals, and how requests change it. The one place that talks to the session's socket. */

/** @import { AnyEvent, AnyRequest, JobState, Outcome, SessionState, Take, TransportView, Welcome } from "../types/api.js" */
import { RooError, sentenceOf } from "./api/errors.js";
import { Rest } from "./api/rest.js";
import { LiveSocket } from "./api/socket.js";
import { applyChanges, NO_SET, slotOf } from "./core/set.js";
import { batch, computed, signal } from "./vendor/preact.js";

const MOST_TAKES = 400;
/** Takes that are kept in memory; older ones are asked for again. */

/** @type {import("./vendor/preact.js").Signal<Rest>} */
export const rest = signal(new Rest(""));
/** @type {import("./vendor/preact.js").Signal<SessionState | null>} */
export const session = signal(null);
/** "waiting" before the first greeting, "here", or "lost". */
export const connection = signal(/** @type {"waiting" | "here" | "lost"} */ ("waiting"));
export const set = signal(NO_SET);
export const people = signal(/** @type {readonly string[]} */ ([]));
/** The role in the session: owner, editor or listener. */
export const role = signal("owner");
export const canMake = computed(() => role.value !== "listener" && connection.value === "here");
/** Of a session on Live: its state and sentence. */
export const live = signal({ state: "", sentence: "" });
/**
 * Live's transport, and when it was so by this page's own clock (milliseconds of `performance.now`).
 * @typedef {TransportView & { when: number }} Transport
 */
export const transport = signal(/** @type {Transport | null} */ (null));
/** The status line: the last sentence, and whether something is under way. */
export const sentence = signal("");
export const underWay = signal(0);
/** Jobs by id, newest first. */
export const jobs = signal(/** @type {ReadonlyMap<string, JobState>} */ (new Map()));
/** Takes by id, as far as the page has seen them. */
export const takes = signal(/** @type {ReadonlyMap<string, Take>} */ (new Map()));
/** How often the history has changed: views that list it read it again. */
export const changes = signal(0);
/** The selected slot, by the ids of its track and scene; what is pressed goes there. */
export const selected = signal(/** @type {{ track: number, scene: number } | null} */ (null));
export const selectedClip = computed(() => {
  const slot = selected.value;
  return slot ? (set.value.slots.get(slotOf(slot.track, slot.scene)) ?? null) : null;
});

/** @typedef {{ id: number, text: string, isBad: boolean, action?: { label: string, run: () => void } }} Toast */
export const toasts = signal(/** @type {readonly Toast[]} */ ([]));
let lastToast = 0;

/** @type {LiveSocket | undefined} */
let socket;
/** @type {Set<(event: AnyEvent) => void>} */
const listeners = new Set();

/**
 * Calls a function with every event of the session; returns what ends that.
 * @param {(event: AnyEvent) => void} listener
 */
export function onEvent(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/**
 * Opens a session, and keeps it in step until another is opened.
 * @param {SessionState} opened
 */
export function openSession(opened) {
  socket?.close();
  batch(() => {
    session.value = opened;
    connection.value = "waiting";
    set.value = NO_SET;
    people.value = [];
    jobs.value = new Map();
    takes.value = new Map();
    selected.value = null;
    sentence.value = "";
    live.value = { state: "", sentence: "" };
    transport.value = null;
  });
  try {
    localStorage.setItem("musearoo.session", opened.id);
  } catch {
    // Private windows may keep nothing: then the newest session is opened next time.
  }
  /** @type {LiveSocket} */
  const mine = new LiveSocket(opened.id, rest.value.token, {
    onWelcome: (welcome) => socket === mine && onWelcome(welcome),
    onEvent: (event) => socket === mine && onSessionEvent(event),
    onConnection: (isThere) => {
      if (socket === mine) connection.value = isThere ? "here" : "lost";
    },
    onEnd: (error) => {
      if (socket === mine) sentence.value = error.message;
    },
  });
  socket = mine;
}

/** @param {Welcome} welcome */
function onWelcome(welcome) {
  batch(() => {
    set.value = applyChanges(set.value, welcome.changes);
    people.value = welcome.people;
    role.value = welcome.role;
    changes.value++;
  });
  void readJobs();
}

async function readJobs() {
  const opened = session.value;
  try {
    const { items } = await rest.value.get("/jobs?limit=50");
    if (session.value === opened) jobs.value = new Map(items.filter((/** @type {JobState} */ job) => job.session === opened?.id).map((/** @type {JobState} */ job) => [job.id, job]));
  } catch (error) {
    showError(error);
  }
}

/** @param {AnyEvent} event */
function onSessionEvent(event) {
  batch(() => {
    switch (event.event) {
      case "set":
        set.value = applyChanges(set.value, event.changes);
        keepTakes(event.takes ?? []);
        if (event.sentence) sentence.value = event.by ? `${event.by}: ${event.sentence}` : event.sentence;
        changes.value++;
        break;
      case "progress":
        if (event.sentence) sentence.value = event.sentence;
        break;
      case "job":
        jobs.value = new Map([...jobs.value, [event.job.id, event.job]]);
        break;
      case "people":
        people.value = event.names;
        break;
      case "live":
        live.value = { state: event.state, sentence: event.sentence ?? "" };
        break;
      case "transport": {
        const told = event.transport;
        transport.value = { ...told, when: performance.now() - 1000 * (told.sent - told.at) };
        break;
      }
      case "feedback": {
        const take = takes.value.get(event.take);
        if (take) keepTakes([{ ...take, liked: event.value }]);
        break;
      }
      case "closed":
        sentence.value = event.sentence || "The session was closed.";
        connection.value = "lost";
        break;
    }
  });
  for (const listener of listeners) listener(event);
}

/**
 * The beat of Live's song now.
 * @param {Transport} told
 */
export function beatNow(told) {
  const passed = told.playing ? ((performance.now() - told.when) / 60_000) * told.bpm : 0;
  const [from, to] = told.loop ?? [0, 0];
  const beat = told.beat + passed;
  return to > from && told.beat < to && beat >= to ? from + ((beat - from) % (to - from)) : beat;
}

/** @param {readonly Take[]} some */
export function keepTakes(some) {
  if (!some.length) return;
  const all = new Map(takes.value);
  for (const take of some) {
    all.delete(take.id);
    all.set(take.id, take);
  }
  for (const id of all.keys()) {
    if (all.size <= MOST_TAKES) break;
    all.delete(id);
  }
  takes.value = all;
}

/**
 * Returns a take with its notes, from memory where it is there.
 * @param {string} id
 * @returns {Promise<Take>}
 */
export async function readTake(id) {
  const kept = takes.value.get(id);
  if (kept?.notes?.length) return kept;
  const take = await rest.value.getKept(`/takes/${encodeURIComponent(id)}`);
  keepTakes([take]);
  return take;
}

/**
 * Asks the session for something, tells it in the status line, and returns the outcome; null where it failed.
 * @param {AnyRequest} request
 * @returns {Promise<Outcome | null>}
 */
export async function request(request) {
  underWay.value++;
  try {
    if (!socket) throw new RooError("No session is open: choose one.", "no_session");
    const outcome = await socket.do(request);
    batch(() => {
      keepTakes(outcome.takes ?? []);
      sentence.value = outcome.sentence;
      if (outcome.job) jobs.value = new Map([...jobs.value, [outcome.job.id, outcome.job]]);
    });
    for (const notice of outcome.notices ?? []) if (notice !== outcome.sentence) toast(notice);
    return outcome;
  } catch (error) {
    showError(error);
    return null;
  } finally {
    underWay.value--;
  }
}

/**
 * Sends a frame of the session's socket, such as `turn`, and returns its answer. Throws RooError.
 * @param {string} type
 * @param {unknown} body
 */
export async function ask(type, body) {
  if (!socket) throw new RooError("No session is open: choose one.", "no_session");
  return socket.ask(type, body);
}

/**
 * Starts a job of the session by REST; returns it, or null where that failed.
 * @param {"split" | "imagine" | "render" | "analyze"} kind
 * @param {unknown} body
 * @returns {Promise<JobState | null>}
 */
export async function startJob(kind, body) {
  try {
    const job = await rest.value.post(`/sessions/${session.value?.id}/${kind}`, body);
    jobs.value = new Map([...jobs.value, [job.id, job]]);
    return job;
  } catch (error) {
    showError(error);
    return null;
  }
}

/** @param {string} id */
export async function cancelJob(id) {
  try {
    const job = await rest.value.post(`/jobs/${id}/cancel`);
    if (job) jobs.value = new Map([...jobs.value, [job.id, job]]);
  } catch (error) {
    showError(error);
  }
}

/**
 * Likes (1) or dislikes (-1) a take, or takes that back (0).
 * @param {Take} take
 * @param {number} value
 */
export async function judge(take, value) {
  keepTakes([{ ...take, liked: value }]);
  try {
    await rest.value.put(`/takes/${take.id}/feedback`, { value });
  } catch (error) {
    keepTakes([take]);
    showError(error);
  }
}

/**
 * Shows a sentence for a moment.
 * @param {string} text
 * @param {{ isBad?: boolean, action?: { label: string, run: () => void } }} [options]
 */
export function toast(text, { isBad = false, action } = {}) {
  const id = ++lastToast;
  toasts.value = [...toasts.value.filter((other) => other.text !== text).slice(-2), { id, text, isBad, ...(action ? { action } : {}) }];
  setTimeout(() => dropToast(id), isBad || action ? 9000 : 5000);
}

/** @param {number} id */
export function dropToast(id) {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

/** @param {unknown} error */
export function showError(error) {
  toast(sentenceOf(error), { isBad: true });
}
