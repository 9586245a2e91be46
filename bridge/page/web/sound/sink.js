/** What both ways of sounding share: takes streams and frames from the worker, and tells how far it is. Pure. */

import { Mixer } from "./mixer.js";

/** @typedef {{ type: "report", number: number, position: number, buffered: number, laid: number, underruns: number, status: import("./mixer.js").MixerStatus, time: number }} Report */
/** @typedef {{ postMessage: (message: any) => void, onmessage: ((event: MessageEvent) => void) | null }} Port */

export class Sink {
  /**
   * @param {number} contextRate Hz of what is heard
   * @param {(report: Report) => void} tell
   */
  constructor(contextRate, tell) {
    this.mixer = new Mixer(48_000, contextRate);
    this.number = -1;
    this.tell = tell;
    /** @type {Port | undefined} */
    this.port = undefined;
  }

  /** @param {Port} port the worker's */
  listen(port) {
    this.port = port;
    port.onmessage = ({ data }) => this.take(data);
  }

  /** @param {any} message */
  take(message) {
    if (message.type === "open") {
      this.number = message.number;
      this.mixer.open(message);
    } else if (message.type === "close") this.mixer.close();
    else if (message.type === "gains") this.mixer.setGains(message.gains);
    else if (message.type === "frame" && message.number === this.number) this.mixer.push(message);
  }

  /** @param {number} time of the context, in seconds, at which the position is heard */
  report(time) {
    const { position, laid, buffered, underruns, status } = this.mixer;
    /** @type {Report} */
    const report = { type: "report", number: this.number, position, buffered: buffered + laid, laid, underruns, status, time };
    this.tell(report);
    this.port?.postMessage(report);
  }
}
