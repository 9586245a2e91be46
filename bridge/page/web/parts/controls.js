/** Buttons, dials, fields and choices. */

import { Icon } from "./icons.js";
import { html, useId, useState } from "../vendor/preact.js";

/** @import { ComponentChildren, VNode } from "../vendor/preact.js" */

/**
 * A button. With `onPress` that returns a promise it shows that it is at work until that resolves. `why`: why it cannot
 * be pressed now; it stays reachable, so that the reason is read.
 * @param {{ children?: ComponentChildren, icon?: string, label?: string, onPress: () => unknown, kind?: "main" | "quiet", pressed?: boolean, why?: string, keys?: string }} props
 */
export function Button({ children, icon, label, onPress, kind, pressed, why, keys }) {
  const [isBusy, setBusy] = useState(false);
  const press = async () => {
    if (why || isBusy) return;
    const done = onPress();
    if (!(done instanceof Promise)) return;
    setBusy(true);
    try {
      await done;
    } finally {
      setBusy(false);
    }
  };
  const classes = ["button", kind, icon && !children ? "icon" : ""].filter(Boolean).join(" ");
  return html`<button
    type="button"
    class=${classes}
    aria-label=${label}
    aria-pressed=${pressed}
    aria-disabled=${why ? "true" : undefined}
    aria-busy=${isBusy || undefined}
    aria-keyshortcuts=${keys}
    title=${why || (icon && !children ? label : undefined)}
    onClick=${press}
  >
    ${isBusy ? html`<span class="busy" aria-hidden="true"></span>` : icon && html`<${Icon} name=${icon} />`}
    ${children}
  </button>`;
}

/**
 * A dial: a range with its name and its value in words.
 * @param {{ label: string, value: number, onChange: (value: number) => void, onTurn?: (value: number) => void, low?: number, high?: number, step?: number, words?: (value: number) => string }} props
 * `onTurn` comes with each movement, `onChange` when it has come to rest
 */
export function Dial({ label, value, onChange, onTurn, low = 0, high = 1, step = 0.01, words = percent }) {
  const [turned, setTurned] = useState(/** @type {number | null} */ (null));
  const id = useId();
  const shown = turned ?? value;
  const read = (/** @type {Event} */ event) => Number(/** @type {HTMLInputElement} */ (event.currentTarget).value);
  return html`<div class="dial">
    <span><label for=${id}>${label}</label><output for=${id}>${words(shown)}</output></span>
    <input
      id=${id}
      type="range"
      min=${low}
      max=${high}
      step=${step}
      value=${shown}
      aria-valuetext=${words(shown)}
      style=${{ "--part": `${(100 * (shown - low)) / (high - low)}%` }}
      onInput=${(/** @type {Event} */ event) => {
        setTurned(read(event));
        onTurn?.(read(event));
      }}
      onChange=${(/** @type {Event} */ event) => {
        setTurned(null);
        onChange(read(event));
      }}
    />
  </div>`;
}

/** @param {number} value */
export const percent = (value) => `${Math.round(100 * value)} %`;

/**
 * A field with its name above it.
 * @param {{ label: string, children: VNode }} props
 */
export const Field = ({ label, children }) => html`<label class="field"><span>${label}</span>${children}</label>`;

/**
 * A menu. `options` are values with words.
 * @param {{ label: string, value: string, options: readonly (readonly [string, string])[], onChange: (value: string) => void }} props
 */
export const Menu = ({ label, value, options, onChange }) => html`<${Field} label=${label}>
  <select value=${value} onChange=${(/** @type {Event} */ event) => onChange(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
    ${options.map(([each, words]) => html`<option value=${each} selected=${each === value}>${words}</option>`)}
  </select>
<//>`;

/**
 * One of a few, side by side.
 * @param {{ label: string, value: string, options: readonly (readonly [string, string])[], onChange: (value: string) => void }} props
 */
export const Choice = ({ label, value, options, onChange }) => html`<div class="choice" role="group" aria-label=${label}>
  ${options.map(
    ([each, words]) => html`<${Button} key=${each} pressed=${each === value} onPress=${() => onChange(each)}>${words}<//>`,
  )}
</div>`;

/** @param {{ fraction: number, label: string }} props */
export const Progress = ({ fraction, label }) => html`<div
  class="progress"
  role="progressbar"
  aria-label=${label}
  aria-valuemin="0"
  aria-valuemax="100"
  aria-valuenow=${Math.round(100 * fraction)}
>
  <div style=${{ transform: `scaleX(${fraction})` }}></div>
</div>`;

/**
 * What stands where there is nothing yet: a sentence, and what to press.
 * @param {{ title: string, children?: ComponentChildren, action?: VNode }} props
 */
export const Empty = ({ title, children, action }) => html`<div class="empty">
  <h2>${title}</h2>
  <p>${children}</p>
  ${action}
</div>`;
