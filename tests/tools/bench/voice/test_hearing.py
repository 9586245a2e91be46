"""What the bench makes of a sound: fed as the ear does, timed from the last piece on, judged by how sure it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.engines.language.copilot.respond import ACT, ASK
from musearoo.engines.language.grammar.understanding import Understander
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.tools.bench.voice.hearing import (
    QUIET,
    Interpretation,
    Outcome,
    Session,
    Utterance,
    cut,
    find_music,
    make_sound,
    understand,
)
from musearoo.tools.bench.voice.sentences import Sentence
from musearoo.tools.bench.voice.spoken import RATE, is_installed, speech_level, write_flac
from tests.each_case import each_case
from tests.tools.bench.voice.some_recognisers import ScriptedRecogniser

MUTE = Sentence("mute the bass", Intent.MUTE, Slots(target="bass"))


@pytest.fixture(scope="module")
def understander() -> Understander:
    return read_understander(read_styles())


@pytest.fixture
def music(tmp_path: Path) -> Iterator[Path]:
    """A folder with a sound of ten seconds, each sample of which is another."""
    write_flac(tmp_path / "ramp.flac", np.linspace(-0.9, 0.9, 10 * RATE).astype(np.float32))
    yield tmp_path
    find_music.cache_clear()


def test_sound_is_fed_in_order_and_whole(understander: Understander) -> None:
    sound = np.arange(5_000, dtype="<i2").tobytes()
    recogniser = ScriptedRecogniser("mute the bass")
    understood = understand(sound, recogniser, understander, ())
    assert b"".join(recogniser.fed) == sound
    assert [len(chunk) for chunk in cut(sound)] == [1_280] * 7 + [1_040]
    assert recogniser.utterances == 1
    assert (understood.command.intent, understood.command.slots.target) == (Intent.MUTE, "bass")


def test_what_was_done_while_somebody_spoke_is_not_counted(understander: Understander) -> None:
    sound = bytes(2 * RATE)
    understood = understand(sound, ScriptedRecogniser("", works=0.02), understander, ())
    # Of ten pieces the last one alone.
    assert 20.0 <= understood.milliseconds < 100.0


def test_real_time_is_as_long_as_the_sound(understander: Understander) -> None:
    started = time.perf_counter()
    understand(bytes(RATE), ScriptedRecogniser(""), understander, (), is_paced=True)
    assert 0.5 <= time.perf_counter() - started < 1.0


def test_a_command_is_no_surer_than_its_words(understander: Understander) -> None:
    unsure = understand(bytes(100), ScriptedRecogniser("mute the bass", 0.3), understander, ())
    assert unsure.command.confidence == 0.3
    sure = understand(bytes(100), ScriptedRecogniser("mute the bass", 1.0), understander, ())
    assert sure.command.confidence > 0.3


@each_case(
    "intent, confidence, outcome",
    [
        (Intent.MUTE, ACT, Outcome.ACTED),
        (Intent.MUTE, ACT - 0.01, Outcome.ASKED),
        (Intent.MUTE, ASK, Outcome.ASKED),
        (Intent.MUTE, ASK - 0.01, Outcome.REFUSED),
        (Intent.NONE, 1.0, Outcome.REFUSED),
    ],
)
def test_what_is_done_depends_on_how_sure_it_is(intent: Intent, confidence: float, outcome: Outcome) -> None:
    assert Interpretation(Command(text="", intent=intent, confidence=confidence), 1.0).outcome is outcome


def test_where_nobody_speaks_there_is_hiss_or_music(music: Path) -> None:
    silence = make_sound(Session("silence", (), seconds=1.0), Utterance(0, MUTE))
    assert len(silence) == RATE
    assert speech_level(silence) == pytest.approx(QUIET, abs=0.5)
    session = Session("music", (), None, 0.0, seconds=2.0, music=music)
    first, again, other = (make_sound(session, Utterance(number, MUTE)) for number in (1, 1, 2))
    assert len(first) == 2 * RATE
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.skipif(not is_installed("flite"), reason="flite is not installed")
def test_the_same_music_lies_under_a_sentence_at_every_level(music: Path) -> None:
    from musearoo.tools.bench.voice.spoken import FLITE, speak

    voice = speak(MUTE.text, FLITE[0])
    under = [
        make_sound(Session("", (), FLITE[0], below, music=music), Utterance(5, MUTE)) - voice for below in (20.0, 10.0)
    ]
    assert np.abs(under[1]).max() > 2.9 * np.abs(under[0]).max()
    assert np.corrcoef(under[0], under[1])[0, 1] > 0.999
