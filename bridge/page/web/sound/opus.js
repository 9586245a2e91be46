/** Packets of Opus as samples, for all parts of a stream: by the browser's own decoder, else by WebAssembly. */

/** Frames that may wait for a decoder, 2 s: Safaris are said to support Opus, and to give nothing. */
const MOST_WAITING = 100;
const CONFIG = { codec: "opus", sampleRate: 48_000, numberOfChannels: 2 };

/** @typedef {(data: Float32Array, samples: number) => void} Deliver all left and right channels, one after the other */
/** @typedef {{ decode: (packets: readonly Uint8Array[], deliver: Deliver) => void, close: () => void }} Decoder */

/**
 * Which decoder there is here; "" for none.
 * @param {boolean} isBroken whether the browser's own has failed
 * @returns {Promise<"browser" | "wasm" | "">}
 */
export async function findDecoder(isBroken) {
  const scope = /** @type {any} */ (globalThis);
  try {
    if (!isBroken && scope.AudioDecoder && (await scope.AudioDecoder.isConfigSupported(CONFIG)).supported) return "browser";
  } catch {
    // A browser that knows the name, but not this codec.
  }
  return typeof WebAssembly === "object" ? "wasm" : "";
}

/**
 * @param {"browser" | "wasm"} kind
 * @param {number} parts
 * @param {(error: unknown) => void} onError
 * @returns {Promise<Decoder>}
 */
export async function openDecoder(kind, parts, onError) {
  return kind === "browser" ? new BrowserDecoder(parts, onError) : openWasm(parts);
}

class BrowserDecoder {
  /** @param {number} parts @param {(error: unknown) => void} onError */
  constructor(parts, onError) {
    this.onError = onError;
    this.count = 0;
    /** Frames that are being decoded, in their order. @type {{ data: Float32Array, left: number, samples: number, deliver: Deliver }[]} */
    this.waiting = [];
    this.first = 0;
    const scope = /** @type {any} */ (globalThis);
    this.decoders = Array.from({ length: parts }, (_, part) => {
      let came = 0;
      const decoder = new scope.AudioDecoder({ output: (/** @type {any} */ sound) => this.#take(part, came++, sound), error: onError });
      decoder.configure(CONFIG);
      return decoder;
    });
  }

  /** @param {readonly Uint8Array[]} packets @param {Deliver} deliver */
  decode(packets, deliver) {
    const scope = /** @type {any} */ (globalThis);
    if (this.waiting.length > MOST_WAITING) return this.onError(new Error("The browser's decoder gives nothing."));
    const samples = 960;
    this.waiting.push({ data: new Float32Array(2 * samples * packets.length), left: packets.length, samples, deliver });
    packets.forEach((data, part) => {
      this.decoders[part]?.decode(new scope.EncodedAudioChunk({ type: "key", timestamp: this.count * 20_000, duration: 20_000, data }));
    });
    this.count++;
  }

  /** @param {number} part @param {number} number of the frame @param {any} sound */
  #take(part, number, sound) {
    const frame = this.waiting[number - this.first];
    if (frame) {
      for (const side of [0, 1]) {
        const from = (2 * part + side) * frame.samples;
        sound.copyTo(frame.data.subarray(from, from + frame.samples), { planeIndex: side, format: "f32-planar" });
      }
      frame.left--;
    }
    sound.close();
    while (this.waiting[0]?.left === 0) {
      const done = this.waiting.shift();
      this.first++;
      done?.deliver(done.data, done.samples);
    }
  }

  close() {
    for (const decoder of this.decoders) if (decoder.state !== "closed") decoder.close();
  }
}

/** @param {number} parts @returns {Promise<Decoder>} */
async function openWasm(parts) {
  await import(new URL("../vendor/opus-decoder.js", import.meta.url).href);
  const { OpusDecoder } = /** @type {any} */ (globalThis)["opus-decoder"];
  const decoders = Array.from({ length: parts }, () => new OpusDecoder({ channels: 2, preSkip: 0 }));
  await Promise.all(decoders.map((decoder) => decoder.ready));
  return {
    decode(packets, deliver) {
      const decoded = packets.map((packet, part) => decoders[part].decodeFrame(packet));
      const samples = decoded[0]?.samplesDecoded ?? 0;
      const data = new Float32Array(2 * samples * packets.length);
      decoded.forEach(({ channelData }, part) => [0, 1].forEach((side) => data.set(channelData[side].subarray(0, samples), (2 * part + side) * samples)));
      deliver(data, samples);
    },
    close: () => decoders.forEach((decoder) => decoder.free()),
  };
}
