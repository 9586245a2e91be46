/** The copilot: RooAroo is written to or spoken to, and answers with what it understood and made. */

/** @import { Take } from "../../types/api.js" */
/** @import { Turn } from "./copilot/conversation.js" */
import { whyNoMicrophone } from "../api/microphone.js";
import { lengthWords, notesWords, partColor, partWord } from "../core/music.js";
import { EXAMPLES, intentWords, sureness } from "../core/sentences.js";
import { ago, counted } from "../core/words.js";
import { Canvas, color } from "../draw/canvas.js";
import { drawThumbnail } from "../draw/thumbnail.js";
import { isPiece, isSounding, toggle } from "../listen.js";
import { Button } from "../parts/controls.js";
import { hrefOf } from "../route.js";
import { canMake, takes } from "../store.js";
import { html, signal, useEffect, useRef } from "../vendor/preact.js";
import { isAsked, say, sayRecorded, turns } from "./copilot/conversation.js";
import { Talk, trouble } from "./copilot/talk.js";

const draft = signal("");
/** What was sent, for the arrow keys. */
const sent = signal(/** @type {readonly string[]} */ ([]));
const WHY_NOT = "Nothing can be made here now: the session is only listened to, or the server is away.";

export default function CopilotView() {
  const line = useRef(/** @type {HTMLInputElement | null} */ (null));
  const log = useRef(/** @type {HTMLDivElement | null} */ (null));
  const count = turns.value.length;
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
    if (isAsked.value) line.current?.focus();
  }, [count]);
  return html`<div class="view copilot-view">
    <h1>Copilot</h1>
    <section class="conversation" aria-label="Conversation">
      <div ref=${log} class="log" role="log" aria-label="What was said" tabindex="0"><ol class="turns">
        ${count === 0 && html`<li class="note">Say to RooAroo what you want to hear, as you would to a player. ${whyNoMicrophone() ? "Write" : "Hold Talk and speak, write"}, or press one of the sentences.</li>`}
        ${turns.value.map((turn) => html`<${TurnView} key=${turn.id} turn=${turn} />`)}
      </ol></div>
      <${Line} line=${line} />
    </section>
    <${Examples} line=${line} />
  </div>`;
}

/** @param {{ turn: Turn }} props */
function TurnView({ turn }) {
  const { who, text, at, isSpoken, confidence, isBad, asks, notices = [], takes: made = [], done = "", job } = turn;
  const intent = intentWords(done);
  const about = [who === "you" ? "You" : "RooAroo", isSpoken && confidence !== undefined ? sureness(confidence) : "", who === "roo" ? intent : "", ago(at)].filter(Boolean);
  return html`<li class=${`turn ${who} ${isBad ? "bad" : ""} ${asks ? "asks" : ""}`}>
    <p dir="auto">${isSpoken ? `“${text}”` : text}</p>
    ${notices.map((each) => html`<p class="note" key=${each} dir="auto">${each}</p>`)}
    ${made.length > 0 && html`<ul class="made">${made.map((take) => html`<${Made} key=${take.id} take=${takes.value.get(take.id) ?? take} />`)}</ul>`}
    ${job && html`<p><a href=${hrefOf(done === "split" ? "split" : "imagine")}>See how far it is</a></p>`}
    ${asks && turn === turns.value.at(-1) && html`<div class="row"><${Button} onPress=${() => say("yes")}>Yes<//><${Button} onPress=${() => say("no")}>No<//></div>`}
    <p class="note small">${about.join(" · ")}</p>
  </li>`;
}

/** @param {{ take: Take }} props */
function Made({ take }) {
  const notes = /** @type {import("../../types/api.js").NoteRow[]} */ (/** @type {unknown} */ (take.notes ?? []));
  const piece = { title: take.name, parts: [{ id: take.id, name: take.name, take: take.id }], beats: take.length_beats, bpm: take.bpm, loop: true };
  const plays = isSounding.value && isPiece(piece);
  return html`<li class="made-row" style=${{ "--clip": partColor(take.part) }}>
    <${Canvas}
      class="face"
      height=${44}
      label=${notesWords(notes, take.part === "drums")}
      depends=${[take.id]}
      draw=${(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) => drawThumbnail(context, width, height, notes, take.length_beats, color(partColor(take.part)))}
    />
    <span class="named"><strong dir="auto">${take.name}</strong><span class="note small">${partWord(take.part)}, ${lengthWords(take.length_beats, take.time_signature)}, scene ${take.scene}</span></span>
    <${Button} icon=${plays ? "stop" : "play"} label=${`${plays ? "Stop" : "Listen to"} ${take.name}`} onPress=${() => void toggle(piece)} />
    <a class="button" href=${hrefOf("take", take.id)} aria-label=${`Open ${take.name}`}>Open</a>
  </li>`;
}

/** @param {{ line: { current: HTMLInputElement | null } }} props */
function Line({ line }) {
  const why = canMake.value ? "" : WHY_NOT;
  const send = async () => {
    const text = draft.value.trim();
    if (!text || why) return;
    draft.value = "";
    sent.value = [...sent.value.filter((each) => each !== text), text].slice(-50);
    await say(text);
    line.current?.focus();
  };
  const recall = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !sent.value.length) return;
    const at = sent.value.indexOf(draft.value);
    draft.value = sent.value[at < 0 ? (step < 0 ? sent.value.length - 1 : sent.value.length) : at + step] ?? "";
    event.preventDefault();
  };
  const noMicrophone = whyNoMicrophone();
  return html`<div class="say stack">
    ${(trouble.value || noMicrophone) && html`<p class="note small" role=${trouble.value ? "alert" : undefined}>${trouble.value || noMicrophone}</p>`}
    <form
      class="say-line"
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        void send();
      }}
    >
      <input
        ref=${line}
        class="text-input"
        aria-label=${isAsked.value ? "Your answer" : "Sentence"}
        placeholder=${isAsked.value ? "Your answer" : "give me a funk bass line"}
        maxlength="300"
        autocomplete="off"
        enterkeyhint="send"
        dir="auto"
        value=${draft.value}
        onInput=${(/** @type {Event} */ event) => (draft.value = /** @type {HTMLInputElement} */ (event.currentTarget).value)}
        onKeyDown=${recall}
      />
      <${Button} kind="main" why=${why || (draft.value.trim() ? "" : "Write a sentence first.")} onPress=${send}>Say<//>
      ${noMicrophone ? html`<${Recorder} />` : html`<${Talk} />`}
    </form>
  </div>`;
}

/** A recording from the device's own recorder, where the page gets no microphone. */
function Recorder() {
  const file = useRef(/** @type {HTMLInputElement | null} */ (null));
  const chosen = async () => {
    const sound = file.current?.files?.[0];
    if (sound) await sayRecorded(sound, sound.type);
    if (file.current) file.current.value = "";
  };
  return html`<label class="button recorder"><span>Send a recording</span>
    <input ref=${file} class="heard" type="file" accept="audio/*" capture="user" disabled=${!canMake.value} onChange=${chosen} /></label>`;
}

/** @param {{ line: { current: HTMLInputElement | null } }} props */
function Examples({ line }) {
  const why = canMake.value ? "" : WHY_NOT;
  const said = EXAMPLES.reduce((sum, [, each]) => sum + each.length, 0);
  return html`<aside class="examples" aria-label=${`${counted(said, "sentence")} to press`}>
    ${EXAMPLES.map(
      ([topic, sentences]) => html`<div class="topic" key=${topic}>
        <h2>${topic}</h2>
        <ul>
          ${sentences.map(
            (sentence) => html`<li key=${sentence}>
              <${Button}
                why=${why}
                onPress=${async () => {
                  await say(sentence);
                  line.current?.focus({ preventScroll: true });
                }}
                >${sentence}<//
              >
            </li>`,
          )}
        </ul>
      </div>`,
    )}
  </aside>`;
}
