/** The dials of a take that is there already: turned, they show at once what it would be; Keep writes it. */

/** @import { Outcome, Take } from "../../../types/api.js" */
import { RooError } from "../../api/errors.js";
import { beginEdit } from "../../core/notes.js";
import { paramsOf, turnable } from "../../core/why.js";
import { swingRatio, swingWords } from "../../dials.js";
import { Button, Dial } from "../../parts/controls.js";
import { go } from "../../route.js";
import { ask, canMake, keepTakes, sentence, showError } from "../../store.js";
import { html, useEffect, useRef, useSignal } from "../../vendor/preact.js";

/** @typedef {import("../../core/notes.js").Note} Note */
/** @typedef {"complexity" | "density" | "swing" | "humanise"} DialName */

const NAMES = { complexity: "Complexity", density: "Density", swing: "Swing", humanise: "Humanise" };

/** Where the dials of a take stand. @param {Take} take @returns {Record<DialName, number>} */
function standing(take) {
  const { complexity = 0.5, density = 0.5, humanise = 0.5, swing } = paramsOf(take);
  return { complexity, density, humanise, swing: swing ? Math.max(0.01, Math.min(1, (swing - 1) / 2)) : 0 };
}

/**
 * @param {object} props
 * @param {Take} props.take
 * @param {string} props.locked why nothing can be turned now
 * @param {(notes: readonly Note[] | null) => void} props.onPreview
 */
export function Turning({ take, locked, onPreview }) {
  const first = standing(take);
  const values = useSignal(first);
  const isTurned = useSignal(false);
  const line = useRef(new Line(take, onPreview));
  useEffect(() => () => line.current.leave(), []);
  const { dials, why } = turnable(take);
  const blocked = locked || (canMake.value ? "" : "Nothing can be turned now: the session is only listened to, or the server is away.");
  const turned = (/** @type {DialName} */ name, /** @type {number} */ value) => {
    if (blocked) return;
    values.value = { ...values.value, [name]: value };
    isTurned.value = true;
    line.current.turn(changedOf(first, values.value));
  };
  const back = () => {
    values.value = first;
    isTurned.value = false;
    line.current.leave();
  };
  return html`<section class="panel stack" aria-label="Turn it">
    <h2>Turn it</h2>
    ${dials.length === 0
      ? html`<p class="note">${why}</p>`
      : html`<p class="note">The same seed with other dials. The notes show it at once; nothing is written until you keep it.</p>
          <div class="turn-dials">
            ${dials.map(
              (name) => html`<${Dial}
                key=${name}
                label=${NAMES[name]}
                value=${values.value[name]}
                ...${name === "swing" ? { words: swingWords } : {}}
                onTurn=${(/** @type {number} */ value) => turned(name, value)}
                onChange=${(/** @type {number} */ value) => turned(name, value)}
              />`,
            )}
          </div>
          <div class="row">
            <${Button} kind="main" why=${blocked || (isTurned.value ? "" : "Turn a dial first.")} onPress=${() => line.current.keep(changedOf(first, values.value))}>Keep<//>
            <${Button} why=${isTurned.value ? "" : "The dials stand as they were."} onPress=${back}>Turn back<//>
            ${blocked && html`<span class="note small">${blocked}</span>`}
          </div>`}
  </section>`;
}

/** The parameters that are turned away from where they stood. @param {Record<DialName, number>} first @param {Record<DialName, number>} now */
function changedOf(first, now) {
  /** @type {Record<string, number | null>} */
  const params = {};
  for (const name of /** @type {DialName[]} */ (Object.keys(first))) {
    if (first[name] === now[name]) continue;
    params[name] = name === "swing" ? (now.swing > 0 ? swingRatio(now.swing) : null) : now[name];
  }
  return params;
}

/** Turns one after the other: while one is worked on only the last that was asked for waits. */
class Line {
  /** @param {Take} take @param {(notes: readonly Note[] | null) => void} onPreview */
  constructor(take, onPreview) {
    this.take = take;
    this.onPreview = onPreview;
    /** @type {Record<string, unknown> | null} */
    this.next = null;
    this.isBusy = false;
    this.isAway = false;
  }

  /** @param {Record<string, unknown>} params */
  turn(params) {
    this.isAway = false;
    this.next = params;
    if (!this.isBusy) void this.#work();
  }

  async #work() {
    this.isBusy = true;
    try {
      while (this.next) {
        const params = this.next;
        this.next = null;
        const outcome = await this.#ask(params, false);
        const made = outcome && this.#mine(outcome);
        if (made && !this.isAway) this.onPreview(beginEdit(/** @type {any} */ (made.notes ?? [])).notes);
      }
    } finally {
      this.isBusy = false;
    }
  }

  /** @param {Record<string, unknown>} params */
  async keep(params) {
    this.next = null;
    const outcome = await this.#ask(params, true);
    if (!outcome) return;
    keepTakes(outcome.takes ?? []);
    sentence.value = outcome.sentence;
    this.onPreview(null);
    const made = this.#mine(outcome);
    if (made) go("take", made.id);
  }

  leave() {
    this.next = null;
    this.isAway = true;
    this.onPreview(null);
  }

  /** Of a song's takes the one of the same part and name. @param {Outcome} outcome */
  #mine({ takes = [] }) {
    const { clip, part, name } = this.take;
    return takes.find((made) => made.clip === clip) ?? takes.find((made) => made.part === part && made.name === name) ?? takes[0];
  }

  /** @param {Record<string, unknown>} params @param {boolean} final @returns {Promise<Outcome | null>} */
  async #ask(params, final) {
    try {
      return await ask("turn", { take: this.take.id, params, final });
    } catch (error) {
      if (!(error instanceof RooError && error.code === "superseded")) showError(error);
      return null;
    }
  }
}
