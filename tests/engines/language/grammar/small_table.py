"""A small table with one of each feature, and the expected results."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from musearoo.engines.errors import ParamError
from musearoo.engines.language.grammar.expected import recognised_words
from musearoo.engines.language.grammar.help_page import write_help
from musearoo.engines.language.grammar.jsgf import words_of, write_jsgf
from musearoo.engines.language.grammar.kinds import KINDS, spoken_forms
from musearoo.engines.language.grammar.numbers import speak_number, speak_tempo
from musearoo.engines.language.grammar.patterns import Reference, Word, grow, parse_pattern, references_of, words_in
from musearoo.engines.language.grammar.speakable import speakable
from musearoo.engines.language.grammar.spoken import all_words, spoken_of
from musearoo.engines.language.grammar.table import VoiceTable, read_voice_table
from musearoo.engines.language.grammar.usage import recognised_as
from musearoo.engines.language.grammar.word_model import END, START, learn_words
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.slots import filled_slots
from tests.engines.presets_on_disk import STYLES

NUMBERS: dict[str, tuple[int, ...]] = {
    "bars_number": (1, 4, 8, 12, 20, 64, 100),
    "takes_number": (2, 3),
    "place": (1, 13),
    "ordinal": (1, 2, 12, 20),
    "tempo": (20, 60, 99, 100, 105, 110, 120, 200, 209, 299),
    "length": (15, 30, 45, 60, 90, 120, 150, 151, 600),
}
NAMES = ("Lead Guitar", "Xqzzt", "", "Vox")
SENTENCES = (
    "give me a funk bass in D minor",
    "mute the drums",
    "eight bars in A, please",
    "Don't play a 4",
    "120 and 1000",
)
PATTERN_PIECES = (
    "(",
    ")",
    "[",
    "]",
    "|",
    "*",
    "go",
    "on",
    "<part>",
    "<target:part>",
    "Up",
    "<Part>",
    "...",
    "<a",
    "(a | b)",
    "[c]",
)


def small_table() -> VoiceTable:
    """Return the table."""
    phrases: dict[str, Any] = {
        "part": {
            "slot": "parts",
            "say": {"bass": ["bass", "bass line"], "drums": ["drums", "beat"], "melody": ["tune"]},
            "also": {"bass": ["low end", "bass (part | thing)"], "harmony": ["keys"]},
        },
        "the_part": {"say": ["the <target:part>", "<_:quality> <target:part>"], "costs": 0.1},
        "comparative": {"slot": "changes", "say": {"busier": ["busier", "more busy"], "darker": ["darker"]}},
        "quality": {"slot": "changes", "say": {"darker": ["dark"], "busier": ["busy"]}},
        "degree": {
            "slot": "degree",
            "say": {"a bit": ["a bit", "slightly"], "much": ["much"]},
            "also": {"much": ["far"]},
        },
        "manner": {"slot": "manner", "say": {"walking": ["walking"]}},
        "scene_name": {"slot": "scene", "say": {"next": ["the next scene"], "new": ["a new scene"]}},
        "where": {"slot": "where", "say": {"timeline": ["on the timeline"]}},
        "bars": {"say": ["<bars:bars_number> bars"], "also": ["<bars:bars_number> measures"]},
        "takes": {"say": ["<takes:takes_number> takes"]},
        "key": {"say": ["in <key:full_key>", "in <key:tonic>"]},
        "styled": {"say": ["in a <style:style_name> style"], "also": ["like <style:style_name>"]},
        "on_track": {"say": ["on track <track:place>"]},
        "named": {"say": ["<target:name>"]},
        "over": {"say": ["over <chords:progression>"]},
        "silly": {"also": ["sillily"]},
        "more": {
            "say": [{"words": ["again and again", "ever more"], "sets": {"takes": 4}}, "once (more | [yet] again)*"]
        },
    }
    intents: dict[str, Any] = {
        intent.value: {"topic": "Other", "about": "Something.", "say": [f"do {intent.value}"]}
        for intent in Intent
        if intent is not Intent.NONE
    }
    intents["play"] = {
        "topic": "Playing",
        "about": "New parts.",
        "say": ["(play | give me) [a] <part>", "play (<part> | it)", {"words": ["start"], "sets": {"parts": "drums"}}],
        "also": ["let me ... hear <part>", {"words": ["begin"], "needs": []}],
        "phrases": ["part", "bars", "takes", "key", "styled", "on_track", "over", "more", "degree", "quality", "silly"],
        "tails": ["bars", "takes", "key", "styled", "silly"],
        "needs": ["parts"],
        "weight": 2.5,
        "examples": ["play a bass"],
    }
    intents["mute"] = {
        "topic": "Mixing",
        "about": "Off.",
        "say": ["mute <the_part>", "mute <named>", "turn <the_part>* off"],
        "phrases": ["the_part", "named", "on_track"],
        "tails": ["on_track"],
        "ignores": ["now"],
        "costs": 0.2,
    }
    intents["imagine"] = {
        "topic": "Playing",
        "about": "Audio.",
        "say": ["imagine <prompt:prompt>"],
        "phrases": ["bars", "key"],
        "tails": ["bars"],
    }
    intents["tempo"] = {
        "topic": "Set",
        "about": "Tempo.",
        "say": ["<bpm:tempo> bpm", "i'd like <bpm:tempo>"],
        "phrases": [],
    }
    intents["song"] = {"topic": "Set", "about": "Song.", "say": ["a song of <seconds:length>"], "tails": ["where"]}
    data = {
        "before": ["please", "[well] could you"],
        "after": ["please", "thank you"],
        "fillers": ["please", "the", "a", "you know"],
        "turns": ["not", "never"],
        "phrases": phrases,
        "intents": intents,
        "styles": {"funk": ["funky"]},
        "styles_read": {"funk": ["funkadelic"]},
        "unspoken": ["dnb"],
        "numbers": NUMBERS,
        "prompt_words": ["warm", "dub", "rain"],
    }
    return read_voice_table(json.dumps(data), "small.yaml")


def knows(word: str) -> bool:
    """Return whether a dictionary with gaps has a word."""
    return word not in ("xqzzt", "fi", "afrobeat", "dont")


def what_is_said() -> Iterator[tuple[str, object]]:
    """Yield the spoken, written and expected forms of the table."""
    table = small_table()
    styles = {name: STYLES[name] for name in ("funk", "lo-fi", "drum and bass", "afrobeat")}
    yield "numbers", [speak_number(number) for number in range(1000)]
    yield "tempos", [speak_tempo(number) for number in range(20, 300)]
    for kind in (*KINDS, "nothing"):
        yield f"forms of {kind}", spoken_forms(kind, NUMBERS)
    named: dict[str, Any] = {"names": NAMES}
    cases: tuple[tuple[str, dict[str, Any]], ...] = (
        ("bare", {}),
        ("named", named),
        ("known", {**named, "knows": knows}),
    )
    for name, given in cases:
        spoken = spoken_of(table, styles, **given)
        yield f"{name} words", all_words(spoken)
        written = write_jsgf(table, styles, **given)
        yield f"{name} words written", words_of(written)
        yield f"{name} rules", written.splitlines()
    page = [line for line in write_help(table, styles).splitlines() if line.startswith(("- ", "| ", "## "))]
    yield "page", page
    for start in range(0, 200, 20):
        drawn = [speakable(table, styles, seed) for seed in range(start, start + 20)]
        yield f"drawn {start}", [(text, meant.intent.name, filled_slots(meant.slots)) for text, meant in drawn]
    yield "heard", [(recognised_as(text), recognised_words(text, knows)) for text in SENTENCES]
    model = learn_words([(tuple(text.lower().split()), 1.0 + at) for at, text in enumerate((*SENTENCES, SENTENCES[0]))])
    yield "model", model.write_arpa()
    histories = ((), (START,), (START, "mute"), ("in",), ("in", "d"), ("never", "said"))
    yield "chances", [round(model.chance(word, each), 4) for each in histories for word in (*model.words, END, "x")]
    for number in range(12):
        chance = Random(number)
        yield f"patterns {number}", [_pattern(chance) for _ in range(30)]


def _pattern(chance: Random) -> object:
    text = " ".join(chance.choice(PATTERN_PIECES) for _ in range(chance.randrange(1, 7)))
    try:
        pattern = parse_pattern(text)
    except ParamError:
        return text
    alternatives = grow(
        ("",),
        pattern,
        lambda alternative, token: f"{alternative} {token.text if isinstance(token, Word) else token.name}",
    )
    references: tuple[Reference, ...] = references_of(pattern)
    return alternatives, [(each.name, each.slot) for each in references], words_in(pattern)
