/** The server's binary frames, taken apart: see `bridge/api/sound/wire.py`. Pure. */

const HEADER = 16;
/** Bytes of a sample: 16 bits, left and right. */
const SAMPLE = 4;

/**
 * @typedef {object} Packed
 * @property {number} position
 * @property {number} samples
 * @property {number} flags
 * @property {number} number of the request, modulo 256
 * @property {Uint8Array[]} parts empty where silent
 */

/** @param {ArrayBuffer} buffer @returns {Packed} */
export function readFrame(buffer) {
  const view = new DataView(buffer);
  const flags = view.getUint16(14, true);
  const parts = [];
  for (let at = HEADER; at < buffer.byteLength; ) {
    const size = view.getUint16(at, true);
    parts.push(new Uint8Array(buffer, at + 2, size));
    at += 2 + size;
  }
  return {
    position: view.getUint32(4, true) + view.getUint32(8, true) * 2 ** 32,
    samples: view.getUint16(12, true),
    flags: flags & 0xff,
    number: flags >> 8,
    parts,
  };
}

/**
 * 16-bit samples as numbers: all left and right channels, one after the other; null where all is silent.
 * @param {readonly Uint8Array[]} parts
 * @param {number} samples
 */
export function readSamples(parts, samples) {
  if (parts.every(({ length }) => !length)) return null;
  const data = new Float32Array(2 * samples * parts.length);
  parts.forEach((bytes, part) => {
    if (bytes.length !== samples * SAMPLE) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [left, right] = [2 * part * samples, (2 * part + 1) * samples];
    for (let index = 0; index < samples; index++) {
      data[left + index] = view.getInt16(index * SAMPLE, true) / 32767;
      data[right + index] = view.getInt16(index * SAMPLE + 2, true) / 32767;
    }
  });
  return data;
}
