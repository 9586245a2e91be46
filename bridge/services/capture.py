"""The capture service: record the last bars from a device's ring, analyse them, and continue them on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from musearoo.bridge.analysis.analyzer import AudioAnalyzer
from musearoo.bridge.audio.folders import RECORDINGS, choose_folder, remove_files
from musearoo.bridge.capture.folder import CaptureFolder
from musearoo.bridge.capture.plan import Recording, cut_recording
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.process.bounded_threads import BoundedThreads
from musearoo.bridge.protocol import Heard, Imagine, Listen, SongState
from musearoo.bridge.requests.findings import NO_NUMBER, format_value
from musearoo.bridge.requests.imagine import CONTINUE, NO_CLIP, ImagineReading, SoundSource, read_imagine
from musearoo.bridge.services.harmony_watch import describe_harmony
from musearoo.engines.analysis.scene.clips import AnalyzedClip, ScenePart
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.meter import Meter
from musearoo.engines.styles.schema import Style

ANALYZED, CONTINUED = range(2)
"""Values of `use` in /roo/listen."""

PART_NAME: Final = "Listen"
"""The capture's name among the parts of its scene: the device does not report its track."""


class CaptureService:
    """Record and analyse captures of devices in a thread of its own. For the event loop's thread only.

    `home` is MuseAroo's folder.
    """

    def __init__(self, home: Path, analyzer: AudioAnalyzer) -> None:
        self._home = home
        self._analyzer = analyzer
        self._folder = CaptureFolder(home)
        # A thread of its own, because waiting for a file must not delay compose requests.
        self._thread = BoundedThreads(1, thread_name_prefix="capture")

    def open(self) -> str:
        """Create the folder for devices; returns its name for the welcome, or "" if that fails."""
        return self._folder.open()

    async def record(self, listen: Listen, song: SongState, library: str) -> Recording:
        """Save the last bars before a request as a file of the set; raises RequestError.

        `library` is the User Library that files must be in for this Live, "" for any place. The recording of a request
        that is cancelled meanwhile is deleted.
        """
        work = partial(self._record, listen, song, library)
        recording = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            return await asyncio.shield(recording)
        except asyncio.CancelledError:
            recording.add_done_callback(self._drop_cancelled)
            raise

    async def analyze(self, recording: Recording) -> Analysis:
        """Return the fast pass's analysis of a recording, based on its known beats."""
        work = partial(self._analyzer.analyze_bars, recording.sound, recording.rhythm)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def drop(self, recording: Recording) -> None:
        """Remove a recording's file."""
        remove_files([recording.path])

    def close(self) -> None:
        """Close the service; a recording in progress is completed."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _record(self, listen: Listen, song: SongState, library: str) -> Recording:
        where = choose_folder(song.file_path, self._home, library, RECORDINGS)
        try:
            return cut_recording(self._folder, listen, Meter(song.numerator, song.denominator), where)
        finally:
            # Sweeps the folder for the next request, and creates it again if it was removed.
            self._folder.open()

    def _drop_cancelled(self, recording: asyncio.Future[Recording]) -> None:
        if not recording.cancelled() and recording.exception() is None:
            self.drop(recording.result())


def capture_as_part(recording: Recording, analysis: Analysis) -> ScenePart:
    """Return a capture as a part of the scene, for engines to play with."""
    return ScenePart(PART_NAME, AnalyzedClip(analysis, recording.points, recording.length))


def report_capture(
    listen: Listen, song: SongState, recording: Recording, analysis: Analysis, styles: Mapping[str, Style]
) -> Heard:
    """Return the device's report, without number and time, such as "4 bars heard: A minor, Am F C G, 120.0 BPM."."""
    key = analysis.harmony.key
    chords = describe_harmony(song, (capture_as_part(recording, analysis),), styles).chords
    facts = [format_value(str(key.value), key.confidence) if key.value else "", chords, f"{recording.bpm:.1f} BPM"]
    bars = "1 bar" if recording.bars == 1 else f"{recording.bars} bars"
    sentence = f"{bars} heard: {', '.join(part for part in facts if part)}."
    return Heard(
        number=NO_NUMBER,
        press=listen.press,
        depth=0,
        milliseconds=0.0,
        tempo=recording.bpm,
        tempo_confidence=1.0,
        numerator=recording.meter.numerator,
        denominator=recording.meter.denominator,
        meter_confidence=1.0,
        key=str(key.value) if key.value else "",
        key_confidence=key.confidence,
        written=0,
        sentence=" ".join([sentence, *recording.notices]),
    )


def continue_recording(
    mirror: SetMirror,
    listen: Listen,
    recording: Recording,
    analysis: Analysis,
    request_id: str,
    recall: Callable[[Passage], Analysis | None],
) -> ImagineReading:
    """Read what continuing a recording needs, as if it were a clip of the set; raises RequestError."""
    imagine = Imagine(
        session=listen.session,
        press=listen.press,
        prompt=listen.prompt,
        bars=listen.length,
        takes=1,
        seed=-1,
        backend="",
        model="",
        key="",
        style="",
        follow=1,
        use=NO_CLIP,
        source_track=-1,
        source_scene=-1,
        track=-1,
        scene=-1,
        replace=0,
    )
    reading = read_imagine(mirror, imagine, request_id, recall)
    loudness = analysis.character.loudness
    return replace(
        reading,
        imagine=replace(imagine, use=CONTINUE),
        source=SoundSource(recording.title, str(recording.path), 0.0, recording.sound.duration, recording.bpm),
        lufs=loudness.lufs if loudness and loudness.lufs is not None else reading.lufs,
    )
