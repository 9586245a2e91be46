/** The takes: filtered, in a list without an end, and what is done with those that are chosen. */

/** @import { Take } from "../../../types/api.js" */
import { lengthWords } from "../../core/music.js";
import { filterTakes, isFiltering, kindWord, NO_FILTER } from "../../core/past.js";
import { ago, counted } from "../../core/words.js";
import { isPiece, isSounding, toggle } from "../../listen.js";
import { Button, Empty, Field, Menu } from "../../parts/controls.js";
import { VirtualList } from "../../parts/virtual_list.js";
import { hrefOf } from "../../route.js";
import { set } from "../../store.js";
import { html, signal, useEffect } from "../../vendor/preact.js";
import { chosen, ChosenBar, toggleChosen } from "./chosen.js";
import { TakeFace } from "./faces.js";
import { allTakes, hasAllTakes, isRead, isReading, like, origins, readMoreTakes, whereWords } from "./past.js";
import { TakeDialog } from "./dialog.js";

const ROW = 64;
/** CSS pixels; style/making.css has the same. */

const filter = signal(NO_FILTER);
const looked = signal(/** @type {Take | null} */ (null));

export function Takes() {
  const found = filterTakes(allTakes.value, origins.value, filter.value);
  const isMissing = isFiltering(filter.value) && !hasAllTakes.value;
  // A filter looks through all there is, page by page.
  useEffect(() => {
    if (isMissing && !isReading.value) void readMoreTakes();
  }, [isMissing, isReading.value]);
  useEffect(() => () => void (chosen.value = new Map()), []);
  const count = allTakes.value.length;
  const open = allTakes.value.find(({ id }) => id === looked.value?.id) ?? null;
  if (isRead.value && !count) return html`<${Empty} title="Nothing made yet">What MuseAroo makes in this set comes here, with all that it takes to make it again.<//>`;
  return html`<${Filters} />
    <p class="note small" role="status">${countWords(found.length, count, isMissing)}</p>
    <${VirtualList}
      label="Takes, newest first"
      count=${found.length}
      total=${hasAllTakes.value ? found.length : -1}
      rowHeight=${ROW}
      keyOf=${(/** @type {number} */ index) => found[index]?.id ?? index}
      row=${(/** @type {number} */ index) => {
        const take = found[index];
        return take ? html`<${TakeRow} take=${take} />` : html`<span></span>`;
      }}
      onEnd=${() => hasAllTakes.value || void readMoreTakes()}
    >
      ${!found.length && count > 0 && html`<${Empty} title=${isMissing ? "Looking through older takes …" : "No take is like that"}
        action=${html`<${Button} onPress=${() => (filter.value = NO_FILTER)}>Show all takes<//>`}>${isMissing ? "" : "Choose less above."}<//>`}
    <//>
    <${ChosenBar} found=${found} />
    ${open && html`<${TakeDialog} take=${open} onClose=${() => (looked.value = null)} />`}`;
}

/**
 * @param {number} found
 * @param {number} read
 * @param {boolean} isMissing
 */
function countWords(found, read, isMissing) {
  if (!isFiltering(filter.value)) return `${counted(read, "take")}${hasAllTakes.value ? "" : " so far"}`;
  return `${found} of ${isMissing ? `${read} that were looked through so far` : counted(read, "take")}`;
}

function Filters() {
  const all = allTakes.value;
  const { part, style, liked, by, words } = filter.value;
  const choose = (/** @type {Partial<typeof filter.value>} */ some) => (filter.value = { ...filter.value, ...some });
  const parts = distinct(all.map((take) => kindWord(take)), part);
  const styles = distinct(all.map((take) => take.style), style);
  const names = distinct([...origins.value.values()].map((origin) => origin.by), by);
  return html`<div class="filters" role="search" aria-label="Takes">
    <${Field} label="Words"><input type="search" value=${words} placeholder="name, key, prompt" onInput=${(/** @type {Event} */ event) => choose({ words: /** @type {HTMLInputElement} */ (event.currentTarget).value })} /><//>
    <${Menu} label="Part" value=${part} options=${[["", "All"], ...parts]} onChange=${(/** @type {string} */ value) => choose({ part: value })} />
    <${Menu} label="Style" value=${style} options=${[["", "All"], ...styles]} onChange=${(/** @type {string} */ value) => choose({ style: value })} />
    <${Menu} label="Liked" value=${liked} options=${[["", "All"], ["liked", "Liked"], ["disliked", "Disliked"]]} onChange=${(/** @type {"" | "liked" | "disliked"} */ value) => choose({ liked: value })} />
    ${(names.length > 1 || by) && html`<${Menu} label="By" value=${by} options=${[["", "Everybody"], ...names]} onChange=${(/** @type {string} */ value) => choose({ by: value })} />`}
  </div>`;
}

/** Values as options of a menu, in order. @param {readonly string[]} values @param {string} chosen @returns {[string, string][]} */
const distinct = (values, chosen) => [...new Set([...values, chosen])].filter(Boolean).sort((a, b) => a.localeCompare(b)).map((each) => [each, each]);

/** @param {Take} take */
const pieceOf = (take) => ({
  title: take.name,
  parts: [{ id: take.id, name: take.name, take: take.id }],
  beats: take.length_beats,
  bpm: take.bpm,
  loop: true,
});

/** @param {{ take: Take }} props */
function TakeRow({ take }) {
  const origin = origins.value.get(take.id);
  const piece = pieceOf(take);
  const isHere = isSounding.value && isPiece(piece);
  const isChosen = chosen.value.has(take.id);
  const what = [kindWord(take), take.style, lengthWords(take.length_beats, take.time_signature)].filter(Boolean).join(" · ");
  const isGone = !set.value.clips.has(take.clip);
  return html`<div class=${`take-row ${isGone ? "gone" : ""}`}>
    <label class="check mark"><input type="checkbox" checked=${isChosen} onChange=${() => toggleChosen(take)} aria-label=${`Choose ${take.name}`} /></label>
    <${TakeFace} take=${take} />
    <div class="what">
      <a class="name" dir="auto" href=${hrefOf("take", take.id)} title=${take.name}>${take.name || kindWord(take)}</a>
      <span class="note small">${what}<span class="only-narrow"> · ${ago(take.made)}</span></span>
    </div>
    <div class="what only-wide"><span>${ago(take.made)}</span><span class="note small" dir="auto">${origin?.by ? `by ${origin.by}` : ""}</span></div>
    <div class="what only-wide"><span class="where" dir="auto" title=${whereWords(take)}>${whereWords(take)}</span></div>
    <div class="row controls">
      <span class="only-wide"><${Button} icon="like" kind="quiet" label=${`Like ${take.name}`} pressed=${take.liked === 1} onPress=${() => like(take)} /></span>
      <${Button} icon=${isHere ? "stop" : "play"} kind="quiet" label=${`${isHere ? "Stop" : "Listen to"} ${take.name}`} onPress=${() => void toggle(piece)} />
      <${Button} icon="more" kind="quiet" label=${`More of ${take.name}`} onPress=${() => void (looked.value = take)} />
    </div>
  </div>`;
}
