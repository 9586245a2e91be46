"""Tracks, scenes, mixer and routing."""

from __future__ import annotations

import pytest

from musearoo.tools.live_simulator.program.simulator import Simulator

from .conftest import MakeLive


def test_the_set_starts_as_lives_default_set(make_live: MakeLive) -> None:
    song = make_live("12.3.6").song
    assert [track.name for track in song.tracks] == ["1-MIDI", "2-MIDI", "3-Audio", "4-Audio"]
    assert [track.name for track in song.return_tracks] == ["A-Reverb", "B-Delay"]
    assert song.master_track.name == "Main"
    assert make_live("11.3.25").song.master_track.name == "Master"
    assert (len(song.scenes), song.tempo, song.signature_numerator) == (8, 120.0, 4)
    assert len(song.tracks[0].mixer_device.sends) == 2
    assert len(song.tracks[0].devices) == 0
    assert not song.can_undo


def test_creating_tracks(live: Simulator) -> None:
    song = live.song
    assert song.create_midi_track(0) == song.tracks[0]
    assert song.create_audio_track() == song.tracks[5]
    assert [track.name for track in song.tracks] == ["1-MIDI", "2-MIDI", "3-MIDI", "4-Audio", "5-Audio", "6-Audio"]
    assert len(song.tracks[0].clip_slots) == 8
    for index in (7, -2):
        with pytest.raises(IndexError, match="Index out of range"):
            song.create_midi_track(index)


def test_deleting_and_duplicating_tracks(live: Simulator) -> None:
    song = live.song
    song.tracks[1].clip_slots[3].create_clip(2.0)
    song.tracks[1].mixer_device.volume.value = 0.5
    song.duplicate_track(1)
    assert len(song.tracks) == 5
    assert song.tracks[2].clip_slots[3].clip.length == 2.0
    assert song.tracks[2].mixer_device.volume.value == 0.5
    for _ in range(4):
        song.delete_track(0)
    with pytest.raises(RuntimeError, match="last track"):
        song.delete_track(0)
    with pytest.raises(IndexError, match="Index out of range"):
        song.delete_track(1)
    assert song.view.selected_track == song.tracks[0]


def test_scenes(live: Simulator) -> None:
    song = live.song
    song.tracks[0].clip_slots[7].create_clip(4.0)
    song.duplicate_scene(7)
    assert song.tracks[0].clip_slots[8].has_clip
    assert song.create_scene(0) == song.scenes[0]
    assert song.tracks[0].clip_slots[9].has_clip
    assert [slot.canonical_parent.name for slot in song.scenes[9].clip_slots][:2] == ["1-MIDI", "2-MIDI"]
    assert not song.scenes[9].is_empty
    song.delete_scene(9)
    assert not song.tracks[0].clip_slots[9 - 1].is_playing
    with pytest.raises(IndexError, match="Index out of range"):
        song.create_scene(99)
    song.view.selected_scene = song.scenes[4]
    assert song.view.highlighted_clip_slot == song.tracks[0].clip_slots[4]


def test_return_tracks_bring_sends(live: Simulator) -> None:
    song = live.song
    song.tracks[0].mixer_device.sends[1].value = 0.7
    track = song.create_return_track()
    track.name = "Space"
    assert track.name == "C-Space"
    assert len(song.tracks[0].mixer_device.sends) == 3
    song.delete_return_track(0)
    assert round(song.tracks[0].mixer_device.sends[0].value, 6) == 0.7
    assert [other.name for other in song.return_tracks] == ["A-Delay", "B-Space"]


def test_mixer_values(live: Simulator) -> None:
    mixer = live.song.tracks[0].mixer_device
    assert mixer.volume.str_for_value(mixer.volume.value) == "0.0 dB"
    mixer.volume.display_value = -6.0
    assert round(mixer.volume.value, 6) == 0.7
    mixer.panning.value = -0.5
    assert mixer.panning.str_for_value(-0.5) == "25L"
    with pytest.raises(RuntimeError, match="Check the parameters range with min/max"):
        mixer.panning.value = 1.01
    with pytest.raises(RuntimeError, match="Check the parameters range"):
        mixer.panning.value = float("nan")
    with pytest.raises(RuntimeError, match="Only the master track has a cue volume"):
        _ = mixer.cue_volume
    assert live.song.master_track.mixer_device.cue_volume.value == mixer.volume.default_value


def test_what_tracks_refuse(live: Simulator) -> None:
    with pytest.raises(RuntimeError, match="'Arm' state"):
        live.song.master_track.arm = True
    with pytest.raises(RuntimeError, match="group tracks"):
        _ = live.song.tracks[0].fold_state
    with pytest.raises(IndexError):
        live.song.tracks[0].delete_device(0)


def test_solo_mutes_the_others(live: Simulator) -> None:
    heard: list[bool] = []
    other = live.song.tracks[1]
    other.add_muted_via_solo_listener(lambda: heard.append(other.muted_via_solo))
    live.song.tracks[0].solo = 1
    assert heard == [True]


def test_routing_fills_a_tick_after_a_track_is_made(live: Simulator) -> None:
    song = live.song
    track = song.create_audio_track(-1)
    assert [routing.display_name for routing in track.available_input_routing_types] == [""]
    live.run_for(0.1)
    names = [routing.display_name for routing in track.available_input_routing_types]
    expected = ["Ext. In", "Resampling", "3-Audio", "4-Audio", "A-Reverb", "B-Delay", "Main", "No Input"]
    assert names == expected
    assert track.output_routing_type.display_name == "Main"
    resampling = track.available_input_routing_types[1]
    assert resampling.category == live.Live.Track.RoutingTypeCategory.resampling
    track.input_routing_type = resampling
    assert track.input_routing_type == resampling
    track.input_routing_type = track.available_input_routing_types[2]
    assert track.input_routing_type.attached_object == song.tracks[2]
    channels = [channel.display_name for channel in track.available_input_routing_channels]
    assert channels == ["Pre FX", "Post FX", "Post Mixer"]
    track.input_routing_channel = track.available_input_routing_channels[1]
    assert track.input_routing_channel.display_name == "Post FX"
    song.delete_track(2)
    assert track.input_routing_type.display_name == "Ext. In"


def test_a_routing_of_another_track_is_refused(live: Simulator) -> None:
    midi, audio = live.song.tracks[0], live.song.tracks[2]
    with pytest.raises(RuntimeError, match="'Resampling' is not available here"):
        midi.input_routing_type = audio.available_input_routing_types[1]
    with pytest.raises(TypeError, match="TRoutingType"):
        midi.input_routing_type = "All Ins"


def test_data_is_kept_with_song_and_track(live: Simulator) -> None:
    live.song.set_data("key", {"a": 1})
    assert live.song.get_data("key", None) == {"a": 1}
    live.song.set_data("none", None)
    assert live.song.get_data("none", 7) is None
    assert live.song.tracks[0].get_data("key", "default") == "default"


def test_scales(live: Simulator) -> None:
    song = live.song
    assert (song.scale_name, list(song.scale_intervals)) == ("Major", [0, 2, 4, 5, 7, 9, 11])
    heard: list[str] = []
    song.add_scale_information_listener(lambda: heard.append(song.scale_name))
    song.scale_name = "Minor"
    assert heard == ["Minor"]
    with pytest.raises(RuntimeError, match="Invalid scale name"):
        song.scale_name = "Sideways"
    with pytest.raises(RuntimeError, match=r"root_note must be in range 0\.\.11"):
        song.root_note = 12


def test_tempo_bounds(live: Simulator) -> None:
    for tempo in (19.9, 999.1):
        with pytest.raises(RuntimeError, match=r"tempo must be in range 20\.\.999 BPM"):
            live.song.tempo = tempo
    assert live.song.tempo == 120.0
