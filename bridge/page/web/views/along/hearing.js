/** A take that is heard before it is kept: made in its place, played with the scene's other clips, turned while it sounds. */

/** @import { NoteRow, Outcome, Take } from "../../../types/api.js" */
import { partWord } from "../../core/music.js";
import { fields } from "../../dials.js";
import { stopListening } from "../../listen.js";
import { ask, keepTakes, request, selected, sentence, set, showError, takes, toast } from "../../store.js";
import { batch, computed, signal } from "../../vendor/preact.js";
import { forgetNext, listenNext } from "./next_piece.js";

/**
 * @typedef {object} Heard
 * @property {string} take
 * @property {number} version of the set after its last step
 * @property {number} steps how many steps of the history it is
 */

/** The take that waits to be kept or dropped. */
export const heard = signal(/** @type {Heard | null} */ (null));
/** Notes of the take as it would be, while a pad or a dial moves. */
export const preview = signal(/** @type {readonly NoteRow[] | null} */ (null));

/** What pads and dials turn: the take that is heard, else the newest one that an engine played. */
export const turnable = computed(() => {
  const chosen = heard.value && takes.value.get(heard.value.take);
  if (chosen) return chosen;
  const fitting = [...takes.value.values()].filter((take) => isTurnable(take) && set.value.clips.has(take.clip));
  return fitting.reduce((newest, take) => (!newest || take.made > newest.made ? take : newest), /** @type {Take | null} */ (null));
});

/** @param {Take} take */
const isTurnable = (take) => ["generate", "band"].includes(String(take.params["do"]));

/** The player that is heard. */
export const engine = signal("drummaroo");

/** Makes a take and plays it; the one before that was not kept goes first. */
export async function hear() {
  if (heard.value && !(await drop())) return;
  const scene = set.value.scenes.find(({ id }) => id === selected.value?.scene)?.number;
  const outcome = await request({ do: "generate", engine: engine.value, ...fields(), ...(scene ? { scene } : {}) });
  const take = outcome?.takes?.[0];
  if (!outcome || !take) return;
  heard.value = { take: take.id, version: outcome.version ?? set.value.version, steps: 1 };
  await listenNext(pieceWith(take));
}

export function keep() {
  heard.value = null;
  toast("Kept.");
}

/** Takes the heard take back: by undo where nothing else was changed since, else by deleting its clip. Returns whether it has gone. */
export async function drop() {
  const dropped = heard.value;
  const take = dropped && takes.value.get(dropped.take);
  if (!dropped || !take) return true;
  forgetNext();
  stopListening();
  if (set.value.version <= dropped.version) {
    for (let step = 0; step < dropped.steps; step++) if (!(await request({ do: "undo" }))) return false;
  } else {
    const clip = set.value.clips.get(take.clip);
    const track = set.value.tracks.find(({ id }) => id === clip?.track)?.number;
    const scene = set.value.scenes.find(({ id }) => id === clip?.scene)?.number;
    if (track && scene && !(await request({ do: "act", intent: "delete", what: "clip", tracks: [track], scene }))) return false;
  }
  heard.value = null;
  preview.value = null;
  return true;
}

/**
 * A take with the clips that it was played to, as one piece: those of the scene that was asked for, on other tracks.
 * @param {Take} take
 * @returns {import("../../listen.js").Piece}
 */
export function pieceWith(take) {
  const number = Number(take.params["scene"]) || take.scene;
  const scene = set.value.scenes.find((each) => each.number === number)?.id;
  const track = set.value.tracks.find((each) => each.number === take.track)?.id;
  const others = [...set.value.clips.values()].filter((clip) => scene !== undefined && clip.scene === scene && clip.track !== track && !clip.muted);
  return {
    title: others.length ? `${take.name}, with scene ${number}` : take.name,
    parts: [{ id: take.id, name: partWord(take.part), take: take.id }, ...others.map((clip) => ({ id: String(clip.id), name: clip.name, clip: clip.id }))],
    beats: Math.max(take.length_beats, ...others.map(({ length }) => length)),
    bpm: set.value.song?.bpm ?? take.bpm,
    loop: true,
  };
}

/** @typedef {{ take: string, params: Record<string, unknown>, final: boolean }} Turn */

/** @type {Turn | null} */
let wanted = null;
let isTurning = false;

/**
 * Plays a take otherwise: as a preview, or (final) in its place; what sounds goes on with it when it comes round.
 * Of many movements the last one is asked for, and a final one is never left out.
 * @param {Take} take
 * @param {Record<string, unknown>} params
 * @param {boolean} final
 */
export async function turnTake(take, params, final) {
  wanted = { take: take.id, params, final: final || Boolean(wanted?.final) };
  if (isTurning) return;
  isTurning = true;
  try {
    for (let next = takeWanted(); next; next = takeWanted()) await (next.final ? write(next) : show(next));
  } catch (error) {
    wanted = null;
    preview.value = null;
    showError(error);
  } finally {
    isTurning = false;
  }
}

function takeWanted() {
  const next = wanted;
  wanted = null;
  return next;
}

/** @param {Turn} turn */
async function show(turn) {
  const outcome = await askTurn(turn);
  const notes = outcome.takes?.[0]?.notes;
  if (notes && !wanted) preview.value = /** @type {NoteRow[]} */ (/** @type {unknown} */ (notes));
}

/** @param {Turn} turn */
async function write(turn) {
  const outcome = await askTurn(turn);
  const turned = outcome.takes?.[0];
  if (!turned) return;
  const before = heard.value;
  batch(() => {
    keepTakes(outcome.takes ?? []);
    sentence.value = outcome.sentence;
    preview.value = null;
    heard.value = { take: turned.id, version: outcome.version ?? set.value.version, steps: before?.take === turn.take ? before.steps + 1 : 1 };
  });
  // A movement meanwhile was meant for this take: it has another id now.
  if (wanted?.take === turn.take) wanted = { ...wanted, take: turned.id };
  await listenNext(pieceWith(turned));
}

/** @param {Turn} turn @returns {Promise<Outcome>} */
const askTurn = ({ take, params, final }) => ask("turn", { take, params, final });
