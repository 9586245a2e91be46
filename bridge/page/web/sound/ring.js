/** The sound that has come and is not heard yet: several channels, by position in the stream. Pure. */

/** Samples that are kept of each channel: 2.7 s. */
export const CAPACITY = 1 << 17;
const MASK = CAPACITY - 1;
/** Samples before the one that is read that interpolation still needs. */
const BEFORE = 4;

export class Ring {
  /** @param {number} channels @param {number} start the first position */
  constructor(channels, start) {
    this.channels = Array.from({ length: channels }, () => new Float32Array(CAPACITY));
    /** The position after the last sample that has come. */
    this.end = start;
  }

  /**
   * Adds samples at the end.
   * @param {Float32Array | null} data of all channels, one after the other; null for silence
   * @param {number} count samples of each channel
   */
  write(data, count) {
    const at = this.end & MASK;
    const first = Math.min(count, CAPACITY - at);
    this.channels.forEach((channel, number) => {
      if (!data) {
        channel.fill(0, at, at + first);
        channel.fill(0, 0, count - first);
        return;
      }
      const from = number * count;
      channel.set(data.subarray(from, from + first), at);
      if (first < count) channel.set(data.subarray(from + first, from + count), 0);
    });
    this.end += count;
  }

  /** Whether so many more samples would overwrite what is not heard yet. @param {number} position @param {number} count */
  isFull(position, count) {
    return this.end + count - position > CAPACITY - BEFORE;
  }

  /**
   * Adds a stretch of a channel to a sound, with a gain that goes evenly from one value to another.
   * @param {number} number of the channel
   * @param {number} position of the first sample, may lie between two
   * @param {number} step samples of the stream for each of the sound
   * @param {Float32Array} sound
   * @param {Float32Array} gains one for each sample of the sound
   */
  mixInto(number, position, step, sound, gains) {
    const channel = this.channels[number];
    if (!channel) return;
    if (step === 1 && Number.isInteger(position)) {
      for (let index = 0; index < sound.length; index++) {
        sound[index] = at(sound, index) + at(channel, (position + index) & MASK) * at(gains, index);
      }
      return;
    }
    const base = Math.floor(position);
    let place = position - base;
    for (let index = 0; index < sound.length; index++, place += step) {
      const whole = Math.floor(place);
      sound[index] = at(sound, index) + between(channel, base + whole, place - whole) * at(gains, index);
    }
  }
}

/** @param {Float32Array} values @param {number} index */
const at = (values, index) => /** @type {number} */ (values[index]);

/** A value between two samples, by a cubic Hermite spline. @param {Float32Array} channel @param {number} base @param {number} part */
function between(channel, base, part) {
  const before = at(channel, (base - 1) & MASK);
  const here = at(channel, base & MASK);
  const after = at(channel, (base + 1) & MASK);
  const last = at(channel, (base + 2) & MASK);
  const slope = 0.5 * (after - before);
  const curve = before - 2.5 * here + 2 * after - 0.5 * last;
  return ((0.5 * (last - before) + 1.5 * (here - after)) * part + curve) * part * part + slope * part + here;
}
