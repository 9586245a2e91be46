/** A pad: two values by one finger, or by the arrow keys. */

import { html, useId, useRef } from "../vendor/preact.js";
import { percent } from "./controls.js";

/** @typedef {{ x: number, y: number }} Point 0 to 1; y upwards */

const STEP = 0.05;
const RESTED = 400;
/** Milliseconds without another key, after which the pad has come to rest. */

/**
 * @param {{ label: string, x: string, y: string, value: Point, onTurn: (value: Point) => void, onChange: (value: Point) => void, why?: string }} props
 * `x`, `y`: the names of the axes; `onTurn` comes with each movement, `onChange` when it has come to rest
 */
export function Pad({ label, x, y, value, onTurn, onChange, why = "" }) {
  const id = useId();
  const field = useRef(/** @type {HTMLDivElement | null} */ (null));
  const turned = useRef(value);
  const rest = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const at = (/** @type {PointerEvent} */ event) => {
    const box = field.current?.getBoundingClientRect();
    return box ? { x: bounded((event.clientX - box.left) / box.width), y: bounded(1 - (event.clientY - box.top) / box.height) } : value;
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (why || !field.current?.hasPointerCapture(event.pointerId)) return;
    turned.current = at(event);
    onTurn(turned.current);
  };
  const down = (/** @type {PointerEvent} */ event) => {
    if (why || event.button !== 0) return;
    field.current?.setPointerCapture(event.pointerId);
    move(event);
    event.preventDefault();
    /** @type {HTMLElement | null | undefined} */ (field.current?.querySelector("input"))?.focus({ preventScroll: true });
  };
  const up = (/** @type {PointerEvent} */ event) => {
    if (!field.current?.hasPointerCapture(event.pointerId)) return;
    field.current.releasePointerCapture(event.pointerId);
    onChange(turned.current);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const [dx, dy] = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] })[event.key] ?? [0, 0];
    if (why || (!dx && !dy)) return;
    event.preventDefault();
    const next = { x: bounded(value.x + dx), y: bounded(value.y + dy) };
    turned.current = next;
    onTurn(next);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => onChange(next), RESTED);
  };
  const axis = (/** @type {"x" | "y"} */ which, /** @type {string} */ name) => html`<input
    id=${`${id}${which}`}
    class="heard"
    type="range"
    min="0"
    max="1"
    step=${STEP}
    value=${value[which]}
    aria-label=${`${label}: ${name}`}
    aria-valuetext=${percent(value[which])}
    aria-disabled=${why ? "true" : undefined}
    onKeyDown=${key}
    onChange=${(/** @type {Event} */ event) => why || onChange({ ...value, [which]: Number(/** @type {HTMLInputElement} */ (event.currentTarget).value) })}
  />`;
  return html`<div class="pad" role="group" aria-label=${label} aria-disabled=${why ? "true" : undefined} title=${why || undefined}>
    <div class="field-area" ref=${field} onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onPointerCancel=${up}>
      ${axis("x", x)}${axis("y", y)}
      <span class="thumb" style=${{ left: `${100 * value.x}%`, bottom: `${100 * value.y}%` }}></span>
      <span class="axis across" aria-hidden="true">${x} <output>${percent(value.x)}</output></span>
      <span class="axis up" aria-hidden="true">${y} <output>${percent(value.y)}</output></span>
    </div>
  </div>`;
}

/** @param {number} value */
const bounded = (value) => Math.round(100 * Math.max(0, Math.min(1, value))) / 100;
