"""Older calls that scripts still use, selection, quantization, envelopes and the rest of the transport bar."""

from __future__ import annotations

from typing import Any

import pytest

from musearoo.tools.live_simulator.program.simulator import Simulator

KICK, SNARE = (36, 0.0, 0.5, 100.0, False), (38, 1.0, 0.5, 90.0, False)


@pytest.fixture
def clip(live: Simulator) -> Any:
    """A MIDI clip with a kick and a snare, written by the older call."""
    slot = live.song.tracks[0].clip_slots[0]
    slot.create_clip(4.0)
    slot.clip.set_notes((KICK, SNARE))
    return slot.clip


def test_notes_as_tuples(live: Simulator, clip: Any) -> None:
    assert clip.get_notes(0.0, 0, 4.0, 128) == (KICK, SNARE)
    clip.set_notes(((36, 0.0, 0.25, 80, False),))
    assert clip.get_notes(0.0, 36, 4.0, 1) == ((36, 0.0, 0.25, 80.0, False),)
    clip.remove_notes(0.0, 36, 4.0, 1)
    assert clip.get_notes(0.0, 0, 4.0, 128) == (SNARE,)
    live.song.undo()
    assert len(clip.get_notes(0.0, 0, 4.0, 128)) == 2
    with pytest.raises(TypeError, match="must be a tuple"):
        clip.set_notes(((36, 0.0),))


def test_selected_notes_are_replaced(clip: Any) -> None:
    assert clip.get_selected_notes() == ()
    clip.select_all_notes()
    assert clip.get_selected_notes() == (KICK, SNARE)
    clip.select_notes_by_id([note.note_id for note in clip.get_notes_extended(38, 1, 0.0, 4.0)])
    clip.replace_selected_notes(((39, 1.0, 0.5, 90.0, False),))
    assert [note[0] for note in clip.get_notes(0.0, 0, 4.0, 128)] == [36, 39]
    assert [note.pitch for note in clip.get_selected_notes_extended()] == [39]
    clip.deselect_all_notes()
    assert clip.get_selected_notes() == ()


def test_quantizing_moves_notes_by_an_amount(clip: Any) -> None:
    clip.set_notes(((40, 0.3, 0.1, 100.0, False),))
    clip.quantize_pitch(40, 5, 0.5)
    assert clip.get_notes(0.0, 40, 4.0, 1)[0][1] == pytest.approx(0.275)
    clip.quantize(5, 1.0)
    assert [note[1] for note in clip.get_notes(0.0, 0, 4.0, 128)] == [0.0, 1.0, 0.25]


def test_a_region_is_copied(clip: Any) -> None:
    clip.duplicate_region(0.0, 1.0, 2.0, 36, 12)
    assert [note[:2] for note in clip.get_notes(0.0, 0, 4.0, 128)] == [(36, 0.0), (38, 1.0), (48, 2.0)]
    assert clip.note_number_to_name(60) == "C3"


def test_envelopes_hold_steps(live: Simulator, clip: Any) -> None:
    volume = live.song.tracks[0].mixer_device.volume
    assert clip.automation_envelope(volume) is None
    envelope = clip.create_automation_envelope(volume)
    envelope.insert_step(1.0, 1.0, 0.5)
    assert (envelope.value_at_time(0.0), envelope.value_at_time(1.5)) == (volume.value, 0.5)
    assert clip.has_envelopes
    with pytest.raises(RuntimeError, match="has an envelope already"):
        clip.create_automation_envelope(volume)
    clip.clear_all_envelopes()
    assert not clip.has_envelopes
    live.song.undo()
    assert clip.automation_envelope(volume).value_at_time(1.5) == 0.5


def test_tapping_sets_the_tempo(live: Simulator) -> None:
    live.song.tap_tempo()
    live.run_for(0.5)
    live.song.tap_tempo()
    assert live.song.tempo == pytest.approx(120.0, abs=3.0)


def test_what_plays_is_captured_into_a_scene(live: Simulator, clip: Any) -> None:
    clip.fire()
    live.run_for(0.5)
    live.song.capture_and_insert_scene()
    copy = live.song.tracks[0].clip_slots[1].clip
    assert copy.get_notes(0.0, 0, 4.0, 128) == (KICK, SNARE)
    assert live.song.view.selected_scene == live.song.scenes[1]


def test_time_is_counted_in_frames(live: Simulator) -> None:
    live.song.current_song_time = 125.0
    live.run_for(0.2)
    shown = live.song.get_current_smpte_song_time(2)
    assert (shown.hours, shown.minutes, shown.seconds, shown.frames) == (0, 1, 2, 12)


def test_devices_are_selected_and_appointed(live: Simulator) -> None:
    live.song.tracks[0].insert_device("Operator")
    device = live.song.tracks[0].devices[0]
    told: list[bool] = []
    live.song.add_appointed_device_listener(lambda: told.append(True))
    live.song.view.select_device(device)
    assert live.song.appointed_device == device == live.song.tracks[0].view.selected_device
    assert told == [True]
    assert live.song.tracks[0].view.select_instrument()


def test_midi_is_mapped(live: Simulator) -> None:
    midi_map, volume = live.Live.MidiMap, live.song.tracks[0].mixer_device.volume
    rule = midi_map.NoteFeedbackRule()
    rule.note_no, rule.vel_map = 60, (1, 127)
    assert midi_map.map_midi_note_with_feedback_map(1, volume, 0, 60, rule)
    assert midi_map.forward_midi_cc(7, 1, 2, 20)
    assert live.mapped[("cc", 2, 20)] == 7
    assert set(live.mapped) == {("note", 0, 60), ("cc", 2, 20)}
