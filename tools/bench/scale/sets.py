"""Sets of Live that differ in nothing but their size: what plays in the scene that is pressed is always the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK
from musearoo.bridge.protocol import (
    ClipAudio,
    ClipNotes,
    ClipState,
    ClipWarp,
    InstrumentState,
    MixerState,
    SceneState,
    Selection,
    SetReady,
    SongState,
    TrackState,
)
from musearoo.bridge.protocol.codec import NoteRecord, encode_notes, encode_warp_markers
from musearoo.bridge.protocol.types import Message

STYLE: Final = "funk"
BARS: Final = 8
"""What is pressed in each set."""
BEATS: Final = 4.0
TEMPO: Final = 120.0
PLAYING: Final = 8
"""Tracks with a clip in the first scene, which is the one that is pressed; the first track has none there."""
AUDIO_EVERY: Final = 4
"""Every fourth track is audio."""
SAMPLES, RATE = 96_000, 48_000.0
_CHORD: Final = (57, 60, 64, 69)
_WARP: Final = [[0.0, 0.0], [SAMPLES / RATE, BEATS]]


@dataclass(frozen=True, slots=True)
class SetSize:
    """How large a set is: its tracks, its scenes, and its clips at most."""

    tracks: int
    scenes: int
    most_clips: int

    def slots(self) -> Iterator[tuple[int, int]]:
        """Yield track and scene of each clip by index: those of the first scene, then scene by scene."""
        first = [(track, 0) for track in range(1, min(self.tracks, PLAYING + 1))]
        yield from first
        left = self.most_clips - len(first)
        for number in range(min(left, self.tracks * (self.scenes - 1))):
            row, track = divmod(number, self.tracks)
            # Shifted from track to track: where there are fewer clips than slots, all scenes have as many.
            yield track, 1 + (row + track) % (self.scenes - 1)

    @property
    def clips(self) -> int:
        """The number of its clips."""
        return sum(1 for _ in self.slots())


def describe_set(size: SetSize) -> dict[str, Any]:
    """Return a set of that size as the simulated Live opens it."""
    tracks: list[dict[str, Any]] = [
        {"kind": "audio" if _is_audio(number) else "midi", "given_name": _name(number), "slots": [None] * size.scenes}
        for number in range(size.tracks)
    ]
    for track, scene in size.slots():
        clip: dict[str, Any] = {"name": _name(track), "length": BEATS}
        if _is_audio(track):
            warp = {"warping": True, "warp_markers": _WARP, "seconds_per_beat": 60.0 / TEMPO}
            clip |= {"audio": [_path(track, scene), SAMPLES, RATE, 2], **warp}
        else:
            clip |= {"notes": [[pitch, float(beat), 1.0, 100.0] for beat, pitch in enumerate(_CHORD)]}
        tracks[track]["slots"][scene] = clip
    scenes = [{"name": f"scene {number + 1}"} for number in range(size.scenes)]
    return {"song": {"tempo": TEMPO}, "scenes": scenes, "tracks": tracks}


def messages_of(size: SetSize) -> Iterator[Message]:
    """Yield what the Remote Script reports of a set of that size."""
    yield SongState("scale", TEMPO, 4, 4, 9, "Minor", 0, 0)
    rows = range(size.tracks + 1, size.tracks + 1 + size.scenes)
    for index in range(size.tracks):
        track, kind = index + 1, AUDIO_TRACK if _is_audio(index) else MIDI_TRACK
        yield TrackState(track, index, kind, _name(index), 0, 0, 0, 0, 0)
        yield MixerState(track, 0.85, 0.0, "", (0.0, 0.0))
        if kind == MIDI_TRACK:
            yield InstrumentState(track, "", "", ())
    for index, scene in enumerate(rows):
        yield SceneState(scene, index, f"scene {index + 1}")
    notes = encode_notes(NoteRecord(pitch, 0, 1.0, 100.0, 0.0, 64.0, beat, 1.0) for beat, pitch in enumerate(_CHORD))
    warp = encode_warp_markers([(second, beat) for second, beat in _WARP])
    for id, (index, row) in enumerate(size.slots(), rows.stop):
        is_audio = int(_is_audio(index))
        loop = (1, 0.0, BEATS, 0.0, BEATS)
        yield ClipState(id, index + 1, rows[row], 0.0, is_audio, _name(index), 0, BEATS, *loop, 4, 4, 0, 0)
        if is_audio:
            yield ClipAudio(id, _path(index, row), float(SAMPLES), RATE, 1, 0, 0.4)
            yield ClipWarp(id, warp)
        else:
            yield ClipNotes(id, notes)
    yield Selection(1, rows[0], 0)
    yield SetReady(size.tracks + size.scenes + size.clips)


def _is_audio(track: int) -> bool:
    return track % AUDIO_EVERY == AUDIO_EVERY - 1


def _name(track: int) -> str:
    return f"part {track + 1}"


def _path(track: int, scene: int) -> str:
    return f"/scale/{track}-{scene}.wav"
