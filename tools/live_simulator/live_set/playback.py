"""The playhead of a playing clip."""

from __future__ import annotations

from musearoo.tools.live_simulator.live_set.links import PlayedClip


class Playback:
    """The playhead of a playing clip, computed from the beats elapsed since the launch."""

    def __init__(self, clip: PlayedClip, started: float) -> None:
        self.clip = clip
        self.started = started
        self.position = clip._markers[0]
        self._jumped = 0.0

    def jump(self, beats: float) -> None:
        """Move the playhead."""
        self._jumped += beats

    def advance(self, run: float, tempo: float) -> bool:
        """Advance the playhead to a running beat; return False when an unlooped clip has ended."""
        clip = self.clip
        elapsed = max(0.0, run - self.started + self._jumped)
        if clip.is_audio_clip and not clip._warping:
            elapsed *= 60.0 / tempo
        position = clip._markers[0] + elapsed
        end = clip.loop_end
        if position >= end and not clip.is_recording:
            if not clip.looping:
                return False
            position = clip.loop_start + (position - clip.loop_start) % clip.length
        previous, self.position = self.position, position
        if position != previous:
            clip.notify("playing_position")
        if position < previous:
            clip.notify("loop_jump")
        return True
