"""Session recording: a real WAVE file of silence for an audio track, an empty clip for a MIDI track."""

from __future__ import annotations

import os
import tempfile
from typing import Callable

from musearoo.tools.live_simulator.core.audio_file import AudioFile, write_silence
from musearoo.tools.live_simulator.core.warping import Warp
from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.live_set.clip_slot import ClipSlot

SAMPLE_RATE = 44100
SHORTEST_SECONDS = 0.01
"""The minimum length of a recording, so that its file is never empty."""


class Recorder:
    """Creates the clips of a Session recording, and their files in a project folder."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._project: str | None = None
        self._now = now
        self._count = 0

    def folder(self, set_file: str) -> str:
        """Return the folder for recordings: the set's project folder, or a temporary one. Creates it when needed."""
        if set_file:
            project = os.path.dirname(set_file)
        else:
            self._project = self._project or tempfile.mkdtemp(prefix="simulated Live ", suffix=" Project")
            project = self._project
        folder = os.path.join(project, "Samples", "Recorded")
        os.makedirs(folder, exist_ok=True)
        return folder

    def begin(self, slot: ClipSlot) -> None:
        """Create a recording clip in an empty slot; its audio file exists from now on."""
        track = slot.track
        audio = None
        if track.is_audio:
            self._count += 1
            safe_name = track.name.replace("/", "_").replace(":", "_")
            name = f"{safe_name} {self._count:04}.wav"
            path = os.path.join(self.folder(track.song.file_path), name)
            write_silence(path, SHORTEST_SECONDS, SAMPLE_RATE)
            audio = AudioFile(path, int(SHORTEST_SECONDS * SAMPLE_RATE), float(SAMPLE_RATE), 2)
        clip = Clip(slot.context, slot, track, audio)
        clip.__dict__["_loop"] = clip.__dict__["_markers"] = (0.0, SHORTEST_SECONDS)
        if audio is not None:
            clip.__dict__["_warp"] = Warp.straight(60.0 / track.song.tempo)
        clip.is_recording = True
        with slot.context.step():
            slot.clip = clip
        clip.notify("is_recording")

    def extend(self, clip: Clip, beats: float) -> None:
        """Extend a recording clip to a length in beats. The extension is not an undo step."""
        if beats > clip._loop[1]:
            clip.__dict__["_loop"] = clip.__dict__["_markers"] = (0.0, beats)
            clip.notify("loop_end", "end_marker")

    def finish(self, clip: Clip) -> None:
        """End a recording and write its file."""
        clip.is_recording = False
        if clip.audio is not None:
            beats = clip._loop[1]
            seconds = max(SHORTEST_SECONDS, beats * 60.0 / clip.track.song.tempo)
            write_silence(clip.audio.path, seconds, SAMPLE_RATE)
            frames = max(1, round(seconds * SAMPLE_RATE))
            clip.audio = AudioFile(clip.audio.path, frames, float(SAMPLE_RATE), 2)
            clip.__dict__["_warp"] = Warp.straight(clip.audio.seconds / beats)
        clip.notify("is_recording", "playing_status")
