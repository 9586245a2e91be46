"""The conductor with questions about clips: acknowledged, answered, repeated, cancelled, written like any press."""

from dataclasses import replace
from typing import Any

from musearoo.bridge.core.announcements import KEEPING_UP, KEPT_UP
from musearoo.bridge.core.events.effects import AnalyzeClip, Effect, Report, StopWork
from musearoo.bridge.core.events.incoming import (
    Analyzed,
    ClipAnalyzed,
    ClipWritten,
    EffortChanged,
    NotComposed,
    Progressed,
)
from musearoo.bridge.core.presses import ANSWER_WITHIN, GRACE
from musearoo.bridge.core.session import REPEAT_AFTER
from musearoo.bridge.protocol import Analyze, Failed, Got, Heard, Progress, Refusal, SetTempo, Told, Transaction
from musearoo.bridge.protocol.types import Message
from tests.bridge.stage import REQUEST, Stage, kinds, ready_stage, sent, those, told

FOUND = Heard(1, 1, 0, 0.0, 92.0, 0.9, 4, 4, 0.8, "A minor", 0.7, 0, "Break: 92 BPM.")


def ask(stage: Stage, session: int, press: int = 1, **changed: Any) -> list[Effect]:
    plain = Analyze(session, press, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    return stage.device(replace(plain, **changed))


def analyzed(stage: Stage, session: int, *messages: Message) -> list[Effect]:
    return stage.play(Analyzed(stage.now, (session, 1), FOUND, messages))


def test_a_question_is_acknowledged_at_once_and_its_clip_is_to_be_heard() -> None:
    stage, session = ready_stage()
    effects = ask(stage, session)
    assert kinds(effects) == ["Got", "AnalyzeClip"]
    assert those(effects, AnalyzeClip)[0].request_id == REQUEST


def test_a_repeated_question_is_heard_once() -> None:
    stage, session = ready_stage()
    ask(stage, session)
    assert kinds(ask(stage, session)) == ["Got"]


def test_the_answer_is_told_with_its_number_and_time_and_repeated_until_acknowledged() -> None:
    stage, session = ready_stage()
    ask(stage, session)
    stage.now += 0.025
    (heard,) = told(analyzed(stage, session), Heard)
    assert (heard.number, heard.press, round(heard.milliseconds), heard.written) == (1, 1, 25, 0)
    stage.now += REPEAT_AFTER + 0.01
    assert told(stage.tick(), Heard) == [heard]
    stage.got(session, heard.number)
    stage.now += REPEAT_AFTER + 0.01
    assert told(stage.tick(), Heard) == []
    # Asked again under its number it is answered again, and not heard again.
    effects = ask(stage, session)
    assert (told(effects, Got), told(effects, Heard), those(effects, AnalyzeClip)) == ([Got(1)], [heard], [])


def test_what_was_asked_for_is_written_before_the_answer() -> None:
    stage, session = ready_stage()
    ask(stage, session, tempo=1)
    effects = analyzed(stage, session, Transaction(REQUEST, 0.0), SetTempo(92.0))
    assert sent(effects, SetTempo) == [SetTempo(92.0)]
    assert told(effects, Heard) == []
    (heard,) = told(stage.play(ClipWritten(stage.now, REQUEST, 0, 0, 0, "")), Heard)
    assert heard.written == 1


def test_hearing_may_take_minutes_but_live_has_its_usual_time_to_write() -> None:
    stage, session = ready_stage()
    ask(stage, session, deep=1)
    assert told(stage.wait(3 * ANSWER_WITHIN, alive=(1,)), Failed) == []
    analyzed(stage, session, Transaction(REQUEST, 0.0), SetTempo(92.0))
    assert told(stage.wait(ANSWER_WITHIN + GRACE - 0.2, alive=(1,)), Failed) == []
    failed = told(stage.wait(0.4, alive=(1,)), Failed)
    assert [answer.code for answer in failed] == [Refusal.LIVE_BUSY]


def test_progress_reaches_the_device_that_asked() -> None:
    stage, session = ready_stage()
    ask(stage, session, deep=1)
    effects = stage.play(Progressed(stage.now, (session, 1), 0.25, "listening for beats"))
    assert told(effects, Progress) == [Progress(1, 0.25, "listening for beats")]
    analyzed(stage, session)
    assert stage.play(Progressed(stage.now, (session, 1), 1.0, "late")) == []


def test_a_cancelled_question_stops_the_hearing() -> None:
    stage, session = ready_stage()
    ask(stage, session, deep=1)
    effects = stage.cancel(session)
    assert those(effects, StopWork) == [StopWork((session, 1))]
    assert [failed.code for failed in told(effects, Failed)] == [Refusal.CANCELLED]
    assert analyzed(stage, session) == []


def test_what_cannot_be_heard_is_said() -> None:
    stage, session = ready_stage()
    ask(stage, session)
    effects = stage.play(NotComposed(stage.now, (session, 1), Refusal.NOT_HEARD, "Break.wav is empty."))
    assert [(failed.code, failed.sentence) for failed in told(effects, Failed)] == [
        (Refusal.NOT_HEARD, "Break.wav is empty.")
    ]


def test_a_clip_that_was_heard_is_news_for_the_devices_of_its_live_alone() -> None:
    stage, _ = ready_stage()
    told_once = Report("Break: 92 BPM.", logged="A clip: 92 BPM.")
    effects = stage.play(ClipAnalyzed(stage.now, 1, "Break: 92 BPM.", "A clip: 92 BPM.", to_devices=True))
    assert told(effects, Told) == [Told(0, 0, "Break: 92 BPM.")]
    assert those(effects, Report) == [told_once]
    assert stage.play(ClipAnalyzed(stage.now, 1, "Break: 92 BPM.", "A clip: 92 BPM.", to_devices=False)) == [told_once]
    assert stage.play(ClipAnalyzed(stage.now, 1, "", "", to_devices=True)) == []
    assert stage.play(ClipAnalyzed(stage.now, 9, "Break: 92 BPM.", "A clip: 92 BPM.", to_devices=True)) == [told_once]


def test_simpler_takes_are_news_for_every_device_once_when_they_begin_and_once_when_they_end() -> None:
    stage, _ = ready_stage()
    stage.hello("device-2", 25_001)
    one, both, none = frozenset({"bassaroo"}), frozenset({"bassaroo", "drummaroo"}), frozenset[str]()
    begun = stage.play(EffortChanged(stage.now, one, had_lean=False))
    assert told(begun, Told) == [Told(0, 0, KEEPING_UP)] * 2
    assert those(begun, Report) == [Report(KEEPING_UP)]
    assert stage.play(EffortChanged(stage.now, both, had_lean=True)) == []
    assert stage.play(EffortChanged(stage.now, one, had_lean=True)) == []
    ended = stage.play(EffortChanged(stage.now, none, had_lean=True))
    assert told(ended, Told) == [Told(0, 0, KEPT_UP)] * 2
    assert those(ended, Report) == [Report(KEPT_UP)]
