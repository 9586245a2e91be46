/** Sound where there is no AudioWorklet, as on a phone over plain http: pieces of 100 ms that begin where the last one ends. */

import { Sink } from "./sink.js";

/** Seconds of a piece. */
const PIECE = 0.1;
/** Seconds that are laid ahead of what is heard: so long may the page be busy, and so late comes a mute. */
const AHEAD = 0.4;
/** Seconds before the end of what is laid at which sound that does not come is faded. */
const LAST_MOMENT = 0.06;
/** Seconds in which a stream fades that is stopped. */
const FADE = 0.01;
const LOOK_EVERY = 50;
/** Samples that are mixed at once, as in a worklet. */
const QUANTUM = 128;

export class Fallback {
  /**
   * @param {AudioContext} context
   * @param {AudioNode} output
   * @param {(report: import("./sink.js").Report) => void} tell
   */
  constructor(context, output, tell) {
    this.context = context;
    this.output = output;
    this.sink = new Sink(context.sampleRate, tell);
    this.next = 0;
    this.stream = this.#makeStream();
    this.timer = setInterval(() => this.#lay(), LOOK_EVERY);
  }

  /** @param {any} message as for the worklet */
  post(message) {
    if (message.type !== "port") return this.sink.take(message);
    const { port } = message;
    this.sink.listen(port);
    // Browsers call the timers of hidden pages once a second, but messages come as they are sent.
    port.onmessage = (/** @type {MessageEvent} */ { data }) => {
      if (data.type === "close" || data.type === "open") this.#drop();
      this.sink.take(data);
      this.#lay();
    };
  }

  stop() {
    clearInterval(this.timer);
    this.#drop();
  }

  #makeStream() {
    const stream = this.context.createGain();
    stream.connect(this.output);
    return stream;
  }

  /** Takes back what is laid of a stream that ends here, with a fade. */
  #drop() {
    const { context, stream, sink } = this;
    stream.gain.setValueAtTime(1, context.currentTime);
    stream.gain.linearRampToValueAtTime(0, context.currentTime + FADE);
    setTimeout(() => stream.disconnect(), 1000);
    this.stream = this.#makeStream();
    this.next = 0;
    sink.mixer.close();
    const [left, right] = [new Float32Array(QUANTUM), new Float32Array(QUANTUM)];
    while (sink.mixer.status !== "ended") sink.mixer.render(left, right);
  }

  #lay() {
    const { context, sink } = this;
    const { mixer } = sink;
    if (context.state !== "running") return;
    const count = Math.round(PIECE * context.sampleRate);
    const now = context.currentTime;
    while (this.next < now + AHEAD && mixer.status !== "ended") {
      if (mixer.lacks(count) && (mixer.status === "waiting" || this.next > now + LAST_MOMENT)) break;
      const piece = context.createBuffer(2, count, context.sampleRate);
      const [left, right] = [piece.getChannelData(0), piece.getChannelData(1)];
      mixer.laid = Math.max(0, this.next - now) * mixer.rate;
      for (let at = 0; at < count; at += QUANTUM) mixer.render(left.subarray(at, at + QUANTUM), right.subarray(at, at + QUANTUM));
      this.next = Math.max(this.next, now + LAST_MOMENT);
      this.#start(piece);
      this.next += count / context.sampleRate;
    }
    mixer.laid = Math.max(0, this.next - now) * mixer.rate;
    sink.report(Math.max(this.next, now));
  }

  /** @param {AudioBuffer} piece */
  #start(piece) {
    const source = this.context.createBufferSource();
    source.buffer = piece;
    source.connect(this.stream);
    source.start(this.next);
  }
}
