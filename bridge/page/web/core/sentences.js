/** Sentences that RooAroo understands, to press; tests hold them to presets/voice_sentences.yaml and voice.yaml. Pure. */

/** @type {readonly (readonly [string, readonly string[]])[]} */
export const EXAMPLES = [
  ["New parts", ["give me a funk bass line", "make me a house beat", "add a pad", "give me three takes of a funk bass", "like the last one but sparser"]],
  ["Change what is there", ["make the bass a bit simpler", "more swing", "make bars five to eight darker"]],
  ["Takes", ["again", "go back", "keep it", "undo"]],
  ["The mixer", ["mix it", "turn the drums down a bit", "mute the bass", "solo the drums"]],
  ["The set", ["a bit faster", "set the key to D minor", "delete scene three"]],
  ["Songs", ["write a three minute rock song"]],
  ["Talking", ["what next", "what do you know about me"]],
];

/** @type {Readonly<Record<string, string>>} */
const DONE = {
  generate: "New clip",
  band: "Band",
  song: "Song",
  refine: "Change",
  refine_several: "Change",
  mix: "Mix",
  split: "Split",
  imagine: "Imagine",
  analyze: "Analyse",
  undo: "Undo",
  redo: "Redo",
  act: "Change of the set",
  edit: "Edit",
};

/**
 * What a sentence was understood as, in a word or two; empty where the answer says it all.
 * @param {string} done the outcome's `do`
 */
export const intentWords = (done) => DONE[done] ?? "";

/**
 * How surely a sentence was heard, in words.
 * @param {number} confidence 0 to 1
 */
export function sureness(confidence) {
  const percent = `${Math.round(100 * confidence)} %`;
  return confidence >= 0.85 ? `heard clearly, ${percent}` : confidence >= 0.6 ? `heard, ${percent} sure` : `heard with doubt, ${percent} sure`;
}
