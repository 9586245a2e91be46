/** The device's buttons and dials, and a line for sentences: what makes music, always at hand below the set. */

/** @import { Outcome } from "../types/api.js" */
import { counted } from "./core/words.js";
import { dials, fields, swingWords, turn } from "./dials.js";
import { Button, Dial, Menu } from "./parts/controls.js";
import { canMake, request, rest, selected, selectedClip, set, toast } from "./store.js";
import { html, signal, useEffect, useState } from "./vendor/preact.js";

export const PLAYERS = /** @type {const} */ ([
  ["drummaroo", "Drums"], ["bassaroo", "Bass"], ["harmonyroo", "Chords"], ["melodyroo", "Melody"], ["atmosroo", "Atmosphere"],
]);
const BARS = [1, 2, 4, 8, 12, 16, 24, 32];
export const ROOTS = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
export const MODES = ["major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian"];

/** The names of the styles, read once. */
export const styles = signal(/** @type {readonly string[]} */ ([]));

export async function readStyles() {
  if (styles.value.length) return;
  const found = await rest.value.getKept("/styles");
  styles.value = found.map((/** @type {{ name: string }} */ each) => each.name);
}

/** Where a press goes: the scene of the selected slot, and its track where that is empty. */
function target() {
  const slot = selected.value;
  if (!slot) return {};
  const scene = set.value.scenes.find(({ id }) => id === slot.scene)?.number;
  const track = set.value.tracks.find(({ id }) => id === slot.track);
  const isFree = !selectedClip.value && track?.kind === "midi";
  return { ...(scene ? { scene } : {}), ...(isFree ? { track: track.number } : {}) };
}

/** The selected clip by its numbers, as requests name it; nothing for the newest. */
export function chosenClip() {
  const clip = selectedClip.value;
  if (!clip) return {};
  const track = set.value.tracks.find(({ id }) => id === clip.track)?.number;
  const scene = set.value.scenes.find(({ id }) => id === clip.scene)?.number;
  return track && scene ? { track, scene } : {};
}

/** @param {string} engine */
export const playPart = async (engine) => choose(await request({ do: "generate", engine, ...fields(), ...target() }));

export async function playBand() {
  const { scene } = target();
  choose(await request({ do: "band", ...fields(), ...(scene ? { scene } : {}) }));
}

/** @param {readonly string[]} changes */
export const refine = async (changes) => choose(await request({ do: "refine", changes, ...chosenClip() }));

/**
 * Selects what was made first, so that the next press is about it.
 * @param {Outcome | null} outcome
 */
function choose(outcome) {
  const made = outcome?.takes?.[0];
  const track = set.value.tracks.find(({ number }) => number === made?.track);
  const scene = set.value.scenes.find(({ number }) => number === made?.scene);
  if (track && scene) selected.value = { track: track.id, scene: scene.id };
}

export async function undo() {
  await request({ do: "undo" });
}

export async function redo() {
  await request({ do: "redo" });
}

export function PressBar() {
  useEffect(() => void readStyles().catch(() => toast("The styles could not be read: load the page again.", { isBad: true })), []);
  const why = canMake.value ? "" : "Nothing can be made here now: the session is only listened to, or the server is away.";
  const { style, bars, root, mode, complexity, density, swing, humanise } = dials.value;
  const clip = selectedClip.value;
  const [isOpen, setOpen] = useState(false);
  return html`<section class=${`press-bar ${isOpen ? "open" : ""}`} aria-label="Play">
    <div class="presses">
      <${Button} kind="main" why=${why} onPress=${playBand}>Band<//>
      ${PLAYERS.map(([engine, words]) => html`<${Button} key=${engine} why=${why} onPress=${() => playPart(engine)}>${words}<//>`)}
    </div>
    <div class="presses changes" role="group" aria-label=${clip ? `Change ${clip.name}` : "Change the newest clip"}>
      <${Button} why=${why} onPress=${() => refine([])}>Again<//>
      <${Button} why=${why} onPress=${() => refine(["simpler"])}>Simpler<//>
      <${Button} why=${why} onPress=${() => refine(["busier"])}>Busier<//>
      <${Button} why=${why} onPress=${() => request({ do: "mix", style })}>Mix<//>
    </div>
    <div class="more"><${Button} kind="quiet" pressed=${isOpen} onPress=${() => setOpen(!isOpen)}>Style, length, key, feel<//></div>
    <div class="menus">
      <${Menu} label="Style" value=${style} onChange=${(/** @type {string} */ value) => turn({ style: value })}
        options=${[["", "Auto style"], ...styles.value.map((each) => /** @type {const} */ ([each, each]))]} />
      <${Menu} label="Length" value=${String(bars)} onChange=${(/** @type {string} */ value) => turn({ bars: Number(value) })}
        options=${BARS.map((each) => /** @type {const} */ ([String(each), counted(each, "bar")]))} />
      <${Menu} label="Key" value=${root} onChange=${(/** @type {string} */ value) => turn({ root: value })}
        options=${[["", "Set key"], ...ROOTS.map((each) => /** @type {const} */ ([each, each]))]} />
      <${Menu} label="Mode" value=${mode} onChange=${(/** @type {string} */ value) => turn({ mode: value })}
        options=${MODES.map((each) => /** @type {const} */ ([each, each]))} />
    </div>
    <div class="dials">
      <${Dial} label="Complexity" value=${complexity} onChange=${(/** @type {number} */ value) => turn({ complexity: value })} />
      <${Dial} label="Density" value=${density} onChange=${(/** @type {number} */ value) => turn({ density: value })} />
      <${Dial} label="Swing" value=${swing} words=${swingWords} onChange=${(/** @type {number} */ value) => turn({ swing: value })} />
      <${Dial} label="Humanise" value=${humanise} onChange=${(/** @type {number} */ value) => turn({ humanise: value })} />
    </div>
  </section>`;
}
