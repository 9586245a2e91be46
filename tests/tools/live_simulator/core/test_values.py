"""Vectors, enums and the other values that Live hands out as copies."""

from __future__ import annotations

import pytest

from musearoo.tools.live_simulator.program.simulator import Simulator


def test_vectors_are_sequences_that_are_no_lists(live: Simulator) -> None:
    tracks = live.song.tracks
    assert not isinstance(tracks, (list, tuple))
    assert (len(tracks), tracks[-1] == tracks[3], tracks[0] in tracks) == (4, True, True)
    assert [track.name for track in tracks[1:3]] == ["2-MIDI", "3-Audio"]
    assert type(tracks).__name__ == "Vector"
    with pytest.raises(IndexError, match="Index out of range"):
        _ = tracks[4]
    with pytest.raises(TypeError, match="Invalid index type"):
        _ = tracks["0"]


def test_vectors_are_copies(live: Simulator) -> None:
    scenes = live.song.scenes
    live.song.create_scene(-1)
    assert (len(scenes), len(live.song.scenes)) == (8, 9)


def test_vectors_hold_one_type(live: Simulator) -> None:
    ids = live.Live.Base.IntU64Vector()
    ids.append(3)
    ids.extend((4, 5))
    assert list(ids) == [3, 4, 5]
    with pytest.raises(TypeError, match="Attempting to append an invalid type"):
        ids.append("6")


def test_enums_are_ints_with_names(live: Simulator) -> None:
    quantization = live.Live.Song.Quantization
    assert quantization.q_bar == 4
    assert (quantization.q_bar.name, repr(quantization.q_bar)) == ("q_bar", "Song.Quantization.q_bar")
    assert quantization.values[0] is quantization.q_no_q
    assert quantization.names["q_bar"] is quantization(4)
    assert isinstance(live.song.clip_trigger_quantization, int)
    live.song.clip_trigger_quantization = quantization.q_half
    assert live.song.clip_trigger_quantization is quantization.q_half


def test_a_specification_takes_what_boost_takes(live: Simulator) -> None:
    make = live.Live.Clip.MidiNoteSpecification
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    clip.add_new_notes([make(start_time=1, duration=2, pitch=60, velocity=64, mute=0)])
    note = clip.get_all_notes_extended()[0]
    assert (note.start_time, note.duration, note.velocity, note.mute) == (1.0, 2.0, 64.0, False)
    assert (note.probability, note.velocity_deviation, note.release_velocity) == (1.0, 0.0, 64.0)
    for arguments in ((60.0, 0.0, 1.0), (60, "0", 1.0), (60, 0.0, None)):
        with pytest.raises(TypeError, match="Python argument types in"):
            make(*arguments)
    with pytest.raises(TypeError):
        make(60)


def test_other_objects_are_no_specifications(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    clip.add_new_notes((live.Live.Clip.MidiNoteSpecification(60, 0.0, 1.0),))
    for wrong in (5, {"pitch": 60}, clip.get_all_notes_extended()[0]):
        with pytest.raises(TypeError, match=r"No registered converter .*TNoteSpecification"):
            clip.add_new_notes((wrong,))
    with pytest.raises(TypeError, match="not iterable"):
        clip.add_new_notes(5)
    with pytest.raises(TypeError, match="invalid type"):
        live.Live.Clip.MidiNoteVector().append(5)
    assert len(clip.get_all_notes_extended()) == 1


def test_a_note_is_a_copy(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    clip.add_new_notes((live.Live.Clip.MidiNoteSpecification(60, 0.0, 1.0),))
    note = clip.get_all_notes_extended()[0]
    note.pitch = 61
    assert clip.get_all_notes_extended()[0].pitch == 60
    with pytest.raises(TypeError, match="did not match"):
        note.pitch = 61.5
    with pytest.raises(AttributeError):
        note.note_id = 7


def test_beat_times_count_from_one(live: Simulator) -> None:
    song = live.song
    song.signature_numerator, song.signature_denominator = 6, 8
    song.current_song_time = 3.5
    live.run_for(0.05)
    time = song.get_current_beats_song_time()
    assert (time.bars, time.beats, time.sub_division, time.ticks) == (2, 2, 1, 1)
    assert str(song.get_beats_loop_start()) == "001.01.01.001"
