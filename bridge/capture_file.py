"""Reads the ring that a device has written: four channels of floats, once the file is whole."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bridge.audio_files import AudioFileError, FoundFile, OpenFile, find_file
from engines.capturing.errors import CaptureError
from engines.capturing.form import CHANNELS, ROUND

if TYPE_CHECKING:
    from engines.brainaroo.hearing.sound import FloatArray

WHOLE_WITHIN: Final = 4.0
"""Seconds after the press in which the file must be whole: a ring of 40 s at 192 kHz has 123 MB."""

THERE_WITHIN: Final = 1.0
"""Seconds after which it must at least be there: the device says so when Max has written it."""

LOOK_EVERY: Final = 0.05
"""Seconds between two looks at a file that is still being written."""

MOST_FRAMES: Final = ROUND
"""A ring that is longer than a round of its counter could not be laid out in time: 87 s at 192 kHz, 349 s at 48."""

FRAME_BYTES: Final = 4 * CHANNELS

HEAD_BYTES: Final = 1 << 16
"""What may stand in the file besides samples."""


@dataclass(frozen=True, eq=False)
class Ring:
    """A ring as it was written: `samples` float32 (4, frames), at `rate` Hz."""

    samples: FloatArray
    rate: int


def read_ring(path: Path, folder: Path, within: float = WHOLE_WITHIN) -> Ring:
    """The ring in a file that must really lie in a folder; waits until it is whole, but not longer than `within`.

    Raises CaptureError and AudioFileError, each with one sentence.
    """
    begun = time.monotonic()
    deadline = begun + within
    before = None
    while True:
        try:
            found = find_file(path, [folder])
            if found.state.size > MOST_FRAMES * FRAME_BYTES + HEAD_BYTES:
                raise CaptureError(f"{path} is too large for a recording of the device: load the device anew.")
            if found.state == before and (ring := _read_whole(found)) is not None:
                return ring
            before = found.state
        except AudioFileError:
            # It may not be there yet, or have no head so far.
            if time.monotonic() >= (deadline if path.exists() else min(deadline, begun + THERE_WITHIN)):
                raise
        if time.monotonic() >= deadline:
            raise CaptureError("The recording breaks off: look whether the disk is full, then press Listen again.")
        time.sleep(LOOK_EVERY)


def _read_whole(found: FoundFile) -> Ring | None:
    """The ring in a file, None where that is not whole; raises CaptureError for what is no ring."""
    from bridge.audio_decoding import UndecodableError, gather_whole

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
