/** How much happens in each bar of a song: onsets, weighted by their velocity, over all parts. Pure. */

/** @import { NoteRow } from "../../types/api.js" */

/**
 * Returns the sum of the velocities (0 to 1) of the notes that begin in each bar. Notes before and after are left out.
 * @param {Iterable<readonly NoteRow[]>} parts notes in beats of the section
 * @param {number} beats of the section
 * @param {number} bar beats of a bar
 * @returns {number[]} one for each bar, also for one that is begun
 */
export function energyOfBars(parts, beats, bar) {
  const energy = new Array(Math.max(0, Math.ceil(beats / bar - 1e-9))).fill(0);
  for (const notes of parts) {
    for (const [start, , , velocity] of notes) {
      const place = Math.floor(start / bar + 1e-9);
      if (place >= 0 && place < energy.length) energy[place] += velocity / 127;
    }
  }
  return energy;
}

/**
 * Returns curves against the highest bar of all, 0 to 1.
 * @param {readonly (readonly number[])[]} curves
 * @returns {number[][]}
 */
export function againstHighest(curves) {
  const highest = Math.max(0, ...curves.flat());
  return curves.map((curve) => curve.map((value) => (highest ? value / highest : 0)));
}

/**
 * What a screen reader says of a curve: where the energy is highest.
 * @param {readonly { name: string, energy: readonly number[] }[]} sections
 */
export function energyWords(sections) {
  const means = sections.map(({ name, energy }) => ({ name, mean: energy.reduce((sum, value) => sum + value, 0) / (energy.length || 1) }));
  const sorted = means.filter(({ mean }) => mean > 0).sort((a, b) => b.mean - a.mean);
  const [most] = sorted;
  const least = sorted.at(-1);
  if (!most || !least) return "no energy yet";
  return most === least ? `energy highest in ${most.name}` : `energy highest in ${most.name}, lowest in ${least.name}`;
}
