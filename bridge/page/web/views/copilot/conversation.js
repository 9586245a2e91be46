/** What was said and answered in this session, and how a sentence is sent: written, spoken, or recorded. */

/** @import { Outcome, Take } from "../../../types/api.js" */
import { RooError, sentenceOf } from "../../api/errors.js";
import { ask, keepTakes, jobs, rest, sentence, session, underWay } from "../../store.js";
import { batch, computed, signal } from "../../vendor/preact.js";

const MOST_TURNS = 200;

/**
 * @typedef {object} Turn
 * @property {number} id
 * @property {"you" | "roo"} who
 * @property {string} text
 * @property {number} at Unix seconds
 * @property {boolean} [isSpoken]
 * @property {number} [confidence]
 * @property {boolean} [isBad]
 * @property {boolean} [asks] RooAroo asks back
 * @property {readonly string[]} [notices]
 * @property {readonly Take[]} [takes]
 * @property {string} [done]
 * @property {string} [job]
 */

/** By session, so that each has its own; they stay as long as the page. */
const all = signal(/** @type {ReadonlyMap<string, readonly Turn[]>} */ (new Map()));
export const turns = computed(() => all.value.get(session.value?.id ?? "") ?? []);
/** Whether RooAroo waits for an answer: the last turn asks. */
export const isAsked = computed(() => Boolean(turns.value.at(-1)?.asks));
let lastId = 0;

/** @param {string} id @param {Omit<Turn, "id" | "at">} turn */
function add(id, turn) {
  const before = all.value.get(id) ?? [];
  all.value = new Map([...all.value, [id, [...before.slice(1 - MOST_TURNS), { ...turn, id: ++lastId, at: Date.now() / 1000 }]]]);
}

/**
 * Sends a written sentence.
 * @param {string} text
 */
export function say(text) {
  return answered(async (id) => {
    add(id, { who: "you", text });
    return ask("do", { do: "say", text });
  });
}

/**
 * Sends a recorded sentence: what was understood comes back as what you said.
 * @param {ArrayBuffer | Blob} sound
 * @param {string} type its media type
 */
export function sayRecorded(sound, type) {
  return answered(async (id) => {
    const outcome = await rest.value.post(`/sessions/${id}/listen`, undefined, { raw: sound, headers: { "content-type": type || "application/octet-stream" } });
    add(id, { who: "you", text: outcome.transcript ?? "", isSpoken: true, ...(outcome.confidence == null ? {} : { confidence: outcome.confidence }) });
    return outcome;
  });
}

/**
 * Adds RooAroo's answer, or why there is none.
 * @param {(session: string) => Promise<Outcome>} send
 */
async function answered(send) {
  const id = session.value?.id ?? "";
  underWay.value++;
  try {
    const outcome = await send(id);
    batch(() => {
      keepTakes(outcome.takes ?? []);
      sentence.value = outcome.sentence;
      if (outcome.job) jobs.value = new Map([...jobs.value, [outcome.job.id, outcome.job]]);
      add(id, answerOf(outcome));
    });
  } catch (error) {
    add(id, { who: "roo", text: sentenceOf(error), isBad: true });
    if (!(error instanceof RooError)) throw error;
  } finally {
    underWay.value--;
  }
}

/** @param {Outcome} outcome @returns {Omit<Turn, "id" | "at">} */
function answerOf(outcome) {
  const notices = (outcome.notices ?? []).filter((each) => each !== outcome.sentence);
  // A notice says what was understood; the sentence is then only the take's name.
  const [text = outcome.sentence, ...others] = outcome.takes?.length && notices.length ? notices : [outcome.sentence, ...notices];
  return { who: "roo", text, notices: others, takes: outcome.takes ?? [], done: outcome.do, asks: Boolean(outcome.asks), ...(outcome.job ? { job: outcome.job.id } : {}) };
}
