"""Effects that the daemon cannot perform: who waits is told at once, the rest is performed, nothing stays behind."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast, get_args

import pytest

from musearoo.bridge.analysis.analyzer import AudioAnalyzer
from musearoo.bridge.core.events.ambience import EndAmbience, SetAmbience
from musearoo.bridge.core.events.effects import (
    AnalyzeClip,
    ArmMicrophone,
    Capture,
    CloseClient,
    CloseScript,
    Compose,
    DropSpeech,
    Effect,
    EndSpeech,
    ImagineLoops,
    KeepDeviceSecret,
    KeepSelfTest,
    NoteDone,
    NoteFailed,
    NoteUndone,
    RemoveFiles,
    Report,
    SendMetrics,
    SendToClient,
    SendToDevice,
    SendToScript,
    Separate,
    StartSpeech,
    StopWork,
    Understand,
    WatchSets,
)
from musearoo.bridge.core.events.incoming import Analyzed, Composed, Event
from musearoo.bridge.core.events.midi import (
    AuditionTake,
    BeginJam,
    EndJam,
    FollowClocks,
    FollowLive,
    KeepPlayed,
    StopTake,
)
from musearoo.bridge.core.events.versions import FetchVersion, StoreVersion
from musearoo.bridge.core.failed_effects import NOT_SHOWN
from musearoo.bridge.core.greeting import MOST_GREETED
from musearoo.bridge.daemon import Daemon
from musearoo.bridge.imagining.generator import AudioGenerator
from musearoo.bridge.jobs.lazy import LazyWorker
from musearoo.bridge.protocol import (
    Analyze,
    ApiBeat,
    Arm,
    AskMetrics,
    Audition,
    BringBack,
    Bye,
    Cancel,
    CreateClip,
    Done,
    Failed,
    Heard,
    Imagine,
    KeepVersion,
    Listen,
    Refusal,
    SayText,
    SelfTest,
    Split,
    Talk,
    Told,
    Transaction,
    Undo,
    Watch,
)
from musearoo.bridge.protocol.codec import encode, encode_bundle
from musearoo.bridge.settings.user_settings import Settings
from musearoo.bridge.stems.splitter import Splitter
from musearoo.engines.errors import ParamError
from tests.bridge.core.test_ambience import ambience, ambient_stage
from tests.bridge.core.test_clients import client, client_stage
from tests.bridge.core.test_playing_along import hear, jam, jamming_stage, keep, transport
from tests.bridge.stage import REQUEST, SECRET, Stage, a_hello, a_script_hello, ready_stage, those, told, written_stage

MIDI_KINDS = (AuditionTake, StopTake, KeepPlayed, BeginJam, EndJam, FollowLive, FollowClocks)


class FaultyDaemon(Daemon):
    """Decides as the daemon does and performs nothing; what `breaks` is true of cannot be performed."""

    def __init__(self, home: Path) -> None:
        nobody: Any = object()
        ears, splitter = cast(AudioAnalyzer, nobody), cast(Splitter, nobody)
        imaginer, worker = cast(AudioGenerator, nobody), cast(LazyWorker, nobody)
        super().__init__(Settings(), "token", SECRET, {}, home, ears, lambda: splitter, lambda: imaginer, worker)
        self.performed: list[Effect] = []
        self.breaks: Callable[[Effect], bool] = lambda _: False
        self.error: Exception = RuntimeError("a fault")

    def conduct(self, stage: Stage, event: Event) -> None:
        """Has an event follow on what the stage has played, and the stage go on from there."""
        self._services.state, self.performed = stage.state, []
        self.handle(event)
        stage.state = self.state

    def _perform(self, effect: Effect) -> None:
        if self.breaks(effect):
            raise self.error
        match effect:
            case SendToDevice(message=message):
                encode(message)
            case SendToScript(messages=messages):
                encode_bundle(messages)
        self.performed.append(effect)


@dataclass
class FaultyStage(Stage):
    """A stage on which a daemon performs what follows."""

    daemon: FaultyDaemon = field(kw_only=True)

    def play(self, event: Event) -> list[Effect]:
        self.daemon.conduct(self, event)
        return self.daemon.performed


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> FaultyDaemon:
    return FaultyDaemon(tmp_path_factory.mktemp("home"))


LOOPS = Imagine(0, 1, "dub", 2, 1, 7, "", "", "", "", 1, 0, -1, -1, -1, 0, 0)
HEARD = Heard(1, 1, 0, 0.0, 120.0, 1.0, 4, 4, 1.0, "", 0.0, 0, "Loop: 120 BPM.")
CLIP = CreateClip(1, 2, 1, 32.0, "Funk drums", -1, 1, 4, 4, b"")

Scene = tuple[Stage, int]
Begin = Callable[[], Scene]
Play = Callable[[Stage, int], list[Effect]]


def much_greeted_stage() -> Scene:
    """As many instances have said hello as are remembered."""
    stage, session = ready_stage()
    gone = {f"gone-{number}": 1 for number in range(MOST_GREETED - 1)}
    stage.state = replace(stage.state, greeted={**stage.state.greeted, **gone})
    return stage, session


def heard_stage() -> Scene:
    stage, session = ready_stage()
    hear(stage, session)
    return stage, session


def done_stage() -> Scene:
    stage, session = written_stage()
    stage.written(REQUEST)
    return stage, session


def splitting_stage() -> Scene:
    stage, session = ready_stage()
    stage.device(Split(session, 1, 0, 0, "", 4, 1))
    return stage, session


def talking_stage() -> Scene:
    stage, session = ready_stage()
    stage.device(Talk(session, 1, 1))
    return stage, session


def composed_stage() -> Scene:
    stage, session = ready_stage()
    stage.press(session)
    return stage, session


def heard_composed_stage() -> Scene:
    stage, session = ready_stage()
    stage.press(session, hear=1)
    return stage, session


def undo_stage() -> Scene:
    stage, session = done_stage()
    stage.device(Undo(session, 2))
    return stage, session


def take_composed(stage: Stage, session: int) -> list[Effect]:
    return stage.play(Composed(stage.now, (session, 1), (Transaction(REQUEST, 9.0), CLIP), "Funk drums"))


WAITED_FOR: dict[type[Effect], tuple[Begin, Play, int]] = {
    SendToScript: (composed_stage, lambda stage, session: stage.composed(session), 1),
    Compose: (ready_stage, lambda stage, session: stage.press(session), 1),
    AnalyzeClip: (ready_stage, lambda stage, s: stage.device(Analyze(s, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1)), 1),
    Separate: (ready_stage, lambda stage, s: stage.device(Split(s, 1, 0, 0, "", 4, 1)), 1),
    StoreVersion: (ready_stage, lambda stage, s: stage.device(KeepVersion(s, 1, "An idea")), 1),
    FetchVersion: (ready_stage, lambda stage, s: stage.device(BringBack(s, 1, "yesterday", "mix", "")), 1),
    ImagineLoops: (ready_stage, lambda stage, s: stage.device(replace(LOOPS, session=s)), 1),
    Capture: (ready_stage, lambda stage, s: stage.device(Listen(s, 1, "a.wav", 4, 0, 0, 0, 4, 4, 0, "", 4)), 1),
    StartSpeech: (ready_stage, lambda stage, s: stage.device(Talk(s, 1, 1)), 1),
    EndSpeech: (talking_stage, lambda stage, s: stage.device(Talk(s, 1, 0)), 1),
    Understand: (ready_stage, lambda stage, s: stage.device(SayText(s, 1, "drums")), 1),
    KeepPlayed: (ready_stage, lambda stage, s: keep(stage, s, 1, bars=2), 1),
    BeginJam: (ready_stage, lambda stage, s: stage.device(jam(s, 1)), 1),
    SetAmbience: (ready_stage, lambda stage, s: stage.device(ambience(s, 1)), 1),
}
"""By the kind of effect: from where it follows, from what, and the press that waits for it."""

NOBODY_WAITS: dict[type[Effect], tuple[Begin, Play]] = {
    CloseScript: (ready_stage, lambda stage, _: stage.script(a_script_hello("live-2", "the wrong token"), 2)),
    SendToClient: (client_stage, lambda stage, _: client(stage, ApiBeat())),
    CloseClient: (ready_stage, lambda stage, _: client(stage, Watch(1))),
    WatchSets: (client_stage, lambda stage, _: client(stage, Watch(1))),
    SendMetrics: (client_stage, lambda stage, _: client(stage, AskMetrics())),
    StopWork: (splitting_stage, lambda stage, s: stage.device(Cancel(s, 1))),
    RemoveFiles: (ready_stage, lambda stage, s: stage.play(Composed(0.0, (s, 9), (), files=("a.wav",)))),
    DropSpeech: (talking_stage, lambda stage, s: stage.device(Bye(s))),
    ArmMicrophone: (ready_stage, lambda stage, s: stage.device(Arm(s, 1))),
    NoteDone: (written_stage, lambda stage, _: stage.written(REQUEST)),
    NoteFailed: (written_stage, lambda stage, _: stage.refuse(REQUEST)),
    NoteUndone: (undo_stage, lambda stage, _: stage.written("device-1:2")),
    StopTake: (heard_stage, lambda stage, s: stage.device(Audition(s, 2, 0, -1, -1))),
    EndAmbience: (ambient_stage, lambda stage, s: stage.device(ambience(s, 2, on=0))),
    EndJam: (jamming_stage, lambda stage, s: stage.device(jam(s, 2, on=0))),
    FollowLive: (ready_stage, lambda stage, _: stage.script(transport(1))),
    FollowClocks: (ready_stage, lambda stage, _: stage.script(transport(0))),
    KeepDeviceSecret: (much_greeted_stage, lambda stage, _: stage.device(a_hello("one more", 25_001))),
    KeepSelfTest: (ready_stage, lambda stage, s: stage.device(SelfTest(s, 1, "Track=ok"))),
    Report: (written_stage, lambda stage, _: stage.written(REQUEST)),
}

ELSEWHERE = {SendToDevice, AuditionTake}
"""Kinds with a test of their own below."""


def play(daemon: FaultyDaemon, begin: Begin, then: Play, kind: type[Effect] | None, error: Exception) -> FaultyStage:
    """What is left on the stage where effects of a kind break; what was performed is the daemon's."""
    stage, session = begin()
    daemon.breaks = lambda effect: kind is not None and isinstance(effect, kind)
    daemon.error = error
    faulty = FaultyStage(stage.now, stage.state, daemon=daemon)
    then(faulty, session)
    return faulty


def test_every_kind_of_effect_is_broken_here() -> None:
    assert {*WAITED_FOR, *NOBODY_WAITS, *ELSEWHERE} == set(get_args(Effect))


@pytest.mark.parametrize("kind", WAITED_FOR, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("a fault"), "by a fault of ours: the log says where"),
        (OSError(28, "No space left on device"), "(No space left on device)"),
        (ParamError("bars", "1 to 64", 500), "by a fault of ours"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_who_waits_is_told_at_once_and_all_else_is_performed(
    daemon: FaultyDaemon, kind: type[Effect], error: Exception, reason: str
) -> None:
    begin, then, press = WAITED_FOR[kind]
    play(daemon, begin, then, None, error)
    usual = list(daemon.performed)
    assert those(usual, kind), "the case does not lead to the effect"
    stage = play(daemon, begin, then, kind, error)
    (failed,) = told(daemon.performed, Failed)
    assert failed.press == press
    assert reason in failed.sentence
    assert failed.sentence.endswith("Nothing was written.")
    assert [effect for effect in usual if not isinstance(effect, kind)] == daemon.performed[: len(usual) - 1]
    assert not stage.state.presses
    assert not stage.state.sentences
    # It ended once and for all: nothing more is said of it, and a repeat gets the same answer.
    for session in stage.state.sessions.values():
        stage.got(session.number, failed.number)
        assert session.answers[press] == failed
    assert told(stage.wait(40.0, alive=(1,)), Failed) == []


@pytest.mark.parametrize("kind", NOBODY_WAITS, ids=lambda kind: kind.__name__)
def test_what_nobody_waits_for_costs_nobody_anything(daemon: FaultyDaemon, kind: type[Effect]) -> None:
    begin, then = NOBODY_WAITS[kind]
    usual_stage = play(daemon, begin, then, None, RuntimeError())
    usual = list(daemon.performed)
    assert those(usual, kind), "the case does not lead to the effect"
    stage = play(daemon, begin, then, kind, RuntimeError("a fault"))
    assert daemon.performed == [effect for effect in usual if not isinstance(effect, kind)]
    assert stage.state == usual_stage.state


def test_an_answer_that_cannot_be_told_is_told_otherwise(daemon: FaultyDaemon) -> None:
    stage, session = written_stage()
    daemon.breaks = lambda effect: isinstance(effect, SendToDevice) and isinstance(effect.message, Done)
    daemon.error = RuntimeError("a fault")
    faulty = FaultyStage(stage.now, stage.state, daemon=daemon)
    (failed,) = told(faulty.written(REQUEST), Failed)
    assert failed.sentence == NOT_SHOWN
    assert list(faulty.state.sessions[session].outbox) == [failed.number]
    assert not faulty.state.presses
    # Nor that: then the press has ended all the same, and nothing is sent for ever.
    daemon.breaks = lambda effect: isinstance(effect, SendToDevice)
    stage, session = written_stage()
    faulty = FaultyStage(stage.now, stage.state, daemon=daemon)
    faulty.written(REQUEST)
    assert not faulty.state.sessions[session].outbox
    assert not faulty.state.presses


def test_a_take_that_cannot_sound_is_none_to_keep(daemon: FaultyDaemon) -> None:
    stage = play(daemon, heard_composed_stage, take_composed, AuditionTake, RuntimeError("a fault"))
    assert [effect.at_bar for effect in those(daemon.performed, StopTake)] == [False]
    news = told(daemon.performed, Told)[-1]
    assert (news.code, news.sentence.startswith("Funk drums cannot be heard.")) == (Refusal.ENGINE_FAILED, True)
    assert not stage.state.takes


def test_a_transaction_that_cannot_be_sent_takes_its_files_along(daemon: FaultyDaemon) -> None:
    def compose(stage: Stage, session: int) -> list[Effect]:
        notes = replace(CLIP, length=math.nan)
        made = (Transaction(REQUEST, 9.0), notes)
        return stage.play(Composed(stage.now, (session, 1), made, files=("a.wav",), stays="It lies in a.wav."))

    play(daemon, composed_stage, compose, None, RuntimeError())
    assert those(daemon.performed, RemoveFiles) == [RemoveFiles(("a.wav",))]
    (failed,) = told(daemon.performed, Failed)
    assert failed.sentence.startswith("This cannot be sent (/roo/edit/create_clip length must be in ")
    assert "a.wav" not in failed.sentence


def test_what_live_refuses_stays_and_is_said_to() -> None:
    stage, session = composed_stage()
    made = (Transaction(REQUEST, 9.0), CLIP)
    stage.play(Composed(stage.now, (session, 1), made, files=("a.wav",), stays="It lies in a.wav."))
    effects = stage.refuse(REQUEST)
    (failed,) = told(effects, Failed)
    assert failed.sentence == "The slot has been filled meanwhile. It lies in a.wav."
    assert not those(effects, RemoveFiles)


def test_work_for_a_live_that_was_restarted_is_stopped_and_its_files_go() -> None:
    stage, session = splitting_stage()
    stage.lose()
    effects = stage.live(2, "live-2")
    assert [failed.code for failed in told(effects, Failed)] == [Refusal.LIVE_LOST]
    assert those(effects, StopWork) == [StopWork((session, 1))]
    late = stage.play(Composed(stage.now, (session, 1), (Transaction(REQUEST, 9.0), CLIP), files=("a.wav",)))
    assert late == [RemoveFiles(("a.wav",))]


def test_findings_that_cannot_be_written_fail_at_once(daemon: FaultyDaemon) -> None:
    def begin() -> Scene:
        stage, session = ready_stage()
        stage.device(Analyze(session, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1))
        return stage, session

    def find(stage: Stage, session: int) -> list[Effect]:
        return stage.play(Analyzed(stage.now, (session, 1), HEARD, (Transaction(REQUEST, math.nan), CLIP)))

    stage = play(daemon, begin, find, None, RuntimeError())
    (failed,) = told(daemon.performed, Failed)
    assert "/roo/do deadline must be" in failed.sentence
    assert not stage.state.presses
