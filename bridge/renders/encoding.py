"""Encode audio as WAV, FLAC, MP3 or Opus, by libsndfile: no other program is needed. The same samples, the same bytes.

NumPy and soundfile are imported by the first render.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from math import gcd
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from musearoo.bridge.jobs.contract import Report
from musearoo.engines.errors import EngineError, ParamError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from musearoo.engines.audio.synthesis.stem import Samples

AudioFormat = Literal["wav", "flac", "mp3", "opus"]
AUDIO_FORMATS: Final[tuple[AudioFormat, ...]] = get_args(AudioFormat)


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """A format: its media type, its sample rate, and how soundfile writes it.

    `level` is libsndfile's compression level, 0..1, None for its own choice.
    """

    media_type: str
    rate: int
    container: str
    subtype: str
    level: float | None = None
    is_variable: bool = False


FORMATS: Final[Mapping[AudioFormat, FormatSpec]] = {
    "wav": FormatSpec("audio/wav", 44_100, "WAV", "PCM_24"),
    "flac": FormatSpec("audio/flac", 44_100, "FLAC", "PCM_24"),
    # The best variable rate, about 260 kb/s, is 7 dB nearer to the original than a constant 320 kb/s, and faster.
    "mp3": FormatSpec("audio/mpeg", 44_100, "MP3", "MPEG_LAYER_III", level=0.0, is_variable=True),
    # 160 kb/s. Opus knows no 44.1 kHz.
    "opus": FormatSpec("audio/ogg; codecs=opus", 48_000, "OGG", "OPUS", level=0.7),
}

RENDER_RATE: Final = 44_100
"""Hz of what is encoded: one rate for all formats, since noise and reverb of the synthesiser depend on it."""

REPORT_SECONDS: Final = 2.0
"""Seconds of sound that are encoded between two reports: about 50 ms of work."""

_PAGE: Final = b"OggS"
_REFLECTED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def require_format(name: str) -> AudioFormat:
    """Return the format of a name; raises ParamError for others."""
    for known in AUDIO_FORMATS:
        if name == known:
            return known
    raise ParamError("format", f"one of {', '.join(AUDIO_FORMATS)}", name)


def encode_audio(samples: Samples, audio_format: AudioFormat, report: Report) -> bytes:
    """Return a file's bytes of a sound, float32 (2, samples) at RENDER_RATE, converted to the format's rate.

    `report` may raise to cancel. Raises EngineError if this machine's libsndfile has no such encoder.
    """
    import numpy as np
    import soundfile

    spec = FORMATS[audio_format]
    options: dict[str, Any] = {} if spec.level is None else {"compression_level": spec.level}
    if spec.is_variable:
        options["bitrate_mode"] = "VARIABLE"
    samples = resample(samples, spec.rate)
    frames = samples.shape[1]
    step = round(REPORT_SECONDS * spec.rate)
    stream = BytesIO()
    try:
        with soundfile.SoundFile(
            stream, "w", spec.rate, samples.shape[0], spec.subtype, format=spec.container, **options
        ) as file:
            for start in range(0, frames, step):
                report(start / frames, "encoding")
                block = np.ascontiguousarray(samples[:, start : start + step].T)
                file.write(_round_to_24_bits(block) if spec.subtype == "PCM_24" else block)
    except soundfile.LibsndfileError as error:
        raise EngineError(
            f"this machine's libsndfile cannot write {audio_format.upper()} ({error.error_string}): "
            "reinstall the package soundfile, which brings one that can."
        ) from error
    data = stream.getvalue()
    return _fix_serial(data) if spec.container == "OGG" else data


def _round_to_24_bits(block: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
    """Return samples as the upper 24 of 32 bits: libsndfile rounds in another way for WAV than for FLAC."""
    import numpy as np

    whole = np.clip(np.rint(block.astype(np.float64) * 2**23), -(2**23), 2**23 - 1)
    return whole.astype(np.int32) << 8


def resample(samples: Samples, rate: int) -> Samples:
    """Return a sound of RENDER_RATE at another rate, float32 (2, samples), as many as its length is nearest to."""
    if rate == RENDER_RATE:
        return samples
    from scipy import signal

    shared = gcd(rate, RENDER_RATE)
    converted: Samples = signal.resample_poly(samples, rate // shared, RENDER_RATE // shared, axis=1)
    # SciPy rounds up, and a loop that is too long has a gap.
    return converted[:, : round(samples.shape[1] * rate / RENDER_RATE)]


def _fix_serial(data: bytes) -> bytes:
    """Return an Ogg file with a serial number from its content instead of libsndfile's random one (RFC 3533).

    A download that is resumed after the file was rendered anew needs the same bytes.
    """
    spans = []
    at = 0
    while data[at : at + 4] == _PAGE:
        segments = data[at + 26]
        length = 27 + segments + sum(data[at + 27 : at + 27 + segments])
        spans.append((at, at + length))
        at += length
    bodies = b"".join(data[start + 26 : end] for start, end in spans)
    serial = blake2b(bodies, digest_size=4).digest()
    pages = []
    for start, end in spans:
        page = data[start : start + 14] + serial + data[start + 18 : start + 22] + bytes(4) + data[start + 26 : end]
        pages.append(page[:22] + ogg_checksum(page).to_bytes(4, "little") + page[26:])
    return b"".join(pages)


def ogg_checksum(page: bytes) -> int:
    """Return the CRC of an Ogg page whose own checksum is 0: zlib's polynomial with all bits the other way round.

    >>> hex(ogg_checksum(b"123456789"))
    '0x89a1897f'
    """
    import zlib

    mirrored = zlib.crc32(page.translate(_REFLECTED), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int(f"{mirrored:032b}"[::-1], 2)
