"""Listeners, the notification guard, and the death of objects."""

from __future__ import annotations

import pytest

from musearoo.tools.live_simulator.program.simulator import Simulator

from .conftest import MakeLive


def test_a_listener_is_called_once_for_each_change(live: Simulator) -> None:
    track = live.song.tracks[0]
    heard: list[str] = []
    track.add_name_listener(lambda: heard.append(track.name))
    track.name = "Drums"
    track.name = "Drums"
    track.name = "Bass"
    assert heard == ["Drums", "Bass"]


def test_connecting_twice_and_removing_the_unknown_raise(live: Simulator) -> None:
    def listener() -> None:
        """Hear nothing."""

    live.song.add_tempo_listener(listener)
    with pytest.raises(RuntimeError, match="Observer already connected"):
        live.song.add_tempo_listener(listener)
    live.song.remove_tempo_listener(listener)
    with pytest.raises(RuntimeError, match="Observer not connected"):
        live.song.remove_tempo_listener(listener)
    assert live.context.listener_count == 0


@pytest.mark.parametrize(
    "write",
    [
        "song.tempo = 99.0",
        "song.create_scene(-1)",
        "song.start_playing()",
        "song.view.selected_track = song.tracks[1]",
        "song.undo()",
        "song.tracks[0].clip_slots[0].create_clip(4.0)",
    ],
)
def test_writing_in_a_listener_is_refused_and_logged(live: Simulator, write: str) -> None:
    song = live.song
    song.root_note = 1
    song.add_scale_name_listener(lambda: exec(write, {"song": song}))
    song.scale_name = "Minor"
    assert any("Changes cannot be triggered by notifications" in line for line in live.log_lines)
    assert (song.tempo, len(song.scenes), song.scale_name) == (120.0, 8, "Minor")
    assert not song.tracks[0].clip_slots[0].has_clip


def test_reading_in_a_listener_is_allowed(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    heard: list[int] = []
    clip.add_name_listener(lambda: heard.append(len(clip.get_all_notes_extended())))
    clip.name = "x"
    assert heard == [0]
    assert not live.log_lines


def test_the_guard_ends_with_the_listener(live: Simulator) -> None:
    def fail() -> None:
        raise ValueError("on purpose")

    live.song.add_tempo_listener(fail)
    live.song.tempo = 90.0
    assert any("ValueError: on purpose" in line for line in live.log_lines)
    live.song.tempo = 91.0
    assert live.song.tempo == 91.0


def test_one_failing_listener_does_not_silence_the_others(live: Simulator) -> None:
    heard: list[int] = []
    live.song.add_tempo_listener(lambda: [][1])
    live.song.add_tempo_listener(lambda: heard.append(1))
    live.song.tempo = 90.0
    assert heard == [1]


def test_listeners_die_with_their_object(live: Simulator) -> None:
    song = live.song
    track = song.tracks[1]
    track.add_name_listener(lambda: None)
    track.clip_slots[0].add_has_clip_listener(lambda: None)
    track.mixer_device.volume.add_value_listener(lambda: None)
    assert live.context.listener_count == 3
    song.delete_track(1)
    assert live.context.listener_count == 0
    assert track == None  # noqa: E711  what liveobj_valid does
    with pytest.raises(TypeError, match=r"None\.None\(Track\)"):
        _ = track.name
    with pytest.raises(TypeError, match="did not match C\\+\\+ signature"):
        track.remove_name_listener(lambda: None)


def test_handles_are_stable_hashable_and_ordered_by_identity(live: Simulator) -> None:
    song = live.song
    assert song.tracks[0] == song.tracks[0]
    assert song.tracks[0] != song.tracks[1]
    assert len({song.tracks[0], song.tracks[0], song.tracks[1]}) == 2
    first = song.tracks[0]
    song.create_midi_track(0)
    assert list(song.tracks).index(first) == 1
    assert song.tracks[1]._live_ptr == first._live_ptr


def test_numbered_names_tell_when_tracks_move(live: Simulator) -> None:
    track = live.song.tracks[3]
    heard: list[str] = []
    track.name  # noqa: B018  reading settles what was told last
    track.add_name_listener(lambda: heard.append(track.name))
    live.song.create_midi_track(0)
    assert heard == ["5-Audio"]


def test_undo_notifies(live: Simulator) -> None:
    heard: list[float] = []
    live.song.tempo = 90.0
    live.song.add_tempo_listener(lambda: heard.append(live.song.tempo))
    live.song.undo()
    assert heard == [120.0]


def test_mutations_break_what_they_say(make_live: MakeLive) -> None:
    deaf = make_live(mutation="missing-listener")
    heard: list[int] = []
    deaf.song.tracks[0].clip_slots[0].add_has_clip_listener(lambda: heard.append(1))
    deaf.song.tracks[0].clip_slots[0].create_clip(4.0)
    assert heard == []
    unguarded = make_live(mutation="no-notification-guard")
    unguarded.song.add_tempo_listener(lambda: setattr(unguarded.song, "root_note", 5))
    unguarded.song.tempo = 90.0
    assert unguarded.song.root_note == 5
