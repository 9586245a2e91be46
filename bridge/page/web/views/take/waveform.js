/** The sound of an audio clip or take: its waveform with beats, chords and warp markers, scrolled and zoomed. */

/** @import { ClipDetail } from "../../../types/api.js" */
/** @import { Peaks } from "../../draw/waveform.js" */
import { sentenceOf } from "../../api/errors.js";
import { barBeats, clock } from "../../core/music.js";
import { playedOf } from "../../core/sheet.js";
import { markersOf, secondsAt } from "../../core/warp.js";
import { rounded } from "../../core/words.js";
import { drawWaveform } from "../../draw/waveform.js";
import { Button } from "../../parts/controls.js";
import { rest, showError } from "../../store.js";
import { html, useEffect, useMemo, useRef, useSignal } from "../../vendor/preact.js";
import { NOWHERE, Pane } from "./pane.js";

const COLUMNS = 1600;
const CLOSEST = 4000;
/** Pixels of a second. */

/**
 * @param {object} props
 * @param {string} props.path of the peaks
 * @param {ClipDetail | null} props.detail of its clip, where that is in the set
 * @param {string} props.part
 * @param {number} props.bpm
 * @param {number} props.beats that it lasts
 * @param {string} props.timeSignature
 * @param {boolean} props.isHeard
 * @param {() => void} props.onListen
 */
export function Waveform({ path, detail, part, bpm, beats, timeSignature, isHeard, onListen }) {
  const view = useSignal(NOWHERE);
  const peaks = useSignal(/** @type {(Peaks & { seconds: number }) | null} */ (null));
  const whole = useSignal(/** @type {(Peaks & { seconds: number }) | null} */ (null));
  const trouble = useSignal("");
  const markers = useMemo(() => markersOf({ warp: detail?.warp ?? [], warped: detail?.warped ?? false, bpm }), [detail, bpm]);
  const seconds = whole.value?.seconds ?? detail?.seconds ?? (beats * 60) / bpm;
  const played = useMemo(() => beatsOf(detail, beats, bpm), [detail, beats, bpm]);
  useEffect(() => {
    readPeaks(path, 0, null).then((found) => (whole.value = found), (error) => (trouble.value = sentenceOf(error)));
  }, [path]);
  const { px, left, width } = view.value;
  useCloser({ path, px, left, width, seconds, onPeaks: (found) => (peaks.value = found) });
  const isClose = px * seconds > COLUMNS;
  const shown = (isClose && covers(peaks.value, left, width, px) ? peaks.value : whole.value) ?? { start: 0, end: seconds, low: [], high: [] };
  const fit = (/** @type {{ width: number, height: number }} */ size) => ({ ...size, px: (size.width - 16) / seconds, row: 0, left: 0, top: 0 });
  const zoom = (/** @type {number} */ factor, x = view.peek().width / 2) => {
    const before = view.peek();
    const next = Math.max((before.width - 16) / seconds, Math.min(CLOSEST, before.px * factor));
    view.value = { ...before, px: next, left: Math.max(0, Math.min(seconds * next + 16 - before.width, ((before.left + x) / before.px) * next - x)) };
  };
  useEffect(() => {
    if (whole.value && view.peek().width) view.value = fit(view.peek());
  }, [whole.value]);
  const label = `Waveform of ${clock(seconds)}, ${rounded(beats)} beats${detail?.warp.length ? `, ${detail.warp.length} warp markers` : ""}`;
  return html`<section class="editor" aria-label="Sound">
    <div class="row apart tools">
      <p class="note">${trouble.value || waveWords(detail, seconds)}</p>
      <div class="row" role="group" aria-label="Zoom">
        <${Button} label="Zoom out" onPress=${() => zoom(1 / 1.6)}>−<//>
        <${Button} label="Zoom in" onPress=${() => zoom(1.6)}>+<//>
        <${Button} onPress=${() => (view.value = fit(view.value))}>Fit<//>
      </div>
    </div>
    <${Pane}
      view=${view}
      size=${{ width: seconds * px + 16, height: 1 }}
      fit=${fit}
      label=${label}
      depends=${[shown, markers, detail]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ wide, /** @type {number} */ high) =>
        drawWaveform(context, wide, high, {
          peaks: shown, left: left / (px || 1), px, seconds, markers, shown: detail?.warped ? detail.warp : [], beats: detail?.beats ?? [],
          chords: detail?.chords ?? [], bar: barBeats(timeSignature), played, part,
        })}
      isHeard=${isHeard}
      headAt=${(/** @type {number} */ at) => secondsAt(markers, played[0] + (at % (played[1] - played[0] || 1))) * view.peek().px - view.peek().left}
      scroller=${{
        role: "application",
        "aria-label": "Waveform: plus and minus zoom, Space listens",
        onWheel: (/** @type {WheelEvent} */ event) => {
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          zoom(Math.exp(-event.deltaY / 240), event.clientX - /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect().left);
        },
        onKeyDown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key === " ") onListen();
          else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1.6 : 1 / 1.6);
          else return;
          event.preventDefault();
        },
      }}
    />
  </section>`;
}

/** The beats that play; a clip that is not warped tells them in seconds. @param {ClipDetail | null} detail @param {number} beats @param {number} bpm @returns {readonly [number, number]} */
function beatsOf(detail, beats, bpm) {
  if (!detail) return [0, beats];
  const [first, last] = playedOf(detail);
  return detail.warped ? [first, last] : [(first * bpm) / 60, (last * bpm) / 60];
}

/** @param {ClipDetail | null} detail @param {number} seconds */
function waveWords(detail, seconds) {
  if (!detail) return `${clock(seconds)} of sound`;
  const warp = detail.warped ? `${detail.warp.length} warp markers` : "not warped";
  return [detail.file, clock(seconds), warp, detail.beats.length ? `${detail.beats.length} beats heard` : ""].filter(Boolean).join(" · ");
}

/** @param {string} path @param {number} start @param {number | null} end @returns {Promise<Peaks & { seconds: number }>} */
async function readPeaks(path, start, end) {
  const stretch = end === null ? "" : `&start=${start.toFixed(3)}&end=${end.toFixed(3)}`;
  const found = await rest.value.getKept(`${path}?columns=${COLUMNS}${stretch}`);
  return { ...found, start: found.start ?? 0, end: found.end ?? found.seconds };
}

/** @param {Peaks | null} peaks @param {number} left @param {number} width @param {number} px */
const covers = (peaks, left, width, px) => peaks !== null && peaks.start <= left / px + 1e-3 && peaks.end >= Math.min(peaks.end, (left + width) / px) - 1e-3 && peaks.end > left / px;

/**
 * Reads the peaks of what is seen, finer, once the view has come to rest.
 * @param {{ path: string, px: number, left: number, width: number, seconds: number, onPeaks: (peaks: Peaks & { seconds: number }) => void }} seen
 */
function useCloser({ path, px, left, width, seconds, onPeaks }) {
  const asked = useRef("");
  useEffect(() => {
    if (!width || px * seconds <= COLUMNS) return;
    const span = width / px;
    const start = Math.max(0, left / px - span / 2);
    const end = Math.min(seconds, left / px + 1.5 * span);
    const wait = setTimeout(() => {
      const name = `${start} ${end}`;
      asked.current = name;
      readPeaks(path, start, end).then((found) => asked.current === name && onPeaks(found), showError);
    }, 120);
    return () => clearTimeout(wait);
  }, [path, Math.round(px), Math.round(left / 64), width, seconds]);
}
