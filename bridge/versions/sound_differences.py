"""How far two sounds are apart: by a null test, in loudness, and in three bands of the spectrum."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from musearoo.bridge.audio.files import read_audio
from musearoo.bridge.versions.sounds import Sounds
from musearoo.engines.audio.loops.levelling import measure_loudness

BANDS: Final = (("lows", 20.0, 250.0), ("mids", 250.0, 4_000.0), ("highs", 4_000.0, 20_000.0))
"""Hz."""
SILENT_DB: Final = -120.0
SAME_DB: Final = -90.0
"""What is left of two sounds, one minus the other, below which they count as equal: the noise of 16 bits."""
TOLD_DB: Final = 1.0
"""Change of a band that is told."""
WINDOW: Final = 8_192

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SoundDifference:
    """`null_db`: level of one minus the other, relative to the louder, None where rate or channels differ.

    `loudness`: LUFS before and after, None for silence; `bands`: change of each in dB; `seconds` before and after.
    """

    null_db: float | None
    loudness: tuple[float | None, float | None]
    bands: dict[str, float]
    seconds: tuple[float, float]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    def tell(self) -> str:
        """Return it in a sentence."""
        said = []
        if self.null_db is not None and self.null_db <= SAME_DB:
            return "sounds the same"
        before, after = self.loudness
        if before is not None and after is not None and abs(after - before) >= 0.1:
            said.append(f"{after - before:+.1f} LU")
        said += [f"{name} {change:+.1f} dB" for name, change in self.bands.items() if abs(change) >= TOLD_DB]
        if abs(self.seconds[1] - self.seconds[0]) >= 0.01:
            said.append(f"{self.seconds[0]:.2f} → {self.seconds[1]:.2f} s")
        if self.null_db is not None:
            said.append(
                f"the difference is {self.null_db:.0f} dB below the sound" if self.null_db < 0 else "another sound"
            )
        return ", ".join(said) or "another sound"


def compare_sounds(sounds: Sounds, before: str, after: str) -> SoundDifference:
    """Return how far two kept sounds are apart. Raises VersionsError, AudioFileError and OSError."""
    with TemporaryDirectory() as folder:
        read = [read_audio(sounds.restore(key, Path(folder, str(n)))) for n, key in enumerate((before, after))]
    one, other = read[0].samples, read[1].samples
    rates = read[0].rate, read[1].rate
    null = _null(one, other) if rates[0] == rates[1] and one.shape[0] == other.shape[0] else None
    spectra = [_bands(samples, rate) for samples, rate in zip((one, other), rates, strict=True)]
    return SoundDifference(
        null_db=null,
        loudness=(measure_loudness(one, rates[0]), measure_loudness(other, rates[1])),
        bands={name: round(spectra[1][name] - spectra[0][name], 2) for name, _, _ in BANDS},
        seconds=(one.shape[1] / rates[0], other.shape[1] / rates[1]),
    )


def _null(one: Samples, other: Samples) -> float:
    length = max(one.shape[1], other.shape[1])
    padded = [np.pad(each, ((0, 0), (0, length - each.shape[1]))).astype(np.float64) for each in (one, other)]
    level = max(_db(padded[0]), _db(padded[1]))
    return round(_db(padded[1] - padded[0]) - level, 2) if level > SILENT_DB else SILENT_DB


def _db(samples: npt.NDArray[np.float64]) -> float:
    power = float(np.mean(np.square(samples))) if samples.size else 0.0
    return max(SILENT_DB, 10.0 * float(np.log10(power))) if power > 0.0 else SILENT_DB


def _bands(samples: Samples, rate: int) -> dict[str, float]:
    """Return the level of each band in dB, by the mean power spectrum of windows without overlap."""
    mono = samples.mean(axis=0, dtype=np.float64)
    mono = np.pad(mono, (0, -len(mono) % WINDOW)).reshape(-1, WINDOW)
    power = np.mean(np.square(np.abs(np.fft.rfft(mono * np.hanning(WINDOW), axis=1))), axis=0) / WINDOW**2
    hertz = np.fft.rfftfreq(WINDOW, 1.0 / rate)
    return {
        name: max(SILENT_DB, 10.0 * float(np.log10(max(power[(hertz >= low) & (hertz < high)].sum(), 1e-12))))
        for name, low, high in BANDS
    }
