/** Starts the page: signs in, opens a session, shows the shell. */

import { sentenceOf } from "./api/errors.js";
import { forgetToken, keepToken, openFirst, signIn } from "./open.js";
import { Shell } from "./shell.js";
import { html, render, signal } from "./vendor/preact.js";

/** null while it opens, "" once it is open, or why it cannot be. */
const trouble = signal(/** @type {string | null} */ (null));
const isStranger = signal(false);

async function start() {
  try {
    await signIn();
    await openFirst();
    trouble.value = "";
  } catch (error) {
    const isUnknown = error instanceof Error && "code" in error && ["unauthorized", "bad_code"].includes(String(error.code));
    if (isUnknown) forgetToken();
    isStranger.value = isUnknown;
    trouble.value = sentenceOf(error);
  }
}

/** Another start after a moment, without losing the address. */
function again() {
  trouble.value = null;
  void start();
}

function Gate() {
  const onSubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const typed = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("token");
    keepToken(String(typed ?? "").trim());
    again();
  };
  return html`<main class="gate">
    <h1>MuseAroo</h1>
    <p role="alert">${trouble.value}</p>
    ${isStranger.value
      ? html`<p class="note">In a terminal, run <code>musearoo page</code>: it opens this page for you. Or enter a token that <code>musearoo tokens add</code> has made.</p>
          <form onSubmit=${onSubmit}>
            <label class="field"><span>Token</span><input name="token" type="password" autocomplete="off" required /></label>
            <button class="button main">Open</button>
          </form>`
      : html`<button type="button" class="button main" onClick=${again}>Try again</button>`}
  </main>`;
}

function App() {
  if (trouble.value === null) return html`<main class="gate" aria-busy="true"></main>`;
  return trouble.value ? html`<${Gate} />` : html`<${Shell} />`;
}

const page = document.getElementById("page");
if (page) render(html`<${App} />`, page);
void start();
