"""Chroma frames of a melody for MusicGen, an eighth of a second each, from any window start.

For audio, drums and bass are removed first, since they would mask the melody, and a shorter melody is repeated, as in
audiocraft. For notes, each frame is the pitch class that sounds longest in its window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from musearoo.engines.audio.separation.contract import Separator
from musearoo.engines.audio.separation.dsp import DspSeparator
from musearoo.engines.audio.separation.samples import Samples
from musearoo.engines.audio.sound_model import FloatArray, Report, Sound, TuneNote
from musearoo.engines.errors import ParamError
from musearoo.engines.neural.musicgen.chroma import HOPS, as_frames, compute_chroma
from musearoo.engines.neural.musicgen.settings import ChromaSettings
from musearoo.engines.neural.musicgen.sounds import mix_down, require_sound, resample

TAKEN_OUT: Final = ("drums", "bass")

LOWEST, HIGHEST = 0, 127

DSP_NOTE: Final = (
    "Drums and bass were taken out of the melody roughly, for want of Demucs: "
    "`musearoo models fetch htdemucs` has it heard better."
)


class Tune(Protocol):
    """A melody to follow."""

    def frames(self, start: int) -> FloatArray:
        """Return the chroma from a sample of the new sound on, float32 (frames of a window, bins).

        A negative `start` is before the melody, in the sound that is continued.
        """


@dataclass(frozen=True, slots=True)
class ChromaExtractor:
    """Frame grid of the melody conditioning: sample rate in Hz, and the model's window in samples."""

    settings: ChromaSettings
    rate: int
    window: int

    @property
    def hop(self) -> int:
        """Samples per frame."""
        return int(2**self.settings.window_power) // HOPS

    @property
    def count(self) -> int:
        """Frames per window.

        >>> ChromaExtractor(ChromaSettings(), 32_000, 960_000).count
        235
        """
        return 1 + self.window // self.hop

    def still(self) -> FloatArray:
        """Return the frames of no melody, which are those of silence."""
        if self.settings.strongest_only:
            return as_frames(np.zeros(self.count, dtype=np.int64), self.settings.bins)
        return np.zeros((self.count, self.settings.bins), dtype=np.float32)


class AudioTune:
    """A melody in audio (samples). `goes_on`: whether the output exceeds one window. `lead`: audio before it.

    Within one window its frames are repeated; with several windows or a lead, its samples are. Both are as in
    audiocraft.
    """

    def __init__(self, mono: FloatArray, extractor: ChromaExtractor, goes_on: bool, lead: FloatArray) -> None:
        self._mono = mono
        self._extractor = extractor
        self._lead = lead
        self._by_samples = goes_on or len(lead) > 0

    def frames(self, start: int) -> FloatArray:
        """See Tune."""
        extractor = self._extractor
        if self._by_samples:
            places = np.arange(start, start + extractor.window)
            excerpt = self._mono[places % len(self._mono)]
            before = places < 0
            excerpt[before] = self._lead[places[before]]
        else:
            excerpt = self._mono
        found = compute_chroma(excerpt, extractor.rate, extractor.settings)
        return np.asarray(found[np.arange(extractor.count) % len(found)])


class WrittenTune:
    """A melody in notes, repeated after `period` seconds; before its start it stays on its first note."""

    def __init__(self, notes: tuple[TuneNote, ...], extractor: ChromaExtractor, period: float) -> None:
        self._notes = sorted(notes, key=lambda note: (note.start, note.pitch))
        self._extractor = extractor
        self._period = max(1, round(max(period, *(note.start + note.duration for note in notes)) * extractor.rate))

    def frames(self, start: int) -> FloatArray:
        """See Tune."""
        extractor = self._extractor
        half = extractor.hop * HOPS / 2 / extractor.rate
        classes = np.empty(extractor.count, dtype=np.int64)
        for place in range(extractor.count):
            sample = start + place * extractor.hop
            classes[place] = self._class_at(sample % self._period / extractor.rate if sample > 0 else 0.0, half)
        return as_frames(classes, extractor.settings.bins)

    def _class_at(self, time: float, half: float) -> int:
        """Return the pitch class with the largest share of a Hann window around `time`; in a rest, the last note's.

        In a tie the class of the highest note wins, since a melody is usually on top.
        """
        sums: dict[int, tuple[float, int]] = {}
        for note in self._notes:
            share = _weigh(note.start + note.duration, time, half) - _weigh(note.start, time, half)
            if share > 0:
                before, highest = sums.get(note.pitch % 12, (0.0, LOWEST))
                sums[note.pitch % 12] = round(before + share, 6), max(highest, note.pitch)
        if sums:
            return max(sums, key=lambda pitch_class: sums[pitch_class])
        earlier = [note for note in self._notes if note.start <= time]
        return (earlier[-1] if earlier else self._notes[0]).pitch % 12


def _weigh(moment: float, time: float, half: float) -> float:
    """Return the part of a Hann window around `time` that is before `moment`, 0..1."""
    place = float(np.clip((moment - time) / half, -1.0, 1.0))
    return 0.5 * (1.0 + place + float(np.sin(np.pi * place)) / np.pi)


def require_notes(notes: tuple[TuneNote, ...]) -> None:
    """Raise ParamError for notes that are no melody."""
    if not notes:
        raise ParamError("melody", "at least one note", "no note")
    for note in notes:
        times = np.array([note.start, note.duration])
        if not np.all(np.isfinite(times)) or note.start < 0 or note.duration <= 0:
            raise ParamError("melody", "notes that begin at 0 s or later and last", note)
        if not LOWEST <= note.pitch <= HIGHEST:
            raise ParamError("melody", f"notes from {LOWEST} to {HIGHEST}", note)


def extract_tune(
    sound: Sound, seconds: float, take_separator: Callable[[], Separator], rate: int, report: Report
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the melody of the first `seconds` of a sound at `rate`, float32 (samples), and notes for the user.

    Raises ParamError for silence.
    """
    require_sound(sound, "melody")
    first = sound.samples[:, : round(seconds * sound.rate)]
    if not np.any(first):
        raise ParamError("melody", "a sound with a tune in it", "silence")
    separator = take_separator()
    at = separator.rate or rate
    source = Samples(resample(Sound(first, sound.rate), at), at)
    kept = [stem for stem in separator.stems if stem not in TAKEN_OUT]
    blocks = [np.sum([block[stem] for stem in kept], axis=0) for block in separator.separate(source, report)]
    alone = Sound(np.concatenate(blocks, axis=1), at)
    notes = (DSP_NOTE,) if isinstance(separator, DspSeparator) else ()
    return mix_down(resample(alone, rate)), notes
