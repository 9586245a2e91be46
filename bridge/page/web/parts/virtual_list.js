/** A list of which only the rows that are seen are drawn, however many there are. */

/** @import { VNode } from "../vendor/preact.js" */
import { rowsInView } from "../core/pieces.js";
import { html, useEffect, useRef, useSignal } from "../vendor/preact.js";

const NEAR_END = 24;

/**
 * @param {{
 *   label: string, count: number, rowHeight: number, keyOf: (index: number) => string | number, row: (index: number) => VNode,
 *   onEnd?: () => void, total?: number, children?: unknown,
 * }} props
 * `onEnd` is called when the last rows come into view; `total`: how many there are with those that are not read yet
 */
export function VirtualList({ label, count, rowHeight, keyOf, row, onEnd, total = count, children }) {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const seen = useSignal({ top: 0, height: 720 });
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const look = () => {
      const { scrollTop, clientHeight: height } = element;
      // By whole rows: scrolling within one draws nothing.
      const top = Math.floor(scrollTop / rowHeight) * rowHeight;
      const before = seen.peek();
      if (before.top !== top || before.height !== height) seen.value = { top, height };
    };
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [rowHeight]);
  const { from, to } = rowsInView(seen.value.top, seen.value.height + rowHeight, rowHeight, count);
  const isNearEnd = to >= count - NEAR_END;
  useEffect(() => {
    if (isNearEnd) onEnd?.();
  }, [isNearEnd, count]);
  return html`<div class="virtual" ref=${frame} tabindex="0" role="group" aria-label=${label} onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, frame.current, rowHeight, count)}>
    <ul style=${{ height: `${count * rowHeight}px` }}>
      ${Array.from({ length: to - from }, (_, place) => {
        const index = from + place;
        return html`<li
          key=${keyOf(index)}
          data-row=${index}
          aria-posinset=${index + 1}
          aria-setsize=${total}
          style=${{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
        >
          ${row(index)}
        </li>`;
      })}
    </ul>
    ${children}
  </div>`;
}

/**
 * Arrows go from row to row, to the control in the same place.
 * @param {KeyboardEvent} event
 * @param {HTMLElement | null} frame
 * @param {number} rowHeight
 * @param {number} count
 */
function onKey(event, frame, rowHeight, count) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const here = event.target instanceof Element ? event.target.closest("[data-row]") : null;
  if (!step || !here || !frame || (event.target instanceof Element && event.target.matches("select"))) return;
  const controls = (/** @type {Element | null} */ each) => [.../** @type {NodeListOf<HTMLElement>} */ (each?.querySelectorAll("a, button, input") ?? [])];
  const place = controls(here).indexOf(/** @type {HTMLElement} */ (event.target));
  const index = Math.max(0, Math.min(count - 1, Number(here.getAttribute("data-row")) + step));
  event.preventDefault();
  const top = index * rowHeight;
  if (top < frame.scrollTop) frame.scrollTop = top;
  else if (top + rowHeight > frame.scrollTop + frame.clientHeight) frame.scrollTop = top + rowHeight - frame.clientHeight;
  requestAnimationFrame(() => {
    const found = controls(frame.querySelector(`[data-row="${index}"]`));
    (found[place] ?? found[0])?.focus({ preventScroll: true });
  });
}
