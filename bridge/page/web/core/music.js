/** Notes, meters and lengths in words and numbers. Pure. */

/** @import { NoteRow } from "../../types/api.js" */

const NAMES = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];

/** The General MIDI drums that clips mostly have, by pitch. */
export const DRUMS = new Map([
  [35, "Kick 2"], [36, "Kick"], [37, "Rim"], [38, "Snare"], [39, "Clap"], [40, "Snare 2"], [41, "Low tom"],
  [42, "Closed hat"], [43, "Floor tom"], [44, "Pedal hat"], [45, "Mid tom"], [46, "Open hat"], [47, "Tom"],
  [48, "High tom"], [49, "Crash"], [50, "High tom 2"], [51, "Ride"], [52, "China"], [53, "Bell"], [54, "Tambourine"],
  [55, "Splash"], [56, "Cowbell"], [57, "Crash 2"], [59, "Ride 2"], [60, "High bongo"], [61, "Low bongo"],
  [62, "Mute conga"], [63, "High conga"], [64, "Low conga"], [67, "High agogo"], [68, "Low agogo"], [69, "Cabasa"],
  [70, "Maracas"], [75, "Claves"], [76, "Woodblock"], [82, "Shaker"],
]);

const PART_WORDS = new Map([
  ["drums", "Drums"], ["bass", "Bass"], ["harmony", "Chords"], ["chords", "Chords"], ["melody", "Melody"],
  ["atmosphere", "Atmosphere"],
]);

/** @param {string} part */
export const partWord = (part) => PART_WORDS.get(part) ?? (part ? part[0]?.toUpperCase() + part.slice(1) : "Clip");

/**
 * The CSS colour of a part.
 * @param {string} part
 */
export function partColor(part) {
  const word = partWord(part).toLowerCase();
  return ["drums", "bass", "chords", "melody", "atmosphere"].includes(word) ? `var(--${word})` : "var(--other)";
}

/**
 * The name of a pitch with its octave as Live counts it: 60 is C3.
 * @param {number} pitch
 */
export const pitchName = (pitch) => `${NAMES[((pitch % 12) + 12) % 12]}${Math.floor(pitch / 12) - 2}`;

/**
 * The beats of a bar in quarter notes, such as 4 for "4/4" and 3 for "6/8".
 * @param {string} timeSignature
 */
export function barBeats(timeSignature) {
  const [count = 4, unit = 4] = timeSignature.split("/").map(Number);
  return count > 0 && unit > 0 ? (count * 4) / unit : 4;
}

/**
 * A position as Live shows it: bar, beat, sixteenth, from 1.
 * @param {number} beats
 * @param {string} timeSignature
 */
export function positionWords(beats, timeSignature) {
  const unit = 4 / (Number(timeSignature.split("/")[1]) || 4);
  const bar = barBeats(timeSignature);
  const inBar = ((beats % bar) + bar) % bar;
  const beat = Math.floor(inBar / unit + 1e-9);
  return `${Math.floor(beats / bar + 1e-9) + 1}.${beat + 1}.${Math.floor(((inBar - beat * unit) / unit) * 4 + 1e-9) + 1}`;
}

/**
 * A length in words: "4 bars", "1 bar", "2½ beats".
 * @param {number} beats
 * @param {string} timeSignature
 */
export function lengthWords(beats, timeSignature) {
  const bars = beats / barBeats(timeSignature);
  const whole = Math.round(bars);
  if (whole >= 1 && Math.abs(bars - whole) < 1e-6) return `${whole} ${whole === 1 ? "bar" : "bars"}`;
  const rounded = Math.round(beats * 100) / 100;
  return `${rounded} ${rounded === 1 ? "beat" : "beats"}`;
}

/**
 * Seconds as a clock: 3:05.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * What a screen reader says of notes: "32 notes, C3 to G5".
 * @param {readonly NoteRow[]} notes
 * @param {boolean} isDrums
 */
export function notesWords(notes, isDrums = false) {
  if (!notes.length) return "no notes";
  const count = `${notes.length} ${notes.length === 1 ? "note" : "notes"}`;
  if (isDrums) {
    const names = [...new Set(notes.map(([, pitch]) => DRUMS.get(pitch) ?? pitchName(pitch)))];
    return `${count}: ${names.slice(0, 6).join(", ")}${names.length > 6 ? " and others" : ""}`;
  }
  const [low, high] = pitchRange(notes);
  return low === high ? `${count}, ${pitchName(low)}` : `${count}, ${pitchName(low)} to ${pitchName(high)}`;
}

/**
 * The lowest and the highest pitch; of no notes the octave from C3.
 * @param {readonly NoteRow[]} notes
 * @returns {[number, number]}
 */
export function pitchRange(notes) {
  let low = 128;
  let high = -1;
  for (const [, pitch] of notes) {
    low = Math.min(low, pitch);
    high = Math.max(high, pitch);
  }
  return high < 0 ? [60, 72] : [low, high];
}
