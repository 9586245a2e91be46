"""What a press takes apart, and how its stems go into the set: beside their clip, as loud, on free tracks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK, SetMirror
from musearoo.bridge.protocol import (
    ClipAudio,
    ClipState,
    CreateStem,
    CreateTrack,
    Gone,
    MixerState,
    MuteClip,
    Refusal,
    SceneState,
    Selection,
    SetMixer,
    SetReady,
    SetSend,
    SongState,
    Split,
    TrackState,
    Transaction,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.requests.split import MARGIN, SplitReading, read_split, stem_files, write_split
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_track
from tests.each_case import each_case

SPLIT = Split(1, 1, 0, 0, "", 4, 0)
FILES = stem_files({"drums": "/s/Break · Drums.wav", "bass": "/s/Break · Bass.wav"})
STEMS = ("Drums", "Bass")


def audio_clip(clip: int = 1, track: int = 10, scene: int = 20, **changed: Any) -> ClipState:
    """Four seconds of a file that is not warped, from second 60 on."""
    plain = a_clip(clip, track, scene, is_audio=1, name="Break", looping=0, length=4.0)
    placed = replace(plain, start_marker=60.0, end_marker=64.0, loop_start=60.0, loop_end=64.0)
    return replace(placed, **changed)


def sound(clip: int = 1, path: str = "/a/break.wav", seconds: float = 120.0) -> ClipAudio:
    return ClipAudio(clip, path, seconds * 48_000, 48_000.0, 0, 0, 0.4)


def a_set(*more: Message) -> SetMirror:
    """A set at 120 BPM with the clip on its first track."""
    song = SongState("set", 120.0, 4, 4, 0, "Major", 0, 0)
    frame = (song, SceneState(20, 0, ""), SceneState(21, 1, ""), a_track(10, 0, AUDIO_TRACK, "Loops"))
    return a_mirror(*frame, audio_clip(), sound(), SetReady(3), *more)


def written(mirror: SetMirror, split: Split = SPLIT, label: str = "") -> Sequence[Message]:
    return write_split(mirror, read_split(mirror, split), FILES, label, "request", 99.0).messages


def refused(mirror: SetMirror, split: Split = SPLIT, clip: int = 0) -> tuple[Refusal, str]:
    with pytest.raises(RequestError) as caught:
        read_split(mirror, split, clip)
    return caught.value.code, caught.value.sentence


def test_a_clip_is_read_by_its_place_by_its_id_or_from_detail_view() -> None:
    mirror = a_set(Selection(0, 0, 1))
    by_place = read_split(mirror, SPLIT)
    assert by_place == replace(read_split(mirror, SPLIT, 1), split=SPLIT)
    assert read_split(mirror, replace(SPLIT, track=-1)).clip == by_place.clip == 1
    assert (by_place.name, by_place.path, by_place.frames) == ("Break", "/a/break.wav", 120 * 48_000)


def test_what_a_clip_plays_is_split_with_a_margin_and_most_of_a_file_whole() -> None:
    reading = read_split(a_set(), SPLIT)
    assert (reading.start, reading.end, reading.is_whole) == (60.0 - MARGIN, 64.0 + MARGIN, False)
    short = read_split(a_set(sound(seconds=70.0), audio_clip(start_marker=20.0)), SPLIT)
    assert (short.start, short.end, short.is_whole) == (0.0, None, True)
    untold = read_split(a_set(replace(sound(), sample_rate=0.0)), SPLIT)
    assert (untold.is_whole, untold.frames) == (True, 0)


def test_a_stretch_is_told_with_the_stems() -> None:
    mirror = a_set()
    made = write_split(mirror, read_split(mirror, SPLIT), FILES, "", "request", 99.0)
    assert "from 0:52 to 1:12" in made.notices[0]
    assert made.name == "Break split into drums, bass"


@each_case(
    "mirror, code, words",
    [
        (a_set(Gone(1)), Refusal.GONE, "no clip in that slot"),
        (a_set(a_clip(1, 10, 20, name="Keys")), Refusal.WRONG_TRACK, "Keys is MIDI"),
        (a_set(audio_clip(is_recording=1)), Refusal.LIVE_BUSY, "being recorded"),
        (a_set(replace(sound(), file_path="")), Refusal.GONE, "does not tell which file"),
        (SetMirror(), Refusal.NO_LIVE, "still telling"),
    ],
)
def test_what_cannot_be_split_is_said_in_a_sentence(mirror: SetMirror, code: Refusal, words: str) -> None:
    found, sentence = refused(mirror)
    assert found is code
    assert words in sentence


def test_a_clip_that_came_and_went_is_said_to_have_gone() -> None:
    assert refused(a_set(Gone(1)), clip=1)[0] is Refusal.GONE


def test_stems_get_tracks_of_their_own_in_order_behind_the_source() -> None:
    head, drums, bass, *stems = written(a_set())
    assert head == Transaction("request", 99.0)
    assert isinstance(drums, CreateTrack)
    assert isinstance(bass, CreateTrack)
    assert [(drums.name, drums.after), (bass.name, bass.after)] == [("Break · Drums", 10), ("Break · Bass", -1)]
    assert [(stem.source, stem.track, stem.file_path) for stem in stems if isinstance(stem, CreateStem)] == [
        (1, -1, "/s/Break · Drums.wav"),
        (1, -2, "/s/Break · Bass.wav"),
    ]


def test_the_fallback_is_named_on_every_track_and_clip() -> None:
    named = [edit for edit in written(a_set(), label="DSP") if isinstance(edit, CreateTrack | CreateStem)]
    assert {edit.name for edit in named} == {"Break · Drums (DSP)", "Break · Bass (DSP)"}


def test_new_tracks_are_as_loud_as_the_source_s() -> None:
    plain = written(a_set(MixerState(10, 0.85, 0.0, "", (0.0,))))
    assert not [edit for edit in plain if isinstance(edit, SetMixer | SetSend)]
    edits = written(a_set(MixerState(10, 0.6, -0.25, "", (0.0, 0.5))))
    assert [edit for edit in edits if isinstance(edit, SetMixer | SetSend)] == [
        SetMixer(-1, "volume", 0.6),
        SetMixer(-1, "panning", -0.25),
        SetSend(-1, 1, 0.5),
        SetMixer(-5, "volume", 0.6),
        SetMixer(-5, "panning", -0.25),
        SetSend(-5, 1, 0.5),
    ]


def test_the_source_is_muted_where_that_is_wanted() -> None:
    assert written(a_set(), replace(SPLIT, mute=1))[-1] == MuteClip(1, 1)
    assert not [edit for edit in written(a_set()) if isinstance(edit, MuteClip)]


def stem_tracks(label: str = "") -> list[TrackState]:
    """The tracks that an earlier split of another clip made."""
    return [a_track(30 + n, 1 + n, AUDIO_TRACK, f"Fill · {stem}{label}") for n, stem in enumerate(STEMS)]


def tracks_used(mirror: SetMirror, label: str = "") -> list[int]:
    return [edit.track for edit in written(mirror, label=label) if isinstance(edit, CreateStem)]


def test_free_tracks_of_an_earlier_split_are_used_again() -> None:
    assert tracks_used(a_set(*stem_tracks())) == [30, 31]
    assert tracks_used(a_set(*stem_tracks(" (DSP)")), "DSP") == [30, 31]
    # A clip in another scene is not in the way.
    assert tracks_used(a_set(*stem_tracks(), audio_clip(2, 30, 21))) == [30, 31]


@each_case(
    "more",
    [
        [*stem_tracks(), audio_clip(2, 31, 20)],
        [replace(track, index=3 - track.index) for track in stem_tracks()],
        stem_tracks(" (DSP)"),
        [replace(track, kind=MIDI_TRACK) for track in stem_tracks()],
        stem_tracks()[:1],
    ],
)
def test_tracks_that_are_not_free_or_not_for_these_stems_are_left_alone(more: Sequence[Message]) -> None:
    assert all(track < 0 for track in tracks_used(a_set(*more)))


def test_in_the_arrangement_tracks_are_free_where_no_clip_lies() -> None:
    # Four seconds at 120 BPM are eight beats.
    source = [audio_clip(1, 10, 0, start=16.0), *stem_tracks(), Selection(0, 0, 1)]
    split = replace(SPLIT, track=-1)

    def used(other: ClipState) -> list[int]:
        edits = written(a_set(*source, other, replace(sound(2), clip=other.id)), split)
        return [edit.track for edit in edits if isinstance(edit, CreateStem)]

    assert used(audio_clip(2, 30, 0, start=24.0)) == [30, 31]
    assert used(audio_clip(2, 30, 0, start=8.0)) == [30, 31]
    assert used(audio_clip(2, 30, 0, start=23.9))[0] < 0
    assert used(audio_clip(2, 30, 0, start=8.1))[0] < 0
    # How far one goes that loops is not told.
    assert used(replace(audio_clip(2, 30, 0, start=0.0), looping=1))[0] < 0


def late(mirror: SetMirror, reading: SplitReading) -> str:
    with pytest.raises(RequestError) as caught:
        write_split(mirror, reading, FILES, "", "request", 99.0)
    assert caught.value.code is Refusal.GONE
    return caught.value.sentence


def test_a_clip_or_track_that_went_meanwhile_leaves_the_set_alone_and_says_where_the_stems_are() -> None:
    mirror = a_set()
    reading = read_split(mirror, SPLIT)
    mirror.apply(sound(path="/a/other.wav"))
    assert late(mirror, reading) == "Break plays another file now; the stems of the former one lie in /s."
    mirror.apply(Gone(10))
    assert late(mirror, reading) == "Break was deleted while it was being split; its stems lie in /s."
    mirror.apply(Gone(1))
    assert late(mirror, reading) == "Break was deleted while it was being split; its stems lie in /s."
