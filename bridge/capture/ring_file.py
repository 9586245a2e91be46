"""Read a device's ring buffer from its file: four channels of floats, once the file is complete."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from musearoo.bridge.audio.files import AudioFileError, FileState, FoundFile, OpenFile, find_file
from musearoo.engines.audio.capture.errors import CaptureError
from musearoo.engines.audio.capture.form import CHANNELS, ROUND

if TYPE_CHECKING:
    from musearoo.engines.analysis.fast.activation.sound import FloatArray

PATIENCE: Final = 2.0
"""Seconds without growth after which an incomplete file is given up: Max reports a file when it has only begun to write
it. A ring of 40 s at 192 kHz has 123 MB."""

NOT_THERE: Final = "Max has written no recording: look whether the disk is full, then press Listen again."
BREAKS_OFF: Final = "The recording breaks off: look whether the disk is full, then press Listen again."

LOOK_EVERY: Final = 0.05
"""Seconds between two polls of a file that is still being written."""

MOST_FRAMES: Final = ROUND
"""Most frames: a ring longer than one round of its counter would be ambiguous in time. 87 s at 192 kHz, 349 s at 48."""

FRAME_BYTES: Final = 4 * CHANNELS

HEAD_BYTES: Final = 1 << 16
"""Most bytes of the file besides samples."""


@dataclass(frozen=True, eq=False)
class Ring:
    """A ring buffer's raw content: `samples` float32 (4, frames), at `rate` Hz."""

    samples: FloatArray
    rate: int


def read_ring(path: Path, folder: Path, patience: float = PATIENCE) -> Ring:
    """Read the ring in a file of a folder; waits until it is complete, as long as it grows.

    `patience`: seconds without growth after which the file is given up. Raises CaptureError and AudioFileError, each
    with one sentence.
    """
    before: FileState | None = None
    changed_at = time.monotonic()
    while True:
        is_late = time.monotonic() - changed_at > patience
        try:
            found = find_file(path, [folder])
            if found.state.size > MOST_FRAMES * FRAME_BYTES + HEAD_BYTES:
                raise CaptureError(f"{path} is too large for a recording of the device: load the device anew.")
            if found.state != before:
                before, changed_at = found.state, time.monotonic()
            elif (ring := _read_whole(found)) is not None:
                return ring
            elif is_late:
                raise CaptureError(BREAKS_OFF)
        except AudioFileError:
            # The file may not exist yet, or may not have a header yet.
            if is_late and not path.exists():
                raise CaptureError(NOT_THERE) from None
            if is_late:
                raise
        time.sleep(LOOK_EVERY)


def _read_whole(found: FoundFile) -> Ring | None:
    """Return the ring in a file, None while that is incomplete; raises CaptureError if the file is not a ring."""
    from musearoo.bridge.audio.decoding import UndecodableError, gather_whole

    with OpenFile(found) as file:
        decoder = file.decoder
        if decoder.complaint or not decoder.frames:
            return None
        if decoder.channels != CHANNELS or not decoder.format.endswith("FLOAT"):
            form = f"{decoder.format} of {decoder.channels} channels"
            raise CaptureError(f"The recording is {form}, not 4 channels of floats: install the device anew.")
        try:
            samples = gather_whole(decoder, 0, decoder.frames, MOST_FRAMES * CHANNELS)
        except UndecodableError:
            return None
        if decoder.complaint or samples is None or samples.shape[1] < decoder.frames or found.has_changed():
            return None
        return Ring(samples, decoder.rate)
