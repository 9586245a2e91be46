/** A part in a section of a song: its notes small, with a line at each pass of a clip that comes again. */

/** @import { ClipContent } from "../clips.js" */
import { notesInSection } from "../core/form.js";
import { drawPeaks, drawThumbnail } from "./thumbnail.js";

/** @import { ClipView } from "../../types/api.js" */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {ClipView} clip
 * @param {ClipContent} content
 * @param {number} length of the section, in beats
 * @param {string} ink
 */
export function drawPart(context, width, height, clip, content, length, ink) {
  if (content.peaks) {
    const share = Math.min(1, clip.length / length);
    if (clip.looping) for (let pass = 0; pass * share < 1 - 1e-6; pass++) drawPass(context, pass * share * width, share * width, height, content.peaks, ink);
    else drawPass(context, 0, share * width, height, content.peaks, ink);
  } else drawThumbnail(context, width, height, notesInSection(content.notes, clip, length, content.start), length, ink);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} width
 * @param {number} height
 * @param {{ low: readonly number[], high: readonly number[] }} peaks
 * @param {string} ink
 */
function drawPass(context, left, width, height, peaks, ink) {
  context.save();
  context.translate(left, 0);
  drawPeaks(context, width, height, peaks, ink);
  context.restore();
}
