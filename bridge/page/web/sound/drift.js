/** Keeps as much sound buffered as at first, by playing a little faster or slower than it comes. Pure. */

/** The most by which it is played faster or slower: 3.5 cents. */
export const MOST = 0.002;
/** Ratio for each second that is too much or too little. */
const GAIN = 0.04;
/** Seconds by which the level may be off: frames of 20 ms come when they come. */
const TOLERANCE = 0.015;
/** Seconds at first in which nothing is corrected: how much is buffered then, in the mean, is kept. */
const SETTLES = 2;
/** By which part of the wish it may be less, and more. */
const LEAST = 0.5;
const GREATEST = 1.5;
/** Seconds over which the level is averaged. */
const AVERAGED = 1.5;

export class Drift {
  /** @param {number} rate Hz of the stream @param {number} target samples that are wanted */
  constructor(rate, target) {
    this.rate = rate;
    this.target = target;
    this.level = target;
    this.settling = SETTLES * rate;
    this.sum = 0;
  }

  /**
   * Begins anew.
   * @param {number} target samples that are wanted
   */
  aim(target) {
    this.target = target;
    this.settling = SETTLES * this.rate;
    this.sum = 0;
  }

  /**
   * Returns the samples of the stream to play for each that is heard.
   * @param {number} buffered samples that are there
   * @param {number} elapsed samples since the last time
   */
  ratio(buffered, elapsed) {
    if (this.settling > 0) {
      this.settling -= elapsed;
      this.sum += buffered * elapsed;
      // What is there swings as frames come and as the sound card takes: its mean is known only now.
      if (this.settling <= 0) {
        this.level = this.sum / (SETTLES * this.rate - this.settling);
        this.target = Math.max(LEAST * this.target, Math.min(this.level, GREATEST * this.target));
      }
      return 1;
    }
    const share = Math.min(1, elapsed / (AVERAGED * this.rate));
    this.level += (buffered - this.level) * share;
    const off = (this.level - this.target) / this.rate;
    const beyond = Math.sign(off) * Math.max(0, Math.abs(off) - TOLERANCE);
    return 1 + Math.max(-MOST, Math.min(MOST, beyond * GAIN));
  }
}
