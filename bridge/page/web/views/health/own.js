/** The page's own figures: from a press to what is painted, frames, memory. Measured while Health is shown. */

import { quantileOf } from "../../core/health.js";

const MOST = 600;

/** @typedef {{ inputMs: number | null, inputs: number, frameMs: number | null, memory: number | null }} OwnFigures */

/**
 * Begins to measure; `read` gives the figures, `end` ends it.
 * @returns {{ read: () => OwnFigures, end: () => void }}
 */
export function measureOwn() {
  /** @type {number[]} */
  const inputs = [];
  /** @type {number[]} */
  let frames = [];
  /** @type {PerformanceObserver | undefined} */
  let observer;
  if (typeof PerformanceObserver !== "undefined" && PerformanceObserver.supportedEntryTypes.includes("event")) {
    observer = new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (["pointerdown", "pointerup", "click", "keydown"].includes(name)) inputs.push(duration);
      inputs.splice(0, inputs.length - MOST);
    });
    // Shorter ones than 16 ms are not told by any browser; what was before comes, too.
    observer.observe(/** @type {PerformanceObserverInit} */ ({ type: "event", buffered: true, durationThreshold: 16 }));
  }
  let last = 0;
  let frame = requestAnimationFrame(function next(at) {
    if (last && document.visibilityState === "visible") frames.push(at - last);
    last = at;
    frame = requestAnimationFrame(next);
  });
  return {
    read: () => {
      const figures = { inputMs: quantileOf(inputs, 0.95), inputs: inputs.length, frameMs: quantileOf(frames, 0.95), memory: memoryOf() };
      frames = [];
      return figures;
    },
    end: () => {
      observer?.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}

/** Bytes, where the browser tells them. */
function memoryOf() {
  const memory = /** @type {{ usedJSHeapSize?: number } | undefined} */ (/** @type {any} */ (performance).memory);
  return memory?.usedJSHeapSize ?? null;
}
