// The script of MuseAroo's devices. Made by tools/workshop/device_builder from max_for_live; do not edit.

var WIRE = {
  "wireVersion": 9,
  "noText": "-",
  "refusals": {
    "bad_message": 1,
    "wrong_token": 2,
    "wrong_version": 3,
    "unknown_session": 4,
    "no_live": 5,
    "several_lives": 6,
    "gone": 7,
    "slot_filled": 8,
    "wrong_track": 9,
    "expired": 10,
    "unsupported": 11,
    "not_mine": 12,
    "live_error": 13,
    "bad_parameter": 14,
    "engine_failed": 15,
    "cancelled": 16,
    "live_lost": 17,
    "live_busy": 18,
    "too_many": 19,
    "not_heard": 20
  },
  "liveStates": {
    "away": 0,
    "ready": 1,
    "busy": 2
  },
  "sent": {
    "/roo/hello": [{"name": "instance", "type": "s", "low": 0, "high": 64}, {"name": "reply_port", "type": "i", "low": 1024, "high": 65535}, {"name": "wire_version", "type": "i", "low": 0, "high": 2147483647}, {"name": "live_version", "type": "s", "low": 0, "high": 32}, {"name": "set_name", "type": "s", "low": 0, "high": 255}, {"name": "sample_rate", "type": "i", "low": 0, "high": 768000}, {"name": "number", "type": "i", "low": 1, "high": 2147483647}, {"name": "proof_1", "type": "i", "low": -2147483648, "high": 2147483647}, {"name": "proof_2", "type": "i", "low": -2147483648, "high": 2147483647}, {"name": "proof_3", "type": "i", "low": -2147483648, "high": 2147483647}, {"name": "proof_4", "type": "i", "low": -2147483648, "high": 2147483647}],
    "/roo/bye": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}],
    "/roo/beat": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}],
    "/roo/generate": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "engine", "type": "s", "low": 0, "high": 64}, {"name": "style", "type": "s", "low": 0, "high": 32}, {"name": "bars", "type": "i", "low": 1, "high": 64}, {"name": "seed", "type": "i", "low": -1, "high": 2147483647}, {"name": "complexity", "type": "f", "low": 0.0, "high": 1.0}, {"name": "density", "type": "f", "low": 0.0, "high": 1.0}, {"name": "humanise", "type": "f", "low": 0.0, "high": 1.0}, {"name": "swing", "type": "f", "low": 0.0, "high": 3.5}, {"name": "key", "type": "s", "low": 0, "high": 32}, {"name": "options", "type": "s", "low": 0, "high": 200}, {"name": "track", "type": "i", "low": -1, "high": 9999}, {"name": "scene", "type": "i", "low": -1, "high": 9999}, {"name": "replace", "type": "i", "low": 0, "high": 1}, {"name": "chords", "type": "s", "low": 0, "high": 160}, {"name": "changes", "type": "s", "low": 0, "high": 160}, {"name": "takes", "type": "i", "low": 1, "high": 8}, {"name": "bpm", "type": "f", "low": 0.0, "high": 999.0}, {"name": "hear", "type": "i", "low": 0, "high": 1}, {"name": "to_played", "type": "s", "low": 0, "high": 16}],
    "/roo/refine": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "changes", "type": "s", "low": 0, "high": 200}, {"name": "style", "type": "s", "low": 0, "high": 32}, {"name": "first_bar", "type": "i", "low": 0, "high": 9999}, {"name": "last_bar", "type": "i", "low": 0, "high": 9999}, {"name": "vary_bars", "type": "i", "low": 0, "high": 64}, {"name": "take", "type": "i", "low": 0, "high": 9999}, {"name": "seed", "type": "i", "low": -1, "high": 2147483647}, {"name": "track", "type": "i", "low": -1, "high": 9999}, {"name": "scene", "type": "i", "low": -1, "high": 9999}, {"name": "replace", "type": "i", "low": 0, "high": 1}, {"name": "takes", "type": "i", "low": 1, "high": 8}, {"name": "hear", "type": "i", "low": 0, "high": 1}],
    "/roo/song": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "style", "type": "s", "low": 0, "high": 32}, {"name": "form", "type": "s", "low": 0, "high": 64}, {"name": "seconds", "type": "f", "low": 15.0, "high": 600.0}, {"name": "seed", "type": "i", "low": -1, "high": 2147483647}, {"name": "complexity", "type": "f", "low": 0.0, "high": 1.0}, {"name": "key", "type": "s", "low": 0, "high": 32}, {"name": "where", "type": "i", "low": 0, "high": 1}],
    "/roo/mix": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "style", "type": "s", "low": 0, "high": 32}, {"name": "pinned", "type": "s", "low": 0, "high": 400}, {"name": "write", "type": "i", "low": 0, "high": 1}],
    "/roo/analyze": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "track", "type": "i", "low": -1, "high": 9999}, {"name": "scene", "type": "i", "low": -1, "high": 9999}, {"name": "deep", "type": "i", "low": 0, "high": 1}, {"name": "tempo", "type": "i", "low": 0, "high": 1}, {"name": "meter", "type": "i", "low": 0, "high": 1}, {"name": "scale", "type": "i", "low": 0, "high": 1}, {"name": "warp", "type": "i", "low": 0, "high": 1}, {"name": "locators", "type": "i", "low": 0, "high": 1}, {"name": "name", "type": "i", "low": 0, "high": 1}],
    "/roo/split": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "track", "type": "i", "low": -1, "high": 9999}, {"name": "scene", "type": "i", "low": -1, "high": 9999}, {"name": "backend", "type": "s", "low": 0, "high": 16}, {"name": "stems", "type": "i", "low": 4, "high": 6}, {"name": "mute", "type": "i", "low": 0, "high": 1}],
    "/roo/auto_split": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "track", "type": "i", "low": 0, "high": 9999}, {"name": "on", "type": "i", "low": 0, "high": 1}, {"name": "backend", "type": "s", "low": 0, "high": 16}, {"name": "stems", "type": "i", "low": 4, "high": 6}, {"name": "mute", "type": "i", "low": 0, "high": 1}],
    "/roo/imagine": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "prompt", "type": "s", "low": 0, "high": 600}, {"name": "bars", "type": "i", "low": 1, "high": 32}, {"name": "takes", "type": "i", "low": 1, "high": 8}, {"name": "seed", "type": "i", "low": -1, "high": 2147483647}, {"name": "backend", "type": "s", "low": 0, "high": 16}, {"name": "model", "type": "s", "low": 0, "high": 40}, {"name": "key", "type": "s", "low": 0, "high": 32}, {"name": "style", "type": "s", "low": 0, "high": 32}, {"name": "follow", "type": "i", "low": 0, "high": 1}, {"name": "use", "type": "i", "low": 0, "high": 2}, {"name": "source_track", "type": "i", "low": -1, "high": 9999}, {"name": "source_scene", "type": "i", "low": -1, "high": 9999}, {"name": "track", "type": "i", "low": -1, "high": 9999}, {"name": "scene", "type": "i", "low": -1, "high": 9999}, {"name": "replace", "type": "i", "low": 0, "high": 1}],
    "/roo/listen": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "file", "type": "s", "low": 0, "high": 120}, {"name": "bars", "type": "i", "low": 1, "high": 8}, {"name": "counter", "type": "i", "low": 0, "high": 2147483647}, {"name": "beat", "type": "i", "low": -1, "high": 1576800}, {"name": "hundredths", "type": "i", "low": 0, "high": 99}, {"name": "numerator", "type": "i", "low": 0, "high": 99}, {"name": "denominator", "type": "i", "low": 0, "high": 16}, {"name": "use", "type": "i", "low": 0, "high": 1}, {"name": "prompt", "type": "s", "low": 0, "high": 300}, {"name": "length", "type": "i", "low": 1, "high": 32}],
    "/roo/audition": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "on", "type": "i", "low": 0, "high": 1}, {"name": "track", "type": "i", "low": -1, "high": 9999}, {"name": "scene", "type": "i", "low": -1, "high": 9999}],
    "/roo/keep": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "bars", "type": "i", "low": -1, "high": 64}, {"name": "strength", "type": "f", "low": 0.0, "high": 1.0}, {"name": "track", "type": "i", "low": -1, "high": 9999}, {"name": "scene", "type": "i", "low": -1, "high": 9999}, {"name": "replace", "type": "i", "low": 0, "high": 1}],
    "/roo/jam": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "on", "type": "i", "low": 0, "high": 1}, {"name": "bars", "type": "i", "low": 1, "high": 16}, {"name": "who", "type": "s", "low": 0, "high": 64}, {"name": "style", "type": "s", "low": 0, "high": 32}, {"name": "complexity", "type": "f", "low": 0.0, "high": 1.0}, {"name": "seed", "type": "i", "low": -1, "high": 2147483647}],
    "/roo/midi/ask": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}],
    "/roo/undo": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}],
    "/roo/talk": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "held", "type": "i", "low": 0, "high": 2}],
    "/roo/say": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "text", "type": "s", "low": 0, "high": 300}],
    "/roo/arm": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "on", "type": "i", "low": 0, "high": 1}],
    "/roo/self_test": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "results", "type": "s", "low": 0, "high": 700}],
    "/roo/cancel": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/got": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "number", "type": "i", "low": 1, "high": 2147483647}]
  },
  "received": {
    "/roo/welcome": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "wire_version", "type": "i", "low": 0, "high": 2147483647}, {"name": "daemon_version", "type": "s", "low": 0, "high": 32}, {"name": "live", "type": "i", "low": 0, "high": 2}, {"name": "captures", "type": "s", "low": 0, "high": 600}, {"name": "hello", "type": "i", "low": 0, "high": 2147483647}, {"name": "proof_1", "type": "i", "low": -2147483648, "high": 2147483647}, {"name": "proof_2", "type": "i", "low": -2147483648, "high": 2147483647}, {"name": "proof_3", "type": "i", "low": -2147483648, "high": 2147483647}, {"name": "proof_4", "type": "i", "low": -2147483648, "high": 2147483647}],
    "/roo/got": [{"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/done": [{"name": "number", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "milliseconds", "type": "f", "low": 0.0, "high": 1000000000.0}, {"name": "composed_ms", "type": "f", "low": 0.0, "high": 1000000000.0}, {"name": "live_ms", "type": "f", "low": 0.0, "high": 1000000000.0}, {"name": "notes", "type": "i", "low": 0, "high": 2147483647}, {"name": "track", "type": "i", "low": -1, "high": 9999}, {"name": "scene", "type": "i", "low": -1, "high": 9999}, {"name": "name", "type": "s", "low": 0, "high": 255}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/found": [{"name": "number", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "depth", "type": "i", "low": 0, "high": 2}, {"name": "milliseconds", "type": "f", "low": 0.0, "high": 1000000000.0}, {"name": "tempo", "type": "f", "low": 0.0, "high": 999.0}, {"name": "tempo_confidence", "type": "f", "low": 0.0, "high": 1.0}, {"name": "numerator", "type": "i", "low": 0, "high": 99}, {"name": "denominator", "type": "i", "low": 0, "high": 16}, {"name": "meter_confidence", "type": "f", "low": 0.0, "high": 1.0}, {"name": "key", "type": "s", "low": 0, "high": 64}, {"name": "key_confidence", "type": "f", "low": 0.0, "high": 1.0}, {"name": "written", "type": "i", "low": 0, "high": 1}, {"name": "sentence", "type": "s", "low": 0, "high": 600}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/answer": [{"name": "number", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "milliseconds", "type": "f", "low": 0.0, "high": 1000000000.0}, {"name": "asks", "type": "i", "low": 0, "high": 1}, {"name": "heard", "type": "s", "low": 0, "high": 300}, {"name": "sentence", "type": "s", "low": 0, "high": 600}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/failed": [{"name": "number", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "code", "type": "i", "low": 1, "high": 999}, {"name": "sentence", "type": "s", "low": 0, "high": 600}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/progress": [{"name": "press", "type": "i", "low": 0, "high": 2147483647}, {"name": "fraction", "type": "f", "low": 0.0, "high": 1.0}, {"name": "sentence", "type": "s", "low": 0, "high": 600}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/level": [{"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "level", "type": "f", "low": 0.0, "high": 1.0}, {"name": "words", "type": "s", "low": 0, "high": 300}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/please": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "control", "type": "s", "low": 0, "high": 16}, {"name": "value", "type": "i", "low": 0, "high": 99}],
    "/roo/told": [{"name": "press", "type": "i", "low": 0, "high": 2147483647}, {"name": "code", "type": "i", "low": 0, "high": 999}, {"name": "sentence", "type": "s", "low": 0, "high": 600}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/beat": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "live", "type": "i", "low": 0, "high": 2}],
    "/roo/refused": [{"name": "code", "type": "i", "low": 1, "high": 999}, {"name": "sentence", "type": "s", "low": 0, "high": 600}],
    "/roo/facts": [{"name": "tempo", "type": "f", "low": 20.0, "high": 999.0}, {"name": "numerator", "type": "i", "low": 1, "high": 99}, {"name": "denominator", "type": "i", "low": 1, "high": 16}, {"name": "key", "type": "s", "low": 0, "high": 64}, {"name": "chords", "type": "s", "low": 0, "high": 120}, {"name": "live", "type": "i", "low": 0, "high": 2}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/midi": [{"name": "clock", "type": "s", "low": 0, "high": 8}, {"name": "running", "type": "i", "low": 0, "high": 1}, {"name": "bpm", "type": "f", "low": 0.0, "high": 999.0}, {"name": "input", "type": "i", "low": 0, "high": 2}, {"name": "held", "type": "s", "low": 0, "high": 32}, {"name": "played", "type": "i", "low": 0, "high": 64}, {"name": "heard", "type": "s", "low": 0, "high": 255}, {"name": "turn", "type": "i", "low": 0, "high": 3}, {"name": "bar", "type": "i", "low": 0, "high": 16}, {"name": "who", "type": "s", "low": 0, "high": 96}, {"name": "sentence", "type": "s", "low": 0, "high": 300}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}]
  }
};

var DEVICE = {
  "version": "0.1.0",
  "choices": {
    "song_to": ["Scenes", "Timeline"],
    "song_length": ["1:00", "2:00", "3:00", "4:00", "5:00"],
    "style": ["Auto style", "afrobeat", "ambient", "ballad", "blues", "bossa nova", "cinematic", "classical", "country", "deep house", "disco", "drill", "drum and bass", "dub", "dubstep", "folk", "funk", "hip-hop", "house", "jazz swing", "lo-fi", "metal", "pop", "R&B", "reggae", "rock", "salsa", "soul", "techno", "trance", "trap"],
    "key_root": ["Set key", "C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"],
    "key_mode": ["Major", "Minor", "Dorian", "Phrygian", "Lydian", "Mixolydian", "Locrian"],
    "bars": ["1 bar", "2 bars", "4 bars", "8 bars", "12 bars", "16 bars", "24 bars", "32 bars"],
    "where": ["Own track", "This track", "Replace"],
    "analyse_for": ["Look", "Warp", "Set"],
    "listen_bars": ["1 bar", "2 bars", "4 bars", "8 bars"],
    "listen_for": ["To analyse", "To continue"],
    "imagine_from": ["From words", "Clip's tune", "Clip's end"],
    "imagine_with": ["Best model", "MusicGen", "Stable Audio", "Sketch"],
    "keep_bars": ["Last phrase", "1 bar", "2 bars", "4 bars", "8 bars", "16 bars", "32 bars"],
    "keep_tight": ["As is", "Half", "Tight"],
    "to_played": ["Nothing special", "Answer it", "Continue it", "Add thirds", "Add sixths", "Four parts", "Accompany it"],
    "jam_bars": ["1 bar each", "2 bars each", "4 bars each", "8 bars each", "16 bars each"],
    "jam_with": ["RooAroo", "Drums", "Bass", "Chords", "Melody", "Atmos"]
  },
  "initial": {
    "song_to": 0,
    "song_length": 2,
    "style": 0,
    "key_root": 0,
    "key_mode": 1,
    "bars": 3,
    "where": 0,
    "complexity": 50,
    "density": 50,
    "swing": 0,
    "humanise": 50,
    "analyse_for": 0,
    "auto_split": 0,
    "listen_bars": 2,
    "listen_for": 0,
    "imagine_from": 0,
    "imagine_with": 0,
    "hear": 0,
    "keep_bars": 0,
    "keep_tight": 2,
    "to_played": 0,
    "jam": 0,
    "jam_bars": 2,
    "jam_with": 0,
    "talk_face": 0,
    "talk_latch": 0,
    "talk_arm": 0
  },
  "labels": {
    "band": "Band",
    "drums": "Drums",
    "bass": "Bass",
    "harmony": "Chords",
    "song": "Song",
    "melody": "Melody",
    "atmos": "Atmosphere",
    "mix": "Mix",
    "again": "Again",
    "undo": "Undo",
    "simpler": "Simpler",
    "busier": "Busier",
    "cancel": "Cancel",
    "analyse": "Analyse",
    "split": "Split",
    "listen": "Listen",
    "imagine": "Imagine",
    "keep": "Keep",
    "drop": "Drop",
    "talk": "Talk",
    "self_test": "Self-test"
  },
  "lamps": [["bgfillcolor", 0.9, 0.27, 0.24, 1.0], ["bgfillcolor", 0.95, 0.76, 0.2, 1.0], ["bgfillcolor", 0.35, 0.78, 0.38, 1.0], ["bgfillcolor", 0.36, 0.68, 0.96, 1.0]]
};

// texts.js
// Every sentence that the device itself says. What the daemon says comes whole and is shown as it is.
var Texts = (function () {
  var START = "start it with \u201cmusearoo run\u201d in a terminal";

  // The choice with which a press needs no track of its own, as the menu calls it.
  var OWN_TRACK = "choose \u201c" + DEVICE.choices.where[0] + "\u201d.";

  /** Milliseconds as a musician reads them: "23 ms", "1.4 s". */
  function duration(milliseconds) {
    if (milliseconds < 1000) {
      return Math.round(milliseconds) + " ms";
    }
    return (Math.round(milliseconds / 100) / 10) + " s";
  }

  // Whom the beat follows, as the wire has it.
  var CLOCKS = { live: "Live", midi: "MIDI", link: "Link", own: "Own" };

  function named(name, milliseconds) {
    return name + ", " + duration(milliseconds);
  }

  return {
    looking: "Looking for the MuseAroo daemon \u2026",
    noDaemon: "No MuseAroo daemon: " + START + ".",
    offline: "Offline: the MuseAroo daemon does not answer. If it was stopped, " + START + ".",
    noKey: "The device may not read MuseAroo\u2019s key file: start the daemon (\u201cmusearoo run\u201d), or run \u201cmusearoo doctor\u201d.",
    noScript: "Live's script is away: choose MuseAroo as a control surface in Live's settings (Link, Tempo & MIDI).",
    liveBusy: "Live is busy: is a menu or a dialog open?",
    ready: "Ready.",

    broken: function (fault) {
      return "Something went wrong inside the device (" + fault + "): press again, or load the device anew.";
    },

    working: function (label) { return label + " \u2026"; },
    waiting: function (label) { return label + ": offline, the MuseAroo daemon does not answer. Trying again \u2026"; },
    givenUp: function (label) { return label + ": given up. No MuseAroo daemon: " + START + "."; },
    tooMany: function (most) { return most + " presses are under way: wait for one to end, or cancel it."; },
    done: function (label, name, milliseconds) {
      return label + ": " + (name ? named(name, milliseconds) : duration(milliseconds));
    },
    named: named,
    ended: function (label) { return label + ": ended."; },
    cancelled: function (label) { return label + ": cancelled."; },
    cancelling: function (label) { return label + ": cancelling \u2026"; },
    nothingToCancel: "Nothing is under way.",

    nowhere: "Live does not say on which track this device sits: press again, or " + OWN_TRACK,
    noSlots: "This device sits on a return or on the Main track, which has no clips: " + OWN_TRACK,
    frozen: function (number) { return "Track " + number + " is frozen: unfreeze it, or " + OWN_TRACK; },

    talkButton: "Talk",
    answerButton: "Answer",
    talking: "Talk: listening \u2026 let go when you have said it.",
    listening: function (words) { return "Listening: " + words + " \u2026"; },
    talkOffline: "Talk: nobody listens, there is no MuseAroo daemon: " + START + ".",
    talkCut: "Talk was cut off, the daemon went away: hold Talk and say it again.",
    understanding: function (heard) { return "Talk: understanding " + (heard ? heard + " " : "") + "\u2026"; },
    quoted: function (words) { return "\u201c" + words + "\u201d"; },
    answered: function (heard, sentence) { return heard + ": " + sentence; },
    followed: function (announced, done) { return announced + " \u2013 " + done; },
    asked: function (sentence) { return sentence + " Answer with Talk."; },

    armOn: "Arm: the microphone stays open, so that Talk has the half second before it. Nothing older is kept.",
    armOff: "Arm is off: the microphone is open only while you talk.",
    armOffline: "Arm: the microphone opens once there is a MuseAroo daemon: " + START + ".",

    noRing: "Only the audio device hears its track: put \u201cMuseAroo\u201d on an audio track to listen.",
    noCaptures: "Listen needs the MuseAroo daemon, which is not there: " + START + ", then press again.",
    noCaptureFolder: "The daemon has no folder to put what is heard into: run \u201cmusearoo doctor\u201d to see why.",
    ringBusy: "Listen is still writing what it heard: press again in a moment.",
    ringFailed: "Listen: Max did not write what was heard. Is the disk full? Then press again.",

    autoSplitOn: function (number) { return "Auto-split: audio clips that come onto track " + number + " are split."; },
    autoSplitOff: "Auto-split is off.",
    noArrivals: "Auto-split: no clips come onto a return or the Main track. Put the device on an audio track.",

    heard: function (name) { return name + ". Keep writes it, Drop forgets it."; },
    heardNow: function (name) { return "Heard: " + name; },
    barsToKeep: function (bars) {
      return bars ? bars + (bars === 1 ? " bar" : " bars") + " to keep" : "Nothing to keep yet";
    },
    jam: "Jam",
    noJam: "No jam",
    jamAwaited: "Jam: from the next bar",
    yourTurn: function (bar) { return "Your turn, bar " + bar; },
    theirTurn: function (players, bar) { return (players || "MuseAroo") + ", bar " + bar; },
    noInput: "no input",
    notesCome: "notes",
    // Whole beats a minute: each text that Max has ever shown stays in its memory.
    clock: function (source, isRunning, bpm) {
      if (!source) {
        return "MIDI is off";
      }
      var name = CLOCKS.hasOwnProperty(source) ? CLOCKS[source] : source;
      return name + (!isRunning ? " stopped" : bpm ? " " + Math.round(bpm) + " BPM" : "");
    },

    testing: "Self-test \u2026",
    testedAlone: function (works, all) {
      return "Self-test: " + works + " of " + all + " checks work, but there is no MuseAroo daemon: " + START + ".";
    },

    daemon: function (version, port) { return "daemon " + version + " on " + port; },
    absent: "no daemon",
    notKnown: "\u2013",
    tempo: function (tempo, numerator, denominator) {
      return (Math.round(tempo * 100) / 100) + " BPM " + numerator + "/" + denominator;
    }
  };
}());

// words.js
// Values and texts as the wire wants them: the arguments of a message by its row in WIRE, both ways. Pure.
var Words = (function () {
  // Stands for half a letter, which UTF-8 cannot hold.
  var UNKNOWN = "\uFFFD";

  // Stand for words that there is no room for, behind and before the others.
  var MORE = " \u2026", EARLIER = "\u2026 ";

  function isNumber(value) {
    return typeof value === "number" && isFinite(value);
  }

  /** `value` as a number within low..high; `fallback` where it is none. */
  function bound(value, low, high, fallback) {
    var number = isNumber(value) ? value : fallback;
    return Math.min(high, Math.max(low, number));
  }

  /** A whole number within low..high. */
  function whole(value, low, high, fallback) {
    return Math.round(bound(value, low, high, fallback));
  }

  /** The letters of a text, those of two code units whole. */
  function letters(text) {
    return String(text).match(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[^]/g) || [];
  }

  function isHalf(letter) {
    return letter.length === 1 && letter >= "\uD800" && letter <= "\uDFFF";
  }

  function bytesOf(letter) {
    return letter.length === 2 ? 4 : letter < "\u0080" ? 1 : letter < "\u0800" ? 2 : 3;
  }

  /** The start of `text` within `most` bytes of UTF-8: no letter is cut in two, no zero byte is kept. */
  function cut(text, most) {
    var all = letters(text), kept = "", size = 0;
    for (var i = 0; i < all.length; i++) {
      var letter = isHalf(all[i]) ? UNKNOWN : all[i];
      size += bytesOf(letter);
      if (size > most) {
        break;
      }
      kept += letter;
    }
    return kept.replace(/\0/g, "");
  }

  /** `text`, or as many of its first words as fit into `most` letters, and a mark that there are more. */
  function head(text, most) {
    var room = most - MORE.length, space = text.lastIndexOf(" ", room);
    return text.length <= most ? text : text.slice(0, space > 0 ? space : room) + MORE;
  }

  /** `text`, or a mark that there are more and as many of its last words as fit into `most` letters. */
  function tail(text, most) {
    var from = text.length - most + MORE.length, space = text.indexOf(" ", from - 1);
    return text.length <= most ? text : EARLIER + text.slice(space < 0 ? from : space + 1);
  }

  function written(row, value) {
    if (row.type === "s") {
      // Max may lose an empty text on its way.
      return cut(value === undefined ? "" : value, row.high) || WIRE.noText;
    }
    return (row.type === "i" ? whole : bound)(value, row.low, row.high, row.low);
  }

  /** The message `[address, argument, \u2026]` of `values` by name: texts are cut, numbers bounded, so it is legal. */
  function write(address, values) {
    var rows = WIRE.sent[address], message = [address];
    for (var i = 0; i < rows.length; i++) {
      message.push(written(rows[i], values[rows[i].name]));
    }
    return message;
  }

  /** The values by name of a message that the daemon sent; null where it is not as the table has it. */
  function read(address, args) {
    var rows = WIRE.received.hasOwnProperty(address) ? WIRE.received[address] : null;
    if (!rows || args.length !== rows.length) {
      return null;
    }
    var values = {};
    for (var i = 0; i < rows.length; i++) {
      var row = rows[i], value = args[i];
      if (row.type === "s") {
        // Max may have made a number of a text that looks like one.
        if (typeof value !== "string" && !isNumber(value)) {
          return null;
        }
        value = String(value) === WIRE.noText ? "" : String(value);
        if (cut(value, row.high).length < value.length) {
          return null;
        }
      } else if (!isNumber(value) || value < row.low || value > row.high) {
        return null;
      } else if (row.type === "i" && value !== Math.floor(value)) {
        return null;
      }
      values[row.name] = value;
    }
    return values;
  }

  return { isNumber: isNumber, bound: bound, whole: whole, cut: cut, head: head, tail: tail, write: write, read: read };
}());

// settings.js
// What the menus, dials and the prompt say, and what that means on the wire. Pure.
var Settings = (function () {
  // Choices whose words mean something here; the menus hold them in this order.
  var WHERE = { own: 0, here: 1, replace: 2 };
  var ANALYSE_FOR = { look: 0, clip: 1, set: 2 };
  var IMAGINE_FROM = { words: 0, tune: 1, end: 2 };
  var BACKENDS = ["", "musicgen", "stable-audio", "sketch"];
  var TO_PLAYED = ["", "answer", "continue", "thirds", "sixths", "four parts", "accompany"];
  var JAM_WITH = ["", "drummaroo", "bassaroo", "harmonyroo", "melodyroo", "atmosroo"];

  // What Keep takes on the wire when it is to take the last phrase, not so many bars.
  var LAST_PHRASE = -1;

  // Long to short: a dial at 1 % is straight, at 100 % three to one.
  var STRAIGHT = 1, HEAVIEST = 3;

  /** The settings as a new device has them. */
  function create() {
    var values = { prompt: "" };
    for (var name in DEVICE.initial) {
      if (DEVICE.initial.hasOwnProperty(name)) {
        values[name] = DEVICE.initial[name];
      }
    }
    return values;
  }

  /** Whether `name` is a control that only sets something; its value is taken then. */
  function take(settings, name, args) {
    if (name === "prompt") {
      // The field says `text` before what stands in it.
      var words = args[0] === "text" ? args.slice(1) : args;
      settings.prompt = Words.cut(words.join(" "), 600);
      return true;
    }
    if (!DEVICE.initial.hasOwnProperty(name)) {
      return false;
    }
    if (Words.isNumber(args[0])) {
      settings[name] = args[0];
    }
    return true;
  }

  /** Which choice of a menu stands, counted from 0. */
  function index(settings, menu) {
    return Words.whole(settings[menu], 0, DEVICE.choices[menu].length - 1, 0);
  }

  /** The words of a menu's choice. */
  function choice(settings, menu) {
    return DEVICE.choices[menu][index(settings, menu)];
  }

  /** The number that a menu's choice is. */
  function number(settings, menu) {
    return parseInt(choice(settings, menu), 10);
  }

  /** Name of the style, "" for the one that suits. */
  function style(settings) {
    return index(settings, "style") ? choice(settings, "style") : "";
  }

  /** Key such as "A Minor", "" for the set's. */
  function key(settings) {
    return index(settings, "key_root") ? choice(settings, "key_root") + " " + choice(settings, "key_mode") : "";
  }

  /** What a dial in per cent says, 0..1. */
  function share(settings, dial) {
    return Words.bound(settings[dial], 0, 100, 50) / 100;
  }

  /** Long to short, 0 for as the set and the style have it. */
  function swing(settings) {
    var percent = Words.bound(settings.swing, 0, 100, 0);
    return percent < 0.5 ? 0 : STRAIGHT + (Math.max(1, percent) - 1) / 99 * (HEAVIEST - STRAIGHT);
  }

  /** Length of a song in seconds, from a choice such as "3:00". */
  function seconds(settings) {
    var parts = choice(settings, "song_length").split(":");
    return parseInt(parts[0], 10) * 60 + parseInt(parts[1], 10);
  }

  /** How many of the last bars Keep takes. */
  function keptBars(settings) {
    return index(settings, "keep_bars") ? number(settings, "keep_bars") : LAST_PHRASE;
  }

  return {
    WHERE: WHERE,
    ANALYSE_FOR: ANALYSE_FOR,
    IMAGINE_FROM: IMAGINE_FROM,
    create: create,
    take: take,
    index: index,
    number: number,
    style: style,
    key: key,
    share: share,
    swing: swing,
    seconds: seconds,
    keptBars: keptBars,
    backend: function (settings) { return BACKENDS[index(settings, "imagine_with")]; },
    /** How far Keep moves what was played to the beat, 0..1. */
    tightness: function (settings) { return index(settings, "keep_tight") / (DEVICE.choices.keep_tight.length - 1); },
    /** What is played to what was played in, "" for nothing. */
    toPlayed: function (settings) { return TO_PLAYED[index(settings, "to_played")]; },
    /** Who answers in the jam, "" where RooAroo decides. */
    jamWith: function (settings) { return JAM_WITH[index(settings, "jam_with")]; },
    /** What the player of the wire's name is called in the jam's menu; the name itself where it is not there. */
    player: function (engine) {
      var place = JAM_WITH.indexOf(engine);
      return place > 0 ? DEVICE.choices.jam_with[place] : engine;
    }
  };
}());

// face.js
// What the device shows. Only what changed is sent, so that nothing is drawn twice and no text is made for nothing.
var Face = (function () {
  var LAMP = { off: 0, alone: 1, ready: 2, working: 3 };

  // Ten a second is as fast as the eye follows a bar.
  var PROGRESS_EVERY = 100;

  // A bar that begins here is seen to have begun.
  var BEGUN = 30;

  // Letters that the two lines of the status have room for, and milliseconds in which they are read.
  var SENTENCE_SHOWN = 120, READ_WITHIN = 4000;

  // Letters that the line of facts has room for, and what stands for what has none.
  var CHORDS_SHOWN = 14, MORE = " \u2026";

  // Letters of a take's name, and of those who play in the jam, that their lines have room for.
  var TAKE_SHOWN = 20, PLAYERS_SHOWN = 20;

  // What `input` and `turn` say in what the daemon tells of live MIDI.
  var NO_INPUT = 0, NOTES_CAME = 2;
  var TURN = { none: 0, awaited: 1, player: 2, band: 3 };

  /** A face of which nothing has been shown yet. */
  function create() {
    return { shown: {}, said: "", pages: [""], page: 0, turnedAt: 0, bar: 0, barShownAt: -PROGRESS_EVERY };
  }

  /** Sends what is to be seen of `what`, unless that is seen already. */
  function showAs(device, what, control, message) {
    var text = message.join(" ");
    if (device.face.shown[what] !== text) {
      device.face.shown[what] = text;
      device.send(0, [control].concat(message));
    }
  }

  function show(device, control, message) {
    showAs(device, control, control, message);
  }

  /** Shows a text: the status or one of the texts about the set. */
  function say(device, control, text) {
    show(device, control, ["set", text]);
  }

  /** A sentence in pages that the status line has room for, cut between words. */
  function paginate(sentence) {
    var pages = [], rest = sentence, room = SENTENCE_SHOWN - MORE.length;
    while (rest.length > SENTENCE_SHOWN) {
      var space = rest.lastIndexOf(" ", room), end = space > MORE.length ? space : room;
      pages.push(rest.slice(0, end) + MORE);
      rest = "\u2026 " + rest.slice(end).replace(/^ /, "");
    }
    return pages.concat(rest);
  }

  /** The status line; `face.said` is what it says. What to do stands last, so a long sentence is shown page by page. */
  function status(device, sentence) {
    var face = device.face;
    if (face.said !== sentence) {
      face.said = sentence;
      face.pages = paginate(sentence);
      face.page = 0;
      face.turnedAt = device.now;
    }
    say(device, "status", face.pages[face.page]);
  }

  function turnPage(device) {
    var face = device.face;
    if (face.pages.length > 1 && device.now - face.turnedAt >= READ_WITHIN) {
      face.page = (face.page + 1) % face.pages.length;
      face.turnedAt = device.now;
      status(device, face.said);
    }
  }

  /** How far what is under way is, 0..1; null where nothing is. Shown now or, soon after another, at a later tick. */
  function progress(device, fraction) {
    device.face.bar = fraction === null ? 0 : Math.max(BEGUN, Math.round(fraction * 1000));
    // That it begins and that it ends is shown at once.
    if (fraction === null || device.face.shown.progress === "0") {
      showBar(device);
    } else {
      showBarInTime(device);
    }
  }

  function showBar(device) {
    device.face.barShownAt = device.now;
    show(device, "progress", [device.face.bar]);
  }

  function showBarInTime(device) {
    if (device.now - device.face.barShownAt >= PROGRESS_EVERY) {
      showBar(device);
    }
  }

  /** Time goes on: shows progress that had to wait, and the next page of a long sentence. */
  function tick(device) {
    showBarInTime(device);
    turnPage(device);
  }

  /** One of the states of LAMP; the table of the device says how each looks. */
  function lamp(device, state) {
    show(device, "lamp", DEVICE.lamps[state]);
  }

  /** Whether Talk is lit. */
  function talk(device, isHeld) {
    show(device, "talk_face", ["set", isHeld ? 1 : 0]);
  }

  /** What stands on Talk: that it is Talk, or that an answer is awaited. */
  function nameTalk(device, isAsked) {
    showAs(device, "talk_name", "talk_face", ["text", isAsked ? Texts.answerButton : Texts.talkButton]);
  }

  /** As many chords as there is room for, each whole: Em9 cut to Em would be another chord. */
  function fitChords(chords) {
    var all = chords.split(" "), shown = all[0];
    for (var i = 1; i < all.length; i++) {
      var longer = shown + " " + all[i], isLast = i === all.length - 1;
      if (longer.length + (isLast ? 0 : MORE.length) > CHORDS_SHOWN) {
        return shown + MORE;
      }
      shown = longer;
    }
    return shown;
  }

  /** What is known of the set; null where nothing is. */
  function facts(device, known) {
    say(device, "tempo", known ? Texts.tempo(known.tempo, known.numerator, known.denominator) : Texts.notKnown);
    say(device, "key", known && known.key || Texts.notKnown);
    say(device, "chords", known && fitChords(known.chords) || Texts.notKnown);
  }

  function held(live) {
    return live.held || (live.input === NO_INPUT ? Texts.noInput
      : live.input === NOTES_CAME ? Texts.notesCome : Texts.notKnown);
  }

  function toKeep(live) {
    return live.heard ? Texts.heardNow(Words.head(live.heard, TAKE_SHOWN)) : Texts.barsToKeep(live.played);
  }

  function turnOf(live) {
    switch (live.turn) {
    case TURN.awaited: return Texts.jamAwaited;
    case TURN.player: return Texts.yourTurn(live.bar);
    case TURN.band: return Texts.theirTurn(Words.head(players(live.who), PLAYERS_SHOWN), live.bar);
    }
    return Texts.noJam;
  }

  function players(who) {
    return who.split(/, */).map(Settings.player).join(", ");
  }

  /** How live MIDI is, as the daemon tells it; null where nothing is known of it. */
  function along(device, live) {
    var isThere = live !== null && live.clock !== "";
    say(device, "clock", live === null ? Texts.notKnown : Texts.clock(live.clock, live.running, live.bpm));
    say(device, "held", isThere ? held(live) : Texts.notKnown);
    say(device, "to_keep", isThere ? toKeep(live) : Texts.notKnown);
    say(device, "turn", isThere ? turnOf(live) : Texts.notKnown);
  }

  return {
    LAMP: LAMP, create: create, say: say, status: status, progress: progress, tick: tick, lamp: lamp,
    talk: talk, nameTalk: nameTalk, facts: facts, along: along
  };
}());

// orders.js
// What each button asks of the daemon: its message by the settings and the place, or a sentence why nothing is sent.
var Orders = (function () {
  var ENGINES = {
    drums: "drummaroo", bass: "bassaroo", harmony: "harmonyroo", melody: "melodyroo", atmos: "atmosroo", band: "band"
  };

  // Words that the daemon knows as changes of a clip; they are the buttons' names, too.
  var AGAIN = "again", CHANGES = { again: true, simpler: true, busier: true };

  // Bytes of all changes together that the wire has room for.
  var LONGEST_CHANGES = 160;

  // The daemon takes no longer loops.
  var LONGEST_LOOP = 32;

  function asked(address, values) {
    return { address: address, values: values, problem: "" };
  }

  function refused(sentence) {
    return { address: "", values: {}, problem: sentence };
  }

  /** Where a clip is to go: {track, scene, replace}, or {problem}. */
  function target(settings, live) {
    var where = Settings.index(settings, "where");
    if (where === Settings.WHERE.own) {
      return { track: -1, scene: live.scene(), replace: 0, problem: "" };
    }
    var track = live.track();
    if (track.index === null) {
      return { problem: Texts.nowhere };
    }
    if (track.index < 0) {
      return { problem: Texts.noSlots };
    }
    if (track.isFrozen) {
      return { problem: Texts.frozen(track.index + 1) };
    }
    return {
      track: track.index, scene: live.scene(), replace: where === Settings.WHERE.replace ? 1 : 0, problem: ""
    };
  }

  function generate(settings, live, engine) {
    var to = target(settings, live);
    if (to.problem) {
      return refused(to.problem);
    }
    return asked("/roo/generate", {
      engine: engine,
      style: Settings.style(settings),
      bars: Settings.number(settings, "bars"),
      seed: -1,
      complexity: Settings.share(settings, "complexity"),
      density: Settings.share(settings, "density"),
      humanise: Settings.share(settings, "humanise"),
      swing: Settings.swing(settings),
      key: Settings.key(settings),
      options: "",
      track: to.track,
      scene: to.scene,
      replace: to.replace,
      chords: "",
      changes: "",
      takes: 1,
      bpm: 0,
      hear: settings.hear ? 1 : 0,
      to_played: Settings.toPlayed(settings)
    });
  }

  /** All that was changed so far and the change too; the oldest are left out where there is no room for them. */
  function withChange(changes, change) {
    var all = changes ? changes + ", " + change : change;
    while (all.length > LONGEST_CHANGES) {
      all = all.slice(all.indexOf(", ") + 2);
    }
    return all;
  }

  /** Another take in place of the one that is heard, which stands nowhere in the set. */
  function another(take, change) {
    var values = {};
    for (var name in take.values) {
      if (take.values.hasOwnProperty(name)) {
        values[name] = take.values[name];
      }
    }
    if (change !== AGAIN || take.address === "/roo/refine" && !values.changes) {
      values.changes = withChange(values.changes, change);
    }
    return asked(take.address, values);
  }

  /** Changes the clip that this device made last, if it is still there; else the one in Detail View. */
  function refine(settings, live, change, last) {
    var isThere = last !== null && live.clipName(last.track, last.scene) === last.name;
    return asked("/roo/refine", {
      changes: change,
      style: "",
      first_bar: 0,
      last_bar: 0,
      vary_bars: 0,
      take: 0,
      seed: -1,
      track: isThere ? last.track : -1,
      scene: isThere ? last.scene : -1,
      replace: Settings.index(settings, "where") === Settings.WHERE.replace ? 1 : 0,
      takes: 1,
      hear: settings.hear ? 1 : 0
    });
  }

  /** Writes what is heard, which goes where its own press said, or what was played. */
  function keep(settings, live, isHeard) {
    var to = isHeard ? { track: -1, scene: -1, replace: 0, problem: "" } : target(settings, live);
    if (to.problem) {
      return refused(to.problem);
    }
    return asked("/roo/keep", {
      bars: isHeard ? 0 : Settings.keptBars(settings),
      strength: Settings.tightness(settings),
      track: to.track,
      scene: to.scene,
      replace: to.replace
    });
  }

  function song(settings) {
    return asked("/roo/song", {
      style: Settings.style(settings),
      form: "",
      seconds: Settings.seconds(settings),
      seed: -1,
      complexity: Settings.share(settings, "complexity"),
      key: Settings.key(settings),
      where: Settings.index(settings, "song_to")
    });
  }

  /** Only looks, or writes what it finds: into the clip alone, or into the set too. */
  function analyze(settings, live) {
    var clip = live.clip(), writes = Settings.index(settings, "analyse_for");
    var intoClip = writes === Settings.ANALYSE_FOR.look ? 0 : 1, intoSet = writes === Settings.ANALYSE_FOR.set ? 1 : 0;
    return asked("/roo/analyze", {
      track: clip.track,
      scene: clip.scene,
      deep: 0,
      tempo: intoSet,
      meter: intoSet,
      scale: intoSet,
      warp: intoClip,
      locators: intoSet,
      name: intoClip
    });
  }

  function split(live) {
    var clip = live.clip();
    return asked("/roo/split", { track: clip.track, scene: clip.scene, backend: "", stems: 4, mute: 0 });
  }

  /** Without its prompt, which is asked for. */
  function imagine(settings, live) {
    var to = target(settings, live);
    if (to.problem) {
      return refused(to.problem);
    }
    var from = Settings.index(settings, "imagine_from");
    var source = from === Settings.IMAGINE_FROM.words ? { track: -1, scene: -1 } : live.clip();
    return asked("/roo/imagine", {
      prompt: "",
      bars: Math.min(LONGEST_LOOP, Settings.number(settings, "bars")),
      takes: 1,
      seed: -1,
      backend: Settings.backend(settings),
      model: "",
      key: Settings.key(settings),
      style: Settings.style(settings),
      follow: 1,
      use: from,
      source_track: source.track,
      source_scene: source.scene,
      track: to.track,
      scene: to.scene,
      replace: to.replace
    });
  }

  /** The order of a button: {address, values, problem}; null where the button is none of these.
   *
   * `made` is what came of earlier ones: `last`, the clip that was made last; `take`, the order of the take that is
   * heard; `isHeard`, whether one is heard at all.
   */
  function of(button, settings, live, made) {
    if (ENGINES.hasOwnProperty(button)) {
      return generate(settings, live, ENGINES[button]);
    }
    if (CHANGES.hasOwnProperty(button)) {
      return settings.hear && made.take ? another(made.take, button) : refine(settings, live, button, made.last);
    }
    switch (button) {
    case "song": return song(settings);
    case "mix": return asked("/roo/mix", { style: Settings.style(settings), pinned: "", write: 1 });
    case "undo": return asked("/roo/undo", {});
    case "keep": return keep(settings, live, made.isHeard);
    case "drop": return asked("/roo/audition", { on: 0, track: -1, scene: -1 });
    case "analyse": return analyze(settings, live);
    case "split": return split(live);
    case "imagine": return imagine(settings, live);
    }
    return null;
  }

  return { of: of };
}());

// place.js
// Where the device sits and what is chosen in Live, read at the moment of a press. LiveAPI answers only after `loaded`.
var Place = (function () {
  // Racks in racks: Live lets nobody nest them deeper than this.
  var DEEPEST = 32;

  /** The first number after `words` at the start of a path; -1 where the path is another. */
  function numberAfter(path, words) {
    return path.indexOf(words + " ") === 0 ? parseInt(path.slice(words.length + 1), 10) : -1;
  }

  /** A reader of Live over one LiveAPI object that goes from place to place: each new one would cost milliseconds. */
  function create(cursor) {
    /** Whether there is something at a path; the cursor stands there then. */
    function goTo(path) {
      cursor.goto(path);
      return Number(cursor.id) > 0;
    }

    // LiveAPI puts its paths into quotation marks.
    function path() {
      return String(cursor.path).replace(/"/g, "");
    }

    function getNumber(name, fallback) {
      var values = cursor.get(name);
      return values && values.length ? Words.bound(values[0], -2147483648, 2147483647, fallback) : fallback;
    }

    // A name may be a number, and may come as several atoms.
    function getText(name) {
      var values = cursor.get(name);
      return values && values.length ? values.join(" ") : "";
    }

    /** The path of the track that the device sits on, also from within racks; "" where Live does not say. */
    function trackPath() {
      var up = "this_device";
      for (var depth = 0; depth < DEEPEST; depth++) {
        up += " canonical_parent";
        if (!goTo(up)) {
          return "";
        }
        if (cursor.type === "Track") {
          return path();
        }
      }
      return "";
    }

    /** The track that the device sits on: `index` is -1 for the returns and Main, null where Live does not say. */
    function track() {
      var where = trackPath();
      if (!where) {
        return { index: null, isFrozen: false };
      }
      var index = numberAfter(where, "live_set tracks");
      return { index: index, isFrozen: index >= 0 && getNumber("is_frozen", 0) === 1 };
    }

    /** Index of the selected scene, -1 where Live does not say. */
    function scene() {
      return goTo("live_set view selected_scene") ? numberAfter(path(), "live_set scenes") : -1;
    }

    function hasClip(track, slot) {
      return goTo("live_set tracks " + track + " clip_slots " + slot) && getNumber("has_clip", 0) === 1;
    }

    /** Name of the clip in a slot, null where there is none. */
    function clipName(track, slot) {
      var isThere = hasClip(track, slot) && goTo("live_set tracks " + track + " clip_slots " + slot + " clip");
      return isThere ? getText("name") : null;
    }

    function detailClip() {
      if (!goTo("live_set view detail_clip")) {
        return null;
      }
      var found = /^live_set tracks (\d+) clip_slots (\d+) clip$/.exec(path());
      // One of the Arrangement has no slot: the daemon looks into Detail View itself.
      return found ? { track: parseInt(found[1], 10), scene: parseInt(found[2], 10) } : { track: -1, scene: -1 };
    }

    /** The clip that is meant where none is named: in Detail View, else what plays or is selected on this track. */
    function clip() {
      var shown = detailClip();
      if (shown) {
        return shown;
      }
      var here = track();
      if (here.index !== null && here.index >= 0) {
        var slots = [getNumber("playing_slot_index", -1), scene()];
        for (var i = 0; i < slots.length; i++) {
          if (slots[i] >= 0 && hasClip(here.index, slots[i])) {
            return { track: here.index, scene: slots[i] };
          }
        }
      }
      return { track: -1, scene: -1 };
    }

    /** Live's version, such as "12.3.6"; "" where it does not say. */
    function liveVersion() {
      if (!goTo("live_app")) {
        return "";
      }
      var parts = ["major", "minor", "bugfix"].map(function (part) {
        return cursor.call("get_" + part + "_version");
      });
      for (var i = 0; i < parts.length; i++) {
        if (!(Number(parts[i]) >= 0)) {
          return "";
        }
      }
      return parts.join(".");
    }

    /** Name of the set, "" when it was not saved yet. */
    function setName() {
      return goTo("live_set") ? getText("name") : "";
    }

    /** Beats from the song's beginning, as if it had had this time signature from there.
     *
     * The song's own time in beats does not tell where its bars begin where signatures change; bars, beats and
     * sixteenths do, but not what lies between two sixteenths.
     */
    function beatsSung(numerator, denominator) {
      var time = getNumber("current_song_time", 0);
      var parts = /^(\d+)\.(\d+)\.(\d+)/.exec(String(cursor.call("get_current_beats_song_time")));
      if (!parts || !denominator) {
        return time;
      }
      var beats = ((parts[1] - 1) * numerator + (parts[2] - 1)) * 4 / denominator + (parts[3] - 1) / 4;
      return beats + time % 0.25;
    }

    /** Beat of the song and its time signature now, as Listen tells them. */
    function position() {
      if (!goTo("live_set")) {
        return { beat: -1, hundredths: 0, numerator: 0, denominator: 0 };
      }
      var numerator = getNumber("signature_numerator", 0), denominator = getNumber("signature_denominator", 0);
      var hundredths = Math.max(0, Math.floor(beatsSung(numerator, denominator) * 100));
      return {
        beat: Math.floor(hundredths / 100),
        hundredths: hundredths % 100,
        numerator: numerator,
        denominator: denominator
      };
    }

    /** Live's number of this device, the same as long as it is loaded; 0 where Live does not say. */
    function deviceId() {
      return goTo("this_device") ? Number(cursor.id) : 0;
    }

    /** How many parameters Live sees on this device. */
    function countParameters() {
      return goTo("this_device") ? Number(cursor.getcount("parameters")) : 0;
    }

    return {
      track: track, scene: scene, clip: clip, clipName: clipName, liveVersion: liveVersion, setName: setName,
      position: position, deviceId: deviceId, countParameters: countParameters
    };
  }

  return { create: create };
}());

// presses.js
// Presses under way: numbered, sent, repeated until the daemon has them, and shown until they are answered.
var Presses = (function () {
  // As many as the daemon lets one device have.
  var MOST_UNDER_WAY = 16;

  // Milliseconds without an acknowledgement after which a press is sent again, and after which it is given up.
  var REPEAT_AFTER = 500, GIVE_UP_AFTER = 10000;

  // The code of what is told and stays true; the others say what a press waits for.
  var PLAIN_NEWS = 0;

  /** No press yet. `last` is the clip that was made last, `arrival` how far what began by itself is. */
  function create() {
    return { underWay: [], count: 0, last: null, arrival: null };
  }

  function find(device, number) {
    var all = device.presses.underWay;
    for (var i = 0; i < all.length; i++) {
      if (all[i].number === number) {
        return all[i];
      }
    }
    return null;
  }

  function newest(device) {
    var all = device.presses.underWay;
    return all.length ? all[all.length - 1] : null;
  }

  /** The bar and the lamp: of what is being said, which cannot wait, else of the newest press. */
  function showHowFar(device) {
    var press = Talk.held(device) || newest(device);
    Face.progress(device, press ? press.fraction : device.presses.arrival);
    Link.showLamp(device);
  }

  function post(device, press) {
    press.values.session = device.link.session;
    press.sentAt = device.now;
    device.send(1, Words.write(press.address, press.values));
  }

  /** Shows a press and sends it, now or when there is a daemon; returns it, or null where too many are under way.
   *
   * One that `waits` is sent by `release` later. `sentence` is what the status line says meanwhile.
   */
  function begin(device, label, address, values, sentence, waits) {
    var presses = device.presses;
    if (presses.underWay.length >= MOST_UNDER_WAY) {
      Face.status(device, Texts.tooMany(MOST_UNDER_WAY));
      return null;
    }
    presses.count += 1;
    values.press = presses.count;
    var press = {
      number: presses.count, label: label, address: address, values: values, sentence: sentence, fraction: 0, told: "",
      heard: "", since: device.now, sentAt: device.now, isKnown: false, isAwaited: false, isDone: false, waits: waits
    };
    presses.underWay.push(press);
    Face.status(device, sentence);
    showHowFar(device);
    if (!waits) {
      release(device, press);
    }
    return press;
  }

  /** Sends a press that waited. */
  function release(device, press) {
    press.waits = false;
    press.since = device.now;
    if (Link.isOnline(device)) {
      post(device, press);
    } else {
      wait(device, press);
      Link.hurry(device);
    }
  }

  /** What the status line says of a press from now on. */
  function say(device, press, sentence) {
    press.sentence = sentence;
    if (!press.isAwaited) {
      Face.status(device, sentence);
    }
    showHowFar(device);
  }

  function wait(device, press) {
    press.isAwaited = true;
    Face.status(device, Link.explain(device, Texts.waiting(press.label)));
  }

  /** Ends a press with a sentence. */
  function end(device, press, sentence) {
    var all = device.presses.underWay;
    all.splice(all.indexOf(press), 1);
    Face.status(device, sentence);
    showHowFar(device);
  }

  function giveUp(device) {
    device.presses.underWay.filter(function (press) {
      return !press.isKnown && !press.waits && device.now - press.since >= GIVE_UP_AFTER;
    }).forEach(function (press) {
      end(device, press, Link.explain(device, Texts.givenUp(press.label)));
    });
  }

  /** Time goes on: what the daemon has not acknowledged is sent again after a hello, or given up. */
  function tick(device) {
    giveUp(device);
    var late = device.presses.underWay.filter(function (press) {
      return !press.isKnown && !press.waits && device.now - press.sentAt >= REPEAT_AFTER;
    });
    if (late.length && Link.isOnline(device)) {
      Link.greet(device);
      late.forEach(function (press) {
        wait(device, press);
        post(device, press);
      });
    }
  }

  /** The daemon is gone, perhaps for good: what was not answered counts as not heard. What was being said is lost. */
  function loseDaemon(device) {
    var all = device.presses.underWay.slice();
    device.presses.arrival = null;
    Talk.settle(device);
    for (var i = 0; i < all.length; i++) {
      if (all[i].address === "/roo/talk") {
        end(device, all[i], Texts.talkCut);
      } else {
        all[i].isKnown = false;
        all[i].isAwaited = true;
        all[i].since = device.now;
      }
    }
    showHowFar(device);
  }

  /** A daemon is there again: it is asked, under the same numbers, for what nobody acknowledged. */
  function repeat(device) {
    device.presses.underWay.forEach(function (press) {
      if (!press.isKnown && !press.waits) {
        post(device, press);
      }
    });
  }

  /** Takes back the newest press, or what began by itself where there is none. */
  function cancel(device) {
    var press = newest(device), isOnline = Link.isOnline(device);
    if (press === null) {
      Face.status(device, isOnline && device.presses.arrival !== null ? Texts.cancelling(DEVICE.labels.split)
        : Texts.nothingToCancel);
    } else if (press.isKnown && isOnline) {
      Face.status(device, Texts.cancelling(press.label));
    } else {
      end(device, press, Texts.cancelled(press.label));
    }
    if (isOnline && !(press && press.waits)) {
      // Also for one that is not acknowledged: it may have arrived.
      device.send(1, Words.write("/roo/cancel", { session: device.link.session, press: press ? press.number : 0 }));
    }
  }

  function acknowledged(device, press) {
    press.isKnown = true;
    if (press.isAwaited) {
      press.isAwaited = false;
      Face.status(device, press.sentence);
    }
    if (press.address === "/roo/talk") {
      Talk.tick(device);
    }
  }

  function progressed(device, press, values) {
    if (press) {
      Talk.goOn(device, press);
      press.fraction = values.fraction;
      press.sentence = values.sentence || press.sentence;
    } else if (values.press === 0) {
      device.presses.arrival = values.fraction;
    } else {
      return;
    }
    if (values.sentence) {
      Face.status(device, values.sentence);
    }
    showHowFar(device);
  }

  /** Two sentences, of which the first may want its full stop. */
  function join(sentence, more) {
    return sentence + (/[.?!]$/.test(sentence) ? " " : ". ") + more;
  }

  function told(device, press, values) {
    if (press) {
      press.told += values.code === PLAIN_NEWS && values.sentence ? " " + values.sentence : "";
    } else if (values.press === 0) {
      device.presses.arrival = null;
      showHowFar(device);
    }
    if (values.sentence) {
      Face.status(device, values.sentence);
    }
  }

  /** The clip that Again, Simpler and Busier change; by its own name, for the band is answered with the band's. */
  function remember(device, track, scene) {
    var name = track < 0 || scene < 0 ? null : device.live.clipName(track, scene);
    device.presses.last = name === null ? null : { track: track, scene: scene, name: name };
  }

  // What makes a clip; and what is answered by a sentence in place of a clip's name.
  var MAKES_CLIP = { "/roo/generate": true, "/roo/refine": true, "/roo/keep": true };
  var ANSWERS_IN_WORDS = { "/roo/undo": true, "/roo/self_test": true, "/roo/audition": true, "/roo/jam": true };

  /** What was made, and how long it took. */
  function nameDone(press, values) {
    if (values.name && Along.isHeardFirst(press)) {
      return Texts.heard(values.name);
    }
    if (values.name && ANSWERS_IN_WORDS.hasOwnProperty(press.address)) {
      return values.name;
    }
    return Texts.done(press.label, values.name, values.milliseconds);
  }

  /** Of a sentence: what was said, what RooAroo took it for, what came of it. */
  function tellSpoken(press, values) {
    var name = Texts.named(values.name, values.milliseconds);
    return Talk.answer(press, press.told ? Texts.followed(press.told.slice(1), name) : name);
  }

  function done(device, press, values) {
    var isSpoken = press.address === "/roo/talk";
    press.isDone = true;
    if (Along.isHeardFirst(press)) {
      Along.made(device, press);
    } else if (MAKES_CLIP.hasOwnProperty(press.address) || isSpoken && values.notes > 0) {
      remember(device, values.track, values.scene);
    }
    if (values.name && press.heard) {
      return tellSpoken(press, values);
    }
    var sentence = nameDone(press, values);
    // What was told of it on the way, such as a part that was left out, would be gone before anybody read it.
    return press.told ? join(sentence, press.told.slice(1)) : sentence;
  }

  /** RooAroo's answer in words. A question says how it is answered. */
  function answered(press, values) {
    press.heard = values.heard || press.heard;
    return Talk.answer(press, values.asks ? Texts.asked(values.sentence) : values.sentence);
  }

  /** What the status line says when a press has ended so. */
  function lastWord(device, press, address, values) {
    switch (address) {
    case "/roo/done": return done(device, press, values);
    case "/roo/answer": return answered(press, values);
    }
    return values.sentence && Talk.answer(press, values.sentence);
  }

  /** Takes in what the daemon says about a press. */
  function take(device, address, values) {
    var press = find(device, values.press);
    switch (address) {
    case "/roo/got":
      if (press) {
        acknowledged(device, press);
      }
      return;
    case "/roo/progress":
      progressed(device, press, values);
      return;
    case "/roo/told":
      told(device, press, values);
      return;
    case "/roo/level":
      if (press) {
        Talk.hear(device, press, values.level, values.words);
      }
      return;
    }
    // An answer. It is repeated until it is acknowledged, also when the press has ended here.
    device.send(1, Words.write("/roo/got", { session: device.link.session, number: values.number }));
    if (press) {
      end(device, press, lastWord(device, press, address, values) || Texts.ended(press.label));
      if (address === "/roo/answer" && values.asks) {
        Talk.ask(device);
      }
    }
  }

  return {
    create: create, begin: begin, release: release, say: say, end: end, tick: tick, loseDaemon: loseDaemon,
    repeat: repeat, cancel: cancel, take: take, showHowFar: showHowFar,
    isUnderWay: function (device, press) { return press !== null && find(device, press.number) === press; },
    /** Whether one of those under way is such that `holds`. */
    isSome: function (device, holds) { return device.presses.underWay.some(holds); },
    areUnderWay: function (device) { return device.presses.underWay.length > 0; },
    isAny: function (device) { return device.presses.underWay.length > 0 || device.presses.arrival !== null; }
  };
}());

// proof.js
// Proof that device and daemon know the same secret, which neither of them sends: HMAC (RFC 2104) with SHA-256 (FIPS 180-4),
// as `bridge/protocol/device_proof.py` has it. Pure.
var Proof = (function () {
  // Bytes that SHA-256 works on at once, and words of a proof: half of the 256 bits (RFC 4868).
  var BLOCK = 64, WORDS = 4;

  // The first 32 bits of what follows the point in the cube roots of the first 64 primes, and in the square roots of
  // the first eight.
  var ROUNDS = [], START = [];

  function fraction(number) {
    return (number - Math.floor(number)) * 0x100000000 | 0;
  }

  (function () {
    for (var number = 2; ROUNDS.length < BLOCK; number++) {
      var isPrime = true;
      for (var divisor = 2; divisor * divisor <= number; divisor++) {
        isPrime = isPrime && number % divisor !== 0;
      }
      if (isPrime) {
        if (START.length < 8) {
          START.push(fraction(Math.sqrt(number)));
        }
        ROUNDS.push(fraction(Math.pow(number, 1 / 3)));
      }
    }
  }());

  function turned(word, bits) {
    return word >>> bits | word << 32 - bits;
  }

  // Takes in the 16 words from `at` on; `hash` is changed.
  function mix(hash, words, at) {
    var all = words.slice(at, at + 16), i, one, two;
    for (i = 16; i < BLOCK; i++) {
      one = turned(all[i - 15], 7) ^ turned(all[i - 15], 18) ^ all[i - 15] >>> 3;
      two = turned(all[i - 2], 17) ^ turned(all[i - 2], 19) ^ all[i - 2] >>> 10;
      all[i] = all[i - 16] + one + all[i - 7] + two | 0;
    }
    var a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    for (i = 0; i < BLOCK; i++) {
      one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + (e & f ^ ~e & g) + ROUNDS[i] + all[i] | 0;
      two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
      h = g;
      g = f;
      f = e;
      e = d + one | 0;
      d = c;
      c = b;
      b = a;
      a = one + two | 0;
    }
    [a, b, c, d, e, f, g, h].forEach(function (word, place) {
      hash[place] = hash[place] + word | 0;
    });
  }

  // SHA-256 of bytes, as eight signed words.
  function digest(bytes) {
    var hash = START.slice(), words = [], length = bytes.length, size = (length + 8 >> 6) + 1 << 4, i;
    for (i = 0; i < size; i++) {
      words.push(0);
    }
    for (i = 0; i <= length; i++) {
      words[i >> 2] |= (i < length ? bytes[i] : 0x80) << 24 - (i % 4) * 8;
    }
    words[size - 2] = Math.floor(length / 0x20000000);
    words[size - 1] = length << 3;
    for (i = 0; i < size; i += 16) {
      mix(hash, words, i);
    }
    return hash;
  }

  function bytesOf(words) {
    var bytes = [];
    words.forEach(function (word) {
      bytes.push(word >>> 24, word >>> 16 & 255, word >>> 8 & 255, word & 255);
    });
    return bytes;
  }

  /** The bytes of a text in UTF-8. */
  function encode(text) {
    return unescape(encodeURIComponent(text)).split("").map(function (letter) { return letter.charCodeAt(0); });
  }

  function padded(key, mask) {
    var bytes = [];
    for (var i = 0; i < BLOCK; i++) {
      bytes.push((i < key.length ? key[i] : 0) ^ mask);
    }
    return bytes;
  }

  /** HMAC-SHA-256 of bytes, as eight signed words. */
  function hmac(key, message) {
    var short = key.length > BLOCK ? bytesOf(digest(key)) : key;
    return digest(padded(short, 0x5c).concat(bytesOf(digest(padded(short, 0x36).concat(message)))));
  }

  /** The proof over texts and numbers: four signed words. */
  function of(secret, parts) {
    return hmac(encode(secret), encode(parts.join("\0"))).slice(0, WORDS);
  }

  /** The values of a message with its proof among them. */
  function put(values, proof) {
    proof.forEach(function (word, place) {
      values["proof_" + (place + 1)] = word;
    });
    return values;
  }

  return {
    /** The values of a hello with its proof. */
    ofHello: function (secret, values) {
      return put(values, of(secret, ["hello", values.instance, values.number, values.wire_version, values.live_version,
        values.reply_port]));
    },
    /** Whether a welcome comes from a daemon that knows the secret too. */
    isOfDaemon: function (secret, welcome, instance) {
      var given = [welcome.proof_1, welcome.proof_2, welcome.proof_3, welcome.proof_4], other = 0;
      of(secret, ["welcome", instance, welcome.hello, welcome.session]).forEach(function (word, place) {
        other |= word ^ given[place];
      });
      return other === 0;
    }
  };
}());

// key.js
// How the device reaches the daemon: port and secret, in a file that only the user can read. What reads files is given:
// `read` returns a text or null.
var Key = (function () {
  // As `bridge/settings/config_files.py` and `bridge/settings/live_folders.py` have them.
  var FILE = "device_key.txt", POINTER = "MuseAroo folder.txt";

  // MuseAroo's folder in the user's home folder, by what `max.os` says.
  var FOLDERS = { macintosh: "/Library/Application Support/MuseAroo", windows: "/AppData/Roaming/MuseAroo" };

  var KEY = /^(\d{4,5}) (\S{32,200})\s*$/;

  function folderOf(path) {
    return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  }

  // The folder that `musearoo install` names beside the device, as a file URL, so that any letter survives Max.
  function pointedTo(read, devicePath) {
    var text = devicePath ? read(folderOf(devicePath) + POINTER) : null;
    var found = text === null ? null : /^file:\/\/([^\/\s]*)(\/\S+)/.exec(text);
    if (found === null) {
      return null;
    }
    try {
      var path = decodeURIComponent(found[2]);
    } catch (broken) {
      // Somebody else wrote it.
      return null;
    }
    return found[1] ? "//" + found[1] + path : /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
  }

  /** MuseAroo's folders, the likeliest first: beside the device, in the home that Max knows, in that of the device's path. */
  function folders(read, os, devicePath) {
    var pointed = pointedTo(read, devicePath), all = pointed === null ? [] : [pointed];
    if (FOLDERS.hasOwnProperty(os)) {
      var home = /^.*?[:\/\\]Users[\/\\][^\/\\]+/.exec(devicePath);
      all.push("~:" + FOLDERS[os]);
      if (home !== null) {
        all.push(home[0] + FOLDERS[os]);
      }
    }
    return all;
  }

  /** The keys that can be read there: `{ port, secret }`, each once. */
  function find(read, os, devicePath) {
    var keys = [];
    folders(read, os, devicePath).forEach(function (folder) {
      var text = read(folder + "/" + FILE), found = text === null ? null : KEY.exec(text);
      if (found !== null && !keys.some(function (key) { return key.secret === found[2]; })) {
        keys.push({ port: Number(found[1]), secret: found[2] });
      }
    });
    return keys;
  }

  return { find: find };
}());

// link.js
// The way to the daemon: hello until a welcome, signs of life, and finding it again when it was gone.
var Link = (function () {
  // Where replies are awaited; each instance draws its own. udpreceive says nothing of a port that is taken.
  var FIRST_REPLY_PORT = 24700, REPLY_PORTS = 1000;

  // Milliseconds without a welcome after which the next hello goes out: at first, and when nobody seems to be there.
  var HELLO_EVERY = 500, HELLO_SLOWLY_EVERY = 2000, QUICK_HELLOS = 10;

  // Hellos without an answer after which somebody is told; and those for which a reply port that worked is kept.
  var PATIENT_HELLOS = 3, TRUSTED_HELLOS = 4;

  // Milliseconds after which a refusal that was not repeated is past: the best port is asked every four seconds.
  var REFUSED_FOR = 9000;

  // Milliseconds that the daemon may take to answer a sign of life: a hello follows then, for another run of it answers
  // nobody whom it does not know.
  var BEAT_EVERY = 1000, ANSWERED_WITHIN = 300, SILENT_AFTER = 2500;

  // Hellos that may still be answered.
  var HELLOS_KEPT = 4;

  // The set's name changes when it is saved under another: looked at every so many beats.
  var BEATS_BETWEEN_LOOKS = 5;

  /** A link that has not begun to look for a daemon. */
  function create() {
    return {
      isLooking: false, session: 0, attempt: 0, hellos: [], count: 0, hasKey: true, refusal: "", refusedAt: 0, hasWorked: false,
      hindrance: "", saidBefore: "",
      askedAt: 0, heardAt: 0, beatAt: 0, beats: 0,
      liveId: 0, instance: "", liveVersion: "", setName: "", sampleRate: 0, replyPort: 0,
      port: 0, wireVersion: 0, live: null, captures: ""
    };
  }

  /** Whether a daemon knows this device. */
  function isOnline(device) {
    return device.link.session !== 0 && !device.link.isLooking;
  }

  /** The lamp, by the daemon, Live and what is under way. */
  function showLamp(device) {
    var link = device.link, lamp = Face.LAMP.ready;
    if (!isOnline(device)) {
      lamp = Face.LAMP.off;
    } else if (link.live === WIRE.liveStates.away) {
      lamp = Face.LAMP.alone;
    } else if (link.live === WIRE.liveStates.busy || Presses.isAny(device)) {
      lamp = Face.LAMP.working;
    }
    Face.lamp(device, lamp);
  }

  // Live's own number of the device stands in the name and moves the port: devices that a set loads within the same
  // millisecond may all draw the same.
  function drawInstance(device) {
    var name = "roo-" + device.link.liveId.toString(36) + "-";
    for (var i = 0; i < 10; i++) {
      name += Math.floor(device.random() * 36).toString(36);
    }
    return name;
  }

  function drawReplyPort(device) {
    var drawn = Math.floor(device.random() * REPLY_PORTS);
    device.link.replyPort = FIRST_REPLY_PORT + (drawn + device.link.liveId) % REPLY_PORTS;
    device.send(2, ["port", device.link.replyPort]);
  }

  function goTo(device, port) {
    if (device.link.port !== port) {
      device.link.port = port;
      device.send(1, ["port", port]);
    }
  }

  /** Says hello by the key as it stands now; where there are several, by turns. */
  function greet(device) {
    var link = device.link, keys = device.keys(), key = keys[link.count % keys.length];
    link.askedAt = device.now;
    link.hasKey = keys.length > 0;
    if (!link.hasKey) {
      return;
    }
    link.count += 1;
    link.hellos = link.hellos.slice(-HELLOS_KEPT + 1).concat({ number: link.count, key: key });
    goTo(device, key.port);
    device.send(1, Words.write("/roo/hello", Proof.ofHello(key.secret, {
      instance: link.instance,
      reply_port: link.replyPort,
      wire_version: WIRE.wireVersion,
      live_version: link.liveVersion,
      set_name: link.setName,
      sample_rate: link.sampleRate,
      number: link.count
    })));
  }

  /** Begins: who this device is, and the first hello. */
  function start(device) {
    var link = device.link;
    link.liveId = device.live.deviceId();
    link.instance = drawInstance(device);
    link.liveVersion = device.live.liveVersion();
    drawReplyPort(device);
    Face.status(device, Texts.looking);
    Face.say(device, "daemon", Texts.absent);
    Face.facts(device, null);
    Along.lose(device);
    look(device);
  }

  function look(device) {
    var link = device.link;
    link.isLooking = true;
    link.live = null;
    link.attempt = 0;
    link.setName = device.live.setName();
    greet(device);
    showLamp(device);
  }

  function lookFurther(device) {
    var link = device.link;
    link.attempt += 1;
    if (link.attempt % 2 === 1 && (!link.hasWorked || link.attempt > TRUSTED_HELLOS)) {
      drawReplyPort(device);
    }
    greet(device);
    var isOver = link.refusal !== "" && device.now - link.refusedAt > REFUSED_FOR;
    if (isOver) {
      link.refusal = "";
    }
    if ((isOver || link.attempt === PATIENT_HELLOS && !link.refusal) && !Presses.areUnderWay(device)) {
      Face.status(device, explain(device, link.hasWorked ? Texts.offline : Texts.noDaemon));
    }
  }

  /** Why there is no daemon: what the one that is there said, or `sentence` where none is. */
  function explain(device, sentence) {
    return device.link.refusal || (device.link.hasKey ? sentence : Texts.noKey);
  }

  /** Looks for a daemon at once, when somebody waits for it. */
  function hurry(device) {
    if (device.link.isLooking && device.now - device.link.askedAt >= HELLO_EVERY) {
      look(device);
    }
  }

  function lose(device) {
    var link = device.link;
    Face.say(device, "daemon", Texts.absent);
    Face.facts(device, null);
    Along.lose(device);
    link.isLooking = true;
    Face.status(device, Texts.offline);
    Presses.loseDaemon(device);
    look(device);
  }

  function beat(device) {
    var link = device.link;
    link.beatAt = device.now;
    link.beats += 1;
    if (link.beats % BEATS_BETWEEN_LOOKS === 0 && link.setName !== device.live.setName()) {
      link.setName = device.live.setName();
      greet(device);
    }
    device.send(1, Words.write("/roo/beat", { session: link.session }));
  }

  /** Time goes on: another hello, a sign of life, or the daemon has been silent for too long. */
  function tick(device) {
    var link = device.link;
    if (link.isLooking) {
      var isQuick = link.attempt < QUICK_HELLOS && !link.refusal;
      if (device.now - link.askedAt >= (isQuick ? HELLO_EVERY : HELLO_SLOWLY_EVERY)) {
        lookFurther(device);
      }
    } else if (device.now - link.heardAt > SILENT_AFTER) {
      lose(device);
    } else if (device.now - link.beatAt >= BEAT_EVERY) {
      beat(device);
      AutoSplit.check(device);
      Arm.remind(device);
    } else if (device.now - link.beatAt >= ANSWERED_WITHIN && Math.max(link.heardAt, link.askedAt) < link.beatAt) {
      greet(device);
    }
  }

  /** Says what is with Live; what the status line said before comes back when that has passed. */
  function hinder(device, sentence) {
    var link = device.link;
    link.saidBefore = device.face.said === link.hindrance ? link.saidBefore : device.face.said;
    link.hindrance = sentence;
    Face.status(device, sentence);
  }

  function unhinder(device) {
    if (device.face.said === device.link.hindrance) {
      Face.status(device, device.link.saidBefore);
    }
    device.link.hindrance = "";
  }

  function setLive(device, live) {
    var was = device.link.live;
    device.link.live = live;
    if (live === WIRE.liveStates.away) {
      Face.facts(device, null);
    }
    if (live === WIRE.liveStates.ready) {
      unhinder(device);
    } else if (live !== was && !Presses.areUnderWay(device)) {
      hinder(device, live === WIRE.liveStates.away ? Texts.noScript : Texts.liveBusy);
    }
    showLamp(device);
  }

  /** Whether a welcome answers one of the last hellos, and comes from who knows the secret of that. */
  function isAnswer(link, values) {
    return link.hellos.some(function (hello) {
      return hello.number === values.hello && hello.key.port === link.port
        && Proof.isOfDaemon(hello.key.secret, values, link.instance);
    });
  }

  function welcomed(device, values) {
    var link = device.link, isOther = values.session !== link.session, wasLooking = link.isLooking;
    link.hellos = [];
    link.isLooking = false;
    link.hasWorked = true;
    link.refusal = "";
    link.session = values.session;
    link.wireVersion = values.wire_version;
    link.captures = values.captures;
    link.heardAt = device.now;
    Face.say(device, "daemon", Texts.daemon(values.daemon_version, link.port));
    if (isOther) {
      // Another run of the daemon knows nothing of what the last one did.
      Presses.loseDaemon(device);
      Jam.lose(device);
      AutoSplit.check(device);
    }
    if (wasLooking || isOther) {
      link.beatAt = device.now;
      Arm.remind(device);
      Presses.repeat(device);
    }
    if (wasLooking && !isOther) {
      // A session that goes on is told of changes only; another one is told how live MIDI is with its welcome.
      Along.ask(device);
    }
    // That Talk was cut off is still true; anything else that was missing is there now.
    if (wasLooking && !Presses.areUnderWay(device) && device.face.said !== Texts.talkCut) {
      Face.status(device, Texts.ready);
    }
    setLive(device, values.live);
  }

  function refused(device, sentence) {
    device.link.refusal = sentence;
    device.link.refusedAt = device.now;
    if (sentence) {
      Face.status(device, sentence);
    }
  }

  /** Takes in what the daemon says about itself and the set. */
  function take(device, address, values) {
    switch (address) {
    case "/roo/welcome":
      welcomed(device, values);
      break;
    case "/roo/beat":
      setLive(device, values.live);
      break;
    case "/roo/refused":
      refused(device, values.sentence);
      break;
    case "/roo/midi":
      Along.take(device, values);
      break;
    case "/roo/facts":
      Face.facts(device, values);
      Listen.fit(device, values);
      setLive(device, values.live);
      break;
    }
  }

  /** Whether somebody else than the daemon said this: nothing is for this device but what names its session. A welcome
   * proves itself, and only who has no daemon yet can be refused.
   */
  function isForeign(device, address, values) {
    if (address === "/roo/welcome") {
      return !isAnswer(device.link, values);
    }
    return address === "/roo/refused" ? !device.link.isLooking : values.session !== device.link.session;
  }

  /** Something legal came from the daemon. */
  function heard(device) {
    device.link.heardAt = device.now;
  }

  /** The set runs at this sample rate; the daemon is told when it is another than before. */
  function setSampleRate(device, rate) {
    if (rate !== device.link.sampleRate) {
      device.link.sampleRate = rate;
      if (isOnline(device)) {
        greet(device);
      }
    }
  }

  /** Says good-bye. */
  function leave(device) {
    Arm.release(device);
    if (device.link.session) {
      device.send(1, Words.write("/roo/bye", { session: device.link.session }));
    }
  }

  return {
    create: create, start: start, isOnline: isOnline, showLamp: showLamp, greet: greet, hurry: hurry, explain: explain, beat: beat,
    tick: tick, take: take, heard: heard, setSampleRate: setSampleRate, isForeign: isForeign, leave: leave
  };
}());

// auto_split.js
// The Auto-split toggle: the daemon is told on which track the device sits, also after a move or another start.
var AutoSplit = (function () {
  /** Nothing told yet. */
  function create() {
    return { session: 0, track: -1 };
  }

  function tell(device, track, on) {
    device.send(1, Words.write("/roo/auto_split", {
      session: device.link.session, track: track, on: on, backend: "", stems: 4, mute: 0
    }));
  }

  /** Tells the daemon which track is marked, if it does not know it so already. */
  function check(device) {
    if (!Link.isOnline(device)) {
      return;
    }
    var mark = device.mark, wanted = device.settings.auto_split ? device.live.track().index : -1;
    if (mark.session !== device.link.session) {
      // Another run of the daemon has no marks.
      mark.session = device.link.session;
      mark.track = -1;
    }
    if (wanted === null || wanted === mark.track) {
      return;
    }
    tell(device, wanted < 0 ? mark.track : wanted, wanted < 0 ? 0 : 1);
    mark.track = wanted;
  }

  /** The toggle was turned, or came back with the set. */
  function turn(device) {
    check(device);
    if (!Link.isOnline(device)) {
      return;
    }
    var track = device.live.track();
    if (!device.settings.auto_split) {
      Face.status(device, Texts.autoSplitOff);
    } else if (track.index === null || track.index < 0) {
      Face.status(device, track.index === null ? Texts.nowhere : Texts.noArrivals);
    } else {
      Face.status(device, Texts.autoSplitOn(track.index + 1));
    }
  }

  /** Has the toggle set as by a click. */
  function click(device, on) {
    if (device.settings.auto_split === on) {
      turn(device);
    } else {
      // The toggle says so itself, and is turned then.
      device.send(0, ["auto_split", on]);
    }
  }

  return { create: create, check: check, turn: turn, click: click };
}());

// talk.js
// Talk: held by the mouse, or latched by a key or pedal that is mapped to it. While it is held it gives signs of life and
// shows how loud the voice is and what is understood; the daemon may end it first, at a silence.
var Talk = (function () {
  // The daemon stops by itself two seconds after the last sign.
  var SIGN_EVERY = 500;

  // Letters of what is said that the status line has room for beside its own words, and beside an answer.
  var WORDS_SHOWN = 100, HEARD_SHOWN = 60;

  // Milliseconds for which a question waits for its answer, as RooAroo has it, also where buttons are pressed meanwhile.
  var ASKED_FOR = 60000;

  /** Nobody talks. `press` is what is held, `letGo` what was let go before the daemon knew that it was pressed. */
  function create() {
    return { isDown: false, isLatched: false, press: null, letGo: [], saidAt: 0, askedAt: null };
  }

  function say(device, press, held) {
    device.send(1, Words.write("/roo/talk", { session: device.link.session, press: press.number, held: held }));
  }

  /** Neither Talk nor the latch stays lit. */
  function darken(device) {
    var talk = device.talk;
    Face.talk(device, false);
    if (talk.isLatched) {
      talk.isLatched = false;
      device.settings.talk_latch = 0;
      device.send(0, ["talk_latch", "set", 0]);
    }
  }

  function begin(device) {
    var talk = device.talk;
    if (!Link.isOnline(device)) {
      Face.status(device, Link.explain(device, Texts.talkOffline));
      Link.hurry(device);
      darken(device);
      return;
    }
    settle(device);
    Face.talk(device, true);
    talk.saidAt = device.now;
    talk.press = Presses.begin(device, DEVICE.labels.talk, "/roo/talk", { held: 1 }, Texts.talking, false);
    if (talk.press === null) {
      darken(device);
    }
  }

  /** The press is held no more; what was said is being understood. */
  function end(device) {
    var press = device.talk.press;
    device.talk.press = null;
    darken(device);
    if (Presses.isUnderWay(device, press)) {
      press.fraction = 0;
      Presses.say(device, press, Texts.understanding(heard(press, WORDS_SHOWN)));
    }
    return press;
  }

  function finish(device) {
    var press = end(device);
    if (press !== null) {
      device.talk.letGo.push(press);
      tick(device);
    }
  }

  function change(device, isDown, isLatched) {
    var talk = device.talk, was = talk.isDown || talk.isLatched, is = isDown || isLatched;
    talk.isDown = isDown;
    talk.isLatched = isLatched;
    if (is && !was) {
      begin(device);
    } else if (was && !is) {
      finish(device);
    }
  }

  /** What was said in a press, in quotation marks and as much of it as fits; "" where nothing is known of it. */
  function heard(press, most) {
    return press.heard ? Texts.quoted(Words.head(press.heard, most)) : "";
  }

  /** How loud it is and what is understood so far; after the end the whole of it. */
  function hear(device, press, level, words) {
    var isHeld = press === device.talk.press, isOther = words !== "" && words !== press.heard;
    var wasUnderstanding = press.sentence === Texts.understanding(heard(press, WORDS_SHOWN));
    press.heard = words || press.heard;
    if (isHeld) {
      press.fraction = level;
      Presses.showHowFar(device);
    }
    if (isOther && isHeld) {
      Presses.say(device, press, Texts.listening(Words.tail(words, WORDS_SHOWN)));
    } else if (isOther && wasUnderstanding) {
      Presses.say(device, press, Texts.understanding(heard(press, WORDS_SHOWN)));
    }
  }

  /** The daemon goes on with a press: it listens no longer, though Talk may still be held. */
  function goOn(device, press) {
    if (press === device.talk.press) {
      end(device);
    }
  }

  /** What comes of a press in the words of the status line: what was said stands before it. */
  function answer(press, sentence) {
    var said = heard(press, HEARD_SHOWN);
    return said ? Texts.answered(said, sentence) : sentence;
  }

  /** A question was asked: Talk shows that it waits for the answer. */
  function ask(device) {
    device.talk.askedAt = device.now;
    Face.nameTalk(device, true);
  }

  /** No answer is awaited any more. */
  function settle(device) {
    if (device.talk.askedAt !== null) {
      device.talk.askedAt = null;
      Face.nameTalk(device, false);
    }
  }

  function tickHeld(device) {
    var talk = device.talk, press = talk.press;
    if (!Presses.isUnderWay(device, press)) {
      talk.press = null;
      darken(device);
    } else if (press.isKnown && device.now - talk.saidAt >= SIGN_EVERY) {
      talk.saidAt = device.now;
      say(device, press, 2);
    }
  }

  /** Time goes on: it is still held, or was answered in the meantime; a question has waited long enough. */
  function tick(device) {
    var talk = device.talk;
    if (talk.press !== null) {
      tickHeld(device);
    }
    // Not before the daemon knows that it was pressed.
    talk.letGo = talk.letGo.filter(function (press) {
      if (press.isKnown && Presses.isUnderWay(device, press)) {
        say(device, press, 0);
        return false;
      }
      return Presses.isUnderWay(device, press);
    });
    if (talk.askedAt !== null && device.now - talk.askedAt >= ASKED_FOR) {
      settle(device);
    }
  }

  return {
    create: create, tick: tick, hear: hear, goOn: goOn, answer: answer, ask: ask, settle: settle,
    /** The press that is held, null where none is. */
    held: function (device) { return device.talk.press; },
    /** The button was pressed or let go. */
    hold: function (device, isDown) { change(device, isDown, device.talk.isLatched); },
    /** The latch was turned. */
    latch: function (device, isOn) { change(device, device.talk.isDown, isOn); }
  };
}());

// arm.js
// The Arm toggle: while it is on the daemon keeps the microphone open, so that Talk has the half second before it too.
var Arm = (function () {
  function say(device, on) {
    device.send(1, Words.write("/roo/arm", { session: device.link.session, on: on }));
  }

  function isOn(device) {
    return device.settings.talk_arm !== 0;
  }

  /** A device that is loaded never opens the microphone by itself. */
  function reset(device) {
    if (isOn(device)) {
      device.settings.talk_arm = 0;
      device.send(0, ["talk_arm", "set", 0]);
    }
  }

  /** The toggle was turned. */
  function turn(device) {
    if (!Link.isOnline(device)) {
      Face.status(device, isOn(device) ? Link.explain(device, Texts.armOffline) : Texts.armOff);
      Link.hurry(device);
      return;
    }
    say(device, isOn(device) ? 1 : 0);
    Face.status(device, isOn(device) ? Texts.armOn : Texts.armOff);
  }

  /** Says that it is still on: without that the daemon closes the microphone after three seconds. */
  function remind(device) {
    if (isOn(device)) {
      say(device, 1);
    }
  }

  /** The device goes: the microphone is closed at once. */
  function release(device) {
    if (isOn(device) && Link.isOnline(device)) {
      say(device, 0);
    }
  }

  return { reset: reset, turn: turn, remind: remind, release: release };
}());

// along.js
// Playing along: how live MIDI is, as the daemon tells it, and the take that is heard before it is kept.
var Along = (function () {
  /** Nothing known. `heard` is the name of the take that is heard, null while it is not told yet; `take` its order. */
  function create() {
    return { heard: "", take: null, news: "" };
  }

  /** The daemon is to tell how things are. */
  function ask(device) {
    device.send(1, Words.write("/roo/midi/ask", { session: device.link.session }));
  }

  /** There is no daemon: nothing is known. */
  function lose(device) {
    device.along = create();
    Face.along(device, null);
  }

  // What the status line says of MIDI stays until it is past, or until something else was to be said.
  function tell(device, sentence) {
    var along = device.along, was = along.news;
    if (sentence === was) {
      return;
    }
    along.news = sentence;
    if (sentence) {
      Face.status(device, sentence);
    } else if (device.face.said === was) {
      Face.status(device, Texts.ready);
    }
  }

  /** Takes in how live MIDI is. */
  function take(device, values) {
    var along = device.along;
    if (along.heard !== null && along.heard !== values.heard) {
      along.take = null;
    }
    along.heard = values.heard;
    Face.along(device, values);
    Jam.see(device, values.turn);
    // Who does not use MIDI is not told each time what it lacks.
    tell(device, values.clock ? values.sentence : "");
  }

  /** A press that is to be heard first has been made: its take sounds from the next bar on. */
  function made(device, press) {
    device.along.heard = null;
    device.along.take = { address: press.address, values: press.values };
  }

  /** Whether Keep means a take: one is heard, or is being made. */
  function isHeard(device) {
    return device.along.heard !== "" || Presses.isSome(device, isHeardFirst);
  }

  /** Whether a press is heard before it is written. */
  function isHeardFirst(press) {
    return press.values.hear === 1;
  }

  return {
    create: create, ask: ask, lose: lose, take: take, made: made, isHeard: isHeard, isHeardFirst: isHeardFirst,
    /** The order of the take that is heard: {address, values}; null where none is, or somebody else asked for it. */
    heardTake: function (device) { return device.along.take; }
  };
}());

// jam.js
// The Jam toggle: turn by turn with the player. It is lit while this device jams, and never by itself.
var Jam = (function () {
  // Milliseconds in which a control of the jam has come to rest: automation turns dials step by step.
  var SETTLED_AFTER = 300;

  // What the jam goes by, and can be changed while it goes on.
  var GOES_BY = { jam_bars: true, jam_with: true, style: true, complexity: true };

  /** No jam. `press` is the last order, `isSeen` whether the daemon has told of the jam, `changedAt` null but for changes. */
  function create() {
    return { press: null, isOn: false, isSeen: false, changedAt: null };
  }

  function isUnderWay(device) {
    return Presses.isUnderWay(device, device.jam.press);
  }

  /** The toggle shows whether this device jams, whatever was clicked. */
  function light(device, isOn) {
    var on = isOn ? 1 : 0;
    if (device.settings.jam !== on) {
      device.settings.jam = on;
      device.send(0, ["jam", "set", on]);
    }
  }

  function order(device, on) {
    var settings = device.settings, jam = device.jam;
    jam.changedAt = null;
    jam.isSeen = jam.isSeen && jam.isOn;
    jam.press = Presses.begin(device, Texts.jam, "/roo/jam", {
      on: on,
      bars: Settings.number(settings, "jam_bars"),
      who: Settings.jamWith(settings),
      style: Settings.style(settings),
      complexity: Settings.share(settings, "complexity"),
      seed: -1
    }, Texts.working(Texts.jam), false);
    if (jam.press === null) {
      light(device, jam.isOn);
    }
  }

  /** What came of the last order. */
  function settle(device) {
    var jam = device.jam, press = jam.press;
    jam.press = null;
    if (press.isDone) {
      jam.isOn = press.values.on === 1;
    }
    light(device, jam.isOn);
  }

  /** Time goes on: an order was answered, or a control has come to rest. */
  function tick(device) {
    var jam = device.jam;
    if (jam.press !== null && !isUnderWay(device)) {
      settle(device);
    }
    if (jam.changedAt !== null && jam.press === null && device.now - jam.changedAt >= SETTLED_AFTER) {
      jam.changedAt = null;
      if (jam.isOn && device.settings.jam) {
        order(device, 1);
      }
    }
  }

  function end(device) {
    device.jam.isOn = false;
    if (!isUnderWay(device)) {
      light(device, false);
    }
  }

  /** Whose turn it is, as the daemon tells it: without one the jam has ended, whoever ended it. */
  function see(device, turn) {
    var jam = device.jam;
    if (turn !== 0) {
      jam.isSeen = true;
    } else if (jam.isOn && jam.isSeen && !isUnderWay(device)) {
      end(device);
    }
  }

  return {
    create: create, tick: tick, see: see,
    /** A device that is loaded never begins to play by itself. */
    reset: function (device) { light(device, false); },
    /** Another run of the daemon knows of no jam. */
    lose: end,
    /** The toggle was turned. */
    turn: function (device) { order(device, device.settings.jam ? 1 : 0); },
    /** A control was turned: whether or not the jam goes by it. */
    change: function (device, name) {
      if (GOES_BY.hasOwnProperty(name) && device.settings.jam) {
        device.jam.changedAt = device.now;
      }
    }
  };
}());

// listen.js
// Listen: the ring of the track's sound is written to a file, which the daemon hears or continues. Audio device only.
var Listen = (function () {
  // Milliseconds that Max may take to write the ring.
  var WRITTEN_WITHIN = 5000;

  // Max draws nothing while it writes: this many milliseconds before, the face shows that something is done.
  var SEEN_AFTER = 50;

  // Milliseconds of the ring as the patch makes it, what it holds beyond the bars, and the most it may grow to.
  var FIRST_SIZE = 40000, SPARE = 4000, LARGEST = 200000;

  // The ring must stay shorter than a round of its counter, 2^24 samples; at the highest rate where none is known.
  var MOST_SAMPLES = 16000000, HIGHEST_RATE = 192000;

  var MOST_BARS = 8, LONGEST_LOOP = 32;

  /** Nothing is being written. */
  function create() {
    return { press: null, since: 0, isWriting: false, size: FIRST_SIZE };
  }

  /** Makes the ring longer where a slow tempo needs it. What it holds is lost then, so it never gets shorter. */
  function fit(device, facts) {
    var bar = facts.numerator * 4 / facts.denominator * 60000 / facts.tempo;
    var most = Math.min(LARGEST, Math.floor(MOST_SAMPLES / (device.link.sampleRate || HIGHEST_RATE)) * 1000);
    var needed = Math.min(most, Math.ceil((MOST_BARS * bar + SPARE) / 1000) * 1000);
    if (device.twin === "audio" && needed > device.listen.size && device.listen.press === null) {
      device.listen.size = needed;
      device.send(3, ["size", needed]);
    }
  }

  function problem(device) {
    if (device.twin !== "audio") {
      return Texts.noRing;
    }
    if (!Link.isOnline(device)) {
      return Link.explain(device, Texts.noCaptures);
    }
    if (!device.link.captures) {
      return Texts.noCaptureFolder;
    }
    return Presses.isUnderWay(device, device.listen.press) ? Texts.ringBusy : "";
  }

  /** The button was pressed: Max is to write the ring in a moment; the order follows when it has.
   *
   * `bars` (1 to 8) and `use` are as the menus have them where they are null.
   */
  function begin(device, bars, use) {
    var why = problem(device), settings = device.settings;
    if (why) {
      Face.status(device, why);
      Link.hurry(device);
      return;
    }
    var label = DEVICE.labels.listen;
    var press = Presses.begin(device, label, "/roo/listen", {
      bars: bars === null ? Settings.number(settings, "listen_bars") : bars,
      counter: -1,
      use: use === null ? Settings.index(settings, "listen_for") : use,
      length: Math.min(LONGEST_LOOP, Settings.number(settings, "bars"))
    }, Texts.working(label), true);
    if (press === null) {
      return;
    }
    press.values.file = device.link.instance + "-" + press.number + ".wav";
    device.listen.press = press;
    device.listen.since = device.now;
    device.listen.isWriting = false;
  }

  function write(device, press) {
    device.listen.since = device.now;
    device.listen.isWriting = true;
    press.values.prompt = device.settings.prompt;
    device.send(3, ["write", device.link.captures.replace(/\/+$/, "") + "/" + press.values.file]);
  }

  /** The sample counter, as it stood just before the ring is written. */
  function count(device, counter) {
    var press = device.listen.press;
    if (press !== null && device.listen.isWriting && press.values.counter < 0) {
      var at = device.live.position();
      press.values.counter = counter;
      press.values.beat = at.beat;
      press.values.hundredths = at.hundredths;
      press.values.numerator = at.numerator;
      press.values.denominator = at.denominator;
    }
  }

  function fail(device, press) {
    device.listen.press = null;
    if (Presses.isUnderWay(device, press)) {
      Presses.end(device, press, Texts.ringFailed);
    }
  }

  /** The ring is written: the daemon may have it. */
  function written(device) {
    var press = device.listen.press;
    if (press === null || !device.listen.isWriting) {
      return;
    }
    if (press.values.counter < 0) {
      fail(device, press);
      return;
    }
    device.listen.press = null;
    if (Presses.isUnderWay(device, press)) {
      Presses.release(device, press);
    }
  }

  /** Time goes on: the ring is to be written, or Max takes too long to write it. */
  function tick(device) {
    var listen = device.listen, press = listen.press, waited = device.now - listen.since;
    if (press === null) {
      return;
    }
    if (!listen.isWriting && !Presses.isUnderWay(device, press)) {
      listen.press = null;
    } else if (!listen.isWriting && waited >= SEEN_AFTER) {
      write(device, press);
    } else if (listen.isWriting && waited >= WRITTEN_WITHIN) {
      fail(device, press);
    }
  }

  return { create: create, fit: fit, begin: begin, count: count, written: written, tick: tick };
}());

// self_test.js
// The Self-test button: looks at all that the device stands on and tells the daemon, which adds what it sees of it.
var SelfTest = (function () {
  // Milliseconds that the daemon and the ring may take to answer.
  var ANSWERED_WITHIN = 1000;

  // Milliseconds from the press until the test begins, so that the face shows it before.
  var SEEN_AFTER = 50;

  // Milliseconds that a press may take to read Live: more is felt.
  var QUICK = 50;

  var FINE = "ok";

  /** No test runs. */
  function create() {
    return { pressedAt: null, since: null, checks: [], askedAt: null, roundTrip: null, hasRing: false };
  }

  function check(test, name, works, problem) {
    test.checks.push({ name: name, outcome: works ? FINE : problem });
  }

  /** The button was pressed. */
  function begin(device) {
    if (device.test.pressedAt === null) {
      device.test.pressedAt = device.now;
      Face.status(device, Texts.testing);
    }
  }

  function checkLive(device, test) {
    var from = device.clock(), track = device.live.track();
    check(test, "Live's interface", device.live.liveVersion() !== "", "does not answer, load the device anew");
    check(test, "Track", track.index !== null, "Live does not say on which one the device sits");
    check(test, "Parameters", device.live.countParameters() > 1, "Live sees none of this device");
    var took = device.clock() - from;
    check(test, "Reaction " + took + " ms", took <= QUICK, QUICK + " are meant");
  }

  /** What can be seen at once is looked at, the rest is asked. */
  function look(device) {
    var test = device.test;
    test.since = device.now;
    test.checks = [];
    test.roundTrip = null;
    test.hasRing = false;
    checkLive(device, test);
    if (Link.isOnline(device)) {
      var same = device.link.wireVersion === WIRE.wireVersion;
      check(test, "Version", same, "the daemon is of another release, run musearoo install");
      test.askedAt = device.clock();
      Link.beat(device);
    }
    if (device.twin === "audio") {
      device.send(3, ["count"]);
    }
  }

  /** The daemon answered a sign of life. */
  function answered(device) {
    var test = device.test;
    if (test.since !== null && test.roundTrip === null && test.askedAt !== null) {
      test.roundTrip = Math.max(0, device.clock() - test.askedAt);
    }
  }

  /** The ring gave its counter. */
  function count(device) {
    device.test.hasRing = true;
  }

  function report(device) {
    var test = device.test, texts = [], works = 0, isOnline = Link.isOnline(device);
    if (isOnline) {
      var trip = test.roundTrip === null ? "" : " " + Math.round(test.roundTrip) + " ms";
      check(test, "Daemon and back" + trip, test.roundTrip !== null, "nothing came back within a second");
    }
    if (device.twin === "audio") {
      check(test, "Ring", test.hasRing, "its counter does not run, is Live's audio engine off?");
    }
    for (var i = 0; i < test.checks.length; i++) {
      works += test.checks[i].outcome === FINE ? 1 : 0;
      texts.push(test.checks[i].name + "=" + test.checks[i].outcome);
    }
    test.pressedAt = null;
    test.since = null;
    test.askedAt = null;
    if (isOnline) {
      var values = { results: texts.join(";") };
      Presses.begin(device, DEVICE.labels.self_test, "/roo/self_test", values, Texts.testing, false);
    } else {
      Face.status(device, Texts.testedAlone(works, test.checks.length));
    }
  }

  /** Time goes on: looks, and reports when everything has answered or had its time. */
  function tick(device) {
    var test = device.test;
    if (test.pressedAt !== null && test.since === null && device.now - test.pressedAt >= SEEN_AFTER) {
      look(device);
    }
    if (test.since === null || device.now === test.since) {
      return;
    }
    var waitsForDaemon = Link.isOnline(device) && test.roundTrip === null;
    var waitsForRing = device.twin === "audio" && !test.hasRing;
    if (!(waitsForDaemon || waitsForRing) || device.now - test.since >= ANSWERED_WITHIN) {
      report(device);
    }
  }

  return { create: create, begin: begin, answered: answered, count: count, tick: tick };
}());

// device.js
// The device as a whole: its state in one object, and what each message into it means. It sends nothing by itself:
// what is to go out lies in `outbox`.
var Device = (function () {
  // The field says what stands in it only when it is asked, also while somebody types. Whether the answer comes while
  // this goes out or later is Max's affair: presses that need it lie in `asking`, and go out with it or at the next tick.
  var ASK_PROMPT = ["prompt", "bang"];

  /** A device before Live is there. `twin` is "audio" or "midi", `random` gives 0..1, `clock` milliseconds, `keys` the
   * ways to a daemon that can be read just now.
   */
  function create(twin, random, clock, keys) {
    var device = {
      twin: twin, random: random, clock: clock, keys: keys, now: clock(), live: null, isClosed: false, outbox: [], asking: [],
      settings: Settings.create(), face: Face.create(), presses: Presses.create(), link: Link.create(),
      mark: AutoSplit.create(), talk: Talk.create(), listen: Listen.create(), test: SelfTest.create(),
      along: Along.create(), jam: Jam.create()
    };
    device.send = function (outlet, message) {
      device.outbox.push({ outlet: outlet, message: message });
    };
    return device;
  }

  function isRunning(device) {
    return device.live !== null && !device.isClosed;
  }

  /** Live is there: `live` reads it. */
  function start(device, live) {
    if (device.live !== null || device.isClosed) {
      return;
    }
    device.live = live;
    Arm.reset(device);
    Jam.reset(device);
    Face.progress(device, null);
    Face.talk(device, false);
    device.send(0, ASK_PROMPT);
    Link.start(device);
  }

  /** The device is deleted or its set closed. */
  function close(device) {
    if (isRunning(device)) {
      Link.leave(device);
    }
    device.isClosed = true;
  }

  function releaseAsking(device) {
    var asking = device.asking;
    device.asking = [];
    asking.forEach(function (press) {
      if (Presses.isUnderWay(device, press)) {
        press.values.prompt = device.settings.prompt;
        Presses.release(device, press);
      }
    });
  }

  /** Time goes on. */
  function tick(device) {
    if (!isRunning(device)) {
      return;
    }
    Link.tick(device);
    releaseAsking(device);
    Presses.tick(device);
    Talk.tick(device);
    Jam.tick(device);
    Listen.tick(device);
    SelfTest.tick(device);
    Face.tick(device);
  }

  function takeFromDaemon(device, address, args) {
    var values = Words.read(address, args);
    if (values === null) {
      return;
    }
    if (Link.isForeign(device, address, values)) {
      return;
    }
    Link.heard(device);
    if (address === "/roo/beat") {
      SelfTest.answered(device);
    }
    if (address === "/roo/please") {
      please(device, values.control, values.value);
    } else if (values.press === undefined) {
      Link.take(device, address, values);
    } else {
      Presses.take(device, address, values);
    }
  }

  /** Has a button's order sent, or shown and kept back where it `waits`; returns its press, null where there is none. */
  function order(device, button, waits) {
    var label = DEVICE.labels[button], asked = Orders.of(button, device.settings, device.live, {
      last: device.presses.last, take: Along.heardTake(device), isHeard: Along.isHeard(device)
    });
    if (asked !== null && asked.problem) {
      Face.status(device, asked.problem);
    }
    if (asked === null || asked.problem) {
      return null;
    }
    return Presses.begin(device, label, asked.address, asked.values, Texts.working(label), waits);
  }

  function imagine(device) {
    var press = order(device, "imagine", true);
    if (press !== null) {
      device.asking.push(press);
      device.send(0, ASK_PROMPT);
    }
  }

  function listen(device, bars, use) {
    Listen.begin(device, bars, use);
    device.send(0, ASK_PROMPT);
  }

  /** RooAroo was asked for what only the device can do: it uses its own controls. */
  function please(device, control, value) {
    if (!Link.isOnline(device)) {
      return;
    }
    switch (control) {
    case "listen":
      // Ten times the bars, and one more where they are to be continued.
      listen(device, value < 10 ? null : Math.floor(value / 10), value % 10 ? 1 : 0);
      break;
    case "self_test":
      SelfTest.begin(device);
      break;
    case "auto_split":
      AutoSplit.click(device, value ? 1 : 0);
      break;
    }
  }

  function press(device, button) {
    switch (button) {
    case "cancel":
      Presses.cancel(device);
      break;
    case "listen":
      listen(device, null, null);
      break;
    case "imagine":
      imagine(device);
      break;
    case "self_test":
      SelfTest.begin(device);
      break;
    default:
      order(device, button, false);
    }
  }

  function takeFromPatch(device, name, args) {
    var value = Words.isNumber(args[0]) ? args[0] : 0;
    switch (name) {
    case "counter":
      SelfTest.count(device);
      Listen.count(device, Words.whole(value, 0, 2147483647, 0));
      return;
    case "written":
      Listen.written(device);
      return;
    case "talk":
      Talk.hold(device, value !== 0);
      return;
    }
    // A button sends a bang or 1 when it is pressed, and nothing or 0 when it is let go.
    if (DEVICE.labels.hasOwnProperty(name) && args[0] !== 0) {
      press(device, name);
    }
  }

  function turned(device, name, was) {
    var isOther = was !== device.settings[name];
    if (!isRunning(device)) {
      return;
    }
    if (name === "prompt") {
      releaseAsking(device);
    } else if (name === "auto_split" && isOther) {
      AutoSplit.turn(device);
    } else if (name === "talk_latch" && isOther) {
      Talk.latch(device, device.settings.talk_latch !== 0);
    } else if (name === "talk_arm" && isOther) {
      Arm.turn(device);
    } else if (name === "jam" && isOther) {
      Jam.turn(device);
    } else if (isOther) {
      Jam.change(device, name);
    }
  }

  /** A message into the inlet, by its name and arguments. What is unknown is ignored. */
  function take(device, name, args) {
    var was = device.settings[name];
    if (device.isClosed) {
      return;
    }
    if (Settings.take(device.settings, name, args)) {
      turned(device, name, was);
    } else if (name === "sample_rate") {
      Link.setSampleRate(device, Words.whole(args[0], 0, 768000, 0));
    } else if (device.live !== null && name.charAt(0) === "/") {
      takeFromDaemon(device, name, args);
    } else if (device.live !== null) {
      takeFromPatch(device, name, args);
    }
  }

  return { create: create, start: start, close: close, tick: tick, take: take };
}());

// shell.js
// What touches Max: the inlet, the outlets, LiveAPI, files, the clock. Everything else is above and knows nothing of it.
inlets = 1;
outlets = 4;
autowatch = 0;

var Shell = (function (patch) {
  // Progress is shown as often, and nothing else is due more finely.
  var TICK_EVERY = 100;

  // A machine that slept and a Live that stood still had no chance to hear anything: that counts as this long at most.
  var LONGEST_STEP = 1000;

  // Letters of a file that are read: the longest path, and room for its escapes.
  var LONGEST_TEXT = 8192;

  var elapsed = 0, read = new Date().getTime(), ticking = null;

  /** Milliseconds that never run backwards and never leap, also where somebody sets the machine's clock. */
  function clock() {
    var time = new Date().getTime();
    elapsed += Math.min(LONGEST_STEP, Math.max(0, time - read));
    read = time;
    return elapsed;
  }

  var twin = typeof jsarguments !== "undefined" && jsarguments[1] === "midi" ? "midi" : "audio";
  /** The start of a text file; null where there is none to be read. */
  function readText(path) {
    var file = new File(path, "read"), text = null;
    if (file.isopen) {
      text = file.readstring(Math.min(file.eof, LONGEST_TEXT));
      file.close();
    }
    return text;
  }

  var device = Device.create(twin, Math.random, clock, function () {
    return Key.find(readText, max.os, patch && patch.filepath || "");
  });

  // What goes out may bring something in at once: what that puts into the outbox goes out behind what lies there.
  function flush() {
    while (device.outbox.length) {
      var next = device.outbox.shift();
      outlet(next.outlet, next.message);
    }
  }

  /** Lets the device do something, and sends what follows. A fault shows on the status line instead of ending it. */
  function perform(action) {
    device.now = clock();
    try {
      action();
    } catch (fault) {
      Face.status(device, Texts.broken(Words.cut(fault && fault.message ? fault.message : fault, 80)));
    }
    flush();
  }

  function start() {
    if (ticking === null && !device.isClosed) {
      // The first moment at which LiveAPI may be used.
      Device.start(device, Place.create(new LiveAPI(null, "live_set")));
      ticking = new Task(function () {
        perform(function () { Device.tick(device); });
      });
      ticking.interval = TICK_EVERY;
      ticking.repeat();
    }
  }

  function stop() {
    if (ticking !== null) {
      ticking.cancel();
    }
    Device.close(device);
  }

  /** A message came in. */
  function take(name, args) {
    perform(function () {
      if (name === "loaded") {
        start();
      } else if (name === "closing") {
        stop();
      } else {
        Device.take(device, name, args);
      }
    });
  }

  return { take: take };
}(this.patcher));

/** Every message with a name. */
function anything() {
  Shell.take(messagename, arrayfromargs(arguments));
}

/** Live takes the device away. */
function notifydeleted() {
  Shell.take("closing", []);
}

// Nothing that begins with a number, and no bare bang, means anything here; without these Max would complain aloud.
function msg_int() {}
function msg_float() {}
function list() {}
function bang() {}
