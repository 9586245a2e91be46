/** An old take back into the set: its notes as they were, or its sound. */

/** @import { JobState, Take } from "../../../types/api.js" */
import { RooError } from "../../api/errors.js";
import { soundsOf } from "../../core/jobs.js";
import { barBeats } from "../../core/music.js";
import { againRequest, fileName, isSameNotes } from "../../core/past.js";
import { readTake, request, rest, session, set, showError, toast } from "../../store.js";

/** Takes without notes: what jobs have made. @param {Take} take */
export const isSound = (take) => take.engine === "split" || take.engine === "imagine";

/** @param {Take} take */
export function whyNotRestore(take) {
  if (isSound(take) && session.value?.set === "live") return "Files go into Live's set in Live: download it, and drop it there.";
  return "";
}

/**
 * Writes a take into the set again, into the next empty slot of its track. Where its clip has gone, its player plays a clip of
 * that length first, which then gets exactly these notes.
 * @param {Take} listed
 */
export async function restore(listed) {
  if (isSound(listed)) return writeSound(listed);
  try {
    const take = await readTake(listed.id);
    const notes = take.notes ?? [];
    if (set.value.clips.has(take.clip)) return void (await request({ do: "edit", take: take.id, notes }));
    const again = againRequest(take, barBeats(take.time_signature));
    const made = again && (await request(again));
    const [fresh] = made?.takes ?? [];
    if (!fresh) return;
    const isExact = isSameNotes(fresh.notes ?? [], notes);
    if (!isExact && !(await request({ do: "edit", take: fresh.id, notes, replace: true }))) return;
    toast(isExact ? `${take.name} is in the set again.` : `${take.name} is in the set again. Press Undo twice to take it out.`);
  } catch (error) {
    showError(error);
  }
}

/**
 * Puts the file of a sound into the set again, on a track of its own.
 * @param {Take} take
 */
export async function writeSound(take) {
  try {
    const { path } = await soundOf(take, "wav");
    const query = new URLSearchParams({ place: "true", apply: "", name: take.name });
    const raw = await rest.value.file(path);
    await rest.value.post(`/sessions/${session.value?.id}/analyze?${query}`, undefined, { raw, headers: { "content-type": "application/octet-stream" } });
    toast(`${take.name} is in the set again, on a track of its own.`);
  } catch (error) {
    showError(error);
  }
}

/**
 * Where a take is as sound: played in a format, or the file that its job has made, as it is.
 * @param {Take} take
 * @param {string} format
 * @returns {Promise<{ path: string, ending: string }>}
 */
export async function soundOf(take, format) {
  if (!isSound(take)) return { path: `/takes/${take.id}/audio?format=${format}`, ending: format };
  const job = /** @type {JobState} */ (await rest.value.get(`/jobs/${take.request}`));
  const file = soundsOf(job).find((sound) => sound.take?.id === take.id)?.file;
  if (!file) throw new RooError(`The file of “${take.name}” is in Live's set, and not on the server: take it from there.`, "not_found");
  return { path: `/files/${file.id}`, ending: file.name.split(".").at(-1) ?? format };
}

/**
 * A take as a file that is saved.
 * @param {Take} take
 * @param {string} format "mid", or one of sound
 */
export async function fileOf(take, format) {
  if (format === "mid") return { path: `/takes/${take.id}/midi`, name: fileName(take, "mid") };
  const { path, ending } = await soundOf(take, format);
  return { path, name: fileName(take, ending) };
}
