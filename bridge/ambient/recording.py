"""Recordings of endless music: WAV, FLAC, MP3 or Opus, playable up to where they come."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from musearoo.engines.audio.endless.synth import RATE
from musearoo.engines.errors import EngineError, ParamError

Block = npt.NDArray[np.float32]

CODECS: Final = {".wav": "pcm_s24le", ".flac": "flac", ".mp3": "libmp3lame", ".opus": "libopus"}
BIT_RATES: Final = {".mp3": 320_000, ".opus": 160_000}
FORMATS: Final = {".wav": "s32", ".flac": "s32", ".mp3": "fltp", ".opus": "flt"}


class Recording:
    """A file that grows block by block; the ending says what it is. Nothing that is there is replaced.

    Raises ParamError for another ending, and EngineError where it cannot be written: what is there by then can be
    played.
    """

    def __init__(self, path: Path) -> None:
        import av

        if path.suffix not in CODECS:
            raise ParamError("out", f"card or a file that ends in {', '.join(CODECS)}", path.name)
        self.path = path
        try:
            path.open("xb").close()
        except FileExistsError as error:
            raise EngineError(f"{path} is there already: choose another name.") from error
        except OSError as error:
            raise EngineError(f"{path} cannot be written: {_reason(error)}.") from error
        self.seconds = 0.0
        self._av: Any = av
        try:
            self._file: Any = av.open(str(path), "w")
            stream: Any = self._file.add_stream(CODECS[path.suffix], rate=RATE)
        except (OSError, av.FFmpegError) as error:
            raise EngineError(f"{path} cannot be written: {_reason(error)}.") from error
        stream.layout = "stereo"
        stream.format = FORMATS[path.suffix]
        if path.suffix in BIT_RATES:
            stream.bit_rate = BIT_RATES[path.suffix]
        self._stream = stream
        self._resampler = av.AudioResampler(format=FORMATS[path.suffix], layout="stereo", rate=RATE)
        self._samples = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        try:
            if kind is None:
                self._encode(None)
        finally:
            try:
                self._file.close()
            except (OSError, self._av.FFmpegError) as error:
                if kind is None:
                    raise EngineError(f"{self.path} could not be finished: {_reason(error)}.") from error

    def write(self, block: Block) -> None:
        """Append a block: float32 (2, samples) at RATE. Raises EngineError, such as for a full disk."""
        frame = self._av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T).reshape(1, -1), "flt", "stereo")
        frame.sample_rate = RATE
        frame.pts = self._samples
        self._samples += block.shape[1]
        self.seconds = self._samples / RATE
        self._encode(frame)

    def _encode(self, frame: Any) -> None:
        try:
            for each in self._resampler.resample(frame):
                self._file.mux(self._stream.encode(each))
            if frame is None:
                self._file.mux(self._stream.encode(None))
        except (OSError, self._av.FFmpegError) as error:
            raise EngineError(
                f"{self.path} cannot be written on: {_reason(error)}. The first {self.seconds:.0f} s of it are kept."
            ) from error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
