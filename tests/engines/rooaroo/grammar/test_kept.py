"""Sentences as they were understood, word by word, also those of nobody's table and those misheard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bridge.presets_folder import read_styles
from bridge.voice_table import read_table
from engines.rooaroo.grammar.help_page import write_help
from engines.rooaroo.grammar.understanding import Understander
from tests.engines.rooaroo.sentences import read_sentences
from tests.kept import Outcome, check_kept

TABLES = ("outside", "blind", "spoken", "paraphrases")


def outcomes() -> Iterator[Outcome]:
    understander = Understander(read_table(), read_styles())
    for table in TABLES:
        cases = read_sentences(table)
        for number, case in enumerate(cases.cases):
            yield case.text, understander.understand(case.text, cases.names)
            words = case.text.split()
            if number % 3 == 0:
                # A word is missed, two change places, one comes twice.
                at = number % len(words)
                for misheard in (words[:at] + words[at + 1 :], words[at:] + words[:at], words[: at + 1] + words[at:]):
                    text = " ".join(misheard)
                    yield text, understander.understand(text, cases.names)
    for line in write_help(read_table(), read_styles()).splitlines():
        yield "help", line


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
