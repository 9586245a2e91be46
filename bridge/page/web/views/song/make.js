/** What a song is played with, and the button that plays it. */

/** @import { StyleInfo } from "../../../types/api.js" */
import { clock } from "../../core/music.js";
import { dials, turn } from "../../dials.js";
import { Button, Choice, Dial, Menu } from "../../parts/controls.js";
import { KeyMenus, keyOfDials, SeedField, seedOf, StyleMenu } from "../../parts/choices.js";
import { canMake, request, rest, showError } from "../../store.js";
import { html, signal, useEffect } from "../../vendor/preact.js";

const LENGTHS = [60, 90, 120, 150, 180, 210, 240, 270, 300];

export const where = signal(/** @type {"scenes" | "timeline"} */ ("scenes"));
const seconds = signal(180);
const form = signal("");
const seed = signal("");
/** The forms of each style. */
const forms = signal(/** @type {ReadonlyMap<string, readonly string[]>} */ (new Map()));

async function readForms() {
  /** @type {StyleInfo[]} */
  const found = await rest.value.getKept("/styles");
  forms.value = new Map(found.map((style) => [style.name, style.forms]));
}

/** @param {{ onMade: () => void }} props */
export function MakeSong({ onMade }) {
  useEffect(() => void readForms().catch(showError), []);
  const { style, complexity } = dials.value;
  const choices = forms.value.get(style) ?? [];
  const chosen = choices.includes(form.value) ? form.value : "";
  const play = async () => {
    const asked = { style, form: chosen, seconds: seconds.value, key: keyOfDials(), complexity, where: where.value, ...seedOf(seed.value) };
    if (await request({ do: "song", ...asked })) onMade();
  };
  return html`<section class="panel song-fields" aria-label="Make a song">
    <${StyleMenu} />
    <${Menu} label="Form" value=${chosen} onChange=${(/** @type {string} */ value) => (form.value = value)}
      options=${[["", style ? "Any of the style" : "The style's"], ...choices.map((each) => /** @type {const} */ ([each, each]))]} />
    <${Menu} label="Song Length" value=${String(seconds.value)} onChange=${(/** @type {string} */ value) => (seconds.value = Number(value))}
      options=${LENGTHS.map((each) => /** @type {const} */ ([String(each), clock(each)]))} />
    <${KeyMenus} />
    <${SeedField} value=${seed.value} onChange=${(/** @type {string} */ value) => (seed.value = value)} />
    <${Dial} label="Complexity" value=${complexity} onChange=${(/** @type {number} */ value) => turn({ complexity: value })} />
    <${Choice} label="Song To" value=${where.value} onChange=${(/** @type {"scenes" | "timeline"} */ value) => (where.value = value)}
      options=${[["scenes", "Scenes"], ["timeline", "Timeline"]]} />
    <${Button} kind="main" onPress=${play} why=${canMake.value ? "" : "Nothing can be made here now: the session is only listened to, or the server is away."}>Song<//>
  </section>`;
}
