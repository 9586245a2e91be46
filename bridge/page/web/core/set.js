/** A set as the page knows it, and what becomes of it with each numbered change. Pure. */

/** @import { ClipView, SceneView, SetChanges, SongView, TrackView } from "../../types/api.js" */

/**
 * @typedef {object} SetModel
 * @property {number} version
 * @property {SongView | null} song
 * @property {readonly TrackView[]} tracks in their order in Live
 * @property {readonly SceneView[]} scenes
 * @property {ReadonlyMap<number, ClipView>} clips by id
 * @property {ReadonlyMap<string, ClipView>} slots by `slotOf` track and scene; Session clips alone
 */

/** @type {SetModel} */
export const NO_SET = { version: 0, song: null, tracks: [], scenes: [], clips: new Map(), slots: new Map() };

/**
 * The key of a clip slot.
 * @param {number} track
 * @param {number} scene
 */
export const slotOf = (track, scene) => `${track} ${scene}`;

/**
 * Returns the set after changes. What did not change keeps its identity, so that only what changed is drawn again.
 * @param {SetModel} before
 * @param {SetChanges} changes
 * @returns {SetModel}
 */
export function applyChanges(before, changes) {
  const base = changes.whole ? NO_SET : before;
  const gone = new Set(changes.gone ?? []);
  const clips = changedClips(base.clips, changes.clips ?? [], gone);
  return {
    version: changes.version,
    song: changes.song ?? base.song,
    tracks: changedList(base.tracks, changes.tracks ?? [], gone),
    scenes: changedList(base.scenes, changes.scenes ?? [], gone),
    clips,
    slots: clips === base.clips ? base.slots : slotsOf(clips),
  };
}

/**
 * @template {{ id: number, number: number }} T
 * @param {readonly T[]} before
 * @param {readonly T[]} changed
 * @param {Set<number>} gone
 * @returns {readonly T[]}
 */
function changedList(before, changed, gone) {
  if (!changed.length && !before.some(({ id }) => gone.has(id))) return before;
  const byId = new Map(before.map((each) => [each.id, each]));
  for (const id of gone) byId.delete(id);
  for (const each of changed) byId.set(each.id, each);
  return [...byId.values()].sort((a, b) => a.number - b.number);
}

/**
 * @param {ReadonlyMap<number, ClipView>} before
 * @param {readonly ClipView[]} changed
 * @param {Set<number>} gone
 */
function changedClips(before, changed, gone) {
  if (!changed.length && ![...gone].some((id) => before.has(id))) return before;
  const clips = new Map(before);
  for (const id of gone) clips.delete(id);
  for (const clip of changed) clips.set(clip.id, clip);
  return clips;
}

/** @param {ReadonlyMap<number, ClipView>} clips */
function slotsOf(clips) {
  /** @type {Map<string, ClipView>} */
  const slots = new Map();
  for (const clip of clips.values()) if (clip.scene) slots.set(slotOf(clip.track, clip.scene), clip);
  return slots;
}

/**
 * Returns whether changes are the very next ones; otherwise something was missed, and the whole set is to be read.
 * @param {SetModel} before
 * @param {SetChanges} changes
 */
export function isNext(before, changes) {
  return Boolean(changes.whole) || changes.version <= before.version + 1;
}

/**
 * The playing clips and their tracks.
 * @param {SetModel} set
 */
export function playing(set) {
  return [...set.clips.values()].filter((clip) => clip.is_playing);
}
