/** Frames in, what is heard out: waits for enough, fades where sound is missing, mixes the parts. Pure; runs in the worklet. */

import { Drift, MOST } from "./drift.js";
import { Ring } from "./ring.js";

export const PREROLL = 1;
export const SKIPPED = 2;
export const LAST = 4;
/** Samples of a fade where sound ends or begins in the middle: 10 ms. */
const FADE = 480;
/** Samples over which a gain changes: 5 ms. */
const RAMP = 240;
/** Samples beyond the one that is heard that interpolation needs. */
const AFTER = 3;
/** The level above which peaks are rounded, as those of several loud parts. */
const KNEE = 0.89;
/** How much more is kept after sound was missing, and the most, in seconds. */
const MORE = 1.5;
const MOST_SECONDS = 2;

/**
 * @typedef {object} Frame
 * @property {number} position the first sample
 * @property {number} samples
 * @property {number} flags
 * @property {Float32Array | null} data all left and right channels of the parts, one after the other; null for silence
 */

/** @typedef {"waiting" | "playing" | "ended"} MixerStatus */

export class Mixer {
  /**
   * @param {number} rate Hz of the stream
   * @param {number} contextRate Hz of what is heard
   */
  constructor(rate, contextRate) {
    this.rate = rate;
    this.base = rate / contextRate;
    /** @type {MixerStatus} */
    this.status = "ended";
    this.underruns = 0;
    this.position = 0;
    /** Samples that were rendered, and are not heard yet. */
    this.laid = 0;
    this.ring = new Ring(0, 0);
    /** Samples with which it begins. */
    this.watermark = rate / 5;
    this.drift = new Drift(rate, this.watermark);
    /** @type {Float32Array} */
    this.gains = new Float32Array(0);
    /** @type {Float32Array} */
    this.wanted = new Float32Array(0);
    this.level = 0;
    this.isFading = false;
    this.last = Infinity;
    /** Frames behind a gap, until what was before it has faded. @type {Frame[]} */
    this.held = [];
    this.curve = new Float32Array(0);
    /** What still fades of the stream before, left and right. @type {Float32Array[]} */
    this.outgoing = [];
  }

  /** Samples that have come and are not heard yet. */
  get buffered() {
    return Math.max(0, this.ring.end - this.position);
  }

  /** Whether so many samples of what is heard could not be rendered without a gap. @param {number} count */
  lacks(count) {
    if (this.ring.end >= this.last) return false;
    return this.buffered < (this.status === "waiting" ? this.watermark - 1 : (count + FADE) * this.base * (1 + MOST) + AFTER);
  }

  /**
   * Begins another stream.
   * @param {{ start: number, gains: readonly number[], target: number }} stream target in samples
   */
  open({ start, gains, target }) {
    if (this.status === "playing") this.outgoing = this.#fadeOut();
    this.ring = new Ring(2 * gains.length, start);
    this.position = start;
    this.watermark = target;
    this.gains = Float32Array.from(gains);
    this.wanted = Float32Array.from(gains);
    this.status = "waiting";
    this.underruns = 0;
    // The first note of a piece keeps its attack.
    this.level = start === 0 ? 1 : 0;
    this.isFading = false;
    this.last = Infinity;
    this.held = [];
  }

  /** What is heard of a stream that another one takes the place of. */
  #fadeOut() {
    const step = this.base;
    const most = Math.floor((this.buffered - AFTER) / step);
    const sides = [0, 1].map(() => new Float32Array(Math.max(0, Math.min(FADE, most))));
    this.isFading = true;
    this.#mix(/** @type {Float32Array} */ (sides[0]), /** @type {Float32Array} */ (sides[1]), step);
    return sides;
  }

  /** Ends the stream with a fade. */
  close() {
    this.last = this.position;
    this.isFading = true;
  }

  /** @param {readonly number[]} gains one for each part */
  setGains(gains) {
    if (gains.length === this.wanted.length) this.wanted = Float32Array.from(gains);
  }

  /** @param {Frame} frame */
  push(frame) {
    if (this.status === "ended") return;
    if (this.held.length) this.held.push(frame);
    else if (frame.position > this.ring.end || this.ring.isFull(this.position, frame.samples)) {
      this.held.push(frame);
      if (this.status === "waiting") this.#jump();
      else this.isFading = true;
    } else this.#add(frame);
  }

  /** @param {Frame} frame */
  #add({ position, samples, flags, data }) {
    const known = this.ring.end - position;
    if (flags & LAST) this.last = position + samples;
    if (known >= samples) return;
    if (known > 0 && data) {
      const channels = data.length / samples;
      const rest = new Float32Array(channels * (samples - known));
      for (let channel = 0; channel < channels; channel++) {
        rest.set(data.subarray(channel * samples + known, (channel + 1) * samples), channel * (samples - known));
      }
      data = rest;
    }
    this.ring.write(data, samples - Math.max(0, known));
  }

  /** Goes on behind a gap. */
  #jump() {
    const frames = this.held;
    this.held = [];
    this.position = frames[0]?.position ?? this.position;
    this.ring.end = this.position;
    for (const frame of frames) this.#add(frame);
  }

  /**
   * Fills a sound with what is heard next.
   * @param {Float32Array} left
   * @param {Float32Array} right
   */
  render(left, right) {
    this.#renderStream(left, right);
    this.outgoing = this.outgoing.map((side, number) => {
      const sound = number ? right : left;
      for (let index = 0; index < Math.min(side.length, sound.length); index++) sound[index] = (sound[index] ?? 0) + (side[index] ?? 0);
      return side.subarray(sound.length);
    });
    roundPeaks(left);
    roundPeaks(right);
  }

  /** @param {Float32Array} left @param {Float32Array} right */
  #renderStream(left, right) {
    left.fill(0);
    right.fill(0);
    if (this.status === "ended") return;
    const count = left.length;
    if (this.status === "waiting") {
      const isAll = this.ring.end >= this.last;
      if (this.isFading) return this.#pause();
      if (this.buffered < this.watermark - 1 && !(isAll && this.buffered > 0)) return isAll ? this.#end() : undefined;
      this.status = "playing";
      this.drift.aim(this.watermark);
    }
    const step = this.base * this.drift.ratio(this.buffered + this.laid, count * this.base);
    const needed = count * step + AFTER;
    const isLast = this.ring.end >= this.last;
    if (isLast && this.buffered < needed) this.ring.write(null, Math.ceil(needed));
    else if (!isLast && this.buffered < needed + FADE * step) this.isFading = true;
    const most = this.isFading ? Math.min(count, Math.ceil(this.level * FADE)) : count;
    const fits = Math.max(0, Math.min(most, Math.floor((this.buffered - AFTER) / step)));
    this.#mix(left.subarray(0, fits), right.subarray(0, fits), step);
    this.position += fits * step;
    if (this.isFading && (this.level <= 0 || fits < count)) this.#pause();
    else if (!this.isFading && this.position >= this.last) this.#end();
  }

  #end() {
    this.status = "ended";
    this.level = 0;
  }

  /** What was there has faded: ends, goes on behind a gap, or waits for more. */
  #pause() {
    this.isFading = false;
    this.level = 0;
    if (this.position >= this.last) return this.#end();
    this.status = "waiting";
    if (this.held.length) return this.#jump();
    this.underruns++;
    this.watermark = Math.min(MORE * this.watermark, MOST_SECONDS * this.rate);
  }

  /** @param {Float32Array} left @param {Float32Array} right @param {number} step */
  #mix(left, right, step) {
    const count = left.length;
    if (this.curve.length < count) this.curve = new Float32Array(count);
    const slope = (this.isFading ? -1 : 1) / FADE;
    for (let part = 0; part < this.wanted.length; part++) {
      const wanted = /** @type {number} */ (this.wanted[part]);
      let gain = /** @type {number} */ (this.gains[part]);
      if (!gain && !wanted) continue;
      const most = 1 / RAMP;
      let level = this.level;
      for (let index = 0; index < count; index++) {
        level = Math.max(0, Math.min(1, level + slope));
        if (gain !== wanted) gain = gain < wanted ? Math.min(wanted, gain + most) : Math.max(wanted, gain - most);
        this.curve[index] = gain * level;
      }
      this.gains[part] = gain;
      const curve = this.curve.subarray(0, count);
      this.ring.mixInto(2 * part, this.position, step, left, curve);
      this.ring.mixInto(2 * part + 1, this.position, step, right, curve);
    }
    this.level = Math.max(0, Math.min(1, this.level + slope * count));
  }
}

/** @param {Float32Array} sound */
function roundPeaks(sound) {
  for (let index = 0; index < sound.length; index++) {
    const value = /** @type {number} */ (sound[index]);
    const over = Math.abs(value) - KNEE;
    if (over > 0) sound[index] = Math.sign(value) * (KNEE + (1 - KNEE) * Math.tanh(over / (1 - KNEE)));
  }
}
