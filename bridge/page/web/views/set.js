/** The set: tracks beside each other, scenes below each other, clips in their slots, as Live's Session View has it. */

/** @import { ClipView, SceneView, TrackView } from "../../types/api.js" */
import { contentOf, forgetWaiting } from "../clips.js";
import { slotOf } from "../core/set.js";
import { lengthWords, notesWords } from "../core/music.js";
import { Canvas } from "../draw/canvas.js";
import { drawPeaks, drawThumbnail } from "../draw/thumbnail.js";
import { isPiece, isSounding, toggle } from "../listen.js";
import { Button, Empty } from "../parts/controls.js";
import { Icon } from "../parts/icons.js";
import { PressBar, playBand } from "../press_bar.js";
import { go } from "../route.js";
import { beatNow, canMake, connection, request, selected, selectedClip, session, set, transport } from "../store.js";
import { html, useEffect, useRef, useSignal } from "../vendor/preact.js";

/** CSS pixels; style/set.css has the same. */
const CELL = { width: 148, height: 56 };
const HEAD = { width: 136, height: 72 };
const MORE = 2;
/** Columns and rows that are drawn beyond what is seen. */

export default function SetView() {
  useEffect(() => forgetWaiting, []);
  return html`<div class="set-view">
    <h1 class="heard">Set</h1>
    <${Grid} />
    <${ClipBar} />
    <${PressBar} />
  </div>`;
}

function Grid() {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const seen = useSignal({ left: 0, top: 0, width: 1280, height: 720 });
  const { tracks, scenes, slots } = set.value;
  const shown = tracks.filter(({ kind }) => kind === "midi" || kind === "audio" || kind === "group");
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const look = () => {
      const { scrollLeft: left, scrollTop: top, clientWidth: width, clientHeight: height } = element;
      const before = seen.peek();
      // By whole cells: scrolling within one draws nothing.
      const isSame = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ step) => Math.floor(a / step) === Math.floor(b / step);
      if (isSame(before.left, left, CELL.width) && isSame(before.top, top, CELL.height) && before.width === width && before.height === height) return;
      seen.value = { left, top, width, height };
    };
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [shown.length === 0]);
  if (connection.value === "waiting" && !shown.length) return html`<div class="grid-frame" aria-busy="true"></div>`;
  if (!shown.length) {
    const start = html`<${Button} kind="main" onPress=${playBand} why=${canMake.value ? "" : "The server is away, or the session is only listened to."}>Band<//>`;
    return html`<div class="grid-frame"><${Empty} title="Nothing plays yet" action=${start}>Press Band, or one player below. Each listens to what is there, and Undo takes it back.<//></div>`;
  }
  const columns = visible(seen.value.left, seen.value.width - HEAD.width, CELL.width, shown.length);
  const rows = visible(seen.value.top, seen.value.height - HEAD.height, CELL.height, scenes.length);
  const inView = shown.slice(columns.from, columns.to);
  const active = selected.value ?? { track: shown[0]?.id ?? 0, scene: scenes[0]?.id ?? 0 };
  return html`<div class="grid-frame" ref=${frame} onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, shown, scenes, frame.current)}>
    <div
      class="grid"
      role="grid"
      aria-label=${`${shown.length} tracks, ${scenes.length} scenes`}
      aria-rowcount=${scenes.length + 1}
      aria-colcount=${shown.length + 1}
      style=${{ width: `${HEAD.width + shown.length * CELL.width}px`, height: `${HEAD.height + scenes.length * CELL.height}px` }}
    >
      <div class="heads" role="row" aria-rowindex="1">
        <div class="corner" role="columnheader" aria-colindex="1"><span class="heard">Scenes</span><${StopAll} /></div>
        ${inView.map((track, index) => html`<${TrackHead} key=${track.id} track=${track} column=${columns.from + index} />`)}
      </div>
      ${scenes.slice(rows.from, rows.to).map(
        (scene, index) => html`<div
          class="scene-row"
          role="row"
          key=${scene.id}
          aria-rowindex=${rows.from + index + 2}
          style=${{ top: `${HEAD.height + (rows.from + index) * CELL.height}px` }}
        >
          <${SceneHead} scene=${scene} tracks=${shown} isSelected=${selected.value?.scene === scene.id} />
          ${inView.map(
            (track, place) => html`<${Slot}
              key=${track.id}
              track=${track}
              scene=${scene}
              clip=${slots.get(slotOf(track.id, scene.id))}
              column=${columns.from + place}
              isSelected=${selected.value?.track === track.id && selected.value?.scene === scene.id}
              isReached=${active.track === track.id && active.scene === scene.id}
            />`,
          )}
        </div>`,
      )}
    </div>
  </div>`;
}

/**
 * @param {number} offset
 * @param {number} size
 * @param {number} step
 * @param {number} count
 */
function visible(offset, size, step, count) {
  return { from: Math.max(0, Math.floor(offset / step) - MORE), to: Math.min(count, Math.ceil((offset + size) / step) + MORE) };
}

/**
 * Arrows move the selection, Space listens, Enter opens the clip.
 * @param {KeyboardEvent} event
 * @param {readonly TrackView[]} tracks
 * @param {readonly SceneView[]} scenes
 * @param {HTMLElement | null} frame
 */
function onKey(event, tracks, scenes, frame) {
  if (!(event.target instanceof HTMLElement) || event.target.getAttribute("role") !== "gridcell") return;
  const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-1e6, 0], End: [1e6, 0], PageUp: [0, -8], PageDown: [0, 8] }[event.key];
  const clip = selectedClip.value;
  if (move) {
    const [across = 0, down = 0] = move;
    const column = bounded(tracks.findIndex(({ id }) => id === selected.value?.track) + across, tracks.length);
    const row = bounded(scenes.findIndex(({ id }) => id === selected.value?.scene) + down, scenes.length);
    selected.value = { track: tracks[column]?.id ?? 0, scene: scenes[row]?.id ?? 0 };
    scrollTo(frame, column, row);
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (frame?.querySelector('[role="gridcell"][tabindex="0"]'))?.focus({ preventScroll: true }));
  } else if (event.key === "Enter" && clip) open(clip);
  else if (event.key === " " && clip) void toggle(pieceOf(clip));
  else return;
  event.preventDefault();
}

/** @param {number} index @param {number} count */
const bounded = (index, count) => Math.max(0, Math.min(count - 1, index));

/** @param {HTMLElement | null} frame @param {number} column @param {number} row */
function scrollTo(frame, column, row) {
  if (!frame) return;
  const left = column * CELL.width;
  const top = row * CELL.height;
  const wide = frame.clientWidth - HEAD.width - CELL.width;
  const high = frame.clientHeight - HEAD.height - CELL.height;
  frame.scrollTo({
    left: Math.min(left, Math.max(frame.scrollLeft, left - wide)),
    top: Math.min(top, Math.max(frame.scrollTop, top - high)),
  });
}

/** Stops every clip, as Live's own button in the same corner does. */
function StopAll() {
  const why = canMake.value ? "" : "Nothing can be changed here now.";
  if (session.value?.set !== "live") return null;
  return html`<${Button} icon="stop" label="Stop all clips" kind="quiet" why=${why} onPress=${() => request({ do: "act", intent: "stop_clips" })} />`;
}

/** @param {{ track: TrackView, column: number }} props */
function TrackHead({ track, column }) {
  const place = { left: `${HEAD.width + column * CELL.width}px`, "--clip": track.color };
  const why = canMake.value ? "" : "Nothing can be changed here now.";
  const act = (/** @type {string} */ intent) => request({ do: "act", intent, tracks: [track.number] });
  return html`<div class="track-head" role="columnheader" aria-colindex=${column + 2} style=${place}>
    <strong dir="auto" title=${track.instrument ? `${track.name}: ${track.instrument}` : track.name}>${track.name}</strong>
    <div class="switches">
      <button type="button" aria-pressed=${track.muted} aria-label=${`Mute ${track.name}`} aria-disabled=${why ? "true" : undefined}
        title=${why || "Mute"} onClick=${() => why || act(track.muted ? "unmute" : "mute")}>M</button>
      <button type="button" aria-pressed=${track.soloed} aria-label=${`Solo ${track.name}`} aria-disabled=${why ? "true" : undefined}
        title=${why || "Solo"} onClick=${() => why || act(track.soloed ? "unsolo" : "solo")}>S</button>
      <span class="small" aria-label=${`Level of ${track.name}`}>${track.volume_db == null ? "" : `${track.volume_db.toFixed(1)} dB`}</span>
    </div>
  </div>`;
}

/** @param {{ scene: SceneView, tracks: readonly TrackView[], isSelected: boolean }} props */
function SceneHead({ scene, tracks, isSelected }) {
  const chords = chordsOf(scene, tracks);
  return html`<div class="scene-head" role="rowheader" aria-colindex="1">
    <button type="button" aria-pressed=${isSelected} onClick=${() => selectScene(scene)} title=${`New clips go into this scene${chords ? `. Its chords: ${chords}` : ""}`}>
      <span class="small">${scene.number}</span>
      <span class="names"><span dir="auto">${scene.name}</span>${chords && html`<span class="small">${chords}</span>`}</span>
    </button>
  </div>`;
}

/**
 * The chords of a scene, in the order in which they come; of the first clip that tells them.
 * @param {SceneView} scene
 * @param {readonly TrackView[]} tracks
 */
function chordsOf(scene, tracks) {
  for (const track of tracks) {
    const clip = set.value.slots.get(slotOf(track.id, scene.id));
    const chords = clip ? (contentOf(clip).value?.chords ?? []) : [];
    if (chords.length) return chords.map(([, label]) => label).join(" ");
  }
  return "";
}

/** @param {SceneView} scene */
function selectScene(scene) {
  const { tracks } = set.value;
  selected.value = { track: selected.value?.track ?? tracks[0]?.id ?? 0, scene: scene.id };
}

/** @param {{ track: TrackView, scene: SceneView, clip: ClipView | undefined, column: number, isSelected: boolean, isReached: boolean }} props */
function Slot({ track, scene, clip, column, isSelected, isReached }) {
  const choose = () => (selected.value = { track: track.id, scene: scene.id });
  const where = `${track.name}, scene ${scene.number}`;
  const isSilent = Boolean(clip?.muted || track.muted);
  return html`<div
    class=${`slot ${clip ? "full" : ""} ${clip?.is_playing ? "playing" : ""} ${isSilent ? "silent" : ""}`}
    role="gridcell"
    aria-colindex=${column + 2}
    aria-selected=${isSelected}
    tabindex=${isReached ? 0 : -1}
    style=${{ left: `${HEAD.width + column * CELL.width}px`, ...(clip ? { "--clip": clip.color || track.color } : {}) }}
    onClick=${choose}
    onFocus=${choose}
    onDblClick=${() => clip && open(clip)}
    aria-label=${clip ? undefined : `${where}: empty`}
  >
    ${clip && html`<${ClipFace} clip=${clip} where=${where} isSilent=${isSilent} />`}
  </div>`;
}

/** @param {{ clip: ClipView, where: string, isSilent: boolean }} props */
function ClipFace({ clip, where, isSilent }) {
  const content = contentOf(clip).value;
  const said = content?.notes.length ? notesWords(content.notes, content.isDrums) : clip.kind === "audio" ? "audio" : `${clip.notes} notes`;
  return html`<${Canvas}
      class="face"
      height="auto"
      label=${`${clip.name}, ${where}: ${said}${clip.is_playing ? ", playing" : ""}`}
      depends=${[content, clip.length, isSilent]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) => {
        const ink = getComputedStyle(context.canvas).color;
        if (content?.peaks) drawPeaks(context, width, height, content.peaks, ink);
        else if (content) drawThumbnail(context, width, height, content.notes, clip.length, ink, content.start);
      }}
    />
    <span class="name" dir="auto">${clip.is_playing && html`<${Icon} name="play" />`}${clip.name}</span>
    ${clip.is_playing && html`<${Playhead} clip=${clip} />`}`;
}

/**
 * Where a playing clip is. The browser's compositor moves it: script runs only when Live tells something.
 * @param {{ clip: ClipView }} props
 */
function Playhead({ clip }) {
  const told = transport.value;
  const beat = 60 / (told?.bpm ?? set.value.song?.bpm ?? 120);
  const since = told?.clips.find((each) => each.clip === clip.id)?.since;
  const phase = told && since != null ? (((beatNow(told) - since) % clip.length) + clip.length) % clip.length : 0;
  const isMoving = told?.playing ?? set.value.song?.is_playing ?? false;
  return html`<i
    class="playhead"
    key=${`${told?.when} ${clip.length}`}
    style=${{ animationDuration: `${clip.length * beat}s`, animationDelay: `${-phase * beat}s`, animationPlayState: isMoving ? "running" : "paused" }}
  ></i>`;
}

/** @param {ClipView} clip */
function open(clip) {
  const take = contentOf(clip).peek()?.take;
  if (take) go("take", take);
  else go("clip", String(clip.id));
}

/** @param {ClipView} clip */
const pieceOf = (clip) => ({
  title: clip.name,
  parts: [{ id: String(clip.id), name: clip.name, clip: clip.id }],
  beats: clip.length,
  bpm: set.value.song?.bpm ?? 120,
  loop: true,
});

/** What can be done with the selected clip, or its scene. */
function ClipBar() {
  const clip = selectedClip.value;
  const scene = set.value.scenes.find(({ id }) => id === selected.value?.scene);
  if (!scene) return null;
  const inScene = [...set.value.clips.values()].filter((each) => each.scene === scene.id);
  const scenePiece = {
    title: scene.name || `Scene ${scene.number}`,
    parts: inScene.map((each) => ({ id: String(each.id), name: each.name, clip: each.id })),
    beats: Math.max(0, ...inScene.map(({ length }) => length)),
    bpm: set.value.song?.bpm ?? 120,
    loop: true,
  };
  const why = canMake.value ? "" : "Nothing can be changed here now.";
  const track = set.value.tracks.find(({ id }) => id === clip?.track);
  const meter = set.value.song?.time_signature ?? "4/4";
  const plays = (/** @type {import("../listen.js").Piece} */ piece) => isSounding.value && isPiece(piece);
  return html`<section class="clip-bar" aria-label="Selected">
    <div class="what">
      <strong dir="auto">${clip ? clip.name : `Scene ${scene.number}${scene.name ? `: ${scene.name}` : ""}`}</strong>
      <span class="note">${clip ? `${track?.name ?? ""} · ${lengthWords(clip.length, meter)}` : "New clips go here"}</span>
    </div>
    ${clip &&
    html`<${Button} icon=${plays(pieceOf(clip)) ? "stop" : "play"} onPress=${() => void toggle(pieceOf(clip))}>Listen<//>
      <${Button} onPress=${() => open(clip)}>Open<//>`}
    ${inScene.length > 1 &&
    html`<${Button} icon=${plays(scenePiece) ? "stop" : "play"} onPress=${() => void toggle(scenePiece)}>Scene<//>`}
    ${clip && html`<${Button} kind="quiet" why=${why} onPress=${() => request({ do: "act", intent: "delete", what: "clip", tracks: track ? [track.number] : [], scene: scene.number })}>Delete<//>`}
    ${session.value?.set === "live" &&
    html`<${Button} why=${why} onPress=${() => request({ do: "act", intent: "launch", what: clip ? "clip" : "scene", tracks: clip && track ? [track.number] : [], scene: scene.number })}>Launch in Live<//>
      ${clip?.is_playing && html`<${Button} icon="stop" why=${why} onPress=${() => request({ do: "act", intent: "stop_clips", tracks: track ? [track.number] : [] })}>Stop in Live<//>`}`}
  </section>`;
}
