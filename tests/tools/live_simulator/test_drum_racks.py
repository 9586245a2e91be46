"""Drum racks: pads and their chains, notes and choke groups, macros, undo, and what saving keeps."""

from __future__ import annotations

from typing import Any

import pytest

from musearoo.tools.live_simulator.program.simulator import Simulator
from musearoo.tools.live_simulator.snapshot import open_set, take_snapshot

KIT = {36: ("Kick", 0), 38: ("Snare", 0), 42: ("Closed Hat", 1), 46: ("Open Hat", 1)}


@pytest.fixture
def rack(live: Simulator) -> Any:
    """A drum rack with four pads, as scripts see it."""
    live.song.tracks[0].insert_device("Drum Rack")
    model: Any = live.song_model.tracks[0].devices[0]
    model.fill(KIT)
    return live.song.tracks[0].devices[0]


def test_a_bare_rack_has_pads_that_are_named_by_their_notes(live: Simulator) -> None:
    live.song.tracks[0].insert_device("Drum Rack")
    rack = live.song.tracks[0].devices[0]
    assert (rack.class_name, rack.can_have_drum_pads, rack.has_drum_pads) == ("DrumGroupDevice", True, True)
    assert (len(rack.drum_pads), len(rack.visible_drum_pads)) == (128, 16)
    assert [(pad.note, pad.name) for pad in rack.visible_drum_pads][:2] == [(36, "C1"), (37, "C#1")]
    assert not any(pad.chains for pad in rack.drum_pads)


def test_a_kit_s_chains_are_on_its_pads(rack: Any) -> None:
    pads = {pad.note: pad for pad in rack.drum_pads if pad.chains}
    assert {note: (pad.name, pad.chains[0].choke_group) for note, pad in pads.items()} == KIT
    assert pads[36].chains[0].devices[0].class_name == "OriginalSimpler"
    assert pads[36].chains[0].mixer_device.volume.str_for_value(0.85) == "0.0 dB"


def test_moving_a_chain_moves_its_pad_and_tells_listeners(rack: Any) -> None:
    told: list[str] = []
    rack.drum_pads[61].add_name_listener(lambda: told.append(rack.drum_pads[61].name))
    rack.chains[1].in_note = 61
    assert told == ["Snare"]
    assert (rack.drum_pads[38].name, rack.drum_pads[61].name) == ("D1", "Snare")


def test_pads_are_muted_emptied_and_copied(live: Simulator, rack: Any) -> None:
    before = take_snapshot(live.song_model)
    rack.drum_pads[36].mute = True
    assert rack.chains[0].mute
    rack.copy_pad(38, 40)
    assert [chain.name for chain in rack.drum_pads[40].chains] == ["Snare"]
    rack.drum_pads[42].delete_all_chains()
    assert not rack.drum_pads[42].chains
    for _ in range(3):
        live.song.undo()
    assert take_snapshot(live.song_model) == before


def test_macros_and_their_variations(rack: Any) -> None:
    assert (rack.visible_macro_count, len(rack.macros_mapped), rack.variation_count) == (8, 16, 0)
    rack.add_macro()
    assert rack.visible_macro_count == 9
    rack.parameters[1].value = 64.0
    rack.store_variation()
    rack.parameters[1].value = 10.0
    rack.recall_selected_variation()
    assert rack.parameters[1].value == 64.0
    rack.delete_selected_variation()
    assert (rack.variation_count, rack.selected_variation_index) == (0, -1)
    with pytest.raises(RuntimeError, match="No variation is selected"):
        rack.recall_selected_variation()


def test_a_copied_track_has_the_kit(live: Simulator, rack: Any) -> None:
    rack.chains[0].color_index = 7
    live.song.duplicate_track(0)
    copy = live.song.tracks[1].devices[0]
    assert copy != rack
    assert [(chain.name, chain.in_note) for chain in copy.chains] == [(name, note) for note, (name, _) in KIT.items()]
    assert copy.chains[0].color_index == 7


def test_a_saved_set_opens_with_its_kit(live: Simulator, rack: Any) -> None:
    rack.name = "My Kit"
    saved = take_snapshot(live.song_model)
    live.song.tracks[0].delete_device(0)
    open_set(live.song_model, saved)
    assert take_snapshot(live.song_model) == saved


def test_a_track_with_an_instrument_gives_sound(live: Simulator) -> None:
    track = live.song.tracks[0]
    told: list[bool] = []
    track.add_has_audio_output_listener(lambda: told.append(track.has_audio_output))
    assert (track.has_midi_output, track.output_routing_type.display_name) == (True, "No Output")
    track.insert_device("Operator")
    assert told == [True]
    assert (track.has_midi_output, track.output_routing_type.display_name) == (False, "Main")
    assert track.current_output_routing == "Main"
