/** Runs in the audio thread: plays what the worker sends. */

import { Sink } from "./sink.js";

const scope = /** @type {any} */ (globalThis);
/** Samples between two reports: 43 ms. */
const REPORT_EVERY = 2048;

class StreamProcessor extends scope.AudioWorkletProcessor {
  constructor() {
    super();
    const port = /** @type {any} */ (this).port;
    this.sink = new Sink(scope.sampleRate, (report) => port.postMessage(report));
    this.until = 0;
    this.status = "";
    port.onmessage = (/** @type {MessageEvent} */ { data }) => {
      if (data.type === "port") this.sink.listen(data.port);
      else this.sink.take(data);
    };
  }

  /** @param {Float32Array[][]} _inputs @param {Float32Array[][]} outputs */
  process(_inputs, outputs) {
    const [left, right] = outputs[0] ?? [];
    if (!left || !right) return true;
    this.sink.mixer.render(left, right);
    this.until -= left.length;
    if (this.until <= 0 || this.status !== this.sink.mixer.status) {
      this.until = REPORT_EVERY;
      this.status = this.sink.mixer.status;
      this.sink.report(scope.currentTime + left.length / scope.sampleRate);
    }
    return true;
  }
}

scope.registerProcessor("stream", StreamProcessor);
