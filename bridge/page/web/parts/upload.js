/** A file that goes to the server in pieces, and goes on where it was after a break; and the place to drop it on. */

import { RooError } from "../api/errors.js";
import { keyOf, pauseAfter, pieceEnd } from "../core/pieces.js";
import { rest } from "../store.js";
import { html, useState } from "../vendor/preact.js";
import { Icon } from "./icons.js";

const KEPT = "musearoo.uploads";
/** Faults of the file itself, which another try does not mend. */
const FINAL = new Set([400, 401, 403, 413, 415, 422, 429, 507]);

/** @returns {Record<string, string>} upload ids by file */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {string} key @param {string | null} id */
function keep(key, id) {
  const all = kept();
  delete all[key];
  if (id) all[key] = id;
  try {
    localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-20))));
  } catch {
    // Then it begins from the start when the page is loaded anew.
  }
}

/**
 * Uploads a file and returns the id of the upload. What a break has left goes on from there, also after the page was loaded anew.
 * @param {File} file
 * @param {{ onProgress: (sent: number, state: "sending" | "waiting") => void, signal: AbortSignal }} options
 * @returns {Promise<string>}
 */
export async function upload(file, { onProgress, signal }) {
  if (!file.size) throw new RooError(`“${file.name}” is empty: choose another file.`, "empty");
  const key = keyOf(file);
  let { id, offset } = await begin(file, key);
  for (let failures = 0; offset < file.size; ) {
    signal.throwIfAborted();
    onProgress(offset, failures ? "waiting" : "sending");
    try {
      await sendPiece(id, file, offset, signal);
      offset = pieceEnd(offset, file.size);
      failures = 0;
    } catch (error) {
      if (signal.aborted || !(error instanceof RooError) || FINAL.has(error.status)) throw error;
      const pause = pauseAfter(++failures);
      if (pause < 0) throw error;
      onProgress(offset, "waiting");
      await new Promise((resolve) => setTimeout(resolve, pause));
      offset = await offsetOf(id).catch(() => offset);
    }
  }
  onProgress(file.size, "sending");
  keep(key, null);
  return id;
}

/** @param {File} file @param {string} key @returns {Promise<{ id: string, offset: number }>} */
async function begin(file, key) {
  const known = kept()[key];
  if (known) {
    try {
      return { id: known, offset: await offsetOf(known) };
    } catch {
      // It was deleted meanwhile.
    }
  }
  const { id } = await rest.value.post("/uploads", { name: file.name.slice(0, 255), bytes: file.size });
  keep(key, id);
  return { id, offset: 0 };
}

/** @param {string} id @returns {Promise<number>} */
const offsetOf = async (id) => (await rest.value.get(`/uploads/${id}`)).offset;

/** @param {string} id @param {File} file @param {number} offset @param {AbortSignal} signal */
function sendPiece(id, file, offset, signal) {
  const headers = { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) };
  return rest.value.patch(`/uploads/${id}`, undefined, { raw: file.slice(offset, pieceEnd(offset, file.size)), headers, signal });
}

/**
 * Deletes what was sent of a file.
 * @param {File} file
 */
export async function dropUpload(file) {
  const key = keyOf(file);
  const id = kept()[key];
  keep(key, null);
  if (id) await rest.value.delete(`/uploads/${id}`).catch(() => undefined);
}

/**
 * Where a file is dropped, or chosen.
 * @param {{ label: string, accept: string, onFile: (file: File) => void, why?: string }} props
 */
export function FileDrop({ label, accept, onFile, why = "" }) {
  const [isOver, setOver] = useState(false);
  const over = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(!why);
  };
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file && !why) onFile(file);
  };
  const choose = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    const file = input.files?.[0];
    if (file) onFile(file);
    input.value = "";
  };
  return html`<label class=${`file-drop ${isOver ? "over" : ""}`} onDragOver=${over} onDragLeave=${() => setOver(false)} onDrop=${drop}>
    <${Icon} name="download" />
    <span>${why || label}</span>
    <input class="heard" type="file" accept=${accept} disabled=${Boolean(why)} onChange=${choose} />
  </label>`;
}
