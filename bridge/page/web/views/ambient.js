/** Ambient: endless music that all in the session hear, and steer while it plays. */

/** @import { Point } from "../parts/pad.js" */
/** @import { Amount } from "./ambient/wishes.js" */
import { Canvas } from "../draw/canvas.js";
import { drawChordsAhead } from "../draw/chords.js";
import { position, sound } from "../listen.js";
import { Button, Dial, Menu } from "../parts/controls.js";
import { Pad } from "../parts/pad.js";
import { MODES, ROOTS } from "../press_bar.js";
import { go, route } from "../route.js";
import { showError } from "../store.js";
import { html, signal, useEffect } from "../vendor/preact.js";
import { amount, begin, chords, end, info, isRunning, preset, readInfo, readWishes, steer, told, USUAL_LEVEL, wishes } from "./ambient/wishes.js";

const TEMPOS = ["", "50", "60", "70", "80", "90", "100", "120"];
const PLANS = ["bright to dark", "dark to bright", "busy to still", "near to far"];
/** What the pad shows while it moves. */
const turned = signal(/** @type {Point | null} */ (null));
/** The second of the stream that is heard. */
const heard = signal(0);

export default function AmbientView() {
  useEffect(() => {
    void readInfo().catch(showError);
    const [asked = ""] = route.value.rest;
    if (asked) {
      steer(readWishes(asked));
      go("ambient");
    }
    const timer = setInterval(() => (heard.value = isRunning.value ? position() : 0), 100);
    return () => clearInterval(timer);
  }, []);
  return html`<div class="view ambient-view">
    <h1>Ambient</h1>
    <p class="note lead">Music that goes on without an end and never repeats. All who listen to this session hear the same, and whoever may change the session steers it: you hear it within about a second.</p>
    <${Presets} />
    <${Now} />
    <${Steering} />
  </div>`;
}

function Presets() {
  return html`<div class="presets" role="group" aria-label="Presets">
    ${info.value?.presets.map(
      ({ name, about }) => html`<button key=${name} type="button" class="preset" aria-pressed=${wishes.value.preset === name} onClick=${() => steer({ preset: name })}>
        <strong>${titled(name)}</strong><span class="note small">${about}</span>
      </button>`,
    )}
  </div>`;
}

function Now() {
  const { value: goes } = told;
  const ahead = chords.value.map(([second, name]) => /** @type {const} */ ([second - heard.value, name]));
  const isFree = preset.value?.free && wishes.value.bpm === null;
  const words = goes ? `${titled(goes.preset)}, ${goes.key}, ${isFree ? "free time" : `${Math.round(goes.bpm)} BPM`}` : isRunning.value ? "It begins …" : "Nothing plays.";
  return html`<section class="panel stack" aria-label="Now">
    <div class="row">
      <${Button} kind="main" icon=${isRunning.value ? "stop" : "play"} onPress=${() => (isRunning.value ? end() : begin())}>${isRunning.value ? "Stop" : "Begin"}<//>
      <span class="note" role="status">${words}</span>
      ${sound.value.refused && html`<span class="note bad" role="alert">${sound.value.refused}</span>`}
    </div>
    <${Canvas} class="chords" height=${32} label=${chordWords(ahead)} depends=${[goes, heard.value]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) => drawChordsAhead(context, width, height, ahead)} />
    <${Layers} />
  </section>`;
}

/** @param {readonly (readonly [number, string])[]} ahead */
function chordWords(ahead) {
  const names = ahead.filter(([, name], index) => (ahead[index + 1]?.[0] ?? 1) > 0 && name).map(([, name]) => name);
  return names.length ? `Chords: ${names.slice(0, 5).join(", ")}` : "No chords yet";
}

/** Each layer's level; those that play in this phrase are lit. */
function Layers() {
  const counts = new Map(told.value?.layers ?? []);
  return html`<div class="layers" role="group" aria-label="Layers">
    ${preset.value?.layers.map((layer) => {
      const notes = counts.get(layer) ?? 0;
      return html`<div class=${`layer ${notes ? "sounding" : ""}`} key=${layer}>
        <${Dial} label=${titled(layer)} value=${wishes.value.levels[layer] ?? USUAL_LEVEL} words=${(/** @type {number} */ value) => levelWords(value, notes)}
          onTurn=${(/** @type {number} */ value) => steer({ levels: { ...wishes.value.levels, [layer]: value } })}
          onChange=${(/** @type {number} */ value) => steer({ levels: { ...wishes.value.levels, [layer]: value } })} />
      </div>`;
    })}
  </div>`;
}

/** @param {number} level @param {number} notes in this phrase */
function levelWords(level, notes) {
  if (level === 0) return "off";
  const loudness = `${Math.round((100 * level) / USUAL_LEVEL)} %`;
  return isRunning.value && !notes ? `${loudness}, rests` : loudness;
}

function Steering() {
  const { key, mood, bpm, plan } = wishes.value;
  const [root = "", mode = "minor"] = key.split(" ");
  const at = turned.value ?? { x: amount("motion"), y: amount("density") };
  const isPlain = !key && !mood && bpm === null && !plan && AMOUNTS.every((name) => wishes.value[name] === null);
  const asPreset = () => steer({ key: "", mood: "", bpm: null, plan: "", density: null, brightness: null, motion: null, space: null });
  return html`<section class="panel stack" aria-label="Steering">
    <div class="row apart"><h2>Steering</h2><${Button} kind="quiet" why=${isPlain ? "It is as the preset has it." : ""} onPress=${asPreset}>As the preset has it<//></div>
    <div class="turning">
      <${Pad} label="Character" x="Motion" y="Density" value=${at} onTurn=${(/** @type {Point} */ point) => (turned.value = point)}
        onChange=${(/** @type {Point} */ { x, y }) => {
          turned.value = null;
          steer({ motion: x, density: y });
        }} />
      <div class="stack">
        <div class="dials">
          <${AmountDial} name="brightness" />
          <${AmountDial} name="space" />
        </div>
        <div class="row">
          <${Menu} label="Mood" value=${mood} options=${[["", "None"], ...(info.value?.moods ?? []).map(titledOption)]} onChange=${(/** @type {string} */ value) => steer({ mood: value })} />
          <${Menu} label="Key" value=${root} options=${[["", preset.value ? `${preset.value.key}` : "Preset's"], ...ROOTS.map(option)]} onChange=${(/** @type {string} */ value) => steer({ key: value ? `${value} ${mode}` : "" })} />
          ${root && html`<${Menu} label="Mode" value=${mode} options=${MODES.map(option)} onChange=${(/** @type {string} */ value) => steer({ key: `${root} ${value}` })} />`}
          <${Menu} label="Tempo" value=${bpm === null ? "" : String(bpm)} options=${TEMPOS.map((each) => [each, each ? `${each} BPM` : preset.value?.free ? "Free time" : `${preset.value?.bpm ?? ""} BPM`])} onChange=${(/** @type {string} */ value) => steer({ bpm: value ? Number(value) : null })} />
          <${Menu} label="Over an hour" value=${plan} options=${[["", "No plan"], ...PLANS.map(titledOption)]} onChange=${(/** @type {string} */ value) => steer({ plan: value })} />
        </div>
      </div>
    </div>
  </section>`;
}

/** @type {readonly Amount[]} */
const AMOUNTS = ["density", "brightness", "motion", "space"];

/** @param {{ name: Amount }} props */
const AmountDial = ({ name }) => html`<${Dial} label=${titled(name)} value=${amount(name)} onTurn=${(/** @type {number} */ value) => steer({ [name]: value })} onChange=${(/** @type {number} */ value) => steer({ [name]: value })} />`;

/** @param {string} words */
const titled = (words) => words && words[0]?.toUpperCase() + words.slice(1);

/** @param {string} each @returns {readonly [string, string]} */
const option = (each) => [each, each];

/** @param {string} each @returns {readonly [string, string]} */
const titledOption = (each) => [each, titled(each)];
