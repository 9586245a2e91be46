/** What is to be imagined: the words, and how many loops of which length by what. */

import { fields } from "../../dials.js";
import { counted } from "../../core/words.js";
import { Button, Field, Menu } from "../../parts/controls.js";
import { KeyMenus, keyOfDials, SeedField, seedOf, StyleMenu } from "../../parts/choices.js";
import { canMake, startJob } from "../../store.js";
import { computed, html, signal } from "../../vendor/preact.js";

const BARS = [1, 2, 4, 8, 16, 32];
const TAKES = [1, 2, 3, 4, 6, 8];
const BACKENDS = /** @type {const} */ ([["", "Best model"], ["musicgen", "MusicGen"], ["stable-audio", "Stable Audio"], ["sketch", "Sketch"], ["ambient", "Ambient"]]);

const prompt = signal("");
const bars = signal(4);
const count = signal(2);
const backend = signal("");
const model = signal("");
const seed = signal("");
const follows = signal(true);
const hasModel = computed(() => !["sketch", "ambient"].includes(backend.value));

export function Ask() {
  const start = () =>
    startJob("imagine", {
      prompt: prompt.value.trim(),
      bars: bars.value,
      takes: count.value,
      backend: backend.value,
      model: hasModel.value ? model.value.trim() : "",
      key: keyOfDials(),
      style: fields().style,
      follow: follows.value,
      ...seedOf(seed.value),
    });
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && canMake.value) void start();
  };
  const numbers = (/** @type {readonly number[]} */ some, /** @type {string} */ word) => some.map((each) => /** @type {const} */ ([String(each), counted(each, word)]));
  return html`<section class="panel stack source" aria-label="What is imagined">
    <${Field} label="Prompt">
      <textarea rows="3" maxlength="600" dir="auto" placeholder="warm dub bass with tape echo" value=${prompt.value} onKeyDown=${onKey}
        onInput=${(/** @type {Event} */ event) => (prompt.value = /** @type {HTMLTextAreaElement} */ (event.currentTarget).value)}></textarea>
    <//>
    <div class="pair">
      <${Menu} label="Length" value=${String(bars.value)} options=${numbers(BARS, "bar")} onChange=${(/** @type {string} */ value) => (bars.value = Number(value))} />
      <${Menu} label="Takes" value=${String(count.value)} options=${numbers(TAKES, "take")} onChange=${(/** @type {string} */ value) => (count.value = Number(value))} />
      <${KeyMenus} />
      <${StyleMenu} />
      <${SeedField} value=${seed.value} onChange=${(/** @type {string} */ value) => (seed.value = value)} />
      <${Menu} label="Imagine With" value=${backend.value} options=${BACKENDS} onChange=${(/** @type {string} */ value) => (backend.value = value)} />
      ${hasModel.value &&
      html`<${Field} label="Model">
        <input type="text" maxlength="40" autocomplete="off" spellcheck=${false} placeholder="its usual one" value=${model.value}
          onInput=${(/** @type {Event} */ event) => (model.value = /** @type {HTMLInputElement} */ (event.currentTarget).value)} />
      <//>`}
    </div>
    <label class="check"><input type="checkbox" checked=${follows.value} onChange=${() => (follows.value = !follows.value)} /><span>Follow the style of the set, too</span></label>
    <${Button} kind="main" onPress=${start} why=${canMake.value ? "" : "Nothing can be made here now."}>Imagine<//>
    <p class="note small">Empty words let the set itself suggest it. Sketch is quick, and Ambient a piece of endless music: both need no model.</p>
  </section>`;
}
