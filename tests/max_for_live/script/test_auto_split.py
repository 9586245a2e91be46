"""Auto-split: the daemon knows the device's track, also after moves, restarts and a set that was opened again."""

from musearoo.bridge.protocol import AutoSplit, BeatBack, LiveState
from tests.max_for_live.script.conftest import SESSION, Load, leave_unanswered, welcome
from tests.max_for_live.script.stage import Place, Sent, Stage, orders


def marks(sent: list[Sent]) -> list[tuple[int, int]]:
    """Track and on, for each time it was told."""
    return [(message.track, message.on) for message in orders(sent) if isinstance(message, AutoSplit)]


def second(stage: Stage, session: int = SESSION) -> list[Sent]:
    sent = stage.wait(1.1)
    stage.hear(BeatBack(session, LiveState.READY))
    return sent


def test_it_is_turned_on_and_off(stage: Stage) -> None:
    assert marks(stage.say("auto_split", 1)) == [(2, 1)]
    assert stage.status == "Auto-split: audio clips that come onto track 3 are split."
    assert marks(stage.say("auto_split", 1)) == marks(second(stage)) == []
    assert marks(stage.say("auto_split", 0)) == [(2, 0)]
    assert stage.status == "Auto-split is off."
    assert marks(second(stage)) == []


def test_a_track_that_moved_is_told_anew(stage: Stage) -> None:
    stage.say("auto_split", 1)
    stage.put(Place(track="live_set tracks 0"))
    assert marks(second(stage)) == [(0, 1)]
    assert marks(second(stage)) == []


def test_it_comes_back_with_the_set_and_with_the_daemon(source: str) -> None:
    stage = Stage(source)
    stage.say("auto_split", 1)
    stage.say("loaded")
    assert marks(stage.hear(welcome())) == [(2, 1)]
    assert stage.status == "Ready."
    leave_unanswered(stage)
    assert marks(stage.hear(welcome(session=9))) == [(2, 1)]


def test_it_may_come_back_after_loaded(load: Load) -> None:
    stage = load()
    assert stage.say("auto_split", 1) == []
    assert marks(stage.hear(welcome())) == [(2, 1)]


def test_a_return_has_no_clips(join: Load) -> None:
    stage = join(Place(track="live_set return_tracks 0"))
    assert marks(stage.say("auto_split", 1)) == []
    assert stage.status.startswith("Auto-split: no clips come onto a return or the Main track.")


def test_a_live_that_says_nothing_changes_no_mark(stage: Stage) -> None:
    stage.say("auto_split", 1)
    stage.evaluate("world.isBroken = true")
    assert marks(second(stage)) == []
