"""Probes of listeners, the notification guard, and deleted objects."""

from __future__ import annotations

from typing import Any, Iterator

from .expect import expect, expect_error, expect_true, midi_clip, midi_track

GUARD = "Changes cannot be triggered by notifications"


def listeners_are_notified_of_changes(run: Any) -> Iterator[float]:
    with midi_track(run.song) as track:
        calls: list[str] = []
        slot = track.clip_slots[0]
        track.add_name_listener(lambda: calls.append("name"))
        track.add_color_listener(lambda: calls.append("color"))
        slot.add_has_clip_listener(lambda: calls.append("has_clip"))
        track.mixer_device.volume.add_value_listener(lambda: calls.append("value"))
        track.name = "probe"
        track.color = 0x001A2F96
        slot.create_clip(4.0)
        track.mixer_device.volume.value = 0.5
        yield 0.2
        expect("calls", sorted(set(calls)), ["color", "has_clip", "name", "value"])


def note_listeners_are_notified(run: Any) -> Iterator[float]:
    import Live

    with midi_clip(run.song) as clip:
        calls: list[int] = []
        clip.add_notes_listener(lambda: calls.append(1))
        clip.add_new_notes((Live.Clip.MidiNoteSpecification(pitch=60, start_time=0.0, duration=1.0),))
        yield 0.2
        expect_true("the notes listener was called", calls)


def writing_inside_a_listener_is_refused(run: Any) -> Iterator[float]:
    with midi_track(run.song) as track:
        errors: list[str] = []

        def write() -> None:
            try:
                track.color = 0x00FF3636
            except RuntimeError as error:
                errors.append(str(error))

        track.add_name_listener(write)
        track.name = "probe"
        yield 0.2
        expect("errors", [GUARD in text for text in errors], [True])


def a_listener_connects_once(run: Any) -> Iterator[float]:
    def listener() -> None:
        """Do nothing."""

    with midi_track(run.song) as track:
        expect("before", track.name_has_listener(listener), False)
        track.add_name_listener(listener)
        expect("after", track.name_has_listener(listener), True)
        expect_error("twice", "Observer already connected", track.add_name_listener, listener)
        track.remove_name_listener(listener)
        expect_error("unknown", "Observer not connected", track.remove_name_listener, listener)
    yield 0.0


def a_dead_object_equals_none_and_refuses(run: Any) -> Iterator[float]:
    with midi_clip(run.song) as clip:
        slot = clip.canonical_parent
        slot.delete_clip()
        expect_true("a dead clip equals None", clip == None)  # noqa: E711  what liveobj_valid does
        expect_true("a dead clip is not None", clip is not None)
        expect_error("its name", "did not match C++ signature", lambda: clip.name)
        expect_error("firing it", "did not match C++ signature", clip.fire)
    yield 0.0


def objects_are_equal_to_themselves(run: Any) -> Iterator[float]:
    song = run.song
    expect_true("the same track twice", song.tracks[0] == song.tracks[0])
    expect_true("two tracks", song.tracks[0] != song.tracks[1])
    expect("pointers", song.tracks[0]._live_ptr, song.tracks[0]._live_ptr)
    expect("index by ==", list(song.tracks).index(song.tracks[1]), 1)
    yield 0.0


PROBES = (
    listeners_are_notified_of_changes,
    note_listeners_are_notified,
    writing_inside_a_listener_is_refused,
    a_listener_connects_once,
    a_dead_object_equals_none_and_refuses,
    objects_are_equal_to_themselves,
)
