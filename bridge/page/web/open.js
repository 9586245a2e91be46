/** The way in: a one-time link or a kept token, then the session. */

/** @import { SessionState } from "../types/api.js" */
import { Rest } from "./api/rest.js";
import { RooError } from "./api/errors.js";
import { openSession, rest } from "./store.js";

const TOKEN = "musearoo.token";
const SESSION = "musearoo.session";

/** @param {string} name */
function kept(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} token */
export function keepToken(token) {
  rest.value = new Rest(token);
  try {
    localStorage.setItem(TOKEN, token);
  } catch {
    // Then the page asks for a link again when it is loaded anew.
  }
}

export function forgetToken() {
  rest.value = new Rest("");
  try {
    localStorage.removeItem(TOKEN);
  } catch {
    // Nothing was kept.
  }
}

/** The code of a one-time link, taken out of the address at once, so that it stays in no history; the place stays. */
function takeCode() {
  const words = new URLSearchParams(location.hash.slice(1));
  const code = words.get("open");
  if (code) location.replace(`#/${words.get("at") ?? "set"}`);
  return code;
}

/**
 * Signs in. Throws RooError with the code "unauthorized" where a link is needed.
 * @returns {Promise<void>}
 */
export async function signIn() {
  const code = takeCode();
  if (code) keepToken((await new Rest("").post("/links/open", { code })).token);
  else rest.value = new Rest(kept(TOKEN));
  if (!rest.value.token) throw new RooError("Open this page by the link that “musearoo page” prints.", "unauthorized");
}

/**
 * The sessions that are open, newest first.
 * @returns {Promise<SessionState[]>}
 */
export async function listSessions() {
  const { items } = await rest.value.get("/sessions?limit=100");
  return items.filter((/** @type {SessionState} */ each) => each.closed == null);
}

/** Opens the session of the last time, or that of Live's set, or the newest; makes one where there is none. */
export async function openFirst() {
  const sessions = await listSessions();
  const last = kept(SESSION);
  const found = sessions.find(({ id }) => id === last) ?? sessions.find((each) => each.set === "live");
  openSession(found ?? (await makeLive()) ?? sessions[0] ?? (await makeSession("own")));
}

/** Makes a session with Live's set; null where no Live is there, or several are. */
async function makeLive() {
  try {
    return await makeSession("live");
  } catch (error) {
    if (error instanceof RooError && error.code !== "unauthorized") return null;
    throw error;
  }
}

/**
 * Makes a session: with Live's set, or with a small set of its own.
 * @param {"own" | "live"} kind
 * @param {Record<string, unknown>} [more]
 * @returns {Promise<SessionState>}
 */
export function makeSession(kind, more = {}) {
  const name = kind === "live" ? "Live" : `Page, ${new Date().toLocaleDateString(undefined, { day: "numeric", month: "short" })}`;
  return rest.value.post("/sessions", { name, set: kind, ...more });
}
