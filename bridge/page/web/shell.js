/** The frame: what is heard and asked above, the places beside, the player below. */

import { positionWords } from "./core/music.js";
import { rounded } from "./core/words.js";
import { hasMetronome, isSounding, muted, piece, soloed, sound, stopListening, toggle, toggleMetronome, toggleMute, toggleSolo } from "./listen.js";
import { Button } from "./parts/controls.js";
import { Toasts } from "./parts/dialog.js";
import { Icon } from "./parts/icons.js";
import { redo, undo } from "./press_bar.js";
import { hrefOf, route } from "./route.js";
import { beatNow, canMake, connection, jobs, live, people, request, sentence, session, set, transport, underWay } from "./store.js";
import { html, signal, useEffect, useState } from "./vendor/preact.js";

/** Places, their icons and names; each is a module of views/, loaded when it is gone to. */
const PLACES = /** @type {const} */ ([
  ["set", "set", "Set"],
  ["song", "song", "Song"],
  ["split", "split", "Split"],
  ["imagine", "imagine", "Imagine"],
  ["along", "jam", "Play along"],
  ["ambient", "ambient", "Ambient"],
  ["history", "history", "History"],
  ["copilot", "copilot", "Copilot"],
  ["health", "health", "Health"],
]);

/** @type {Record<string, () => Promise<{ default: unknown }>>} */
const VIEWS = {
  set: () => import("./views/set.js"),
  take: () => import("./views/take.js"),
  clip: () => import("./views/take.js"),
  song: () => import("./views/song.js"),
  split: () => import("./views/split.js"),
  imagine: () => import("./views/imagine.js"),
  along: () => import("./views/along.js"),
  ambient: () => import("./views/ambient.js"),
  history: () => import("./views/history.js"),
  copilot: () => import("./views/copilot.js"),
  health: () => import("./views/health.js"),
  sessions: () => import("./views/sessions.js"),
  phone: () => import("./views/phone.js"),
};

/** The views that are here, by place. */
const loaded = signal(/** @type {Record<string, any>} */ ({}));

/** @param {string} place */
async function load(place) {
  const found = VIEWS[place] ?? VIEWS["set"];
  if (!found || loaded.value[place]) return;
  const { default: view } = await found();
  loaded.value = { ...loaded.value, [place]: view };
}

export function Shell() {
  const { place, rest } = route.value;
  useEffect(() => void load(place), [place]);
  useEffect(() => {
    document.title = `${PLACES.find(([each]) => each === place)?.[2] ?? "MuseAroo"} · ${session.value?.name || "MuseAroo"}`;
  }, [place, session.value?.name]);
  useEffect(() => {
    addEventListener("keydown", onShortcut);
    return () => removeEventListener("keydown", onShortcut);
  }, []);
  const View = loaded.value[place];
  return html`<div class="shell">
    <${Header} />
    <nav class="places" aria-label="Places">
      ${PLACES.map(([each, icon, words]) => {
        const count = each === "split" || each === "imagine" ? running(each) : 0;
        return html`<a key=${each} href=${hrefOf(each)} aria-current=${each === place ? "page" : undefined} aria-label=${count ? `${words}, ${count} at work` : words} title=${words}>
          <${Icon} name=${icon} /><span class="word">${words}</span>${count > 0 && html`<span class="count">${count}</span>`}
        </a>`;
      })}
    </nav>
    <main class="stage" id="main" tabindex="0">${View ? html`<${View} key=${rest.join("/")} rest=${rest} />` : html`<div class="view" aria-busy="true"></div>`}</main>
    <${Player} />
    <${Toasts} />
  </div>`;
}

/** @param {string} kind */
const running = (kind) => [...jobs.value.values()].filter((job) => job.kind === kind && (job.state === "running" || job.state === "waiting")).length;

function Header() {
  const song = set.value.song;
  const state = connection.value;
  const why = canMake.value ? "" : "Nothing can be changed here now.";
  const words = {
    waiting: "Connecting …",
    lost: sentence.value || "The server is away. The page connects again by itself.",
    here: underWay.value ? sentence.value || "At work …" : live.value.sentence || sentence.value || "Ready",
  }[state];
  return html`<header class="header">
    <a class="brand" href=${hrefOf("sessions")} aria-label=${`MuseAroo: ${session.value?.name ?? ""}, change the session`} title="Sessions">
      <img src="/page/icon.svg" width="28" height="28" alt="" /><span class="word" dir="auto">${session.value?.name || "MuseAroo"}</span>
    </a>
    <div class="screen">
      <span class="lamp" data-state=${state === "here" && underWay.value ? "waiting" : state}></span>
      <span class="sentence" role="status" dir="auto" title=${words}>${words}</span>
      ${song &&
      html`<span class="facts-line">
        <${Position} /><span>${rounded(song.bpm)} BPM</span><span class="extra">${song.time_signature}</span><span class="extra">${song.key || "no key"}</span>
        ${people.value.length > 1 && html`<span class="extra" title=${people.value.join(", ")}>${people.value.length} people</span>`}
      </span>`}
    </div>
    ${session.value?.set === "live" && html`<${Transport} why=${why} />`}
    <${Button} icon="undo" label="Undo" keys="Control+Z Meta+Z" why=${why} onPress=${undo} />
    <${Button} icon="redo" label="Redo" keys="Control+Shift+Z Meta+Shift+Z" why=${why || (session.value?.set === "live" ? "Redo in Live itself." : "")} onPress=${redo} />
    <a class="button icon" href=${hrefOf("phone")} aria-label="Open on a phone" title="Open on a phone"><${Icon} name="phone" /></a>
  </header>`;
}

/** Where Live's song is, by the beat; nothing in a set without Live. */
function Position() {
  const told = transport.value;
  const [, tick] = useState(0);
  useEffect(() => {
    if (!told?.playing) return;
    const timer = setInterval(() => tick((count) => count + 1), 60_000 / told.bpm / 2);
    return () => clearInterval(timer);
  }, [told]);
  if (!told) return null;
  const [bar, beat] = positionWords(beatNow(told), set.value.song?.time_signature ?? "4/4").split(".");
  return html`<span class="extra" aria-hidden="true">${told.playing ? "▶ " : ""}${bar}.${beat}</span>`;
}

/**
 * Live's own Play and Stop.
 * @param {{ why: string }} props
 */
function Transport({ why }) {
  const isPlaying = transport.value?.playing ?? set.value.song?.is_playing ?? false;
  return html`<${Button}
    icon=${isPlaying ? "stop" : "play"}
    label=${isPlaying ? "Stop Live" : "Play Live"}
    why=${why}
    onPress=${() => request({ do: "act", intent: isPlaying ? "stop" : "play" })}
  />`;
}

/** What sounds: its parts with mute and solo, while something does. */
function Player() {
  const playing = piece.value;
  if (!playing) return null;
  const { status, latencyMs, underruns } = sound.value;
  const state = {
    idle: "",
    starting: "Starting …",
    waiting: "Waiting for sound …",
    interrupted: "Interrupted: press to go on",
    failed: sound.value.sentence,
    playing: `${Math.round(latencyMs)} ms latency${underruns ? ` · ${underruns} gaps` : ""}`,
  }[status];
  return html`<section class="player" aria-label="Player">
    <${Button}
      icon=${isSounding.value ? "stop" : "play"}
      label=${isSounding.value ? "Stop" : "Play"}
      kind="main"
      keys="Space"
      onPress=${() => void (isSounding.value ? stopListening() : toggle(playing))}
    />
    <div class="what"><strong dir="auto">${playing.title}</strong><span class="note small">${state}</span></div>
    ${playing.parts.length > 1 &&
    html`<ul class="row parts">
      ${playing.parts.map(
        ({ id, name }) => html`<li class="row" key=${id}>
          <span dir="auto">${name}</span>
          <${Button} label=${`Mute ${name}`} icon="mute" kind="quiet" pressed=${muted.value.has(id)} onPress=${() => toggleMute(id)} />
          <${Button} label=${`Solo ${name}`} kind="quiet" pressed=${soloed.value.has(id)} onPress=${() => toggleSolo(id)}>S<//>
        </li>`,
      )}
    </ul>`}
    ${!playing.parts[0]?.endless && html`<${Button} icon="metronome" label="Metronome" kind="quiet" pressed=${hasMetronome.value} onPress=${toggleMetronome} />`}
  </section>`;
}

/** @param {KeyboardEvent} event */
function onShortcut(event) {
  const isTyping = event.target instanceof HTMLElement && event.target.closest("input:not([type=range]), textarea, select, [contenteditable]");
  if (isTyping || event.defaultPrevented) return;
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "z") {
    void (event.shiftKey ? redo() : undo());
    event.preventDefault();
  } else if (event.key === "Escape" && piece.value) stopListening();
}
