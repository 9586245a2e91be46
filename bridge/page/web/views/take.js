/** A take, or a clip that is none: its notes or its sound, why it sounds so, and two takes beside each other. */

/** @import { ClipDetail, ClipView, EngineInfo, Take } from "../../types/api.js" */
/** @import { ChordRows, Sheet } from "../core/sheet.js" */
/** @import { Edit, Note } from "../core/notes.js" */
import { contentOf } from "../clips.js";
import { beginEdit, countChanged, rowsOf } from "../core/notes.js";
import { aligned, sheetOfClip, sheetOfTake, withNotes } from "../core/sheet.js";
import { chordRows, isSound, paramsOf, repeated } from "../core/why.js";
import { isPiece, isSounding, toggle } from "../listen.js";
import { Empty } from "../parts/controls.js";
import { go, hrefOf, route } from "../route.js";
import { readTake, request, rest, session, set, takes, toast } from "../store.js";
import { html, signal, useEffect, useMemo, useSignal } from "../vendor/preact.js";
import { Compare } from "./take/compare.js";
import { Editor } from "./take/editor.js";
import { clipOfTake, factsOf, Header } from "./take/header.js";
import { useLoaded } from "./take/loaded.js";
import { Turning } from "./take/turning.js";
import { Waveform } from "./take/waveform.js";
import { Others, Why } from "./take/why.js";

const MOST_DRAFTS = 20;
/** Edits that stay while other places are gone to. */

/** @type {Map<string, { text: string, edit: import("../vendor/preact.js").Signal<Edit> }>} */
const drafts = new Map();

/** @param {{ rest: string[] }} props */
export default function TakeView({ rest: [id = "", word, other] }) {
  if (route.value.place === "clip") return html`<${ClipPage} id=${Number(id)} />`;
  if (word === "with" && other) return html`<${Compare} one=${id} other=${other} />`;
  return html`<${TakePage} id=${id} />`;
}

/**
 * The edit of what has notes, as it was left.
 * @param {string} key
 * @param {Sheet} sheet
 */
function draftOf(key, sheet) {
  const text = JSON.stringify([sheet.notes, sheet.muted]);
  const kept = drafts.get(key);
  if (kept?.text === text) return kept.edit;
  const edit = signal(beginEdit(sheet.notes, sheet.muted));
  drafts.delete(key);
  drafts.set(key, { text, edit });
  if (drafts.size > MOST_DRAFTS) drafts.delete(drafts.keys().next().value ?? "");
  return edit;
}

/** @param {{ title: string, children: unknown }} props */
const Trouble = ({ title, children }) => html`<div class="view"><h1 class="heard">${title}</h1>
  <${Empty} title=${title} action=${html`<a class="button" href=${hrefOf("set")}>To the set</a>`}>${children}<//></div>`;

const Waiting = () => html`<div class="view wide take-view" aria-busy="true"><h1 class="heard">Take</h1></div>`;

/** @param {{ id: string }} props */
function TakePage({ id }) {
  const { value: take, error } = useLoaded(() => readTake(id), [id]);
  const { value: engines } = useLoaded(() => rest.value.getKept("/engines"), []);
  // Read again when takes have come, not with every change of the set.
  const newest = [...takes.value.keys()].at(-1);
  const { value: list } = useLoaded(() => rest.value.get(`/sessions/${session.value?.id}/takes?limit=100`), [session.value?.id, newest]);
  if (error) return html`<${Trouble} title="This take is not here">${error}<//>`;
  if (!take) return html`<${Waiting} />`;
  const engine = engines?.find((/** @type {EngineInfo} */ each) => each.name === take.engine) ?? null;
  return html`<${Shown} take=${take} engine=${engine} all=${list?.items ?? []} />`;
}

/** @param {{ take: Take, engine: EngineInfo | null, all: readonly Take[] }} props */
function Shown({ take, engine, all }) {
  const clip = clipOfTake(take);
  const { value: found } = useLoaded(() => readDetail(clip?.id), [clip]);
  const isAudio = isSound(take);
  const isStill = found !== null && (isAudio ? found.take === take.id : JSON.stringify(found.notes) === JSON.stringify(take.notes));
  const detail = isStill ? found : null;
  const piece = pieceOf(take.name, isAudio && clip ? { clip: clip.id } : { take: take.id }, take.id, take.length_beats, take.bpm);
  const facts = factsOf({ part: isAudio ? "audio" : take.part, style: take.style, beats: take.length_beats, timeSignature: take.time_signature, key: take.key, bpm: take.bpm, clip, ...(engine ? { engine: engine.title } : {}) });
  return html`<div class="view wide take-view">
    <${Header} name=${take.name} facts=${facts} part=${take.part} piece=${piece} take=${take} clip=${clip} hasNotes=${!isAudio}
      ...${found && !isStill ? { now: found.take ?? "" } : {}} />
    ${isAudio
      ? html`<${Waveform} path=${`/takes/${encodeURIComponent(take.id)}/peaks`} detail=${detail} part=${take.part} bpm=${take.bpm} beats=${take.length_beats}
            timeSignature=${take.time_signature} isHeard=${isPiece(piece)} onListen=${() => void toggle(piece)} />
          <div class="panels"><${Why} take=${take} engine=${engine} /><${Others} take=${take} all=${all} /></div>`
      : html`<${Played} take=${take} engine=${engine} all=${all} clip=${clip} detail=${detail} piece=${piece} />`}
  </div>`;
}

/** A take with notes. @param {{ take: Take, engine: EngineInfo | null, all: readonly Take[], clip: ClipView | undefined, detail: ClipDetail | null, piece: import("../listen.js").Piece }} props */
function Played({ take, engine, all, clip, detail, piece }) {
  const chords = chordsOf(take, detail, clip);
  const chordText = JSON.stringify(chords);
  const sheet = useMemo(() => sheetOfTake(take, detail, chords), [take, detail, chordText]);
  const edit = draftOf(take.id, sheet);
  const preview = useSignal(/** @type {readonly Note[] | null} */ (null));
  const isChanged = countChanged(beginEdit(sheet.notes).notes, edit.value.notes) > 0;
  const shown = useMemo(() => (preview.value && sheet.isDrums ? aligned(sheet, withNotes(sheet, rowsOf(preview.value)))[0] : sheet), [sheet, preview.value]);
  return html`<div class="beside">
      <${Notes} sheet=${shown} edit=${edit} preview=${preview.value} piece=${piece} target=${{ take: take.id }} />
      <${Turning} take=${take} locked=${isChanged ? "Write back or discard your edit first." : ""} onPreview=${(/** @type {readonly Note[] | null} */ notes) => (preview.value = notes)} />
    </div>
    <div class="panels">
      <${Why} take=${take} engine=${engine} />
      <${Others} take=${take} all=${all} />
    </div>`;
}

/**
 * @param {object} props
 * @param {Sheet} props.sheet
 * @param {import("../vendor/preact.js").Signal<Edit>} props.edit
 * @param {readonly Note[] | null} props.preview
 * @param {import("../listen.js").Piece} props.piece
 * @param {Record<string, unknown>} props.target what is edited, as the request names it
 */
function Notes({ sheet, edit, preview, piece, target }) {
  const first = useMemo(() => beginEdit(sheet.notes, sheet.muted), [sheet]);
  const write = async () => {
    const outcome = await request({ do: "edit", ...target, notes: rowsOf(edit.value.notes) });
    if (!outcome) return;
    edit.value = first;
    const made = outcome.takes?.[0];
    if (made) go("take", made.id);
  };
  const discard = () => {
    const before = edit.value;
    edit.value = first;
    toast("Your edit was discarded.", { action: { label: "Bring it back", run: () => (edit.value = before) } });
  };
  return html`<${Editor} sheet=${sheet} edit=${edit} first=${first.notes} preview=${preview} isHeard=${isPiece(piece)}
    onListen=${() => void toggle(piece)} onWrite=${write} onDiscard=${discard} />`;
}

/** @param {number | undefined} clip @returns {Promise<ClipDetail | null>} */
const readDetail = async (clip) => (clip === undefined ? null : rest.value.getKept(`/sessions/${session.value?.id}/clips/${clip}`));

/** @param {string} name @param {{ take?: string, clip?: number }} source @param {string} id @param {number} beats @param {number} bpm */
const pieceOf = (name, source, id, beats, bpm) => ({ title: name, parts: [{ id, name, ...source }], beats, bpm, loop: true });

/**
 * The chords above a take: those it was asked for, those of its clip, or those of its scene.
 * @param {Take} take
 * @param {ClipDetail | null} detail
 * @param {ClipView | undefined} clip
 * @returns {ChordRows}
 */
function chordsOf(take, detail, clip) {
  const asked = paramsOf(take)["chords"];
  if (asked) return chordRows(asked, take.length_beats, take.time_signature);
  if (detail?.chords.length) return detail.chords;
  return chordsBeside(clip, take.length_beats);
}

/** The chords of the first clip of a scene that tells them. @param {ClipView | undefined} clip @param {number} length @returns {ChordRows} */
function chordsBeside(clip, length) {
  if (!clip?.scene) return [];
  for (const other of set.value.clips.values()) {
    if (other.scene !== clip.scene || other.kind !== "midi") continue;
    const found = contentOf(other).value?.chords ?? [];
    if (found.length) return repeated(found, other.length, length);
  }
  return [];
}

/** A clip of the set that is no take, or audio. @param {{ id: number }} props */
function ClipPage({ id }) {
  const clip = set.value.clips.get(id);
  const { value: detail, error } = useLoaded(() => readDetail(id), [id, clip]);
  const take = detail?.take;
  useEffect(() => {
    // It is a take: the address of that says more, and stays the same in Live's next session.
    if (take) location.replace(hrefOf("take", take));
  }, [take]);
  if (error) return html`<${Trouble} title="This clip is not here">${error}<//>`;
  if (!detail || take) return html`<${Waiting} />`;
  return html`<${ClipShown} detail=${detail} clip=${clip} />`;
}

/** @param {{ detail: ClipDetail, clip: ClipView | undefined }} props */
function ClipShown({ detail, clip }) {
  const song = set.value.song;
  const bpm = song?.bpm ?? 120;
  const track = set.value.tracks.find(({ id }) => id === clip?.track);
  const part = detail.is_drums ? "drums" : partOf(track?.name ?? "");
  const piece = pieceOf(detail.name, { clip: detail.id }, String(detail.id), detail.length, bpm);
  const isAudio = detail.kind === "audio";
  const facts = factsOf({ part: isAudio ? "audio" : part, engine: track?.name ?? "", beats: detail.length, timeSignature: detail.time_signature, key: song?.key ?? "", bpm, clip });
  const sheet = useMemo(() => sheetOfClip(detail, part), [detail, part]);
  return html`<div class="view wide take-view">
    <${Header} name=${detail.name || "Clip"} facts=${facts} part=${part} piece=${piece} take=${null} clip=${clip} hasNotes=${!isAudio} />
    ${isAudio
      ? html`<${Waveform} path=${`/sessions/${session.value?.id}/clips/${detail.id}/peaks`} detail=${detail} part=${part} bpm=${bpm} beats=${detail.length}
          timeSignature=${detail.time_signature} isHeard=${isPiece(piece)} onListen=${() => void toggle(piece)} />`
      : html`<${Notes} sheet=${sheet} edit=${draftOf(`clip ${detail.id}`, sheet)} preview=${null} piece=${piece}
          target=${{ clip: detail.id, ...(clip && !clip.scene ? { replace: true } : {}) }} />`}
  </div>`;
}

/** The part that a track's name tells. @param {string} name */
const partOf = (name) => ["drums", "bass", "harmony", "chords", "melody", "atmosphere"].find((part) => name.toLowerCase().includes(part.slice(0, 5))) ?? "other";
