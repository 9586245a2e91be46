/** Why a take sounds as it does: who played, what was asked for and heard, and what else was made. */

/** @import { EngineInfo, Take } from "../../../types/api.js" */
import { ago, counted, milliseconds, rounded } from "../../core/words.js";
import { askedWords, paramRows, paramsOf } from "../../core/why.js";
import { partWord } from "../../core/music.js";
import { Button } from "../../parts/controls.js";
import { hrefOf } from "../../route.js";
import { set } from "../../store.js";
import { html, useState } from "../../vendor/preact.js";

const HAND = "hand";
const MOST_ALIKE = 12;

/** @param {{ take: Take, engine: EngineInfo | null }} props */
export function Why({ take, engine }) {
  const lean = /** @type {string[]} */ (paramsOf(take)["lean"] ?? []);
  const byHand = take.engine === HAND;
  return html`<section class="panel stack why" aria-label="Why it sounds so">
    <h2>Why it sounds so</h2>
    <dl class="facts">
      <dt>Asked for</dt><dd>${askedWords(take)}</dd>
      <dt>Played by</dt><dd>${byHand ? "your hand" : `${engine?.title ?? take.engine} ${take.engine_version}`}</dd>
      ${!byHand && engine && html`<dt></dt><dd class="note small">${engine.summary}</dd>`}
      <dt>Heard</dt><dd>${heardWords(take)}</dd>
      ${take.parent && html`<dt>Made from</dt><dd><a href=${hrefOf("take", take.parent)}>the take before</a>, <a href=${hrefOf("take", take.parent, "with", take.id)}>compare</a></dd>`}
      ${!byHand && html`<dt>Seed</dt><dd>${take.seed}<span class="note small"> the same seed and context give the same take</span></dd>`}
      ${take.context_hash && html`<dt>Context</dt><dd><code title=${take.context_hash}>${take.context_hash.slice(0, 12)}</code><span class="note small"> alike for takes that heard the same</span></dd>`}
      ${lean.length > 0 && html`<dt>Simpler</dt><dd>${lean.join(", ")} played simpler, as the computer was busy</dd>`}
      <dt>Made</dt><dd>${ago(take.made)}, in ${milliseconds(take.milliseconds)}</dd>
    </dl>
    <${Params} take=${take} engine=${engine} />
  </section>`;
}

/** What it listened to, as far as the take tells. @param {Take} take */
function heardWords(take) {
  const { scene, track, do: kind } = paramsOf(take);
  const music = [take.key, `${rounded(take.bpm)} BPM`, take.time_signature].filter(Boolean).join(", ");
  if (kind === "edit") return music;
  if (kind === "refine" && track && scene) return `the clip in track ${track}, scene ${scene}, and what was beside it; ${music}`;
  if (scene === 0) return `a new scene; ${music}`;
  const others = beside(take);
  const where = take.scene ? `scene ${take.scene}` : "the Arrangement";
  return `${where}${others ? `, in which there are now ${others}` : ""}; ${music}`;
}

/** The clips beside a take's, by name. @param {Take} take */
function beside(take) {
  const scene = set.value.scenes.find(({ number }) => number === take.scene)?.id;
  const names = [...set.value.clips.values()].filter((clip) => scene && clip.scene === scene && clip.id !== take.clip).map(({ name }) => name);
  return names.slice(0, 6).join(", ");
}

/** @param {{ take: Take, engine: EngineInfo | null }} props */
function Params({ take, engine }) {
  const [isAll, setAll] = useState(false);
  const rows = paramRows(take, engine);
  const asked = rows.filter(({ isUsual }) => !isUsual);
  const shown = isAll ? rows : asked;
  const usual = rows.length - asked.length;
  return html`<div class="stack params">
    <h3>Parameters</h3>
    ${shown.length > 0
      ? html`<dl class="facts">
          ${shown.map(({ name, words, help, isUsual }) => html`<dt key=${name}>${name}</dt>
            <dd><span dir="auto">${words}</span>${isUsual && html`<span class="note"> (usual)</span>`}${help && html`<span class="note small help">${help}</span>`}</dd>`)}
        </dl>`
      : html`<p class="note">All as usual.</p>`}
    ${usual > 0 && html`<div><${Button} kind="quiet" pressed=${isAll} onPress=${() => setAll(!isAll)}>${isAll ? "Only what was asked for" : `${counted(usual, "more")} as usual`.replace("mores", "more")}<//></div>`}
  </div>`;
}

/** The other takes of its request, and of its part. @param {{ take: Take, all: readonly Take[] }} props */
export function Others({ take, all }) {
  const others = all.filter(({ id }) => id !== take.id);
  const together = others.filter(({ request }) => request === take.request);
  const alike = others.filter(({ request, part }) => part === take.part && request !== take.request).slice(0, MOST_ALIKE);
  return html`<section class="panel stack" aria-label="Other takes">
    <h2>Other takes</h2>
    ${!together.length && !alike.length && html`<p class="note">This is the only one so far.</p>`}
    ${together.length > 0 && html`<h3>Of the same request</h3><${List} take=${take} others=${together} />`}
    ${alike.length > 0 && html`<h3>${partWord(take.part)} of this session</h3><${List} take=${take} others=${alike} />`}
  </section>`;
}

/** @param {{ take: Take, others: readonly Take[] }} props */
const List = ({ take, others }) => html`<ul class="take-list">
  ${others.map(
    (other) => html`<li key=${other.id}>
      <a href=${hrefOf("take", other.id)}><span class="name" dir="auto">${other.name}</span><span class="note small">${askedWords(other)}, ${ago(other.made)}</span></a>
      ${other.part === take.part && html`<a class="button quiet" href=${hrefOf("take", take.id, "with", other.id)} aria-label=${`Compare with ${other.name}, ${ago(other.made)}`}>Compare</a>`}
    </li>`,
  )}
</ul>`;
