"""Devices, racks and Max devices: where they are, what moves and copies them, and what Max sees of the set."""

from __future__ import annotations

from typing import Any

import pytest

from musearoo.tools.live_simulator.devices.racks import MaxDevice
from musearoo.tools.live_simulator.program.lom import ObjectModel, RefusalError, max_devices, path_of
from musearoo.tools.live_simulator.program.simulator import Simulator
from musearoo.tools.live_simulator.snapshot import take_snapshot

from .conftest import MakeLive

RACKED = "live_set tracks 1 devices 0 chains 0 devices 0"


def put_into_rack(live: Simulator) -> MaxDevice:
    """Return a Max device within a rack on the second track."""
    rack: Any = live.song_model.tracks[1].insert_device("Audio Effect Rack")
    device: MaxDevice = rack.chains[0].insert_max_device("MuseAroo", "audio", -1, ["Complexity"])
    return device


def keys(live: Simulator) -> list[int]:
    return [device.key for device in max_devices(live.song_model)]


def test_scripts_see_max_devices_and_racks_by_their_own_classes(live: Simulator) -> None:
    put_into_rack(live)
    rack = live.song.tracks[1].devices[0]
    assert isinstance(rack, live.Live.RackDevice.RackDevice)
    assert isinstance(rack, live.Live.Device.Device)
    assert rack.class_name == "AudioEffectGroupDevice"
    assert rack.can_have_chains
    device = rack.chains[0].devices[0]
    assert isinstance(device, live.Live.MaxDevice.MaxDevice)
    assert (device.class_name, device.name, int(device.type)) == ("MxDeviceAudioEffect", "MuseAroo", 2)
    assert [parameter.name for parameter in device.parameters] == ["Device On", "Complexity"]
    assert device.canonical_parent.canonical_parent.canonical_parent == live.song.tracks[1]


@pytest.mark.parametrize("profile", ["11.3.25", "12.3.6"])
def test_a_moved_device_is_the_same_to_max_and_a_new_one_to_scripts(profile: str, make_live: MakeLive) -> None:
    live = make_live(profile)
    device = put_into_rack(live)
    held = live.song.tracks[1].devices[0].chains[0].devices[0]
    assert live.song.move_device(held, live.song.tracks[0], 0) == 0
    assert held == None  # noqa: E711  what a script held of it is dead
    assert path_of(device) == "live_set tracks 0 devices 0"
    assert keys(live) == [device.key]
    live.song.undo()
    assert path_of(device) == RACKED
    rack: Any = live.song.tracks[1].devices[0]
    with pytest.raises(RuntimeError, match="into itself"):
        live.song.move_device(rack, rack.chains[0], 0)


def test_copies_are_devices_of_their_own(live: Simulator) -> None:
    device = put_into_rack(live)
    live.song.duplicate_track(1)
    twin = list(max_devices(live.song_model))[1]
    assert twin.key != device.key
    assert twin.copied_from == device.key
    assert path_of(twin) == RACKED.replace("tracks 1", "tracks 2")
    live.song.tracks[1].devices[0].chains[0].duplicate_device(0)
    assert len(keys(live)) == len(set(keys(live))) == 3
    live.song.undo()
    live.song.undo()
    assert keys(live) == [device.key]


def test_deleting_a_track_takes_its_devices_with_it(live: Simulator) -> None:
    device = put_into_rack(live)
    model = ObjectModel(live)
    pointer = model.resolve("this_device", device.key, 0)._pointer
    live.song.delete_track(1)
    assert keys(live) == []
    assert model.resolve("this_device", device.key, 0) is None
    assert model.path(pointer) == ""
    live.song.undo()
    assert keys(live) == [device.key]
    assert model.path(pointer) == "", "what undo brings back is another object to who held the old one"


def test_moving_a_track_keeps_everything_alive(live: Simulator) -> None:
    device = put_into_rack(live)
    track = live.song.tracks[1]
    live.song_model.move_track(1, 3)
    assert live.song.tracks[3] == track
    assert path_of(device) == RACKED.replace("tracks 1", "tracks 3")
    live.song.undo()
    assert live.song.tracks[1] == track
    with pytest.raises(IndexError):
        live.song_model.move_track(0, 4)


def test_the_snapshot_shows_what_is_in_racks(live: Simulator) -> None:
    put_into_rack(live)
    rack = take_snapshot(live.song_model)["tracks"][1]["devices"][0]
    assert rack["name"] == "Audio Effect Rack"
    assert [device["name"] for device in rack["chains"][0]["devices"]] == ["MuseAroo"]


def test_unknown_devices_and_places_are_refused(live: Simulator) -> None:
    track = live.song_model.tracks[0]
    with pytest.raises(RuntimeError, match="EQ Eight, Audio Effect Rack"):
        track.insert_device("Wavetables")
    with pytest.raises(ValueError, match="audio or instrument or midi"):
        track.insert_max_device("MuseAroo", "video")
    with pytest.raises(IndexError):
        track.insert_device("EQ Eight", 1)
    with pytest.raises(IndexError):
        track.delete_device(0)


PATHS = (
    ("live_set", "Song"),
    ("live_set view", "Song.View"),
    ("live_set tracks 1", "Track"),
    ("live_set tracks 1 clip_slots 3", "ClipSlot"),
    ("live_set tracks 0 clip_slots 0 clip", "Clip"),
    ("live_set tracks 1 devices 0", "RackDevice"),
    ("live_set tracks 1 devices 0 chains 0", "Chain"),
    (RACKED, "MaxDevice"),
    (RACKED + " parameters 1", "DeviceParameter"),
    ("live_set tracks 0 mixer_device volume", "DeviceParameter"),
    ("live_set tracks 0 view", "Track.View"),
    ("live_set master_track", "Track"),
    ("live_set return_tracks 1", "Track"),
    ("live_set scenes 2", "Scene"),
    ("live_app", "Application"),
    ("live_app view", "Application.View"),
)


@pytest.mark.parametrize(("path", "name"), PATHS, ids=[path for path, _ in PATHS])
def test_every_object_has_the_path_by_which_it_was_found(path: str, name: str, live: Simulator) -> None:
    put_into_rack(live)
    live.song.tracks[0].clip_slots[0].create_clip(4.0)
    model = ObjectModel(live)
    pointer = model.resolve(path, 0, 0)._pointer
    assert model.path(pointer) == path
    assert model.class_name(pointer) == name


def test_paths_of_a_device_and_of_the_selection(live: Simulator) -> None:
    device = put_into_rack(live)
    model = ObjectModel(live)

    def lead(path: str, start: int = 0) -> str:
        found = model.resolve(path, device.key, start)
        return "" if found is None else model.path(found._pointer)

    live.song.view.selected_scene = live.song.scenes[4]
    assert lead("this_device") == RACKED
    assert lead("this_device canonical_parent canonical_parent canonical_parent") == "live_set tracks 1"
    assert lead("live_set view selected_scene") == "live_set scenes 4"
    scene = model.resolve("live_set scenes 4", 0, 0)._pointer
    assert lead("clip_slots 2", scene) == "live_set tracks 2 clip_slots 4"
    for nothing in (
        "",
        "live_set view detail_clip",
        "live_set tracks 9",
        "live_set nonsense",
        "tracks 0",
        "live_app 3",
    ):
        assert lead(nothing) == "", nothing


def test_what_live_refuses_is_told_in_its_words(live: Simulator) -> None:
    model = ObjectModel(live)
    song = model.resolve("live_set", 0, 0)._pointer
    main = model.resolve("live_set master_track", 0, 0)._pointer
    model.set(song, "tempo", 99.0)
    assert model.get(song, "tempo") == 99.0
    assert model.call(song, "create_midi_track", [-1]) == live.song.tracks[4]
    for attempt, message in (
        (lambda: model.get(song, "no_such_thing"), "Song has no property or function 'no_such_thing'"),
        (lambda: model.get(song, "_live_ptr"), "no property"),
        (lambda: model.get(main, "arm"), "Main and return tracks have no 'Arm' state!"),
        (lambda: model.set(song, "tempo", "fast"), "did not match C"),
        (lambda: model.set(song, "name", "x"), "can only be read"),
        (lambda: model.call(song, "delete_track", [99]), "Index out of range"),
        (lambda: model.call(song, "tempo", []), "tempo is not a function"),
        (lambda: model.get(12345, "tempo"), "no valid object set"),
    ):
        with pytest.raises(RefusalError, match=message):
            attempt()
