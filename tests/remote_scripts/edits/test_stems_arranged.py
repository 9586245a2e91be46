"""Stems of clips in the Arrangement play, sample for sample, what their source plays there, and leave no trace."""

from collections.abc import Callable
from typing import Any

import pytest

from musearoo.bridge.protocol import CreateStem, CreateTrack, Edit, Gone, MuteClip, Refusal, SetRouting, SetTempo
from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.live_set.track import Track
from tests.remote_scripts.played import second_on_timeline
from tests.remote_scripts.some_edits import Ids
from tests.remote_scripts.stem_sources import SAMPLE, loop, part, pin, unwarp
from tests.remote_scripts.studio import Studio

Source = Callable[[Studio, Any], None]


def lengthen(clip: Any, beats: float) -> None:
    """Drags the end of a clip of the Arrangement to so many beats, which no script can do."""
    model = clip._model
    model._span = (model._span[0], model._span[0] + beats)


def long_loop(room: Studio, clip: Any) -> None:
    pin(room, clip, (0.0, 0.0), (0.7, 1.0), (1.1, 2.0))
    loop(clip, 0.5, 2.25, 0.25, 4.0)
    lengthen(clip, 14.5)


def late_loop(_: Studio, clip: Any) -> None:
    loop(clip, 0.0, 1.0, 2.0, 4.0)
    lengthen(clip, 3.0)


def short_loop(_: Studio, clip: Any) -> None:
    loop(clip, 0.0, 4.0, 1.0, 4.0)
    lengthen(clip, 1.5)


SOURCES: dict[str, Source] = {
    "part of it": lambda _, clip: part(clip, 0.5, 3.25),
    "beyond both ends": lambda _, clip: part(clip, -1.5, 6.0),
    "loop many times": long_loop,
    "loop that is never reached": late_loop,
    "loop cut short": short_loop,
    "not warped": lambda room, clip: unwarp(room, clip, 0.3, 1.7),
}


def arranged_source(room: Studio, path: str, make: Source) -> tuple[int, Any]:
    """An audio clip of the user's from beat 8.5 on, and its id."""
    room.live.song_model.tracks[2].create_audio_clip(path, 8.5)
    (clip,) = room.live.song.tracks[2].arrangement_clips
    make(room, clip)
    room.step(0.1)
    room.live.context.journal.forget()
    return max(room.clips), clip


def assert_plays_where_its_source_plays(room: Studio, path: str, stem_path: str, make: Source) -> None:
    clip, source = arranged_source(room, path, make)
    ids, song, before = Ids(room), room.live.song, room.snapshot()
    told = set(room.clips)
    room.daemon.received = [message for message in room.daemon.received if not isinstance(message, Gone)]
    made = room.do(CreateStem(clip, ids.audio_2, stem_path, "Loop · Drums", 0x1AFF2F)).ids[0]
    track = song.tracks[3]
    assert track.arrangement_clips[0].start_time == source.start_time
    assert track.arrangement_clips[-1].end_time == pytest.approx(source.end_time, abs=1e-9)
    for step in range(8 * 7, 30 * 7):
        wanted = second_on_timeline(song.tracks[2], step / 7, 120.0)
        found = second_on_timeline(track, step / 7, 120.0)
        assert (found is None) == (wanted is None), step / 7
        assert wanted is None or found == pytest.approx(wanted, abs=SAMPLE / 100)
    assert room.clips[made].start == source.start_time
    room.step()
    assert len(set(room.clips) - told) == len(track.arrangement_clips)
    assert room.daemon.of(Gone) == [], "how a clip was made is nobody's business"
    assert not any(slot.has_clip for slot in track.clip_slots)
    song.undo()
    room.step()
    assert room.snapshot() == before


@pytest.mark.parametrize("what", ["part of it", "loop many times", "not warped"])
def test_a_stem_plays_in_the_arrangement_of_any_live(
    any_room: Studio, loop_file: str, stem_file: str, what: str
) -> None:
    assert_plays_where_its_source_plays(any_room, loop_file, stem_file, SOURCES[what])


@pytest.mark.parametrize("what", SOURCES)
def test_a_stem_plays_where_its_source_plays(room: Studio, loop_file: str, stem_file: str, what: str) -> None:
    assert_plays_where_its_source_plays(room, loop_file, stem_file, SOURCES[what])
    assert len(room.live.song.tracks[3].arrangement_clips) == 0


@pytest.mark.parametrize(
    ("what", "clips"), [("loop many times", 9), ("loop that is never reached", 1), ("loop cut short", 1)]
)
def test_where_a_loop_moves_the_end_the_repeats_are_clips_of_their_own(
    room: Studio, loop_file: str, stem_file: str, what: str, clips: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, source = arranged_source(room, loop_file, SOURCES[what])
    lay = Clip._set_bounds

    def lay_and_fit(model: Clip, start: float, end: float) -> None:
        lay(model, start, end)
        if model.is_arrangement_clip and model.looping:
            model._span = (model._span[0], model._span[0] + end - start)

    monkeypatch.setattr(Clip, "_set_bounds", lay_and_fit)
    before = room.snapshot()
    room.do(CreateStem(clip, Ids(room).audio_2, stem_file, "Drums", -1))
    assert len(room.live.song.tracks[3].arrangement_clips) == clips
    for step in range(8 * 7, 30 * 7):
        wanted, found = [second_on_timeline(track, step / 7, 120.0) for track in room.live.song.tracks[2:4]]
        assert (found is None) == (wanted is None), step / 7
        assert wanted is None or found == pytest.approx(wanted, abs=SAMPLE / 100)
    room.live.song.undo()
    room.step()
    assert room.snapshot() == before
    assert source.looping


def test_clips_of_the_user_stay_and_a_full_track_needs_no_more_than_it_has(
    room: Studio, loop_file: str, stem_file: str
) -> None:
    clip, source = arranged_source(room, loop_file, SOURCES["loop cut short"])
    track, ids = room.live.song_model.tracks[3], Ids(room)
    for slot in track.clip_slots:
        slot.create_audio_clip(loop_file)
    track.create_audio_clip(loop_file, source.end_time)
    room.step(0.2)
    before = room.snapshot()
    error = room.refused(SetTempo(90.0), CreateStem(clip, ids.audio, stem_file, "", -1))
    assert (error.code, error.edit) == (Refusal.SLOT_FILLED, 2)
    assert "From beat 8.5 to 10 of track 3 (3-Audio) lies a clip already" in error.sentence
    assert room.snapshot() == before
    room.do(CreateStem(clip, ids.audio_2, stem_file, "", -1))
    after = room.snapshot()
    assert [each.start_time for each in track.arrangement_clips] == [8.5, source.end_time]
    assert after["tracks"][3].pop("arrangement")[1:] == before["tracks"][3].pop("arrangement")
    assert after == before, "neither a scene nor a clip is left of how it was made"


@pytest.mark.parametrize("what", ["loop many times", "not warped"])
def test_a_failure_in_the_middle_leaves_the_set_as_it_was(
    any_room: Studio, loop_file: str, stem_file: str, what: str
) -> None:
    clip, _ = arranged_source(any_room, loop_file, SOURCES[what])
    before = any_room.snapshot()
    made: list[Edit] = [CreateTrack(1, 0, "Drums", -1), CreateStem(clip, -1, stem_file, "", -1), MuteClip(clip, 1)]
    error = any_room.refused(*made, SetRouting(-1, "output type", "Moon"))
    assert error.edit == 4
    assert any_room.snapshot() == before
    any_room.step()
    assert list(any_room.clips) == [clip]


def test_a_live_that_makes_the_clip_too_long_changes_nothing(
    room: Studio, loop_file: str, stem_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, source = arranged_source(room, loop_file, SOURCES["part of it"])
    room.live.song_model.tracks[3].create_audio_clip(loop_file, source.end_time + 1.0)
    room.step(0.1)
    room.live.song.tempo = 111.0
    before = room.snapshot()
    extent = Clip.extent
    for more, says in ((0.5, "made a clip from beat 8.5 to 11.75"), (2.0, "laid a clip over the one at beat 12.25")):
        monkeypatch.setattr(Clip, "extent", lambda each, more=more: extent(each) + more)
        error = room.refused(CreateStem(clip, Ids(room).audio_2, stem_file, "", -1))
        assert (error.code, says in error.sentence) == (Refusal.LIVE_ERROR, True), error.sentence
        assert room.snapshot() == before


def test_a_loop_that_grows_over_the_next_clip_changes_nothing(
    room: Studio, loop_file: str, stem_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, source = arranged_source(room, loop_file, lambda _, each: loop(each, 0.0, 3.5, 0.5, 4.0))
    lengthen(source, 1.5)
    room.live.song_model.tracks[3].create_audio_clip(loop_file, source.end_time)
    room.step(0.1)
    lay = Clip._set_bounds

    def lay_and_grow(model: Clip, start: float, end: float) -> None:
        lay(model, start, end)
        if model.is_arrangement_clip and model.looping:
            track = model.track
            assert isinstance(track, Track)
            others = tuple(each for each in track.arrangement_clips if each is not model)
            track.__dict__["arrangement_clips"] = others
            track.put_clip(model, model._span[0], end - start)

    monkeypatch.setattr(Clip, "_set_bounds", lay_and_grow)
    before = room.snapshot()
    error = room.refused(CreateStem(clip, Ids(room).audio_2, stem_file, "", -1))
    assert "laid a clip over the one at beat 10 of" in error.sentence
    assert room.snapshot() == before
