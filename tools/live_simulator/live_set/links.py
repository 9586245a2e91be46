"""What clips, slots and tracks need of what they are part of: the track, the set, the transport.

The classes themselves are imported downwards only, from the set to the clip; upwards stand these protocols.
What is called a link is always a `Model` too; protocols cannot say so.
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
    """What a play head needs of its clip."""

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
        """Where the loop starts, in beats."""

    @property
    def loop_end(self) -> float:
        """Where the loop ends, in beats."""

    @property
    def length(self) -> float:
        """The loop's length, in beats."""

    def notify(self, *names: str) -> None:
        """Tell the listeners of properties."""


class TransportLink(Protocol):
    """What a set and its parts ask of the transport; clips and tracks are its own kinds."""

    def defer(self, action: Callable[[], None]) -> None:
        """Do something at the next pulse."""

    def schedule(self, track: Any, slot: Any) -> None:
        """Put a slot's launch on the grid."""

    def schedule_stop(self, track: Any, quantized: bool) -> None:
        """Put a track's stop on the grid."""

    def forget_clip(self, clip: Any) -> None:
        """Stop a clip that disappears."""

    def forget_track(self, track: Any) -> None:
        """Drop what waits for a track that is about to be deleted."""


class TrackLink(Protocol):
    """What clips, slots and routing choices need of a track."""

    @property
    def song(self) -> SongLink:
        """The set."""

    @property
    def name(self) -> str:
        """The name as shown."""

    @property
    def color_index(self) -> int:
        """The place of its colour in the palette."""

    @property
    def is_audio(self) -> bool:
        """True for tracks whose input is audio."""

    @property
    def is_frozen(self) -> bool:
        """True while no clip can be created."""

    @property
    def is_recording(self) -> bool:
        """True while a clip of the track records."""

    @property
    def solo(self) -> bool:
        """Whether the track is heard alone."""

    @property
    def clip_slots(self) -> tuple[Any, ...]:
        """The slots, a row each."""

    @property
    def arrangement_clips(self) -> tuple[Any, ...]:
        """The clips of the Arrangement, by start."""

    @property
    def fired_slot(self) -> Any:
        """The slot whose launch waits for its quantization, or None."""

    @property
    def fired_clip(self) -> Any:
        """The clip whose launch waits for its quantization, or None."""

    def launch(self, slot: Any) -> None:
        """Ask the transport to launch a slot."""

    def stop_clip(self, quantized: bool) -> None:
        """Ask the transport to stop the track's clip."""

    def notify(self, *names: str) -> None:
        """Tell the listeners of properties."""


class SongLink(Protocol):
    """What tracks and their parts need of the set."""

    @property
    def version(self) -> tuple[int, ...]:
        """The Live version that opened the set."""

    @property
    def file_path(self) -> str:
        """Where the set is saved, or ""."""

    @property
    def tempo(self) -> float:
        """The tempo in BPM."""

    @property
    def transport(self) -> TransportLink:
        """The transport."""

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
        """The grooves that clips can have."""

    @property
    def scenes(self) -> tuple[Any, ...]:
        """The rows of the Session grid."""

    @property
    def view(self) -> Any:
        """What the user has selected."""

    def create_scene(self, index: int) -> Any:
        """Create an empty scene at an index (-1: at the end) and return it."""

    def notify(self, *names: str) -> None:
        """Tell the listeners of properties."""


class SongOfScene(SongLink, Protocol):
    """What scenes and locators set when they are launched or gone to."""

    tempo: float
    signature_numerator: int
    signature_denominator: int
    current_song_time: float

    @property
    def select_on_launch(self) -> bool:
        """Whether launching a scene selects it."""
