/** Menus and fields that several places ask for music with: style, key, seed. */

import { dials, turn } from "../dials.js";
import { MODES, readStyles, ROOTS, styles } from "../press_bar.js";
import { showError } from "../store.js";
import { html, useEffect } from "../vendor/preact.js";
import { Field, Menu } from "./controls.js";

/** @param {string} each @returns {readonly [string, string]} */
const same = (each) => [each, each];

export function StyleMenu() {
  useEffect(() => void readStyles().catch(showError), []);
  return html`<${Menu} label="Style" value=${dials.value.style} onChange=${(/** @type {string} */ value) => turn({ style: value })}
    options=${[["", "Auto style"], ...styles.value.map(same)]} />`;
}

export const KeyMenus = () => html`<${Menu} label="Key" value=${dials.value.root} onChange=${(/** @type {string} */ value) => turn({ root: value })}
    options=${[["", "Set key"], ...ROOTS.map(same)]} />
  <${Menu} label="Mode" value=${dials.value.mode} onChange=${(/** @type {string} */ value) => turn({ mode: value })}
    options=${MODES.map(same)} />`;

/** The key as requests have it. */
export const keyOfDials = () => (dials.value.root ? `${dials.value.root} ${dials.value.mode}` : "");

export const LARGEST_SEED = 2 ** 31 - 1;

/**
 * A seed; empty draws one.
 * @param {{ value: string, onChange: (value: string) => void }} props
 */
export const SeedField = ({ value, onChange }) => html`<${Field} label="Seed">
  <input type="number" inputmode="numeric" min="0" max=${LARGEST_SEED} step="1" placeholder="draws one" value=${value}
    onInput=${(/** @type {Event} */ event) => onChange(/** @type {HTMLInputElement} */ (event.currentTarget).value)} />
<//>`;

/**
 * The seed of a field as requests have it: nothing where it is empty or none.
 * @param {string} text
 */
export function seedOf(text) {
  const seed = Number(text);
  return text.trim() && Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED ? { seed } : {};
}
