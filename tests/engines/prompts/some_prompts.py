"""Prompts for snapshots: typical ones, recombined, with sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.prompts.cleaning import clean_prompt, cut_at_word
from musearoo.engines.prompts.figures import read_figures, take_meter
from musearoo.engines.prompts.model_text import assemble
from musearoo.engines.prompts.reading import read_prompt
from musearoo.engines.prompts.set_facts import SetFacts
from musearoo.engines.prompts.sketch import SketchPlan, sketch
from musearoo.engines.prompts.tempo import usual_tempo
from musearoo.engines.prompts.title import name_clip
from musearoo.engines.prompts.translation import translate
from tests.engines.presets_on_disk import STYLES
from tests.engines.prompts.lexicon_on_disk import LEXICON, VOCABULARY
from tests.engines.prompts.prompts import PROMPTS

INSTRUMENTS = tuple(word for one in VOCABULARY.instruments for word in (one.name, *one.words))
MOODS = tuple(word for one in VOCABULARY.moods for word in one.words)
GENRES = (
    *STYLES,
    *(word for words in VOCABULARY.styles.values() for word in words),
    *(word for words in VOCABULARY.near.values() for word in words),
)
JOINTS = ("and", ",", ", ", "with", "with a", "or", ", and", "over", "on", ".", "in a", "featuring", ", some", "/")
REFUSALS = (
    *("no", "without", "without any", "not too", "not", "only", "solo", "just", "nor", "no", "without", "only"),
    *VOCABULARY.without,
    *VOCABULARY.only,
)
AFTER = (*VOCABULARY.only_after, *VOCABULARY.whole, *(w for words in VOCABULARY.time_feels.values() for w in words))
FIGURES = (
    *("120 bpm", "at 92,5 bpm", "100-120 bpm", "140 to 120 bpm", "19 bpm", "20 bpm", "999 bpm", "1000 bpm", "bpm: 87"),
    *("tempo of 60", "tempo 4 bars", "52 beats per minute", "in D minor", "in the key of F#", "Bbm", "key: G", "in A"),
    *("C sharp dorian", "a minor scale", "a minor change", "in E flat", "Am I", "Dm7", "in 6/8", "3/4 time", "120/8"),
    *("waltz", "7/8", "4 bars of", "a four-bar", "99 bars", "0 bars", "64 bars", "65 bars", "1 bar", "two measures"),
    *("in the key of a minor", "B major tonality", "in c minor with", "104 bpm", "208 bpm", "key of H"),
)  # fmt: skip
ODD = ("the", "of", "808", "!", "(", ")", "&", "'n'", "very", "too", "—", "…", "🎸", "90s", "a", "x", "old", "tape")
CHORDS = ("", "", "Dm7 | G7 | Cmaj7", "Am F")


def some_text(chance: Random) -> str:
    """Return a prompt of a few pieces, mostly in English."""
    if chance.random() < 0.2:
        language = chance.choice(tuple(VOCABULARY.languages.values()))
        return _in_a_language(chance, language)
    if chance.random() < 0.15:
        words = chance.choice(PROMPTS)[0].split()
        other = chance.choice(PROMPTS)[0].split()
        at = chance.randrange(len(words) + 1)
        return " ".join(words[:at] + other[chance.randrange(len(other) + 1) :])
    kinds = (
        INSTRUMENTS,
        INSTRUMENTS,
        INSTRUMENTS,
        GENRES,
        MOODS,
        JOINTS,
        JOINTS,
        JOINTS,
        REFUSALS,
        FIGURES,
        ODD,
        AFTER,
    )
    pieces = [chance.choice(chance.choice(kinds)) for _ in range(chance.randrange(1, 9))]
    text = " ".join(pieces)
    return text.replace(" , ", ", ") if chance.random() < 0.7 else text.upper()


def _in_a_language(chance: Random, language: Any) -> str:
    keys = language.keys
    words = [chance.choice(tuple(language.words)).replace("*", "e") for _ in range(chance.randrange(1, 4))]
    joints = [*language.and_, *language.with_, *language.function, *language.without, *language.only]
    joints += [*language.without_after, *language.only_after]
    if joints and chance.random() < 0.7:
        words.insert(chance.randrange(len(words) + 1), chance.choice(joints).replace("*", ""))
    if keys.notes and chance.random() < 0.4:
        signs = (*keys.sharp, *keys.flat, "", "")
        named = (chance.choice(tuple(keys.notes)), chance.choice(signs), chance.choice((*keys.major, *keys.minor)))
        words.append(chance.choice((" ", "-", "")).join(filter(None, named)).replace("*", ""))
    if chance.random() < 0.4:
        words.insert(chance.randrange(len(words) + 1), chance.choice((*ODD, *FIGURES, "量子", "ληρος", "piano")))
    return chance.choice((" ", " ", "", ", ")).join(words)


def some_facts(chance: Random) -> SetFacts:
    """Return random facts about a set."""
    return SetFacts(
        bpm=chance.choice((None, 20.0, 60.0, 87.0, 104.0, 120.0, 174.0, 499.0, 999.0)),
        meter=chance.choice((None, None, Meter(4, 4), Meter(6, 8), Meter(7, 8))),
        key=chance.choice((None, None, Key(2, "Minor"), Key(10, "Lydian"), Key(0, "In-Sen"), Key(7, "Major"))),
        style=chance.choice(("", "", "funk", "R&B", "dub", "drum and bass")),
        chords=tuple(parse_progression(chance.choice(CHORDS) or "Am")) if chance.random() < 0.3 else (),
        playing=tuple(chance.sample(("drums", "bass", "harmony", "melody", "atmosphere", "slap bass", "unknown"), 2))
        if chance.random() < 0.5
        else (),
        bars=chance.choice((None, 1, 2, 3, 4, 33, 64)),
    )


def readings(lines: int, texts: int) -> Iterator[tuple[str, object]]:
    """Yield the readings of prompts, their model texts and clip names."""
    for number in range(lines):
        chance = stream(number, "prompts")
        yield f"prompts {number}", [_understood(chance, some_text(chance)) for _ in range(texts)]


def _understood(chance: Random, text: str) -> tuple[object, ...]:
    facts, follow = some_facts(chance), chance.random() < 0.5
    style = chance.choice((None, *STYLES.values()))
    cleaned = clean_prompt(text)
    figures = read_figures(cleaned, LEXICON.numbers)
    names = [name_clip(text, take, 2, "funk") for take in (1, 2)]
    shown = (cut_at_word(cleaned, chance.randrange(1, 20)), take_meter(cleaned))
    written = (figures.bpm, str(figures.key), str(figures.meter), figures.bars, figures.rest)
    translated = translate(cleaned, LEXICON)
    try:
        prompt = assemble(text, facts, follow, LEXICON)
        reading = read_prompt(text, LEXICON)
    except ParamError as error:
        return names, shown, written, translated, error.field
    messages = (len(prompt.messages), [re.findall(r"\d+(?:\.\d+)?|“[^”]*”", sentence) for sentence in prompt.messages])
    return (
        *(names, shown, written, translated, messages, prompt.text, prompt.bpm, str(prompt.key)),
        usual_tempo(reading, style),
        *(reading.style, reading.genre, reading.near, [one.name for one in reading.instruments], reading.refused),
        *(reading.only, reading.whole, reading.mood, reading.energy, reading.complexity, reading.density),
        *(reading.darkness, reading.pace, reading.time_feel, reading.refused_roles, len(reading.messages)),
    )  # fmt: skip


def sketches(lines: int, texts: int) -> Iterator[tuple[str, object]]:
    """Yield the sketches of prompts, for use without a model."""
    for number in range(lines):
        chance = stream(number, "sketches")
        yield f"sketches {number}", [_drawn(chance, number) for _ in range(texts)]


def _drawn(chance: Random, seed: int) -> object:
    text, facts = chance.choice(("", some_text(chance), some_text(chance), some_text(chance))), some_facts(chance)
    bars = chance.choice((1, 2, 3, 4))
    try:
        reading = read_prompt(text, LEXICON)
        plan: SketchPlan = sketch(reading, facts, bars, seed, STYLES)
    except ParamError as error:
        return error.field
    parts = [
        (part.role, part.name, part.program, round(part.clip.length, 4), len(part.clip.notes)) for part in plan.parts
    ]
    first = [(round(part.clip.notes[0].start, 4), round(part.clip.notes[-1].duration, 3)) for part in plan.parts]
    chords = [(round(span.start, 3), round(span.end, 3), str(span.chord)) for span in plan.chords]
    return parts, first, chords, round(plan.bpm, 4), str(plan.meter), str(plan.key), plan.style.name, len(plan.messages)
