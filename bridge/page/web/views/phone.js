/** Phone: opens this page on the network when it is asked for, and shows who was admitted. */

import { sentenceOf } from "../api/errors.js";
import { qrPath } from "../core/qr.js";
import { ago } from "../core/words.js";
import { Button } from "../parts/controls.js";
import { rest, showError, toast } from "../store.js";
import { html, signal, useEffect } from "../vendor/preact.js";

/** @typedef {{ id: string, name: string, made: number, used?: number | null, expires?: number | null, revoked?: number | null }} Device a token */
/** @typedef {{ open: boolean, url: string, warning: string, link: string, expires?: number | null, qr: readonly string[] }} Lan */

/** What tokens of devices are called that came in by a code. */
const DEVICE = "phone";
/** null until it is known. */
const lan = signal(/** @type {Lan | null} */ (null));
const devices = signal(/** @type {readonly Device[]} */ ([]));
/** Why this cannot be done here. */
const trouble = signal("");

/** Whether the page runs on the machine itself. */
const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
export default function PhoneView() {
  useEffect(() => {
    if (!isHere) return;
    void read();
    const timer = setInterval(() => lan.value?.open && void readDevices().catch(showError), 5000);
    return () => clearInterval(timer);
  }, []);
  return html`<div class="view phone-view">
    <h1>Open on a phone</h1>
    <p class="lead">The page also runs on a phone or a tablet beside your guitar, in the same network. Open it there by the code; what you press on it happens in this session.</p>
    ${!isHere ? html`<${Elsewhere} />` : trouble.value ? html`<section class="panel stack"><p role="alert">${trouble.value}</p><div class="row"><${Button} onPress=${read}>Try again<//></div></section>` : lan.value?.open ? html`<${Open} state=${lan.value} />` : html`<${Shut} />`}
    ${isHere && devices.value.length > 0 && html`<${Devices} />`}
  </div>`;
}

const Elsewhere = () => html`<section class="panel stack">
  <h2>This is done at the computer</h2>
  <p>You opened this page from another machine already. To admit one more phone, or to close the page to the network, open it on the computer itself (<code>musearoo page</code>).</p>
</section>`;

async function read() {
  trouble.value = "";
  try {
    const state = await rest.value.get("/lan");
    // A code that was made here stays shown: the server tells it once.
    lan.value = state.open && lan.value?.url === state.url ? lan.value : state;
    await readDevices();
  } catch (error) {
    trouble.value = sentenceOf(error);
  }
}

async function readDevices() {
  const { items } = await rest.value.get("/tokens?limit=100");
  const now = Date.now() / 1000;
  devices.value = items.filter((/** @type {Device} */ token) => token.revoked == null && (token.expires == null || token.expires > now) && token.name === DEVICE);
  // Its code works once: it is not shown to the next one.
  const used = devices.value.some(({ made }) => made > madeAt);
  if (used && lan.value?.link) lan.value = { ...lan.value, link: "", qr: [] };
}

/** When the code that is shown was made, in Unix seconds by the server's clock. */
let madeAt = Infinity

async function open() {
  try {
    lan.value = await rest.value.post("/lan");
    madeAt = Math.max(0, ...devices.value.map(({ made }) => made));
  } catch (error) {
    showError(error);
  }
}

async function close() {
  try {
    await rest.value.delete("/lan");
    lan.value = await rest.value.get("/lan");
    toast("Closed: no other machine reaches this page, and those that were admitted are so no longer.");
    await readDevices();
  } catch (error) {
    showError(error);
  }
}

const Shut = () => html`<section class="panel stack" aria-busy=${lan.value === null}>
  <h2>Only this computer reaches the page</h2>
  <p class="warning">${lan.value?.warning}</p>
  <div class="row"><${Button} kind="main" icon="phone" onPress=${open}>Open on my network<//></div>
</section>`;

/** @param {{ state: Lan }} props */
function Open({ state: { qr, link, expires, warning } }) {
  const size = qr.length;
  return html`<section class="panel code-panel">
    ${size > 0 &&
    html`<svg class="qr" viewBox=${`-4 -4 ${size + 8} ${size + 8}`} role="img" aria-label="QR code of the address" shape-rendering="crispEdges">
      <rect x="-4" y="-4" width=${size + 8} height=${size + 8} /><path d=${qrPath(qr)} />
    </svg>`}
    <div class="stack">
      <h2>Open in your network</h2>
      ${link
        ? html`<p>Point the phone's camera at the code, or enter this address there. It admits one device${expires ? `, until ${timeOf(expires)}` : ""}.</p>
            <p class="address" dir="ltr"><code>${link}</code></p>`
        : html`<p role="status">${devices.value.length ? "A device was admitted. For one more, make a new code." : "Make a code: it admits one device."}</p>`}
      <div class="row">
        ${link && isSecureContext && html`<${Button} onPress=${() => copy(link)}>Copy<//>`}
        <${Button} kind=${link ? undefined : "main"} onPress=${open}>New code<//>
        <${Button} onPress=${close}>Close to the network<//>
      </div>
      <p class="warning">${warning}</p>
      <p class="note small">Over plain http a phone gives the page no microphone and no MIDI; everything else works.</p>
    </div>
  </section>`;
}

/** @param {number} seconds Unix time */
const timeOf = (seconds) => new Date(1000 * seconds).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });

/** @param {string} link */
async function copy(link) {
  try {
    await navigator.clipboard.writeText(link);
    toast("Copied.");
  } catch (error) {
    showError(error);
  }
}

const Devices = () => html`<section class="panel stack" aria-label="Admitted">
  <h2>Admitted</h2>
  <ul class="devices">
    ${devices.value.map(
      (each) => html`<li class="row apart" key=${each.id}>
        <span class="named"><strong dir="auto">${each.name}</strong><span class="note small">admitted ${ago(each.made)}${each.used ? `, last seen ${ago(each.used)}` : ", not used yet"}</span></span>
        <${Button} kind="quiet" onPress=${() => revoke(each)}>Revoke<//>
      </li>`,
    )}
  </ul>
</section>`;

/** @param {Device} device */
async function revoke(device) {
  try {
    await rest.value.delete(`/tokens/${encodeURIComponent(device.id)}`);
    toast(`${device.name} is not admitted any more.`);
  } catch (error) {
    showError(error);
  }
  await readDevices().catch(showError);
}
