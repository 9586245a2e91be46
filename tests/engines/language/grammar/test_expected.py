"""Training sentences of the recognisers: plain words, with written ones also varied."""

from collections import Counter

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_table
from musearoo.engines.language.grammar.expected import VARIED, WRITTEN, expected_sentences, recognised_words

STYLES = read_styles()


def knows_all(word: str) -> bool:
    return "'" in word or word.isalpha()


def test_a_written_sentence_is_also_said_about_other_things() -> None:
    text = "give me a funk bass line in D minor"
    made = list(expected_sentences(read_table(), STYLES, [text], knows_all))
    written = [words for words, weight in made if weight == WRITTEN]
    assert written == [("give", "me", "a", "funk", "bass", "line", "in", "d", "minor")]
    about_others = Counter(words for words, weight in made[-VARIED:])
    assert len(about_others) > VARIED // 2
    assert all(words[:3] == ("give", "me", "a") for words in about_others)
    parts = {word for words in about_others for word in words}
    assert len(parts & {"techno", "house", "reggae", "blues", "jazz", "drums", "melody", "chords"}) >= 2


def test_the_same_every_time_and_nothing_but_words() -> None:
    written = ["mute the drums", "four bars in A"]
    first = list(expected_sentences(read_table(), STYLES, written, knows_all))
    assert first == list(expected_sentences(read_table(), STYLES, written, knows_all))
    assert all(word and word == word.lower() and " " not in word for words, _ in first for word in words)


def test_the_letter_a_is_no_article() -> None:
    assert recognised_words("A bass in A, a bit busier", knows_all) == ("a", "bass", "in", "a.", "a", "bit", "busier")
