"""Protocols for parent links: what clips, slots and tracks need of the track, the set and the transport.

Imports go only downwards, from the set to the clip; upward references use these protocols. Every object behind a link
is also a `Model`, which a protocol cannot express.
"""

from __future__ import annotations

import sys
from typing import Any, Callable

from musearoo.tools.live_simulator.live_set.groove import GroovePool

if sys.version_info >= (3, 8):
    from typing import Protocol as Protocol  # novm
else:
    Protocol = object


class PlayedClip(Protocol):
    """The clip properties that the playhead needs."""

    @property
    def _markers(self) -> tuple[float, float]: ...

    @property
    def _warping(self) -> bool: ...

    @property
    def is_audio_clip(self) -> bool:
        """True for a clip with a sample."""

    @property
    def is_recording(self) -> bool:
        """True while the clip records."""

    @property
    def looping(self) -> bool:
        """Whether the clip loops."""

    @property
    def loop_start(self) -> float:
        """The loop's start, in beats."""

    @property
    def loop_end(self) -> float:
        """The loop's end, in beats."""

    @property
    def length(self) -> float:
        """The loop's length, in beats."""

    def notify(self, *names: str) -> None:
        """Notify the listeners of properties."""


class TransportLink(Protocol):
    """The transport methods that a set and its parts use."""

    def defer(self, action: Callable[[], None]) -> None:
        """Run an action at the next pulse."""

    def schedule(self, track: Any, slot: Any) -> None:
        """Schedule a slot's launch by its quantization."""

    def schedule_stop(self, track: Any, quantized: bool) -> None:
        """Schedule a stop of a track."""

    def forget_clip(self, clip: Any) -> None:
        """Stop a clip that is about to be deleted."""

    def forget_track(self, track: Any) -> None:
        """Drop the pending launches of a track that is about to be deleted."""


class TrackLink(Protocol):
    """The track members that clips, slots and routing choices use."""

    @property
    def song(self) -> SongLink:
        """The set."""

    @property
    def name(self) -> str:
        """The name as shown."""

    @property
    def color_index(self) -> int:
        """The index of its colour in the palette."""

    @property
    def has_audio_output(self) -> bool:
        """Whether the track gives sound: always, except a MIDI track without an instrument."""

    @property
    def is_audio(self) -> bool:
        """True for tracks whose input is audio."""

    @property
    def is_frozen(self) -> bool:
        """True while the track is frozen, when no clip can be created."""

    @property
    def is_recording(self) -> bool:
        """True while a clip of the track is recording."""

    @property
    def solo(self) -> bool:
        """Whether the track is soloed."""

    @property
    def clip_slots(self) -> tuple[Any, ...]:
        """The slots, one per scene."""

    @property
    def arrangement_clips(self) -> tuple[Any, ...]:
        """The clips of the Arrangement, ordered by start."""

    @property
    def fired_slot(self) -> Any:
        """The slot whose launch is waiting for quantization, or None."""

    @property
    def fired_clip(self) -> Any:
        """The clip whose launch is waiting for quantization, or None."""

    def launch(self, slot: Any) -> None:
        """Ask the transport to launch a slot."""

    def stop_clip(self, quantized: bool) -> None:
        """Ask the transport to stop the track's clip."""

    def notify(self, *names: str) -> None:
        """Notify the listeners of properties."""


class SongLink(Protocol):
    """The song members that tracks and their parts use."""

    @property
    def version(self) -> tuple[int, ...]:
        """The Live version that opened the set."""

    @property
    def file_path(self) -> str:
        """The path of the set's file, or ""."""

    @property
    def tempo(self) -> float:
        """The tempo in BPM."""

    @property
    def transport(self) -> TransportLink:
        """The transport."""

    appointed_device: Any

    @property
    def tracks(self) -> tuple[TrackLink, ...]:
        """The MIDI and audio tracks."""

    @property
    def return_tracks(self) -> tuple[TrackLink, ...]:
        """The return tracks."""

    @property
    def master_track(self) -> TrackLink:
        """The master track."""

    @property
    def groove_pool(self) -> GroovePool:
        """The groove pool."""

    @property
    def scenes(self) -> tuple[Any, ...]:
        """The rows of the Session grid."""

    @property
    def view(self) -> Any:
        """The user's selection."""

    def create_scene(self, index: int) -> Any:
        """Create an empty scene at an index (-1: at the end) and return it."""

    def notify(self, *names: str) -> None:
        """Notify the listeners of properties."""


class SceneSong(SongLink, Protocol):
    """The song members that scenes and locators also use, to launch and jump."""

    tempo: float
    signature_numerator: int
    signature_denominator: int
    current_song_time: float

    @property
    def select_on_launch(self) -> bool:
        """Whether launching a scene selects it."""
