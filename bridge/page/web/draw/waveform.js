/** The waveform of a clip: seconds of its file from left to right, with beats, bars, chords and warp markers. */

/** @import { Warp } from "../core/warp.js" */
/** @import { ChordRows } from "../core/sheet.js" */
import { partColor } from "../core/music.js";
import { CHORDS, RULER } from "../core/sheet.js";
import { beatsAt, secondsAt } from "../core/warp.js";
import { color } from "./canvas.js";
import { drawChords, FONT } from "./roll.js";

const MARKER = 6;
/** Half the width of a warp marker. */

/** @typedef {{ start: number, end: number, low: readonly number[], high: readonly number[] }} Peaks between two seconds */

/**
 * @typedef {object} Wave
 * @property {Peaks} peaks
 * @property {number} left the second at the left edge
 * @property {number} px pixels of a second
 * @property {number} seconds of the whole file
 * @property {Warp} markers
 * @property {readonly (readonly [number, number])[]} shown the clip's own warp markers
 * @property {readonly number[]} beats seconds at which beats were heard
 * @property {ChordRows} chords by beats of the clip
 * @property {number} bar beats of a bar
 * @property {readonly [number, number]} played beats of the clip
 * @property {string} part
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {Wave} wave
 */
export function drawWaveform(context, width, height, wave) {
  const head = RULER + (wave.chords.length ? CHORDS : 0);
  const xOf = (/** @type {number} */ seconds) => (seconds - wave.left) * wave.px;
  context.font = FONT;
  context.textBaseline = "middle";
  context.fillStyle = color("--raised");
  context.fillRect(0, 0, width, height);
  drawBars(context, width, height, wave, head, xOf);
  drawPeaks(context, width, height, wave, head, xOf);
  drawHeard(context, width, height, wave, xOf);
  drawSilence(context, width, height, wave, head, xOf);
  drawHead(context, width, wave, head, xOf);
}

/** @param {Wave} wave @param {number} width */
function barsInView(wave, width) {
  const first = Math.floor(beatsAt(wave.markers, wave.left) / wave.bar);
  const last = Math.ceil(beatsAt(wave.markers, wave.left + width / wave.px) / wave.bar);
  const every = Math.max(1, 2 ** Math.ceil(Math.log2(((last - first) * 44) / width)));
  return { first: Math.floor(first / every) * every, last, every };
}

/** @param {CanvasRenderingContext2D} context @param {number} width @param {number} height @param {Wave} wave @param {number} head @param {(seconds: number) => number} xOf */
function drawBars(context, width, height, wave, head, xOf) {
  const { first, last, every } = barsInView(wave, width);
  for (let bar = first; bar <= last; bar += every) {
    const x = Math.round(xOf(secondsAt(wave.markers, bar * wave.bar)));
    context.fillStyle = color("--strong-line");
    context.fillRect(x, head, 1, height);
    if (every > 1) continue;
    context.fillStyle = color("--line");
    for (let beat = 1; beat < wave.bar; beat++) context.fillRect(Math.round(xOf(secondsAt(wave.markers, bar * wave.bar + beat))), head, 1, height);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} width @param {number} height @param {Wave} wave @param {number} head @param {(seconds: number) => number} xOf */
function drawPeaks(context, width, height, { peaks, part }, head, xOf) {
  const columns = peaks.low.length;
  if (!columns) return;
  const room = height - head - 16;
  const from = xOf(peaks.start);
  const step = (xOf(peaks.end) - from) / columns;
  context.fillStyle = color(partColor(part));
  for (let x = Math.max(0, Math.floor(from)); x < Math.min(width, from + step * columns); x++) {
    const first = Math.max(0, Math.floor((x - from) / step));
    const last = Math.max(first + 1, Math.floor((x + 1 - from) / step));
    let least = 127;
    let most = -128;
    for (let column = first; column < last && column < columns; column++) {
      least = Math.min(least, peaks.low[column] ?? 0);
      most = Math.max(most, peaks.high[column] ?? 0);
    }
    if (most < least) continue;
    context.fillRect(x, head + 8 + ((127 - most) / 255) * room, 1, Math.max(1, ((most - least) / 255) * room));
  }
}

/** The beats that were heard in it: ticks at the bottom. @param {CanvasRenderingContext2D} context @param {number} width @param {number} height @param {Wave} wave @param {(seconds: number) => number} xOf */
function drawHeard(context, width, height, { beats }, xOf) {
  context.fillStyle = color("--ink");
  for (const second of beats) {
    const x = Math.round(xOf(second));
    if (x >= 0 && x <= width) context.fillRect(x, height - 8, 1, 8);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} width @param {number} height @param {Wave} wave @param {number} head @param {(seconds: number) => number} xOf */
function drawSilence(context, width, height, { markers, played, seconds }, head, xOf) {
  const [first, last] = [xOf(secondsAt(markers, played[0])), xOf(secondsAt(markers, played[1]))];
  context.fillStyle = color("--page");
  context.globalAlpha = 0.6;
  if (first > 0) context.fillRect(0, head, first, height);
  if (last < width) context.fillRect(last, head, width - last, height);
  context.globalAlpha = 1;
  context.fillStyle = color("--sunk");
  const end = xOf(seconds);
  if (end < width) context.fillRect(end, head, width - end, height);
}

/** Bars, chords and warp markers. @param {CanvasRenderingContext2D} context @param {number} width @param {Wave} wave @param {number} head @param {(seconds: number) => number} xOf */
function drawHead(context, width, wave, head, xOf) {
  context.fillStyle = color("--panel");
  context.fillRect(0, 0, width, head);
  const [first, last] = [xOf(secondsAt(wave.markers, wave.played[0])), xOf(secondsAt(wave.markers, wave.played[1]))];
  context.fillStyle = color("--accent");
  context.fillRect(first, 0, last - first, 3);
  const bars = barsInView(wave, width);
  for (let bar = bars.first; bar <= bars.last; bar += bars.every) {
    const x = Math.round(xOf(secondsAt(wave.markers, bar * wave.bar)));
    context.fillStyle = color("--strong-line");
    context.fillRect(x, 6, 1, RULER - 6);
    context.fillStyle = color("--ink");
    context.fillText(String(bar + 1), x + 4, RULER / 2 + 1);
  }
  drawChords(context, wave.chords, wave.played[1], (beat) => xOf(secondsAt(wave.markers, beat)), 0, width);
  context.fillStyle = color("--dial");
  for (const [second] of wave.shown) {
    const x = xOf(second);
    context.beginPath();
    context.moveTo(x - MARKER, head - 1);
    context.lineTo(x + MARKER, head - 1);
    context.lineTo(x, head + MARKER);
    context.fill();
  }
  context.fillStyle = color("--strong-line");
  context.fillRect(0, head - 1, width, 1);
}
