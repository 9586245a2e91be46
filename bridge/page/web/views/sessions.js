/** Sessions: open one, make one, rename, close, delete and share them. */

/** @import { SessionState } from "../../types/api.js" */
import { ago, counted } from "../core/words.js";
import { makeSession, openFirst } from "../open.js";
import { Button, Choice, Menu } from "../parts/controls.js";
import { Dialog } from "../parts/dialog.js";
import { MODES, ROOTS } from "../press_bar.js";
import { go } from "../route.js";
import { openSession, rest, session, showError, toast } from "../store.js";
import { html, signal, useEffect, useState } from "../vendor/preact.js";
import { Share } from "./sessions/share.js";

const METERS = ["4/4", "3/4", "6/8", "12/8", "5/4", "7/8", "2/4"];
const sessions = signal(/** @type {readonly SessionState[] | null} */ (null));
/** The cursor of the next page, or null. */
const next = signal(/** @type {string | null} */ (null));
/** Who you are, and the names of all users where they may be read. */
const me = signal("");
const users = signal(/** @type {readonly string[]} */ ([]));

export default function SessionsView() {
  useEffect(() => {
    void read().catch(showError);
    void readPeople().catch(showError);
  }, []);
  const [isMaking, setMaking] = useState(false);
  const [deleted, setDeleted] = useState(/** @type {SessionState | null} */ (null));
  const all = sessions.value;
  const open = all?.filter(({ closed }) => closed == null) ?? [];
  const closed = all?.filter(({ closed }) => closed != null) ?? [];
  return html`<div class="view sessions-view" aria-busy=${!all}>
    <div class="row apart"><h1>Sessions</h1><${Button} kind="main" onPress=${() => setMaking(true)}>New session<//></div>
    ${all && html`<${List} title="Open" items=${open} onDelete=${setDeleted} />`}
    ${closed.length > 0 && html`<${List} title="Closed" items=${closed} onDelete=${setDeleted} />`}
    ${next.value && html`<div class="row"><${Button} onPress=${more}>Older sessions<//></div>`}
    ${isMaking && html`<${NewSession} onClose=${() => setMaking(false)} />`}
    ${deleted && html`<${Delete} deleted=${deleted} onClose=${() => setDeleted(null)} />`}
  </div>`;
}

async function read() {
  const page = await rest.value.get("/sessions?limit=50");
  sessions.value = page.items;
  next.value = page.next ?? null;
}

async function more() {
  try {
    const page = await rest.value.get(`/sessions?limit=50&after=${encodeURIComponent(next.value ?? "")}`);
    sessions.value = [...(sessions.value ?? []), ...page.items];
    next.value = page.next ?? null;
  } catch (error) {
    showError(error);
  }
}

async function readPeople() {
  const you = await rest.value.get("/me");
  me.value = you.name;
  if (!you.scopes.includes("admin")) return;
  users.value = (await rest.value.get("/users?limit=200")).items.map((/** @type {{ name: string }} */ user) => user.name);
}

/**
 * Does something with the sessions, and reads them again.
 * @param {() => Promise<unknown>} work
 */
async function change(work) {
  try {
    await work();
  } catch (error) {
    showError(error);
  }
  await read().catch(showError);
}

/** @param {{ title: string, items: readonly SessionState[], onDelete: (deleted: SessionState) => void }} props */
const List = ({ title, items, onDelete }) => html`<section class="stack" aria-label=${title}>
  <h2>${title}</h2>
  ${items.length ? html`<ul class="session-list">${items.map((each) => html`<${Row} key=${each.id} state=${each} onDelete=${onDelete} />`)}</ul>` : html`<p class="note">None.</p>`}
</section>`;

/** @param {{ state: SessionState, onDelete: (deleted: SessionState) => void }} props */
function Row({ state, onDelete }) {
  const [isRenaming, setRenaming] = useState(false);
  const [isSharing, setSharing] = useState(false);
  const isHere = session.value?.id === state.id;
  const isClosed = state.closed != null;
  // Where users cannot be listed, there are others: only the computer's own user is alone.
  const canShare = users.value.length !== 1 && !isClosed;
  const open = () =>
    change(async () => {
      openSession(isClosed ? await rest.value.post(`/sessions/${state.id}/resume`) : state);
      go("set");
    });
  const rename = (/** @type {string} */ name) =>
    change(async () => {
      setRenaming(false);
      if (!name.trim() || name.trim() === state.name) return;
      const renamed = await rest.value.patch(`/sessions/${state.id}`, { name: name.trim() });
      if (isHere) session.value = { .../** @type {SessionState} */ (session.value), name: renamed.name };
    });
  const close = () =>
    change(async () => {
      await rest.value.post(`/sessions/${state.id}/close`);
      toast(`${state.name || "The session"} is closed: it stays here, and can be opened again.`);
      if (isHere) await openFirst();
    });
  const about = [state.set === "live" ? "Live's set" : "a set of its own", counted(state.takes, "take"), `changed ${ago(state.changed)}`, state.people.length ? `${state.people.join(", ")} in it` : ""].filter(Boolean);
  return html`<li class=${`panel ${isHere ? "here" : ""}`}>
    <div class="row apart">
      ${isRenaming
        ? html`<${Rename} name=${state.name} onDone=${rename} onCancel=${() => setRenaming(false)} />`
        : html`<div class="named"><strong dir="auto">${state.name || "Without a name"}</strong><span class="note small" dir="auto">${isHere ? "Open here · " : ""}${about.join(" · ")}</span></div>`}
      <div class="row">
        ${!isHere && html`<${Button} onPress=${open}>Open<//>`}
        ${canShare && html`<${Button} kind="quiet" pressed=${isSharing} onPress=${() => setSharing(!isSharing)}>Share<//>`}
        <${Button} kind="quiet" onPress=${() => setRenaming(true)}>Rename<//>
        ${!isClosed && html`<${Button} kind="quiet" onPress=${close}>Close<//>`}
        <${Button} kind="quiet" onPress=${() => onDelete(state)}>Delete<//>
      </div>
    </div>
    ${isSharing && html`<${Share} session=${state.id} me=${me.value} users=${users.value} />`}
  </li>`;
}

/** @param {{ name: string, onDone: (name: string) => void, onCancel: () => void }} props */
function Rename({ name, onDone, onCancel }) {
  const [typed, setTyped] = useState(name);
  return html`<form
    class="row rename"
    onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      onDone(typed);
    }}
  >
    <input class="text-input" aria-label="Name" autofocus maxlength="120" dir="auto" value=${typed} ref=${(/** @type {HTMLInputElement | null} */ input) => document.activeElement !== input && input?.focus()}
      onInput=${(/** @type {Event} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.currentTarget).value)}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && onCancel()} />
    <${Button} kind="main" onPress=${() => onDone(typed)}>Rename<//>
    <${Button} kind="quiet" onPress=${onCancel}>Cancel<//>
  </form>`;
}

/** @param {{ onClose: () => void }} props */
function NewSession({ onClose }) {
  const [kind, setKind] = useState("own");
  const [name, setName] = useState("");
  const [bpm, setBpm] = useState("120");
  const [meter, setMeter] = useState("4/4");
  const [root, setRoot] = useState("");
  const [mode, setMode] = useState("minor");
  const tempo = Number(bpm);
  const why = kind === "own" && !(tempo >= 20 && tempo <= 999) ? "The tempo is 20 to 999 BPM." : "";
  const make = async () => {
    if (why) return;
    try {
      const own = { bpm: tempo, time_signature: meter, key: root ? `${root} ${mode}` : "" };
      openSession(await makeSession(kind === "live" ? "live" : "own", { ...(name.trim() ? { name: name.trim() } : {}), ...(kind === "own" ? own : {}) }));
      onClose();
      go("set");
    } catch (error) {
      showError(error);
    }
  };
  const text = (/** @type {(value: string) => void} */ change) => (/** @type {Event} */ event) => change(/** @type {HTMLInputElement} */ (event.currentTarget).value);
  return html`<${Dialog} title="New session" onClose=${onClose}>
    <form
      class="stack"
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        void make();
      }}
    >
      <${Choice} label="Set" value=${kind} options=${[["own", "A set of its own"], ["live", "Live's set"]]} onChange=${setKind} />
      <p class="note">${kind === "own" ? "A small set that the server keeps: it needs no Live, and can be exported." : "The set that is open in Live now: what is made here is written there."}</p>
      <label class="field"><span>Name</span><input value=${name} maxlength="120" placeholder="Night drive" dir="auto" onInput=${text(setName)} /></label>
      ${kind === "own" &&
      html`<div class="three">
        <label class="field"><span>Tempo, BPM</span><input value=${bpm} inputmode="decimal" onInput=${text(setBpm)} aria-invalid=${Boolean(why)} /></label>
        <${Menu} label="Meter" value=${meter} options=${METERS.map((each) => [each, each])} onChange=${setMeter} />
        <${Menu} label="Key" value=${root} options=${[["", "None"], ...ROOTS.map((each) => [each, each])]} onChange=${setRoot} />
        ${root && html`<${Menu} label="Mode" value=${mode} options=${MODES.map((each) => [each, each])} onChange=${setMode} />`}
      </div>`}
      ${why && html`<p role="alert">${why}</p>`}
      <div class="row"><${Button} kind="main" why=${why} onPress=${make}>Make it<//></div>
    </form>
  <//>`;
}

/** @param {{ deleted: SessionState, onClose: () => void }} props */
function Delete({ deleted, onClose }) {
  const remove = async () => {
    await change(async () => {
      await rest.value.delete(`/sessions/${deleted.id}`);
      if (session.value?.id === deleted.id) await openFirst();
    });
    onClose();
  };
  return html`<${Dialog} title="Delete this session?" onClose=${onClose}>
    <p dir="auto">${deleted.name || "The session"} goes with its set, its ${counted(deleted.takes, "take")}, its jobs and its files.${deleted.set === "live" ? " What is in Live stays there." : ""} That cannot be undone.</p>
    <div class="row"><${Button} kind="main" onPress=${remove}>Delete<//><${Button} onPress=${onClose}>Keep it<//></div>
  <//>`;
}
