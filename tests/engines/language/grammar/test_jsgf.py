"""The recogniser's grammar: well-formed, covered by the dictionary, and every sentence of it understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from musearoo.engines.language.grammar.jsgf import words_of, write_jsgf
from musearoo.engines.language.grammar.speakable import speakable
from musearoo.engines.language.grammar.table import VoiceTable
from musearoo.engines.language.grammar.understanding import Understander
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.styles.schema import Style
from tests.optional import require

pocketsphinx = require("pocketsphinx")


@pytest.fixture(scope="module")
def jsgf(table: VoiceTable, styles: Mapping[str, Style]) -> str:
    return write_jsgf(table, styles)


def test_each_rule_that_is_referred_to_is_there_once(jsgf: str) -> None:
    rules = re.findall(r"^(?:public )?<(\w+)> =", jsgf, re.MULTILINE)
    assert len(rules) == len(set(rules))
    assert set(re.findall(r"<(\w+)>", jsgf)) == set(rules)


def test_brackets_match(jsgf: str) -> None:
    for line in jsgf.splitlines():
        for left, right in ("()", "[]"):
            assert line.count(left) == line.count(right), line


@pytest.fixture(scope="module")
def dictionary() -> dict[str, list[str]]:
    """Return the words of the recogniser's dictionary with their phones."""
    text = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")).read_text("utf-8")
    return {word: phones for word, *phones in map(str.split, text.splitlines())}


def test_the_dictionary_has_each_word_or_the_table_says_it(
    jsgf: str, table: VoiceTable, dictionary: dict[str, list[str]]
) -> None:
    assert words_of(jsgf) - set(dictionary) - set(table.pronunciations) == frozenset()


def test_pronunciations_are_in_the_dictionarys_phones(table: VoiceTable, dictionary: dict[str, list[str]]) -> None:
    phones = {phone for spelling in dictionary.values() for phone in spelling}
    for word, variants in table.pronunciations.items():
        assert variants, word
        for variant in variants:
            assert set(variant.split()) <= phones, word


def test_names_that_the_dictionary_lacks_are_left_out(table: VoiceTable, styles: Mapping[str, Style]) -> None:
    names = ["Lead Guitar", "Xqzzt"]
    words = words_of(write_jsgf(table, styles, names, knows=lambda word: word != "xqzzt"))
    assert "guitar" in words
    assert "xqzzt" not in words


def test_a_sentence_of_the_grammar_means_what_it_was_drawn_for(
    table: VoiceTable, styles: Mapping[str, Style], understander: Understander
) -> None:
    _check_drawn(table, styles, understander, range(500))


@pytest.mark.long
def test_all_kinds_of_sentences_of_the_grammar_do(
    table: VoiceTable, styles: Mapping[str, Style], understander: Understander
) -> None:
    _check_drawn(table, styles, understander, range(500, 20_500))


def _check_drawn(table: VoiceTable, styles: Mapping[str, Style], understander: Understander, seeds: range) -> None:
    seen = set()
    for seed in seeds:
        text, meant = speakable(table, styles, seed)
        found = understander.understand(text)
        assert (found.intent, found.slots, found.confidence) == (meant.intent, meant.slots, 1.0), (seed, text)
        seen.add(meant.intent)
    assert seen == set(Intent) - {Intent.NONE}


def test_the_same_seed_draws_the_same_sentence(table: VoiceTable, styles: Mapping[str, Style]) -> None:
    assert speakable(table, styles, 7) == speakable(table, styles, 7)
    assert len({speakable(table, styles, seed)[0] for seed in range(50)}) > 30
