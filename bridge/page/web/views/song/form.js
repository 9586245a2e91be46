/** The form: sections beside each other, energy above, parts below, and what is in the section that is chosen. */

/** @import { ClipView, TrackView } from "../../../types/api.js" */
/** @import { Form, Section } from "../../core/form.js" */
import { contentOf } from "../../clips.js";
import { againstHighest, energyOfBars, energyWords } from "../../core/energy.js";
import { notesInSection } from "../../core/form.js";
import { barBeats, clock, lengthWords, notesWords } from "../../core/music.js";
import { Canvas, color } from "../../draw/canvas.js";
import { drawEnergy } from "../../draw/energy.js";
import { drawPart } from "../../draw/form.js";
import { isPiece, isSounding, toggle } from "../../listen.js";
import { Button } from "../../parts/controls.js";
import { hrefOf } from "../../route.js";
import { set } from "../../store.js";
import { html, signal, useMemo } from "../../vendor/preact.js";

/** The id of the section that is chosen. */
const chosen = signal("");

const LABELS = 104;
const LEAST = 76;
const BAR = 7;
/** CSS pixels: the names of parts, the least of a section, and of a bar. */

/** @param {{ form: Form }} props */
export function FormTable({ form }) {
  const bar = barBeats(set.value.song?.time_signature ?? "4/4");
  const energy = energyOf(form.sections, bar);
  const section = form.sections.find(({ id }) => id === chosen.value) ?? form.sections[0];
  const bars = form.sections.map(({ length }) => Math.max(1, Math.ceil(length / bar)));
  const columns = { gridTemplateColumns: `${LABELS}px ${bars.map((count) => `minmax(${LEAST}px, ${count}fr)`).join(" ")}` };
  const least = LABELS + bars.reduce((sum, count) => sum + Math.max(LEAST, count * BAR), 0);
  const said = energyWords(form.sections.map(({ name }, index) => ({ name, energy: energy[index] ?? [] })));
  return html`${section && html`<${Chosen} section=${section} />`}
    <div class="form-frame">
      <div class="form-table" role="table" aria-label=${`${form.sections.length} sections, ${form.tracks.length} parts, ${said}`} style=${{ minWidth: `${least}px` }}>
        <div class="form-row" role="row" style=${columns}>
          <span role="columnheader"><span class="heard">Part</span></span>
          ${form.sections.map((each) => html`<${SectionHead} key=${each.id} section=${each} isChosen=${each === section} />`)}
        </div>
        <div class="form-row" role="row" style=${columns}>
          <div class="part-name" role="rowheader"><span>Energy</span></div>
          ${form.sections.map((each, index) => html`<div role="cell" key=${each.id}><${Energy} section=${each} energy=${energy[index] ?? []} /></div>`)}
        </div>
        <div class="form-row" role="row" style=${columns}>
          <div class="part-name" role="rowheader"><span>Chords</span></div>
          ${form.sections.map((each) => html`<${Chords} key=${each.id} section=${each} />`)}
        </div>
        ${form.tracks.map(
          (track) => html`<div class="form-row" role="row" key=${track.id} style=${columns}>
            <div class="part-name" role="rowheader"><span dir="auto" title=${track.name}>${track.name}</span></div>
            ${form.sections.map((each) => html`<${Part} key=${each.id} section=${each} track=${track} />`)}
          </div>`,
        )}
      </div>
    </div>`;
}

/**
 * The energy of each section's bars, against the highest; of what has been read so far.
 * @param {readonly Section[]} sections
 * @param {number} bar
 */
function energyOf(sections, bar) {
  const read = sections.map((section) => [...section.clips.values()].map((clip) => ({ clip, content: contentOf(clip).value })));
  // Worked out again only when a clip's notes have come, or the form is another.
  return useMemo(
    () => againstHighest(read.map((parts, index) => {
      const { length = 0 } = sections[index] ?? {};
      return energyOfBars(parts.map(({ clip, content }) => (clip.muted || !content ? [] : notesInSection(content.notes, clip, length, content.start))), length, bar);
    })),
    [bar, read.flat().map(({ clip, content }) => `${clip.id} ${clip.length} ${idOf(content)}`).join()],
  );
}

/** @type {WeakMap<object, number>} */
const ids = new WeakMap();
let lastId = 0;

/** A number for what is read: hooks compare lists of one length alone. @param {object | null} content */
function idOf(content) {
  if (!content) return 0;
  if (!ids.has(content)) ids.set(content, ++lastId);
  return ids.get(content);
}

/** @param {Section} section */
const pieceOf = (section) => ({
  title: section.name,
  parts: [...section.clips.values()].map((clip) => ({ id: String(clip.id), name: clip.name, clip: clip.id })),
  beats: section.length,
  bpm: set.value.song?.bpm ?? 120,
  loop: true,
});

/** @param {{ section: Section, isChosen: boolean }} props */
function SectionHead({ section, isChosen }) {
  const meter = set.value.song?.time_signature ?? "4/4";
  const sounds = isSounding.value && isPiece(pieceOf(section));
  return html`<div role="columnheader">
    <button type="button" class="section-head" aria-pressed=${isChosen} onClick=${() => (chosen.value = section.id)} title=${section.name}>
      <span class="name" dir="auto">${section.name}</span>
      <span class="small">${sounds ? "sounds" : lengthWords(section.length, meter)}</span>
    </button>
  </div>`;
}

/** @param {{ section: Section, energy: readonly number[] }} props */
function Energy({ section, energy }) {
  const highest = Math.round(100 * Math.max(0, ...energy));
  return html`<${Canvas} height=${48} label=${`Energy of ${section.name}: up to ${highest} %`} depends=${[energy]}
    draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) =>
      drawEnergy(context, width, height, energy, color("--dial"))} />`;
}

/** @param {Section} section @returns {readonly (readonly [number, string])[]} */
function chordsOf(section) {
  for (const clip of section.clips.values()) {
    const chords = (contentOf(clip).value?.chords ?? []).filter(([, label]) => label);
    if (chords.length) return chords;
  }
  return [];
}

/** @param {{ section: Section }} props */
function Chords({ section }) {
  const words = chordsOf(section).map(([, label]) => label).join(" ");
  return html`<span class="chord-line small" role="cell" title=${words}>${words || "–"}</span>`;
}

/** @param {{ section: Section, track: TrackView }} props */
function Part({ section, track }) {
  const clip = section.clips.get(track.id);
  return html`<div class="part-cell" role="cell">${clip && html`<${PartFace} clip=${clip} section=${section} track=${track} />`}</div>`;
}

/** @param {{ clip: ClipView, section: Section, track: TrackView }} props */
function PartFace({ clip, section, track }) {
  const content = contentOf(clip).value;
  const said = content?.notes.length ? notesWords(content.notes, content.isDrums) : clip.kind === "audio" ? "audio" : `${clip.notes} notes`;
  const name = `${clip.name || track.name}: ${said}`;
  const href = content?.take ? hrefOf("take", content.take) : hrefOf("clip", String(clip.id));
  return html`<a class="part-face" href=${href} title=${clip.name} aria-label=${`${name}. Open`}><${Canvas}
    class=${clip.muted || track.muted ? "silent" : ""}
    height=${44}
    label=${name}
    depends=${[content, clip.length, section.length]}
    draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) => {
      context.fillStyle = clip.color || track.color;
      context.fillRect(0, 0, width, height);
      context.fillStyle = "rgb(255 255 255 / 38%)";
      context.fillRect(0, 0, width, height);
      if (content) drawPart(context, width, height, clip, content, section.length, "#161616");
    }}
  /></a>`;
}

/** The chosen section: when it comes, its chords, how it sounds. @param {{ section: Section }} props */
function Chosen({ section }) {
  const song = set.value.song;
  const bpm = song?.bpm ?? 120;
  const [from, to] = [section.start, section.start + section.length].map((beats) => clock((beats * 60) / bpm));
  const piece = pieceOf(section);
  const chords = chordsOf(section).map(([, label]) => label).join(" ");
  const facts = [lengthWords(section.length, song?.time_signature ?? "4/4"), `${from} to ${to}`, section.scene ? `scene ${section.scene}` : "", chords];
  return html`<section class="panel row chosen-section" aria-labelledby="chosen-section">
    <${Button} kind="main" icon=${isSounding.value && isPiece(piece) ? "stop" : "play"} onPress=${() => void toggle(piece)}>Listen<//>
    <div class="what">
      <h3 id="chosen-section" dir="auto">${section.name}</h3>
      <span class="note" title=${chords}>${facts.filter(Boolean).join(" · ")}</span>
    </div>
  </section>`;
}
