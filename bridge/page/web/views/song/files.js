/** The set as files: sound, rendered as a job, and MIDI. */

import { filesOf, isUnderWay, noticesOf, ofKind, resultOf } from "../../core/jobs.js";
import { ago, size } from "../../core/words.js";
import { clock } from "../../core/music.js";
import { isPiece, isSounding, toggle } from "../../listen.js";
import { Button, Choice } from "../../parts/controls.js";
import { JobCard, Save } from "../../parts/job.js";
import { canMake, jobs, session, set, startJob } from "../../store.js";
import { html, signal } from "../../vendor/preact.js";

/** @import { JobState } from "../../../types/api.js" */

const FORMATS = /** @type {const} */ ([["wav", "WAV"], ["flac", "FLAC"], ["mp3", "MP3"], ["opus", "Opus"]]);
const MOST = 4;

const format = signal("wav");

export function SetFiles() {
  const opened = session.value;
  const inLive = opened?.set === "live" ? "The set is in Live: export it there, by File, Export Audio/Video." : "";
  const why = inLive || (canMake.value ? "" : "Nothing can be made here now.");
  const renders = ofKind(jobs.value.values(), "render");
  return html`<section class="stack" aria-labelledby="files">
    <h2 id="files">As a file</h2>
    <div class="row">
      <${Choice} label="Format" value=${format.value} options=${FORMATS} onChange=${(/** @type {string} */ value) => (format.value = value)} />
      <${Button} why=${why} onPress=${() => startJob("render", { format: format.value })}>Render<//>
      <${Save} path=${`/sessions/${opened?.id}/midi`} name=${`${opened?.name || "Set"}.mid`} why=${inLive}>MIDI<//>
    </div>
    ${renders.slice(0, MOST).map((job) => (job.state === "done" ? html`<${Rendered} key=${job.id} job=${job} />` : job.state === "cancelled" ? null : html`<${JobCard} key=${job.id} job=${job} title=${titleOf(job)} />`))}
    ${!renders.some((job) => isUnderWay(job) || job.state === "done") && html`<p class="note">Render plays the whole set into one sound file, by MuseAroo's own synthesiser.</p>`}
  </section>`;
}

/** @param {JobState} job */
const titleOf = (job) => `Render, ${String(job.request?.["format"] ?? "wav").toUpperCase()}`;

/** @param {{ job: JobState }} props */
function Rendered({ job }) {
  const [file] = filesOf(job);
  if (!file) return null;
  const seconds = resultOf(job).facts?.seconds ?? 0;
  const bpm = set.value.song?.bpm ?? 120;
  const piece = { title: file.name, parts: [{ id: file.id, name: file.name, file: file.id }], beats: (seconds * bpm) / 60, bpm, loop: false };
  return html`<section class="panel job" aria-label=${file.name} data-state="done">
    <div class="row apart">
      <div class="what">
        <strong dir="auto">${file.name}</strong>
        <span class="note small">${[clock(seconds), size(file.bytes), ago(job.ended ?? job.made)].join(" · ")}</span>
      </div>
      <div class="row">
        <${Button} icon=${isSounding.value && isPiece(piece) ? "stop" : "play"} onPress=${() => void toggle(piece)}>Listen<//>
        <${Save} path=${`/files/${file.id}`} name=${file.name}>Download<//>
      </div>
    </div>
    ${noticesOf(job).map((notice) => html`<p class="note small" key=${notice}>${notice}</p>`)}
  </section>`;
}
