"""Parsing beyond the sentence tables: confidence, names, edge cases, and arbitrary text."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.engines.language.grammar.table import VoiceTable, read_voice_table
from musearoo.engines.language.grammar.understanding import LEAST, LONGEST, Understander
from musearoo.engines.language.requests.commands import Intent, Slots
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.scale import Key
from musearoo.engines.styles.reading import read_mapping


def test_each_example_of_the_help_is_understood(table: VoiceTable, understander: Understander) -> None:
    for intent, words in table.intents.items():
        for example in words.examples:
            command = understander.understand(example)
            meant = Intent.PLAY if intent is Intent.ANSWER and command.intent is Intent.PLAY else intent
            assert (command.intent, command.confidence) == (meant, 1.0), example


def test_each_word_that_nothing_explains_lowers_the_confidence(understander: Understander) -> None:
    sentences = ("mute the bass", "mute the bass drearily", "mute the bass drearily purple")
    trusted = [understander.understand(text).confidence for text in sentences]
    assert trusted[0] == 1.0
    assert trusted == sorted(trusted, reverse=True)
    assert len(set(trusted)) == 3


def test_a_bass_player_is_no_bass(understander: Understander) -> None:
    assert understander.understand("the bass player is late").intent is Intent.NONE


@pytest.mark.parametrize("text", ["don't mute the bass", "do not delete this clip", "never play that bass"])
def test_what_is_not_to_be_is_not_done(understander: Understander, text: str) -> None:
    command = understander.understand(text)
    assert command.intent in (Intent.NONE, Intent.NO) or command.confidence < 0.5


def test_the_name_of_a_track_is_a_target(understander: Understander) -> None:
    command = understander.understand("mute the Lead Guitar track", ["Lead Guitar", "Vox"])
    assert (command.intent, command.slots) == (Intent.MUTE, Slots(target="lead guitar"))


def test_a_part_goes_before_a_track_of_that_name(understander: Understander) -> None:
    assert understander.understand("give me a bass", ["Bass"]).slots == Slots(parts=("bass",))
    assert understander.understand("mute the bass", ["Bass"]).slots == Slots(target="bass")


@pytest.mark.parametrize(
    "text",
    [
        "split the drums and the bass",
        "mute the drums and solo the bass",
        "mute everything but the bass",
    ],
)
def test_two_of_what_there_is_one_of_is_not_trusted(understander: Understander, text: str) -> None:
    assert understander.understand(text).confidence < 0.5


def test_several_are_understood_where_they_stand_together(understander: Understander) -> None:
    command = understander.understand("mute the bass, my vox and track 3", ["Vox"])
    assert (command.intent, command.slots) == (Intent.MUTE, Slots(targets=("bass", "vox", "track 3")))
    # The other targets are part of the whole band.
    assert understander.understand("mute the band and the bass").slots == Slots(target="band")


def test_a_word_that_looks_like_a_chord_is_none(understander: Understander) -> None:
    assert understander.understand("give me drums over a go").slots.chords == ""
    assert understander.understand("give me a pad over am f c g").slots.chords == "Am F C G"


def test_the_prompt_is_kept_as_it_was_said(understander: Understander) -> None:
    command = understander.understand("Imagine, um, a rusty music-box; four bars, please")
    assert (command.intent, command.slots) == (Intent.IMAGINE, Slots(prompt="a rusty music-box", bars=4))


def test_a_phrase_within_a_prompt_stays_in_it(understander: Understander) -> None:
    slots = understander.understand("imagine eight bars of a choir in D minor over rain").slots
    assert slots == Slots(prompt="a choir in d minor over rain", bars=8)


def test_a_number_out_of_bounds_is_handed_on(understander: Understander) -> None:
    assert understander.understand("give me four hundred bars of drums").slots.bars == 400


@pytest.mark.parametrize("text", ["", "   ", "?!", "…", "mute " * (LONGEST + 1)])
def test_no_sentence_asks_for_nothing(understander: Understander, text: str) -> None:
    command = understander.understand(text)
    assert (command.intent, command.confidence, command.text) == (Intent.NONE, 0.0, text)


_UNDERSTANDER = read_understander(read_styles())
_WORDS = st.sampled_from(
    (
        *("play", "the", "a", "bass", "drums", "in", "d", "minor", "Am", "F#m7", "eight", "bars", "120", "bpm", "over"),
        *("louder", "not", "and", "than", "imagine", ",", ".", "!", "é", "3rd", "2:30", "four", "take", "back", "A"),
    )
)


@given(st.lists(_WORDS, max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_text_is_answered_with_slots_that_can_be_read(text: str) -> None:
    command = _UNDERSTANDER.understand(text, ["Am", ""])
    assert command.intent is Intent.NONE or command.confidence >= LEAST
    assert command.text == text
    if command.slots.key:
        assert str(Key.parse(command.slots.key)) == command.slots.key
    for symbol in command.slots.chords.split():
        Chord.parse(symbol)


def test_a_synonym_is_added_by_the_table_alone() -> None:
    data: dict[str, Any] = read_mapping(resources.files("musearoo.presets").joinpath("voice.yaml").read_text("utf-8"))
    data["intents"]["mute"]["also"].append("gag")
    data["phrases"]["part"]["also"]["bass"].append("growler")
    mine = Understander(read_voice_table(json.dumps(data)), {})
    command = mine.understand("gag the growler")
    assert (command.intent, command.slots) == (Intent.MUTE, Slots(target="bass"))


@pytest.mark.parametrize("word", ["de", "cd", "abc", "fg", "bc"])
def test_letters_in_a_row_are_no_key(understander: Understander, word: str) -> None:
    assert understander.understand(f"give me a bass in {word} major").slots.key == ""
    assert understander.understand(f"we are in {word}").slots.key == ""


@pytest.mark.parametrize(
    "text",
    [
        "one two three four",
        "three, two, one",
        "one two, one two",
        "play a bass, two takes, four bars",
        "play drums on track one, four bars",
    ],
)
def test_numbers_that_count_are_no_chords(understander: Understander, text: str) -> None:
    assert understander.understand(text).slots.numerals == ""


def test_numerals_are_read_as_they_are_written(understander: Understander) -> None:
    for text, numerals in (
        ("give me chords, i - bVI - bVII in A minor", "i bVI bVII"),
        ("play ii7, V7 and Imaj7 in C major", "ii7 V7 Imaj7"),
        ("play V7/V V7 I in F major", "V7/V V7 I"),
        ("I want a bass, I need it in D", ""),
    ):
        assert understander.understand(text).slots.numerals == numerals, text
