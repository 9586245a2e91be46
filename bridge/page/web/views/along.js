/** Play along: hear a take in its place before it is kept, turn it while it sounds, and play a phrase of your own. */

/** @import { NoteRow, Take } from "../../types/api.js" */
/** @import { Point } from "../parts/pad.js" */
import { barBeats, lengthWords, notesWords, partColor, partWord } from "../core/music.js";
import { swingRatio, swingWords } from "../dials.js";
import { Canvas } from "../draw/canvas.js";
import { drawPhrase } from "../draw/phrase.js";
import { isPiece, isSounding, listen, stopListening } from "../listen.js";
import { Button, Choice, Dial } from "../parts/controls.js";
import { Pad } from "../parts/pad.js";
import { PLAYERS, playBand } from "../press_bar.js";
import { hrefOf } from "../route.js";
import { canMake, readTake, rest, selected, session, set, showError } from "../store.js";
import { html, signal, useEffect } from "../vendor/preact.js";
import { drop, engine, hear, heard, keep, pieceWith, preview, turnable, turnTake } from "./along/hearing.js";
import { Keyboard } from "./along/keyboard.js";
import { forgetNext, waiting } from "./along/next_piece.js";

/** What pad and dials show while they move; else what the take has. */
const turned = signal(/** @type {Record<string, number | null>} */ ({}));
const WHY_NOT = "Nothing can be made here now: the session is only listened to, or the server is away.";

export default function AlongView() {
  useEffect(() => {
    void readNewest().catch(showError);
    return forgetNext;
  }, []);
  return html`<div class="view along-view">
    <h1>Play along</h1>
    <${Hear} />
    <${Turn} />
    <${Keyboard} />
  </div>`;
}

/** The newest takes of the session: a page that was just loaded has seen none. */
async function readNewest() {
  if (turnable.value) return;
  const { items } = await rest.value.get(`/sessions/${session.value?.id}/takes?limit=20`);
  const newest = items.find((/** @type {Take} */ take) => ["generate", "band"].includes(String(take.params["do"])) && set.value.clips.has(take.clip));
  if (newest) await readTake(newest.id);
}

function Hear() {
  const why = canMake.value ? "" : WHY_NOT;
  const take = heard.value && turnable.value;
  const scene = set.value.scenes.find(({ id }) => id === selected.value?.scene);
  const piece = take ? pieceWith(take) : null;
  const plays = piece && isSounding.value && isPiece(piece);
  return html`<section class="panel stack" aria-label="Hear first">
    <h2>Hear first</h2>
    <p class="note">A take is written into its slot${scene ? ` in scene ${scene.number}` : ""} and heard there, with the scene's other clips. Press Hear again for another one. Keep leaves it where it is. Drop takes it back.</p>
    <div class="row">
      <${Choice} label="Player" value=${engine.value} options=${PLAYERS} onChange=${(/** @type {string} */ value) => (engine.value = value)} />
    </div>
    <div class="row">
      <${Button} kind="main" icon="play" why=${why} onPress=${hear}>${take ? "Another" : "Hear"}<//>
      <${Button} why=${why || (take ? "" : "Press Hear first.")} onPress=${keep}>Keep<//>
      <${Button} why=${why || (take ? "" : "Press Hear first.")} onPress=${drop}>Drop<//>
      ${piece && html`<${Button} kind="quiet" icon=${plays ? "stop" : "play"} onPress=${() => void (plays ? stopListening() : listen(piece))}>${plays ? "Stop" : "Play"}<//>`}
      ${take && html`<span class="note" dir="auto" role="status">${take.name}, not kept yet</span>`}
    </div>
  </section>`;
}

function Turn() {
  const take = turnable.value;
  if (!take)
    return html`<section class="panel stack" aria-label="Turn it"><h2>Turn it</h2>
      <p class="note">Nothing can be turned yet: press Hear, or let the band play.</p>
      <div class="row"><${Button} why=${canMake.value ? "" : WHY_NOT} onPress=${playBand}>Band<//></div></section>`;
  return html`<${TurnTake} take=${take} />`;
}

/** @param {{ take: Take }} props */
function TurnTake({ take }) {
  useEffect(() => {
    turned.value = {};
    if (!take.notes?.length) void readTake(take.id).catch(showError);
  }, [take.id]);
  const notes = /** @type {NoteRow[]} */ (/** @type {unknown} */ (take.notes ?? []));
  const shown = preview.value ?? notes;
  const why = canMake.value ? "" : WHY_NOT;
  const value = (/** @type {string} */ name, /** @type {number} */ usual) => Number(turned.value[name] ?? take.params[name] ?? usual);
  const show = (/** @type {Record<string, number | null>} */ some) => {
    turned.value = { ...turned.value, ...some };
    void turnTake(take, turned.value, false);
  };
  const write = (/** @type {Record<string, number | null>} */ some) => {
    turned.value = { ...turned.value, ...some };
    void turnTake(take, turned.value, true);
  };
  const swing = turned.value["swing"] === undefined ? take.params["swing"] : turned.value["swing"];
  const asSwing = (/** @type {number} */ dial) => ({ swing: dial > 0 ? swingRatio(dial) : null });
  const asParams = (/** @type {Point} */ { x, y }) => ({ complexity: x, density: y });
  return html`<section class="panel stack" aria-label="Turn it">
    <div class="row apart"><h2>Turn it</h2><a href=${hrefOf("take", take.id)} dir="auto">${take.name}</a></div>
    <p class="note">The same take, played otherwise: ${partWord(take.part).toLowerCase()}, ${lengthWords(take.length_beats, take.time_signature)}, scene ${take.scene}. It is shown while you turn, and written when you let go.</p>
    <div class="turning">
      <${Pad} label="Pad" x="Complexity" y="Density" why=${why} value=${{ x: value("complexity", 0.5), y: value("density", 0.5) }}
        onTurn=${(/** @type {Point} */ at) => show(asParams(at))} onChange=${(/** @type {Point} */ at) => write(asParams(at))} />
      <div class="stack">
        <${Canvas}
          height=${184}
          label=${`${take.name}: ${notesWords(shown, take.part === "drums")}${preview.value ? ", as it would be" : ""}`}
          depends=${[shown, notes]}
          draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) =>
            drawPhrase(context, width, height, { notes: shown, before: preview.value ? notes : [], length: take.length_beats, bar: barBeats(take.time_signature), ink: partColor(take.part) })}
        />
        <div class="dials">
          <${Dial} label="Swing" value=${swing == null ? 0 : (Number(swing) - 1) / 2} words=${swingWords}
            onTurn=${(/** @type {number} */ dial) => show(asSwing(dial))} onChange=${(/** @type {number} */ dial) => write(asSwing(dial))} />
          <${Dial} label="Humanise" value=${value("humanise", 0.5)}
            onTurn=${(/** @type {number} */ dial) => show({ humanise: dial })} onChange=${(/** @type {number} */ dial) => write({ humanise: dial })} />
        </div>
        <p class="note small" role="status">${waiting.value ? "What you turned sounds when the loop comes round." : preview.value ? "As it would be: let go to write it." : ""}</p>
      </div>
    </div>
  </section>`;
}
