/** Jobs in words, and what they have made. Pure. */

/** @import { JobState, Take } from "../../types/api.js" */
import { counted } from "./words.js";

/** @typedef {{ id: string, name: string, kind: string, bytes: number }} MadeFile */
/** @typedef {{ take: Take | null, file: MadeFile | null, name: string, seconds: number | null }} MadeSound */

/** @param {JobState} job */
export const isUnderWay = (job) => job.state === "waiting" || job.state === "running";

/**
 * The jobs of a kind, newest first.
 * @param {Iterable<JobState>} jobs
 * @param {string} kind
 */
export const ofKind = (jobs, kind) => [...jobs].filter((job) => job.kind === kind).sort((a, b) => b.made - a.made);

const PHASES = /** @type {Record<string, string>} */ ({
  waiting: "Waiting",
  loading: "Loading the model",
  fetching: "Reading the set",
  working: "At work",
  writing: "Writing",
});

/**
 * What a job does now: "Waiting: 2 jobs come first", "Taking apart".
 * @param {JobState} job
 */
export function phaseWords(job) {
  if (job.state === "done") return "Done";
  if (job.state === "failed") return "Failed";
  if (job.state === "cancelled") return "Cancelled";
  if (job.state === "waiting") return job.place ? `Waiting: ${counted(job.place, "job comes", "jobs come")} first` : "Waiting";
  // A render needs no model: there its samples are made ready.
  if (job.kind === "render" && job.phase === "loading") return "Getting ready";
  return job.text || PHASES[job.phase] || "At work";
}

/**
 * The time that is left, in words that do not flicker; "" where nobody knows.
 * @param {JobState} job
 */
export function etaWords(job) {
  const left = job.eta;
  if (left == null || !isUnderWay(job)) return "";
  if (left < 5) return "a few seconds left";
  if (left < 55) return `about ${Math.ceil(left / 5) * 5} s left`;
  if (left < 3570) return `about ${Math.max(1, Math.round(left / 60))} min left`;
  return `about ${counted(Math.round(left / 3600), "hour")} left`;
}

/**
 * @typedef {object} Result
 * @property {readonly MadeFile[]} [files]
 * @property {{ takes?: readonly Take[], notices?: readonly string[], sentence?: string }} [outcome]
 * @property {{ backend?: string, model?: string, seconds?: number, takes?: readonly { seconds: number }[] }} [facts]
 * @property {readonly string[]} [notices]
 * @property {string} [sentence]
 */

/** What a job has led to; nothing before it is done. @param {JobState} job @returns {Result} */
export const resultOf = (job) => /** @type {Result} */ (job.result ?? {});

/** @param {JobState} job @returns {readonly MadeFile[]} */
export const filesOf = (job) => resultOf(job).files ?? [];

/** @param {JobState} job @returns {readonly Take[]} */
export const takesOf = (job) => resultOf(job).outcome?.takes ?? [];

/** What a job says of what it has made. @param {JobState} job @returns {readonly string[]} */
export const noticesOf = (job) => resultOf(job).outcome?.notices ?? resultOf(job).notices ?? [];

/** @param {JobState} job */
export const sentenceOfJob = (job) => resultOf(job).outcome?.sentence ?? resultOf(job).sentence ?? "";

/**
 * The sounds of a split or imagined job: files and takes, which come in the same order. In Live there are takes alone.
 * @param {JobState} job
 * @returns {MadeSound[]}
 */
export function soundsOf(job) {
  const files = filesOf(job).filter(({ name }) => !name.endsWith(".json"));
  const takes = takesOf(job);
  const facts = resultOf(job).facts?.takes ?? [];
  return Array.from({ length: Math.max(files.length, takes.length) }, (_, index) => {
    const [file = null, take = null] = [files[index], takes[index]];
    return { take, file, name: take?.name ?? stem(file?.name ?? ""), seconds: facts[index]?.seconds ?? null };
  });
}

/** @param {string} name */
const stem = (name) => name.replace(/\.[^.]+$/, "");

/**
 * The name of a stem or a take without what all of them share: "Drums" of "loop · Drums (DSP)".
 * @param {string} name
 */
export const shortName = (name) => (name.split(" · ").at(-1) ?? name).replace(/ \([^)]*\)$/, "");

/**
 * What really answered: "sketch", "musicgen", "stable-audio", "demucs", "dsp"; "" where it is not told.
 * @param {JobState} job
 */
export function backendOf(job) {
  const told = resultOf(job).facts?.backend;
  if (told) return told;
  const version = takesOf(job)[0]?.engine_version ?? "";
  return version.includes(" ") ? (version.split(" ")[1] ?? "") : "";
}
