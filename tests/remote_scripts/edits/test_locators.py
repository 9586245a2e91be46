"""Locators: one after the other over several ticks, in one undo step, and nothing else meanwhile."""

from musearoo.bridge.protocol import CreateLocator, Error, Refusal, Result, Transaction
from tests.remote_scripts.some_edits import Ids
from tests.remote_scripts.studio import Studio, clip_edit


def test_locators_are_set_and_named_where_live_lets_them(any_room: Studio) -> None:
    song = any_room.live.song
    song.current_song_time = 5.0
    any_room.step(0.2)
    song.start_time = 2.0
    any_room.do(CreateLocator(16.0, "Verse"), CreateLocator(0.0, "Intro"), CreateLocator(32.0, "Chorus"))
    names = {locator.time: locator.name for locator in song.cue_points}
    named = any_room.live.song_model.version >= (12, 1)
    assert names == ({16.0: "Verse", 0.0: "Intro", 32.0: "Chorus"} if named else {16.0: "1", 0.0: "2", 32.0: "3"})
    assert (song.current_song_time, song.start_time) == (5.0, 2.0)


def test_a_locator_that_is_there_stays(room: Studio) -> None:
    room.do(CreateLocator(16.0, "Verse"))
    room.do(CreateLocator(16.0, "Refrain"), CreateLocator(24.0, "Bridge"))
    assert [(locator.time, locator.name) for locator in room.live.song.cue_points] == [
        (16.0, "Verse"),
        (24.0, "Bridge"),
    ]


def test_other_requests_wait_until_locators_are_set_and_each_is_answered_once(room: Studio) -> None:
    ids = Ids(room)
    locators = [CreateLocator(8.0 * number, str(number)) for number in range(4)]
    for _ in range(2):
        room.daemon.send(Transaction("locators", 0.0), *locators, bundle=True)
    room.daemon.send(Transaction("clip", 0.0), clip_edit(ids.midi, ids.scenes[0]), bundle=True)
    room.step_until(lambda: len(room.daemon.of(Result)) == 3)
    assert [(result.request, result.repeated) for result in room.daemon.of(Result)] == [
        ("locators", 0),
        ("locators", 1),
        ("clip", 0),
    ]
    assert len(room.live.song.cue_points) == 4


def test_locators_are_finished_when_the_daemon_has_gone(room: Studio) -> None:
    song = room.live.song
    room.daemon.send(Transaction("locators", 0.0), CreateLocator(4.0, "a"), CreateLocator(8.0, "b"), bundle=True)
    room.live.run_for(0.02)
    room.daemon.hang_up()
    room.step(1.0)
    assert len(song.cue_points) == 2
    assert room.live.context.listener_count == 0
    room.connect_again()
    result = room.ask(Transaction("locators", 0.0), CreateLocator(4.0, "a"), CreateLocator(8.0, "b"))
    assert isinstance(result, Result)
    assert result.repeated == 1


def test_locators_wait_for_a_live_that_stands_still(room: Studio) -> None:
    before = room.snapshot()
    room.live.song.start_playing()
    room.step(0.2)
    error = room.refused(CreateLocator(4.0, "a"))
    assert (error.code, "stop Live" in error.sentence) == (Refusal.LIVE_BUSY, True)
    room.live.song.stop_playing()
    room.step(0.2)
    room.daemon.send(Transaction("interrupted", 0.0), CreateLocator(4.0, "a"), CreateLocator(8.0, "b"), bundle=True)
    room.step_until(lambda: len(room.live.song.cue_points) == 1)
    room.live.song.start_playing()
    room.step_until(lambda: any(error.request == "interrupted" for error in room.daemon.of(Error)))
    room.live.song.stop_playing()
    room.step(0.2)
    assert room.snapshot() == before


def test_quitting_live_amid_locators_leaves_no_step_open(room: Studio) -> None:
    room.daemon.send(Transaction("cut", 0.0), *[CreateLocator(4.0 * number, "") for number in range(9)], bundle=True)
    room.step_until(lambda: len(room.live.song.cue_points) == 2)
    room.script.stop()
    room.live.song.undo()
    assert len(room.live.song.cue_points) == 0
