"""What the script tells of the set: once whole, then each change, however things are moved about or deleted."""

import struct
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.protocol import (
    ClipAudio,
    ClipNotes,
    ClipState,
    CreateTrack,
    Gone,
    Heartbeat,
    MixerState,
    Result,
    SceneState,
    Selection,
    SetReady,
    SongState,
    TrackState,
    Transaction,
    TransportState,
)
from musearoo.bridge.protocol.codec import decode_notes
from musearoo.bridge.protocol.types import Message
from tests.remote_scripts.studio import Studio, clip_edit, some_notes, studio

_PULSE = (Heartbeat, TransportState)
"""What is told all the time, whatever happens to the set."""


@pytest.fixture
def loop_file(tmp_path: Path) -> Path:
    """Two seconds of silence as a WAV file."""
    path = tmp_path / "loop.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(struct.pack("<h", 0) * 88200)
    return path


def _midi_clip(room: Studio, track: int = 0, scene: int = 0) -> Any:
    slot = room.live.song.tracks[track].clip_slots[scene]
    slot.create_clip(4.0)
    room.step()
    return slot.clip


def _specification(room: Studio, pitch: int, start: float) -> Any:
    return room.live.Live.Clip.MidiNoteSpecification(pitch=pitch, start_time=start, duration=0.5)


def _fresh(room: Studio, act: Callable[[], object]) -> list[Message]:
    room.daemon.received = [message for message in room.daemon.received if not isinstance(message, _PULSE)]
    before = len(room.daemon.received)
    act()
    room.step()
    return [message for message in room.daemon.received[before:] if not isinstance(message, _PULSE)]


def test_the_whole_set_is_told_once_and_closed_by_ready(home: Path, loop_file: Path) -> None:
    with studio(home, connected=False) as room:
        song = room.live.song
        slot = song.tracks[0].clip_slots[2]
        slot.create_clip(8.0)
        slot.clip.add_new_notes((_specification(room, 40, 1.5), _specification(room, 36, 0.25)))
        song.tracks[2].clip_slots[0].create_audio_clip(str(loop_file))
        song.tracks[1].create_midi_clip(16.0, 4.0)
        song.scenes[1].name = "Verse"
        room.connect()
        told = [message for message in room.daemon.received if not isinstance(message, _PULSE)]
        assert isinstance(told[-1], SetReady)
        assert told[-1].objects == 7 + 8 + 3
        assert [(t.name, t.kind, t.index) for t in room.tracks] == [
            ("1-MIDI", 0, 0),
            ("2-MIDI", 0, 1),
            ("3-Audio", 1, 2),
            ("4-Audio", 1, 3),
        ]
        assert [track.kind for track in room.other_tracks] == [3, 3, 4]
        assert [scene.name for scene in room.scenes][1] == "Verse"
        places = sorted((clip.track, clip.scene, clip.start, clip.is_audio) for clip in room.clips.values())
        ids, scenes = [track.id for track in room.tracks], [scene.id for scene in room.scenes]
        assert places == [(ids[0], scenes[2], 0.0, 0), (ids[1], 0, 16.0, 0), (ids[2], scenes[0], 0.0, 1)]
        (audio,) = room.daemon.of(ClipAudio)
        assert (audio.file_path, audio.sample_length, audio.sample_rate) == (str(loop_file), 88200, 44100)
        notes = [decode_notes(told.notes) for told in room.daemon.of(ClipNotes)]
        assert [(n.pitch, n.start) for n in max(notes, key=len)] == [(36, 0.25), (40, 1.5)]
        assert room.daemon.last(Selection).track in ids


SONG_CHANGES: list[tuple[Callable[[Any], object], str, object]] = [
    (lambda song: setattr(song, "tempo", 93.0), "tempo", 93.0),
    (lambda song: setattr(song, "signature_numerator", 7), "numerator", 7),
    (lambda song: setattr(song, "signature_denominator", 8), "denominator", 8),
    (lambda song: setattr(song, "root_note", 9), "root_note", 9),
    (lambda song: setattr(song, "scale_name", "Minor"), "scale_name", "Minor"),
    (lambda song: song.start_playing(), "is_playing", 1),
]


@pytest.mark.parametrize(
    ("act", "field", "value"), SONG_CHANGES, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_change_of_the_song_is_told(room: Studio, act: Callable[[Any], object], field: str, value: object) -> None:
    told = _fresh(room, lambda: act(room.live.song))
    assert [type(message) for message in told] == [SongState]
    assert getattr(told[0], field) == value


def test_the_scales_switch_is_told_where_live_has_it(any_room: Studio) -> None:
    song = any_room.live.song
    if not hasattr(song, "scale_mode"):
        assert any_room.daemon.last(SongState).scale_mode == -1
        return
    (told,) = _fresh(any_room, lambda: setattr(song, "scale_mode", True))
    assert isinstance(told, SongState)
    assert told.scale_mode == 1


def test_the_name_of_the_set_is_told_although_live_does_not_notify_it(room: Studio) -> None:
    assert room.daemon.last(SongState).file_path == ""
    room.live.song_model.set_file_path("/songs/My Song Project/My Song.als")
    room.step(1.5)
    told = room.daemon.last(SongState)
    assert (told.name, told.file_path) == ("My Song", "/songs/My Song Project/My Song.als")


def test_a_recording_is_told_and_in_the_end_its_file(any_room: Studio) -> None:
    song = any_room.live.song
    song.clip_trigger_quantization = 0
    song.tracks[2].arm = True
    song.tracks[2].clip_slots[0].fire()
    any_room.step(1.0)
    (clip,) = any_room.clips.values()
    assert clip.is_recording == 1
    any_room.live.song_model.tracks[2].clip_slots[0].stop()
    any_room.step(0.5)
    assert any_room.clips[clip.id].is_recording == 0
    told = any_room.daemon.last(ClipAudio)
    live_clip = song.tracks[2].clip_slots[0].clip
    assert (told.file_path, told.sample_length) == (live_clip.file_path, live_clip.sample_length)
    assert told.sample_length > 10000


def test_a_recorded_file_that_is_whole_only_later_is_told_when_it_is(room: Studio) -> None:
    song = room.live.song
    song.clip_trigger_quantization = 0
    song.tracks[2].arm = True
    slot = room.live.song_model.tracks[2].clip_slots[0]
    slot.fire()
    room.step(1.0)
    slot.stop()
    room.step(0.2)
    # Nothing notifies of this: Live has no listener for the length of a file.
    assert slot.clip is not None
    assert slot.clip.audio is not None
    slot.clip.audio = slot.clip.audio._replace(frames=123456)
    room.step(3.5)
    assert room.daemon.last(ClipAudio).sample_length == 123456
    assert [node.looks_left for node in room.script._watch._clips.values()] == [0]


TRACK_CHANGES: list[tuple[str, object, str, object]] = [
    ("name", "Drums", "name", "Drums"),
    ("color", 0x1AFF2F, "color", 0x1AFF2F),
    ("mute", True, "muted", 1),
    ("solo", True, "soloed", 1),
    ("arm", True, "armed", 1),
]


@pytest.mark.parametrize(("attribute", "value", "field", "said"), TRACK_CHANGES, ids=[row[0] for row in TRACK_CHANGES])
def test_a_change_of_a_track_is_told(room: Studio, attribute: str, value: object, field: str, said: object) -> None:
    told = _fresh(room, lambda: setattr(room.live.song.tracks[1], attribute, value))
    assert [message.id for message in told if isinstance(message, TrackState)] == [room.tracks[1].id]
    assert getattr(told[0], field) == said


def test_the_mixer_of_every_track_is_told(room: Studio) -> None:
    mixers = {mixer.track: mixer for mixer in room.daemon.of(MixerState)}
    assert set(mixers) == {track.id for track in (*room.tracks, *room.other_tracks)}
    first = mixers[room.tracks[0].id]
    assert (round(first.volume, 2), first.panning, first.held, len(first.sends)) == (0.85, 0.0, "", 2)


def test_a_change_of_the_mixer_is_told_with_what_is_automated(room: Studio) -> None:
    mixer = room.live.song.tracks[1].mixer_device

    def change() -> None:
        mixer.panning.value = -0.5
        mixer.sends[1].value = 0.25
        mixer.volume._model.automation_state = 1  # as if an envelope played

    (told,) = _fresh(room, change)
    assert isinstance(told, MixerState)
    assert told == MixerState(room.tracks[1].id, told.volume, -0.5, "volume", (0.0, 0.25))


def test_a_new_return_is_a_new_send_that_is_listened_to(room: Studio) -> None:
    song = room.live.song
    told = _fresh(room, song.create_return_track)
    sends = {message.track: len(message.sends) for message in told if isinstance(message, MixerState)}
    assert sends[room.tracks[0].id] == 3
    (again,) = _fresh(room, lambda: setattr(song.tracks[0].mixer_device.sends[2], "value", 1.0))
    assert isinstance(again, MixerState)
    assert again.sends == (0.0, 0.0, 1.0)


def test_a_change_of_a_scene_is_told(room: Studio) -> None:
    (told,) = _fresh(room, lambda: setattr(room.live.song.scenes[3], "name", "Bridge"))
    assert told == SceneState(room.scenes[3].id, 3, "Bridge")


CLIP_CHANGES: list[tuple[str, object, str, object]] = [
    ("name", "Groove", "name", "Groove"),
    ("color", 0x1AFF2F, "color", 0x1AFF2F),
    ("looping", False, "looping", 0),
    ("loop_end", 2.0, "loop_end", 2.0),
    ("loop_start", 1.0, "loop_start", 1.0),
    ("start_marker", 0.5, "start_marker", 0.5),
    ("end_marker", 3.5, "end_marker", 3.5),
    ("signature_numerator", 3, "numerator", 3),
    ("signature_denominator", 8, "denominator", 8),
    ("muted", True, "muted", 1),
]


@pytest.mark.parametrize(("attribute", "value", "field", "said"), CLIP_CHANGES, ids=[row[0] for row in CLIP_CHANGES])
def test_a_change_of_a_clip_is_told(room: Studio, attribute: str, value: object, field: str, said: object) -> None:
    clip = _midi_clip(room)
    told = _fresh(room, lambda: setattr(clip, attribute, value))
    assert [type(message) for message in told] == [ClipState]
    assert getattr(told[0], field) == said


AUDIO_CHANGES: list[tuple[str, object]] = [("warping", 0), ("warp_mode", 4), ("gain", 0.5)]


@pytest.mark.parametrize(("attribute", "value"), AUDIO_CHANGES, ids=[row[0] for row in AUDIO_CHANGES])
def test_a_change_of_an_audio_clip_is_told(room: Studio, loop_file: Path, attribute: str, value: object) -> None:
    slot = room.live.song.tracks[2].clip_slots[0]
    slot.create_audio_clip(str(loop_file))
    slot.clip.warping = True
    room.step()
    told = _fresh(room, lambda: setattr(slot.clip, attribute, value))
    (audio,) = [message for message in told if isinstance(message, ClipAudio)]
    assert getattr(audio, attribute) == pytest.approx(value)


def test_notes_are_told_whole_as_doubles(any_room: Studio) -> None:
    clip = _midi_clip(any_room)
    start = 700.0 + 1 / 3e7
    told = _fresh(any_room, lambda: clip.add_new_notes((_specification(any_room, 60, start),)))
    (notes,) = [message for message in told if isinstance(message, ClipNotes)]
    assert [(note.start, note.pitch, note.duration) for note in decode_notes(notes.notes)] == [(start, 60, 0.5)]


def test_launching_and_stopping_a_clip_is_told(room: Studio) -> None:
    clip = _midi_clip(room)
    room.live.song.clip_trigger_quantization = 0
    clip.fire()
    room.step(0.2)
    assert next(iter(room.clips.values())).is_playing == 1
    room.live.song.stop_all_clips()
    room.step(3.0)
    assert next(iter(room.clips.values())).is_playing == 0


def test_selection_is_told(room: Studio) -> None:
    clip = _midi_clip(room)
    view = room.live.song.view
    (clip_id,) = room.clips

    def select() -> None:
        view.selected_track = room.live.song.tracks[3]
        view.selected_scene = room.live.song.scenes[5]
        view.detail_clip = clip

    told = _fresh(room, select)
    assert told == [Selection(room.tracks[3].id, room.scenes[5].id, clip_id)]


def test_many_changes_in_one_tick_are_one_message(room: Studio) -> None:
    def drag() -> None:
        for tempo in range(60, 160):
            room.live.song.tempo = float(tempo)

    (told,) = _fresh(room, drag)
    assert isinstance(told, SongState)
    assert told.tempo == 159.0


def test_a_change_that_changes_nothing_is_not_told(room: Studio) -> None:
    def there_and_back() -> None:
        room.live.song.tracks[0].name = "other"
        room.live.song.tracks[0].name = "1-MIDI"

    assert _fresh(room, there_and_back) == []


def test_tracks_keep_their_ids_when_others_come_and_go(room: Studio) -> None:
    song = room.live.song
    _midi_clip(room, 1, 2)
    before = room.tracks
    told = _fresh(room, lambda: song.delete_track(0))
    assert Gone(before[0].id) in told
    assert [track.id for track in room.tracks] == [track.id for track in before[1:]]
    assert [track.index for track in room.tracks] == [0, 1, 2]
    _fresh(room, lambda: song.create_audio_track(0))
    assert [track.id for track in room.tracks][1:] == [track.id for track in before[1:]]
    (told_name,) = _fresh(room, lambda: setattr(song.tracks[1], "name", "still me"))
    assert isinstance(told_name, TrackState)
    assert (told_name.id, told_name.index) == (before[1].id, 1)
    (clip,) = room.clips.values()
    assert clip.track == before[1].id


def test_scenes_keep_their_ids_and_clips_their_scene(room: Studio) -> None:
    song = room.live.song
    _midi_clip(room, 0, 3)
    scene_id = room.scenes[3].id
    told = _fresh(room, lambda: song.create_scene(1))
    assert not [message for message in told if isinstance(message, ClipState)]
    assert room.scenes[4].id == scene_id
    told = _fresh(room, lambda: song.delete_scene(0))
    assert room.scenes[3].id == scene_id
    (clip,) = room.clips.values()
    assert clip.scene == scene_id
    gone = _fresh(room, lambda: song.delete_scene(3))
    assert {type(message) for message in gone} >= {Gone, SceneState}
    assert room.clips == {}


def test_a_deleted_clip_is_gone_and_its_undo_is_a_new_one(room: Studio) -> None:
    clip = _midi_clip(room)
    (first,) = room.clips
    clip.add_new_notes((_specification(room, 60, 0.0),))
    told = _fresh(room, lambda: room.live.song.tracks[0].clip_slots[0].delete_clip())
    assert told == [Gone(first)]
    _fresh(room, room.live.song.undo)
    (again,) = room.clips
    assert again > first
    assert len(decode_notes(room.notes_told(again))) == 1


def test_a_duplicated_track_is_told_with_its_clips(room: Studio) -> None:
    _midi_clip(room, 0, 1)
    _fresh(room, lambda: room.live.song.duplicate_track(0))
    assert len(room.tracks) == 5
    assert sorted(clip.track for clip in room.clips.values()) == sorted(t.id for t in room.tracks[:2])


def test_a_clip_of_the_arrangement_comes_and_goes(room: Studio) -> None:
    track = room.live.song.tracks[0]
    told = _fresh(room, lambda: track.create_midi_clip(8.0, 4.0))
    (clip,) = [message for message in told if isinstance(message, ClipState)]
    assert (clip.start, clip.scene, clip.track) == (8.0, 0, room.tracks[0].id)
    told = _fresh(room, lambda: track.delete_clip(track.arrangement_clips[0]))
    assert told == [Gone(clip.id)]


def test_a_big_set_is_told_over_many_ticks(home: Path) -> None:
    with studio(home, connected=False) as room:
        song = room.live.song
        for index in range(40):
            song.tracks[0].clip_slots[index % 8].create_clip(4.0) if index < 8 else song.create_midi_track(-1)
        room.connect()
        assert len(room.tracks) == 36
        assert len(room.clips) == 8


def test_nothing_leaks_when_clips_and_tracks_come_and_go(room: Studio) -> None:
    song, watch, ids = room.live.song, room.script._watch, room.script._identities
    room.step()

    def counts() -> tuple[int, int, int, int]:
        return len(watch), len(ids), len(watch._marks), room.live.context.listener_count

    before = counts()
    for _ in range(60):
        for track in range(2):
            for scene in range(2):
                song.tracks[track].clip_slots[scene].create_clip(4.0)
        room.step(0.02)
        for track in range(2):
            for scene in range(2):
                song.tracks[track].clip_slots[scene].delete_clip()
        song.create_midi_track(0)
        room.step(0.02)
        song.tracks[0].clip_slots[0].create_clip(4.0)
        song.create_scene(0)
        room.step(0.02)
        song.delete_track(0)
        song.delete_scene(0)
        room.step(0.02)
        room.daemon.received.clear()
    room.step(0.2)
    assert counts() == before


def test_what_goes_while_the_daemon_is_away_is_forgotten(room: Studio) -> None:
    song, ids = room.live.song, room.script._identities
    before = len(ids)
    for _ in range(3):
        track = room.do(CreateTrack(0, 0, "", -1)).ids[0]
        room.daemon.hang_up()
        room.step(0.1)
        assert room.live.context.listener_count == 0
        song.delete_track(len(song.tracks) - 1)
        room.daemon.received.clear()
        room.connect_again()
        assert track not in [state.id for state in room.tracks]
    assert len(ids) == before


def test_nothing_leaks_over_many_transactions(room: Studio) -> None:
    song, watch, ids = room.live.song, room.script._watch, room.script._identities
    track, scene = room.tracks[0].id, room.scenes[0].id
    room.step()
    before = (len(watch), len(ids), room.live.context.listener_count)
    for _ in range(500):
        room.do(clip_edit(track, scene, notes=some_notes(4)))
        song.tracks[0].clip_slots[0].delete_clip()
        room.step(0.01)
        room.daemon.received.clear()
    assert (len(watch), len(ids), room.live.context.listener_count) == before


def test_a_huge_clip_that_changes_all_the_time_does_not_take_the_main_thread(
    room: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = _midi_clip(room)
    (clip_id,) = room.clips
    module = sys.modules["MuseAroo.live_set.watch"]
    encode, readings = module.encode_notes, []

    def slow(clip: Any) -> Any:
        readings.append(clip)
        room.clock.sleep(0.040)
        return encode(clip)

    monkeypatch.setattr(module, "encode_notes", slow)
    started = room.clock.now()
    for index in range(200):
        clip.add_new_notes((_specification(room, index % 128, float(index)),))
        room.step(0.01)
    elapsed = room.clock.now() - started
    assert 0 < len(readings) * 0.040 <= elapsed / 15
    room.step(2.0)
    assert len(decode_notes(room.notes_told(clip_id))) == 200


def test_a_new_track_is_told_with_the_answer_without_a_look_at_the_others(room: Studio) -> None:
    watch = room.script._watch
    room.step(1.0)
    looked: list[int] = []
    look = watch._handlers["track"]

    def note(key: int) -> None:
        looked.append(key)
        look(key)

    watch._handlers["track"] = note
    before = len(room.tracks)
    room.live.song.create_midi_track(-1)
    watch.catch_up(True, [], [], [])
    assert len(looked) == 1
    room.step()
    assert len(room.tracks) == before + 1
    assert room.tracks[-1].id == looked[0]


def test_tracks_that_a_new_one_moves_are_told_with_the_answer(room: Studio) -> None:
    watch = room.script._watch
    room.step(1.0)
    room.live.song.create_midi_track(0)
    watch.catch_up(True, [], [], [])
    # What no listener was called for: only the catching up told it.
    watch._marks.clear()
    room.step()
    assert [track.index for track in room.tracks] == list(range(len(room.tracks)))


def test_an_answer_does_not_wait_for_what_else_has_changed(room: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    answered: list[int] = []
    flush = room.script._watch.flush

    def watched(until: float) -> None:
        room.daemon.poll()
        if room.live.song.tracks[0].clip_slots[0].has_clip:
            answered.append(len(room.daemon.of(Result)))
        flush(until)

    monkeypatch.setattr(room.script._watch, "flush", watched)
    room.daemon.send(Transaction("now", 0.0), clip_edit(room.tracks[0].id, room.scenes[0].id), bundle=True)
    room.step(0.02)
    assert answered[0] == 1, "the answer waited for the watch"
