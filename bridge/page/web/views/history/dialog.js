/** One take: what it was made with, and what can be done with it. */

/** @import { Take } from "../../../types/api.js" */
import { lengthWords } from "../../core/music.js";
import { fileName, kindWord } from "../../core/past.js";
import { ago, rounded } from "../../core/words.js";
import { Button } from "../../parts/controls.js";
import { Dialog } from "../../parts/dialog.js";
import { Save, save } from "../../parts/job.js";
import { hrefOf } from "../../route.js";
import { canMake, set } from "../../store.js";
import { html } from "../../vendor/preact.js";
import { like, origins, whereWords } from "./past.js";
import { fileOf, isSound, restore, whyNotRestore } from "./restore.js";

/** What Restore does. @param {Take} take */
function restoreWords(take) {
  if (isSound(take)) return "Restore puts it into the set once more, on a track of its own. Undo takes it out again.";
  if (set.value.clips.has(take.clip)) return "Restore writes it into the set once more, into the next empty slot of its track. Undo takes it out again.";
  return "Its clip has gone. Restore has its player play a new one in a new scene, which gets exactly these notes.";
}

/** @param {{ take: Take, onClose: () => void }} props */
export function TakeDialog({ take, onClose }) {
  const origin = origins.value.get(take.id);
  const why = canMake.value ? whyNotRestore(take) : "Nothing can be changed here now.";
  const facts = [
    ["Made", `${ago(take.made)}${origin?.by ? `, by ${origin.by}` : ""}`],
    ["Part", kindWord(take)],
    ["Style", take.style],
    ["Length", lengthWords(take.length_beats, take.time_signature)],
    ["Key", take.key],
    ["Tempo", `${rounded(take.bpm)} BPM`],
    ["Seed", String(take.seed)],
    ["Player", take.engine],
    ["Where", whereWords(take)],
    ["Step", origin?.label ?? ""],
  ];
  const again = async () => {
    await restore(take);
    onClose();
  };
  return html`<${Dialog} title=${take.name || kindWord(take)} onClose=${onClose}>
    <dl class="facts">${facts.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd dir="auto">${value}</dd>`)}</dl>
    <div class="row">
      <a class="button" href=${hrefOf("take", take.id)}>Open</a>
      <${Button} icon="like" pressed=${take.liked === 1} onPress=${() => like(take)}>Like<//>
      <${Button} kind="main" why=${why} onPress=${again}>Restore<//>
      <${Save} path=${`/takes/${take.id}/midi`} name=${fileName(take, "mid")} why=${isSound(take) ? "A sound has no notes." : ""}>MIDI<//>
      <${Button} icon="download" onPress=${() => save(() => fileOf(take, "wav"))}>Sound<//>
    </div>
    <p class="note small">${restoreWords(take)}</p>
  <//>`;
}
