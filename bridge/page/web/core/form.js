/** The form of a song: its sections in order, from the scenes of a set or from its Arrangement. Pure. */

/** @import { ClipView, NoteRow, TrackView } from "../../types/api.js" */
/** @import { SetModel } from "./set.js" */

/**
 * @typedef {object} Section
 * @property {string} id
 * @property {string} name
 * @property {number} scene the scene's number; 0 in the Arrangement
 * @property {number} start in beats of the song
 * @property {number} length in beats
 * @property {ReadonlyMap<number, ClipView>} clips by track
 */

/** @typedef {{ where: "scenes" | "timeline", sections: readonly Section[], tracks: readonly TrackView[], beats: number }} Form */

/**
 * Returns the form: of the Arrangement where clips are in it and `where` allows, else of the scenes one after the other.
 * @param {SetModel} set
 * @param {"scenes" | "timeline" | ""} [where] "" for what there is
 * @returns {Form}
 */
export function formOf(set, where = "") {
  const arranged = [...set.clips.values()].filter((clip) => !clip.scene);
  const isTimeline = where ? where === "timeline" : arranged.length > 0 && !set.slots.size;
  const sections = isTimeline ? sectionsOfTimeline(arranged) : sectionsOfScenes(set);
  const used = new Set(sections.flatMap(({ clips }) => [...clips.keys()]));
  return {
    where: isTimeline ? "timeline" : "scenes",
    sections,
    tracks: set.tracks.filter(({ id }) => used.has(id)),
    beats: sections.reduce((sum, { length }) => sum + length, 0),
  };
}

/** @param {SetModel} set @returns {Section[]} */
function sectionsOfScenes(set) {
  const sections = [];
  let start = 0;
  for (const scene of set.scenes) {
    const clips = [...set.clips.values()].filter((clip) => clip.scene === scene.id);
    if (!clips.length) continue;
    const length = Math.max(...clips.map((clip) => clip.length));
    const name = scene.name || `Scene ${scene.number}`;
    sections.push({ id: `scene ${scene.id}`, name, scene: scene.number, start, length, clips: new Map(clips.map((clip) => [clip.track, clip])) });
    start += length;
  }
  return sections;
}

/**
 * A section begins where a clip does; what a clip that goes on plays there is its own.
 * @param {readonly ClipView[]} arranged
 * @returns {Section[]}
 */
function sectionsOfTimeline(arranged) {
  const starts = [...new Set(arranged.map(({ start }) => start))].sort((a, b) => a - b);
  const end = Math.max(0, ...arranged.map(({ start, length }) => start + length));
  return starts.map((start, index) => {
    const clips = arranged.filter((clip) => clip.start === start);
    const length = (starts[index + 1] ?? end) - start;
    const name = commonWords(clips.map((clip) => clip.name)) || `Section ${index + 1}`;
    return { id: `beat ${start}`, name, scene: 0, start, length, clips: new Map(clips.map((clip) => [clip.track, clip])) };
  });
}

/**
 * The words with which all names begin, such as "Drop 1" of "Drop 1 drums" and "Drop 1 bass"; of one name all but the last.
 * @param {readonly string[]} names
 */
export function commonWords(names) {
  const [first = [], ...others] = names.map((name) => name.split(" ").filter(Boolean));
  let count = others.length ? first.length : Math.max(Math.min(1, first.length), first.length - 1);
  for (const words of others) while (count && first.slice(0, count).join(" ") !== words.slice(0, count).join(" ")) count--;
  return first.slice(0, count).join(" ");
}

/**
 * The notes of a clip as its section plays them, from 0: a clip that is shorter comes again if it loops.
 * @param {readonly NoteRow[]} notes in beats of the clip
 * @param {ClipView} clip
 * @param {number} length of the section, in beats
 * @param {number} [first] the beat of the clip at which it begins to play
 * @returns {NoteRow[]}
 */
export function notesInSection(notes, clip, length, first = 0) {
  /** @type {NoteRow[]} */
  const inside = [];
  for (const [start, pitch, duration, velocity] of notes) {
    const at = start - first;
    if (at >= 0 && at < Math.min(clip.length, length)) inside.push([at, pitch, duration, velocity]);
  }
  if (!clip.looping || clip.length <= 0) return inside;
  const passes = Math.ceil(length / clip.length - 1e-9);
  /** @type {NoteRow[]} */
  const all = [];
  for (let pass = 0; pass < passes; pass++) {
    for (const [start, pitch, duration, velocity] of inside) {
      const at = start + pass * clip.length;
      if (at < length) all.push([at, pitch, duration, velocity]);
    }
  }
  return all;
}
