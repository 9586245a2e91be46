"""The end of an utterance: silence, no speech, too long; with music and clicks."""

import math
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from musearoo.bridge.speech.sound.endpoint import FRAME, FRAME_SECONDS, EndedBy, Endpoint, open_detector
from musearoo.bridge.speech.sound.format import RATE
from tests.each_case import each_case
from tests.optional import require

RECORDINGS = Path(__file__).parents[3] / "voice" / "recordings"


class Loud:
    """Takes all for a voice that is not silent, as the real detector does with music."""

    def is_speech(self, frame: bytes) -> bool:
        assert len(frame) == 2 * FRAME
        return any(frame)


def sound(*parts: tuple[float, float]) -> bytes:
    """Seconds at a level in dB of full scale, one after the other; -inf is silence."""
    rows = [np.full(round(seconds * RATE), 32_768 * 10 ** (level / 20)) for seconds, level in parts]
    whole: NDArray[np.int16] = np.clip(np.rint(np.concatenate(rows)), -32_768, 32_767).astype("<i2")
    return whole.tobytes()


def end_of(samples: bytes, cut: int = 640) -> tuple[EndedBy | None, float]:
    """Return what ends it, and after how many seconds, by the detector `Loud`."""
    endpoint = Endpoint(Loud())
    for start in range(0, len(samples), cut):
        ended_by = endpoint.push(samples[start : start + cut])
        if ended_by is not None:
            return ended_by, (start + cut) / 2 / RATE
    return None, len(samples) / 2 / RATE


SILENT = -math.inf


def test_nine_tenths_of_a_second_of_silence_end_a_sentence() -> None:
    ended_by, seconds = end_of(sound((0.5, SILENT), (1.0, -20), (3.0, SILENT)))
    assert ended_by is EndedBy.SILENCE
    # Three frames of the window may still be of the speech.
    assert 1.5 + 0.9 - 3 * FRAME_SECONDS <= seconds <= 1.5 + 0.9 + 2 * FRAME_SECONDS


def test_a_pause_within_a_sentence_does_not() -> None:
    assert end_of(sound((1.0, -20), (0.6, SILENT), (1.0, -20), (0.6, SILENT)))[0] is None


def test_nobody_speaks() -> None:
    ended_by, seconds = end_of(sound((6.0, SILENT)))
    assert ended_by is EndedBy.NOTHING
    assert seconds == pytest.approx(5.0, abs=0.05)


def test_a_click_is_nobody() -> None:
    assert end_of(sound((0.3, SILENT), (0.06, -3), (6.0, SILENT)))[0] is EndedBy.NOTHING


def test_it_is_never_longer_than_fifteen_seconds() -> None:
    ended_by, seconds = end_of(sound((20.0, -20)))
    assert ended_by is EndedBy.TOO_LONG
    assert seconds == pytest.approx(15.0, abs=0.05)


def test_music_that_plays_on_below_the_voice_is_silence() -> None:
    assert end_of(sound((1.0, -40), (1.0, -20), (3.0, -40)))[0] is EndedBy.SILENCE


def test_a_loud_click_does_not_make_the_voice_too_soft() -> None:
    assert end_of(sound((0.03, 0), (3.0, -30)))[0] is None


def test_who_trails_off_is_not_cut() -> None:
    assert end_of(sound((1.0, -20), (3.0, -30)))[0] is None


@each_case("cut", [2, 960, 5_000])
def test_how_the_sound_is_cut_does_not_matter(cut: int) -> None:
    samples = sound((0.7, SILENT), (0.8, -20), (3.0, SILENT))
    assert end_of(samples, cut)[0] is EndedBy.SILENCE
    assert abs(end_of(samples, cut)[1] - end_of(samples)[1]) < FRAME_SECONDS + cut / 2 / RATE


@each_case("recording", sorted(RECORDINGS.glob("*.flac")))
def test_recorded_sentences_end_after_their_last_word(recording: Path) -> None:
    require("pocketsphinx")
    samples, rate = soundfile.read(recording, dtype="int16")
    assert rate == RATE
    # The room goes on as it was: what it sounds like is taken from the last fifth of a second.
    room = np.tile(samples[-RATE // 5 :], 15)
    endpoint = Endpoint(open_detector())
    said = samples.astype("<i2").tobytes()
    if recording.stem == "hiss":
        assert endpoint.push(said) is None
        assert not endpoint.has_begun
        return
    ended = None
    for start in range(0, len(said), 640):
        ended = ended or endpoint.push(said[start : start + 640])
    assert ended is None, "cut short"
    assert endpoint.has_begun
    assert endpoint.push(room.astype("<i2").tobytes()) is EndedBy.SILENCE
