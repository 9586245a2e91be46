/** What is split: an audio clip of the set, or a file that is put into it first. And how. */

/** @import { ClipView } from "../../../types/api.js" */
import { RooError, sentenceOf } from "../../api/errors.js";
import { contentOf } from "../../clips.js";
import { lengthWords } from "../../core/music.js";
import { size } from "../../core/words.js";
import { Canvas, color } from "../../draw/canvas.js";
import { drawPeaks } from "../../draw/thumbnail.js";
import { Button, Choice, Menu, Progress } from "../../parts/controls.js";
import { dropUpload, FileDrop, upload } from "../../parts/upload.js";
import { canMake, rest, selectedClip, session, set, startJob, toast } from "../../store.js";
import { html, signal } from "../../vendor/preact.js";

const chosen = signal(/** @type {number | null} */ (null));
const stems = signal("4");
const backend = signal("");
const isMuting = signal(false);

/** @typedef {{ file: File, sent: number, state: "sending" | "waiting" | "placing" | "failed", sentence: string, stop: () => void }} Sending */
const sending = signal(/** @type {Sending | null} */ (null));

export function Source() {
  const clips = [...set.value.clips.values()].filter((clip) => clip.kind === "audio" && clip.scene);
  const selected = selectedClip.value?.kind === "audio" ? selectedClip.value.id : undefined;
  const clip = clips.find(({ id }) => id === chosen.value) ?? clips.find(({ id }) => id === selected) ?? clips[0];
  const inLive = session.value?.set === "live";
  const cannot = canMake.value ? "" : "Nothing can be made here now.";
  const isTooMany = stems.value === "6" && backend.value === "dsp" ? "Six stems need Demucs: choose 4, or another way to split." : "";
  const start = async () => {
    const track = set.value.tracks.find(({ id }) => id === clip?.track)?.number;
    const scene = set.value.scenes.find(({ id }) => id === clip?.scene)?.number;
    await startJob("split", { track, scene, stems: Number(stems.value), backend: backend.value, mute: isMuting.value });
  };
  return html`<section class="panel stack source" aria-label="What is split">
    ${clips.length > 0 &&
    html`<fieldset class="clip-choices">
      <legend>Audio clip</legend>
      ${clips.map((each) => html`<${ClipChoice} key=${each.id} clip=${each} isChosen=${each === clip} />`)}
    </fieldset>`}
    ${sending.value
      ? html`<${Upload} now=${sending.value} />`
      : html`<${FileDrop} label=${clips.length ? "Or drop a file here, or choose one" : "Drop an audio file here, or choose one"} accept="audio/*,.wav,.aif,.aiff,.flac,.mp3,.ogg,.opus,.m4a"
          onFile=${send} why=${inLive ? "Files go into Live's set in Live: drop it onto an audio track there." : cannot} />`}
    <div class="row">
      <${Choice} label="Stems" value=${stems.value} onChange=${(/** @type {string} */ value) => (stems.value = value)} options=${[["4", "4 stems"], ["6", "6 stems"]]} />
    </div>
    <p class="note small">${stems.value === "6" ? "Drums, bass, vocals, guitar, piano and the rest. Six need Demucs." : "Drums, bass, vocals and the rest."}</p>
    <${Menu} label="Split With" value=${backend.value} onChange=${(/** @type {string} */ value) => (backend.value = value)}
      options=${[["", "Best that is installed"], ["demucs", "Demucs"], ["dsp", "DSP, without a model"]]} />
    <label class="check"><input type="checkbox" checked=${isMuting.value} onChange=${() => (isMuting.value = !isMuting.value)} /><span>Mute the clip's own track</span></label>
    <${Button} kind="main" onPress=${start} why=${cannot || isTooMany || (clip ? "" : "Choose an audio clip or a file first.")}>Split<//>
  </section>`;
}

/** @param {{ clip: ClipView, isChosen: boolean }} props */
function ClipChoice({ clip, isChosen }) {
  const content = contentOf(clip).value;
  const track = set.value.tracks.find(({ id }) => id === clip.track);
  return html`<label class="clip-choice">
    <input type="radio" name="source" checked=${isChosen} onChange=${() => (chosen.value = clip.id)} />
    <${Canvas} height=${32} label=${`${clip.name}: audio`} depends=${[content?.peaks]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) => content?.peaks && drawPeaks(context, width, height, content.peaks, color("--other"))} />
    <span class="what"><span class="name" dir="auto">${clip.name}</span><span class="note small" dir="auto">${track?.name} · ${lengthWords(clip.length, set.value.song?.time_signature ?? "4/4")}</span></span>
  </label>`;
}

/**
 * Uploads a file, puts it into the set, and chooses its clip.
 * @param {File} file
 */
async function send(file) {
  const control = new AbortController();
  const stop = () => control.abort();
  /** @param {Partial<Sending>} now */
  const show = (now) => (sending.value = { file, sent: sending.value?.sent ?? 0, state: "sending", sentence: "", stop, ...now });
  show({ sent: 0 });
  try {
    const id = await upload(file, { signal: control.signal, onProgress: (sent, state) => show({ sent, state }) });
    show({ sent: file.size, state: "placing" });
    chosen.value = await place(id, file.name);
    sending.value = null;
  } catch (error) {
    if (control.signal.aborted) {
      sending.value = null;
      await dropUpload(file);
    } else show({ state: "failed", sentence: sentenceOf(error) });
  }
}

/**
 * Puts an uploaded file into the set as a clip on a new track, and returns the clip's id.
 * @param {string} id
 * @param {string} name
 */
async function place(id, name) {
  const opened = session.value?.id;
  const before = new Set(set.value.clips.keys());
  const query = new URLSearchParams({ upload: id, name, place: "true" });
  const outcome = await rest.value.post(`/sessions/${opened}/analyze?${query}`);
  toast(outcome.sentence);
  const { clips } = await rest.value.get(`/sessions/${opened}/set`);
  const found = clips.filter((/** @type {ClipView} */ clip) => clip.kind === "audio" && !before.has(clip.id)).at(-1);
  if (!found) throw new RooError("The file is on the server, but its clip was not found in the set: try again.", "no_clip");
  return found.id;
}

/** @param {{ now: Sending }} props */
function Upload({ now }) {
  const { file, sent, state, sentence } = now;
  const words = {
    sending: `Sending, ${size(sent)} of ${size(file.size)}`,
    waiting: `The connection was lost; it goes on from ${size(sent)} of ${size(file.size)}`,
    placing: "Listening to it, and putting it into the set",
    failed: sentence,
  }[state];
  return html`<div class="stack upload" role="group" aria-label=${`Upload of ${file.name}`}>
    <div class="row apart">
      <div class="what"><strong dir="auto">${file.name}</strong><span class="note small" role="status">${words}</span></div>
      <div class="row">
        ${state === "failed" && html`<${Button} onPress=${() => void send(file)}>Go on<//>`}
        <${Button} icon="close" label=${`Cancel the upload of ${file.name}`} kind="quiet" why=${state === "placing" ? "It is being put into the set: Undo takes it out." : ""}
          onPress=${() => (state === "failed" ? ((sending.value = null), dropUpload(file)) : now.stop())} />
      </div>
    </div>
    ${state !== "failed" && html`<${Progress} fraction=${sent / Math.max(1, file.size)} label=${`Upload of ${file.name}`} />`}
  </div>`;
}
