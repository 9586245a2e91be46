"""Words for styles in a lexicon: one style each, and a style's own names first."""

from __future__ import annotations

from musearoo.engines.prompts.lexicon import build_lexicon, split_words
from musearoo.engines.prompts.reading import read_prompt
from tests.engines.presets_on_disk import STYLES
from tests.engines.prompts.lexicon_on_disk import LEXICON, VOCABULARY


def test_a_word_means_one_style_and_none_of_its_meanings_twice() -> None:
    for words, meanings in LEXICON.phrases.items():
        assert len([one for one in meanings if one.kind in ("style", "near")]) <= 1, words
        assert len(set(meanings)) == len(meanings), words


def test_a_styles_own_names_go_before_what_the_words_say_of_others() -> None:
    named = {tuple(token.word for token in split_words(style.name)): style.name for style in STYLES.values()}
    for words, name in named.items():
        assert LEXICON.phrases[words][0].name == name, words
    few = {"funk": STYLES["funk"]}
    small = build_lexicon(VOCABULARY, few, LEXICON.languages)
    styles = {one.name for meanings in small.phrases.values() for one in meanings if one.kind in ("style", "near")}
    assert styles == {"funk"}


def test_words_that_say_little_give_way_and_describing_ones_go_to_instruments() -> None:
    weak = {one.name for meanings in LEXICON.phrases.values() for one in meanings if one.weak}
    describing = {one.name for meanings in LEXICON.phrases.values() for one in meanings if one.describing}
    assert weak
    assert describing
    for meanings in LEXICON.phrases.values():
        for one in meanings:
            assert one.kind in ("style", "near") or not (one.weak or one.describing), one


def test_a_plural_is_known_by_its_singular_from_four_letters_on() -> None:
    for word, is_known in (("piano", True), ("pianos", True), ("violins", True), ("gus", False)):
        assert LEXICON.knows(word) is is_known, word
    assert [one.name for one in read_prompt("pianos", LEXICON).instruments] == ["piano"]
