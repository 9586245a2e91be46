/** Your own phrase: played against a metronome, put on a grid, written as a clip. */

import { midiFile } from "../../core/midi_file.js";
import { barBeats, lengthWords, notesWords } from "../../core/music.js";
import { offGrid, quantized } from "../../core/phrase.js";
import { counted } from "../../core/words.js";
import { Canvas } from "../../draw/canvas.js";
import { drawPhrase } from "../../draw/phrase.js";
import { Button, Choice, Dial, Menu } from "../../parts/controls.js";
import { chosenClip } from "../../press_bar.js";
import { canMake, request, rest, selected, selectedClip, session, set, showError, toast } from "../../store.js";
import { html, signal, useEffect } from "../../vendor/preact.js";
import { beat, connectMidi, disconnect, down, keyboards, midiTrouble, octave, onLetter, phrase, played, reconnect, record, state, stop, usesKeys } from "./recording.js";

const GRIDS = /** @type {const} */ ([["0", "As played"], ["1", "1/4"], ["0.5", "1/8"], ["0.25", "1/16"], ["0.3333333333333333", "1/8 triplets"], ["0.16666666666666666", "1/16 triplets"]]);
const bars = signal("2");
const grid = signal("0.25");
const strength = signal(1);
const name = signal("");

export function Keyboard() {
  useEffect(() => {
    reconnect();
    for (const kind of /** @type {const} */ (["keydown", "keyup"])) addEventListener(kind, onLetter);
    return () => {
      for (const kind of /** @type {const} */ (["keydown", "keyup"])) removeEventListener(kind, onLetter);
      disconnect();
    };
  }, []);
  const meter = set.value.song?.time_signature ?? "4/4";
  const bpm = set.value.song?.bpm ?? 120;
  const isStill = state.value === "still";
  const begin = async () => {
    try {
      await record({ bpm, meter, bar: barBeats(meter), beats: Number(bars.value) * barBeats(meter) });
    } catch (error) {
      showError(error);
    }
  };
  const why = keyboards.value.length || usesKeys.value ? "" : "Connect a keyboard, or play on the computer's keys.";
  return html`<section class="panel stack" aria-label="Your phrase">
    <h2>Your phrase</h2>
    <p class="note">Play a phrase of your own to the metronome, and keep it as a clip that the players follow. Your keyboard makes its own sound.</p>
    <div class="row">
      <${Button} onPress=${connectMidi} pressed=${keyboards.value.length > 0}>${keyboards.value.length ? keyboards.value.join(", ") : "Connect a keyboard"}<//>
      <${Button} pressed=${usesKeys.value} onPress=${() => (usesKeys.value = !usesKeys.value)}>The computer's keys<//>
      ${usesKeys.value && html`<span class="note small">A to L play white keys from C${octave.value}, W to P black ones; Z and X change the octave.</span>`}
    </div>
    ${midiTrouble.value && html`<p class="note" role="alert">${midiTrouble.value}</p>`}
    <div class="row">
      <${Choice} label="Length" value=${bars.value} options=${["1", "2", "4", "8"].map((each) => /** @type {const} */ ([each, counted(Number(each), "bar")]))} onChange=${(/** @type {string} */ value) => (bars.value = value)} />
      <${Button} kind="main" why=${why} pressed=${!isStill} onPress=${isStill ? begin : stop}>${isStill ? "Record" : "Stop"}<//>
      <span role="status" class="note">${statusWords(meter)}</span>
    </div>
    ${phrase.value && isStill && html`<${Played} />`}
  </section>`;
}

/** @param {string} meter */
function statusWords(meter) {
  const unit = 4 / (Number(meter.split("/")[1]) || 4);
  if (state.value === "counting") return `Counting in: ${Math.floor((beat.value + barBeats(meter)) / unit) + 1}`;
  if (state.value === "recording") return `Recording, bar ${Math.floor(beat.value / barBeats(meter)) + 1}${down.value.size ? `, ${counted(down.value.size, "key")} down` : ""}`;
  return phrase.value ? `${counted(played.value.length, "note")} in ${lengthWords(phrase.value.beats, phrase.value.meter)}` : "A bar is counted in.";
}

function Played() {
  const made = phrase.value;
  if (!made) return null;
  const notes = quantized(played.value, Number(grid.value), strength.value, made.beats);
  const off = Number(grid.value) ? offGrid(played.value, Number(grid.value), made.bpm) : 0;
  const clip = selectedClip.value?.kind === "midi" ? selectedClip.value : null;
  const isOwn = session.value?.set === "own";
  const why = canMake.value ? (notes.length ? "" : "No note was played.") : "Nothing can be written here now.";
  return html`<div class="stack">
    <${Canvas}
      height=${160}
      label=${`Your phrase: ${notesWords(notes)}`}
      depends=${[notes.map(String).join()]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) =>
        drawPhrase(context, width, height, { notes, before: played.value, length: made.beats, bar: barBeats(made.meter), ink: "--melody" })}
    />
    <div class="row end">
      <${Menu} label="Grid" value=${grid.value} options=${GRIDS} onChange=${(/** @type {string} */ value) => (grid.value = value)} />
      ${Number(grid.value) > 0 && html`<${Dial} label="Strength" value=${strength.value} onTurn=${(/** @type {number} */ value) => (strength.value = value)} onChange=${(/** @type {number} */ value) => (strength.value = value)} />`}
      ${Number(grid.value) > 0 && html`<span class="note small">You were ${Math.round(off)} ms off the grid, on average.</span>`}
    </div>
    <div class="row end">
      <label class="field"><span>Name</span><input value=${name.value} placeholder="My phrase" maxlength="80" dir="auto" onInput=${(/** @type {Event} */ event) => (name.value = /** @type {HTMLInputElement} */ (event.currentTarget).value)} /></label>
      <${Button} kind="main" why=${why || (isOwn ? "" : "In Live, record it on a track there, or press Keep on the device: this page writes new tracks in sets of its own alone.")} onPress=${() => writeNew(notes, made)}>Write on a new track<//>
      ${clip && html`<${Button} why=${why} onPress=${() => request({ do: "edit", ...chosenClip(), notes, replace: true })}>Write into ${clip.name}<//>`}
    </div>
  </div>`;
}

/**
 * Writes the phrase on a track of its own, in the selected scene, by the way that MIDI files come in.
 * @param {readonly import("../../../types/api.js").NoteRow[]} notes
 * @param {import("./recording.js").Phrase} made
 */
async function writeNew(notes, made) {
  const title = name.value.trim() || "My phrase";
  const scene = set.value.scenes.find(({ id }) => id === selected.value?.scene)?.number;
  const query = new URLSearchParams({ name: `${title}.mid`, place: "true", apply: "", ...(scene ? { scene: String(scene) } : {}) });
  const raw = midiFile(notes, { name: title, bpm: made.bpm, timeSignature: made.meter, beats: made.beats }).buffer;
  try {
    const outcome = await rest.value.post(`/sessions/${session.value?.id}/analyze?${query}`, undefined, { raw, headers: { "content-type": "audio/midi" } });
    toast(outcome.sentence);
  } catch (error) {
    showError(error);
  }
}
