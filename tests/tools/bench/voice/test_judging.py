"""The rows of the bench: what counts as exact, as asked back, as acted upon though nobody meant it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from musearoo.engines.errors import EngineError
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.voice import ending, outside, sentences, speech
from musearoo.tools.bench.voice.hearing import Interpretation, Session, Utterance, UtteranceResult
from musearoo.tools.bench.voice.sentences import (
    OUTSIDE,
    SPOKEN,
    WRITTEN,
    Sentence,
    draw_sentences,
    is_exact,
    is_usual,
    read_table,
)
from musearoo.tools.bench.voice.spoken import ESPEAK, FLITE

MUTE = Sentence("mute the bass", Intent.MUTE, Slots(target="bass"))
SOLO = Sentence("solo the drums", Intent.SOLO, Slots(target="drums"))
SAID = (MUTE, SOLO, MUTE, SOLO, MUTE, SOLO)


def a_command(sentence: Sentence, confidence: float) -> Interpretation:
    command = Command(text=sentence.text, intent=sentence.intent, slots=sentence.slots, confidence=confidence)
    return Interpretation(command, 12.0)


def hearing_of(
    ours: Callable[[Utterance], Interpretation], peer: Callable[[Utterance], Interpretation] | None = None
) -> Callable[..., tuple[UtteranceResult, ...]]:
    """A stand-in for `run_sessions` that understands as it is told."""

    def run_sessions(
        sessions: Sequence[Session], tell: Callable[[int, int], None], processes: int = 1
    ) -> tuple[UtteranceResult, ...]:
        tell(1, processes)
        return tuple(
            UtteranceResult(session, utterance, ours(utterance), peer(utterance) if peer and session.has_peer else None)
            for session in sessions
            for utterance in session.sayings
        )

    return run_sessions


def by_name(rows: Sequence[Row]) -> dict[str, Row]:
    return {f"{row.part}: {row.name}": row for row in rows}


def silent(what: str, done: int, of: int) -> None:
    assert done <= of, what


def test_each_sentence_is_said_once_in_each_condition_by_the_voices_of_a_program_in_turn() -> None:
    sessions = speech.plan_sessions(SAID, (*FLITE[:2], ESPEAK[0]), by_all=False)
    for program in ("flite", "espeak-ng"):
        for below in speech.CONDITIONS:
            said = [
                utterance.number
                for session in sessions
                if session.speaker and session.speaker.program == program and session.below == below
                for utterance in session.sayings
            ]
            assert sorted(said) == list(range(len(SAID)))
    assert {session.has_peer for session in sessions if session.speaker in FLITE} == {True}
    assert len(speech.plan_sessions(SAID, FLITE[:2], by_all=True)[0].sayings) == len(SAID)


def test_a_sentence_is_exact_where_it_is_acted_upon_with_all_its_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Sentence("mute the drums", Intent.MUTE, Slots(target="drums"))
    fates = [
        a_command(SAID[0], 0.9),
        a_command(SAID[1], 0.4),
        a_command(wrong, 0.9),
        a_command(wrong, 0.9),
        a_command(wrong, 0.1),
        a_command(SAID[5], 0.9),
    ]
    monkeypatch.setattr(
        speech,
        "run_sessions",
        hearing_of(lambda utterance: fates[utterance.number], lambda utterance: a_command(SAID[utterance.number], 1.0)),
    )
    sessions = [one for one in speech.plan_sessions(SAID, FLITE[:1], by_all=True) if one.below is None]
    rows = by_name(list(speech.judge_speech(sessions, silent)))
    group = "flite, clean"
    sixth = 100.0 / 6.0
    assert rows[f"{group}: exact commands"].ours == pytest.approx(2 * sixth)
    assert rows[f"{group}: exact commands"].peer == 100.0
    assert rows[f"{group}: exact commands"].met is False
    strange = rows[f"{group}: exact commands of sentences that it did not expect"]
    assert (strange.ours, strange.peer) == (None, None), "all of these stand in its list"
    assert rows[f"{group}: exact intents"].ours == pytest.approx(3 * sixth)
    assert rows[f"{group}: understood exactly"].ours == pytest.approx(3 * sixth)
    assert rows[f"{group}: acted upon wrongly"].ours == pytest.approx(2 * sixth)
    assert rows[f"{group}: asked back"].ours == pytest.approx(sixth)
    assert rows[f"{group}: not understood"].ours == pytest.approx(sixth)
    assert rows["Exact commands by voice: flite slt, clean"].ours == pytest.approx(2 * sixth)


def test_targets_are_for_the_voices_that_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "run_sessions", hearing_of(lambda utterance: a_command(utterance.sentence, 1.0)))
    sessions = speech.plan_sessions(SAID, (FLITE[0], ESPEAK[0]), by_all=False)
    exact = {row.part: row for row in speech.judge_speech(sessions, silent) if row.name == "exact commands"}
    assert {part: row.met for part, row in exact.items()} == {
        "flite, clean": True,
        "flite, music 20 dB below": True,
        "flite, music 10 dB below": True,
        "espeak-ng, clean": None,
        "espeak-ng, music 20 dB below": None,
        "espeak-ng, music 10 dB below": None,
    }


def test_ten_minutes_without_speech_and_a_part_of_them_in_a_quick_run() -> None:
    for full, minutes in ((True, 10.0), (False, 2.5)):
        sessions = outside.plan_outside(SAID, FLITE, by_all=False, is_long=full, names=(), music=None)
        held = sum(session.seconds * len(session.sayings) for session in sessions)
        assert held == pytest.approx(60.0 * minutes)
        numbers = [
            utterance.number for session in sessions if session.group == "music" for utterance in session.sayings
        ]
        assert len(numbers) == len(set(numbers)), "no excerpt is heard twice"


def test_whatever_is_acted_upon_is_a_false_accept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        outside, "run_sessions", hearing_of(lambda utterance: a_command(MUTE, 1.0 if utterance.number < 3 else 0.3))
    )
    sessions = outside.plan_outside(SAID, FLITE[:1], by_all=True, is_long=True, names=(), music=None)
    rows = by_name(list(outside.judge_outside(sessions, silent)))
    spoken = rows["False accepts: outside sentences: acted upon"]
    assert (spoken.ours, spoken.met) == (50.0, False)
    assert rows["False accepts: outside sentences: asked back"].ours == 50.0
    music = rows["False accepts: music: acted upon"]
    assert music.ours == pytest.approx(100.0 * 3 / outside.MUSIC_PRESSES)
    assert music.met is True
    assert "8 minutes" in music.note


def test_ends_are_timed_in_real_time_and_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    paced: list[bool] = []
    run_session = hearing_of(lambda utterance: a_command(utterance.sentence, 1.0))

    def run_sessions(
        sessions: Sequence[Session], tell: Callable[[int, int], None], processes: int
    ) -> tuple[UtteranceResult, ...]:
        paced.extend(session.is_paced for session in sessions)
        assert processes == 1
        return run_session(sessions, tell)

    monkeypatch.setattr(ending, "run_sessions", run_sessions)
    rows = list(ending.judge_endings(ending.plan_endings(SAID, FLITE[:2], (), None), silent))
    assert paced == [True, True, False, False]
    assert [(row.name, row.ours, row.met) for row in rows] == [
        ("in real time: p50", 12.0, None),
        ("in real time: p95", 12.0, True),
        ("fed without waiting: p50", 12.0, None),
        ("fed without waiting: p95", 12.0, None),
    ]


def test_a_sentence_is_expected_whatever_its_signs() -> None:
    assert is_usual(Sentence("Mute the bass!", Intent.MUTE))
    assert not is_usual(Sentence("mute the bass until the second verse", Intent.MUTE))


def test_keys_are_compared_as_they_sound() -> None:
    wanted = Sentence("", Intent.KEY, Slots(key="Bb minor"))
    assert is_exact(Command(text="", intent=Intent.KEY, slots=Slots(key="A# minor")), wanted)
    assert not is_exact(Command(text="", intent=Intent.KEY, slots=Slots(key="B minor")), wanted)
    assert not is_exact(Command(text="", intent=Intent.PLAY, slots=Slots(key="Bb minor")), wanted)
    assert not is_exact(Command(text="", intent=Intent.KEY, slots=Slots(key="Bb minor", bars=4)), wanted)


def test_the_tables_are_read_and_there_are_enough_of_them() -> None:
    assert len(read_table(SPOKEN).all) >= 200
    assert len(read_table(OUTSIDE).all) >= 100
    assert {one.intent for one in read_table(OUTSIDE).all} == {Intent.NONE}
    assert sum(len(read_table(name).all) for name in WRITTEN) >= 400


def test_without_a_checkout_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sentences, "FOLDER", tmp_path)
    with pytest.raises(EngineError, match="checkout"):
        read_table(SPOKEN)


def test_drawn_sentences_are_the_same_every_time_and_none_comes_twice() -> None:
    drawn = draw_sentences(40)
    assert drawn == draw_sentences(40)
    assert len({one.text for one in drawn}) == 40
    assert draw_sentences(10) == drawn[:10]
