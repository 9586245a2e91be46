/** With whom a session is shared, and in which role. */

import { Button, Menu } from "../../parts/controls.js";
import { rest, showError } from "../../store.js";
import { html, useEffect, useState } from "../../vendor/preact.js";

/** @typedef {{ name: string, role: "owner" | "editor" | "listener" }} Member */

const ROLES = /** @type {const} */ ([["editor", "Makes music"], ["listener", "Sees and hears"]]);
const WORDS = { owner: "Owner", editor: "Makes music", listener: "Sees and hears" };

/** @param {{ session: string, me: string, users: readonly string[] }} props `users`: the names that are known; empty where they cannot be read */
export function Share({ session, me, users }) {
  const [members, setMembers] = useState(/** @type {readonly Member[]} */ ([]));
  const [name, setName] = useState("");
  const [role, setRole] = useState("editor");
  const path = `/sessions/${session}/members`;
  const read = async () => setMembers((await rest.value.get(path)).items);
  useEffect(() => void read().catch(showError), [session]);
  const change = async (/** @type {string} */ whose, /** @type {string | null} */ next) => {
    try {
      const place = `${path}/${encodeURIComponent(whose)}`;
      await (next ? rest.value.put(place, { role: next }) : rest.value.delete(place));
      setName("");
    } catch (error) {
      showError(error);
    }
    await read().catch(showError);
  };
  const isMine = members.some((member) => member.name === me && member.role === "owner");
  const others = users.filter((user) => !members.some((member) => member.name === user));
  return html`<div class="stack share">
    <h3>Shared with</h3>
    <ul class="stack">
      ${members.map(
        (member) => html`<li class="row apart" key=${member.name}>
          <span dir="auto" class="name">${member.name}${member.name === me ? " (you)" : ""}</span>
          ${member.role === "owner" || !isMine
            ? html`<span class="note">${WORDS[member.role]}</span>`
            : html`<div class="row">
                <${Menu} label=${`Role of ${member.name}`} value=${member.role} options=${ROLES} onChange=${(/** @type {string} */ next) => change(member.name, next)} />
                <${Button} kind="quiet" icon="close" label=${`Take ${member.name} out`} onPress=${() => change(member.name, null)} />
              </div>`}
        </li>`,
      )}
    </ul>
    ${isMine &&
    html`<div class="row end">
      ${users.length
        ? html`<${Menu} label="User" value=${name} options=${[["", others.length ? "Choose a user" : "All users are in it"], ...others.map((each) => [each, each])]} onChange=${setName} />`
        : html`<label class="field"><span>User</span><input value=${name} maxlength="64" autocomplete="off" dir="auto" onInput=${(/** @type {Event} */ event) => setName(/** @type {HTMLInputElement} */ (event.currentTarget).value)} /></label>`}
      <${Menu} label="Role" value=${role} options=${ROLES} onChange=${setRole} />
      <${Button} why=${name.trim() ? "" : "Choose a user first."} onPress=${() => change(name.trim(), role)}>Share<//>
    </div>`}
  </div>`;
}
