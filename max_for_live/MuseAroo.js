// The script of MuseAroo's devices. Made by tools/workshop/device_builder from max_for_live; do not edit.

var WIRE = {
  "wireVersion": 14,
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
    "/roo/dials": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "style", "type": "s", "low": 0, "high": 32}, {"name": "bars", "type": "i", "low": 1, "high": 64}, {"name": "complexity", "type": "f", "low": 0.0, "high": 1.0}, {"name": "density", "type": "f", "low": 0.0, "high": 1.0}, {"name": "humanise", "type": "f", "low": 0.0, "high": 1.0}, {"name": "swing", "type": "f", "low": 0.0, "high": 3.5}, {"name": "key", "type": "s", "low": 0, "high": 32}, {"name": "track", "type": "i", "low": -1, "high": 9999}, {"name": "replace", "type": "i", "low": 0, "high": 1}, {"name": "hear", "type": "i", "low": 0, "high": 1}, {"name": "to_played", "type": "s", "low": 0, "high": 16}],
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
    "/roo/ambience": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "on", "type": "i", "low": 0, "high": 1}, {"name": "preset", "type": "s", "low": 0, "high": 32}, {"name": "out", "type": "s", "low": 0, "high": 8}, {"name": "key", "type": "s", "low": 0, "high": 32}, {"name": "mood", "type": "s", "low": 0, "high": 32}, {"name": "bpm", "type": "f", "low": 0.0, "high": 300.0}, {"name": "density", "type": "f", "low": -1.0, "high": 1.0}, {"name": "brightness", "type": "f", "low": -1.0, "high": 1.0}, {"name": "motion", "type": "f", "low": -1.0, "high": 1.0}, {"name": "space", "type": "f", "low": -1.0, "high": 1.0}, {"name": "follow", "type": "i", "low": -1, "high": 1}, {"name": "seed", "type": "i", "low": -1, "high": 2147483647}],
    "/roo/version/keep": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "name", "type": "s", "low": 0, "high": 200}],
    "/roo/version/back": [{"name": "session", "type": "i", "low": 1, "high": 2147483647}, {"name": "press", "type": "i", "low": 1, "high": 2147483647}, {"name": "version", "type": "s", "low": 0, "high": 200}, {"name": "part", "type": "s", "low": 0, "high": 8}, {"name": "which", "type": "s", "low": 0, "high": 300}],
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
    "/roo/midi": [{"name": "clock", "type": "s", "low": 0, "high": 8}, {"name": "running", "type": "i", "low": 0, "high": 1}, {"name": "bpm", "type": "f", "low": 0.0, "high": 999.0}, {"name": "input", "type": "i", "low": 0, "high": 2}, {"name": "held", "type": "s", "low": 0, "high": 32}, {"name": "played", "type": "i", "low": 0, "high": 64}, {"name": "heard", "type": "s", "low": 0, "high": 255}, {"name": "turn", "type": "i", "low": 0, "high": 3}, {"name": "bar", "type": "i", "low": 0, "high": 16}, {"name": "who", "type": "s", "low": 0, "high": 96}, {"name": "sentence", "type": "s", "low": 0, "high": 300}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}],
    "/roo/ambience/state": [{"name": "on", "type": "i", "low": 0, "high": 1}, {"name": "preset", "type": "s", "low": 0, "high": 32}, {"name": "key", "type": "s", "low": 0, "high": 64}, {"name": "chords", "type": "s", "low": 0, "high": 96}, {"name": "sentence", "type": "s", "low": 0, "high": 300}, {"name": "session", "type": "i", "low": 0, "high": 2147483647}]
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
    "imagine_with": ["Best model", "MusicGen", "Stable Audio", "Sketch", "Ambient"],
    "keep_bars": ["Last phrase", "1 bar", "2 bars", "4 bars", "8 bars", "16 bars", "32 bars"],
    "keep_tight": ["As is", "Half", "Tight"],
    "to_played": ["Nothing special", "Answer it", "Continue it", "Add thirds", "Add sixths", "Four parts", "Accompany it"],
    "jam_bars": ["1 bar each", "2 bars each", "4 bars each", "8 bars each", "16 bars each"],
    "jam_with": ["RooAroo", "Drums", "Bass", "Chords", "Melody", "Atmos"],
    "ambience_preset": ["Drift", "Glass", "Tape", "Choir", "Rain", "Night bus", "Cathedral", "Embers"],
    "ambience_follow": ["Own key", "Follow set"]
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
    "ambience": 0,
    "ambience_preset": 0,
    "ambience_density": 50,
    "ambience_brightness": 50,
    "ambience_motion": 50,
    "ambience_space": 50,
    "ambience_follow": 0,
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
// All sentences of the device itself. The daemon's sentences are shown unchanged.
var Texts = (function () {
  var START = "start it with \u201cmusearoo run\u201d in a terminal";

  // The menu choice with which a press needs no track of its own.
  var OWN_TRACK = "choose \u201c" + DEVICE.choices.where[0] + "\u201d.";

  /** Returns milliseconds in readable form: "23 ms", "1.4 s". */
  function duration(milliseconds) {
    if (milliseconds < 1000) {
      return Math.round(milliseconds) + " ms";
    }
    return (Math.round(milliseconds / 100) / 10) + " s";
  }

  // The source of the beat, as on the wire.
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

    heard: function (name) { return name + ". Keep it or drop it."; },
    heardNow: function (name) { return "Heard: " + name; },
    barsToKeep: function (bars) {
      return bars ? bars + (bars === 1 ? " bar" : " bars") + " to keep" : "Nothing to keep yet";
    },
    ambience: "Ambience",
    jam: "Jam",
    noJam: "No jam",
    jamAwaited: "Jam: from the next bar",
    yourTurn: function (bar) { return "Your turn, bar " + bar; },
    theirTurn: function (players, bar) { return (players || "MuseAroo") + ", bar " + bar; },
    noInput: "no input",
    notesCome: "notes",
    // Integer BPM: each text that Max has ever shown stays in its memory.
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
// Convert values and texts to and from the wire: the arguments of a message by its row in WIRE. Pure.
var Words = (function () {
  // The replacement for half a surrogate pair, which UTF-8 cannot encode.
  var UNKNOWN = "\uFFFD";

  // The marks for words cut off at the end, and at the beginning.
  var MORE = " \u2026", EARLIER = "\u2026 ";

  function isNumber(value) {
    return typeof value === "number" && isFinite(value);
  }

  /** Returns `value` as a number within low..high; `fallback` if it is not a number. */
  function bound(value, low, high, fallback) {
    var number = isNumber(value) ? value : fallback;
    return Math.min(high, Math.max(low, number));
  }

  /** Returns an integer within low..high. */
  function whole(value, low, high, fallback) {
    return Math.round(bound(value, low, high, fallback));
  }

  /** Returns the letters of a text, surrogate pairs intact. */
  function letters(text) {
    return String(text).match(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[^]/g) || [];
  }

  function isHalf(letter) {
    return letter.length === 1 && letter >= "\uD800" && letter <= "\uDFFF";
  }

  function bytesOf(letter) {
    return letter.length === 2 ? 4 : letter < "\u0080" ? 1 : letter < "\u0800" ? 2 : 3;
  }

  /** Returns the start of `text` within `most` bytes of UTF-8, without partial letters and zero bytes. */
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

  /** Returns `text`, or as many of its first words as fit into `most` letters, with a mark for more. */
  function head(text, most) {
    var room = most - MORE.length, space = text.lastIndexOf(" ", room);
    return text.length <= most ? text : text.slice(0, space > 0 ? space : room) + MORE;
  }

  /** Returns `text`, or a mark for more and as many of its last words as fit into `most` letters. */
  function tail(text, most) {
    var from = text.length - most + MORE.length, space = text.indexOf(" ", from - 1);
    return text.length <= most ? text : EARLIER + text.slice(space < 0 ? from : space + 1);
  }

  function written(row, value) {
    if (row.type === "s") {
      // Max may lose an empty text.
      return cut(value === undefined ? "" : value, row.high) || WIRE.noText;
    }
    return (row.type === "i" ? whole : bound)(value, row.low, row.high, row.low);
  }

  /** Returns the message `[address, argument, \u2026]` of `values` by name: texts are cut, numbers clipped, so it is valid.
   */
  function write(address, values) {
    var rows = WIRE.sent[address], message = [address];
    for (var i = 0; i < rows.length; i++) {
      message.push(written(rows[i], values[rows[i].name]));
    }
    return message;
  }

  /** Returns the values by name of a message from the daemon; null if it does not match the table. */
  function read(address, args) {
    var rows = WIRE.received.hasOwnProperty(address) ? WIRE.received[address] : null;
    if (!rows || args.length !== rows.length) {
      return null;
    }
    var values = {};
    for (var i = 0; i < rows.length; i++) {
      var row = rows[i], value = args[i];
      if (row.type === "s") {
        // Max may have converted a text that looks like a number.
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
// The values of the menus, dials and the prompt, and their meaning on the wire. Pure.
var Settings = (function () {
  // Choices with a meaning in the script, in the order of the menus.
  var WHERE = { own: 0, here: 1, replace: 2 };
  var ANALYSE_FOR = { look: 0, clip: 1, set: 2 };
  var IMAGINE_FROM = { words: 0, tune: 1, end: 2 };
  var BACKENDS = ["", "musicgen", "stable-audio", "sketch", "ambient"];
  var TO_PLAYED = ["", "answer", "continue", "thirds", "sixths", "four parts", "accompany"];
  var JAM_WITH = ["", "drummaroo", "bassaroo", "harmonyroo", "melodyroo", "atmosroo"];

  // Keep's value on the wire for the last phrase instead of a number of bars.
  var LAST_PHRASE = -1;

  // Long to short: a dial at 1 % is straight, at 100 % three to one.
  var STRAIGHT = 1, HEAVIEST = 3;

  /** The settings of a new device. */
  function create() {
    var values = { prompt: "" };
    for (var name in DEVICE.initial) {
      if (DEVICE.initial.hasOwnProperty(name)) {
        values[name] = DEVICE.initial[name];
      }
    }
    return values;
  }

  /** Stores the value if `name` is a setting; returns whether it is. */
  function take(settings, name, args) {
    if (name === "prompt") {
      // The field sends `text` before its contents.
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

  /** Returns the index of a menu's choice, from 0. */
  function index(settings, menu) {
    return Words.whole(settings[menu], 0, DEVICE.choices[menu].length - 1, 0);
  }

  /** Returns the words of a menu's choice. */
  function choice(settings, menu) {
    return DEVICE.choices[menu][index(settings, menu)];
  }

  /** Returns a menu's choice as a number. */
  function number(settings, menu) {
    return parseInt(choice(settings, menu), 10);
  }

  /** Returns the name of the style, "" for an automatic one. */
  function style(settings) {
    return index(settings, "style") ? choice(settings, "style") : "";
  }

  /** Returns a key such as "A Minor", "" for the set's. */
  function key(settings) {
    return index(settings, "key_root") ? choice(settings, "key_root") + " " + choice(settings, "key_mode") : "";
  }

  /** Returns the value of a dial in per cent as 0..1. */
  function share(settings, dial) {
    return Words.bound(settings[dial], 0, 100, 50) / 100;
  }

  /** Returns the swing ratio, long to short, 0 for that of the set and the style. */
  function swing(settings) {
    var percent = Words.bound(settings.swing, 0, 100, 0);
    return percent < 0.5 ? 0 : STRAIGHT + (Math.max(1, percent) - 1) / 99 * (HEAVIEST - STRAIGHT);
  }

  /** Returns the length of a song in seconds, from a choice such as "3:00". */
  function seconds(settings) {
    var parts = choice(settings, "song_length").split(":");
    return parseInt(parts[0], 10) * 60 + parseInt(parts[1], 10);
  }

  /** Returns the number of recent bars that Keep uses. */
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
    /** Returns Keep's quantization amount, 0..1. */
    tightness: function (settings) { return index(settings, "keep_tight") / (DEVICE.choices.keep_tight.length - 1); },
    /** Returns the relation of the part to the captured playing, "" for none. */
    toPlayed: function (settings) { return TO_PLAYED[index(settings, "to_played")]; },
    /** Returns who answers in the jam, "" for RooAroo's choice. */
    jamWith: function (settings) { return JAM_WITH[index(settings, "jam_with")]; },
    /** Returns the preset of endless music. */
    ambience: function (settings) { return choice(settings, "ambience_preset").toLowerCase(); },
    /** Returns the jam menu's name of a player on the wire, or the name itself. */
    player: function (engine) {
      var place = JAM_WITH.indexOf(engine);
      return place > 0 ? DEVICE.choices.jam_with[place] : engine;
    }
  };
}());

// face.js
// The device's display. Only changes are sent, so that nothing is drawn twice and no text is created needlessly.
var Face = (function () {
  var LAMP = { off: 0, alone: 1, ready: 2, working: 3 };

  // Ten updates a second look smooth on a progress bar.
  var PROGRESS_EVERY = 100;

  // A bar starts with at least this value, so that its start is visible.
  var BEGUN = 30;

  // The number of letters in the status line's two rows, and the reading time in milliseconds.
  var SENTENCE_SHOWN = 120, READ_WITHIN = 4000;

  // The number of letters in the line of facts, and the placeholder for unknown values.
  var CHORDS_SHOWN = 14, MORE = " \u2026";

  // The number of letters of a take's name, and of the jam's players, that fit their lines.
  var TAKE_SHOWN = 20, PLAYERS_SHOWN = 20;

  // The values of `input` and `turn` in the daemon's report of live MIDI.
  var NO_INPUT = 0, NOTES_CAME = 2;
  var TURN = { none: 0, awaited: 1, player: 2, band: 3 };

  /** A display that has shown nothing yet. */
  function create() {
    return { shown: {}, said: "", pages: [""], page: 0, turnedAt: 0, bar: 0, barShownAt: -PROGRESS_EVERY };
  }

  /** Sends the value of `what`, unless it is already shown. */
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

  /** Returns a sentence in pages that fit the status line, split between words. */
  function paginate(sentence) {
    var pages = [], rest = sentence, room = SENTENCE_SHOWN - MORE.length;
    while (rest.length > SENTENCE_SHOWN) {
      var space = rest.lastIndexOf(" ", room), end = space > MORE.length ? space : room;
      pages.push(rest.slice(0, end) + MORE);
      rest = "\u2026 " + rest.slice(end).replace(/^ /, "");
    }
    return pages.concat(rest);
  }

  /** Sets the status line; `face.said` is its text. A long sentence is shown page by page, because its end says what to
   * do.
   */
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

  /** Sets the progress, 0..1, or null for none. Shown immediately or, soon after another update, at a later tick. */
  function progress(device, fraction) {
    device.face.bar = fraction === null ? 0 : Math.max(BEGUN, Math.round(fraction * 1000));
    // Start and end are shown immediately.
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

  /** Handles the passing of time: shows delayed progress, and the next page of a long sentence. */
  function tick(device) {
    showBarInTime(device);
    turnPage(device);
  }

  /** Sets the lamp to one of the states of LAMP; the device's table defines their colours. */
  function lamp(device, state) {
    show(device, "lamp", DEVICE.lamps[state]);
  }

  /** Sets whether Talk is lit. */
  function talk(device, isHeld) {
    show(device, "talk_face", ["set", isHeld ? 1 : 0]);
  }

  /** Sets the label of Talk: Talk, or that it waits for an answer. */
  function nameTalk(device, isAsked) {
    showAs(device, "talk_name", "talk_face", ["text", isAsked ? Texts.answerButton : Texts.talkButton]);
  }

  /** Returns as many whole chords as fit: Em9 cut to Em would be a different chord. */
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

  /** Shows the known facts of the set; null for none. */
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

  /** Shows the state of live MIDI, as reported by the daemon; null if unknown. */
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
// The request of each button: its message by the settings and the place, or a sentence why nothing is sent.
var Orders = (function () {
  var ENGINES = {
    drums: "drummaroo", bass: "bassaroo", harmony: "harmonyroo", melody: "melodyroo", atmos: "atmosroo", band: "band"
  };

  // The daemon's words for changes of a clip; they are also the buttons' names.
  var AGAIN = "again", CHANGES = { again: true, simpler: true, busier: true };

  // The byte limit of all changes together on the wire.
  var LONGEST_CHANGES = 160;

  // The maximum length of a loop for the daemon.
  var LONGEST_LOOP = 32;

  function asked(address, values) {
    return { address: address, values: values, problem: "" };
  }

  function refused(sentence) {
    return { address: "", values: {}, problem: sentence };
  }

  /** Returns where a clip is to go: {track, scene, replace}, or {problem}. */
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

  /** Returns all changes so far plus this one; the oldest are dropped where there is no room. */
  function withChange(changes, change) {
    var all = changes ? changes + ", " + change : change;
    while (all.length > LONGEST_CHANGES) {
      all = all.slice(all.indexOf(", ") + 2);
    }
    return all;
  }

  /** Requests another take in place of the auditioned one, which is not in the set. */
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

  /** Changes the clip that this device made last, if it still exists; else the one in Detail View. */
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

  /** Writes the auditioned take, to the place of its own press, or the captured playing. */
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

  /** Only analyzes, or also writes the result: into the clip, or also into the set. */
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

  /** Without its prompt, which is requested from the field. */
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

  /** Returns the request of a button: {address, values, problem}; null for other buttons. `made` is the result of
   * earlier ones: `last`, the last created clip; `take`, the request of the auditioned take; `isHeard`, whether any is
   * auditioned.
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

  return {
    of: of,
    /** Returns whether a button asks players for a clip. */
    isPlayer: function (button) { return ENGINES.hasOwnProperty(button); },
    /** Returns what a player's button would ask for, whoever plays; null where nothing can be sent. */
    dials: function (settings, live) {
      var asked = generate(settings, live, "");
      return asked.problem ? null : asked.values;
    }
  };
}());

// place.js
// The device's place and the selection in Live, read at the moment of a press. LiveAPI works only after `loaded`.
var Place = (function () {
  // The maximum nesting of racks in Live.
  var DEEPEST = 32;

  /** Returns the first number after `words` at the start of a path; -1 for another path. */
  function numberAfter(path, words) {
    return path.indexOf(words + " ") === 0 ? parseInt(path.slice(words.length + 1), 10) : -1;
  }

  /** Returns a reader of Live with one reused LiveAPI object: each new one would cost milliseconds. */
  function create(cursor) {
    /** Returns whether there is an object at a path; the cursor is moved there. */
    function goTo(path) {
      cursor.goto(path);
      return Number(cursor.id) > 0;
    }

    // LiveAPI quotes its paths.
    function path() {
      return String(cursor.path).replace(/"/g, "");
    }

    function getNumber(name, fallback) {
      var values = cursor.get(name);
      return values && values.length ? Words.bound(values[0], -2147483648, 2147483647, fallback) : fallback;
    }

    // A name may be a number, and may arrive as several atoms.
    function getText(name) {
      var values = cursor.get(name);
      return values && values.length ? values.join(" ") : "";
    }

    /** Returns the path of the device's track, also from within racks; "" if Live does not report it. */
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

    /** Returns the device's track: `index` is -1 for the returns and Main, null if Live does not report it. */
    function track() {
      var where = trackPath();
      if (!where) {
        return { index: null, isFrozen: false };
      }
      var index = numberAfter(where, "live_set tracks");
      return { index: index, isFrozen: index >= 0 && getNumber("is_frozen", 0) === 1 };
    }

    /** Returns the index of the selected scene, -1 if Live does not report it. */
    function scene() {
      return goTo("live_set view selected_scene") ? numberAfter(path(), "live_set scenes") : -1;
    }

    function hasClip(track, slot) {
      return goTo("live_set tracks " + track + " clip_slots " + slot) && getNumber("has_clip", 0) === 1;
    }

    /** Returns the name of the clip in a slot, null for none. */
    function clipName(track, slot) {
      var isThere = hasClip(track, slot) && goTo("live_set tracks " + track + " clip_slots " + slot + " clip");
      return isThere ? getText("name") : null;
    }

    function detailClip() {
      if (!goTo("live_set view detail_clip")) {
        return null;
      }
      var found = /^live_set tracks (\d+) clip_slots (\d+) clip$/.exec(path());
      // An Arrangement clip has no slot: the daemon reads Detail View itself.
      return found ? { track: parseInt(found[1], 10), scene: parseInt(found[2], 10) } : { track: -1, scene: -1 };
    }

    /** Returns the default clip: in Detail View, else the playing or selected one on this track. */
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

    /** Returns Live's version, such as "12.3.6"; "" if unknown. */
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

    /** Returns the name of the set, "" before it is saved. */
    function setName() {
      return goTo("live_set") ? getText("name") : "";
    }

    /** Returns the beats from the song's beginning, as if it had always had the current time signature. The song's own
     * time in beats does not show where its bars begin after signature changes; bars, beats and sixteenths do, but not
     * the fraction of a sixteenth.
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

    /** Returns the song's current beat and time signature for Listen. */
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

    /** Returns Live's id of this device, constant while it is loaded; 0 if unknown. */
    function deviceId() {
      return goTo("this_device") ? Number(cursor.id) : 0;
    }

    /** Returns the number of parameters that Live sees on this device. */
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
// Pending presses: numbered, sent, repeated until the daemon has acknowledged them, and shown until they are answered.
var Presses = (function () {
  // The daemon's limit per device.
  var MOST_UNDER_WAY = 16;

  // Milliseconds without an acknowledgement after which a press is repeated, and after which it is given up.
  var REPEAT_AFTER = 500, GIVE_UP_AFTER = 10000;

  // The code of a permanent notice; the others are temporary reasons why a press waits.
  var PLAIN_NEWS = 0;

  /** No press yet. `last` is the last created clip, `arrival` the progress of an automatic job. */
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

  /** Sets bar and lamp: for a pending Talk, which cannot wait, else for the newest press. */
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

  /** Shows a press and sends it, now or when there is a daemon; returns it, or null when too many are pending. One that
   * `waits` is sent by `release` later. `sentence` is the status text meanwhile.
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

  /** Sets the status text of a press. */
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

  /** Handles the passing of time: unacknowledged presses are repeated after a hello, or given up. */
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

  /** The daemon is gone, perhaps permanently: unanswered presses count as not received. A Talk in progress is lost. */
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

  /** A daemon is available again: unacknowledged presses are sent again with the same numbers. */
  function repeat(device) {
    device.presses.underWay.forEach(function (press) {
      if (!press.isKnown && !press.waits) {
        post(device, press);
      }
    });
  }

  /** Cancels the newest press, or else an automatic job. */
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
      // Also for an unacknowledged one: it may have arrived.
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

  /** Joins two sentences, adding a full stop to the first if necessary. */
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

  /** Returns the clip that Again, Simpler and Busier change; by its own name, because the band is answered with the
   * band's.
   */
  function remember(device, track, scene) {
    var name = track < 0 || scene < 0 ? null : device.live.clipName(track, scene);
    device.presses.last = name === null ? null : { track: track, scene: scene, name: name };
  }

  // Requests that create a clip; and those answered by a sentence instead of a clip's name.
  var MAKES_CLIP = { "/roo/generate": true, "/roo/refine": true, "/roo/keep": true };
  var ANSWERS_IN_WORDS = { "/roo/undo": true, "/roo/self_test": true, "/roo/audition": true, "/roo/jam": true,
    "/roo/ambience": true };

  /** Returns what was created, and how long it took. */
  function nameDone(press, values) {
    if (values.name && Along.isHeardFirst(press)) {
      return Texts.heard(values.name);
    }
    if (values.name && ANSWERS_IN_WORDS.hasOwnProperty(press.address)) {
      return values.name;
    }
    return Texts.done(press.label, values.name, values.milliseconds);
  }

  /** Returns the result of a sentence: the transcript, RooAroo's interpretation, and the outcome. */
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
    // Earlier notices, such as an omitted part, would otherwise disappear before they are read.
    return press.told ? join(sentence, press.told.slice(1)) : sentence;
  }

  /** Returns RooAroo's answer in words. A question includes how to answer it. */
  function answered(press, values) {
    press.heard = values.heard || press.heard;
    return Talk.answer(press, values.asks ? Texts.asked(values.sentence) : values.sentence);
  }

  /** Returns the status text of a finished press. */
  function lastWord(device, press, address, values) {
    switch (address) {
    case "/roo/done": return done(device, press, values);
    case "/roo/answer": return answered(press, values);
    }
    return values.sentence && Talk.answer(press, values.sentence);
  }

  /** Handles the daemon's report about a press. */
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
    /** Returns whether `holds` is true for a pending press. */
    isSome: function (device, holds) { return device.presses.underWay.some(holds); },
    areUnderWay: function (device) { return device.presses.underWay.length > 0; },
    isAny: function (device) { return device.presses.underWay.length > 0 || device.presses.arrival !== null; }
  };
}());

// proof.js
// Proof that device and daemon know the same secret, which neither of them sends: HMAC (RFC 2104) with SHA-256 (FIPS
// 180-4), as in `bridge/protocol/device_proof.py`. Pure.
var Proof = (function () {
  // SHA-256's block size in bytes, and the words of a proof: half of the 256 bits (RFC 4868).
  var BLOCK = 64, WORDS = 4;

  // The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the
  // first eight.
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

  // Processes the 16 words from `at` on; modifies `hash`.
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

  // Returns the SHA-256 of bytes, as eight signed words.
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

  /** Returns the UTF-8 bytes of a text. */
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

  /** Returns the HMAC-SHA-256 of bytes, as eight signed words. */
  function hmac(key, message) {
    var short = key.length > BLOCK ? bytesOf(digest(key)) : key;
    return digest(padded(short, 0x5c).concat(bytesOf(digest(padded(short, 0x36).concat(message)))));
  }

  /** Returns the proof over texts and numbers: four signed words. */
  function of(secret, parts) {
    return hmac(encode(secret), encode(parts.join("\0"))).slice(0, WORDS);
  }

  /** Returns the values of a message including its proof. */
  function put(values, proof) {
    proof.forEach(function (word, place) {
      values["proof_" + (place + 1)] = word;
    });
    return values;
  }

  return {
    /** Returns the values of a hello with its proof. */
    ofHello: function (secret, values) {
      return put(values, of(secret, ["hello", values.instance, values.number, values.wire_version, values.live_version,
        values.reply_port]));
    },
    /** Returns whether a welcome comes from a daemon that knows the secret too. */
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
// Locating the daemon: port and secret, in a file that only the user can read. The file reader is a parameter: `read`
// returns a text or null.
var Key = (function () {
  // As in `bridge/settings/config_files.py` and `bridge/settings/live_folders.py`.
  var FILE = "device_key.txt", POINTER = "MuseAroo folder.txt";

  // MuseAroo's folder in the user's home folder, by `max.os`.
  var FOLDERS = { macintosh: "/Library/Application Support/MuseAroo", windows: "/AppData/Roaming/MuseAroo" };

  var KEY = /^(\d{4,5}) (\S{32,200})\s*$/;

  function folderOf(path) {
    return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  }

  // The folder named by `musearoo install` next to the device, as a file URL, so that any letter survives Max.
  function pointedTo(read, devicePath) {
    var text = devicePath ? read(folderOf(devicePath) + POINTER) : null;
    var found = text === null ? null : /^file:\/\/([^\/\s]*)(\/\S+)/.exec(text);
    if (found === null) {
      return null;
    }
    try {
      var path = decodeURIComponent(found[2]);
    } catch (broken) {
      // Another program wrote it.
      return null;
    }
    return found[1] ? "//" + found[1] + path : /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
  }

  /** Returns MuseAroo's folders, the likeliest first: next to the device, in Max's home folder, in that of the device's
   * path.
   */
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

  /** Returns the keys that can be read there: `{ port, secret }`, without duplicates. */
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
// The connection to the daemon: hello until a welcome, pings, and reconnecting.
var Link = (function () {
  // The reply ports; each instance draws its own. udpreceive reports no error for a port in use.
  var FIRST_REPLY_PORT = 24700, REPLY_PORTS = 1000;

  // Milliseconds without a welcome until the next hello: at first, and when there seems to be no daemon.
  var HELLO_EVERY = 500, HELLO_SLOWLY_EVERY = 2000, QUICK_HELLOS = 10;

  // Hellos without an answer until the user is told; and those for which a working reply port is kept.
  var PATIENT_HELLOS = 3, TRUSTED_HELLOS = 4;

  // Milliseconds after which a refusal that was not repeated expires: the best port is tried every four seconds.
  var REFUSED_FOR = 9000;

  // Milliseconds that the daemon may take to answer a ping; then a hello follows, because a restarted daemon does not
  // answer unknown devices.
  var BEAT_EVERY = 1000, ANSWERED_WITHIN = 300, SILENT_AFTER = 2500;

  // The number of recent hellos that may still be answered.
  var HELLOS_KEPT = 4;

  // The set's name changes when it is saved under another: checked after this number of pings.
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

  /** Returns whether a daemon knows this device. */
  function isOnline(device) {
    return device.link.session !== 0 && !device.link.isLooking;
  }

  /** Sets the lamp, by the daemon, Live and the work in progress. */
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

  // Live's own number of the device is part of the name and of the port: devices loaded with a set within the same
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

  /** Sends a hello with the current key; with several keys, in turn. */
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

  /** Starts: who this device is, and the first hello. */
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

  /** Sets why there is no daemon: the refusal of a present one, or else `sentence`. */
  function explain(device, sentence) {
    return device.link.refusal || (device.link.hasKey ? sentence : Texts.noKey);
  }

  /** Looks for a daemon immediately, when the user is waiting for it. */
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

  /** Handles the passing of time: another hello, a ping, or a timeout of the daemon. */
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

  /** Shows the state of Live; the previous status text returns when it has passed. */
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

  /** Returns whether a welcome answers one of the last hellos, and knows its secret. */
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
      // A restarted daemon knows nothing of the previous one's work.
      Presses.loseDaemon(device);
      Jam.lose(device);
      Ambience.lose(device);
      AutoSplit.check(device);
    }
    if (wasLooking || isOther) {
      link.beatAt = device.now;
      Arm.remind(device);
      Presses.repeat(device);
    }
    if (wasLooking && !isOther) {
      // A continued session gets only changes; a new one gets the state of live MIDI with its welcome.
      Along.ask(device);
    }
    // It is still true that Talk was cut off; everything else that was missing is available now.
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

  /** Handles the daemon's report about itself and the set. */
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
    case "/roo/ambience/state":
      Ambience.take(device, values);
      break;
    case "/roo/facts":
      Face.facts(device, values);
      Listen.fit(device, values);
      setLive(device, values.live);
      break;
    }
  }

  /** Returns whether this came from another sender than the daemon: only messages with this session are for this
   * device. A welcome proves itself, and only a device without a daemon can be refused.
   */
  function isForeign(device, address, values) {
    if (address === "/roo/welcome") {
      return !isAnswer(device.link, values);
    }
    return address === "/roo/refused" ? !device.link.isLooking : values.session !== device.link.session;
  }

  /** Handles a valid message from the daemon. */
  function heard(device) {
    device.link.heardAt = device.now;
  }

  /** Reports the set's sample rate to the daemon if it has changed. */
  function setSampleRate(device, rate) {
    if (rate !== device.link.sampleRate) {
      device.link.sampleRate = rate;
      if (isOnline(device)) {
        greet(device);
      }
    }
  }

  /** Sends a goodbye. */
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
// The Auto-split toggle: reports the device's track to the daemon, also after a move or a restart.
var AutoSplit = (function () {
  /** Nothing reported yet. */
  function create() {
    return { session: 0, track: -1 };
  }

  function tell(device, track, on) {
    device.send(1, Words.write("/roo/auto_split", {
      session: device.link.session, track: track, on: on, backend: "", stems: 4, mute: 0
    }));
  }

  /** Reports the marked track to the daemon, if that has changed. */
  function check(device) {
    if (!Link.isOnline(device)) {
      return;
    }
    var mark = device.mark, wanted = device.settings.auto_split ? device.live.track().index : -1;
    if (mark.session !== device.link.session) {
      // A restarted daemon has no marks.
      mark.session = device.link.session;
      mark.track = -1;
    }
    if (wanted === null || wanted === mark.track) {
      return;
    }
    tell(device, wanted < 0 ? mark.track : wanted, wanted < 0 ? 0 : 1);
    mark.track = wanted;
  }

  /** The toggle was changed, or restored with the set. */
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

  /** Sets the toggle as a click does. */
  function click(device, on) {
    if (device.settings.auto_split === on) {
      turn(device);
    } else {
      // The toggle sends its new value itself.
      device.send(0, ["auto_split", on]);
    }
  }

  return { create: create, check: check, turn: turn, click: click };
}());

// talk.js
// Talk: held by the mouse, or latched by a mapped key or pedal. While held it sends signs of life and shows the voice
// level and the interim transcript; the daemon may end it first, at a silence.
var Talk = (function () {
  // The daemon stops two seconds after the last sign.
  var SIGN_EVERY = 500;

  // The number of letters of the transcript that fit the status line with its own words, and with an answer.
  var WORDS_SHOWN = 100, HEARD_SHOWN = 60;

  // Milliseconds for which a question waits for its answer, as in RooAroo, also while buttons are pressed.
  var ASKED_FOR = 60000;

  /** No talk. `press` is the held one, `letGo` the one released before the daemon had acknowledged it. */
  function create() {
    return { isDown: false, isLatched: false, press: null, letGo: [], saidAt: 0, askedAt: null };
  }

  function say(device, press, held) {
    device.send(1, Words.write("/roo/talk", { session: device.link.session, press: press.number, held: held }));
  }

  /** Turns off the lights of Talk and of the latch. */
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

  /** The press is released; its transcript is being interpreted. */
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

  /** Returns the transcript of a press, quoted and cut to fit; "" if unknown. */
  function heard(press, most) {
    return press.heard ? Texts.quoted(Words.head(press.heard, most)) : "";
  }

  /** Shows the level and the interim transcript; after the end the whole transcript. */
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

  /** The daemon takes over a press: it no longer listens, although Talk may still be held. */
  function goOn(device, press) {
    if (press === device.talk.press) {
      end(device);
    }
  }

  /** Returns a press's result for the status line, after its transcript. */
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

  /** Handles the passing of time: Talk is still held, or was answered meanwhile; a question has timed out. */
  function tick(device) {
    var talk = device.talk;
    if (talk.press !== null) {
      tickHeld(device);
    }
    // Not before the daemon has acknowledged the press.
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
    /** The held press, or null. */
    held: function (device) { return device.talk.press; },
    /** The button was pressed or released. */
    hold: function (device, isDown) { change(device, isDown, device.talk.isLatched); },
    /** The latch was changed. */
    latch: function (device, isOn) { change(device, device.talk.isDown, isOn); }
  };
}());

// arm.js
// The Arm toggle: while it is on the daemon keeps the microphone open, so that Talk includes the preceding half second.
var Arm = (function () {
  function say(device, on) {
    device.send(1, Words.write("/roo/arm", { session: device.link.session, on: on }));
  }

  function isOn(device) {
    return device.settings.talk_arm !== 0;
  }

  /** Loading a device never opens the microphone. */
  function reset(device) {
    if (isOn(device)) {
      device.settings.talk_arm = 0;
      device.send(0, ["talk_arm", "set", 0]);
    }
  }

  /** The toggle was changed. */
  function turn(device) {
    if (!Link.isOnline(device)) {
      Face.status(device, isOn(device) ? Link.explain(device, Texts.armOffline) : Texts.armOff);
      Link.hurry(device);
      return;
    }
    say(device, isOn(device) ? 1 : 0);
    Face.status(device, isOn(device) ? Texts.armOn : Texts.armOff);
  }

  /** Sends that it is still on: otherwise the daemon closes the microphone after three seconds. */
  function remind(device) {
    if (isOn(device)) {
      say(device, 1);
    }
  }

  /** The device is deleted: the microphone is closed immediately. */
  function release(device) {
    if (isOn(device) && Link.isOnline(device)) {
      say(device, 0);
    }
  }

  return { reset: reset, turn: turn, remind: remind, release: release };
}());

// along.js
// Playing along: the state of live MIDI, as reported by the daemon, and the take being auditioned.
var Along = (function () {
  /** Nothing known. `heard` is the name of the auditioned take, null until it is reported; `take` is its request. */
  function create() {
    return { heard: "", take: null, news: "" };
  }

  /** Asks the daemon for the state. */
  function ask(device) {
    device.send(1, Words.write("/roo/midi/ask", { session: device.link.session }));
  }

  /** There is no daemon: nothing is known. */
  function lose(device) {
    device.along = create();
    Face.along(device, null);
  }

  // The status line's MIDI message stays until it is outdated, or until there is another message.
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

  /** Handles the state of live MIDI. */
  function take(device, values) {
    var along = device.along;
    if (along.heard !== null && along.heard !== values.heard) {
      along.take = null;
    }
    along.heard = values.heard;
    Face.along(device, values);
    Jam.see(device, values.turn);
    // A user without MIDI is not told each time what is missing.
    tell(device, values.clock ? values.sentence : "");
  }

  /** A take to audition is ready: it plays from the next bar on. */
  function made(device, press) {
    device.along.heard = null;
    device.along.take = { address: press.address, values: press.values };
  }

  /** Returns whether Keep means a take: one is being auditioned or composed. */
  function isHeard(device) {
    return device.along.heard !== "" || Presses.isSome(device, isHeardFirst);
  }

  /** Returns whether a press auditions its take before it is written. */
  function isHeardFirst(press) {
    return press.values.hear === 1;
  }

  return {
    create: create, ask: ask, lose: lose, take: take, made: made, isHeard: isHeard, isHeardFirst: isHeardFirst,
    /** The request of the auditioned take: {address, values}; null for none, or for another device's. */
    heardTake: function (device) { return device.along.take; }
  };
}());

// running.js
// A toggle that keeps something going in the daemon, and controls that change it meanwhile. It is lit while that goes on,
// and never turns on by itself.
var Running = (function () {
  // The settling time of the controls in milliseconds: automation turns dials step by step.
  var SETTLED_AFTER = 300;

  /** `kind` has the toggle's `name`, which is also that of its state in the device; the `label` and `address` of its
   * presses; `goesBy`, the settings that can be changed while it runs; and `read`, which returns the values of a press.
   */
  function make(kind) {
    /** Nothing runs. `press` is the last request, `isSeen` whether the daemon has reported that it runs, `changedAt`
     * null without changes.
     */
    function create() {
      return { press: null, isOn: false, isSeen: false, changedAt: null };
    }

    function isUnderWay(device) {
      return Presses.isUnderWay(device, device[kind.name].press);
    }

    /** Sets the toggle to whether it runs, whatever was clicked. */
    function light(device, isOn) {
      var on = isOn ? 1 : 0;
      if (device.settings[kind.name] !== on) {
        device.settings[kind.name] = on;
        device.send(0, [kind.name, "set", on]);
      }
    }

    function order(device, on) {
      var run = device[kind.name];
      run.changedAt = null;
      run.isSeen = run.isSeen && run.isOn;
      run.press = Presses.begin(
        device, kind.label, kind.address, kind.read(device.settings, on), Texts.working(kind.label), false
      );
      if (run.press === null) {
        light(device, run.isOn);
      }
    }

    /** Handles the result of the last request. */
    function settle(device) {
      var run = device[kind.name], press = run.press;
      run.press = null;
      if (press.isDone) {
        run.isOn = press.values.on === 1;
      }
      light(device, run.isOn);
    }

    /** Handles the passing of time: an answered request, or a settled control. */
    function tick(device) {
      var run = device[kind.name];
      if (run.press !== null && !isUnderWay(device)) {
        settle(device);
      }
      if (run.changedAt !== null && run.press === null && device.now - run.changedAt >= SETTLED_AFTER) {
        run.changedAt = null;
        if (run.isOn && device.settings[kind.name]) {
          order(device, 1);
        }
      }
    }

    function end(device) {
      device[kind.name].isOn = false;
      if (!isUnderWay(device)) {
        light(device, false);
      }
    }

    /** Handles the daemon's report of whether it runs: if not, it has ended, whoever ended it. */
    function see(device, runs) {
      var run = device[kind.name];
      if (runs) {
        run.isSeen = true;
      } else if (run.isOn && run.isSeen && !isUnderWay(device)) {
        end(device);
      }
    }

    return {
      create: create, tick: tick, see: see,
      /** Handles the daemon's report that it runs, whoever began it. */
      adopt: function (device) {
        if (!isUnderWay(device)) {
          device[kind.name].isOn = true;
          light(device, true);
        }
      },
      /** Loading a device never starts to play. */
      reset: function (device) { light(device, false); },
      /** In a restarted daemon nothing runs. */
      lose: end,
      /** The toggle was changed. */
      turn: function (device) { order(device, device.settings[kind.name] ? 1 : 0); },
      /** A control was changed, whether or not it belongs to this. */
      change: function (device, name) {
        if (kind.goesBy.hasOwnProperty(name) && device.settings[kind.name]) {
          device[kind.name].changedAt = device.now;
        }
      }
    };
  }

  return { make: make };
}());

// jam.js
// The Jam toggle: taking turns with the player. It is lit while this device jams.
var Jam = Running.make({
  name: "jam",
  label: Texts.jam,
  address: "/roo/jam",
  goesBy: { jam_bars: true, jam_with: true, style: true, complexity: true },
  read: function (settings, on) {
    return {
      on: on,
      bars: Settings.number(settings, "jam_bars"),
      who: Settings.jamWith(settings),
      style: Settings.style(settings),
      complexity: Settings.share(settings, "complexity"),
      seed: -1
    };
  }
});

// ambience.js
// The Ambience toggle: endless music. There is one for all devices: it is lit in all of them while it plays.
var Ambience = (function () {
  var run = Running.make({
    name: "ambience",
    label: Texts.ambience,
    address: "/roo/ambience",
    goesBy: {
      ambience_preset: true, ambience_follow: true, ambience_density: true, ambience_brightness: true,
      ambience_motion: true, ambience_space: true
    },
    read: function (settings, on) {
      return {
        on: on, preset: Settings.ambience(settings), out: "", key: "", mood: "", bpm: 0,
        density: Settings.share(settings, "ambience_density"),
        brightness: Settings.share(settings, "ambience_brightness"),
        motion: Settings.share(settings, "ambience_motion"),
        space: Settings.share(settings, "ambience_space"),
        follow: Settings.index(settings, "ambience_follow"),
        seed: -1
      };
    }
  });

  /** Handles the daemon's report of how it goes. What went wrong is shown; the rest is heard. */
  run.take = function (device, values) {
    run.see(device, values.on !== 0);
    if (values.on) {
      run.adopt(device);
    }
    if (values.sentence) {
      Face.status(device, values.sentence);
    }
  };

  return run;
}());

// dials.js
// The dials at rest: what the next press would ask for, so that the daemon can compose it ahead.
var Dials = (function () {
  // The settling time in milliseconds: hands and automation turn dials step by step.
  var SETTLED_AFTER = 150;

  // The controls whose values a player's button sends.
  var DECIDE = {
    style: true, key_root: true, key_mode: true, bars: true, where: true, complexity: true, density: true, swing: true,
    humanise: true, hear: true, to_played: true
  };

  /** Nothing turned. `known` is what the daemon knows, "" for nothing; `changedAt` is null at rest. */
  function create() {
    return { known: "", changedAt: null };
  }

  /** Returns what a press tells of the dials, for comparison: to another session nothing was told. */
  function keyOf(device, values) {
    return WIRE.sent["/roo/dials"].map(function (row) {
      return row.name === "session" ? device.link.session : row.name === "press" ? "" : values[row.name];
    }).join("\n");
  }

  /** The daemon gets to know the dials by the values of a player's button. */
  function know(device, values) {
    device.dials.changedAt = null;
    device.dials.known = keyOf(device, values);
  }

  /** Handles the passing of time: reports dials that have come to rest, if the daemon does not know that. */
  function tick(device) {
    var dials = device.dials;
    if (dials.changedAt === null || device.now - dials.changedAt < SETTLED_AFTER || !Link.isOnline(device)) {
      return;
    }
    dials.changedAt = null;
    var values = Orders.dials(device.settings, device.live);
    if (values !== null && keyOf(device, values) !== dials.known) {
      dials.known = keyOf(device, values);
      values.session = device.link.session;
      values.press = device.presses.count + 1;
      device.send(1, Words.write("/roo/dials", values));
    }
  }

  return {
    create: create, know: know, tick: tick,
    /** A control was changed, whether or not a player's button sends it. */
    change: function (device, name) {
      if (DECIDE.hasOwnProperty(name)) {
        device.dials.changedAt = device.now;
      }
    }
  };
}());

// listen.js
// Listen: the ring buffer of the track's audio is written to a file, which the daemon analyzes or continues. Audio
// device only.
var Listen = (function () {
  // Milliseconds that Max may take to write the ring buffer.
  var WRITTEN_WITHIN = 5000;

  // Max draws nothing while it writes: the display shows the action this many milliseconds before.
  var SEEN_AFTER = 50;

  // Milliseconds of the ring buffer as created by the patch, of its margin beyond the bars, and of its maximum size.
  var FIRST_SIZE = 40000, SPARE = 4000, LARGEST = 200000;

  // The ring buffer must stay shorter than one cycle of its counter, 2^24 samples; at the highest rate if none is
  // known.
  var MOST_SAMPLES = 16000000, HIGHEST_RATE = 192000;

  var MOST_BARS = 8, LONGEST_LOOP = 32;

  /** Nothing is being written. */
  function create() {
    return { press: null, since: 0, isWriting: false, size: FIRST_SIZE };
  }

  /** Enlarges the ring buffer for a slow tempo. That clears it, so it never shrinks. */
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

  /** The button was pressed: Max will write the ring buffer in a moment; then the request is sent. `bars` (1 to 8) and
   * `use` are those of the menus if null.
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

  /** The sample counter just before the ring buffer is written. */
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

  /** The ring buffer is written: the daemon may read it. */
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

  /** Handles the passing of time: the ring buffer is due to be written, or Max takes too long. */
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
// The Self-test button: checks everything the device depends on and reports to the daemon, which adds its own checks.
var SelfTest = (function () {
  // Milliseconds that the daemon and the ring buffer may take to answer.
  var ANSWERED_WITHIN = 1000;

  // Milliseconds from the press until the test begins, so that the display is updated before.
  var SEEN_AFTER = 50;

  // Milliseconds that a press may take to read Live: more is noticeable.
  var QUICK = 50;

  var FINE = "ok";

  /** No test is running. */
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

  /** Makes the immediate checks and requests the others. */
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

  /** The daemon answered a ping. */
  function answered(device) {
    var test = device.test;
    if (test.since !== null && test.roundTrip === null && test.askedAt !== null) {
      test.roundTrip = Math.max(0, device.clock() - test.askedAt);
    }
  }

  /** The ring buffer sent its counter. */
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

  /** Handles the passing of time: checks, and reports when all answers have arrived or timed out. */
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
// The device as a whole: its state in one object, and the handling of each message. It sends nothing by itself:
// outgoing messages are put into `outbox`.
var Device = (function () {
  // The field sends its text only when it is asked, also during typing. Whether the answer arrives during the request
  // or later depends on Max: presses that need it wait in `asking`, and are sent with it or at the next tick.
  var ASK_PROMPT = ["prompt", "bang"];

  /** A device before Live is available. `twin` is "audio" or "midi", `random` returns 0..1, `clock` milliseconds,
   * `keys` the currently readable keys of daemons.
   */
  function create(twin, random, clock, keys) {
    var device = {
      twin: twin, random: random, clock: clock, keys: keys, now: clock(), live: null, isClosed: false, outbox: [], asking: [],
      settings: Settings.create(), face: Face.create(), presses: Presses.create(), link: Link.create(),
      mark: AutoSplit.create(), talk: Talk.create(), listen: Listen.create(), test: SelfTest.create(),
      along: Along.create(), jam: Jam.create(), ambience: Ambience.create(), dials: Dials.create()
    };
    device.send = function (outlet, message) {
      device.outbox.push({ outlet: outlet, message: message });
    };
    return device;
  }

  function isRunning(device) {
    return device.live !== null && !device.isClosed;
  }

  /** Live is available; `live` reads it. */
  function start(device, live) {
    if (device.live !== null || device.isClosed) {
      return;
    }
    device.live = live;
    Arm.reset(device);
    Jam.reset(device);
    Ambience.reset(device);
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

  /** Handles the passing of time. */
  function tick(device) {
    if (!isRunning(device)) {
      return;
    }
    Link.tick(device);
    releaseAsking(device);
    Presses.tick(device);
    Talk.tick(device);
    Jam.tick(device);
    Ambience.tick(device);
    Dials.tick(device);
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

  /** Sends a button's request, or shows it and keeps it back if it `waits`; returns its press, or null. */
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
    var press = Presses.begin(device, label, asked.address, asked.values, Texts.working(label), waits);
    if (press !== null && Orders.isPlayer(button)) {
      Dials.know(device, asked.values);
    }
    return press;
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

  /** RooAroo was asked for something that only the device can do: it uses its own controls. */
  function please(device, control, value) {
    if (!Link.isOnline(device)) {
      return;
    }
    switch (control) {
    case "listen":
      // Ten times the bars, and one more to continue them.
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
    // A button sends a bang or 1 when it is pressed, and nothing or 0 when it is released.
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
    } else if (name === "ambience" && isOther) {
      Ambience.turn(device);
    } else if (isOther) {
      Jam.change(device, name);
      Ambience.change(device, name);
      Dials.change(device, name);
    }
  }

  /** Handles a message at the inlet, by its name and arguments. Unknown messages are ignored. */
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
// The interface to Max: the inlet, the outlets, LiveAPI, files, the clock. All other parts are independent of it.
inlets = 1;
outlets = 4;
autowatch = 0;

var Shell = (function (patch) {
  // The interval of progress updates; nothing else needs a finer one.
  var TICK_EVERY = 100;

  // The longest time step: during sleep or a Live stall no message could be received.
  var LONGEST_STEP = 1000;

  // The number of letters read from a file: the longest path, with room for its escapes.
  var LONGEST_TEXT = 8192;

  var elapsed = 0, read = new Date().getTime(), ticking = null;

  /** Milliseconds that never run backwards or jump, even when the machine's clock is set. */
  function clock() {
    var time = new Date().getTime();
    elapsed += Math.min(LONGEST_STEP, Math.max(0, time - read));
    read = time;
    return elapsed;
  }

  var twin = typeof jsarguments !== "undefined" && jsarguments[1] === "midi" ? "midi" : "audio";
  /** Returns the start of a text file, or null. */
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

  // A sent message may cause an incoming one immediately: its output is sent after what is already in the outbox.
  function flush() {
    while (device.outbox.length) {
      var next = device.outbox.shift();
      outlet(next.outlet, next.message);
    }
  }

  /** Runs an action of the device, and sends its output. An exception is shown on the status line and does not end the
   * device.
   */
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

  /** Handles a message. */
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

/** Handles every named message. */
function anything() {
  Shell.take(messagename, arrayfromargs(arguments));
}

/** Live deletes the device. */
function notifydeleted() {
  Shell.take("closing", []);
}

// Messages that begin with a number, and a bare bang, have no meaning here; without these handlers Max would print
// errors.
function msg_int() {}
function msg_float() {}
function list() {}
function bang() {}
