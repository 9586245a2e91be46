"""Effects that could not be performed, one by one: who is told, and that nothing follows where nobody waits."""

from __future__ import annotations

from dataclasses import replace

from musearoo.bridge.core.events.effects import DropSpeech, Effect, RemoveFiles, SendToDevice, SendToScript, StartSpeech
from musearoo.bridge.core.events.incoming import ClipWritten, Composed, EffectFailed
from musearoo.bridge.core.events.midi import AuditionTake, StopTake, Take
from musearoo.bridge.core.press_life import InLive
from musearoo.bridge.protocol import Audition, Done, Failed, Got, Refusal, TakeBack, Talk, Told, Transaction
from tests.bridge.stage import HOST, REQUEST, Stage, kinds, ready_stage, those, told, written_stage


def fail(stage: Stage, effect: Effect) -> list[Effect]:
    return stage.play(EffectFailed(stage.now, effect, "The disk is full."))


def test_nothing_follows_where_nobody_waits() -> None:
    stage, session = ready_stage()
    take = Take(session, 1, "bass", (), (), "live-1", Audition(session, 1, 1, 0, 0))
    done = Done(1, 1, 0.0, 0.0, 0.0, 0, -1, -1, "bass")
    cases: tuple[tuple[Effect, str], ...] = (
        (SendToScript(1, (Transaction("nobody:1", 0.0),)), "a transaction whose press has ended"),
        (SendToScript(1, (TakeBack("nobody:1", ""),)), "an undo whose press has ended"),
        (AuditionTake(take), "a take that is none any more"),
        (AuditionTake(replace(take, session=77)), "a take of a device that has gone"),
        (SendToDevice(HOST, 25_000, Got(1)), "what is no answer"),
        (SendToDevice(HOST, 25_000, done), "an answer that nobody was given"),
        (RemoveFiles(("a.wav",)), "what is nobody's"),
    )
    for effect, why in cases:
        before = stage.state
        assert fail(stage, effect) == [], why
        assert stage.state == before, why


def test_a_take_that_took_its_place_meanwhile_is_left() -> None:
    stage, session = ready_stage()
    take = Take(session, 1, "bass", (), (), "live-1", Audition(session, 1, 1, 0, 0))
    stage.state = stage.state.with_take(replace(take, press=2))
    assert fail(stage, AuditionTake(take)) == []
    effects = fail(stage, AuditionTake(replace(take, press=2)))
    assert those(effects, StopTake) == [StopTake(session, at_bar=False)]
    assert [news.code for news in told(effects, Told)] == [Refusal.ENGINE_FAILED]
    assert not stage.state.takes


def test_a_transaction_that_never_went_ends_its_press_and_its_files_go() -> None:
    stage, session = written_stage()
    press = stage.state.presses[session, 1]
    assert isinstance(press.life, InLive)
    assert isinstance(press.life.made, Composed)
    made = replace(press.life.made, files=("a.wav",), stays="It lies there.")
    stage.state = stage.state.with_press(press.become(replace(press.life, made=made)))
    effects = fail(stage, SendToScript(1, made.messages))
    assert effects[0] == RemoveFiles(("a.wav",))
    (failed,) = told(effects, Failed)
    assert (failed.code, "lies there" in failed.sentence) == (Refusal.ENGINE_FAILED, False), "for it lies there no more"
    assert not stage.state.presses


def test_an_answer_that_cannot_be_sent_is_replaced_once() -> None:
    stage, session = written_stage()
    (sent,) = those(stage.play(ClipWritten(stage.now, REQUEST, 8, 0, 0, "bass")), SendToDevice)
    (failed,) = told(fail(stage, sent), Failed)
    assert (failed.press, failed.code) == (1, Refusal.ENGINE_FAILED)
    assert list(stage.state.sessions[session].outbox) == [failed.number]
    assert fail(stage, SendToDevice(HOST, 25_000, failed, session)) == [], "that cannot be told either"
    assert not stage.state.sessions[session].outbox


def test_an_ear_that_does_not_open_ends_the_sentence() -> None:
    stage, session = ready_stage()
    assert StartSpeech((session, 5)) in stage.device(Talk(session, 5, 1))
    effects = fail(stage, StartSpeech((session, 5)))
    assert [answer.code for answer in told(effects, Failed)] == [Refusal.NOT_HEARD]
    assert kinds(effects)[-1] == DropSpeech.__name__
    assert not stage.state.sentences
