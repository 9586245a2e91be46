"""Prompts and sketches, as they were kept: what is understood, told, sent to a model and played."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engines.errors import ParamError
from engines.imagining.cleaning import clean_prompt, cut_at_word, fold
from engines.imagining.facts import SetFacts
from engines.imagining.figures import find_meter, read_figures, take_meter, tidy
from engines.imagining.prompt import assemble
from engines.imagining.reading import read_prompt
from engines.imagining.seeds import take_seeds
from engines.imagining.sketch import sketch
from engines.imagining.title import name_clip
from engines.imagining.translation import translate
from engines.music.meter import Meter
from engines.music.progression import parse_progression
from engines.music.scale import Key
from tests.engines.imagining.lexicon_on_disk import LEXICON, VOCABULARY
from tests.engines.imagining.prompts import PROMPTS
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.kept import Outcome, check_kept

FACTS = (
    SetFacts(),
    SetFacts(bpm=104.0, meter=Meter(), key=Key(2, "Minor"), style="funk", playing=("drums", "bass"), bars=8),
    SetFacts(bpm=61.0, meter=Meter(6, 8), key=Key(10, "Lydian"), playing=("harmony", "slap bass", "melody"), bars=3),
    SetFacts(bpm=171.0, style="reggae", chords=parse_progression("Am | F"), bars=64),
)


def outcomes() -> Iterator[Outcome]:
    for number, (text, _) in enumerate(PROMPTS):
        facts = FACTS[number % len(FACTS)]
        read = read_prompt(text, LEXICON)
        told = (read.style, read.near, read.description, read.told, read.pace, read.energy, read.darkness, read.density)
        yield f"{text}, read", (told, tuple(each.name for each in read.instruments), read.complexity, read.refused)
        prompt = assemble(text, facts, number % 2 == 0, LEXICON)
        yield f"{text}, prompt", (prompt.text, prompt.told, prompt.bpm, prompt.key)
        yield f"{text}, names", (name_clip(text, number % 3, 3, read.style), fold(text), take_meter(text), tidy(text))
        yield f"{text}, figures", (find_meter(text), read_figures(text, {}), translate(text, LEXICON))
        try:
            plan = sketch(read, facts, 1 + number % 4, number, STYLES)
        except ParamError as error:
            yield f"{text}, sketch", error
            continue
        parts = tuple((part.name, part.program, part.role, notes_of(part.clip)) for part in plan.parts)
        yield f"{text}, sketch", (plan.bpm, plan.meter, plan.key, plan.style.name, plan.chords, plan.told, parts)
    for text in (
        "爵士 qwertz",
        "неведомое слово",
        "未知",
        "谜 808",
        "solo solo piano",
        "no no drums",
        "not so dark, very soft",
    ):
        try:
            yield f"{text}, read", read_prompt(text, LEXICON)
        except ParamError as error:
            yield f"{text}, read", error
    for text in ("  loud\t\n music\u200b ", "x" * 500, "two  words. ", "é\u0301 ’n’ ß"):
        yield f"clean {text[:9]!r}", (clean_prompt(text), cut_at_word(text, 12))
    yield "seeds", (take_seeds(7, 1), take_seeds(7, 5))
    yield "instruments", tuple(one.name for one in VOCABULARY.instruments)


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
