/** What is done with the takes that are marked: compare two, export them as files one after the other. */

/** @import { Take } from "../../../types/api.js" */
import { counted } from "../../core/words.js";
import { Button, Menu, Progress } from "../../parts/controls.js";
import { Dialog } from "../../parts/dialog.js";
import { save } from "../../parts/job.js";
import { go } from "../../route.js";
import { toast } from "../../store.js";
import { html, signal } from "../../vendor/preact.js";
import { fileOf, isSound } from "./restore.js";

const FORMATS = /** @type {const} */ ([["mid", "MIDI"], ["wav", "WAV"], ["flac", "FLAC"], ["mp3", "MP3"], ["opus", "Opus"]]);
const ASK_FROM = 10;
/** Files of which one is asked first. */
const BETWEEN = 150;
/** Milliseconds between two downloads: browsers drop some of those that come at once. */

/** The takes that are marked, by id, in the order in which they were. */
export const chosen = signal(/** @type {ReadonlyMap<string, Take>} */ (new Map()));

/** @param {Take} take */
export function toggleChosen(take) {
  const next = new Map(chosen.value);
  if (!next.delete(take.id)) next.set(take.id, take);
  chosen.value = next;
}

const format = signal("mid");
const exporting = signal(/** @type {{ done: number, total: number, isStopped: boolean } | null} */ (null));
const asked = signal(/** @type {readonly Take[] | null} */ (null));

/**
 * Saves takes as files, one after the other.
 * @param {readonly Take[]} takes
 */
async function exportAll(takes) {
  const ending = format.value;
  const wanted = ending === "mid" ? takes.filter((take) => !isSound(take)) : takes;
  const left = takes.length - wanted.length;
  let failed = 0;
  exporting.value = { done: 0, total: wanted.length, isStopped: false };
  for (const take of wanted) {
    if (exporting.value.isStopped) break;
    if (!(await save(() => fileOf(take, ending)))) failed++;
    exporting.value = { ...exporting.value, done: exporting.value.done + 1 };
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
  const saved = exporting.value.done - failed;
  exporting.value = null;
  toast([`${counted(saved, "file")} saved.`, failed ? `${failed} could not be.` : "", left ? `${counted(left, "sound has", "sounds have")} no notes, and ${left === 1 ? "was" : "were"} left out.` : ""].filter(Boolean).join(" "));
}

/** @param {{ found: readonly Take[] }} props */
export function ChosenBar({ found }) {
  const takes = [...chosen.value.values()];
  const now = exporting.value;
  if (now) {
    return html`<section class="chosen-bar" aria-label="Export">
      <div class="what"><span role="status">${now.done} of ${counted(now.total, "file")}</span><${Progress} fraction=${now.done / Math.max(1, now.total)} label="Export" /></div>
      <${Button} icon="close" onPress=${() => void (exporting.value = { ...now, isStopped: true })}>Stop<//>
    </section>`;
  }
  const wanted = takes.length ? takes : found;
  const start = () => (wanted.length >= ASK_FROM ? void (asked.value = wanted) : exportAll(wanted));
  const [first, second] = takes;
  const compare = () => first && second && go("take", first.id, "with", second.id);
  return html`<section class="chosen-bar" aria-label="Chosen takes">
    <span class=${`what ${takes.length ? "" : "none"}`} role="status">${takes.length ? `${takes.length} chosen` : "None chosen"}</span>
    <${Button} onPress=${() => void compare()} why=${takes.length === 2 ? "" : "Choose two takes to compare them."}>Compare<//>
    <${Menu} label="Export As" value=${format.value} options=${FORMATS} onChange=${(/** @type {string} */ value) => (format.value = value)} />
    <${Button} icon="download" onPress=${start} why=${wanted.length ? "" : "There is no take to export."}>${takes.length ? "Export" : "Export all"}<//>
    ${takes.length > 0 && html`<${Button} kind="quiet" onPress=${() => void (chosen.value = new Map())}>Choose none<//>`}
    ${asked.value && html`<${AskFirst} takes=${asked.value} />`}
  </section>`;
}

/** @param {{ takes: readonly Take[] }} props */
function AskFirst({ takes }) {
  const close = () => void (asked.value = null);
  const start = () => {
    close();
    void exportAll(takes);
  };
  return html`<${Dialog} title=${`Save ${counted(takes.length, "file")}?`} onClose=${close}>
    <p>They are saved one after the other. The browser may ask whether this page may save several files.</p>
    <div class="row"><${Button} kind="main" onPress=${start}>Save ${counted(takes.length, "file")}<//><${Button} onPress=${close}>Cancel<//></div>
  <//>`;
}
