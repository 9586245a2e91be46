/** Stands behind the player in tests: hands on all that is heard, in pieces of 128 samples. */
class Tap extends AudioWorkletProcessor {
  process([input], [output]) {
    const piece = input[0] ?? new Float32Array(128);
    this.port.postMessage({ left: piece.slice(), time: currentTime });
    input.forEach((channel, number) => output[number]?.set(channel));
    return true;
  }
}
registerProcessor("tap", Tap);
