"""Both recognisers together: recorded sentences, other speech, pauses, and wrong use."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.bridge.speech.recognition.joint import JointRecogniser
from musearoo.bridge.speech.recognition.moonshine_files import find_network
from musearoo.bridge.speech.recognition.pieces import SPACE, Pieces, read_pieces
from musearoo.bridge.speech.recognition.recogniser import Recognised, RecogniserError
from musearoo.bridge.speech.recognition.word_search import spell
from musearoo.bridge.speech.sound.format import RATE
from musearoo.engines.language.copilot.respond import ACT, ASK
from musearoo.engines.language.grammar.sentence import cut
from musearoo.engines.language.requests.commands import Intent
from musearoo.tools.bench.voice.spoken import as_int16, hiss, read_sound
from musearoo.tools.workshop.generate.recordings import read_recordings
from tests.optional import require

require("pocketsphinx", "onnxruntime", "moonshine_voice")

_folder = find_network()
assert _folder is not None
FOLDER: Path = _folder

CHUNK = 3200
HEARD = (
    *("funk_bass", "house_drums", "mute_bass", "busier", "undo", "delete_clip", "yes"),
    *("mute_bass_over_music", "rock_drums_espeak"),
)


@pytest.fixture(scope="module")
def joint() -> Iterator[JointRecogniser]:
    from musearoo.bridge.speech.recognition.opening import open_joint

    opened = open_joint(FOLDER, None)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return read_pieces(FOLDER / "tokenizer.bin")


def sound_of(name: str) -> bytes:
    return as_int16(read_sound(read_recordings()[name].path))


def feed(joint: JointRecogniser, sound: bytes, chunk: int = CHUNK) -> None:
    joint.begin()
    for start in range(0, len(sound), chunk):
        joint.feed(sound[start : start + chunk])


def plain(text: str) -> list[str]:
    """Return the words without articles, as the parser reads them, because articles are hardly audible."""
    return [word for word in cut(text).words if word not in ("a", "the")]


@pytest.mark.parametrize("name", HEARD)
def test_spoken_requests_are_recognised_with_enough_confidence_to_act(joint: JointRecogniser, name: str) -> None:
    feed(joint, sound_of(name))
    transcript = joint.end()
    assert plain(transcript.text) == plain(read_recordings()[name].said)
    assert ACT <= transcript.confidence <= 1.0


@pytest.mark.parametrize("name", ["outside", "hiss"])
def test_other_sentences_are_neither_done_nor_asked_about(joint: JointRecogniser, name: str) -> None:
    feed(joint, sound_of(name))
    transcript = joint.end()
    means = read_understander(read_styles()).understand(transcript.text)
    assert means.intent is Intent.NONE or transcript.confidence < ASK


def test_words_are_shown_while_they_are_spoken(joint: JointRecogniser) -> None:
    sound = sound_of("house_drums")
    feed(joint, sound[: len(sound) * 3 // 4])
    assert "drums" in joint.partial()
    joint.begin()
    assert joint.partial() == ""


def test_speech_after_a_pause_is_recognised_too(joint: JointRecogniser) -> None:
    pause = as_int16(hiss(RATE // 2, -80.0))
    feed(joint, sound_of("mute_bass") + pause + sound_of("yes"))
    choices, _ = joint.end_with_choices()
    assert ("mute", "the", "bass", "yes") in [choice.candidate.words for choice in choices]


def test_silence_behind_a_sentence_changes_nothing(joint: JointRecogniser) -> None:
    feed(joint, sound_of("mute_bass") + as_int16(hiss(RATE, -80.0)))
    assert plain(joint.end().text) == ["mute", "bass"]


@pytest.mark.parametrize("count", [0, 1, 100, 1599])
def test_too_little_sound_is_nothing(joint: JointRecogniser, count: int) -> None:
    feed(joint, as_int16(hiss(count, -40.0)))
    assert joint.end() == Recognised("", 0.0)


def test_wrong_use_raises(joint: JointRecogniser) -> None:
    feed(joint, sound_of("yes"))
    with pytest.raises(RecogniserError, match="no whole number of 16-bit samples"):
        joint.feed(b"\0")
    joint.end()
    for use in (joint.end, joint.partial, lambda: joint.feed(b"\0\0")):
        with pytest.raises(RecogniserError, match="No utterance was begun"):
            use()


def test_words_are_spelt_as_the_model_was_taught(pieces: Pieces) -> None:
    assert [pieces.texts[piece] for piece in pieces.spell("funk")] == [f"{SPACE}fun", "k"]
    assert pieces.read(pieces.spell("dubstep")) == "dubstep"
    assert pieces.spell("naïve🎵") == ()
    assert {pieces.read(way) for way in spell(pieces, "eight", is_first=True)} == {"Eight", "8"}
    assert {pieces.read(way) for way in spell(pieces, "a.")} == {"A"}


def test_a_broken_token_list_is_reported(tmp_path: Path) -> None:
    whole = (FOLDER / "tokenizer.bin").read_bytes()
    broken = tmp_path / "tokenizer.bin"
    for content in (b"", b"\x05abc", whole[:400], np.random.default_rng(2).bytes(2000)):
        broken.write_bytes(content)
        with pytest.raises(ValueError, match="is no list of pieces"):
            read_pieces(broken)
