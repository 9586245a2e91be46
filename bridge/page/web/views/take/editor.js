/** The notes of a clip, to be seen and edited: by pointer and by keys, with an undo of its own. */

/** @import { Note, Edit } from "../../core/notes.js" */
/** @import { Sheet } from "../../core/sheet.js" */
/** @import { Desk } from "./desk.js" */
/** @import { Signal } from "../../vendor/preact.js" */
import { notesWords } from "../../core/music.js";
import { chosenOf, chosenWords, countChanged, redo, remove, rowsOf, SNAPS, undo } from "../../core/notes.js";
import { fitted, headAt, headOf, sizeOf, zoomed } from "../../core/sheet.js";
import { counted } from "../../core/words.js";
import { drawDrumGrid } from "../../draw/drum_grid.js";
import { drawRoll } from "../../draw/roll.js";
import { Button, Menu } from "../../parts/controls.js";
import { canMake } from "../../store.js";
import { html, useComputed, useEffect, useMemo, useRef, useSignal } from "../../vendor/preact.js";
import { louder, stretch } from "./desk.js";
import { onKey } from "./keys.js";
import { Pane, NOWHERE } from "./pane.js";
import { pointing } from "./pointing.js";

/**
 * @param {object} props
 * @param {Sheet} props.sheet
 * @param {Signal<Edit>} props.edit
 * @param {readonly Note[]} props.first the notes as they were at first
 * @param {readonly Note[] | null} props.preview notes to show in place of the edit
 * @param {boolean} props.isHeard
 * @param {() => void} props.onListen
 * @param {() => Promise<unknown>} props.onWrite
 * @param {() => void} props.onDiscard
 */
export function Editor({ sheet, edit, first, preview, isHeard, onListen, onWrite, onDiscard }) {
  const view = useSignal(NOWHERE);
  const snap = useSignal("1/16");
  const drag = useSignal(/** @type {Desk["drag"]["value"]} */ (null));
  const framing = useSignal(false);
  const isHelped = useSignal(false);
  useFit(sheet, view);
  const desk = { sheet, edit, view, snap, drag, framing, isLocked: Boolean(preview) };
  const shown = preview ?? drag.value?.notes ?? edit.value.notes;
  const count = useComputed(() => countChanged(first, edit.value.notes)).value;
  const said = useMemo(() => notesWords(rowsOf(shown), sheet.isDrums), [shown, sheet.isDrums]);
  const draw = sheet.isDrums ? drawDrumGrid : drawRoll;
  return html`<section class=${`editor ${preview ? "previewing" : ""}`} aria-label="Notes">
    <${Tools} desk=${desk} />
    <${Pane}
      view=${view}
      size=${sizeOf(sheet, view.value)}
      fit=${(/** @type {{ width: number, height: number }} */ size) => fitted(sheet, size)}
      label=${`${said}${sheet.chords.length ? `. Chords: ${chordWords(sheet)}` : ""}`}
      depends=${[sheet, shown, edit.value.chosen, drag.value]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context) =>
        draw(context, { sheet, view: view.value, notes: shown, ...(preview ? {} : { chosen: edit.value.chosen }), frame: drag.value?.frame ?? null })}
      isHeard=${isHeard}
      headAt=${(/** @type {number} */ beats) => headAt(sheet, view.peek(), beats)}
      scroller=${{
        role: "application",
        "aria-label": sheet.isDrums ? "Drum grid" : "Piano roll",
        "aria-describedby": "roll-keys",
        ...pointing(desk),
        onKeyDown: (/** @type {KeyboardEvent} */ event) => onKey(event, desk, onListen),
      }}
    />
    <div class="row apart edit-bar">
      <p class="what">
        <span role="status">${preview ? `Preview: ${said}` : chosenWords(edit.value, sheet.timeSignature, sheet.isDrums)}</span>
        <span class="note">${count ? `${counted(count, "note")} changed` : ""}</span>
      </p>
      <${Fingers} desk=${desk} />
      <div class="row">
        <${Button} kind="quiet" pressed=${isHelped.value} onPress=${() => (isHelped.value = !isHelped.value)}>How to edit<//>
        <${Button} why=${count ? "" : "Nothing has been changed."} onPress=${onDiscard}>Discard<//>
        <${Button} kind="main" why=${whyNoWrite(count, preview)} onPress=${onWrite}>Write back<//>
      </div>
    </div>
    <${Help} isDrums=${sheet.isDrums} isShown=${isHelped.value} />
  </section>`;
}

/** Fits the sheet again when its chords arrive, unless somebody has scrolled or zoomed meanwhile. @param {Sheet} sheet @param {Desk["view"]} view */
function useFit(sheet, view) {
  const before = useRef(sheet);
  useEffect(() => {
    const seen = view.peek();
    const first = fitted(before.current, seen);
    if (seen.width && ["px", "row", "left", "top"].every((name) => Math.abs(first[/** @type {"px"} */ (name)] - seen[/** @type {"px"} */ (name)]) < 1)) view.value = fitted(sheet, seen);
    before.current = sheet;
  }, [headOf(sheet), sheet.rows.length]);
}

/** @param {number} count @param {readonly Note[] | null} preview */
function whyNoWrite(count, preview) {
  if (preview) return "A preview is shown: keep it, or turn the dials back.";
  if (!count) return "Nothing has been changed.";
  return canMake.value ? "" : "Nothing can be written now: the session is only listened to, or the server is away.";
}

/** @param {Sheet} sheet */
const chordWords = ({ chords }) => chords.slice(0, 16).map(([, label]) => label || "none").join(", ");

/** @param {{ desk: Desk }} props */
function Tools({ desk }) {
  const { sheet, edit, view, snap } = desk;
  const locked = desk.isLocked ? "A preview is shown." : "";
  const none = chosenOf(edit.value).length ? "" : "No note is selected.";
  const zoom = (/** @type {number} */ factor) => (view.value = zoomed(sheet, view.value, factor));
  return html`<div class="row tools">
    <${Menu} label="Snap" value=${snap.value} options=${SNAPS.map(([name, words]) => /** @type {const} */ ([name, words]))}
      onChange=${(/** @type {string} */ value) => (snap.value = value)} />
    <div class="row" role="group" aria-label="Selected notes">
      <${Button} icon="undo" label="Undo in these notes" why=${locked || (edit.value.past.length ? "" : "Nothing to undo in these notes.")} onPress=${() => (edit.value = undo(edit.value))} />
      <${Button} icon="redo" label="Redo in these notes" why=${locked || (edit.value.future.length ? "" : "Nothing to redo in these notes.")} onPress=${() => (edit.value = redo(edit.value))} />
      <${Button} why=${locked || none} onPress=${() => (edit.value = remove(edit.value))}>Delete<//>
    </div>
    <div class="row zooms" role="group" aria-label="Zoom">
      <div class="row step">
        <${Button} label="Zoom out" onPress=${() => zoom(1 / 1.4)}>−<//>
        <${Button} label="Zoom in" onPress=${() => zoom(1.4)}>+<//>
      </div>
      <${Button} onPress=${() => (view.value = fitted(sheet, view.value))}>Fit<//>
    </div>
  </div>`;
}

/** What keys do, for fingers. @param {{ desk: Desk }} props */
function Fingers({ desk }) {
  const { sheet, edit, framing, isLocked } = desk;
  const why = isLocked ? "A preview is shown." : edit.value.chosen.size ? "" : "No note is selected.";
  return html`<div class="fingers row" role="group" aria-label="Change the selected notes">
    <${Button} pressed=${framing.value} onPress=${() => (framing.value = !framing.value)}>Frame<//>
    ${!sheet.isDrums && html`<${Button} why=${why} onPress=${() => stretch(desk, -1)}>Shorter<//><${Button} why=${why} onPress=${() => stretch(desk, 1)}>Longer<//>`}
    <${Button} why=${why} onPress=${() => louder(desk, -8)}>Softer<//>
    <${Button} why=${why} onPress=${() => louder(desk, 8)}>Louder<//>
  </div>`;
}

/** Screen readers have it with the roll, even where it is not shown. @param {{ isDrums: boolean, isShown: boolean }} props */
const Help = ({ isDrums, isShown }) => html`<p id="roll-keys" class=${isShown ? "note keys-help" : "heard"}>
  Double-click adds a note or deletes one; drag a note to move it${isDrums ? "" : ", its end to lengthen it"}, its stem below for its velocity, a
  frame to select several. Alt+left and right select the note before or after, arrows move it, Shift+left and right lengthen it, Shift+up and
  down make it louder or softer, Page up and down move it by an octave, Enter adds one, Delete deletes, Ctrl+A selects all, Ctrl+Z undoes, Space
  listens. Ctrl+wheel zooms.
</p>`;
