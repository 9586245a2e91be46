/** Sounds beside each other, as waveforms: stems, or loops to choose from. */

/** @import { VNode } from "../vendor/preact.js" */
/** @import { Piece } from "../listen.js" */
import { Canvas, color } from "../draw/canvas.js";
import { drawPeaks } from "../draw/thumbnail.js";
import { isPiece, isSounding, muted, position, soloed } from "../listen.js";
import { partColor } from "../core/music.js";
import { rest, set } from "../store.js";
import { html, useEffect, useRef, useSignal } from "../vendor/preact.js";

/** @typedef {{ seconds: number, low: readonly number[], high: readonly number[] }} Peaks */

/**
 * The peaks below a path; null until they are here, "" where they cannot be read.
 * @param {string} path such as "/files/ID"
 * @param {number} columns
 */
export function usePeaks(path, columns) {
  const peaks = useSignal(/** @type {Peaks | null | ""} */ (null));
  useEffect(() => {
    let isWanted = true;
    peaks.value = null;
    const take = (/** @type {Peaks | ""} */ found) => {
      if (isWanted) peaks.value = found;
    };
    if (path) rest.value.getKept(`${path}/peaks?columns=${columns}`).then(take, () => take(""));
    else take("");
    return () => void (isWanted = false);
  }, [path]);
  return peaks.value;
}

/**
 * Where a clip is in the set, such as "Scene 2 · BassaRoo"; "" where it has gone.
 * @param {number} id
 */
export function placeWords(id) {
  const clip = set.value.clips.get(id);
  const track = clip && set.value.tracks.find((each) => each.id === clip.track);
  const scene = clip && set.value.scenes.find((each) => each.id === clip.scene);
  if (!clip || !track) return "";
  const where = scene ? `Scene ${scene.number}` : "Arrangement";
  return track.name === clip.name ? where : `${where} · ${track.name}`;
}

/**
 * A row: its name, its waveform with where it sounds, and what can be done with it.
 * @param {{ name: string, note?: string, path: string, part: string, piece: Piece, id: string, controls: VNode, isMarked?: boolean }} props
 * `piece`: what it sounds in; `id`: which of its parts it is
 */
export function SoundRow({ name, note, path, part, piece, id, controls, isMarked = false }) {
  const peaks = usePeaks(path, 600);
  const isHere = isPiece(piece);
  const isSilent = isHere && (muted.value.has(id) || (soloed.value.size > 0 && !soloed.value.has(id)));
  const said = peaks ? `waveform, ${peaks.seconds.toFixed(1)} seconds` : peaks === "" ? "no waveform" : "waveform is being read";
  return html`<li class=${`sound-row ${isSilent ? "silent" : ""} ${isMarked ? "marked" : ""}`}>
    <div class="what"><strong dir="auto" title=${name}>${name}</strong>${note && html`<span class="note small" dir="auto">${note}</span>`}</div>
    <${Canvas}
      class="wave"
      height=${56}
      label=${`${name}: ${said}`}
      depends=${[peaks, part]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) => {
        if (peaks) drawPeaks(context, width, height, peaks, color(partColor(part)));
      }}
      >${peaks === "" && html`<span class="note small">The waveform cannot be read.</span>`}<${Playhead} piece=${piece}
    /><//>
    <div class="row controls">${controls}</div>
  </li>`;
}

/**
 * Where it sounds now.
 * @param {{ piece: Piece }} props
 */
function Playhead({ piece }) {
  const line = useRef(/** @type {HTMLElement | null} */ (null));
  const isOn = isSounding.value && isPiece(piece);
  useEffect(() => {
    if (!isOn) return;
    let frame = 0;
    const move = () => {
      const width = line.current?.parentElement?.clientWidth ?? 0;
      if (line.current) line.current.style.transform = `translateX(${((position() % piece.beats) / piece.beats) * width}px)`;
      frame = requestAnimationFrame(move);
    };
    move();
    return () => cancelAnimationFrame(frame);
  }, [isOn, piece.beats]);
  return isOn ? html`<i class="sound-head" ref=${line}></i>` : null;
}
