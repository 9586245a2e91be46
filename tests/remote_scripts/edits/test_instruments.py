"""Loading an instrument: the first that Live has, on the pads it has, and never at the cost of a clip."""

from __future__ import annotations

import json
from typing import Any

import pytest

from musearoo.bridge.protocol import (
    CreateTrack,
    Error,
    InstrumentState,
    Launch,
    LoadInstrument,
    PlaySong,
    Result,
    StopClips,
    TakeBack,
)
from musearoo.engines.music.note import Note
from musearoo.tools.live_simulator.program.browser.browser import Browser
from tests.remote_scripts.some_edits import Ids
from tests.remote_scripts.studio import Studio, clip_edit

MIDI = 0
DRUMS = [Note(0.0, 36, 0.25, 100.0), Note(1.0, 38, 0.25, 100.0), Note(1.5, 42, 0.25, 100.0)]


def with_sound(*names: str, model: int = 0, drums: int = 0) -> tuple[CreateTrack, LoadInstrument]:
    return CreateTrack(MIDI, 0, "New", -1), LoadInstrument(-1, model, drums, names)


def devices(room: Studio, track: int = -1) -> list[str]:
    return [device.name for device in list(room.live.song.tracks)[track].devices]


def sounds_with(room: Studio, track: int) -> InstrumentState:
    return [state for state in room.daemon.of(InstrumentState) if state.track == track][-1]


def test_the_first_that_is_there_is_loaded_and_told_before_the_answer(any_room: Studio) -> None:
    before, selected = any_room.snapshot(), any_room.live.song.view.selected_track
    result = any_room.do(*with_sound("No Such Kit", "808 core kit", "909 Core Kit", drums=1))
    assert devices(any_room) == ["808 Core Kit"]
    state = sounds_with(any_room, result.ids[0])
    assert (state.name, state.device) == ("808 Core Kit", "DrumGroupDevice")
    assert "38 0 Snare 808" in state.pads
    assert any_room.live.song.view.selected_track == selected
    any_room.live.song.undo()
    assert any_room.snapshot() == before


def test_a_track_with_an_instrument_and_one_that_plays_another_keep_it(room: Studio) -> None:
    ids = Ids(room)
    room.live.song.tracks[0].insert_device("Collision")
    room.live.song.tracks[1].current_output_routing = room.live.song.tracks[0].name
    room.do(LoadInstrument(ids.midi, 0, 0, ("Operator",)))
    second = room.tracks[1].id
    room.do(LoadInstrument(second, 0, 0, ("Operator",)))
    assert (devices(room, 0), devices(room, 1)) == (["Collision"], [])
    assert sounds_with(room, second).name == room.live.song.tracks[0].name


def test_nothing_found_leaves_a_silent_track_and_its_clip(room: Studio) -> None:
    ids = Ids(room)
    result = room.do(*with_sound("No Such Kit"), clip_edit(-1, ids.scenes[0]))
    assert devices(room) == []
    assert sounds_with(room, result.ids[0]) == InstrumentState(result.ids[0], "", "", ())


def test_what_live_refuses_costs_nothing_but_itself(room: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    load = Browser.load_item

    def refuse(browser: Browser, item: Any) -> None:
        if item.name.startswith("909"):
            raise RuntimeError("The preset is damaged")
        load(browser, item)

    monkeypatch.setattr(Browser, "load_item", refuse)
    room.do(*with_sound("909 Core Kit", "808 Core Kit"))
    assert devices(room) == ["808 Core Kit"]


def test_a_slow_browser_is_not_waited_for_longer_than_a_second(room: Studio) -> None:
    room.live.application_model.browser.seconds_per_item = 0.02
    room.script._index._walk_again()
    before = room.clock.now()
    room.do(*with_sound("No Such Kit", "909 Core Kit"))
    assert devices(room) == ["909 Core Kit"]
    assert room.clock.now() - before < 5.0


def test_drums_follow_the_pads_of_the_kit_that_was_loaded(room: Studio) -> None:
    ids = Ids(room)
    folder = room.library / "Presets"
    folder.mkdir()
    text = json.dumps({"pads": [[60, "Kick", 0], [61, "Snare", 0], [42, "Hat", 1]]})
    (folder / "Mine.adg").write_text(text, encoding="utf-8")
    for _ in range(3):
        # The browser lists a new folder, and a new file in it, a moment after somebody looked.
        room.script._index._walk_again()
        room.step(0.3)
    room.do(*with_sound("Mine", drums=1), clip_edit(-1, ids.scenes[0], notes=DRUMS))
    clip = list(room.live.song.tracks)[-1].clip_slots[0].clip
    assert sorted(note.pitch for note in clip.get_all_notes_extended()) == [42, 60, 61]


def test_the_instrument_of_another_track_is_copied_exactly(room: Studio) -> None:
    ids = Ids(room)
    room.live.song.tracks[0].insert_device("Operator")
    room.live.song.tracks[0].devices[0].parameters[1].value = 0.25
    before = room.snapshot()
    room.do(*with_sound("909 Core Kit", model=ids.midi))
    copied = list(room.live.song.tracks)[-1].devices[0]
    assert (copied.name, copied.parameters[1].value) == ("Operator", 0.25)
    room.live.song.undo()
    assert room.snapshot() == before


def test_a_later_edit_that_fails_takes_the_instrument_away(room: Studio) -> None:
    ids = Ids(room)
    before = room.snapshot()
    room.live.song.tracks[0].clip_slots[0].create_clip(4.0)
    room.refused(LoadInstrument(ids.midi, 0, 0, ("Operator",)), clip_edit(ids.midi, ids.scenes[0]))
    room.live.song.tracks[0].clip_slots[0].delete_clip()
    assert room.snapshot() == before


def test_a_launched_clip_is_taken_back_even_if_it_is_not_the_last_step(room: Studio) -> None:
    ids = Ids(room)
    before = room.snapshot()
    room.do(*with_sound("Operator"), clip_edit(-1, ids.scenes[0]), Launch(-3))
    room.step(0.5)
    assert room.live.song.is_playing
    room.live.song.tempo = 99.0
    refused = room.ask(TakeBack("back 1", "request 1"))
    assert isinstance(refused, Error)
    taken = room.ask(TakeBack("back 2", "request 1", insists=1))
    assert isinstance(taken, Result)
    room.step(0.5)
    assert not room.live.song.is_playing
    room.live.song.tempo = 120.0
    assert room.snapshot() == before


def test_clips_are_stopped_and_the_song_plays_and_stops_without_a_step(room: Studio) -> None:
    ids = Ids(room)
    room.do(clip_edit(ids.midi, ids.scenes[0]), Launch(-1))
    room.step(0.5)
    track = room.live.song.tracks[0]
    assert track.playing_slot_index == 0
    room.do(StopClips(ids.midi))
    # By launch quantization: at the next bar.
    room.step(2.5)
    assert (track.playing_slot_index < 0, room.live.song.is_playing) == (True, True)
    room.do(PlaySong(0))
    room.step(0.1)
    assert not room.live.song.is_playing
    room.do(PlaySong(1))
    room.step(0.1)
    assert room.live.song.is_playing
    room.do(PlaySong(0))
    room.live.song.undo()
    assert not track.clip_slots[0].has_clip, "the clip was Live's last step"
    room.refused(StopClips(999_999))
