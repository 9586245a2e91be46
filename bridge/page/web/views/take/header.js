/** What a take or a clip is, and what can be done with it as a whole. */

/** @import { ClipView, Take } from "../../../types/api.js" */
import { RooError } from "../../api/errors.js";
import { lengthWords, partColor, partWord } from "../../core/music.js";
import { rounded } from "../../core/words.js";
import { isPiece, isSounding, toggle } from "../../listen.js";
import { Button } from "../../parts/controls.js";
import { go, hrefOf } from "../../route.js";
import { canMake, judge, request, rest, selected, session, set, showError, takes } from "../../store.js";
import { html } from "../../vendor/preact.js";

/** @typedef {import("../../listen.js").Piece} Piece */

/**
 * The clip of the set that a take is in, as far as the page can tell; undefined where it has gone.
 * @param {Take} take
 * @returns {ClipView | undefined}
 */
export function clipOfTake(take) {
  const { clips, tracks, scenes } = set.value;
  const byId = clips.get(take.clip);
  // Live numbers clips anew when a set is opened: an id alone may be another clip's.
  if (byId && (session.value?.set === "own" || byId.name === take.name)) return byId;
  const track = tracks.find(({ number, kind }) => number === take.track && kind !== "master" && kind !== "return")?.id;
  const scene = scenes.find(({ number }) => number === take.scene)?.id;
  return [...clips.values()].find((clip) => clip.track === track && clip.scene === scene && clip.name === take.name);
}

/** Where a clip is, by the numbers that requests name. @param {ClipView | undefined} clip */
export function numbersOf(clip) {
  const track = set.value.tracks.find(({ id }) => id === clip?.track)?.number;
  const scene = set.value.scenes.find(({ id }) => id === clip?.scene)?.number;
  return track && scene ? { track, scene } : null;
}

/** @param {ClipView} clip */
export function showInSet(clip) {
  selected.value = { track: clip.track, scene: clip.scene };
  go("set");
}

/**
 * @param {object} props
 * @param {string} props.name
 * @param {readonly (string | false | undefined | null)[]} props.facts
 * @param {string} props.part
 * @param {Piece} props.piece
 * @param {Take | null} props.take
 * @param {ClipView | undefined} props.clip where it is in the set
 * @param {boolean} props.hasNotes
 * @param {string} [props.now] where its clip has other notes now: the take that is there, "" for none
 */
export function Header({ name, facts, part, piece, take, clip, hasNotes, now }) {
  const isHeard = isSounding.value && isPiece(piece);
  return html`<header class="take-header">
    <div class="title">
      <i class="part-mark" style=${{ background: partColor(part) }}></i>
      <div class="names">
        <h1 dir="auto">${name}</h1>
        <p class="note">${facts.filter(Boolean).join(" · ")}${now !== undefined && html`. <strong>Its clip has other notes now</strong>`}${now && html`${": "}<a href=${hrefOf("take", now)}>see them</a>`}</p>
      </div>
      ${take && html`<${Judge} take=${take} />`}
    </div>
    <div class="row actions">
      <${Button} kind="main" icon=${isHeard ? "stop" : "play"} onPress=${() => void toggle(piece)}>${isHeard ? "Stop" : "Listen"}<//>
      ${hasNotes && html`<${Refine} clip=${clip} isOther=${now !== undefined} />`}
      <${Button} why=${clip ? (clip.scene ? "" : "This clip is in the Arrangement: the grid shows clips of scenes.") : "Its clip is not in the set any more."} onPress=${() => clip && showInSet(clip)}>Open in set<//>
      ${take && html`<${Downloads} take=${take} hasNotes=${hasNotes} />`}
    </div>
  </header>`;
}

/** @param {{ take: Take }} props */
function Judge({ take }) {
  const liked = takes.value.get(take.id)?.liked ?? take.liked;
  const now = { ...take, liked };
  return html`<div class="row" role="group" aria-label="What you think of it">
    <${Button} icon="like" label="Like" pressed=${liked > 0} onPress=${() => judge(now, liked > 0 ? 0 : 1)} />
    <${Button} pressed=${liked < 0} onPress=${() => judge(now, liked < 0 ? 0 : -1)}>Dislike<//>
  </div>`;
}

/** @param {{ clip: ClipView | undefined, isOther: boolean }} props */
function Refine({ clip, isOther }) {
  const place = isOther ? null : numbersOf(clip);
  const gone = isOther ? "Its clip has other notes now: see them, and change those." : clip ? "This clip is in the Arrangement: refine clips of scenes." : "Its clip is not in the set any more.";
  const why = !canMake.value ? "Nothing can be made here now: the session is only listened to, or the server is away." : place ? "" : gone;
  const refine = async (/** @type {readonly string[]} */ changes) => {
    const outcome = await request({ do: "refine", changes, ...place });
    const made = outcome?.takes?.[0];
    if (made) go("take", made.id);
  };
  return html`<div class="row" role="group" aria-label="Another take of it">
    <${Button} why=${why} onPress=${() => refine([])}>Again<//>
    <${Button} why=${why} onPress=${() => refine(["simpler"])}>Simpler<//>
    <${Button} why=${why} onPress=${() => refine(["busier"])}>Busier<//>
  </div>`;
}

/** @param {{ take: Take, hasNotes: boolean }} props */
function Downloads({ take, hasNotes }) {
  if (!hasNotes) return html`<${Button} icon="download" label="Download its sound" onPress=${() => save(take, "", soundPath(take))}>Sound<//>`;
  const path = `/takes/${encodeURIComponent(take.id)}`;
  return html`<div class="row" role="group" aria-label="Download">
    <${Button} icon="download" label="Download as MIDI" onPress=${() => save(take, "mid", `${path}/midi`)}>MIDI<//>
    <${Button} icon="download" label="Download as WAV" onPress=${() => save(take, "wav", `${path}/audio?format=wav`)}>WAV<//>
    <${Button} icon="download" label="Download as MP3" onPress=${() => save(take, "mp3", `${path}/audio?format=mp3`)}>MP3<//>
  </div>`;
}

/** The path of the file that the job of a sound has made. @param {Take} take */
async function soundPath(take) {
  const job = await rest.value.get(`/jobs/${take.request}`);
  // Beside each sound is a file that says how it was made.
  const sounds = (job.result?.files ?? []).filter((/** @type {{ name: string }} */ { name }) => !name.endsWith(".json"));
  const file = sounds[Number(take.id.split(".").at(-1)) - 1];
  if (!file) throw new RooError("The sound of this take is not there any more: make it again.", "not_found");
  return `/files/${file.id}`;
}

/** Saves what is at a path as a file. @param {Take} take @param {string} ending @param {string | Promise<string>} path */
async function save(take, ending, path) {
  try {
    const blob = await rest.value.file(await path);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${take.name || "take"}.${ending || (blob.type.split("/")[1] ?? "wav").replace("x-", "")}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    showError(error);
  }
}

/**
 * What stands below a name.
 * @param {{ part: string, engine?: string, style?: string, beats: number, timeSignature: string, key?: string, bpm: number, clip: ClipView | undefined }} about
 */
export function factsOf({ part, engine, style, beats, timeSignature, key, bpm, clip }) {
  const place = numbersOf(clip);
  return [partWord(part), engine, style, lengthWords(beats, timeSignature), key, `${rounded(bpm)} BPM`, timeSignature, place && `track ${place.track}, scene ${place.scene}`];
}
