"""Detect audio clips that were dropped or recorded onto a marked track and have settled there. Pure.

Clips that are on a track when it is marked are ignored: only new ones are split.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, SetMirror
from musearoo.bridge.protocol import AutoSplit

STILL_FOR: Final = 0.5
"""Seconds without a change after which a clip has settled: a dragged clip passes other tracks."""

STILL_AFTER_RECORDING: Final = 3.0
"""The same for a recorded clip: Live takes some moments to close its file and report its length."""

NOBODY: Final = 0
"""The session in the mark of a track that the settings mark, not a device."""

_ClipOnTrack = tuple[int, int]
"""Ids of a clip and its track: a clip that is moved onto a marked track arrives there."""


class Arrival(NamedTuple):
    """A clip, by its id, and the mark of its track."""

    clip: int
    mark: AutoSplit


@dataclass(slots=True)
class Arrivals:
    """The arrivals in one set. `names`: the tracks that the settings mark; `mutes`: whether split clips are muted."""

    names: Collection[str] = ()
    mutes: bool = True
    _marked: Collection[int] = ()
    _known: set[_ClipOnTrack] = field(default_factory=set)
    _tracks: dict[AutoSplit, int] = field(default_factory=dict)
    _moving: dict[_ClipOnTrack, tuple[object, float]] = field(default_factory=dict)
    _recorded: set[_ClipOnTrack] = field(default_factory=set)

    def poll(self, mirror: SetMirror, marks: Collection[AutoSplit], now: float) -> list[Arrival]:
        """Return the clips that have settled since they arrived. Call this a few times a second.

        `marks`: what devices have marked; `now`: seconds of any clock.
        """
        if not mirror.complete:
            return []
        marked = self._find_tracks(mirror, marks)
        present = {(clip.id, track) for track in marked for clip in mirror.clips_on_track(track) if clip.is_audio}
        self._known |= {key for key in present if key[1] not in self._marked}
        self._known &= present
        self._marked = marked
        self._recorded &= present
        self._moving = {key: seen for key, seen in self._moving.items() if key in present}
        arrived = []
        for key in sorted(present - self._known):
            clip, track = key
            if self._has_settled(mirror, key, now):
                self._known.add(key)
                del self._moving[key]
                arrived.append(Arrival(clip, marked[track]))
        return arrived

    def _find_tracks(self, mirror: SetMirror, marks: Collection[AutoSplit]) -> dict[int, AutoSplit]:
        """Return the marks by track id. A device names its track by its index at the time of the message."""
        self._tracks = {mark: track for mark, track in self._tracks.items() if mark in marks}
        for mark in marks:
            track = mirror.track_at(mark.track)
            if mark not in self._tracks and track is not None:
                self._tracks[mark] = track.id
        named = [track for name in self.names for track in mirror.tracks_named(AUDIO_TRACK, name)]
        by_name = {track.id: AutoSplit(NOBODY, track.index, 1, "", 4, int(self.mutes)) for track in named}
        return by_name | {track: mark for mark, track in self._tracks.items()}

    def _has_settled(self, mirror: SetMirror, key: _ClipOnTrack, now: float) -> bool:
        clip, audio = mirror.clips[key[0]], mirror.audio.get(key[0])
        if clip.is_recording:
            self._recorded.add(key)
        if clip.is_recording or audio is None or not audio.file_path or audio.sample_length <= 0:
            self._moving[key] = (None, now)
            return False
        # Ignored, because the playing state changes with every launch.
        look = (clip.scene, clip.start, clip.length, audio)
        before, since = self._moving.get(key, (None, now))
        if before != look:
            self._moving[key] = (look, now)
            return False
        return now - since >= (STILL_AFTER_RECORDING if key in self._recorded else STILL_FOR)
