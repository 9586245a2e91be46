"""Sentences as they were understood, word by word, also those of nobody's table and those misheard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bridge.presets_folder import read_styles
from bridge.voice_table import read_table
from engines.rooaroo.grammar.help_page import write_help
from engines.rooaroo.grammar.jsgf import write_jsgf
from engines.rooaroo.grammar.numbers import read_number, read_ordinal, read_seconds, read_tempo, say_number, say_tempo
from engines.rooaroo.grammar.speakable import speakable
from engines.rooaroo.grammar.understanding import Understander
from tests.engines.rooaroo.sentences import read_sentences
from tests.kept import Outcome, check_kept

TABLES = ("outside", "blind", "spoken", "paraphrases")


NUMBERS = (
    "one twenty",
    "a hundred and twenty four",
    "ninety seven point five",
    "twenty first",
    "third",
    "two and a half minutes",
    "ninety seconds",
    "a minute",
    "half a minute",
    "no number",
    "one oh four",
    "nine hundred ninety nine",
    "forty",
    "12.5",
    "one seventy four",
    "two minutes thirty",
)


def outcomes() -> Iterator[Outcome]:
    understander = Understander(read_table(), read_styles())
    for table in TABLES:
        cases = read_sentences(table)
        for number, case in enumerate(cases.cases):
            yield case.text, understander.understand(case.text, cases.names)
            words = case.text.split()
            if number % 4 == 0:
                # A word is missed, two change places, one comes twice.
                at = number % len(words)
                for misheard in (words[:at] + words[at + 1 :], words[at:] + words[:at], words[: at + 1] + words[at:]):
                    text = " ".join(misheard)
                    yield text, understander.understand(text, cases.names)
    voice, styles = read_table(), read_styles()
    for line in write_jsgf(voice, styles).splitlines():
        yield "jsgf", line
    for seed in range(60):
        yield f"speakable {seed}", speakable(voice, styles, seed)
    for number in (*range(32), 40, 99, 100, 101, 120, 174, 999):
        yield f"number {number}", (say_number(number), say_tempo(number))
    for text in NUMBERS:
        words = text.split()
        yield text, (read_number(words, 0), read_tempo(words, 0), read_ordinal(words, 0), read_seconds(words, 0))
    for line in write_help(read_table(), read_styles()).splitlines():
        yield "help", line


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
