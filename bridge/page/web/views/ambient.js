/** Ambient: atmosphere that goes on, phrase by phrase, and is steered while it plays. */

/** @import { NoteRow, Take } from "../../types/api.js" */
/** @import { Point } from "../parts/pad.js" */
import { barBeats, clock, notesWords } from "../core/music.js";
import { counted } from "../core/words.js";
import { Canvas } from "../draw/canvas.js";
import { drawPhrase } from "../draw/phrase.js";
import { isSounding, position } from "../listen.js";
import { Button, Choice, Menu } from "../parts/controls.js";
import { Pad } from "../parts/pad.js";
import { MODES, ROOTS } from "../press_bar.js";
import { hrefOf } from "../route.js";
import { canMake, rest, selected, set, showError } from "../store.js";
import { html, signal, useEffect } from "../vendor/preact.js";
import { begin, count, end, isMaking, isRunning, known, mood, next, now, steer } from "./ambient/stream.js";

const WHY_NOT = "Nothing can be made here now: the session is only listened to, or the server is away.";
const PHRASES = ["4", "8", "16", "32"];
/** Layers that AtmosRoo plays, as the server lists them. */
const layers = signal(/** @type {readonly string[]} */ ([]));
/** What the pad shows while it moves. */
const turned = signal(/** @type {Point | null} */ (null));
const beat = signal(-1);
/** Whether it is played in the selected scene, to what is there. */
const withScene = signal(false);

export default function AmbientView() {
  useEffect(() => {
    void readLayers().catch(showError);
    const timer = setInterval(() => (beat.value = isRunning.value && isSounding.value ? position() : -1), 100);
    return () => clearInterval(timer);
  }, []);
  return html`<div class="view ambient-view">
    <h1>Ambient</h1>
    <p class="note lead">AtmosRoo plays on without an end: while a phrase sounds, the next one is made, and follows when the phrase has come round. What you turn is heard from the next phrase on.</p>
    <${Going} />
    <${Mood} />
  </div>`;
}

async function readLayers() {
  const engines = await rest.value.getKept("/engines");
  const atmos = engines.find((/** @type {{ part: string }} */ each) => each.part === "atmosphere");
  layers.value = atmos?.options?.properties?.layers?.items?.enum ?? [];
}

function Going() {
  const playing = known(now.value);
  const coming = known(next.value);
  const scene = set.value.scenes.find(({ id }) => id === selected.value?.scene);
  const number = scene?.number ?? 1;
  const into = withScene.value ? number : 0;
  const why = canMake.value ? "" : WHY_NOT;
  const choose = (/** @type {string} */ value) => {
    withScene.value = value === "true";
    if (isRunning.value) return begin(withScene.value ? number : 0);
  };
  const words = !isRunning.value
    ? "Nothing plays."
    : `Phrase ${count.value}. ${coming ? "The next one is ready." : isMaking.value ? "The next one is being made …" : "It goes on until another one is made."}`;
  return html`<section class="panel stack" aria-label="Phrases">
    <div class="row">
      <${Button} kind="main" icon=${isRunning.value ? "stop" : "play"} why=${isRunning.value ? "" : why} onPress=${() => (isRunning.value ? end() : begin(into))}>${isRunning.value ? "Stop" : "Begin"}<//>
      <${Choice} label="Where" value=${String(withScene.value)} options=${[["false", "By itself"], ["true", `With scene ${number}`]]} onChange=${choose} />
      <span class="note" role="status">${words}</span>
    </div>
    ${isRunning.value &&
    html`<div class="phrases">
      <${Phrase} title="Now" take=${playing} at=${beat.value} />
      <${Phrase} title="Next" take=${coming} at=${-1} />
    </div>`}
    <p class="note small">Each phrase is written into one slot in place of the one before, so the set has the newest one, and Undo brings back the one before.</p>
  </section>`;
}

/** @param {{ title: string, take: Take | null, at: number }} props */
function Phrase({ title, take, at }) {
  const notes = /** @type {NoteRow[]} */ (/** @type {unknown} */ (take?.notes ?? []));
  const bar = barBeats(take?.time_signature ?? "4/4");
  const seconds = take ? (take.length_beats * 60) / take.bpm : 0;
  return html`<div>
    <div class="row apart"><h3>${title}</h3>${take && html`<a class="small" href=${hrefOf("take", take.id)}>${counted(Math.round(take.length_beats / bar), "bar")}, ${clock(seconds)}, ${take.key || "no key"}</a>`}</div>
    <${Canvas}
      height=${132}
      label=${take ? `${title}: ${notesWords(notes)}` : `${title}: nothing`}
      depends=${[take?.id, at]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) =>
        take && drawPhrase(context, width, height, { notes, length: take.length_beats, bar, ink: "--atmosphere", at })}
    />
  </div>`;
}

function Mood() {
  const { density, motion, brightness, loudness, layers: chosen, bars, key } = mood.value;
  const [root = "", mode = "minor"] = key.split(" ");
  const at = turned.value ?? { x: motion, y: density };
  return html`<section class="panel stack" aria-label="Mood">
    <h2>Mood</h2>
    <div class="turning">
      <${Pad} label="Mood" x="Motion" y="Density" value=${at} onTurn=${(/** @type {Point} */ point) => (turned.value = point)}
        onChange=${(/** @type {Point} */ { x, y }) => {
          turned.value = null;
          steer({ motion: x, density: y });
        }} />
      <div class="stack">
        <div class="row">
          <div class="field"><span>Brightness</span><${Choice} label="Brightness" value=${String(brightness)} options=${[["-1", "Darker"], ["0", "As it is"], ["1", "Brighter"]]} onChange=${(/** @type {string} */ value) => steer({ brightness: Number(value) })} /></div>
          <div class="field"><span>Touch</span><${Choice} label="Touch" value=${String(loudness)} options=${[["-1", "Softer"], ["0", "As it is"], ["1", "Louder"]]} onChange=${(/** @type {string} */ value) => steer({ loudness: Number(value) })} /></div>
        </div>
        <div class="field" role="group" aria-label="Layers; none leaves them to the style">
          <span>Layers ${chosen.length ? "" : "(as the style has them)"}</span>
          <div class="row">
          ${layers.value.map((each) => {
            const isOn = chosen.includes(each);
            return html`<${Button} key=${each} pressed=${isOn} onPress=${() => steer({ layers: isOn ? chosen.filter((other) => other !== each) : [...chosen, each] })}>${each[0]?.toUpperCase()}${each.slice(1)}<//>`;
          })}
          </div>
        </div>
        <div class="row">
          <${Menu} label="Phrase" value=${String(bars)} options=${PHRASES.map((each) => [each, counted(Number(each), "bar")])} onChange=${(/** @type {string} */ value) => steer({ bars: Number(value) })} />
          <${Menu} label="Key" value=${root} options=${[["", "Set key"], ...ROOTS.map((each) => [each, each])]} onChange=${(/** @type {string} */ value) => steer({ key: value ? `${value} ${mode}` : "" })} />
          ${root && html`<${Menu} label="Mode" value=${mode} options=${MODES.map((each) => [each, each])} onChange=${(/** @type {string} */ value) => steer({ key: `${root} ${value}` })} />`}
        </div>
      </div>
    </div>
  </section>`;
}
