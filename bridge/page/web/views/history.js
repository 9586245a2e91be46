/** Everything that was made in this set: its takes and its steps. */

import { Choice } from "../parts/controls.js";
import { changes, onEvent, session } from "../store.js";
import { html, signal, useEffect } from "../vendor/preact.js";
import { onJudged, refresh } from "./history/past.js";
import { Steps } from "./history/steps.js";
import { Takes } from "./history/takes.js";

const SETTLED = 250;
/** Milliseconds without a change before the newest are read again: a song changes the set many times. */

const shown = signal("takes");

export default function HistoryView() {
  const [opened, count] = [session.value?.id, changes.value];
  useEffect(() => {
    const later = setTimeout(() => void refresh(), SETTLED);
    return () => clearTimeout(later);
  }, [opened, count]);
  useEffect(() => void refresh(), [opened]);
  useEffect(() => onEvent(onJudged), []);
  return html`<div class="view history-view">
    <div class="row apart">
      <h1>History</h1>
      <${Choice} label="What is shown" value=${shown.value} options=${[["takes", "Takes"], ["steps", "Steps"]]} onChange=${(/** @type {string} */ value) => (shown.value = value)} />
    </div>
    ${shown.value === "takes" ? html`<${Takes} />` : html`<${Steps} />`}
  </div>`;
}
