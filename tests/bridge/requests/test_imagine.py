"""What a press that imagines reads of the set, and how its takes go into the grid."""

from dataclasses import replace
from typing import Any

import pytest

from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK, SetMirror
from musearoo.bridge.live_set.writer import NEW_TRACK, REPLACE, THIS_OR_NEXT_EMPTY
from musearoo.bridge.protocol import (
    NEW_SCENE_INDEX,
    ClipNotes,
    ClipState,
    ClipWarp,
    CreateAudioClip,
    CreateScene,
    CreateTrack,
    Gone,
    Imagine,
    MixerState,
    Refusal,
    SetLoop,
    SetWarpMarkers,
    Transaction,
)
from musearoo.bridge.protocol.codec import decode_warp_markers, encode_notes, encode_warp_markers
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.imagine import (
    CONTINUE,
    FOLLOW_TUNE,
    SoundSource,
    TakeFile,
    TuneSource,
    read_imagine,
    write_imagined,
)
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.music.knowledge.analysis import Analysis, Character, Loudness
from musearoo.engines.music.note import Note
from tests.bridge.commands.reports.an_analysis import an_analysis
from tests.bridge.live_set.test_mirror import a_clip, a_track
from tests.bridge.requests.test_split import a_set, audio_clip, sound
from tests.each_case import each_case

IMAGINE = Imagine(1, 1, "warm dub bass", 2, 1, 7, "", "", "", "", 1, 0, -1, -1, -1, 0, 0)
TAKE = TakeFile("/loops/warm dub bass.wav", "warm dub bass", 120.0, 8.0)
OTHER = replace(TAKE, path="/loops/warm dub bass 2.wav", name="warm dub bass · take 2")


def ask(**changed: Any) -> Imagine:
    return replace(IMAGINE, **changed)


def nothing(_: Passage) -> Analysis | None:
    return None


def test_a_scene_of_its_own_is_made_at_the_end_without_a_word() -> None:
    mirror = a_set()
    reading = read_imagine(mirror, ask(scene=NEW_SCENE_INDEX), "request", nothing)
    assert reading.neighbours == ()
    made = write_imagined(mirror, reading, (TAKE,), "warm dub bass", "request", 99.0)
    assert made.notices == ()
    assert [type(message) for message in made.messages[1:4]] == [CreateTrack, CreateScene, CreateAudioClip]


def written(mirror: SetMirror, imagine: Imagine, *takes: TakeFile) -> tuple[Message, ...]:
    reading = read_imagine(mirror, imagine, "request", nothing)
    return write_imagined(mirror, reading, takes or (TAKE,), "warm dub bass", "request", 99.0).messages


def test_a_take_goes_onto_a_track_of_its_own_looping_with_a_marker_on_every_beat() -> None:
    head, track, clip, markers, loop = written(a_set(), ask())
    assert head == Transaction("request", 99.0)
    assert isinstance(track, CreateTrack)
    assert (track.kind, track.after, track.name) == (1, 0, "warm dub bass")
    assert isinstance(clip, CreateAudioClip)
    assert (clip.track, clip.scene, clip.where) == (-1, 20, THIS_OR_NEXT_EMPTY)
    assert (clip.file_path, clip.name, clip.warping, clip.looping) == (TAKE.path, TAKE.name, 1, 1)
    assert isinstance(markers, SetWarpMarkers)
    assert markers.clip == -2
    assert decode_warp_markers(markers.markers) == tuple((beat * 0.5, float(beat)) for beat in range(9))
    assert loop == SetLoop(-2, 1, 0.0, 8.0, 0.0)


def test_the_loops_end_has_a_marker_where_it_falls_on_no_beat() -> None:
    seven_eight = replace(TAKE, bpm=60.0, beats=3.5)
    markers = next(m for m in written(a_set(), ask(), seven_eight) if isinstance(m, SetWarpMarkers))
    beats = tuple(float(beat) for beat in (0, 1, 2, 3, 3.5))
    assert decode_warp_markers(markers.markers) == tuple(zip(beats, beats, strict=True))


def test_several_takes_are_one_transaction_on_one_track() -> None:
    clips = [m for m in written(a_set(), ask(replace=1, track=0), TAKE, OTHER) if isinstance(m, CreateAudioClip)]
    assert [(clip.track, clip.where) for clip in clips] == [(10, REPLACE), (10, THIS_OR_NEXT_EMPTY)]
    assert [clip.name for clip in clips] == [TAKE.name, OTHER.name]


def test_a_chosen_audio_track_is_taken_and_one_for_midi_is_not() -> None:
    mirror = a_set(a_track(11, 1, MIDI_TRACK, "Keys"))
    assert read_imagine(mirror, ask(track=0), "request", nothing).track == 10
    assert read_imagine(mirror, ask(track=1), "request", nothing).track == NEW_TRACK


def test_the_same_prompt_finds_its_track_again() -> None:
    mirror = a_set(a_track(12, 1, AUDIO_TRACK, "warm dub bass"))
    messages = written(mirror, ask())
    assert not any(isinstance(message, CreateTrack) for message in messages)
    assert next(m for m in messages if isinstance(m, CreateAudioClip)).track == 12


def test_what_has_gone_meanwhile_is_replaced_and_told() -> None:
    mirror = a_set()
    reading = read_imagine(mirror, ask(track=0), "request", nothing)
    for id in (1, 10, 20):
        mirror.apply(Gone(id))
    composition = write_imagined(mirror, reading, (TAKE,), "warm dub bass", "request", 99.0)
    assert [type(message) for message in composition.messages[1:4]] == [CreateTrack, CreateScene, CreateAudioClip]
    assert len(composition.notices) == 2
    clip = composition.messages[3]
    assert isinstance(clip, CreateAudioClip)
    assert (clip.track, clip.scene) == (-1, -2)


def test_the_seed_is_the_one_asked_for_or_drawn_from_the_request() -> None:
    mirror = a_set()
    assert read_imagine(mirror, ask(), "a", nothing).seed == 7
    drawn = [read_imagine(mirror, ask(seed=-1), request, nothing).seed for request in ("a", "a", "b")]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_sound_is_continued_by_what_the_clip_plays_of_it_at_its_own_tempo() -> None:
    mirror = a_set()
    source = read_imagine(mirror, ask(use=CONTINUE, source_track=0, source_scene=0), "request", nothing).source
    assert source == SoundSource("Break", "/a/break.wav", 60.0, 64.0, None)
    warped = audio_clip(looping=1, start_marker=0.0, loop_start=0.0, end_marker=8.0, loop_end=8.0, length=8.0)
    for message in (warped, replace(sound(), warping=1), ClipWarp(1, encode_warp_markers(((0.0, 0.0), (6.0, 8.0))))):
        mirror.apply(message)
    source = read_imagine(mirror, ask(use=FOLLOW_TUNE, source_track=0, source_scene=0), "request", nothing).source
    assert source == SoundSource("Break", "/a/break.wav", 0.0, 6.0, 80.0)


def midi(clip: int = 2) -> tuple[ClipState, ClipNotes]:
    notes = [Note(1.0, 60, 0.5, 100.0), Note(2.0, 64, 1.0, 100.0)]
    return a_clip(clip, 11, 20, name="Hook"), ClipNotes(clip, encode_notes(notes))


def test_the_tune_of_notes_lies_in_seconds_at_the_sets_tempo() -> None:
    mirror = a_set(a_track(11, 1, MIDI_TRACK, "Keys"), *midi())
    asked = ask(use=FOLLOW_TUNE, source_track=1, source_scene=0)
    assert read_imagine(mirror, asked, "request", nothing).source == TuneSource(
        "Hook", ((0.5, 60, 0.25), (1.0, 64, 0.5))
    )
    with pytest.raises(RequestError, match="Hook is MIDI: only audio is continued") as refused:
        read_imagine(mirror, replace(asked, use=CONTINUE), "request", nothing)
    assert refused.value.code is Refusal.WRONG_TRACK


@each_case(
    "changed, said",
    [
        ({"track": 7}, "Track 8 is not in the set"),
        ({"scene": 7}, "Scene 8 is not in the set"),
        ({"use": CONTINUE}, "No clip is shown in Detail View"),
        ({"use": FOLLOW_TUNE, "source_track": 0, "source_scene": 1}, "There is no clip in that slot"),
    ],
)
def test_what_is_not_there_is_refused(changed: dict[str, int], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        read_imagine(a_set(), ask(**changed), "request", nothing)


def test_a_clip_that_is_being_recorded_is_no_source() -> None:
    mirror = a_set()
    mirror.apply(audio_clip(is_recording=1))
    with pytest.raises(RequestError, match="Break is being recorded"):
        read_imagine(mirror, ask(use=CONTINUE, source_track=0, source_scene=0), "request", nothing)


def test_the_sets_loudness_is_that_of_what_was_heard_in_the_scene() -> None:
    def recall(_: Passage) -> Analysis | None:
        return replace(an_analysis(), character=Character(loudness=Loudness(-17.5, -3.0, None)))

    assert read_imagine(a_set(), ask(), "request", recall).lufs == -17.5
    # 0.7 is 6 dB below 0.85: it sounds 6 dB softer, and on its own track it must not.
    turned_down = a_set(MixerState(10, 0.7, 0.0, "", ()))
    assert read_imagine(turned_down, ask(), "request", recall).lufs == pytest.approx(-23.5)
    assert read_imagine(turned_down, ask(track=0), "request", recall).lufs == pytest.approx(-17.5)
    assert read_imagine(a_set(MixerState(10, 0.0, 0.0, "", ())), ask(), "request", recall).lufs == -17.5
    assert read_imagine(a_set(), ask(), "request", nothing).lufs is None
