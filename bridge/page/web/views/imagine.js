/** Imagine: audio loops from words, and the loops beside each other. */

/** @import { JobState, Take } from "../../types/api.js" */
/** @import { MadeSound } from "../core/jobs.js" */
import { backendOf, isUnderWay, noticesOf, ofKind, resultOf, soundsOf } from "../core/jobs.js";
import { lengthWords } from "../core/music.js";
import { ago } from "../core/words.js";
import { isPiece, isSounding, toggle } from "../listen.js";
import { Button, Empty } from "../parts/controls.js";
import { JobCard, Save } from "../parts/job.js";
import { placeWords, SoundRow } from "../parts/sounds.js";
import { canMake, jobs, judge, request, session, set, startJob, takes, toast } from "../store.js";
import { html, signal } from "../vendor/preact.js";
import { Ask } from "./imagine/ask.js";
import { writeSound } from "./history/restore.js";

const MOST_FAILED = 2;
const MOST_SHOWN = 4;

const isShowingAll = signal(false);

export default function ImagineView() {
  const all = ofKind(jobs.value.values(), "imagine");
  const under = all.filter(isUnderWay);
  const done = all.filter(({ state }) => state === "done");
  const newest = done[0]?.made ?? 0;
  const failed = all.filter(({ state, made }) => state === "failed" && made > newest).slice(0, MOST_FAILED);
  const shown = isShowingAll.value ? done : done.slice(0, MOST_SHOWN);
  return html`<div class="view making">
    <h1>Imagine</h1>
    <div class="making-columns">
      <${Ask} />
      <section class="stack" aria-label="Loops">
        ${under.map((job) => html`<${JobCard} key=${job.id} job=${job} title=${titleOf(job)} />`)}
        ${failed.map((job) => html`<${Failed} key=${job.id} job=${job} />`)}
        ${shown.map((job) => html`<${Loops} key=${job.id} job=${job} />`)}
        ${shown.length < done.length && html`<${Button} onPress=${() => (isShowingAll.value = true)}>Show ${done.length - shown.length} earlier<//>`}
        ${!all.length && html`<${Empty} title="Nothing imagined yet">Say in words what it is to sound like. It comes in the tempo and key of the set, on an audio track.<//>`}
      </section>
    </div>
  </div>`;
}

/** @param {JobState} job */
const titleOf = (job) => String(job.request?.["prompt"] || "") || "From the set itself";

/** The request of a job, to be asked for again. @param {JobState} job @returns {Record<string, unknown>} */
function requestOf(job) {
  const { do: _, version: __, ...asked } = job.request ?? {};
  return asked;
}

/** A failed job: a model that is missing can be done without. @param {{ job: JobState }} props */
function Failed({ job }) {
  const hasModel = !["sketch", "ambient"].includes(String(job.request?.["backend"]));
  return html`<${JobCard} job=${job} title=${titleOf(job)}>
    <div class="row">
      ${hasModel && html`<${Button} onPress=${() => startJob("imagine", { ...requestOf(job), backend: "sketch", model: "" })}>Sketch it, without a model<//>`}
      <${Button} onPress=${() => startJob("imagine", requestOf(job))}>Try again<//>
    </div>
  <//>`;
}

const BACKENDS = /** @type {Record<string, string>} */ ({ musicgen: "MusicGen", "stable-audio": "Stable Audio", sketch: "Sketch", ambient: "Ambient" });

/** @param {{ job: JobState }} props */
function Loops({ job }) {
  const sounds = soundsOf(job);
  const backend = backendOf(job);
  const model = resultOf(job).facts?.model ?? "";
  const take = sounds[0]?.take;
  const facts = [take ? lengthWords(take.length_beats, take.time_signature) : "", model || (BACKENDS[backend] ?? backend), take?.key, ago(job.ended ?? job.made)];
  const why = canMake.value ? "" : "Nothing can be made here now.";
  const again = () => {
    const { seed: _, ...asked } = requestOf(job);
    return startJob("imagine", asked);
  };
  return html`<section class="panel stack" aria-label=${titleOf(job)}>
    <div class="row apart">
      <div class="what"><strong dir="auto" title=${titleOf(job)}>${titleOf(job)}</strong><span class="note small">${facts.filter(Boolean).join(" · ")}</span></div>
      <${Button} onPress=${again} why=${why}>Another seed<//>
    </div>
    ${["sketch", "ambient"].includes(backend) && html`<p class="honest">No model imagined this: ${BACKENDS[backend]} played it, by MuseAroo's own engines and synthesiser.</p>`}
    ${noticesOf(job).map((notice) => html`<p class="note small" key=${notice}>${notice}</p>`)}
    <ul class="sounds">
      ${sounds.map((sound, index) => html`<${Loop} key=${sound.take?.id ?? sound.name} sound=${sound} others=${sounds.filter((each) => each !== sound)} number=${index + 1} />`)}
    </ul>
  </section>`;
}

/** @param {{ sound: MadeSound, others: readonly MadeSound[], number: number }} props */
function Loop({ sound, others, number }) {
  const { file } = sound;
  const take = sound.take ? (takes.value.get(sound.take.id) ?? sound.take) : null;
  const id = file?.id ?? take?.id ?? sound.name;
  const name = `Take ${number}`;
  const piece = {
    title: sound.name,
    parts: [{ id, name, ...(file ? { file: file.id } : { take: take?.id ?? "" }) }],
    beats: take?.length_beats ?? 4,
    bpm: take?.bpm ?? set.value.song?.bpm ?? 120,
    loop: true,
  };
  const isHere = isSounding.value && isPiece(piece);
  const isInSet = Boolean(take && set.value.clips.has(take.clip));
  return html`<${SoundRow}
    id=${id}
    name=${name}
    note=${[(placeWords(take?.clip ?? 0) || "not in the set").split(" · ")[0], take ? `seed ${take.seed}` : ""].filter(Boolean).join(" · ")}
    path=${file ? `/files/${file.id}` : `/takes/${take?.id}`}
    part="other"
    piece=${piece}
    isMarked=${take?.liked === 1}
    controls=${html`<${Button} icon=${isHere ? "stop" : "play"} label=${`${isHere ? "Stop" : "Listen to"} ${name}`} onPress=${() => void toggle(piece)} />
      ${take && html`<${Button} icon="like" label=${`Like ${name}`} kind="quiet" pressed=${take.liked === 1} onPress=${() => judge(take, take.liked === 1 ? 0 : 1)} />`}
      ${take && html`<${Keep} take=${take} others=${others} isInSet=${isInSet} />`}
      <${Save} path=${`/files/${file?.id}`} name=${file?.name ?? sound.name} why=${file ? "" : "Its file is in Live's set."} />`}
  />`;
}

/** Keeps one take, and takes the others out of the set; or writes it again where it has gone. @param {{ take: Take, others: readonly MadeSound[], isInSet: boolean }} props */
function Keep({ take, others, isInSet }) {
  const cannot = canMake.value ? "" : "Nothing can be changed here now.";
  if (!isInSet) {
    const why = cannot || (session.value?.set === "live" ? "Files go into Live's set in Live: download it, and drop it there." : "");
    return html`<${Button} why=${why} onPress=${() => writeSound(take)}>Write<//>`;
  }
  const there = others.flatMap(({ take: other }) => (other && set.value.clips.has(other.clip) ? [other] : []));
  const keep = async () => {
    for (const other of there) {
      const clip = set.value.clips.get(other.clip);
      const track = set.value.tracks.find((each) => each.id === clip?.track)?.number;
      const scene = set.value.scenes.find((each) => each.id === clip?.scene)?.number;
      if (track && scene && !(await request({ do: "act", intent: "delete", what: "clip", tracks: [track], scene }))) return;
    }
    toast(`Kept. Undo brings ${there.length === 1 ? "the other take" : "the others, one by one,"} back.`);
  };
  return html`<${Button} why=${cannot || (there.length ? "" : "It is the only one of these takes in the set.")} onPress=${keep}>Keep<//>`;
}
