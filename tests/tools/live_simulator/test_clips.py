"""Clips and slots: making them, their limits, their loops, their samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from musearoo.tools.live_simulator.core.palette import PALETTE
from musearoo.tools.live_simulator.program.simulator import Simulator
from tests.remote_scripts.played import second_on_timeline

from .conftest import MakeLive
from .core.test_undo import write_wave


@pytest.fixture
def wave(tmp_path: Path) -> str:
    return write_wave(tmp_path / "two seconds.wav")


def test_a_new_midi_clip(live: Simulator) -> None:
    slot = live.song.tracks[0].clip_slots[0]
    clip = slot.create_clip(8.0)
    assert clip == slot.clip
    assert (clip.name, clip.length, clip.looping, clip.is_midi_clip) == ("", 8.0, True, True)
    assert clip.canonical_parent == slot
    assert clip.color == live.song.tracks[0].color
    assert clip.is_session_clip
    assert not clip.is_arrangement_clip


def test_what_create_clip_refuses(live: Simulator, wave: str) -> None:
    song = live.song
    midi, audio = song.tracks[0].clip_slots[0], song.tracks[2].clip_slots[0]
    midi.create_clip(4.0)
    with pytest.raises(RuntimeError, match="This clip slot already has a clip"):
        midi.create_clip(4.0)
    with pytest.raises(RuntimeError, match="MIDI clips can only be created on MIDI tracks"):
        audio.create_clip(4.0)
    with pytest.raises(RuntimeError, match="Audio clips can only be created on audio tracks"):
        song.tracks[0].clip_slots[1].create_audio_clip(wave)
    with pytest.raises(ValueError, match="greater than 0"):
        song.tracks[0].clip_slots[1].create_clip(0.0)
    live.song_model.tracks[0].is_frozen = True
    with pytest.raises(RuntimeError, match="Clips cannot be created on frozen tracks"):
        song.tracks[0].clip_slots[1].create_clip(4.0)
    with pytest.raises(RuntimeError, match="has no clip"):
        song.tracks[0].clip_slots[1].delete_clip()


def test_an_audio_clip_reads_its_file(live: Simulator, wave: str) -> None:
    clip = live.song.tracks[2].clip_slots[0].create_audio_clip(wave)
    assert (clip.name, clip.file_path) == ("two seconds", wave)
    assert (clip.sample_length, clip.sample_rate, clip.length) == (88200, 44100.0, 4.0)
    assert (clip.warping, clip.warp_mode, list(clip.available_warp_modes)) == (True, 0, [0, 1, 2, 3, 4, 6])
    assert clip.gain_display_string == "0.0 dB"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: "loop.wav", "Please provide an absolute path"),
        (lambda folder: str(folder / "missing.wav"), "does not appear to point to a valid audio file"),
        (lambda _: __file__, "does not appear to point to a valid audio file"),
    ],
)
def test_bad_files_are_refused(live: Simulator, tmp_path: Path, make: Any, message: str) -> None:
    slot = live.song.tracks[2].clip_slots[0]
    with pytest.raises(ValueError, match=message):
        slot.create_audio_clip(make(tmp_path))
    assert not slot.has_clip


def test_warping_shows_a_tick_later_within_one_step(live: Simulator, wave: str) -> None:
    song = live.song
    song.begin_undo_step()
    clip = song.tracks[2].clip_slots[0].create_audio_clip(wave)
    clip.warping = False
    assert clip.warping is True
    song.end_undo_step()
    live.run_for(0.1)
    assert clip.warping is False
    assert (clip.loop_end, clip.looping) == (2.0, False)
    with pytest.raises(RuntimeError, match="cannot be looped"):
        clip.looping = True
    song.undo()
    assert not song.tracks[2].clip_slots[0].has_clip
    assert not song.can_undo


def test_warp_markers_map_beats_to_samples(live: Simulator, wave: str) -> None:
    clip = live.song.tracks[2].clip_slots[0].create_audio_clip(wave)
    assert [(m.sample_time, m.beat_time) for m in clip.warp_markers] == [(0.0, 0.0), (0.015625, 0.03125)]
    assert clip.beat_to_sample_time(1.0) == 22050.0
    clip.add_warp_marker(live.Live.Clip.WarpMarker(1.0, 4.0))
    assert clip.beat_to_sample_time(2.0) == 22050.0
    assert clip.sample_to_beat_time(44100.0) == 4.0
    clip.move_warp_marker(4.0, -1.0)
    assert clip.beat_to_sample_time(3.0) == 44100.0
    clip.remove_warp_marker(3.0)
    with pytest.raises(RuntimeError, match="specified warp marker doesn't exist"):
        clip.remove_warp_marker(3.0)
    with pytest.raises(RuntimeError, match="in order"):
        clip.add_warp_marker(live.Live.Clip.WarpMarker(1.0, -1.0))
    with pytest.raises(RuntimeError, match=r"must be in range 0\.\.2 seconds"):
        clip.add_warp_marker(live.Live.Clip.WarpMarker(2.5, 8.0))


def test_the_hidden_warp_marker_and_the_last_one_stay(live: Simulator, wave: str) -> None:
    clip = live.song.tracks[2].clip_slots[0].create_audio_clip(wave)
    hidden = clip.warp_markers[1].beat_time
    with pytest.raises(RuntimeError, match="shadow marker can't be moved"):
        clip.move_warp_marker(hidden, 1.0)
    with pytest.raises(RuntimeError, match="doesn't exist"):
        clip.remove_warp_marker(hidden)
    with pytest.raises(RuntimeError, match="must keep one"):
        clip.remove_warp_marker(0.0)


def test_what_is_not_warped_takes_no_warp_markers(live: Simulator, wave: str) -> None:
    clip = live.song.tracks[2].clip_slots[0].create_audio_clip(wave)
    clip.warping = False
    with pytest.raises(RuntimeError, match="only available for warped"):
        clip.add_warp_marker(live.Live.Clip.WarpMarker(1.0, 4.0))


def test_loop_and_markers(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(8.0)
    clip.loop_start = 2.0
    assert (clip.length, clip.position, clip.start_marker) == (6.0, 2.0, 0.0)
    clip.position = 4.0
    assert (clip.loop_start, clip.loop_end, clip.end_marker) == (4.0, 10.0, 10.0)
    with pytest.raises(RuntimeError, match="LoopStart behind LoopEnd"):
        clip.loop_start = 10.0
    with pytest.raises(RuntimeError, match="LoopEnd before LoopStart"):
        clip.loop_end = 4.0
    clip.looping = False
    assert (clip.loop_start, clip.loop_end) == (0.0, 10.0)
    clip.start_marker = 1.0
    assert clip.start_marker == 0.0
    clip.end_marker = 5.0
    assert (clip.end_marker, clip.loop_end) == (5.0, 10.0)
    clip.looping = True
    assert (clip.loop_start, clip.loop_end) == (4.0, 10.0)


def test_colours_are_the_palettes(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    assert len(PALETTE) == len(set(PALETTE)) == 70
    for colour in PALETTE:
        clip.color = colour
        assert clip.color == colour
        assert PALETTE[clip.color_index] == colour
    with pytest.raises(ValueError, match=r"color_index must be in range 0\.\.69, not 70"):
        clip.color_index = 70


def test_duplicating_replaces_and_copies_deeply(live: Simulator) -> None:
    slots = live.song.tracks[0].clip_slots
    source = slots[0].create_clip(4.0)
    source.add_new_notes((live.Live.Clip.MidiNoteSpecification(60, 0.0, 1.0),))
    slots[2].create_clip(1.0)
    slots[0].duplicate_clip_to(slots[2])
    copy = slots[2].clip
    source.remove_notes_extended(0, 128, 0.0, 4.0)
    assert (copy.length, len(copy.get_all_notes_extended())) == (4.0, 1)
    with pytest.raises(RuntimeError, match="Incompatible track types"):
        slots[0].duplicate_clip_to(live.song.tracks[2].clip_slots[0])


def test_the_arrangement_cuts_what_lies_under_a_new_clip(live: Simulator) -> None:
    track = live.song.tracks[0]
    track.create_midi_clip(0.0, 16.0)
    track.create_midi_clip(4.0, 4.0)
    spans = [(clip.start_time, clip.end_time) for clip in track.arrangement_clips]
    assert spans == [(0.0, 4.0), (4.0, 8.0), (8.0, 16.0)]
    track.delete_clip(track.arrangement_clips[1])
    assert len(track.arrangement_clips) == 2
    assert live.song.last_event_time == 16.0


@pytest.mark.parametrize("how", ["plain", "looping", "not warped"])
def test_what_is_left_of_a_cut_clip_plays_on_as_before(live: Simulator, wave: str, how: str) -> None:
    track = live.song.tracks[2]
    clip = live.song_model.tracks[2].create_audio_clip(wave, 8.0)
    clip.looping = how == "looping"
    if how == "not warped":
        clip.warping = False
        live.run_for(0.1)
    elif how == "looping":
        clip.loop_end, clip.loop_start = 1.75, 0.5
        clip._span = (8.0, 20.0)
    beats = [8.0 + step / 7 for step in range(90)]
    before = [second_on_timeline(track, beat, 120.0) for beat in beats]
    live.song_model.tracks[2].create_audio_clip(wave, 10.5)
    after = [second_on_timeline(track, beat, 120.0) for beat in beats]
    for beat, was, found in zip(beats, before, after, strict=True):
        if not 10.5 <= beat < 14.5:
            assert (found is None) == (was is None), beat
            assert was is None or found == pytest.approx(was)


def test_arrangement_limits(live: Simulator, wave: str) -> None:
    song = live.song
    clip = song.tracks[0].clip_slots[0].create_clip(4.0)
    with pytest.raises(ValueError, match=r"1\.5768e\+06 beats"):
        song.tracks[2].create_audio_clip(wave, 1576801.0)
    with pytest.raises(RuntimeError, match="Incompatible track types"):
        song.tracks[2].duplicate_clip_to_arrangement(clip, 0.0)
    with pytest.raises(RuntimeError, match="hold no clips"):
        song.master_track.create_midi_clip(0.0, 4.0)
    placed = song.tracks[2].create_audio_clip(wave, 8.0)
    assert (placed.start_time, placed.end_time, placed.is_arrangement_clip) == (8.0, 12.0, True)
    placed.fire()
    live.run_for(0.3)
    assert not placed.is_playing


def test_track_create_audio_clip_returned_none_until_12_2(make_live: MakeLive, wave: str) -> None:
    for profile, returns in (("11.3.25", False), ("12.0.5", False), ("12.2.0", True)):
        track = make_live(profile).song.tracks[2]
        assert (track.create_audio_clip(wave, 0.0) is not None) == returns
        assert len(track.arrangement_clips) == 1


def test_audio_properties_are_refused_on_midi_clips(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    for name in ("gain", "warping", "file_path", "sample_length", "warp_markers", "pitch_coarse"):
        with pytest.raises(RuntimeError, match="is only available for Audio Clips"):
            getattr(clip, name)
    with pytest.raises(RuntimeError, match="Gain is only available for Audio Clips"):
        clip.gain = 0.5


def test_the_browser_loads_audio_where_old_lives_have_no_other_way(make_live: MakeLive, tmp_path: Path) -> None:
    (tmp_path / "Samples").mkdir()
    write_wave(tmp_path / "Samples" / "loop.wav")
    (tmp_path / "notes.txt").write_text("no audio", encoding="utf-8")
    live = make_live("12.0.0", user_library=str(tmp_path))
    library = live.application.browser.user_library
    assert [item.name for item in library.children] == ["Samples", "notes.txt"]
    loop = next(iter(library.children[0].iter_children))
    live.song.view.selected_track = live.song.tracks[3]
    live.application.browser.load_item(loop)
    assert not live.song.tracks[3].clip_slots[0].has_clip, "Live loads at its next tick"
    live.run_for(0.1)
    assert live.song.tracks[3].clip_slots[0].clip.sample_length == 88200
    live.application.browser.load_item(loop)
    live.run_for(0.1)
    assert live.song.tracks[4].clip_slots[0].has_clip


def test_the_browser_lists_a_new_file_a_while_later(make_live: MakeLive, tmp_path: Path) -> None:
    live = make_live("12.0.0", user_library=str(tmp_path))
    library = live.application.browser.user_library
    write_wave(tmp_path / "loop.wav")
    assert list(library.children) == []
    live.run_for(1.0)
    assert [item.name for item in library.children] == ["loop.wav"]


def test_a_groove_moves_a_clip_until_undo(live: Simulator) -> None:
    live.song_model.groove_pool.add("Swing 16ths 57")
    (groove,) = live.song.groove_pool.grooves
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    assert (clip.groove, clip.has_groove) == (None, False)
    clip.groove = groove
    assert (clip.groove, clip.has_groove) == (groove, True)
    copy = live.song.tracks[0].duplicate_clip_to_arrangement(clip, 0.0)
    assert copy.groove == groove
    live.song.undo()
    live.song.undo()
    assert clip.groove is None
    clip.groove = groove
    clip.groove = None
    assert not clip.has_groove
