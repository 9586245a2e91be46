"""Recorded sentences through pocketsphinx: the words, how sure they are, and every wrong use."""

import sys
from collections.abc import Iterator, Mapping, Sequence

import pytest

from musearoo.bridge.speech.recognition.dictionary import Dictionary, read_entries
from musearoo.bridge.speech.recognition.recogniser import Recogniser, RecogniserError
from musearoo.bridge.speech.recognition.sphinx import SphinxRecogniser, build_grammar
from musearoo.engines.language.copilot.respond import ACT, ASK
from musearoo.tools.bench.voice.spoken import as_int16, read_sound
from musearoo.tools.workshop.generate.recordings import read_recordings
from tests.bridge.speech.small_grammar import GRAMMAR, PRONUNCIATIONS
from tests.optional import require

require("pocketsphinx")

CHUNK = 3200
HEARD = {
    "funk_bass": "play funk bass four bars in d minor",
    "house_drums": "play house drums two bars",
    "mute_bass": "mute the bass",
    "busier": "make it bit busier",
    "undo": "undo that",
    "delete_clip": "delete this clip",
    "yes": "yes",
    "mute_bass_over_music": "mute the bass",
}


def open_sphinx(grammar: str, pronunciations: Mapping[str, Sequence[str]]) -> SphinxRecogniser:
    return SphinxRecogniser(build_grammar(grammar, Dictionary(read_entries(), pronunciations)))


@pytest.fixture(scope="module")
def opened() -> Iterator[SphinxRecogniser]:
    recogniser = open_sphinx(GRAMMAR, PRONUNCIATIONS)
    yield recogniser
    recogniser.close()


def sound_of(name: str) -> bytes:
    return as_int16(read_sound(read_recordings()[name].path))


def without_articles(text: str) -> str:
    """As the parser reads it: they are hardly spoken, and hardly heard."""
    return " ".join(word for word in text.split() if word != "a")


def feed(recogniser: Recogniser, sound: bytes, chunk: int = CHUNK) -> None:
    recogniser.begin()
    for start in range(0, len(sound), chunk):
        recogniser.feed(sound[start : start + chunk])


@pytest.mark.parametrize("name", HEARD)
def test_spoken_requests_are_recognised_with_enough_confidence_to_act(opened: SphinxRecogniser, name: str) -> None:
    feed(opened, sound_of(name))
    recognised = opened.end()
    assert without_articles(recognised.text) == HEARD[name]
    assert ACT <= recognised.confidence <= 1.0


@pytest.mark.parametrize("name", ["outside", "hiss"])
def test_other_sentences_are_not_even_worth_a_question(opened: SphinxRecogniser, name: str) -> None:
    feed(opened, sound_of(name))
    assert opened.end().confidence < ASK


def test_words_come_while_they_are_spoken(opened: SphinxRecogniser) -> None:
    sound = sound_of("funk_bass")
    opened.begin()
    partials = []
    for start in range(0, len(sound), CHUNK):
        opened.feed(sound[start : start + CHUNK])
        partials.append(opened.partial())
    assert partials[0] == ""
    lengths = [len(text.split()) for text in partials]
    assert lengths[len(lengths) // 2] > 0
    assert partials[-1] == opened.end().text


@pytest.mark.parametrize("chunk", [998, 4802, 1_000_000])
def test_how_the_sound_is_cut_changes_no_word(opened: SphinxRecogniser, chunk: int) -> None:
    feed(opened, sound_of("mute_bass"), chunk)
    assert opened.end().text == "mute the bass"


def test_silence_and_nothing_at_all_have_no_words(opened: SphinxRecogniser) -> None:
    feed(opened, bytes(32_000))
    assert opened.end().confidence == 0.0
    opened.begin()
    assert opened.partial() == ""
    nothing = opened.end()
    assert (nothing.text, nothing.confidence) == ("", 0.0)


def test_an_utterance_that_was_not_ended_is_thrown_away(opened: SphinxRecogniser) -> None:
    feed(opened, sound_of("house_drums"))
    feed(opened, sound_of("undo"))
    assert opened.end().text == "undo that"


def test_noise_teaches_nothing_of_the_microphone(opened: SphinxRecogniser) -> None:
    transcripts = []
    for before in ("yes", "hiss"):
        for name in ("yes", before):
            feed(opened, sound_of(name))
            opened.end()
        feed(opened, sound_of("mute_bass_over_music"))
        transcripts.append(opened.end())
    assert [recognised.text for recognised in transcripts] == ["mute the bass"] * 2
    assert transcripts[1].confidence == pytest.approx(transcripts[0].confidence, abs=0.1)


def test_wrong_use_is_said() -> None:
    recogniser = open_sphinx(GRAMMAR, PRONUNCIATIONS)
    for call in (lambda: recogniser.feed(b"ab"), recogniser.partial, recogniser.end):
        with pytest.raises(RecogniserError, match="No utterance was begun"):
            call()
    recogniser.begin()
    recogniser.feed(b"")
    with pytest.raises(RecogniserError, match="3 bytes are no whole number of 16-bit samples"):
        recogniser.feed(b"abc")
    recogniser.close()
    recogniser.close()
    for call in (recogniser.begin, recogniser.end):
        with pytest.raises(RecogniserError, match="is closed"):
            call()


def test_a_word_that_nobody_can_say_is_named() -> None:
    with pytest.raises(RecogniserError, match=r"not known: “bossa”, “flumbo”\. Say it under `pronunciations`"):
        open_sphinx(GRAMMAR.replace("undo", "flumbo"), {})


def test_a_pronunciation_in_other_phones_is_named() -> None:
    with pytest.raises(RecogniserError, match=r"“B O S AH” of “bossa” cannot be read at “O”"):
        open_sphinx(GRAMMAR, {"bossa": ("B O S AH",)})


def test_marks_of_stress_are_allowed() -> None:
    open_sphinx(GRAMMAR, {"bossa": ("B AO1 S AH0",)}).close()


def test_a_broken_grammar_is_reported() -> None:
    with pytest.raises(RecogniserError, match=r"voice grammar cannot be used: there is no rule <part>\."):
        open_sphinx("#JSGF V1.0; grammar g; public <a> = mute the <part>;", {})


def test_without_pocketsphinx_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    grammar = build_grammar(GRAMMAR, Dictionary(read_entries(), PRONUNCIATIONS))
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(RecogniserError, match=r"not installed, which hears speech\. Run: .* voice"):
        SphinxRecogniser(grammar)
