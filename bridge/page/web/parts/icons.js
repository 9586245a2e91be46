/** Line icons, 24 by 24. */

import { html } from "../vendor/preact.js";

/** @type {Record<string, string>} */
const SHAPES = {
  set: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  song: "M4 18h4v-5H4zM10 18h4V8h-4zM16 18h4v-8h-4z",
  split: "M4 12h5m0 0c4 0 3-7 7-7h4m-11 7c4 0 3 7 7 7h4m-11-7h11",
  imagine: "M12 3v4m0 10v4M3 12h4m10 0h4M6 6l2.5 2.5m7 7L18 18m0-12-2.5 2.5m-7 7L6 18",
  play: "M8 5l11 7-11 7z",
  stop: "M7 7h10v10H7z",
  pause: "M8 5v14M16 5v14",
  jam: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  ambient: "M3 9c3-4 6-4 9 0s6 4 9 0M3 15c3-4 6-4 9 0s6 4 9 0",
  history: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4M12 8v4l3 2",
  copilot: "M4 5h16v11H9l-5 4z",
  health: "M3 12h4l3-7 4 14 3-7h4",
  microphone: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  undo: "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3",
  like: "M12 20s-8-5-8-11a4.5 4.5 0 0 1 8-2.7A4.5 4.5 0 0 1 20 9c0 6-8 11-8 11z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
  download: "M12 4v11m0 0l-4-4m4 4l4-4M5 20h14",
  loop: "M17 4l3 3-3 3M4 12V9a2 2 0 0 1 2-2h14M7 20l-3-3 3-3M20 12v3a2 2 0 0 1-2 2H4",
  metronome: "M8 20h8L14 4h-4zM12 15l5-8",
  mute: "M4 9v6h4l5 4V5L8 9zM17 9l4 6m0-6l-4 6",
};

/** @param {{ name: string }} props */
export const Icon = ({ name }) => html`<svg class="icon-shape" viewBox="0 0 24 24" aria-hidden="true"><path d=${SHAPES[name]} /></svg>`;
