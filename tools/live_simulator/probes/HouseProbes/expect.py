"""Expectations for probes, and temporary tracks and clips to test on."""

from __future__ import annotations

import contextlib
from typing import Any, Callable, Iterator


class ExpectationError(Exception):
    """Live behaved differently from our assumption."""


def expect(what: str, got: Any, wanted: Any) -> None:
    """Raise ExpectationError when two values differ."""
    if got != wanted:
        raise ExpectationError(f"{what}: expected {wanted!r}, got {got!r}")


def expect_true(what: str, condition: Any, got: Any = "") -> None:
    """Raise ExpectationError when the condition is false."""
    if not condition:
        raise ExpectationError(f"{what} {got!r}" if got != "" else what)


def expect_error(what: str, text: str, action: Callable[..., Any], *arguments: Any) -> None:
    """Raise ExpectationError unless the action raises with `text` in its message."""
    try:
        action(*arguments)
    except Exception as error:
        if text not in str(error):
            raise ExpectationError(f"{what}: expected an error with {text!r}, got {str(error)!r}") from error
        return
    raise ExpectationError(f"{what}: expected an error with {text!r}, got none")


@contextlib.contextmanager
def midi_track(song: Any) -> Iterator[Any]:
    """Provide a temporary MIDI track at the end of the set."""
    song.create_midi_track(-1)
    track = song.tracks[len(song.tracks) - 1]
    try:
        yield track
    finally:
        _delete(song, track)


@contextlib.contextmanager
def audio_track(song: Any) -> Iterator[Any]:
    """Provide a temporary audio track at the end of the set."""
    song.create_audio_track(-1)
    track = song.tracks[len(song.tracks) - 1]
    try:
        yield track
    finally:
        _delete(song, track)


@contextlib.contextmanager
def midi_clip(song: Any, beats: float = 4.0) -> Iterator[Any]:
    """Provide an empty MIDI clip on a temporary track."""
    with midi_track(song) as track:
        track.clip_slots[0].create_clip(beats)
        yield track.clip_slots[0].clip


def _delete(song: Any, track: Any) -> None:
    tracks = list(song.tracks)
    if track in tracks:
        song.delete_track(tracks.index(track))
