"""Taking back from the device: exactly what MuseAroo wrote last is undone, and never a step of the user's."""

from collections.abc import Callable

import pytest

from musearoo.bridge.protocol import (
    CreateScene,
    CreateTrack,
    Delete,
    Error,
    Refusal,
    Rename,
    Result,
    SetMixer,
    SetScale,
    SetTempo,
    TakeBack,
)
from tests.remote_scripts.some_edits import Ids, existing_clip
from tests.remote_scripts.studio import Studio, clip_edit


class Hands:
    """Asks the script to take back, each time under a new request id."""

    def __init__(self, room: Studio) -> None:
        self.room, self.asked = room, 0

    def take_back(self, transaction: str = "") -> Result | Error:
        """The answer."""
        self.asked += 1
        return self.room.ask(TakeBack(f"undo {self.asked}", transaction))


@pytest.fixture
def hands(room: Studio) -> Hands:
    return Hands(room)


def make_clip(room: Studio) -> None:
    room.do(clip_edit(Ids(room).midi, Ids(room).scenes[0]))


def make_track_and_clip(room: Studio) -> None:
    room.do(CreateTrack(0, 0, "Ours", -1), clip_edit(-1, Ids(room).scenes[0]))


def write_tempo(room: Studio) -> None:
    room.do(SetTempo(93.0))


def replace_a_clip(room: Studio) -> None:
    room.do(clip_edit(Ids(room).midi_2, Ids(room).scenes[7], where=2))


def rename_a_clip(room: Studio) -> None:
    room.do(Rename(next(iter(room.clips)), "Another name", -1))


def make_scene(room: Studio) -> None:
    room.do(CreateScene(Ids(room).scenes[-1], "Ours"))


def mute_and_solo(room: Studio) -> None:
    room.do(SetMixer(Ids(room).midi, "mute", 1.0), SetMixer(Ids(room).audio, "solo", 1.0))


def write_scale(room: Studio) -> None:
    room.do(SetScale(2, "Dorian"))


def delete_a_clip(room: Studio) -> None:
    room.do(Delete(next(iter(room.clips)), 0), SetTempo(77.0))


WRITES = [
    *(make_clip, make_track_and_clip, write_tempo, replace_a_clip, rename_a_clip, make_scene),
    *(mute_and_solo, write_scale, delete_a_clip),
]


@pytest.mark.parametrize("write", WRITES)
def test_what_was_written_last_is_taken_back_whole(room: Studio, hands: Hands, write: Callable[[Studio], None]) -> None:
    existing_clip(room)
    before = room.snapshot()
    write(room)
    assert room.snapshot() != before
    assert hands.take_back("request 1") == Result("undo 1", 0, ())
    assert room.snapshot() == before


@pytest.mark.parametrize("write", WRITES)
def test_a_step_of_the_users_after_it_stays(room: Studio, hands: Hands, write: Callable[[Studio], None]) -> None:
    existing_clip(room)
    write(room)
    room.live.song.tracks[1].name = "The user's own name"
    room.step()
    after = room.snapshot()
    answer = hands.take_back("request 1")
    assert isinstance(answer, Error)
    assert answer.code == Refusal.NOT_MINE
    assert "Cmd-Z" in answer.sentence
    assert room.snapshot() == after
    room.live.song.undo()
    assert isinstance(hands.take_back("request 1"), Result)


def test_notes_that_the_user_added_to_our_clip_stay(room: Studio, hands: Hands) -> None:
    make_clip(room)
    clip = room.live.song.tracks[0].clip_slots[0].clip
    clip.add_new_notes((room.live.Live.Clip.MidiNoteSpecification(pitch=99, start_time=1.0, duration=0.5),))
    after = room.snapshot()
    answer = hands.take_back("request 1")
    assert isinstance(answer, Error)
    assert room.snapshot() == after


def test_one_after_the_other_is_taken_back(room: Studio, hands: Hands) -> None:
    start = room.snapshot()
    make_clip(room)
    between = room.snapshot()
    write_tempo(room)
    assert isinstance(hands.take_back("request 2"), Result)
    assert room.snapshot() == between
    assert isinstance(hands.take_back(), Result)
    assert room.snapshot() == start


def test_what_the_user_has_undone_is_gone_already_and_nothing_else_is_undone(room: Studio, hands: Hands) -> None:
    room.live.song.tracks[1].name = "The user's own name"
    make_clip(room)
    room.live.song.undo()
    before = room.snapshot()
    answer = hands.take_back("request 1")
    assert isinstance(answer, Error)
    assert (answer.code, room.snapshot()) == (Refusal.GONE, before)


def test_a_repeat_of_the_request_undoes_no_second_step(room: Studio) -> None:
    make_clip(room)
    write_tempo(room)
    assert room.ask(TakeBack("undo", "request 2")) == Result("undo", 0, ())
    between = room.snapshot()
    assert room.ask(TakeBack("undo", "request 2")) == Result("undo", 1, ())
    assert room.snapshot() == between


@pytest.mark.parametrize(
    ("transaction", "words"), [("", "There is nothing in this set"), ("of another set", "belongs to another set")]
)
def test_what_is_not_known_is_refused(room: Studio, hands: Hands, transaction: str, words: str) -> None:
    room.live.song.tempo = 99.0
    answer = hands.take_back(transaction)
    assert isinstance(answer, Error)
    assert answer.code == Refusal.GONE
    assert words in answer.sentence
    assert room.live.song.tempo == 99.0


def delete_only_a_clip(room: Studio) -> None:
    room.do(Delete(next(iter(room.clips)), 0))


def delete_a_track(room: Studio) -> None:
    room.do(Delete(Ids(room).midi, 0))


def delete_a_scene(room: Studio) -> None:
    room.do(Delete(Ids(room).scenes[0], 0))


DELETIONS = [delete_only_a_clip, delete_a_track, delete_a_scene]


@pytest.mark.parametrize("delete", DELETIONS)
def test_what_was_deleted_comes_back(room: Studio, hands: Hands, delete: Callable[[Studio], None]) -> None:
    make_clip(room)
    before = room.snapshot()
    delete(room)
    assert room.snapshot() != before
    assert hands.take_back("request 2") == Result("undo 1", 0, ())
    assert room.snapshot() == before
    # What comes back is another object: that MuseAroo once made it is known no more, and it stays.
    assert isinstance(hands.take_back("request 1"), Error)
    assert room.snapshot() == before


@pytest.mark.parametrize("delete", DELETIONS)
def test_a_step_after_a_deletion_stays(room: Studio, hands: Hands, delete: Callable[[Studio], None]) -> None:
    make_clip(room)
    delete(room)
    room.live.song.tempo = 91.0
    room.live.song.delete_track(2)
    room.step()
    after = room.snapshot()
    answer = hands.take_back("request 2")
    assert isinstance(answer, Error)
    assert (answer.code, room.snapshot()) == (Refusal.NOT_MINE, after)


@pytest.mark.parametrize("delete", DELETIONS)
def test_a_deletion_that_the_user_took_back_is_gone_already(
    room: Studio, hands: Hands, delete: Callable[[Studio], None]
) -> None:
    make_clip(room)
    delete(room)
    room.live.song.undo()
    room.step()
    after = room.snapshot()
    answer = hands.take_back("request 2")
    assert isinstance(answer, Error)
    assert (answer.code, room.snapshot()) == (Refusal.GONE, after)


def test_a_mix_is_taken_back(room: Studio, hands: Hands) -> None:
    track, before = Ids(room).midi, room.snapshot()
    room.do(SetMixer(track, "volume", 0.5), SetMixer(track, "panning", -0.25))
    assert isinstance(hands.take_back("request 1"), Result)
    assert room.snapshot() == before


def test_deleting_a_clip_is_taken_back_by_a_look_at_its_own_track(room: Studio, hands: Hands) -> None:
    clip = existing_clip(room)
    room.do(Delete(clip, 0))
    (written,) = room.script._requests._transactions._history._written.values()
    ((name, *_),) = written.before
    assert name == room.live.song.tracks[1].name
    assert isinstance(hands.take_back(), Result)
    assert room.live.song.tracks[1].clip_slots[7].has_clip
