"""Pronunciations in the dictionary file, the same as pocketsphinx's own."""

from __future__ import annotations

import pytest

from musearoo.bridge.speech.recognition.dictionary import Dictionary, read_entries, read_excerpt
from musearoo.bridge.speech.recognition.recogniser import RecogniserError
from tests.optional import require

ENTRIES = b"bass B EY S\nbass(2) B AE S\nbassist B EY S AH S T\nplay P L EY\n"
ADDED = {"bossa": ("B AO1 S AH0",), "play": ("P L EH",)}
SMALL = Dictionary(ENTRIES, ADDED)


def test_words_are_known_and_said_as_they_stand_there_or_were_added() -> None:
    words = ("bass", "play", "bossa", "bas", "assist", "")
    assert [SMALL.knows(word) for word in words] == [True, True, True, False, False, False]
    assert [SMALL.pronounce(word) for word in words] == [
        ("B", "EY", "S"),
        ("P", "L", "EY"),
        ("B", "AO", "S", "AH"),
        *[()] * 3,
    ]


def test_an_excerpt_has_every_way_to_say_its_words_and_no_others() -> None:
    excerpt = SMALL.excerpt({"play", "bass", "bossa", "flumbo"})
    assert excerpt.splitlines() == ["bass B EY S", "bass(2) B AE S", "bossa B AO S AH", "play P L EY", "play(2) P L EH"]
    assert read_excerpt(excerpt) == {word: SMALL.pronounce(word) for word in ("bass", "bossa", "play")}


def test_a_pronunciation_in_other_phones_is_named() -> None:
    with pytest.raises(RecogniserError, match=r"“B O S AH” of “bossa” cannot be read at “O”"):
        Dictionary(ENTRIES, {"bossa": ("B O S AH",)})


def test_pocketsphinx_finds_the_same() -> None:
    pocketsphinx = require("pocketsphinx")
    decoder = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
    dictionary = Dictionary(read_entries(), {})
    for word in ("a", "a.", "play", "read", "don't", "techno", "zulu", "'bout", "bossa", "funkify", "xyzzy"):
        found = decoder.lookup_word(word)
        assert dictionary.pronounce(word) == tuple(found.split() if found else ()), word
        assert dictionary.knows(word) == (found is not None), word


def test_without_pocketsphinx_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("musearoo.bridge.speech.recognition.dictionary.find_spec", lambda _: None)
    with pytest.raises(RecogniserError, match=r"not installed, which hears speech\. Run: .* voice"):
        read_entries()
