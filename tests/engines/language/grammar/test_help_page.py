"""The help page: complete, and equal to the one that is checked in."""

from __future__ import annotations

from collections.abc import Mapping

from musearoo.engines.language.grammar.help_page import write_help
from musearoo.engines.language.grammar.table import VoiceTable
from musearoo.engines.styles.schema import Style
from musearoo.tools.workshop.generate.voice_page import main


def test_each_intent_and_each_style_stands_on_it(table: VoiceTable, styles: Mapping[str, Style]) -> None:
    page = write_help(table, styles)
    for intent, words in table.intents.items():
        assert f"**{intent.capitalize()}.** {words.about}" in page
        assert all(f'"{example}"' in page for example in words.examples)
    for name in styles:
        assert f"\n| {name} |" in page


def test_no_pattern_stands_on_it(table: VoiceTable, styles: Mapping[str, Style]) -> None:
    assert not set("<>[]_") & set(write_help(table, styles))


def test_the_page_that_is_checked_in_is_that_of_the_table() -> None:
    assert main(["--check"]) == 0
