/** What is known of a session's past: its takes and its steps, newest first, read page by page and kept in step. */

/** @import { AnyEvent, StepState, Take } from "../../../types/api.js" */
import { joinNewest, originsOf } from "../../core/past.js";
import { placeWords } from "../../parts/sounds.js";
import { judge, rest, session, showError } from "../../store.js";
import { batch, computed, signal } from "../../vendor/preact.js";

const PAGE = 100;
const STEPS = 200;

/** @typedef {{ takes: readonly Take[], steps: readonly StepState[], nextTake: string | null, nextStep: string | null }} Past */

/** @type {Past} */
const NOTHING = { takes: [], steps: [], nextTake: "", nextStep: "" };

/** The cursors: "" before the first page, null at the end. */
const past = signal(NOTHING);
let known = "";
/** @type {Promise<void> | undefined} */
let reading;

export const allTakes = computed(() => past.value.takes);
export const allSteps = computed(() => past.value.steps);
export const hasAllTakes = computed(() => past.value.nextTake === null);
export const hasAllSteps = computed(() => past.value.nextStep === null);
export const isRead = computed(() => past.value.nextTake !== "");
export const origins = computed(() => originsOf(past.value.steps));
/** Whether a page is being read. */
export const isReading = signal(false);

/**
 * Runs one reading after the other; a session that is opened meanwhile gets nothing of the one before.
 * @param {(id: string) => Promise<void>} work
 */
function inTurn(work) {
  const id = session.value?.id ?? "";
  reading = (reading ?? Promise.resolve()).then(async () => {
    if (id !== session.value?.id) return;
    if (known !== id) {
      known = id;
      past.value = NOTHING;
    }
    isReading.value = true;
    try {
      await work(id);
    } catch (error) {
      showError(error);
    } finally {
      isReading.value = false;
    }
  });
  return reading;
}

/** @param {string} id @param {string} kind @param {number} limit @param {string | null} after @returns {Promise<{ items: any[], next: string | null }>} */
const page = (id, kind, limit, after) => rest.value.get(`/sessions/${id}/${kind}?limit=${limit}${after ? `&after=${after}` : ""}`);

/** Reads the newest again: what was made since, and what was undone. */
export const refresh = () =>
  inTurn(async (id) => {
    const [takes, steps] = await Promise.all([page(id, "takes", PAGE, null), page(id, "history", STEPS, null)]);
    if (known !== id) return;
    const before = past.value;
    const joinedTakes = joinNewest(before.takes, takes.items, (take) => take.id);
    const joinedSteps = joinNewest(before.steps, steps.items, (step) => step.version);
    past.value = {
      takes: joinedTakes.isJoined && before.nextTake !== "" ? joinedTakes.items : takes.items,
      steps: joinedSteps.isJoined && before.nextStep !== "" ? joinedSteps.items : steps.items,
      nextTake: joinedTakes.isJoined && before.nextTake !== "" ? before.nextTake : takes.next,
      nextStep: joinedSteps.isJoined && before.nextStep !== "" ? before.nextStep : steps.next,
    };
    await readStepsOfTakes(id);
  });

/** Reads older takes, and the steps that led to them. */
export const readMoreTakes = () =>
  inTurn(async (id) => {
    const { nextTake, takes } = past.value;
    if (!nextTake) return;
    const found = await page(id, "takes", PAGE, nextTake);
    if (known !== id) return;
    past.value = { ...past.value, takes: [...takes, ...found.items], nextTake: found.next };
    await readStepsOfTakes(id);
  });

export const readMoreSteps = () => inTurn(readSteps);

/** @param {string} id */
async function readSteps(id) {
  const { nextStep, steps } = past.value;
  if (!nextStep) return;
  const found = await page(id, "history", STEPS, nextStep);
  if (known === id) past.value = { ...past.value, steps: [...steps, ...found.items], nextStep: found.next };
}

/** @param {string} id */
async function readStepsOfTakes(id) {
  const oldest = past.value.takes.at(-1)?.made ?? Infinity;
  while (known === id && past.value.nextStep && (past.value.steps.at(-1)?.made ?? 0) > oldest) await readSteps(id);
}

/** @param {string} id @param {number} value */
function showLiked(id, value) {
  const { takes } = past.value;
  if (takes.some((take) => take.id === id)) past.value = { ...past.value, takes: takes.map((take) => (take.id === id ? { ...take, liked: value } : take)) };
}

/**
 * Likes a take, or takes that back.
 * @param {Take} take
 */
export async function like(take) {
  const value = take.liked === 1 ? 0 : 1;
  batch(() => showLiked(take.id, value));
  await judge(take, value);
}

/**
 * Where a take went: its slot, or that its clip has gone.
 * @param {Take} take
 */
export const whereWords = (take) => placeWords(take.clip) || (origins.value.get(take.id)?.undone ? "undone" : "not in the set");

/** @param {AnyEvent} event */
export function onJudged(event) {
  if (event.event === "feedback") showLiked(event.take, event.value);
}
