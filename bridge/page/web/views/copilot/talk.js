/** The Talk button: held while one speaks, or pressed to begin and to end; with the level that is heard. */

import { sentenceOf } from "../../api/errors.js";
import { LONGEST_SECONDS, openMicrophone, whyNoMicrophone } from "../../api/microphone.js";
import { canMake } from "../../store.js";
import { html, signal, useEffect, useRef } from "../../vendor/preact.js";
import { Icon } from "../../parts/icons.js";
import { sayRecorded } from "./conversation.js";

/** "away", "opening" (the browser may ask), "listening", "understanding". */
const state = signal(/** @type {"away" | "opening" | "listening" | "understanding"} */ ("away"));
const level = signal(0);
/** Why Talk did not work the last time. */
export const trouble = signal("");

/** Milliseconds: a shorter press is a tap, and the next one ends it. */
const TAP = 350;

/** @type {import("../../api/microphone.js").Recording | undefined} */
let recording;
let isWanted = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let longest;

async function begin() {
  if (state.value !== "away") return;
  trouble.value = "";
  isWanted = true;
  state.value = "opening";
  try {
    const opened = await openMicrophone((heard) => (level.value = Math.max(heard, 0.85 * level.value)));
    if (!isWanted) {
      opened.cancel();
      state.value = "away";
      return;
    }
    recording = opened;
    state.value = "listening";
    longest = setTimeout(() => void end(), 1000 * LONGEST_SECONDS);
  } catch (error) {
    state.value = "away";
    trouble.value = sentenceOf(error);
  }
}

async function end() {
  clearTimeout(longest);
  const ended = recording;
  recording = undefined;
  isWanted = false;
  level.value = 0;
  if (!ended) return;
  const seconds = ended.seconds();
  const sound = ended.finish();
  if (seconds < 0.3) {
    state.value = "away";
    trouble.value = "That was too short: hold Talk while you speak, or press it, speak, and press it again.";
    return;
  }
  state.value = "understanding";
  try {
    await sayRecorded(sound, "audio/wav");
  } finally {
    state.value = "away";
  }
}

function cancel() {
  clearTimeout(longest);
  recording?.cancel();
  recording = undefined;
  isWanted = false;
  level.value = 0;
  if (state.value !== "understanding") state.value = "away";
}

const WORDS = { away: "Talk", opening: "Opening …", listening: "Listening", understanding: "Understanding …" };

export function Talk() {
  const pressed = useRef({ at: 0, isHeld: false });
  useEffect(() => cancel, []);
  const why = canMake.value ? whyNoMicrophone() : "Nothing can be made here now: the session is only listened to, or the server is away.";
  const now = state.value;
  const down = (/** @type {PointerEvent} */ event) => {
    if (why || event.button !== 0) return;
    pressed.current = { at: performance.now(), isHeld: now === "away" };
    if (now === "away") void begin();
    else if (now === "listening") void end();
  };
  const up = () => {
    const { at, isHeld } = pressed.current;
    pressed.current.isHeld = false;
    if (!isHeld || performance.now() - at < TAP) return;
    if (state.value === "listening") void end();
    else isWanted = false;
  };
  const click = (/** @type {MouseEvent} */ event) => {
    // By keyboard or screen reader alone: a pointer has done it already.
    if (why || event.detail > 0) return;
    if (now === "away") void begin();
    else if (now === "listening") void end();
  };
  return html`<button
    type="button"
    class=${`button talk ${now}`}
    aria-pressed=${now === "listening"}
    aria-busy=${now === "understanding" || now === "opening" || undefined}
    aria-disabled=${why ? "true" : undefined}
    title=${why || "Hold it while you speak, or press it, speak, and press it again"}
    onPointerDown=${down}
    onPointerUp=${up}
    onPointerCancel=${up}
    onPointerLeave=${up}
    onClick=${click}
    onContextMenu=${(/** @type {Event} */ event) => event.preventDefault()}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && cancel()}
  >
    ${now === "opening" || now === "understanding" ? html`<span class="busy" aria-hidden="true"></span>` : html`<${Icon} name="microphone" />`}
    <span>${WORDS[now]}</span>
    ${now === "listening" && html`<span class="meter" role="meter" aria-label="Level" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(100 * level.value)}><i style=${{ transform: `scaleX(${level.value})` }}></i></span>`}
  </button>`;
}
