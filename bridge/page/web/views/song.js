/** A whole song: have it played, see its form and its energy, listen to its sections, take it away as a file. */

import { forgetWaiting } from "../clips.js";
import { formOf } from "../core/form.js";
import { Choice, Empty } from "../parts/controls.js";
import { connection, set } from "../store.js";
import { html, signal, useEffect } from "../vendor/preact.js";
import { FormTable } from "./song/form.js";
import { MakeSong, where } from "./song/make.js";
import { SetFiles } from "./song/files.js";

/** Which form is shown where a set has both. */
const shown = signal(/** @type {"scenes" | "timeline" | ""} */ (""));

export default function SongView() {
  useEffect(() => forgetWaiting, []);
  const hasBoth = set.value.slots.size > 0 && [...set.value.clips.values()].some((clip) => !clip.scene);
  const form = formOf(set.value, hasBoth ? shown.value || where.value : "");
  return html`<div class="view making song-view">
    <h1>Song</h1>
    <${MakeSong} onMade=${() => (shown.value = where.value)} />
    ${form.sections.length
      ? html`<section class="stack" aria-labelledby="form">
            <div class="row apart">
              <h2 id="form">Form</h2>
              ${hasBoth &&
              html`<${Choice} label="Which form" value=${form.where} onChange=${(/** @type {"scenes" | "timeline"} */ value) => (shown.value = value)}
                options=${[["scenes", "Scenes"], ["timeline", "Timeline"]]} />`}
            </div>
            <${FormTable} form=${form} />
          </section>
          <${SetFiles} />`
      : connection.value !== "waiting" &&
        html`<${Empty} title="No song yet">Choose a style and a length, and press Song: it is played from intro to ending, and Undo takes it away.<//>`}
  </div>`;
}
