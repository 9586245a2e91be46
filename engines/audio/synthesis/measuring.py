"""Measure rendered parts for MixAroo: loudness, spectrum, and loudness per section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.character.bands import measure_bands
from musearoo.engines.analysis.fast.character.loudness import describe_loudness, measure_integrated, weigh_steps
from musearoo.engines.analysis.fast.character.steps import (
    STEPS_PER_SECOND,
    measure_band_steps,
    measure_channel_steps,
)
from musearoo.engines.analysis.fast.character.stereo import measure_stereo
from musearoo.engines.audio.synthesis.mixing import render_stem
from musearoo.engines.audio.synthesis.stem import RATE, Samples, Stem
from musearoo.engines.players.mix.tracks import Measured, TrackSound

LOW_SHARE: Final = 0.05
"""Share of a part's notes that may be below its lowest pitch: a single low note does not define the register."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A part's sound (None where silent), and the loudness (LUFS) of each section (None where it rests)."""

    sound: TrackSound | None
    sections: tuple[tuple[str, float | None], ...] = ()


def measure_stem(stem: Stem, seconds: float, sections: Sequence[tuple[str, float, float]] = ()) -> Measurement:
    """Measure a part as rendered by our synthesiser, before its fader; `sections` are names with start and end seconds.

    Gain and pan are included: measure the stem without them to plan the fader.
    """
    lowest = None if stem.program is None else lowest_pitch([note.pitch for note in stem.notes])
    return measure_samples(render_stem(stem, seconds), RATE, sections, lowest, "rendered")


def lowest_pitch(pitches: Sequence[int]) -> int | None:
    """Return the lowest pitch that carries a part, None without pitches.

    >>> lowest_pitch([40] + [60] * 30)
    60
    """
    return sorted(pitches)[int(LOW_SHARE * len(pitches))] if pitches else None


def measure_samples(
    samples: Samples,
    rate: int,
    sections: Sequence[tuple[str, float, float]] = (),
    lowest: int | None = None,
    measured: Measured = "audio",
) -> Measurement:
    """Measure a stereo sound, float32 (2, samples), and its sections; `lowest` is the pitch that carries its lows."""
    sound = Sound.of(samples, rate)
    if sound.is_silent:
        return Measurement(None, tuple((name, None) for name, _, _ in sections))
    spectrogram = compute_spectrogram(sound)
    bands, channels = measure_band_steps(spectrogram), measure_channel_steps(sound)
    weighted = weigh_steps(sound, bands, channels)
    loudness, stereo = describe_loudness(sound, weighted), measure_stereo(channels)
    levels = tuple(
        (name, measure_integrated(weighted[round(start * STEPS_PER_SECOND) : round(end * STEPS_PER_SECOND)]))
        for name, start, end in sections
    )
    if loudness.lufs is None:
        return Measurement(None, levels)
    return Measurement(
        TrackSound(
            lufs=loudness.lufs,
            peak_db=loudness.true_peak_db,
            bands=measure_bands(spectrogram, bands),
            width=0.0 if stereo is None else stereo.width,
            lowest_pitch=lowest,
            measured=measured,
        ),
        levels,
    )
