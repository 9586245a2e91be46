/** Sound of a microphone as 16-bit samples at another rate, its level, and the WAV file that they are sent in. Pure. */

/** Taps on each side of the filter, in samples of the lower rate: 60 dB below what would fold. */
const REACH = 16;

/**
 * Returns a function that takes pieces of sound (-1 to 1) and returns what they are at a lower rate, without a seam
 * between pieces: a windowed sinc, cut off below half of the lower rate.
 * @param {number} from Hz
 * @param {number} to Hz
 * @returns {(piece: Float32Array) => Float32Array}
 */
export function createResampler(from, to) {
  const step = from / to;
  const cut = 0.45 * Math.min(1, to / from);
  const reach = Math.ceil(REACH * Math.max(1, step));
  let kept = new Float32Array(reach);
  let next = reach;
  return (piece) => {
    const joined = new Float32Array(kept.length + piece.length);
    joined.set(kept);
    joined.set(piece, kept.length);
    const last = joined.length - reach - 1;
    const made = new Float32Array(Math.max(0, Math.floor((last - next) / step) + 1));
    for (let index = 0; index < made.length; index++, next += step) made[index] = valueAt(joined, next, cut, reach);
    const gone = Math.max(0, Math.floor(next) - reach);
    kept = joined.slice(gone);
    next -= gone;
    return made;
  };
}

/**
 * @param {Float32Array} samples
 * @param {number} place
 * @param {number} cut in cycles a sample
 * @param {number} reach
 */
function valueAt(samples, place, cut, reach) {
  const middle = Math.floor(place);
  let sum = 0;
  for (let index = middle - reach + 1; index <= middle + reach; index++) {
    const away = place - index;
    const turn = 2 * Math.PI * cut * away;
    const sinc = away === 0 ? 2 * cut : Math.sin(turn) / (Math.PI * away);
    sum += (samples[index] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * away) / reach));
  }
  return sum;
}

/**
 * The level as meters show it: 0 at -60 dB and below, 1 at full scale.
 * @param {Float32Array} samples
 */
export function levelOf(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / (samples.length || 1) + 1e-12);
  return Math.max(0, Math.min(1, 1 + decibels / 60));
}

/**
 * Pieces of sound as one mono WAV file of 16 bits.
 * @param {readonly Float32Array[]} pieces -1 to 1
 * @param {number} rate Hz
 */
export function wavOf(pieces, rate) {
  const count = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * count));
  const text = (/** @type {number} */ at, /** @type {string} */ word) => [...word].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * count, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * count, true);
  let at = 44;
  for (const piece of pieces) {
    for (const sample of piece) {
      view.setInt16(at, Math.round(32767 * Math.max(-1, Math.min(1, sample))), true);
      at += 2;
    }
  }
  return view.buffer;
}
