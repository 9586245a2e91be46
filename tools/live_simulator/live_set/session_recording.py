"""Session recording, capture, taps and what else the transport bar has beside playing."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.core.objects import Model, Stored, reads
from musearoo.tools.live_simulator.core.values import SmptTime

TAPS_SECONDS = 2.0
"""Two taps further apart than this do not make a tempo."""

FRAMES = {1: 24, 2: 25, 3: 30, 4: 30, 5: 29}
"""Frames a second by Live.Song.TimeFormat; 0 counts milliseconds."""


class TransportBar(Model):
    """The controls of the transport bar that do not play."""

    overdub = Stored(False, undoable=False)
    session_automation_record = Stored(False, undoable=False)
    session_record = Stored(False, also=("session_record_status",), undoable=False)
    tempo_follower_enabled = Stored(False, undoable=False)
    appointed_device: Stored[Any] = Stored(None, undoable=False)
    _last_tap: float | None = None

    def trigger_session_record(self, record_length: float = 0.0) -> None:
        """Switch session recording on or off; nothing is recorded by it here."""
        self.session_record = not self.session_record

    def capture_midi(self, destination: int = 0) -> None:
        """Do nothing: nobody plays here, so nothing can be captured."""

    def capture_and_insert_scene(self, capture_mode: int = 0) -> None:
        """Insert a scene below the selected one, with copies of the clips that play."""
        song: Any = self
        playing = [(track, track.playing_clip) for track in song.tracks if track.playing_clip is not None]
        place = song.scenes.index(song.view.selected_scene) + 1
        scene = song.create_scene(place)
        for track, clip in playing:
            slot = track.clip_slots[place]
            slot.clip = clip.copy_to(slot, track)
        song.view.selected_scene = scene

    def tap_tempo(self) -> None:
        """Take the time between this tap and the last for a beat."""
        song: Any = self
        now = song.transport.clock.now()
        if self._last_tap is not None and 0.0 < now - self._last_tap < TAPS_SECONDS:
            song.tempo = min(max(60.0 / (now - self._last_tap), 20.0), 999.0)
        self._last_tap = now

    def re_enable_automation(self) -> None:
        """Do nothing: no automation is ever overridden here."""

    def force_link_beat_time(self) -> None:
        """Do nothing: there is no other peer to align."""

    def play_selection(self) -> None:
        """Play from the start position; there is no selected range."""
        song: Any = self
        song.start_playing()

    @reads
    def find_device_position(self, device: Any, target: Any, target_position: int) -> int:
        """Return the index nearest to a position at which a device can be moved into a chain."""
        return max(0, min(target_position, len(target.devices)))

    @reads
    def get_current_smpte_song_time(self, time_format: int) -> SmptTime:
        """Return the position in hours, minutes, seconds and frames, at the tempo of now."""
        song: Any = self
        seconds = song.current_song_time * 60.0 / song.tempo
        whole = int(seconds)
        frames = int((seconds - whole) * FRAMES.get(time_format, 1000))
        return SmptTime(whole // 3600, whole // 60 % 60, whole % 60, frames)
