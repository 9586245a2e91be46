/** A window onto music that is larger than the screen: the browser scrolls it, a canvas shows it, a playhead moves above. */

/** @import { View } from "../../core/sheet.js" */
/** @import { Signal } from "../../vendor/preact.js" */
import { Canvas } from "../../draw/canvas.js";
import { isSounding, position } from "../../listen.js";
import { html, useEffect, useLayoutEffect, useRef } from "../../vendor/preact.js";

/** @type {View} */
export const NOWHERE = { px: 0, row: 0, left: 0, top: 0, width: 0, height: 0 };

/**
 * @param {object} props
 * @param {Signal<View>} props.view
 * @param {{ width: number, height: number }} props.size of all that can be scrolled to
 * @param {(size: { width: number, height: number }) => View} props.fit the first view, once the size of the window is known
 * @param {(context: CanvasRenderingContext2D, width: number, height: number) => void} props.draw
 * @param {readonly unknown[]} props.depends
 * @param {string} props.label
 * @param {boolean} props.isHeard whether what is shown is what sounds
 * @param {(beats: number) => number} props.headAt the x of the playhead
 * @param {Record<string, unknown>} [props.scroller] attributes and handlers of the part that has the focus
 */
export function Pane({ view, size, fit, draw, depends, label, isHeard, headAt, scroller = {} }) {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const latestFit = useRef(fit);
  latestFit.current = fit;
  const { left, top, width, height, px } = view.value;
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const resized = new ResizeObserver(() => {
      const now = { width: element.clientWidth, height: element.clientHeight };
      const before = view.peek();
      if (!now.width || (before.width === now.width && before.height === now.height)) return;
      view.value = before.px ? { ...before, ...now } : latestFit.current(now);
    });
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || !px) return;
    if (Math.abs(element.scrollLeft - left) >= 1) element.scrollLeft = left;
    if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
  }, [left, top, size.width, size.height]);
  const onScroll = () => {
    const { scrollLeft = 0, scrollTop = 0 } = frame.current ?? {};
    const before = view.peek();
    if (Math.abs(before.left - scrollLeft) >= 1 || Math.abs(before.top - scrollTop) >= 1) view.value = { ...before, left: scrollLeft, top: scrollTop };
  };
  return html`<div class="pane">
    <div class="pane-scroll" ref=${frame} onScroll=${onScroll} tabindex="0" ...${scroller}>
      <div style=${{ width: `${Math.max(1, Math.floor(size.width))}px`, height: `${Math.max(1, Math.floor(size.height))}px` }}></div>
    </div>
    <div class="pane-picture" style=${{ width: `${width}px`, height: `${height}px` }}>
      <${Canvas} label=${label} draw=${draw} depends=${[view.value, ...depends]} />
      ${isHeard && isSounding.value && html`<${Playhead} headAt=${headAt} />`}
    </div>
  </div>`;
}

/** A line that follows what is heard: moved without drawing anything else. @param {{ headAt: (beats: number) => number }} props */
function Playhead({ headAt }) {
  const line = useRef(/** @type {HTMLElement | null} */ (null));
  const latest = useRef(headAt);
  latest.current = headAt;
  useEffect(() => {
    let asked = 0;
    let shown = NaN;
    const follow = () => {
      const x = Math.round(latest.current(position()));
      if (line.current && x !== shown) line.current.style.transform = `translateX(${x}px)`;
      shown = x;
      asked = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(asked);
  }, []);
  return html`<i class="pane-head" ref=${line}></i>`;
}
