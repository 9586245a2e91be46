"""Clip slots: one cell of the Session grid."""

from __future__ import annotations

import os
from typing import cast

from musearoo.tools.live_simulator.core.audio_file import read_audio_file
from musearoo.tools.live_simulator.core.objects import Context, Model, Owned, Stored
from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.live_set.links import TrackLink

OCCUPIED = "This clip slot already has a clip"


def assert_clips_allowed(track: TrackLink, is_audio: bool) -> None:
    """Raise Live's error when the track cannot accept such a clip now."""
    if track.is_frozen:
        raise RuntimeError("Clips cannot be created on frozen tracks")
    if is_audio != track.is_audio:
        raise RuntimeError(
            "Audio clips can only be created on audio tracks"
            if is_audio
            else "MIDI clips can only be created on MIDI tracks"
        )
    if track.is_recording:
        raise RuntimeError("Clips cannot be created while the track is recording")


class ClipSlot(Model):
    """One slot of a track; it contains a clip or nothing."""

    clip: Owned[Clip | None] = Owned(None, also=("has_clip", "playing_status"))
    has_stop_button = Stored(True)

    def __init__(self, context: Context, track: TrackLink) -> None:
        super().__init__(context, cast(Model, track))
        self.track = track
        self.color = 0
        self.color_index = 0
        self.controls_other_clips = False
        self.is_group_slot = False
        self.will_record_on_start = False

    def children(self) -> tuple[Model, ...]:
        return (self.clip,) if self.clip is not None else ()

    @property
    def index(self) -> int:
        """The slot's index in its track, which is its scene's index."""
        return self.track.clip_slots.index(self)

    @property
    def has_clip(self) -> bool:
        """True when the slot is not empty."""
        return self.clip is not None

    @property
    def is_playing(self) -> bool:
        """True while the slot's clip is playing."""
        return self.clip is not None and self.clip.is_playing

    @property
    def is_recording(self) -> bool:
        """True while the slot's clip is recording."""
        return self.clip is not None and self.clip.is_recording

    @property
    def is_triggered(self) -> bool:
        """True while a launch of this slot is waiting for quantization."""
        return self.track.fired_slot is self

    @property
    def playing_status(self) -> int:
        """0 stopped, 1 playing, 2 recording."""
        return 2 if self.is_recording else int(self.is_playing)

    def create_clip(self, length: float) -> Clip | None:
        """Create an empty MIDI clip, with its length in beats, and return it (Live 12.0.0 returns None)."""
        assert_clips_allowed(self.track, is_audio=False)
        self._assert_empty()
        if not length > 0.0:
            raise ValueError(f"Clip length must be greater than 0 beats, not {length!r}")
        clip = Clip(self.context, self, self.track)
        clip.place(0.0, length)
        self.clip = clip
        return clip

    def create_audio_clip(self, path: str) -> Clip:
        """Create a clip from an audio file and return it."""
        assert_clips_allowed(self.track, is_audio=True)
        self._assert_empty()
        clip = Clip(self.context, self, self.track, read_audio_file(path))
        clip.name = os.path.splitext(os.path.basename(path))[0]
        clip.adopt_sample(self.track.song.tempo)
        self.clip = clip
        return clip

    def delete_clip(self) -> None:
        """Remove the clip. Raises RuntimeError for an empty slot."""
        if self.clip is None:
            raise RuntimeError("This clip slot has no clip")
        self.clip = None

    def duplicate_clip_to(self, target: ClipSlot) -> None:
        """Copy the clip to another slot, replacing its clip."""
        if self.clip is None:
            raise RuntimeError("This clip slot has no clip")
        if target.track.is_audio != self.track.is_audio:
            raise RuntimeError("Incompatible track types for clip duplication")
        if target.track.is_frozen:
            raise RuntimeError("Clips cannot be created on frozen tracks")
        target.clip = self.clip.copy_to(target, target.track)

    def set_fire_button_state(self, state: bool) -> None:
        """Press the launch button, or let it go."""
        if state:
            self.fire()

    def fire(self) -> None:
        """Launch the clip, record into the empty slot of an armed track, or stop the track."""
        self.track.launch(self)

    def stop(self) -> None:
        """Stop the track's clip."""
        self.track.stop_clip(quantized=True)

    def _assert_empty(self) -> None:
        if self.clip is not None:
            raise RuntimeError(OCCUPIED)
