/** Split: an audio clip taken apart into stems, and the stems beside each other. */

/** @import { JobState } from "../../types/api.js" */
import { backendOf, isUnderWay, noticesOf, ofKind, sentenceOfJob, shortName, soundsOf } from "../core/jobs.js";
import { slotOf } from "../core/set.js";
import { lengthWords } from "../core/music.js";
import { ago } from "../core/words.js";
import { isPiece, isSounding, listen, muted, soloed, toggle, toggleMute, toggleSolo } from "../listen.js";
import { Button, Empty } from "../parts/controls.js";
import { JobCard, Save } from "../parts/job.js";
import { placeWords, SoundRow } from "../parts/sounds.js";
import { jobs, session, set } from "../store.js";
import { html, signal } from "../vendor/preact.js";
import { Source } from "./split/source.js";

const opened = signal("");
const MOST_FAILED = 2;

export default function SplitView() {
  const all = ofKind(jobs.value.values(), "split");
  const under = all.filter(isUnderWay);
  const done = all.filter(({ state }) => state === "done");
  const newest = done[0]?.made ?? 0;
  const failed = all.filter(({ state, made }) => state === "failed" && made > newest).slice(0, MOST_FAILED);
  return html`<div class="view making">
    <h1>Split</h1>
    <div class="making-columns">
      <${Source} />
      <section class="stack" aria-label="Stems">
        ${[...under, ...failed].map((job) => html`<${JobCard} key=${job.id} job=${job} title=${titleOf(job)} />`)}
        ${done.map((job, index) => html`<${Stems} key=${job.id} job=${job} isOpen=${opened.value ? opened.value === job.id : index === 0} />`)}
        ${!all.length && html`<${Empty} title="No stems yet">Choose an audio clip of the set, or drop a file: it is taken apart into drums, bass, voice and the rest.<//>`}
      </section>
    </div>
  </div>`;
}

/** What a job splits, by the clip that is there now. @param {JobState} job */
function titleOf({ request }) {
  const track = set.value.tracks.find(({ number, kind }) => number === request?.["track"] && kind !== "return" && kind !== "master");
  const scene = set.value.scenes.find(({ number }) => number === request?.["scene"]);
  const clip = track && scene && set.value.slots.get(slotOf(track.id, scene.id));
  return clip ? `Split ${clip.name}` : "Split";
}

/** @param {{ job: JobState, isOpen: boolean }} props */
function Stems({ job, isOpen }) {
  const title = sentenceOfJob(job) || "Split";
  const sounds = soundsOf(job);
  const take = sounds.find((sound) => sound.take)?.take;
  const bpm = take?.bpm ?? set.value.song?.bpm ?? 120;
  const piece = {
    title,
    parts: sounds.map(({ file, take, name }) => ({ id: file?.id ?? take?.id ?? name, name: shortName(name), ...(file ? { file: file.id } : { take: take?.id ?? "" }) })),
    beats: take?.length_beats ?? 4,
    bpm,
    loop: true,
  };
  const facts = [take ? lengthWords(take.length_beats, take.time_signature) : "", backendWords(backendOf(job)), ago(job.ended ?? job.made)];
  if (!isOpen) {
    return html`<section class="panel row apart" aria-label=${title}>
      <div class="what"><strong dir="auto">${title}</strong><span class="note small">${facts.filter(Boolean).join(" · ")}</span></div>
      <${Button} onPress=${() => (opened.value = job.id)}>Show<//>
    </section>`;
  }
  const act = (/** @type {(id: string) => void} */ what) => async (/** @type {string} */ id) => {
    if (!isPiece(piece)) await listen(piece);
    what(id);
  };
  const [mute, solo] = [act(toggleMute), act(toggleSolo)];
  const isHere = isPiece(piece);
  return html`<section class="panel stack" aria-label=${title}>
    <div class="row apart">
      <div class="what"><strong dir="auto">${title}</strong><span class="note small">${facts.filter(Boolean).join(" · ")}</span></div>
      <${Button} kind="main" icon=${isSounding.value && isHere ? "stop" : "play"} onPress=${() => void toggle(piece)}>Listen<//>
    </div>
    ${noticesOf(job).map((notice) => html`<p class="note" key=${notice}>${notice}</p>`)}
    <ul class="sounds">
      ${sounds.map(({ file, take, name }, index) => {
        const id = piece.parts[index]?.id ?? "";
        const words = shortName(name);
        return html`<${SoundRow}
          key=${id}
          id=${id}
          name=${words}
          note=${placeWords(take?.clip ?? 0) || "not in the set"}
          path=${file ? `/files/${file.id}` : `/takes/${take?.id}`}
          part=${words.toLowerCase()}
          piece=${piece}
          controls=${html`<${Button} icon="mute" label=${`Mute ${words}`} kind="quiet" pressed=${isHere && muted.value.has(id)} onPress=${() => mute(id)} />
            <${Button} label=${`Solo ${words}`} kind="quiet" pressed=${isHere && soloed.value.has(id)} onPress=${() => solo(id)}>S<//>
            <${Save} path=${`/files/${file?.id}`} name=${file?.name ?? name} why=${file ? "" : "Its file is in Live's set."} />`}
        />`;
      })}
    </ul>
    ${session.value?.set !== "live" && html`<p class="note small">Each stem is a clip on a track of its own. Undo takes the tracks away again.</p>`}
  </section>`;
}

/** @param {string} backend */
const backendWords = (backend) => ({ demucs: "Demucs", dsp: "DSP, without a model" })[backend] ?? backend;
