"""Every event is logged with the request that it concerns, as Live knows that request."""

from collections.abc import Callable

import pytest

from musearoo.bridge.core.events.effects import Effect
from musearoo.bridge.core.events.incoming import (
    ClipArrived,
    EffectFailed,
    Event,
    HarmonyFound,
    RecogniserReady,
    SpeechFailed,
)
from musearoo.bridge.protocol import AutoSplit, SayText
from musearoo.bridge.services.request_ids import request_of
from tests.bridge.stage import REQUEST, Stage


class NotingStage(Stage):
    """A stage that notes the request of each event."""

    def play(self, event: Event) -> list[Effect]:
        before = self.state
        effects = super().play(event)
        self.request = request_of(before, self.state, event)
        return effects


@pytest.fixture
def stage() -> NotingStage:
    stage = NotingStage()
    stage.live()
    return stage


def test_a_press_has_its_id_from_its_arrival_to_its_end(stage: NotingStage) -> None:
    session = stage.hello()
    assert stage.request == ""
    plays: tuple[Callable[[], object], ...] = (
        lambda: stage.press(session),
        lambda: stage.composed(session),
        lambda: stage.written(REQUEST),
        lambda: stage.press(session),
    )
    for play in plays:
        play()
        assert stage.request == REQUEST
    stage.got(session, 1)
    assert stage.request == ""


@pytest.mark.parametrize("key", ["", "A minor"])
def test_what_was_heard_concerns_no_request(stage: NotingStage, key: str) -> None:
    stage.play(HarmonyFound(stage.now, 1, key, ""))
    assert stage.request == ""


def test_what_fails_is_cancelled_or_refused_has_the_id_too(stage: NotingStage) -> None:
    session = stage.hello()
    plays: tuple[Callable[[int, Effect], object], ...] = (
        lambda press, _: stage.not_composed(session, press),
        lambda press, _: stage.cancel(session, press),
        lambda press, _: (stage.composed(session, press), stage.refuse(f"device-1:{press}")),
        lambda _, effect: stage.play(EffectFailed(stage.now, effect, "It went wrong.")),
    )
    for press, play in enumerate(plays, 1):
        play(press, stage.press(session, press)[-1])
        assert stage.request == f"device-1:{press}"
        assert not stage.state.presses


def test_a_press_that_is_refused_at_once_has_an_id() -> None:
    stage = NotingStage()
    session = stage.hello()
    stage.press(session, 7)
    assert stage.request == "device-1:7"


def test_a_sentence_has_the_id_of_what_it_will_begin(stage: NotingStage) -> None:
    session = stage.hello()
    stage.device(SayText(session, 2, "drums"))
    assert stage.request == "device-1:2"
    stage.play(SpeechFailed(stage.now, (session, 2), "Nothing was said."))
    assert stage.request == "device-1:2"


def test_a_clip_that_splits_by_itself_has_its_own(stage: NotingStage) -> None:
    session = stage.hello()
    stage.play(ClipArrived(stage.now, 1, 7, AutoSplit(session, 1, 0, "", 4, 1)))
    assert stage.request == ""
    stage.not_composed(0, 1)
    assert stage.request == "arrival-1:1"


def test_a_tick_has_the_id_of_the_one_press_that_it_ends_and_none_for_several(stage: NotingStage) -> None:
    session = stage.hello()
    stage.press(session)
    stage.tick()
    assert stage.request == ""
    seen = set[str]()
    for _ in range(330):
        stage.heartbeat()
        stage.tick()
        seen.add(stage.request)
        stage.state = stage.state.with_session(stage.state.sessions[session].seen(stage.now))
    assert seen == {"", REQUEST}
    assert not stage.state.presses
    stage.press(session, 2)
    stage.press(session, 3)
    for _ in range(330):
        stage.heartbeat()
        stage.tick()
        assert stage.request == ""
        stage.state = stage.state.with_session(stage.state.sessions[session].seen(stage.now))
    assert not stage.state.presses


def test_what_concerns_no_request_has_none(stage: NotingStage) -> None:
    stage.heartbeat()
    assert stage.request == ""
    stage.play(RecogniserReady(stage.now, is_ready=True))
    assert stage.request == ""
    stage.lose()
    assert stage.request == ""
