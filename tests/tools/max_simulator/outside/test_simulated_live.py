"""LiveAPI's side of the simulated Live: paths, ids that stay, Max's atoms, what is gone, what is refused."""

from collections.abc import Iterator

import pytest

from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.max_simulator.outside.live_api import LiveAccess, LiveRefusal
from musearoo.tools.max_simulator.outside.simulated_live import SimulatedLive


@pytest.fixture(scope="module")
def process() -> Iterator[LiveProcess]:
    with LiveProcess(profile="12.3.6") as live:
        yield live


@pytest.fixture
def live(process: LiveProcess) -> Iterator[SimulatedLive]:
    steps = process.stats()["undo_steps"]
    yield SimulatedLive(process)
    while process.stats()["undo_steps"] > steps:
        process.undo()


def test_it_is_what_the_simulated_max_asks_for(live: SimulatedLive) -> None:
    access: LiveAccess = live
    assert access.resolve("live_set", 0) == 1


def test_a_device_finds_its_track_through_racks(live: SimulatedLive, process: LiveProcess) -> None:
    process.insert_device("song.tracks[2]", "Audio Effect Rack")
    key = process.insert_max_device("song.tracks[2].devices[0].chains[0]", "MuseAroo", "audio", parameters=["Style"])
    here = live.resolve("this_device", key)
    assert live.path(here) == "live_set tracks 2 devices 0 chains 0 devices 0"
    assert live.type(here) == "MaxDevice"
    climbed = []
    while live.type(here) != "Track":
        here = live.resolve("canonical_parent", key, here)
        climbed.append(live.type(here))
    assert climbed == ["Chain", "RackDevice", "Track"]
    assert live.path(here) == "live_set tracks 2"
    assert live.count(live.resolve("this_device", key), "parameters") == 2
    process.move_track(2, 0)
    assert live.path(here) == "live_set tracks 0", "an id stays with its object"
    assert live.resolve("this_device", 999) == 0


def test_values_are_maxs_atoms(live: SimulatedLive) -> None:
    song = live.resolve("live_set", 0)
    app = live.resolve("live_app", 0)
    assert live.get(song, "tempo") == [120.0]
    assert live.get(song, "is_playing") == [0]
    assert live.get(song, "name") == [""]
    assert live.call(app, "get_version_string") == ["12.3.6"]
    assert live.call(app, "get_major_version") == [12]
    tracks = live.get(song, "tracks")
    assert tracks[0::2] == ["id"] * 4
    assert [live.path(int(id)) for id in tracks[1::2]] == [f"live_set tracks {n}" for n in range(4)]
    assert live.count(song, "scenes") == 8
    view = live.resolve("live_set view", 0)
    assert live.get(view, "detail_clip") == ["id", 0]
    live.set(view, "selected_scene", "id", live.resolve("live_set scenes 5", 0))
    assert live.path(live.resolve("live_set view selected_scene", 0)) == "live_set scenes 5"
    assert live.get(view, "selected_scene") == ["id", live.resolve("live_set scenes 5", 0)]
    live.set(view, "selected_scene", "id", live.resolve("live_set scenes 0", 0))


def test_the_same_object_has_the_same_id_until_it_is_gone(live: SimulatedLive) -> None:
    song = live.resolve("live_set", 0)
    made = live.call(song, "create_midi_track", -1)
    assert made == ["id", live.resolve("live_set tracks 4", 0)]
    track = int(made[1])
    assert live.resolve(f"id {track}", 0) == track
    live.call(song, "delete_track", 4)
    assert not live.alive(track)
    assert (live.path(track), live.type(track), live.resolve(f"id {track}", 0)) == ("", "", 0)
    with pytest.raises(LiveRefusal, match="no valid object set"):
        live.get(track, "name")


def test_what_does_not_exist_is_no_object_and_no_exception(live: SimulatedLive) -> None:
    for path in ("live_set tracks 44", "live_set nothing", "nothing", "live_set view detail_clip", "id 99", "id x", ""):
        assert live.resolve(path, 0) == 0, path
    for id in (0, -1, 99):
        assert live.path(id) == live.type(id) == ""


def test_refusals_carry_lives_words(live: SimulatedLive) -> None:
    song = live.resolve("live_set", 0)
    with pytest.raises(LiveRefusal, match="Song has no property or function 'tracs'"):
        live.get(song, "tracs")
    with pytest.raises(LiveRefusal, match="Index out of range"):
        live.call(song, "delete_track", 99)
    with pytest.raises(LiveRefusal, match="tempo must be in range"):
        live.set(song, "tempo", 5.0)
    with pytest.raises(LiveRefusal, match="not a list of children"):
        live.count(song, "tempo")
