/** A dialog above the page, and the sentences that come and go. */

import { dropToast, toasts } from "../store.js";
import { html, useEffect, useId, useRef } from "../vendor/preact.js";
import { Button } from "./controls.js";

/** @import { ComponentChildren } from "../vendor/preact.js" */

/**
 * The browser's own dialog: it keeps the focus, and Escape closes it.
 * @param {{ title: string, onClose: () => void, children: ComponentChildren }} props
 */
export function Dialog({ title, onClose, children }) {
  const id = useId();
  const frame = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => frame.current?.showModal(), []);
  return html`<dialog ref=${frame} aria-labelledby=${id} onClose=${onClose}>
    <div class="stack">
      <div class="row apart">
        <h2 id=${id}>${title}</h2>
        <${Button} icon="close" label="Close" kind="quiet" onPress=${() => frame.current?.close()} />
      </div>
      ${children}
    </div>
  </dialog>`;
}

export const Toasts = () => html`<div class="toasts" role="status">
  ${toasts.value.map(
    ({ id, text, action }) => html`<div class="toast" key=${id}>
      <p>${text}</p>
      ${action &&
      html`<${Button}
        kind="quiet"
        onPress=${() => {
          action.run();
          dropToast(id);
        }}
        >${action.label}<//
      >`}
      <${Button} icon="close" label="Dismiss" kind="quiet" onPress=${() => dropToast(id)} />
    </div>`,
  )}
</div>`;
