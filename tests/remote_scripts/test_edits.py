"""Every edit in every Live that has it: what it does, what it says, and that one undo takes all of it back."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from musearoo.bridge.protocol import (
    ClipAudio,
    ClipState,
    CreateArrangementClip,
    CreateScene,
    CreateTrack,
    Delete,
    Edit,
    MuteClip,
    NotesRead,
    ReadNotes,
    Refusal,
    Rename,
    ReplaceNotes,
    Result,
    SceneState,
    SetMeter,
    SetMixer,
    SetRouting,
    SetScale,
    SetSend,
    SetTempo,
    SongState,
    TrackState,
    Transaction,
)
from musearoo.bridge.protocol import codec as wire_codec
from musearoo.bridge.protocol.codec import decode_notes, encode_notes
from musearoo.engines.music.note import Note
from tests.remote_scripts.some_edits import Ids, arranged_audio, arranged_clip, audio_edit, existing_clip
from tests.remote_scripts.studio import Studio, clip_edit, some_notes

EveryEdit = Callable[[Ids, str, int], list[Edit]]

TRANSACTIONS: dict[str, EveryEdit] = {
    "clip": lambda ids, _, __: [clip_edit(ids.midi, ids.scenes[0])],
    "clip in the next empty slot": lambda ids, _, __: [clip_edit(ids.midi_2, ids.scenes[7], where=1)],
    "clip that replaces": lambda ids, _, __: [clip_edit(ids.midi_2, ids.scenes[7], where=2)],
    "audio clip": lambda ids, path, _: [audio_edit(ids, path)],
    "arrangement clip": lambda ids, _, __: [arranged_clip(ids)],
    "arrangement audio clip": lambda ids, path, _: [arranged_audio(ids, path)],
    "replaced notes": lambda _, __, clip: [ReplaceNotes(clip, encode_notes(some_notes(3)))],
    "deleted clip": lambda _, __, clip: [Delete(clip, 0)],
    "deleted track": lambda ids, _, __: [Delete(ids.midi_2, 0)],
    "deleted return": lambda ids, _, __: [Delete(ids.return_track, 0)],
    "deleted scene": lambda ids, _, __: [Delete(ids.scenes[7], 0)],
    "muted clip": lambda _, __, clip: [MuteClip(clip, 1)],
    "renamed clip": lambda _, __, clip: [Rename(clip, "Ours", 0x1AFF2F)],
    "renamed track": lambda ids, _, __: [Rename(ids.audio, "Ours", 0x1AFF2F)],
    "renamed scene": lambda ids, _, __: [Rename(ids.scenes[2], "Ours", -1)],
    "track and scene": lambda _, __, ___: [CreateTrack(0, 0, "Drums", 0x1AFF2F), CreateScene(0, "Chorus")],
    "mixer": lambda ids, _, __: [
        SetMixer(ids.midi, "volume", 0.5),
        SetMixer(ids.master, "panning", -0.25),
        SetMixer(ids.midi, "mute", 1.0),
        SetSend(ids.audio, 1, 0.75),
    ],
    "routing": lambda ids, _, __: [SetRouting(ids.audio, "output type", "Sends Only")],
    "tempo, meter and scale": lambda _, __, ___: [SetTempo(97.5), SetMeter(7, 8), SetScale(9, "Minor")],
    "a whole band": lambda ids, _, __: [
        CreateTrack(0, ids.midi, "Bass", -1),
        CreateScene(0, "Verse"),
        clip_edit(-1, -2, name="Bass line"),
        clip_edit(ids.midi, -2),
        clip_edit(-1, ids.scenes[0]),
        Rename(-1, "Bass 2", 0x1AFF2F),
        SetMixer(-1, "volume", 0.4),
        ReplaceNotes(-3, encode_notes(some_notes(7))),
    ],
}


@pytest.mark.parametrize("what", TRANSACTIONS)
def test_one_undo_restores_the_set_exactly(any_room: Studio, loop_file: str, what: str) -> None:
    clip, ids, song = existing_clip(any_room), Ids(any_room), any_room.live.song
    edits = TRANSACTIONS[what](ids, loop_file, clip)
    before = any_room.snapshot()
    result = any_room.do(*edits)
    assert len(result.ids) == 2 * len(edits)
    after = any_room.snapshot()
    assert after != before
    song.undo()
    assert any_room.snapshot() == before
    song.redo()
    assert any_room.snapshot() == after


@pytest.mark.parametrize("what", TRANSACTIONS)
def test_a_failure_after_any_transaction_leaves_the_set_as_it_was(room: Studio, loop_file: str, what: str) -> None:
    clip, ids, song = existing_clip(room), Ids(room), room.live.song
    song.tempo = 111.0
    before = room.snapshot()
    # The routings of a track that was made a moment ago are not listed yet, which only performing it shows.
    fails: list[Edit] = [CreateTrack(1, 0, "", -1)]
    edits = TRANSACTIONS[what](ids, loop_file, clip)
    fails.append(SetRouting(-len(edits) - 1, "output type", "Sends Only"))
    error = room.refused(*edits, *fails)
    assert (error.code, error.edit) == (Refusal.BAD_PARAMETER, len(edits) + 2)
    assert "a new track gets its list a moment later" in error.sentence
    assert room.snapshot() == before
    room.step()
    assert sorted(room.clips) == sorted(room.script._watch._clips)
    while room.snapshot()["song"]["tempo"] == 111.0:
        assert song.can_undo
        song.undo()
    assert room.snapshot()["song"]["tempo"] == 120.0, "the user's own step is still there to be undone"


def test_a_clip_holds_what_was_asked_for(any_room: Studio) -> None:
    ids = Ids(any_room)
    notes = some_notes(16)
    before = len(any_room.daemon.received)
    result = any_room.do(clip_edit(ids.midi, ids.scenes[2], notes=notes, name="Funk"))
    clip_id, count = result.ids
    assert count == 16
    clip = any_room.live.song.tracks[0].clip_slots[2].clip
    assert (clip.name, clip.color, clip.looping, clip.loop_end, clip.length) == ("Funk", 0x1AFF2F, True, 4.0, 4.0)
    told = any_room.daemon.received[before:]
    kinds = [type(message) for message in told if type(message).__name__ not in ("Heartbeat", "TransportState")]
    assert kinds.index(ClipState) < kinds.index(Result)
    state = any_room.clips[clip_id]
    assert (state.track, state.scene, state.name, state.start) == (ids.midi, ids.scenes[2], "Funk", 0.0)
    read = [(n.start, n.pitch, n.duration) for n in decode_notes(any_room.notes_told(clip_id))]
    assert sorted(read) == sorted((note.start, note.pitch, note.duration) for note in notes)
    any_room.step(0.1)
    assert len([message for message in any_room.daemon.of(ClipState) if message.id == clip_id]) == 1


def test_every_field_of_a_note_arrives(room: Studio) -> None:
    ids = Ids(room)
    note = Note(0.125, 61, 0.375, 77.5, True, 0.25, 12.0, 33.0)
    room.do(clip_edit(ids.midi, ids.scenes[0], notes=[note]))
    (live,) = room.live.song.tracks[0].clip_slots[0].clip.get_all_notes_extended()
    assert (live.pitch, live.start_time, live.duration, live.velocity, live.mute) == (61, 0.125, 0.375, 77.5, True)
    assert (live.probability, live.velocity_deviation, live.release_velocity) == (0.25, 12.0, 33.0)


def test_a_clip_that_does_not_loop(room: Studio) -> None:
    ids = Ids(room)
    once = replace(clip_edit(ids.midi, ids.scenes[0]), looping=0)
    (clip_id, _) = room.do(once).ids
    assert (room.clips[clip_id].looping, room.clips[clip_id].length) == (0, 4.0)


def test_twenty_thousand_notes_arrive_whole_in_one_undo_step(room: Studio) -> None:
    ids = Ids(room)
    notes = [Note(index / 8, 36 + index % 40, 0.1, 1.0 + index % 127) for index in range(20_000)]
    before = room.snapshot()
    (clip_id, count) = room.do(clip_edit(ids.midi, ids.scenes[0], notes=notes)).ids
    assert count == 20_000
    told = sorted((note.start, note.pitch) for note in decode_notes(room.notes_told(clip_id)))
    assert told == [(note.start, note.pitch) for note in notes]
    room.live.song.undo()
    assert room.snapshot() == before


def test_where_decides_about_a_filled_slot(any_room: Studio) -> None:
    ids, song = Ids(any_room), any_room.live.song
    theirs = existing_clip(any_room)
    error = any_room.refused(clip_edit(ids.midi_2, ids.scenes[7], where=0))
    assert (error.code, error.edit) == (Refusal.SLOT_FILLED, 1)
    assert error.sentence == (
        "Scene 8 of track 2 (2-MIDI) holds a clip already: choose an empty slot, or have it replaced."
    )
    first = any_room.do(clip_edit(ids.midi_2, ids.scenes[7], where=1)).ids[0]
    assert len(song.scenes) == 9
    assert any_room.clips[first].scene == any_room.scenes[8].id
    replaced = any_room.do(clip_edit(ids.midi_2, ids.scenes[7], where=2, name="New")).ids[0]
    assert song.tracks[1].clip_slots[7].clip.name == "New"
    assert theirs not in any_room.clips
    assert any_room.clips[replaced].scene == ids.scenes[7]


def test_what_a_later_edit_deletes_has_no_id_in_the_result(room: Studio) -> None:
    ids = Ids(room)
    before = room.snapshot()
    result = room.do(clip_edit(ids.midi, ids.scenes[0]), CreateScene(0, ""), Delete(ids.midi, 0))
    assert (result.ids[:2], result.ids[4:]) == ((0, 0), (ids.midi, 0))
    assert room.clips == {}
    room.live.song.undo()
    assert room.snapshot() == before


def test_two_clips_of_one_transaction_take_two_slots(room: Studio) -> None:
    ids = Ids(room)
    edits = [clip_edit(ids.midi, ids.scenes[6], where=1, name=str(number)) for number in range(4)]
    result = room.do(*edits)
    scenes = [room.clips[clip].scene for clip in result.ids[::2]]
    assert [scene.id for scene in room.scenes][6:] == scenes
    assert len(set(scenes)) == 4
    error = room.refused(clip_edit(ids.midi, ids.scenes[0]), clip_edit(ids.midi, ids.scenes[0], where=2))
    assert (error.code, error.edit) == (Refusal.SLOT_FILLED, 2)


def test_a_replaced_slot_counts_as_filled_and_a_deleted_one_as_empty(room: Studio) -> None:
    ids, theirs = Ids(room), existing_clip(room)
    result = room.do(Delete(theirs, 0), clip_edit(ids.midi_2, ids.scenes[7]))
    assert result.ids[0] == theirs
    assert room.clips[result.ids[2]].scene == ids.scenes[7]
    error = room.refused(Delete(ids.midi, 0), clip_edit(ids.midi, ids.scenes[0]))
    assert (error.code, error.edit) == (Refusal.GONE, 2)


def test_an_audio_clip_is_warped_as_asked(any_room: Studio, loop_file: str) -> None:
    ids = Ids(any_room)
    (clip_id, notes) = any_room.do(audio_edit(ids, loop_file)).ids
    assert notes == 0
    (audio,) = any_room.daemon.of(ClipAudio)
    assert (audio.clip, audio.file_path, audio.warping, audio.warp_mode) == (clip_id, loop_file, 1, 4)
    assert (any_room.clips[clip_id].is_audio, any_room.clips[clip_id].name) == (1, "Loop")


def test_an_arrangement_clip_leaves_no_trace_of_how_it_was_made(any_room: Studio) -> None:
    ids, song = Ids(any_room), any_room.live.song
    for slot in song.tracks[0].clip_slots:
        slot.create_clip(1.0)
    any_room.step()
    slots = [slot.clip.name for slot in song.tracks[0].clip_slots]
    (clip_id, count) = any_room.do(arranged_clip(ids)).ids
    assert count == 5
    (clip,) = song.tracks[0].arrangement_clips
    assert (clip.start_time, clip.end_time, clip.name, clip.color) == (8.0, 12.0, "Fill", 0x1AFF2F)
    state = any_room.clips[clip_id]
    assert (state.start, state.scene, state.track) == (8.0, 0, ids.midi)
    assert [slot.clip.name for slot in song.tracks[0].clip_slots] == slots
    error = any_room.refused(CreateArrangementClip(ids.midi, 11.0, 4.0, "", -1, encode_notes(some_notes(1))))
    assert error.code == Refusal.SLOT_FILLED
    assert "From beat 8 to 12 of track 1 (1-MIDI) lies a clip already" in error.sentence


def test_audio_goes_into_a_gap_of_the_arrangement_only_if_it_fits(any_room: Studio, loop_file: str) -> None:
    ids, song = Ids(any_room), any_room.live.song
    any_room.do(arranged_audio(ids, loop_file, 16.0))
    (first,) = song.tracks[2].arrangement_clips
    length = first.end_time - first.start_time
    before = any_room.snapshot()
    error = any_room.refused(arranged_audio(ids, loop_file, 16.0 - length / 2))
    assert error.code == Refusal.SLOT_FILLED
    assert "choose a longer gap" in error.sentence
    assert any_room.snapshot() == before
    clip_id = any_room.do(arranged_audio(ids, loop_file, 16.0 - length)).ids[0]
    assert any_room.clips[clip_id].start == 16.0 - length
    assert sorted(clip.start_time for clip in song.tracks[2].arrangement_clips) == [16.0 - length, 16.0]


def test_states_of_new_tracks_and_scenes_come_before_the_result(room: Studio) -> None:
    ids = Ids(room)
    before = len(room.daemon.received)
    result = room.do(CreateTrack(1, ids.midi, "Vocals", 0x1AFF2F), CreateScene(ids.scenes[0], "Intro"))
    told = room.daemon.received[before:]
    at = told.index(result)
    assert [message.id for message in told[:at] if isinstance(message, TrackState)][0:1] != []
    assert (room.tracks[1].id, room.tracks[1].name, room.tracks[1].kind) == (result.ids[0], "Vocals", 1)
    assert (room.scenes[1].id, room.scenes[1].name) == (result.ids[2], "Intro")
    assert any(isinstance(message, SceneState) and message.id == result.ids[2] for message in told[:at])


def test_values_are_told_before_the_result(room: Studio) -> None:
    room.do(SetTempo(97.5), SetMeter(7, 8), SetScale(9, "Minor"))
    song = room.daemon.last(SongState)
    assert (song.tempo, song.numerator, song.denominator, song.root_note, song.scale_name) == (97.5, 7, 8, 9, "Minor")


def test_a_scale_is_switched_on_where_live_can(any_room: Studio) -> None:
    any_room.live.song.scale_name = "Minor"
    any_room.do(SetScale(0, "Minor"))
    song = any_room.daemon.last(SongState)
    assert (song.root_note, song.scale_name) == (0, "Minor")
    assert song.scale_mode == (1 if hasattr(any_room.live.song, "scale_mode") else -1)


def test_notes_can_be_read(room: Studio) -> None:
    clip = existing_clip(room)
    room.daemon.send(ReadNotes("r1", clip))
    room.step_until(lambda: room.daemon.of(NotesRead))
    (read,) = room.daemon.of(NotesRead)
    assert (read.request, read.clip, len(decode_notes(read.notes))) == ("r1", clip, 2)


def test_a_repeat_is_answered_from_memory_and_changes_nothing(room: Studio) -> None:
    ids = Ids(room)
    request = Transaction("press 1", 0.0)
    first = room.ask(request, clip_edit(ids.midi, ids.scenes[0]))
    after = room.snapshot()
    again = room.ask(request, clip_edit(ids.midi, ids.scenes[0]))
    assert isinstance(first, Result)
    assert again == Result("press 1", 1, first.ids)
    assert room.snapshot() == after
    room.daemon.hang_up()
    room.daemon.received.clear()
    room.connect_again()
    assert room.ask(request, clip_edit(ids.midi, ids.scenes[0])) == again


def test_a_transaction_of_many_edits_is_not_split(room: Studio) -> None:
    ids = Ids(room)
    edits = [clip_edit(ids.midi, ids.scenes[0], where=1, notes=some_notes(64)) for _ in range(100)]
    result = room.do(*edits)
    assert len(set(result.ids[::2])) == 100
    assert len(room.live.song.scenes) == 100
    room.live.song.undo()
    assert len(room.live.song.scenes) == 8


@pytest.mark.parametrize("what", ["rename", "notes", "delete"])
def test_clips_of_the_arrangement_are_edited_in_place(any_room: Studio, what: str) -> None:
    ids = Ids(any_room)
    clip = any_room.do(arranged_clip(ids)).ids[0]
    edits: dict[str, Edit] = {
        "rename": Rename(clip, "Break", 0x1A2F96),
        "notes": ReplaceNotes(clip, encode_notes(some_notes(3))),
        "delete": Delete(clip, 1),
    }
    before = any_room.snapshot()
    result = any_room.do(edits[what])
    assert result.ids == (clip, 3 if what == "notes" else 0)
    assert any_room.snapshot() != before
    assert (clip in any_room.clips) == (what != "delete")
    any_room.live.song.undo()
    assert any_room.snapshot() == before


def test_a_stretch_that_is_freed_or_filled_earlier_in_the_transaction_counts(room: Studio) -> None:
    ids = Ids(room)
    first = room.do(arranged_clip(ids)).ids[0]
    again = room.do(Delete(first, 1), arranged_clip(ids)).ids[2]
    assert room.clips[again].start == 8.0
    beside = replace(arranged_clip(ids), start=12.0)
    error = room.refused(beside, replace(beside, start=13.0))
    assert (error.code, error.edit) == (Refusal.SLOT_FILLED, 2)


def test_notes_before_the_clips_start_are_kept(room: Studio) -> None:
    ids = Ids(room)
    early = wire_codec.NoteRecord(60, 0, 1.0, 100.0, 0.0, 64.0, -0.5, 0.25)
    clip = room.do(replace(clip_edit(ids.midi, ids.scenes[0]), notes=encode_notes([early]))).ids[0]
    assert decode_notes(room.notes_told(clip)) == (early,)
