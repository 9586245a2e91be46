import json
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from musearoo.engines.errors import PresetError
from musearoo.engines.prompts.lexicon import split_words
from musearoo.engines.prompts.reading import read_prompt
from musearoo.engines.prompts.vocabulary import InstrumentWords, parse_vocabulary
from musearoo.engines.styles.reading import read_mapping
from musearoo.engines.styles.schema import Style
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES
from tests.engines.prompts.lexicon_on_disk import LEXICON, TEXT, VOCABULARY

# English words that describe a sound to a model, but ask an engine for nothing.
DESCRIBING = {"deep"}
# What is read as a figure, and so no word of the dictionary.
FIGURES = {"bars", "tempo", "waltz", "loop"}


DATA = read_mapping(TEXT)


def broken(change: Callable[[dict[str, Any]], object]) -> str:
    data = deepcopy(DATA)
    change(data)
    return json.dumps(data)  # which is YAML, too


@each_case(
    "change, message",
    [
        (lambda data: data.update(colours=[]), "prompt_words.yaml: object contains unknown field `colours`"),
        (lambda data: data["instruments"][0].update(colour="red"), r"prompt_words.yaml: instruments\[0\]: .*`colour`"),
        (lambda data: data["instruments"][3].update(program=128), r"instruments\[3\].program: expected `int` <= 127"),
        (lambda data: data["instruments"][3].update(roles=["tuba"]), r"instruments\[3\].roles\[0\]: invalid enum"),
        (lambda data: data["instruments"][3].update(roles=[]), r"instruments\[3\].roles: expected `array` of length"),
        (
            lambda data: data["instruments"][1].update(name="drums"),
            r"instruments\[1\].name: expected a name of its own",
        ),
        (lambda data: data["moods"][0].update(mood="hungry"), r"moods\[0\].mood: invalid enum value 'hungry'"),
        (lambda data: data["moods"][0].update(energy=2), r"moods\[0\].energy: expected `float` <= 1"),
        (lambda data: data["without"].append(False), r"without\[\d+\]: expected `str`, got `bool`"),
        (lambda data: data["languages"]["de"]["keys"]["notes"].update(h="H"), r"languages\[de\].keys.notes\[h\]"),
        (lambda data: data.pop("weak"), "missing required field `weak`"),
    ],
)
def test_what_is_wrong_in_the_words_is_named(change: Callable[[dict[str, Any]], object], message: str) -> None:
    with pytest.raises(PresetError) as caught:
        parse_vocabulary(broken(change))
    assert re.search(message, str(caught.value)), str(caught.value)


def test_all_styles_that_the_words_name_are_there() -> None:
    named = [*VOCABULARY.styles, *VOCABULARY.near, *(one.style for one in VOCABULARY.instruments if one.style)]
    assert [name for name in named if name not in STYLES] == []


def test_every_weak_or_describing_word_is_a_word_for_a_style() -> None:
    for word in (*VOCABULARY.weak, *VOCABULARY.describing):
        meanings = LEXICON.phrases.get(tuple(token.word for token in split_words(word)), ())
        assert any(meaning.kind in ("style", "near") for meaning in meanings), word


@each_case("code", VOCABULARY.languages)
def test_every_foreign_word_means_an_english_one_that_is_understood(code: str) -> None:
    unknown = [
        english
        for english in VOCABULARY.languages[code].words.values()
        if not LEXICON.knows(english) and english not in DESCRIBING | FIGURES
    ]
    assert unknown == []


@each_case("style", STYLES.values())
def test_every_style_and_alias_is_found_by_its_name(style: Style) -> None:
    for name in (style.name, *style.aliases):
        assert read_prompt(name, LEXICON).style == style.name, name


@each_case("instrument", VOCABULARY.instruments)
def test_every_instrument_is_found_by_each_of_its_words_and_can_be_refused(instrument: InstrumentWords) -> None:
    for word in (instrument.name, *instrument.words):
        assert instrument.name in [one.name for one in read_prompt(word, LEXICON).instruments], word
        assert instrument.name in read_prompt(f"techno without {word}", LEXICON).refused, word
    for word in instrument.refused_by:
        assert read_prompt(f"{word} techno", LEXICON).refused == (instrument.name,), word
