/** Two takes above each other, with what differs marked, in words, and to be heard at the same beat. */

/** @import { Take } from "../../../types/api.js" */
/** @import { Mark } from "../../core/compare.js" */
/** @import { Sheet, View } from "../../core/sheet.js" */
import { compareNotes, compareWords } from "../../core/compare.js";
import { lengthWords, notesWords } from "../../core/music.js";
import { beginEdit } from "../../core/notes.js";
import { aligned, fitted, headAt, sheetOfTake, sizeOf, zoomed } from "../../core/sheet.js";
import { askedWords } from "../../core/why.js";
import { ago } from "../../core/words.js";
import { drawDrumGrid } from "../../draw/drum_grid.js";
import { drawRoll } from "../../draw/roll.js";
import { isPiece, isSounding, listen, muted, stopListening, toggleMute } from "../../listen.js";
import { Button, Empty } from "../../parts/controls.js";
import { hrefOf } from "../../route.js";
import { readTake } from "../../store.js";
import { html, useMemo, useSignal } from "../../vendor/preact.js";
import { useLoaded } from "./loaded.js";
import { NOWHERE, Pane } from "./pane.js";
import { zoomByWheel } from "./pointing.js";

/** @param {{ one: string, other: string }} props */
export function Compare({ one, other }) {
  const { value, error } = useLoaded(() => Promise.all([readTake(one), readTake(other)]), [one, other]);
  if (error) return html`<div class="view"><h1>Compare</h1><${Empty} title="These takes cannot be compared">${error}<//></div>`;
  if (!value) return html`<div class="view wide" aria-busy="true"><h1>Compare</h1></div>`;
  return html`<${Both} a=${value[0]} b=${value[1]} />`;
}

/** @param {{ a: Take, b: Take }} props */
function Both({ a, b }) {
  const view = useSignal(NOWHERE);
  const [sheetA, sheetB] = useMemo(() => aligned(sheetOfTake(a, null, []), sheetOfTake(b, null, [])), [a, b]);
  const comparison = useMemo(() => compareNotes(sheetA.notes, sheetB.notes), [sheetA, sheetB]);
  const words = compareWords(comparedOf(a, sheetA), comparedOf(b, sheetB), comparison);
  const zoom = (/** @type {number} */ factor) => (view.value = zoomed(sheetA, view.value, factor));
  return html`<div class="view wide take-view">
    <div class="row apart">
      <h1>Compare</h1>
      <div class="row" role="group" aria-label="Zoom">
        <${Button} label="Zoom out" onPress=${() => zoom(1 / 1.4)}>−<//>
        <${Button} label="Zoom in" onPress=${() => zoom(1.4)}>+<//>
        <${Button} onPress=${() => (view.value = fitted(bothOf(sheetA, sheetB), view.value))}>Fit<//>
      </div>
    </div>
    <div class="panel stack">
      <ul class="differences">${words.map((each) => html`<li key=${each}>${each}</li>`)}</ul>
      <p class="note small legend"><span class="mark only"></span> only in one <span class="mark moved"></span> moved <span class="mark both"></span> in both</p>
    </div>
    <${Side} letter="A" take=${a} other=${b} sheet=${sheetA} both=${bothOf(sheetA, sheetB)} marks=${comparison.a} view=${view} />
    <${Side} letter="B" take=${b} other=${a} sheet=${sheetB} both=${bothOf(sheetA, sheetB)} marks=${comparison.b} view=${view} />
  </div>`;
}

/** @param {Take} take @param {Sheet} sheet */
const comparedOf = (take, { notes }) => ({ notes, beats: take.length_beats, timeSignature: take.time_signature });

/** What is fitted: all notes of both. @param {Sheet} a @param {Sheet} b @returns {Sheet} */
const bothOf = (a, b) => ({ ...a, notes: [...a.notes, ...b.notes], played: [Math.min(a.played[0], b.played[0]), Math.max(a.played[1], b.played[1])] });

/** @param {{ letter: "A" | "B", take: Take, other: Take, sheet: Sheet, both: Sheet, marks: readonly Mark[], view: import("../../vendor/preact.js").Signal<View> }} props */
function Side({ letter, take, other, sheet, both, marks, view }) {
  const notes = useMemo(() => beginEdit(sheet.notes).notes, [sheet]);
  const piece = letter === "A" ? pieceOf(take, other) : pieceOf(other, take);
  const isThere = isSounding.value && isPiece(piece);
  const isHeard = isThere && !muted.value.has(take.id);
  const draw = sheet.isDrums ? drawDrumGrid : drawRoll;
  const only = marks.filter((mark) => mark === "only").length;
  return html`<section class="side" aria-label=${`${letter}: ${take.name}`}>
    <div class="row apart">
      <h2 class="ellipsis"><span class="letter">${letter}</span> <a href=${hrefOf("take", take.id)} dir="auto">${take.name}</a> ${" "}<span class="note small">${askedWords(take)}, ${ago(take.made)}, ${lengthWords(take.length_beats, take.time_signature)}</span></h2>
      <${Button} icon=${isHeard ? "stop" : "play"} pressed=${isHeard} onPress=${() => (isHeard ? stopListening() : hear(piece, take.id))}>${`Listen to ${letter}`}<//>
    </div>
    <${Pane}
      view=${view}
      size=${sizeOf(sheet, view.value)}
      fit=${(/** @type {{ width: number, height: number }} */ size) => fitted(both, size)}
      label=${`${letter}: ${notesWords(sheet.notes, sheet.isDrums)}, ${only} of them only here`}
      depends=${[sheet, marks]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context) => draw(context, { sheet, view: view.value, notes, marks })}
      isHeard=${isHeard}
      headAt=${(/** @type {number} */ beats) => headAt(sheet, view.peek(), beats)}
      scroller=${{ role: "group", "aria-label": `${letter}, scrolls`, onWheel: (/** @type {WheelEvent} */ event) => zoomByWheel(event, sheet, view) }}
    />
  </section>`;
}

/** Both takes together, of which one is silent. @param {Take} a @param {Take} b @returns {import("../../listen.js").Piece} */
const pieceOf = (a, b) => ({
  title: `${a.name} and ${b.name}`,
  parts: [{ id: a.id, name: `A: ${a.name}`, take: a.id }, { id: b.id, name: `B: ${b.name}`, take: b.id }],
  beats: Math.max(a.length_beats, b.length_beats),
  bpm: a.bpm,
  loop: true,
});

/** Lets one of the parts be heard, at the beat where they are. @param {import("../../listen.js").Piece} piece @param {string} wanted */
async function hear(piece, wanted) {
  if (!(isSounding.value && isPiece(piece))) await listen(piece);
  for (const { id } of piece.parts) if (muted.value.has(id) === (id === wanted)) toggleMute(id);
}
